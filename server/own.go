package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// OwnSession is one of one's own sessions.
type OwnSession struct {
	ID      string    `json:"id"`
	Device  string    `json:"device,omitempty" doc:"What the browser calls itself"`
	Address string    `json:"address,omitempty" doc:"From where it was opened, without its last part"`
	Current bool      `json:"current" doc:"The one that asks"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen" doc:"Last used, to the minute"`
	Expires time.Time `json:"expires"`
}

type ownSessionsOutput struct{ Body List[OwnSession] }

type alertsOutput struct{ Body List[desk.Alert] }

type sessionIDInput struct {
	ID string `path:"id" maxLength:"40"`
}

type confirmInput struct {
	Body struct {
		Password string `json:"password,omitempty" maxLength:"512"`
		Code     string `json:"code,omitempty" maxLength:"30" doc:"Six digits of the app, or a spare code; instead of the password"`
	}
}

func (s *Server) registerOwn() {
	op := func(id, method, path string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"session"}, DefaultStatus: map[string]int{http.MethodGet: 200}[method]}
	}
	person := Access{SignedIn: true, People: true, Fresh: true}
	route(s, op("own-sessions", http.MethodGet, "/v1/me/sessions"), person, text.Both("My sessions", "我的登录设备"), s.ownSessions)
	route(s, op("end-session", http.MethodDelete, "/v1/me/sessions/{id}"), person, text.Both("End one of my sessions", "退出一处登录"), s.endSession)
	route(s, op("end-other-sessions", http.MethodDelete, "/v1/me/sessions"), person, text.Both("End all my other sessions", "退出其他所有登录"), s.endOthers)
	route(s, op("own-alerts", http.MethodGet, "/v1/me/alerts"), person, text.Both("What changed in my account lately", "账号安全提醒"), s.alerts)
	confirm := op("confirm-me", http.MethodPost, "/v1/me/confirm")
	confirm.Description = "For ten minutes after it, or after signing in, one may do what x-recent marks. An account that signs in at the provider goes to GET /v1/oidc/start?fresh=true instead."
	route(s, confirm, person, text.Both("Show again who I am", "再次验证身份"), s.confirmMe)
}

func (s *Server) ownSessions(ctx context.Context, _ *empty) (*ownSessionsOutput, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	all, err := s.opt.Accounts.Sessions(ctx, req.Caller.ID)
	out := &ownSessionsOutput{Body: List[OwnSession]{Items: make([]OwnSession, len(all))}}
	for i, o := range all {
		out.Body.Items[i] = OwnSession{ID: o.Public, Device: o.Device, Address: o.Address, Current: o.ID == req.Present.Session.ID, Created: o.Created, Seen: o.Seen, Expires: o.Expires}
	}
	return out, err
}

func (s *Server) endSession(ctx context.Context, in *sessionIDInput) (*empty, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	return nil, s.opt.Accounts.EndSession(ctx, req.Caller.ID, in.ID)
}

func (s *Server) endOthers(ctx context.Context, _ *empty) (*empty, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	return nil, s.opt.Accounts.EndOthers(ctx, req.Caller.ID, req.Token)
}

func (s *Server) alerts(ctx context.Context, _ *empty) (*alertsOutput, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	all, err := s.opt.Accounts.Alerts(ctx, req.Caller.ID)
	if all == nil {
		all = []desk.Alert{}
	}
	return &alertsOutput{Body: List[desk.Alert]{Items: all}}, err
}

func (s *Server) confirmMe(ctx context.Context, in *confirmInput) (*empty, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	if in.Body.Password == "" && in.Body.Code == "" {
		return nil, text.Refuse(text.CodeInvalid, "password", "Give your password or a code.", "请输入密码或验证码。")
	}
	return nil, s.opt.Accounts.Confirm(ctx, req.Token, account.Proof{Password: in.Body.Password, Code: in.Body.Code}, req.from())
}

// sweepEvery removes what is past its time: sessions, kept answers, counts of
// failures, alerts.
func (s *Server) sweepEvery(ctx context.Context, every time.Duration) {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		if err := s.opt.Store.Write(ctx, func(tx desk.Tx) error { return tx.Sweep(ctx, s.now()) }); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "removing what is past its time", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// agentOf is a browser and its system by the names that people know, from a
// User-Agent header; "" where it has none of them. Browsers name each other, so
// the order counts.
func agentOf(header string) string {
	pick := func(marks ...[2]string) string {
		for _, m := range marks {
			if strings.Contains(header, m[0]) {
				return m[1]
			}
		}
		return ""
	}
	browser := pick([2]string{"MicroMessenger/", "WeChat"}, [2]string{"DingTalk/", "DingTalk"}, [2]string{"QQBrowser/", "QQ Browser"}, [2]string{"UCBrowser/", "UC Browser"},
		[2]string{"HuaweiBrowser/", "Huawei Browser"}, [2]string{"MiuiBrowser/", "Mi Browser"}, [2]string{"Edg/", "Edge"}, [2]string{"EdgA/", "Edge"}, [2]string{"EdgiOS/", "Edge"},
		[2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser/", "Samsung Internet"}, [2]string{"Firefox/", "Firefox"}, [2]string{"FxiOS/", "Firefox"}, [2]string{"CriOS/", "Chrome"},
		[2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"}, [2]string{"curl/", "curl"})
	system := pick([2]string{"HarmonyOS", "HarmonyOS"}, [2]string{"OpenHarmony", "HarmonyOS"}, [2]string{"Windows", "Windows"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"},
		[2]string{"Android", "Android"}, [2]string{"Macintosh", "Mac"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"})
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " · " + system
}
