package desk

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// lawful is a decided claim that breaks nothing: the merchant answered, a
// reviewer ruled with words, the appeal's clock runs.
func lawful() step {
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	ask := money.Money{Amount: 5000, Currency: "CNY"}
	before := &claim.Claim{
		ID: "c1", OrderID: "o1", MerchantID: "m1", BuyerID: "b1", Kind: claim.ReturnRefund, Reason: claim.Damaged, Ask: ask, State: claim.InReview, Round: 1,
		Heard:    &claim.Hearing{How: claim.HeardAnswer, At: at.Add(-time.Hour)},
		Answers:  []claim.Answer{{Kind: claim.Contests, By: access.Actor{ID: "m1", Role: access.RoleMerchant}, At: at.Add(-time.Hour)}},
		Evidence: []claim.Exhibit{{ID: "v1", SHA256: "aa"}},
		Terms:    claim.Terms{AppealWindow: 7 * 24 * time.Hour, FourEyes: map[string]int64{"CNY": 10_000}, HoldFrom: map[string]int64{"CNY": 1}},
		Routings: []claim.Routed{{Routing: claim.Routing{Policy: "P1", Rule: "r", Action: claim.ActReview}, Facts: "ff"}},
	}
	after := before.Clone()
	ch, err := after.Decide(claim.Decision{
		Outcome: claim.Granted, Remedy: claim.Remedy{Kind: claim.ReturnRefund, Amount: ask}, Reasons: []claim.ReasonCode{"damage_shown"},
		Text: "The crack is plain to see.", Facts: "ff", Policy: "P1", By: access.Actor{ID: "ann", Role: access.RoleReviewer}, At: at,
	})
	if err != nil {
		panic(err)
	}
	sold := order.Order{ID: "o1", Total: ask, Lines: []order.Line{{ID: "1", Quantity: 2, Price: money.Money{Amount: 2500, Currency: "CNY"}}}}
	return step{Before: before, After: after, Change: ch, Body: []byte(`{}`), Hurry: 1, Taking: &takings{order: sold, fits: true}}
}

// ordered makes a step's remedy one that is ordered at once.
func ordered(s *step) {
	at := s.Change.At
	r := s.After.Remedy
	r.State, r.OrderedAt, r.Lines = claim.RemedyOrdered, &at, []order.Taken{{LineID: "1", Units: 2, Amount: 5000}}
}

