package mail

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
)

func TestEveryAlertHasALetterInBothLanguages(t *testing.T) {
	if len(alertWords) != len(account.AlertKinds) {
		t.Errorf("%d kinds are worded, there are %d", len(alertWords), len(account.AlertKinds))
	}
	for _, kind := range account.AlertKinds {
		n := desk.Alert{Kind: kind, At: time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC), Device: "Firefox · Linux", Address: "192.0.2.*", Name: "erp"}
		zh := alertLetter(n, desk.User{Login: "li", Language: "zh"}, "li@example.com", "https://desk.example.com/account")
		en := alertLetter(n, desk.User{Login: "li", Language: "en"}, "li@example.com", "https://desk.example.com/account")
		both := alertLetter(n, desk.User{Login: "li"}, "li@example.com", "https://desk.example.com/account")
		for _, s := range []string{en.Subject, en.Text} {
			if s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || strings.Contains(s, "%!") {
				t.Errorf("%s: %q", kind, s)
			}
		}
		if !strings.Contains(zh.Text, "2026-11-24 04:00（北京时间）") || !strings.Contains(en.Text, "2026-11-23 20:00 UTC") || strings.Contains(zh.Text, "%!") || zh.Subject == "" {
			t.Errorf("%s: %q %q", kind, zh.Text, en.Text)
		}
		if !strings.Contains(both.Text, zh.Text) || !strings.Contains(both.Text, en.Text) || !strings.Contains(both.Subject, " / ") {
			t.Errorf("%s in both: %q", kind, both.Text)
		}
		if (kind == account.AlertKey) != strings.Contains(en.Text, "erp") || strings.Count(en.Text, "https://") != 1 {
			t.Errorf("%s: %q", kind, en.Text)
		}
	}
}
