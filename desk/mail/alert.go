package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// alert sends the letter about a changed credential.
func (p *Post) alert(ctx context.Context, subject string) error {
	n, u, to, due, err := p.Accounts.AlertToMail(ctx, subject)
	if err != nil || !due {
		return err
	}
	err = p.Sender.Send(ctx, alertLetter(n, u, to, p.Public.JoinPath("/account").String()))
	if errors.Is(err, ErrRefused) {
		p.Log.WarnContext(ctx, "account alert not sent", "user", u.ID, "kind", n.Kind, "error", err.Error())
		return nil
	}
	return err
}

// alertWords say what happened: in the subject, and as a sentence. An alert
// never holds a link that changes anything: such letters are forged, and people
// must not learn to follow them.
var alertWords = map[string]struct{ subject, what text.Text }{
	account.AlertPassword: {
		text.Text{ZH: "您的持平密码已更改", EN: "Your Evenhand password was changed"},
		text.Text{ZH: "登录密码已更改，其他设备均已退出登录", EN: "its password was changed, and all other sessions were ended"},
	},
	account.AlertLink: {
		text.Text{ZH: "有人为您的账号生成了重设密码链接", EN: "A link for a new password was made for your account"},
		text.Text{ZH: "运营人员生成了一个重设密码的一次性链接", EN: "an operator made a one-time link that sets a new password"},
	},
	account.AlertFactorSet: {
		text.Text{ZH: "您的账号已启用两步验证", EN: "A second factor was set up for your account"},
		text.Text{ZH: "已启用两步验证", EN: "a second factor was set up"},
	},
	account.AlertFactorGone: {
		text.Text{ZH: "您账号的两步验证已被移除", EN: "The second factor was removed from your account"},
		text.Text{ZH: "运营人员移除了两步验证，所有设备均已退出登录", EN: "an operator removed its second factor, and all sessions were ended"},
	},
	account.AlertKey: {
		text.Text{ZH: "您的账号签发了新的 API 密钥", EN: "An API key was made with your account"},
		text.Text{ZH: "签发了 API 密钥“%s”", EN: "the API key “%s” was made with it"},
	},
	account.AlertEmail: {
		text.Text{ZH: "您账号的邮箱已更改", EN: "The e-mail address of your account was changed"},
		text.Text{ZH: "运营人员更改了接收链接和提醒的邮箱", EN: "an operator changed the e-mail address to which links and alerts go"},
	},
	account.AlertDevice: {
		text.Text{ZH: "您的账号在新设备上登录", EN: "Your account was used on a new device"},
		text.Text{ZH: "有人在一台新设备上登录", EN: "somebody signed in on a device that is new to it"},
	},
	account.AlertProvider: {
		text.Text{ZH: "您的账号已绑定外部登录", EN: "Your account was tied to the sign-in provider"},
		text.Text{ZH: "已绑定外部登录服务，今后可由此登录", EN: "it was tied to the sign-in provider, and can be entered from there"},
	},
}

// alertLetter is in the person's language, or in both where that is not known.
func alertLetter(n desk.Alert, u desk.User, to, page string) Letter {
	w := alertWords[n.Kind]
	if n.Kind == account.AlertKey {
		w.what = text.Text{ZH: fmt.Sprintf(w.what.ZH, n.Name), EN: fmt.Sprintf(w.what.EN, n.Name)}
	}
	at := n.At.UTC()
	zh, en := "", ""
	if n.Device != "" {
		zh, en = zh+"设备："+n.Device+"\n", en+"Device: "+n.Device+"\n"
	}
	if n.Address != "" {
		zh, en = zh+"网络地址："+n.Address+"\n", en+"Address: "+n.Address+"\n"
	}
	beijing := at.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04")
	return letter(to, u.Language, w.subject, text.Text{
		ZH: fmt.Sprintf(alertZH, orElse(u.Name, u.Login), u.Login, w.what.ZH, beijing, zh, page),
		EN: fmt.Sprintf(alertEN, orElse(u.Name, u.Login), u.Login, w.what.EN, at.Format("2006-01-02 15:04"), en, page),
	})
}

const alertZH = `%s，您好：

您的持平账号 %s 有一项变动：%s。

时间：%s（北京时间）
%s
如果是您本人操作，无需处理。如果不是，请立即自行打开登录页，更改密码并退出其他设备，然后联系运营人员。账号页面的地址是：

%s

持平
`

const alertEN = `Hello %s,

Something changed about your Evenhand account %s: %s.

Time: %s UTC
%s
If that was you, there is nothing to do. If it was not, go to the sign-in page yourself at once, change your password, end your other sessions, and tell an operator. The page of your account is:

%s

Evenhand
`
