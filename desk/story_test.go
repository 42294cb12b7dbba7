package desk_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// world is a desk on a real SQLite store, with a clock that tests move.
type world struct {
	t    testing.TB
	ctx  context.Context
	desk *desk.Desk
	db   *store.DB
	now  time.Time
	n    int
}

var (
	platform = access.Caller{ID: "key1", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeAll}}
	shop     = access.Caller{ID: "u-shop", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "m1"}
	buyer    = access.Caller{ID: "u-buyer", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b1"}
	ann      = access.Caller{ID: "u-ann", Kind: access.CallerSession, Roles: []access.Role{access.RoleReviewer}}
	bob      = access.Caller{ID: "u-bob", Kind: access.CallerSession, Roles: []access.Role{access.RoleReviewer}}
	eve      = access.Caller{ID: "u-eve", Kind: access.CallerSession, Roles: []access.Role{access.RoleSenior}, Senior: true}
	opal     = access.Caller{ID: "u-opal", Kind: access.CallerSession, Roles: []access.Role{access.RoleOperator}}
	otto     = access.Caller{ID: "u-otto", Kind: access.CallerSession, Roles: []access.Role{access.RoleOperator}}
)

func newWorld(t testing.TB, source []byte) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	db := w.open(store.Options{Dir: t.TempDir(), Now: clock, RelaxedSync: true})
	w.db = db
	w.desk = desk.New(desk.Options{Store: db, Blobs: db.Blobs(), Now: clock, Random: diceOf(t.Name())})
	w.must(w.desk.FirstPolicy(w.ctx, source))
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m1", Name: "Shop"}))
	return w
}

// dice are the same for the same test: ids settle which decisions are read a
// second time, and with them what the parties are told.
type dice struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func diceOf(name string) *dice { return &dice{r: rand.NewChaCha8(sha256.Sum256([]byte(name)))} }

func (d *dice) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.Read(p)
}

// open opens a store until the test ends.
func (w *world) open(o store.Options) *store.DB {
	w.t.Helper()
	db, err := store.Open(w.ctx, o)
	w.must(err)
	w.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return db
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// order pushes a delivered order of the given worth in fen and answers its id.
func (w *world) order(fen int64) string {
	w.n++
	id := fmt.Sprintf("o%d", w.n)
	placed, delivered := w.now.Add(-72*time.Hour), w.now.Add(-10*time.Hour)
	money := money.Money{Amount: fen, Currency: "CNY"}
	w.must(w.desk.PutOrder(w.ctx, platform, order.Order{
		ID: id, MerchantID: "m1", BuyerID: "b1", Total: money, PlacedAt: placed, DeliveredAt: &delivered,
		Lines: []order.Line{{ID: "1", Title: "Mug", Category: "home", Quantity: 1, Price: money}},
	}))
	return id
}

// file opens and submits a claim that needs no pictures.
func (w *world) file(kind claim.Kind, fen int64) *claim.Claim {
	w.t.Helper()
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(fen), Kind: kind, Reason: claim.NotReceived, Story: "It never came.", Submit: true})
	w.must(err)
	return f.Claim
}

func (w *world) lease(by access.Caller, id string, task desk.Task) {
	w.t.Helper()
	if _, err := w.desk.Lease(w.ctx, by, id, task); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) is(c *claim.Claim, err error, want claim.State) *claim.Claim {
	w.t.Helper()
	w.must(err)
	if c.State != want {
		w.t.Fatalf("the claim is %s, want %s", c.State, want)
	}
	return c
}

// later moves the clock and fires what is due.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(d)
	w.must(w.desk.Tick(w.ctx))
}

func (w *world) get(id string) *claim.Claim {
	w.t.Helper()
	x, err := w.desk.Case(w.ctx, opal, id)
	w.must(err)
	return x.Claim
}

// photo adds a picture, as far as its first bytes say.
func (w *world) photo(id string, p evidence.Purpose) {
	w.t.Helper()
	w.n++
	_, err := w.desk.AddEvidence(w.ctx, buyer, id, desk.Upload{Purpose: p, Medium: evidence.Photo, Name: "a/b.jpg", Data: strings.NewReader(fmt.Sprintf("\xff\xd8\xff\xe0 picture %d", w.n))})
	w.must(err)
}

func code(err error) text.Code {
	if e, ok := text.AsRefusal(err); ok {
		return e.Code
	}
	return ""
}

