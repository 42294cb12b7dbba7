package desk_test

import (
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// inReview files a claim and brings it before a reviewer.
func (w *world) inReview(kind claim.Kind, fen int64) *claim.Claim {
	w.t.Helper()
	c := w.file(kind, fen)
	if c.State != claim.AskedShop {
		w.t.Fatalf("the claim is %s", c.State)
	}
	w.now = w.now.Add(30 * time.Minute)
	c, err := w.desk.Contest(w.ctx, shop, c.ID, c.Version, "It left whole.")
	return w.is(c, err, claim.InReview)
}

// TestFiguresOfALife takes claims through rulings, a confirmation and an
// appeal, and reads all figures at the end.
func TestFiguresOfALife(t *testing.T) {
	w := newWorld(t, policy.Default())
	granted := desk.Ruling{Outcome: claim.Granted, Remedy: claim.Remedy{Kind: claim.ReturnRefund, Amount: money.Money{Amount: 20000, Currency: "CNY"}}, Reasons: []claim.ReasonCode{"missing_shown"}, Text: "x"}
	refused := desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"delivered_as_ordered"}, Text: "x"}

	c := w.inReview(claim.ReturnRefund, 20000)
	w.lease(ann, c.ID, desk.TaskDecide)
	w.now = w.now.Add(4 * time.Minute)
	w.lease(ann, c.ID, desk.TaskDecide) // renewed: still held since then
	w.now = w.now.Add(2 * time.Minute)
	c, err := w.desk.Decide(w.ctx, ann, c.ID, 0, refused)
	w.is(c, err, claim.Decided)
	c, err = w.desk.Appeal(w.ctx, buyer, c.ID, 0, claim.Buyer, "Look again.")
	w.is(c, err, claim.InReview)
	w.lease(bob, c.ID, desk.TaskDecide)
	c, err = w.desk.Decide(w.ctx, bob, c.ID, 0, granted)
	w.is(c, err, claim.Closed)

	open := w.inReview(claim.ReturnRefund, 20000)
	w.lease(ann, open.ID, desk.TaskDecide)

	people, err := w.desk.ReviewerFigures(w.ctx, opal, desk.Span{})
	w.must(err)
	if len(people.Items) != 2 {
		t.Fatalf("reviewers: %+v", people.Items)
	}
	a, b := people.Items[0], people.Items[1]
	if a.UserID != "u-ann" || a.Decided != 1 || a.OverturnedOnAppeal != 1 || a.Holding != 1 || a.MedianMinutes == nil || *a.MedianMinutes != 6 {
		t.Errorf("ann: %+v", a)
	}
	if b.UserID != "u-bob" || b.Decided != 1 || b.OverturnedOnAppeal != 0 || b.Holding != 0 || b.Agreement != nil {
		t.Errorf("bob: %+v", b)
	}

	all, err := w.desk.ClaimFigures(w.ctx, opal, desk.Span{}, "")
	w.must(err)
	if len(all.ByReason) != 1 || all.ByReason[0].Claims != 2 || all.ByReason[0].Granted != 1 || all.ByReason[0].Open != 1 {
		t.Errorf("by reason: %+v", all.ByReason)
	}
	if len(all.ByMerchant) != 1 || all.ByMerchant[0].Name != "Shop" || all.ByMerchant[0].Granted != 1 {
		t.Errorf("by merchant: %+v", all.ByMerchant)
	}
	if len(all.Amounts) != 1 || all.Amounts[0] != (desk.AmountFigure{Currency: "CNY", Claimed: 40000, Refunded: 20000}) {
		t.Errorf("amounts: %+v", all.Amounts)
	}
	if last := all.Days[len(all.Days)-1]; len(all.Days) != 30 || last != (desk.DayFigure{Day: "2026-11-01", Opened: 2, Closed: 1}) {
		t.Errorf("%d days, the last %+v", len(all.Days), last)
	}

	mine, err := w.desk.ShopFigures(w.ctx, shop, desk.Span{Offset: 8 * time.Hour}, "")
	w.must(err)
	if mine.ShopScore != (desk.ShopScore{Claims: 2, Open: 1, Lost: 1}) || mine.Silent != 0 || mine.AnsweredInTimeShare == nil || *mine.AnsweredInTimeShare != 1 || *mine.AnswerMedianMinutes != 30 {
		t.Errorf("the shop: %+v, answers %v in time, in %v minutes", mine.ShopScore, *mine.AnsweredInTimeShare, *mine.AnswerMedianMinutes)
	}
	if len(mine.ByCode) != 1 || mine.ByCode[0] != (desk.ShopCode{Code: "missing_shown", Outcome: claim.Granted, Claims: 1}) || len(mine.Months) != 1 || mine.Months[0].Month != "2026-11" {
		t.Errorf("by code %+v, months %+v", mine.ByCode, mine.Months)
	}
}

