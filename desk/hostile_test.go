package desk_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

// hostile is a policy that wants whatever a digest of the facts says: to pay,
// to lapse, to give windows of a second. No version of it is fair; the
// guarantees must hold all the same.
type hostile struct {
	seed byte
	// moods, in rules that keep not even their own promises, holds the facts
	// that were routed before: the first answer to some differs from all later
	// ones, and some rules' names are words. Other rules have none.
	moods map[[sha256.Size]byte]bool
}

func (h hostile) ID() string                 { return fmt.Sprintf("Phostile%03d", h.seed) }
func (h hostile) Name() string               { return "hostile" }
func (h hostile) VideoFrom() claim.VideoFrom { return claim.VideoFrom{"CNY": 1 << 40} }

func (h hostile) Terms() claim.Terms {
	return claim.Terms{
		MerchantWindow: claim.MinMerchantWindow, BuyerWindow: claim.MinBuyerWindow, OfferWindow: claim.MinOfferWindow,
		ReviewWindow: 24 * time.Hour, VisitWindow: 48 * time.Hour, AppealWindow: claim.MinAppealWindow,
		FourEyes: map[string]int64{"CNY": 50_000}, HoldFrom: map[string]int64{"CNY": 10_000}, SecondReading: 0.5,
	}
}

func (h hostile) Route(f claim.Facts) (claim.Routing, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return claim.Routing{}, err
	}
	sum := sha256.Sum256(append(data, h.seed))
	actions := append([]claim.Action{claim.ActSettle, claim.ActSettle, claim.ActSettle, claim.ActLapse, claim.ActOfferReturn, claim.ActReview, claim.ActReview}, claim.Actions...)
	pick := int(sum[0])
	if h.moods != nil && sum[2] < 64 && !h.moods[sum] {
		h.moods[sum] = true
		pick++
	}
	r := claim.Routing{Policy: h.ID(), Rule: "whim", Action: actions[pick%len(actions)], Ask: text.Text{EN: "?", ZH: "？"}}
	if h.moods != nil && sum[3] < 32 {
		r.Rule = whim
	}
	if sum[1] < 16 {
		r.Window = time.Second // a trap
	}
	return r, nil
}

// whim is a rule's name that quotes somebody.
const whim = "unfair, said Wang Xiaoming"

// boast is a detector that calls conclusive whatever it likes.
type boast struct{}

// Examine draws its findings from the digest of the bytes.
func (boast) Examine(_ context.Context, x desk.Examination) (evidence.Screening, []desk.Fingerprint, error) {
	sum := sha256.Sum256([]byte(x.Item.SHA256))
	s := evidence.Screening{Detectors: "boast"}
	for _, b := range sum[:1+sum[31]%3] {
		s.Findings = append(s.Findings, evidence.Finding{
			Code: "reference.same_capture", Stance: []evidence.Stance{evidence.Against, evidence.For, evidence.Neutral}[b%3],
			Strength:   []evidence.Strength{evidence.Conclusive, evidence.Conclusive, evidence.Strong, evidence.Weak}[b/3%4],
			FalseAlarm: []float64{0, -1, 1e-9, 5e-4, 0.02, 1}[b/12%6],
		})
	}
	return s, nil, nil
}

// play is one random history of a marketplace under hostile rules.
type play struct {
	*world
	claims []string
	orders []string // of which some are claimed again, and lowered
	// facts that the test keeps for itself, to judge by
	consent  order.Consent
	seen     map[string]*claim.Claim
	steps    int
	changes  int               // how many of the steps changed a claim
	jobs     map[string]string // claim by the evidence that nobody has looked at
	rude     bool              // the rules break their own promises
	told     map[string]*told  // what the platform was told, by the event that told it
	beside   *sql.DB           // sees whether anything in the database has changed
	move     string            // the one that is being made
	version  int64             // of the database, before that
	made     map[string]int    // moves that were made, and not refused, by name
	refusals int               // moves that were refused
}