func TestGuardStopsEachBreach(t *testing.T) {
	if err := guard(lawful()); err != nil {
		t.Fatalf("a lawful step: %v", err)
	}
	now := lawful()
	if ordered(&now); guard(now) != nil {
		t.Fatalf("a lawful order: %v", guard(now))
	}
	decision := func(s *step) *claim.Decision { return s.After.Standing() }
	tests := []struct {
		name, guarantee string
		breach          func(*step)
	}{
		{"nobody heard the merchant", "heard", func(s *step) { s.Before.Heard = nil }},
		{"a machine makes the merchant pay without a return", "heard", func(s *step) {
			s.Before.Answers, s.After.Answers = nil, nil
			d := decision(s)
			d.Outcome, d.By, d.Remedy.Kind = claim.Settled, access.Machine("router"), claim.RefundOnly
		}},
		{"the window was cut short", "heard", func(s *step) {
			at := s.Change.At
			s.Before.Clocks = []work.Clock{{Kind: claim.ClockMerchant, SetAt: at.Add(-time.Hour), Due: at}}
			s.After.Decisions = nil
			s.Change.Move, s.Change.Body = claim.MoveSilence, map[string]any{"clock": claim.ClockMerchant}
		}},
		{"a machine refuses", "human", func(s *step) {
			d := decision(s)
			d.Outcome, d.By, d.Remedy = claim.Refused, access.Machine("router"), claim.Remedy{}
		}},
		{"a merchant rules", "human", func(s *step) { decision(s).By = access.Actor{ID: "m1", Role: access.RoleMerchant} }},
		{"two eyes where four are due", "human", func(s *step) { s.After.Terms.FourEyes = map[string]int64{"CNY": 1} }},
		{"one person with four eyes", "human", func(s *step) { second := decision(s).By; decision(s).Second = &second }},
		{"the appeal came back", "human", func(s *step) {
			s.Before.Decisions = append(s.Before.Decisions, *decision(s))
			s.After.Decisions = append(s.After.Decisions, *decision(s))
		}},
		{"a dispute settled by machine", "human", func(s *step) { d := decision(s); d.Outcome, d.By = claim.Settled, access.Machine("router") }},
		{"no reasons", "explained", func(s *step) { decision(s).Reasons = nil }},
		{"unknown reason", "explained", func(s *step) { decision(s).Reasons = []claim.ReasonCode{"because"} }},
		{"no words", "explained", func(s *step) { decision(s).Text = " " }},
		{"no facts", "explained", func(s *step) { decision(s).Facts = "" }},
		{"other facts kept", "replayable", func(s *step) { s.Routed, s.Canonical = &s.After.Routings[0], []byte("{}") }},
		{"routes otherwise", "replayable", func(s *step) {
			s.Canonical = []byte("{}")
			s.Before.Routings[0].Facts, s.After.Routings[0].Facts = digest(s.Canonical), digest(s.Canonical)
			s.Routed = &s.After.Routings[0]
			s.Again = func([]byte) (claim.Routing, error) {
				return claim.Routing{Policy: "P1", Rule: "r", Action: claim.ActSettle}, nil
			}
		}},
		{"evidence swapped", "kept", func(s *step) { s.After.Evidence = []claim.Exhibit{{ID: "v1", SHA256: "bb"}} }},
		{"evidence gone", "kept", func(s *step) { s.After.Evidence = nil }},
		{"evidence withdrawn after submission", "kept", func(s *step) {
			s.Change.Move, s.After.Evidence, s.After.Withdrawn = claim.MoveTakeBack, nil, []string{"v1"}
		}},
		{"a note of a withdrawal that was none", "kept", func(s *step) { s.After.Withdrawn = []string{"v9"} }},
		{"another buyer", "kept", func(s *step) { s.After.BuyerID = "b2" }},
		{"no clock", "on_time", func(s *step) { s.After.Clocks = nil }},
		{"a trap of a window", "on_time", func(s *step) { s.After.Clocks[0].Due = s.After.Clocks[0].SetAt.Add(time.Minute) }},
		{"nobody looked at what is left", "within", func(s *step) { s.Taking = nil }},
		{"promised beyond what was paid", "within", func(s *step) { s.Taking.order.Total.Amount = 4999 }},
		{"promised what others have taken", "within", func(s *step) { s.Taking.others = []order.Taken{{LineID: "1", Amount: 1}} }},
		{"ordered beyond what was paid", "within", func(s *step) { ordered(s); s.Taking.order.Total.Amount = 4999 }},
		{"ordered beyond a line's share", "within", func(s *step) {
			ordered(s)
			s.Taking.order.Lines = append(s.Taking.order.Lines, order.Line{ID: "2", Quantity: 1, Price: money.Money{Amount: 1, Currency: "CNY"}})
		}},
		{"ordered beyond a line's units", "within", func(s *step) {
			ordered(s)
			s.Taking.others = []order.Taken{{LineID: "1", Units: 1}}
		}},
		{"ordered more than its lines are told", "within", func(s *step) { ordered(s); s.After.Remedy.Lines[0].Amount = 4000 }},
		{"ordered of an unknown line", "within", func(s *step) { ordered(s); s.After.Remedy.Lines[0].LineID = "9" }},
		{"an exchange that takes nothing", "within", func(s *step) { ordered(s); s.After.Remedy.Kind, s.After.Remedy.Lines = claim.Exchange, nil }},
		{"a refund of 0", "within", func(s *step) { ordered(s); s.After.Remedy.Amount.Amount = 0 }},
		{"an offer of 0", "within", func(s *step) {
			s.After.Offer = &claim.Offer{Remedy: claim.Remedy{Kind: claim.RefundOnly, Amount: money.Money{Currency: "CNY"}}, State: claim.OfferOpen, At: s.Change.At}
		}},
		{"an offer of more than is left", "within", func(s *step) {
			s.After.Remedy = nil
			s.After.Offer = &claim.Offer{Remedy: claim.Remedy{Kind: claim.RefundOnly, Amount: money.Money{Amount: 5001, Currency: "CNY"}}, State: claim.OfferOpen, At: s.Change.At}
		}},
		{"a proposal of more than is left", "within", func(s *step) {
			p := *s.After.Standing()
			p.Remedy.Amount.Amount++
			s.After.Remedy, s.After.Proposal = nil, &p
		}},
		{"free words", "private", func(s *step) { s.Body = []byte(`{"name":"王小明 13800000000"}`) }},
		{"an address", "private", func(s *step) { s.Body = []byte(`{"a":[{"b":"me@example.com"}]}`) }},
	}
	// Two breaches that differ in English differ in Chinese: one general
	// sentence a guarantee used to stand for all of its reasons.
	other := map[string]string{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := lawful()
			tt.breach(&s)
			e, ok := text.AsRefusal(guard(s))
			if !ok || e.Code != CodeGuarantee || e.Field != tt.guarantee || !han(e.Text.ZH) || han(e.Text.EN) {
				t.Fatalf("guard says %+v, want it to name %q", e, tt.guarantee)
			}
			if en, said := other[e.Text.ZH]; said && en != e.Text.EN {
				t.Errorf("%q and %q are both %q", en, e.Text.EN, e.Text.ZH)
			}
			other[e.Text.ZH] = e.Text.EN
		})
	}
}

