package replay

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/policy"
)

// TestRun replays three claims that an earlier version paid at once: a forged
// one that the default would have stopped, an honest one it asks about, and
// one it pays as well.
func TestRun(t *testing.T) {
	p, err := policy.Compile(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	past := func(id string, amount int64, consent bool, against int, outcome claim.Outcome, reason claim.ReasonCode) Past {
		var f claim.Facts
		f.Stage, f.Claim.Kind, f.Claim.Reason = claim.StageFiled, claim.RefundOnly, claim.Damaged
		f.Claim.Amount, f.Claim.Currency, f.Merchant.Consent, f.Against = amount, "CNY", consent, against
		return Past{
			ClaimID: id, Ask: money.Money{Amount: amount, Currency: "CNY"}, Outcome: outcome, Reasons: []claim.ReasonCode{reason},
			Routings: []Step{{At: start, Facts: f, Rule: "pay", Action: claim.ActSettle}}, ClosedAt: start.Add(time.Hour),
		}
	}
	claims := []Past{
		past("forged", 30_00, true, 4, claim.Refused, "not_genuine"),
		past("honest", 30_00, false, 0, claim.Granted, "damage_shown"),
		past("same", 30_00, true, 0, claim.Settled, "standing_consent"),
		{ClaimID: "withdrawn"},
	}
	r, err := Run(p, func(yield func(Past, error) bool) {
		for _, c := range claims {
			if !yield(c, nil) {
				return
			}
		}
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if r.Claims != 4 || r.Different != 2 || r.Moved != (Tally{2, 1, 1, 0}) || r.Skipped != 1 || len(r.List) != 1 || r.List[0].Truth != Forged || r.List[0].After != claim.ActAskMerchant {
		t.Errorf("got %+v", r)
	}
	if want := (Paid{"CNY", 90_00, 30_00, 30_00, 0}); len(r.Paid) != 1 || r.Paid[0] != want {
		t.Errorf("paid %+v, want %+v", r.Paid, want)
	}
	// 3 h happened; after: 1 h unchanged, and two whole windows of 48 h, because
	// nobody here was ever asked.
	if r.HoursBefore != 3 || r.HoursAfter != 97 {
		t.Errorf("hours %v, %v, want 3, 97", r.HoursBefore, r.HoursAfter)
	}
	for lang, want := range map[string]string{"en": "2 would have gone another way", "zh": "2 份走向不同"} {
		var b strings.Builder
		if err := r.Terminal(&b, lang); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%s: %v\n%s", lang, err, b.String())
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add("{}\n\n{\"claim_id\":\"C1\"}\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, err := range Lines(strings.NewReader(s)) {
			if err != nil {
				return
			}
		}
	})
}