func TestFiguresAreForThoseWhoMay(t *testing.T) {
	w := newWorld(t, policy.Default())
	audrey := access.Caller{ID: "u-aud", Kind: access.CallerSession, Roles: []access.Role{access.RoleAuditor}}
	theirs := access.Caller{ID: "key2", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeAll}, Party: "m2"}
	other := access.Caller{ID: "u-2", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "m2"}
	link := access.Caller{ID: "m1", Kind: access.CallerLink, Roles: []access.Role{access.RoleMerchant}, Party: "m1", Only: "c1"}
	for name, x := range map[string]struct {
		ask func(access.Caller) error
		may []access.Caller
		not []access.Caller
	}{
		"claims":    {func(by access.Caller) error { _, err := w.desk.ClaimFigures(w.ctx, by, desk.Span{}, "m1"); return err }, []access.Caller{opal, eve, audrey, platform}, []access.Caller{{}, ann, buyer, shop, theirs, link}},
		"detectors": {func(by access.Caller) error { _, err := w.desk.DetectorFigures(w.ctx, by, desk.Span{}); return err }, []access.Caller{opal, eve, audrey}, []access.Caller{{}, ann, buyer, shop, theirs, platform, link}},
		"reviewers": {func(by access.Caller) error { _, err := w.desk.ReviewerFigures(w.ctx, by, desk.Span{}); return err }, []access.Caller{opal, eve, audrey}, []access.Caller{{}, ann, buyer, shop, theirs, platform, link}},
		"shop":      {func(by access.Caller) error { _, err := w.desk.ShopFigures(w.ctx, by, desk.Span{}, "m1"); return err }, []access.Caller{shop, opal, audrey, platform}, []access.Caller{{}, ann, eve, buyer, other, theirs, link}},
		"the record": {func(by access.Caller) error {
			_, _, err := w.desk.Audit(w.ctx, by, desk.AuditFilter{}, work.Page{Limit: 1})
			return err
		}, []access.Caller{opal, audrey}, []access.Caller{{}, ann, eve, buyer, shop, theirs, platform, link}},
	} {
		for _, by := range x.may {
			if err := x.ask(by); err != nil {
				t.Errorf("%s for %s: %v", name, by.ID, err)
			}
		}
		for _, by := range x.not {
			e, ok := text.AsRefusal(x.ask(by))
			if !ok || e.Code != text.CodeForbidden && e.Code != text.CodeNotFound {
				t.Errorf("%s for %q: %v", name, by.ID, e)
			}
		}
	}
}

func TestSpansAreChecked(t *testing.T) {
	w := newWorld(t, policy.Default())
	at := w.now
	for _, s := range []desk.Span{{From: at, To: at.Add(-48 * time.Hour)}, {From: at.Add(-800 * 24 * time.Hour)}, {Offset: 15 * time.Hour}, {From: at.Add(72 * time.Hour)}} {
		if e, ok := text.AsRefusal(func() error { _, err := w.desk.DetectorFigures(w.ctx, opal, s); return err }()); !ok || e.Code != text.CodeInvalid || e.Field == "" {
			t.Errorf("%+v is taken: %v", s, e)
		}
	}
	f, err := w.desk.ClaimFigures(w.ctx, opal, desk.Span{From: at, To: at.Add(time.Hour), Offset: 8 * time.Hour}, "")
	w.must(err) // 08:00 in London is 16:00 in China, of one and the same day there
	if len(f.Days) != 1 || f.Days[0].Day != "2026-11-01" || !f.From.Equal(time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("a day in China: %+v", f)
	}
	if e, ok := text.AsRefusal(func() error { _, err := w.desk.ShopFigures(w.ctx, opal, desk.Span{}, ""); return err }()); !ok || e.Field != "query.merchant" {
		t.Errorf("no shop was named: %v", e)
	}
}