func TestContestedClaimIsDecidedByAPersonAndOverturnedByAnother(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.is(w.file(claim.RefundOnly, 20_000), nil, claim.AskedShop)
	c = w.is(w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "It was handed over.")), nil, claim.InReview)

	refusal := desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"delivered_as_ordered"}, Text: "The carrier shows the hand-over."}
	if _, err := w.desk.Decide(w.ctx, ann, c.ID, c.Version, refusal); code(err) != desk.CodeLease {
		t.Fatalf("deciding without a lease: %v", err)
	}
	w.lease(ann, c.ID, desk.TaskDecide)
	if _, err := w.desk.Lease(w.ctx, bob, c.ID, desk.TaskDecide); code(err) != desk.CodeLease {
		t.Fatalf("two reviewers hold one case: %v", err)
	}
	if _, err := w.desk.Decide(w.ctx, ann, c.ID, c.Version, desk.Ruling{Outcome: claim.Refused, Reasons: refusal.Reasons}); code(err) != desk.CodeGuarantee {
		t.Fatalf("a refusal without words: %v", err)
	}
	c = w.is(w.db2(w.desk.Decide(w.ctx, ann, c.ID, c.Version, refusal)), nil, claim.Decided)
	c = w.is(w.db2(w.desk.Appeal(w.ctx, buyer, c.ID, c.Version, "", "I was away.")), nil, claim.InReview)
	if _, err := w.desk.Lease(w.ctx, ann, c.ID, desk.TaskDecide); code(err) != text.CodeForbidden {
		t.Fatalf("the first reviewer takes the appeal: %v", err)
	}
	w.lease(bob, c.ID, desk.TaskDecide)
	c = w.is(w.db2(w.desk.Decide(w.ctx, bob, c.ID, 0, desk.Ruling{
		Outcome: claim.Granted, Remedy: claim.Remedy{Kind: claim.RefundOnly, Amount: c.Ask}, Reasons: []claim.ReasonCode{"appeal_error"}, Text: "The signature is not the buyer's.",
	})), nil, claim.Closed)
	if c.Remedy == nil || c.Remedy.State != claim.RemedyOrdered {
		t.Errorf("the remedy is %+v, want it ordered", c.Remedy)
	}
	told, err := w.desk.Explain(w.ctx, buyer, c.ID)
	w.must(err)
	if len(told.Lines) < 6 {
		t.Errorf("the buyer is told %d lines", len(told.Lines))
	}
	w.chain(c.ID)
}

func (w *world) db2(c *claim.Claim, err error) *claim.Claim { w.t.Helper(); w.must(err); return c }

// chain checks that a claim's events follow each other by number and hash.
func (w *world) chain(id string) {
	w.t.Helper()
	events, err := w.desk.Events(w.ctx, opal, id)
	w.must(err)
	var chain record.Chain
	for _, e := range events {
		w.must(chain.Take(e))
	}
	if c := w.get(id); c.Head != chain.Head || c.Events != chain.No {
		w.t.Fatalf("the claim's head is %s/%d, the record's %+v", c.Head, c.Events, chain)
	}
}

func TestSilenceOfAMerchantNeverPaysARefundWithoutReturn(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 20_000)
	w.later(47 * time.Hour)
	if got := w.get(c.ID); got.State != claim.AskedShop {
		t.Fatalf("before the window: %s", got.State)
	}
	w.later(2 * time.Hour)
	got := w.get(c.ID)
	if got.State == claim.Closed || got.State == claim.Decided {
		t.Fatalf("paid by machine: %+v", got.Decisions)
	}
	if got.Heard == nil || got.Heard.How != claim.HeardSilence {
		t.Errorf("heard: %+v", got.Heard)
	}
	w.chain(c.ID)
}

func TestStandingConsentSettlesAtOnce(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.must(w.desk.PutMerchant(w.ctx, shop, order.Merchant{ID: "m1", Name: "Shop", Consent: order.Consent{
		Kinds: []string{string(claim.RefundOnly)}, UpTo: money.Money{Amount: 3000, Currency: "CNY"},
	}}))
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(1500), Kind: claim.RefundOnly, Reason: claim.Damaged})
	w.must(err)
	if len(f.Missing) == 0 {
		t.Fatal("nothing is missing from a filing without pictures")
	}
	if _, err := w.desk.Submit(w.ctx, buyer, f.Claim.ID, 0); code(err) != desk.CodeIncomplete {
		t.Fatalf("an incomplete filing: %v", err)
	}
	for _, r := range f.Missing {
		w.photo(f.Claim.ID, r.Purpose)
	}
	c, err := w.desk.Submit(w.ctx, buyer, f.Claim.ID, 0)
	w.must(err)
	if c.State != claim.Closed || c.Closing != claim.ClosedSettled {
		t.Fatalf("a small claim inside the consent is %s by rule %+v", c.State, c.Routings)
	}
	w.chain(c.ID)
}

