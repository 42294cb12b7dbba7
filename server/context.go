package server

import (
	"context"
	"net/netip"
	"reflect"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// request is what the server has found out about a request. It is made at the
// door, filled in on the way in, and read by the access log on the way out.
type request struct {
	ID       string
	Address  netip.Addr
	Language language
	// Pattern is the route's, "" where there was none.
	Pattern string
	Caller  access.Caller
	// Present is set for sessions, Token is theirs or the link's from a cookie.
	Present *account.Present
	Token   string
	// Cookie is whether the caller was known by a cookie, which a browser
	// sends also when another site asks it to.
	Cookie bool
	// Page is whether a browser asks in order to show the answer to a person.
	Page bool
	// pace is how fast the body must come; nil where no door was passed.
	pace *pace
	// out ends the request's being counted among those under way; see crowd.
	out func()
	// trip is the cookie of a sign-in at the provider, device the one by which
	// a browser is known, agent what it calls itself, in short.
	trip, device, agent string
	// seen is when it was found out who asks, again finds it out once more.
	seen  time.Time
	again func(context.Context) (access.Caller, error)
	// cause is what a problem with status 500 hid from the caller.
	cause error
}

// knownFor is how long who asks is taken for granted: a body may come slowly.
const knownFor = time.Second

// still asks once more who asks, where that was found out a while ago: a session
// may have ended, a key or a link been revoked, a role been lost meanwhile.
func (r *request) still(ctx context.Context) error {
	if r.again == nil || !r.Caller.Known() || time.Since(r.seen) < knownFor {
		return nil
	}
	now, err := r.again(ctx)
	if err != nil {
		return err
	}
	r.seen = time.Now()
	if !reflect.DeepEqual(now, r.Caller) {
		return text.Refuse(text.CodeForbidden, "", "Your rights changed while this came, and nothing was done; send it again.", "提交期间您的权限已变更，未作任何处理，请重新提交。")
	}
	return nil
}

// followsOn asks anew who listens, once a second at most: a session may have
// ended, a key or a link been revoked, a role been lost.
func (r *request) followsOn(ctx context.Context) bool {
	if time.Since(r.seen) < knownFor {
		return true
	}
	now, err := r.again(ctx)
	if err != nil || now.ID != r.Caller.ID {
		return false
	}
	r.Caller, r.seen = now, time.Now()
	return true
}

type requestKey struct{}

func withRequest(ctx context.Context, r *request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// requestOf never answers nil.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{Language: english}
}

// CallerOf is who made the request.
func CallerOf(ctx context.Context) access.Caller { return requestOf(ctx).Caller }

// from is from where somebody signs in.
func (r *request) from() account.From {
	return account.From{Address: r.Address, Device: r.device, Agent: r.agent}
}

// languageIn is the language of the request.
func languageIn(ctx context.Context) language { return requestOf(ctx).Language }
