package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/alecthomas/kong"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

// TestServeAsksForASecondFactor: staff without one see no case, unless the desk
// is a trial.
func TestServeAsksForASecondFactor(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want int
	}{{nil, 403}, {[]string{"--no-require-totp"}, 200}} {
		db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), RelaxedSync: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		var c struct{ serveCmd }
		parser, err := kong.New(&c)
		if err == nil {
			_, err = parser.Parse(tt.args)
		}
		if err != nil {
			t.Fatal(err)
		}
		a := &app{ctx: t.Context(), out: io.Discard, errOut: io.Discard, lang: "en", getenv: func(string) string { return "" }}
		s, _, err := c.build(a, db, nil, noop.NewTracerProvider(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/v1/reviews", nil)
		r.Header.Set("Cookie", "evenhand="+reviewerIn(t, db))
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("serve %v: a reviewer without a second factor is answered %d, want %d: %s", tt.args, w.Code, tt.want, w.Body)
		}
		r = httptest.NewRequest("GET", "/v1/me", nil)
		r.Header.Set("Cookie", "evenhand="+reviewerIn(t, db))
		w = httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var me struct {
			SetUp []string `json:"set_up"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil || (len(me.SetUp) > 0) != (tt.want == 403) {
			t.Errorf("serve %v: told to set up %v, %v", tt.args, me.SetUp, err)
		}
	}
}

// reviewerIn adds a reviewer, or finds them, and answers their session.
func reviewerIn(t *testing.T, db *store.DB) string {
	t.Helper()
	const password = "four plain words here"
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, once, err := accounts.AddUser(t.Context(), account.Profile{Login: "li", Roles: []access.Role{access.RoleReviewer}}); err == nil {
		if err := accounts.SetPasswordOnce(t.Context(), once, password); err != nil {
			t.Fatal(err)
		}
	}
	in, err := accounts.SignIn(t.Context(), "li", password, "", account.From{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Token
}