func TestFourEyes(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 900_000)
	c = w.db2(w.desk.Contest(w.ctx, shop, c.ID, 0, "No."))
	w.lease(ann, c.ID, desk.TaskDecide)
	grant := desk.Ruling{Outcome: claim.Granted, Remedy: claim.Remedy{Kind: claim.RefundOnly, Amount: c.Ask}, Reasons: []claim.ReasonCode{"missing_shown"}, Text: "It is plain."}
	c = w.is(w.db2(w.desk.Decide(w.ctx, ann, c.ID, 0, grant)), nil, claim.InReview)
	if c.Proposal == nil {
		t.Fatal("there is no proposal")
	}
	if _, err := w.desk.Lease(w.ctx, ann, c.ID, desk.TaskConfirm); code(err) != text.CodeForbidden {
		t.Fatalf("one person with four eyes: %v", err)
	}
	w.lease(bob, c.ID, desk.TaskConfirm)
	w.is(w.db2(w.desk.ReturnProposal(w.ctx, bob, c.ID, 0, "Not so plain.")), nil, claim.InReview)
	if _, err := w.desk.Lease(w.ctx, bob, c.ID, desk.TaskDecide); code(err) != text.CodeForbidden {
		t.Fatalf("who disagreed decides: %v", err)
	}
	w.lease(eve, c.ID, desk.TaskDecide)
	c = w.is(w.db2(w.desk.Decide(w.ctx, eve, c.ID, 0, grant)), nil, claim.Decided)
	if d := c.Standing(); d.By.ID != eve.ID || d.Second == nil {
		t.Errorf("decided by %+v with %+v", d.By, d.Second)
	}
	w.later(8 * 24 * time.Hour)
	if got := w.get(c.ID); got.State != claim.Closed || got.Remedy.State != claim.RemedyOrdered {
		t.Errorf("after the appeal window: %s, %+v", got.State, got.Remedy)
	}
	w.chain(c.ID)
}

func TestPolicyNeedsTwoPeopleAndNotice(t *testing.T) {
	w := newWorld(t, policy.Default())
	source := string(policy.Default()) + "\n# another text\n"
	v, err := w.desk.DraftPolicy(w.ctx, opal, source, "", false)
	w.must(err)
	if _, err := w.desk.ApprovePolicy(w.ctx, opal, v.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.ApprovePolicy(w.ctx, opal, v.ID, nil); code(err) != desk.CodeTwoPeople {
		t.Fatalf("one person approves twice: %v", err)
	}
	soon := w.now.Add(time.Hour)
	if _, err := w.desk.ApprovePolicy(w.ctx, otto, v.ID, &soon); code(err) != desk.CodeNotice {
		t.Fatalf("active before the notice has run: %v", err)
	}
	v, err = w.desk.ApprovePolicy(w.ctx, otto, v.ID, nil)
	w.must(err)
	w.later(6 * 24 * time.Hour)
	if id, err := w.desk.LoadedPolicy(w.ctx); err != nil || id == v.ID {
		t.Fatalf("loaded %s early (%v)", id, err)
	}
	w.later(25 * time.Hour)
	w.later(2 * time.Second)
	if id, err := w.desk.LoadedPolicy(w.ctx); err != nil || id != v.ID {
		t.Fatalf("loaded %s, want %s (%v)", id, v.ID, err)
	}
}

func TestStrangersSeeNothing(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 20_000)
	for name, who := range map[string]access.Caller{
		"nobody":         {},
		"another buyer":  {ID: "x", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b2"},
		"another shop":   {ID: "x", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "m2"},
		"link elsewhere": {ID: "b1", Kind: access.CallerLink, Roles: []access.Role{access.RoleBuyer}, Party: "b1", Only: "other"},
		"conflicted":     {ID: "x", Kind: access.CallerSession, Roles: []access.Role{access.RoleReviewer}, Conflicts: []string{"m1"}},
	} {
		if _, err := w.desk.Case(w.ctx, who, c.ID); code(err) != text.CodeNotFound {
			t.Errorf("%s sees the case: %v", name, err)
		}
		if _, err := w.desk.Withdraw(w.ctx, who, c.ID, 0); err == nil {
			t.Errorf("%s withdraws it", name)
		}
	}
	if _, err := w.desk.Case(w.ctx, shop, "c-none"); !errors.Is(err, work.ErrNotFound) {
		t.Errorf("a claim that is not there: %v", err)
	}
}