func newPlay(t *testing.T, dir string, seed byte, rude bool) *play {
	w := &world{t: t, ctx: t.Context(), now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	db, err := store.Open(w.ctx, store.Options{Dir: dir, Now: clock, RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w.db = db
	p := &play{world: w, seen: map[string]*claim.Claim{}, jobs: map[string]string{}, told: map[string]*told{}, made: map[string]int{}, rude: rude}
	w.desk = desk.New(desk.Options{
		Store: db, Blobs: db.Blobs(), Now: clock, Examine: boast{}, Fanout: p.hear,
		Compile: func(source []byte) (desk.Rules, error) {
			h := hostile{seed: source[0]}
			if rude {
				h.moods = map[[sha256.Size]byte]bool{}
			}
			return h, nil
		},
	})
	p.watch(dir)
	w.must(w.desk.FirstPolicy(w.ctx, []byte{seed, 'x'}))
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m1", Name: "Shop"}))
	return p
}

// fresh begins a history that owes nothing to the one before it, so that a
// failure can be played again: no claims, and a shop without a standing consent.
func (p *play) fresh() {
	for _, id := range p.claims {
		_, _ = p.desk.Withdraw(p.ctx, buyer, id, 0) // what is over refuses; the rest would go on taking the next history's time
	}
	p.orders = nil
	p.told = map[string]*told{}
	p.claims, p.seen, p.consent, p.jobs = nil, map[string]*claim.Claim{}, order.Consent{}, map[string]string{}
	_, err := p.desk.KeepMerchant(p.ctx, shop, order.Merchant{ID: "m1", Name: "Shop"}, desk.Sync{Clear: []string{"consent"}})
	p.must(err)
}

// check judges every claim by its record and its state alone, not by the code
// that is under test.
func (p *play) check(t *rapid.T) {
	p.steps++
	for _, id := range p.claims[max(0, len(p.claims)-6):] {
		c := p.get(id)
		before := p.seen[id]
		if before != nil && before.Version == c.Version {
			continue
		}
		p.seen[id] = c
		p.changes++
		for _, broken := range p.broken(c, before) {
			data, _ := json.MarshalIndent(c, "", " ")
			t.Fatalf("%s\n%s", broken, data)
		}
	}
}

func (p *play) broken(c, before *claim.Claim) (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	events, err := p.desk.Events(p.ctx, opal, c.ID)
	p.must(err)
	known := 0
	if before != nil {
		known = len(before.Decisions)
	}
	out = append(out, p.overdrawn(c, before, events)...)
	for _, d := range c.Decisions[min(known, len(c.Decisions)):] {
		agreed := c.Heard != nil && c.Heard.How == claim.HeardConsent || d.By.Role == access.RoleMerchant || len(d.Reasons) > 0 && d.Reasons[0] == "offer_accepted"
		if d.Remedy.Kind != "" && c.Heard == nil && !agreed {
			say("heard: a remedy against a merchant nobody heard")
		}
		if d.Remedy.Kind != "" && c.Heard != nil && c.Heard.How == claim.HeardConsent && d.By.Role == access.RoleMachine && !p.consent.Covers(string(d.Remedy.Kind), string(c.Reason), c.Categories, d.Remedy.Amount) {
			say("heard: settled beyond the consent %+v", p.consent)
		}
		if c.Heard != nil && c.Heard.How == claim.HeardSilence {
			if asked := when(events, "claim.merchant_asked", c.Heard.At); asked.IsZero() || c.Heard.At.Sub(asked) < claim.MinMerchantWindow {
				say("heard: silence after %v", c.Heard.At.Sub(asked))
			}
			// A standing consent that reaches the remedy is an agreement, silent or not.
			keeps := d.Remedy.Kind == claim.RefundOnly || d.Remedy.Kind == claim.PartialRefund
			if d.By.Role == access.RoleMachine && keeps && !p.consent.Covers(string(d.Remedy.Kind), string(c.Reason), c.Categories, d.Remedy.Amount) {
				say("heard: forced into a refund without return")
			}
		}
		person := d.By.Role == access.RoleReviewer || d.By.Role == access.RoleSenior
		if (d.Outcome == claim.Refused || d.Outcome == claim.Granted || d.Outcome == claim.Partly) && !person {
			say("human: %s by %s", d.Outcome, d.By.Role)
		}
		if person && c.Ask.Amount >= 50_000 && (d.Second == nil || d.Second.ID == d.By.ID) {
			say("human: no second pair of eyes")
		}
		for _, e := range c.Decisions {
			if e.Round != d.Round && person && e.By.ID == d.By.ID {
				say("human: the appeal came back to the same reviewer")
			}
		}
		if d.Outcome == claim.Lapsed && len(c.Appeals) > 0 {
			say("human: an appeal lapsed by machine")
		}
		if len(d.Reasons) == 0 || d.Facts == "" || d.Policy == "" || d.By.ID == "" || person && d.Text == "" {
			say("explained: %+v", d)
		}
	}
	for _, r := range c.Routings {
		if err := p.replays(r); err != nil {
			say("replayable: %v", err)
		}
	}
	if before != nil {
		if len(c.Decisions) < len(before.Decisions) || len(c.Evidence) < len(before.Evidence) || len(c.Routings) < len(before.Routings) {
			say("kept: something is gone")
		}
		old, _ := json.Marshal(before.Decisions)
		now, _ := json.Marshal(c.Decisions[:min(len(before.Decisions), len(c.Decisions))])
		if len(before.Decisions) > 0 && string(old) != string(now) {
			say("kept: a decision changed")
		}
	}
	prev := ""
	for i, e := range events {
		if e.No != int64(i+1) || e.Prev != prev || record.Hash(e) != e.Hash {
			say("kept: event %d breaks the chain", i+1)
		}
		prev = e.Hash
		for _, words := range []string{"never came", "so it is", "not so", "unfair", "here it is", "holidays"} {
			if strings.Contains(string(e.Body), words) {
				say("private: %q is in the record", words)
			}
		}
	}
	out = append(out, p.unbounded(c)...)
	if c.State == claim.Screening && p.screening(c.ID) {
		return out // somebody will look at its evidence
	}
	return append(out, onTimeBroken(c)...)
}

// screening is whether a claim has evidence that nobody has looked at.
func (p *play) screening(id string) bool {
	for _, of := range p.jobs {
		if of == id {
			return true
		}
	}
	return false
}

// unbounded names what is kept as conclusive without a bound that allows it.
func (p *play) unbounded(c *claim.Claim) (out []string) {
	if len(c.Evidence) == 0 {
		return nil
	}
	x, err := p.desk.Case(p.ctx, opal, c.ID)
	p.must(err)
	for _, it := range x.Evidence {
		if it.Screening == nil {
			continue
		}
		for _, f := range it.Screening.Findings {
			if f.Strength == evidence.Conclusive && (f.FalseAlarm <= 0 || f.FalseAlarm > 1e-3) {
				out = append(out, fmt.Sprintf("bounded: conclusive with a bound of %g", f.FalseAlarm))
			}
		}
	}
	return out
}

// onTimeBroken says what is wrong with a claim's clocks.
func onTimeBroken(c *claim.Claim) (out []string) {
	floor := map[claim.State]time.Duration{claim.AskedShop: 24 * time.Hour, claim.AskedBuy: 24 * time.Hour, claim.Offered: 12 * time.Hour, claim.Decided: 72 * time.Hour, claim.InReview: time.Hour, claim.Visiting: time.Hour}
	least, waits := floor[c.State]
	if waits && len(c.Clocks) != 1 || !waits && len(c.Clocks) != 0 {
		return []string{fmt.Sprintf("on time: %d clocks while %s", len(c.Clocks), c.State)}
	}
	if waits && c.Clocks[0].Due.Sub(c.Clocks[0].SetAt) < least {
		return []string{fmt.Sprintf("on time: a window of %v while %s", c.Clocks[0].Due.Sub(c.Clocks[0].SetAt), c.State)}
	}
	if c.State == claim.Screening {
		return []string{"on time: a claim waits in screening with nothing to screen"}
	}
	return nil
}

// when is the last time before another that something happened.
func when(events []record.Event, kind string, before time.Time) (at time.Time) {
	for _, e := range events {
		if e.Kind == kind && e.At.Before(before) {
			at = e.At
		}
	}
	return at
}

// replays routes kept facts again.
func (p *play) replays(r claim.Routed) error {
	var data []byte
	err := p.db.Read(p.ctx, func(tx desk.Tx) (err error) {
		data, err = tx.Facts(p.ctx, r.Facts)
		return err
	})
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); fmt.Sprintf("%x", sum) != r.Facts {
		return errors.New("the facts are not those of the digest")
	}
	var f claim.Facts
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(r.Policy, "Phostile"))
	if err != nil {
		return err
	}
	again, err := hostile{seed: byte(n)}.Route(f)
	wanted := r.Action
	if r.Overruled != "" {
		wanted = r.Wanted
	}
	if err == nil && again.Action != wanted {
		err = fmt.Errorf("routed %s, then %s", wanted, again.Action)
	}
	return err
}

// TestGuaranteesHoldUnderHostilePolicies drives random histories under random
// rules; every move is judged for all guarantees at once. EVENHAND_MOVES sets
// how many moves at least (make test-long: 100,000).
func TestGuaranteesHoldUnderHostilePolicies(t *testing.T) {
	want := 3000
	if testing.Short() {
		want = 600
	}
	if s := os.Getenv("EVENHAND_MOVES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("EVENHAND_MOVES: %v", err)
		}
		want = n
	}
	moves, changes, histories, refusals, made := 0, 0, 0, 0, map[string]int{}
	// Fewer than 3000 may well miss a rare move, and so may more: then a few more are made.
	for moves < want || want >= 3000 && moves < 4*want && len(never(made)) > 0 {
		p := newPlay(t, t.TempDir(), byte(histories), histories%3 == 2)
		// One history is drawn by rapid, so that a failure is shrunk within it.
		rapid.Check(t, func(rt *rapid.T) {
			p.fresh()
			actions := p.moves()
			actions[""] = p.check
			rt.Repeat(actions)
		})
		moves, changes, refusals = moves+p.steps, changes+p.changes, refusals+p.refusals
		for name, n := range p.made {
			made[name] += n
		}
		histories++
		p.must(p.db.Close())
	}
	if list := never(made); len(list) > 0 && want >= 3000 {
		t.Errorf("nobody has ever managed to %s in %d moves: what follows from that was judged never", strings.Join(list, ", "), moves)
	}
	t.Logf("made: %v; %d refused, each of which left the database as it was", made, refusals)
	t.Logf("%d moves under %d sets of rules (%d changes of claims), each judged for heard, human, explained, replayable, kept, on time, bounded, private and within", moves, histories, changes)
}

