package storetest

import (
	gocmp "cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

func testOrders(t *testing.T, db *store.DB) {
	ctx := t.Context()
	lat := 30.5
	var all []order.Order
	for i := range 7 {
		all = append(all, order.Order{
			ID: fmt.Sprintf("o-%d", i), MerchantID: fmt.Sprintf("m-%d", i%2), BuyerID: "b-1",
			Lines: []order.Line{{ID: "1", Title: "杯子", Quantity: 1, Price: money.Money{Amount: 100, Currency: "CNY"}}},
			Total: money.Money{Amount: 100, Currency: "CNY"}, PlacedAt: t0.Add(time.Duration(i/2) * time.Hour),
			Shipment: &order.Shipment{City: "武汉", Lat: &lat, Lon: &lat},
		})
	}
	m, b := order.Merchant{ID: "m-1", Name: "店"}, order.Buyer{ID: "b-1", Phone: "138"}
	write(t, db, func(tx desk.Tx) error {
		var errs []error
		for _, o := range all {
			errs = append(errs, tx.PutOrder(ctx, o))
		}
		all[0].Total.Amount = 7
		return errors.Join(append(errs, tx.PutOrder(ctx, all[0]), tx.PutMerchant(ctx, order.Merchant{ID: "m-0"}), tx.PutMerchant(ctx, m), tx.PutBuyer(ctx, b))...)
	})
	if got := one(t, db, func(tx desk.Tx) (order.Order, error) { return tx.Order(ctx, "o-0") }); !cmp.Equal(got, all[0]) {
		t.Error(cmp.Diff(all[0], got))
	}
	if got := one(t, db, func(tx desk.Tx) (order.Merchant, error) { return tx.Merchant(ctx, "m-1") }); !cmp.Equal(got, m) {
		t.Error(cmp.Diff(m, got))
	}
	if got := one(t, db, func(tx desk.Tx) (order.Buyer, error) { return tx.Buyer(ctx, "b-1") }); got != b {
		t.Error(cmp.Diff(b, got))
	}
	if got := pages(t, db, 1, func(tx desk.Tx, p work.Page) ([]order.Merchant, string, error) { return tx.Merchants(ctx, p) }); len(got) != 2 || got[1].ID != "m-1" {
		t.Errorf("merchants: %v", got)
	}
	got := pages(t, db, 2, func(tx desk.Tx, p work.Page) ([]order.Order, string, error) {
		return tx.Orders(ctx, desk.OrderFilter{BuyerID: "b-1", MerchantID: "m-0"}, p)
	})
	if ids := idsOf(got, func(o order.Order) string { return o.ID }); !slices.Equal(ids, []string{"o-6", "o-4", "o-2", "o-0"}) {
		t.Errorf("orders of m-0: %v", ids)
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Order(ctx, "none"); return err })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Merchant(ctx, "none"); return err })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Buyer(ctx, "none"); return err })
}

func idsOf[T any](list []T, id func(T) string) (ids []string) {
	for _, v := range list {
		ids = append(ids, id(v))
	}
	return ids
}

func claimIDs(list []*claim.Claim) []string {
	return idsOf(list, func(c *claim.Claim) string { return c.ID })
}

