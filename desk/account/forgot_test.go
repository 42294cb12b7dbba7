package account

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// wishes counts the letters that wait, by whose they are.
type wishes struct {
	desk.Store
	of map[string]int
}

type wishingTx struct {
	desk.Tx
	w *wishes
}

func (w *wishes) Write(ctx context.Context, f func(desk.Tx) error) error {
	return w.Store.Write(ctx, func(tx desk.Tx) error { return f(wishingTx{tx, w}) })
}

func (t wishingTx) Enqueue(ctx context.Context, jobs ...work.Job) error {
	for _, j := range jobs {
		if j.Kind == desk.JobMail {
			t.w.of[j.Subject]++
		}
	}
	return t.Tx.Enqueue(ctx, jobs...)
}

func TestForgotTellsNobodyWhoHasAnAccount(t *testing.T) {
	h := newHouse(t)
	w := &wishes{Store: h.store, of: map[string]int{}}
	h.Accounts.store = w
	add := func(p Profile) desk.User {
		t.Helper()
		p.Roles = []access.Role{access.RoleReviewer}
		u, _, err := h.AddUser(h.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	li := add(Profile{Login: "li", Email: "li@example.com"})
	add(Profile{Login: "off", Email: "off@example.com", Disabled: true})
	add(Profile{Login: "none"})
	tied := add(Profile{Login: "tied", Email: "tied@example.com"})
	tied.OIDC = "issuer subject"
	if err := h.store.Write(h.ctx, func(tx desk.Tx) error { return tx.PutUser(h.ctx, tied) }); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{" LI", "li", "off", "none", "tied", "unknown", "", "li@example.com"} {
		if err := h.Forgot(h.ctx, login); err != nil {
			t.Errorf("%q: %v", login, err)
		}
	}
	if w.of[li.ID] != 1 || w.of[nobodysLetter] != 7 || len(w.of) != 2 {
		t.Errorf("letters: %v; each wish makes one job, and li gets one letter in five minutes", w.of)
	}
	h.at = h.at.Add(mailedEach)
	if err := h.Forgot(h.ctx, "li"); err != nil || w.of[li.ID] != 2 {
		t.Errorf("five minutes later: %v %v", err, w.of)
	}
	for _, subject := range []string{nobodysLetter, "gone", tied.ID} {
		if _, _, due, err := h.LinkToMail(h.ctx, subject); err != nil || due {
			t.Errorf("a letter to %s: due %v, %v", subject, due, err)
		}
	}
}

func TestMailedLinkStandsBesideAnInvitation(t *testing.T) {
	h := newHouse(t)
	u, invitation, err := h.AddUser(h.ctx, Profile{Login: "li", Email: "li@example.com", Roles: []access.Role{access.RoleReviewer}})
	if err != nil {
		t.Fatal(err)
	}
	mail := func() string {
		t.Helper()
		if err := h.Forgot(h.ctx, "li"); err != nil {
			t.Fatal(err)
		}
		_, token, due, err := h.LinkToMail(h.ctx, u.ID)
		if err != nil || !due {
			t.Fatalf("due %v, %v", due, err)
		}
		return token
	}
	first := mail()
	h.at = h.at.Add(10 * time.Minute)
	second := mail()
	wantCode(t, h.SetPasswordOnce(h.ctx, first, good), CodeExpired) // the later one ended it
	h.at = h.at.Add(61 * time.Minute)
	wantCode(t, h.SetPasswordOnce(h.ctx, second, good), CodeExpired) // its hour is over
	if err := h.SetPasswordOnce(h.ctx, invitation, good); err != nil {
		t.Errorf("a stranger's wish ended the invitation: %v", err)
	}
	third := mail()
	if err := h.SetPasswordOnce(h.ctx, third, good+"!"); err != nil {
		t.Error(err)
	}
	wantCode(t, h.SetPasswordOnce(h.ctx, third, good), CodeExpired)
	if _, err := h.SignIn(h.ctx, "li", good+"!", "", home); err != nil {
		t.Error(err)
	}
	if err := h.Forgot(h.ctx, "li"); err != nil {
		t.Fatal(err)
	}
	h.at = h.at.Add(mailedStale + time.Second)
	if _, _, due, err := h.LinkToMail(h.ctx, u.ID); due || err != nil {
		t.Errorf("six hours later nobody waits for it: due %v, %v", due, err)
	}
}

func TestEmailOfAProfile(t *testing.T) {
	h := newHouse(t)
	for _, bad := range []string{"x", "a@", "Li <li@example.com>", "a@b\r\nc", "a@b, c@d"} {
		_, _, err := h.AddUser(h.ctx, Profile{Login: "li", Email: bad, Roles: []access.Role{access.RoleReviewer}})
		wantCode(t, err, text.CodeInvalid)
	}
	public, _ := url.Parse("https://desk.example.com/")
	if got := OnceURL(public, "U1.x"); got != "https://desk.example.com/password#U1.x" {
		t.Errorf("the page is %s", got)
	}
}
