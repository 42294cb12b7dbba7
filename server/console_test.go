package server

import (
	"bytes"
	"testing"

	"github.com/evenhand/evenhand/desk/mask"
)

func TestConsoleSaysWhatThereIs(t *testing.T) {
	m := newMarket(t)
	got := m.ok("", "GET", "/v1/console", "")
	if got["mail"] != false || got["oidc"] != false || got["demo"] != false || got["version"] != "dev" || len(got["providers"].([]any)) != 0 {
		t.Errorf("the console: %v", got)
	}
	m.s.opt.Mail, m.s.opt.Demo = true, true
	if got := m.ok("", "GET", "/v1/console", ""); got["mail"] != true || got["demo"] != true {
		t.Errorf("with mail: %v", got)
	}
}

func TestForgottenPasswordAnswersAlike(t *testing.T) {
	m := newMarket(t)
	m.s.opt.Mail = true
	m.ok("opal", "POST", "/v1/users", `{"login":"li","email":"li@example.com","roles":["reviewer"]}`)
	var bodies [][]byte
	for _, login := range []string{"li", "nobody", "ann"} {
		res, raw := m.do("", "POST", "/v1/password/forgot", `{"login":"`+login+`"}`)
		if res.StatusCode != 202 {
			t.Errorf("%s: %d %s", login, res.StatusCode, raw)
		}
		bodies = append(bodies, raw)
	}
	if !bytes.Equal(bodies[0], bodies[1]) || !bytes.Equal(bodies[1], bodies[2]) {
		t.Errorf("the answers tell who has an account: %q", bodies)
	}
	for range 20 {
		if res, _ := m.do("", "POST", "/v1/password/forgot", `{"login":"li"}`); res.StatusCode == 429 {
			return
		}
	}
	t.Error("asking is not slowed down")
}

func TestEmailIsForThoseWhoKeepAccounts(t *testing.T) {
	m := newMarket(t)
	id := m.ok("opal", "POST", "/v1/users", `{"login":"li","email":"lilei@example.com","roles":["reviewer"]}`)["user"].(map[string]any)["id"].(string)
	for who, want := range map[string]string{"opal": "lilei@example.com", "audrey": "l***@example.com"} {
		if got := m.ok(who, "GET", "/v1/users/"+id, "")["email"]; got != want {
			t.Errorf("%s sees %v", who, got)
		}
		if _, raw := m.do(who, "GET", "/v1/users", ""); bytes.Contains(raw, []byte("lilei@")) != (who == "opal") {
			t.Errorf("%s lists %s", who, raw)
		}
	}
	if res, _ := m.do("opal", "POST", "/v1/users", `{"login":"han","email":"x","roles":["reviewer"]}`); res.StatusCode != 422 {
		t.Errorf("an address that is none: %d", res.StatusCode)
	}
	for in, want := range map[string]string{"": "", "x": "", "@b": "***@b", "李@b": "李***@b"} {
		if got := mask.Email(in); got != want {
			t.Errorf("%q is shown as %q", in, got)
		}
	}
}