func testClaims(t *testing.T, db *store.DB) {
	ctx := t.Context()
	c := aClaim("c-1")
	insert(t, db, c)
	if c.Version != 1 {
		t.Errorf("version %d after inserting", c.Version)
	}
	load := func() *claim.Claim {
		return one(t, db, func(tx desk.Tx) (*claim.Claim, error) { return tx.Claim(ctx, "c-1") })
	}
	if got := load(); !cmp.Equal(got, c) {
		t.Error(cmp.Diff(c, got))
	}
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.InsertClaim(ctx, aClaim("c-1")) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { return tx.UpdateClaim(ctx, aClaim("c-2")) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Claim(ctx, "c-2"); return err })

	open := func() []string {
		return one(t, db, func(tx desk.Tx) ([]string, error) { return tx.OpenClaims(ctx, "o-1") })
	}
	if got := open(); !slices.Equal(got, []string{"c-1"}) {
		t.Errorf("open claims: %v", got)
	}
	at := t0.Add(time.Hour)
	c.State, c.ClosedAt = claim.Closed, &at
	write(t, db, func(tx desk.Tx) error { return tx.UpdateClaim(ctx, c) })
	if got := load(); c.Version != 2 || !cmp.Equal(got, c) {
		t.Errorf("version %d: %s", c.Version, cmp.Diff(c, got))
	}
	old := c.Clone()
	old.Version = 1
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.UpdateClaim(ctx, old) })
	if old.Version != 1 {
		t.Errorf("a refused change left version %d", old.Version)
	}
	if got := open(); len(got) != 0 {
		t.Errorf("open claims after closing: %v", got)
	}
}

func testClaimLists(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var all []*claim.Claim
	for i := range 30 {
		c := aClaim(fmt.Sprintf("c-%02d", i))
		c.OpenedAt = t0.Add(time.Duration(i/3) * time.Hour) // three share a time
		c.State = claim.States[i%4]
		c.MerchantID = fmt.Sprintf("m-%d", i%2)
		c.BuyerID = fmt.Sprintf("b-%d", i%5)
		c.Reason = claim.Reasons[i%3]
		c.Kind = claim.Kinds[i%2]
		c.OrderID = fmt.Sprintf("o-%d", i%4)
		if i%3 == 1 {
			due := t0.Add(time.Duration(60-i/2) * time.Hour) // two share a time
			c.Clocks = []work.Clock{{ID: "far", Kind: claim.ClockAppeal, Due: due.Add(time.Hour)}, {ID: "near", Kind: claim.ClockReview, Due: due}}
		}
		if i%5 == 2 {
			c.Decisions = []claim.Decision{{Outcome: claim.Granted}, {Outcome: []claim.Outcome{claim.Partly, claim.Granted}[i%2]}}
		}
		if i%7 == 0 {
			at := t0.Add(time.Duration(100-i) * time.Hour)
			c.State, c.ClosedAt = claim.Closed, &at
		}
		all = append(all, c)
	}
	insert(t, db, all...)
	for name, f := range map[string]desk.ClaimFilter{
		"all": {}, "merchant": {MerchantID: "m-1"}, "buyer": {BuyerID: "b-3"}, "order": {OrderID: "o-1"}, "by due": {ByDue: true}, "by due of merchant": {ByDue: true, MerchantID: "m-1"}, "nobody": {BuyerID: "b-9"},
		"states":              {States: []claim.State{claim.Draft, claim.AskedShop, claim.Draft}},
		"merchant and states": {MerchantID: "m-0", States: []claim.State{claim.Draft, claim.Closed}},
		"buyer and states":    {BuyerID: "b-2", States: []claim.State{claim.Draft, claim.AskedShop, claim.Closed}},
		"reason":              {Reason: claim.Damaged}, "kind": {Kind: claim.RefundOnly, Reason: claim.WrongItem},
		"span": {From: t0.Add(2 * time.Hour), To: t0.Add(5 * time.Hour)}, "closed": {ClosedOnly: true},
		"by due and states": {ByDue: true, States: []claim.State{claim.Draft, claim.AskedShop}},
		"outcome":           {Outcome: claim.Granted}, "outcome of merchant": {Outcome: claim.Partly, MerchantID: "m-1"},
		"prefix of claims": {Prefix: "c-1"}, "prefix of orders": {Prefix: "o-3"}, "none such": {Prefix: "c-%"},
		"prefix of merchant": {Prefix: "o-1", MerchantID: "m-1"}, "prefix of buyer": {Prefix: "c-0", BuyerID: "b-3"},
		"prefix by due":      {Prefix: "c-2", ByDue: true},
		"closed of merchant": {ClosedOnly: true, MerchantID: "m-0"},
		"no drafts":          {NoDrafts: true}, "without a shop and a buyer": {Without: []string{"m-1", "b-4"}, NoDrafts: true},
	} {
		t.Run(name, func(t *testing.T) {
			var want []*claim.Claim
			counts := map[claim.State]int{}
			for _, c := range all {
				if matches(c, f) {
					want = append(want, c)
					counts[c.State]++
				}
			}
			slices.SortFunc(want, inOrder(f))
			for _, size := range []int{1, 4, 200} {
				got := pages(t, db, size, func(tx desk.Tx, p work.Page) ([]*claim.Claim, string, error) { return tx.Claims(ctx, f, p) })
				if !slices.Equal(claimIDs(got), claimIDs(want)) {
					t.Errorf("pages of %d: got %v, want %v", size, claimIDs(got), claimIDs(want))
				}
			}
			if got := one(t, db, func(tx desk.Tx) (map[claim.State]int, error) { return tx.CountClaims(ctx, f) }); !cmp.Equal(got, counts) {
				t.Error(cmp.Diff(counts, got))
			}
			tallied, all := map[claim.State]int{}, 0
			for _, n := range one(t, db, func(tx desk.Tx) ([]desk.Tally, error) { return tx.TallyClaims(ctx, f) }) {
				tallied[n.State] += n.Claims
				if f.Reason == "" || n.Reason == f.Reason {
					all += n.Claims
				}
			}
			if !cmp.Equal(tallied, counts) || all != len(want) {
				t.Errorf("tally: %v, %d of %d by reason", cmp.Diff(counts, tallied), all, len(want))
			}
		})
	}
}