// never are the moves that nobody has managed to make.
func never(made map[string]int) (list []string) {
	for name := range (&play{}).moves() {
		if name, more, _ := strings.Cut(name, again); more == "" && made[name] == 0 {
			list = append(list, name)
		}
	}
	return list
}

// listener is a test that may fail without failing the one that runs it.
type listener struct {
	testing.TB
	said strings.Builder
	bad  bool
}

func (l *listener) Helper()                    {}
func (l *listener) Name() string               { return "listener" }
func (l *listener) Failed() bool               { return l.bad }
func (l *listener) Fail()                      { l.bad = true }
func (l *listener) FailNow()                   { l.bad = true; runtime.Goexit() }
func (l *listener) Log(args ...any)            { fmt.Fprintln(&l.said, args...) }
func (l *listener) Logf(f string, args ...any) { fmt.Fprintf(&l.said, f+"\n", args...) }
func (l *listener) Error(args ...any)          { l.Log(args...); l.Fail() }
func (l *listener) Errorf(f string, a ...any)  { l.Logf(f, a...); l.Fail() }
func (l *listener) Fatal(args ...any)          { l.Log(args...); l.FailNow() }
func (l *listener) Fatalf(f string, a ...any)  { l.Logf(f, a...); l.FailNow() }

// TestEachGuaranteeIsMissed takes the guarantees away one by one and expects
// the histories above to notice. Nobody can try to break "kept" through the
// desk, and "bounded" is no entry of the list: see make mutants for both.
func TestEachGuaranteeIsMissed(t *testing.T) {
	if os.Getenv("EVENHAND_LONG") == "" {
		t.Skip("a minute of histories; make test-long runs it")
	}
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "1ms", "rapid.steps": "60", "rapid.checks": "80"} {
		f := flag.Lookup(name)
		old := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(old) }()
	}
	for name, word := range map[string]string{"heard": "heard:", "human": "human:", "explained": "explained:", "replayable": "replayable:", "on_time": "on time:", "private": "private:"} {
		t.Run(name, func(t *testing.T) {
			defer desk.Without(name)()
			l := &listener{TB: t}
			// Other rules, other holes: what one set never tries the next may.
			for seed := byte(7); seed < 107 && !l.bad; seed++ {
				p := newPlay(t, t.TempDir(), seed, name == "replayable" || name == "private")
				done := make(chan struct{})
				go func() {
					defer close(done)
					rapid.Check(l, func(rt *rapid.T) {
						p.fresh()
						actions := p.moves()
						actions[""] = p.check
						rt.Repeat(actions)
					})
				}()
				<-done
				p.must(p.db.Close())
			}
			if !l.bad || !strings.Contains(l.said.String(), word) {
				t.Errorf("nobody misses the guarantee %q:\n%s", name, l.said.String())
			}
		})
	}
}