// TestBothLanguagesSayTheSame: the Chinese of "within" spoke of what is left
// where the English said something else.
func TestBothLanguagesSayTheSame(t *testing.T) {
	for words, breach := range map[[2]string]func(*step){
		{"A refund of 0", "须大于 0"}:                    func(s *step) { ordered(s); s.After.Remedy.Amount.Amount = 0 },
		{"without looking", "未核对"}:                    func(s *step) { s.Taking = nil },
		{"49.99 CNY", "¥49.99"}:                       func(s *step) { s.Taking.order.Total.Amount = 4999 },
		{"0.00 CNY and 0 of 2", "¥0.00，剩 0 件（共 2 件）"}: func(s *step) { ordered(s); s.Taking.others = []order.Taken{{LineID: "1", Amount: 5000}} },
	} {
		s := lawful()
		breach(&s)
		if e, ok := text.AsRefusal(guard(s)); !ok || !strings.Contains(e.Text.EN, words[0]) || !strings.Contains(e.Text.ZH, words[1]) {
			t.Errorf("%v / %s, want %q", e, e.Text.ZH, words)
		}
	}
}

// TestADraftGivesBackOneThing: the one exception to what is kept is one piece of
// the buyer's own evidence, in a draft, and nothing beside it.
func TestADraftGivesBackOneThing(t *testing.T) {
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	draft := func() step {
		before := &claim.Claim{
			ID: "c1", OrderID: "o1", MerchantID: "m1", BuyerID: "b1", State: claim.Draft, Round: 1, Withdrawn: []string{"v0"},
			Evidence: []claim.Exhibit{{ID: "v1", SHA256: "aa", Party: claim.Buyer}, {ID: "v2", SHA256: "bb", Party: claim.Buyer}, {ID: "v3", SHA256: "cc", Party: claim.Merchant}},
		}
		after := before.Clone()
		ch, err := after.TakeBack("v1", access.Actor{ID: "b1", Role: access.RoleBuyer}, at)
		if err != nil {
			t.Fatal(err)
		}
		return step{Before: before, After: after, Change: ch, Body: []byte(`{}`), Hurry: 1}
	}
	s := draft()
	if err := guard(s); err != nil {
		t.Fatalf("a lawful removal: %v", err)
	}
	if len(s.Before.Evidence) != 3 || len(s.Before.Withdrawn) != 1 || len(s.After.Evidence) != 2 || len(s.Change.Evidence) != 1 || s.Change.Evidence[0] != "aa" {
		t.Errorf("before %+v, after %+v, %+v", s.Before.Evidence, s.After.Evidence, s.Change)
	}
	for name, breach := range map[string]func(*step){
		"no draft any more":          func(s *step) { s.Before.State = claim.Screening },
		"submitted in the same step": func(s *step) { s.After.State = claim.Screening },
		"by another move":            func(s *step) { s.Change.Move = claim.MoveAmend },
		"two at once": func(s *step) {
			s.After.Evidence = s.After.Evidence[1:]
			s.After.Withdrawn = append(s.After.Withdrawn, "v2")
		},
		"another one gone":             func(s *step) { s.After.Withdrawn[1] = "v2" },
		"the merchant's":               func(s *step) { s.After.Evidence, s.After.Withdrawn[1] = s.Before.Evidence[:2], "v3" },
		"the rest changed":             func(s *step) { s.After.Evidence[0].SHA256 = "dd" },
		"nothing gone":                 func(s *step) { s.After.Evidence = s.Before.Evidence },
		"an earlier removal forgotten": func(s *step) { s.After.Withdrawn = []string{"v1"} },
		"no note of it":                func(s *step) { s.After.Withdrawn = s.Before.Withdrawn },
	} {
		s := draft()
		breach(&s)
		if e, ok := text.AsRefusal(guard(s)); !ok || e.Field != "kept" {
			t.Errorf("%s: guard says %v", name, e)
		}
	}
}

// TestConclusiveNeedsABound is guarantee 7.
func TestConclusiveNeedsABound(t *testing.T) {
	for bound, want := range map[float64]evidence.Strength{0: evidence.Strong, 0.5: evidence.Strong, 1e-6: evidence.Conclusive} {
		if got := bounded([]evidence.Finding{{Strength: evidence.Conclusive, FalseAlarm: bound}})[0].Strength; got != want {
			t.Errorf("conclusive with a bound of %g is kept as %s, want %s", bound, got, want)
		}
	}
}

// TestTermsSurviveJSON: what a claim carries is what it was routed under.
func TestTermsSurviveJSON(t *testing.T) {
	s := lawful()
	data, err := json.Marshal(s.After)
	if err != nil {
		t.Fatal(err)
	}
	var back claim.Claim
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back.Terms.AppealWindow != s.After.Terms.AppealWindow || len(back.Decisions) != 1 || back.Clocks[0].Due != s.After.Clocks[0].Due {
		t.Errorf("came back as %+v", back)
	}
}