// inOrder compares claims as a list of them is ordered.
func inOrder(f desk.ClaimFilter) func(a, b *claim.Claim) int {
	return func(a, b *claim.Claim) int {
		if f.ClosedOnly {
			return a.ClosedAt.Compare(*b.ClosedAt)
		}
		if f.ByDue {
			return gocmp.Or(a.NextClock().Due.Compare(b.NextClock().Due), compareText(a.ID, b.ID))
		}
		return gocmp.Or(b.OpenedAt.Compare(a.OpenedAt), -compareText(a.ID, b.ID))
	}
}

func compareText(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

// matches is the filter as its documentation has it.
func matches(c *claim.Claim, f desk.ClaimFilter) bool {
	return (f.BuyerID == "" || c.BuyerID == f.BuyerID) && (f.MerchantID == "" || c.MerchantID == f.MerchantID) &&
		(f.OrderID == "" || c.OrderID == f.OrderID) && (len(f.States) == 0 || slices.Contains(f.States, c.State)) &&
		(f.Reason == "" || c.Reason == f.Reason) && (f.Kind == "" || c.Kind == f.Kind) &&
		(f.From.IsZero() || !c.OpenedAt.Before(f.From)) && (f.To.IsZero() || c.OpenedAt.Before(f.To)) &&
		(!f.ClosedOnly || c.State == claim.Closed) && (!f.ByDue || len(c.Clocks) > 0) &&
		(!f.NoDrafts || c.State != claim.Draft) && !slices.Contains(f.Without, c.MerchantID) && !slices.Contains(f.Without, c.BuyerID) &&
		(f.Outcome == "" || c.Standing() != nil && c.Standing().Outcome == f.Outcome) &&
		(strings.HasPrefix(c.ID, f.Prefix) || strings.HasPrefix(c.OrderID, f.Prefix))
}

// testManyByID reads claims and their evidence by a list of ids.
func testManyByID(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var ids []string
	for i := range 5 {
		id := fmt.Sprintf("c-%d", i)
		insert(t, db, aClaim(id))
		write(t, db, func(tx desk.Tx) error {
			return errors.Join(tx.InsertEvidence(ctx, evidence.Item{ID: "e-" + id, ClaimID: id, OrderID: "o-1", ReceivedAt: t0}),
				tx.InsertEvidence(ctx, evidence.Item{ID: "m-" + id, OrderID: "o-1", ReceivedAt: t0}))
		})
		ids = append(ids, id)
		want := slices.Clone(ids)
		got := claimIDs(one(t, db, func(tx desk.Tx) ([]*claim.Claim, error) { return tx.ClaimsByID(ctx, append(ids, "none")) }))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("claims: %v, want %v", got, want)
		}
		items := one(t, db, func(tx desk.Tx) ([]evidence.Item, error) { return tx.EvidenceOfClaims(ctx, append(ids, "")) })
		of := idsOf(items, func(it evidence.Item) string { return it.ClaimID })
		slices.Sort(of)
		if !slices.Equal(of, want) {
			t.Errorf("evidence of %v, want %v", of, want)
		}
	}
	read(t, db, func(tx desk.Tx) error {
		none, err := tx.ClaimsByID(ctx, nil)
		items, err2 := tx.EvidenceOfClaims(ctx, nil)
		if len(none)+len(items) > 0 {
			t.Errorf("of no claims: %v %v", none, items)
		}
		return errors.Join(err, err2)
	})
}

func testHistory(t *testing.T, db *store.DB) {
	ctx := t.Context()
	day := 24 * time.Hour
	add := func(id string, ago time.Duration, change func(*claim.Claim)) *claim.Claim {
		c := aClaim(id)
		at := t0.Add(-ago)
		c.OpenedAt, c.SubmittedAt = at, &at
		if change != nil {
			change(c)
		}
		return c
	}
	refund := func(c *claim.Claim) {
		c.Remedy = &claim.Remedy{Kind: claim.RefundOnly, Amount: c.Ask, State: claim.RemedyOrdered}
	}
	refused := func(c *claim.Claim) {
		c.Decisions = []claim.Decision{{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"not_genuine"}, By: access.Actor{ID: "r", Role: access.RoleReviewer}}}
	}
	insert(t, db,
		add("this", 0, nil), add("draft", 0, func(c *claim.Claim) { c.SubmittedAt = nil }),
		add("refunded", 10*day, refund), add("revoked", 20*day, func(c *claim.Claim) { refund(c); c.Remedy.State = claim.RemedyRevoked }),
		add("old", 100*day, refund), add("false", 200*day, refused), add("ancient", 400*day, refused),
		add("overturned", 50*day, func(c *claim.Claim) {
			refused(c)
			c.Decisions = append(c.Decisions, claim.Decision{Round: 2, Outcome: claim.Granted})
		}),
		add("machine", 60*day, func(c *claim.Claim) { refused(c); c.Decisions[0].By = access.Machine("route") }),
		add("other shop", 1*day, func(c *claim.Claim) { c.MerchantID = "m-2" }), add("other buyer", 1*day, func(c *claim.Claim) { c.BuyerID = "b-2" }))
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.PutOrder(ctx, order.Order{ID: "1", BuyerID: "b-1", PlacedAt: t0.Add(-day)}), tx.PutOrder(ctx, order.Order{ID: "2", BuyerID: "b-1", PlacedAt: t0.Add(-400 * day)}))
	})
	got := one(t, db, func(tx desk.Tx) (desk.History, error) { return tx.History(ctx, "b-1", "m-1", "this", false, t0) })
	want := desk.History{BuyerOrders: 1, BuyerClaims: 5, BuyerRefunds: 1, BuyerConfirmed: 1, MerchantRecent: 3}
	if got != want {
		t.Error(cmp.Diff(want, got))
	}
}

// testTwoWriters lets two change one claim from the same version, many times:
// each time one succeeds and the other learns of it.
func testTwoWriters(t *testing.T, db *store.DB) {
	insert(t, db, aClaim("c-1"))
	for round := range int64(10) {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			wg.Go(func() {
				c := aClaim("c-1")
				c.Version = round + 1
				errs[i] = db.Write(t.Context(), func(tx desk.Tx) error {
					c.Version = round + 1
					return tx.UpdateClaim(t.Context(), c)
				})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), work.ErrConflict) {
			t.Fatalf("round %d: %v", round, errs)
		}
	}
}
