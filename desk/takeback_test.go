package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// looker is an examiner that notes what it was asked about.
type looker struct{ saw []string }

func (l *looker) Examine(_ context.Context, x desk.Examination) (evidence.Screening, []desk.Fingerprint, error) {
	l.saw = append(l.saw, x.Item.ID)
	against := evidence.Finding{Code: evidence.ReferenceSameCapture, Strength: evidence.Conclusive, Stance: evidence.Against, FalseAlarm: 1e-9, Text: text.Text{EN: "x", ZH: "x"}}
	return evidence.Screening{Detectors: "d/1", Findings: []evidence.Finding{against}}, nil, nil
}

// TestWhatIsWithdrawnIsNeitherExaminedNorWaitedFor: a picture that was removed
// from a draft holds nothing up and speaks against nobody, whether it was
// examined before or not.
func TestWhatIsWithdrawnIsNeitherExaminedNorWaitedFor(t *testing.T) {
	w := newWorld(t, policy.Default())
	l := &looker{}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: w.desk.Now, Examine: l})
	filed, err := d.File(w.ctx, buyer, desk.Filing{OrderID: w.order(5_000), Kind: claim.ReturnRefund, Reason: claim.Damaged, Story: "Broken."})
	w.must(err)
	id := filed.Claim.ID
	add := func(p evidence.Purpose) string {
		t.Helper()
		w.n++
		it, err := d.AddEvidence(w.ctx, buyer, id, desk.Upload{Purpose: p, Medium: evidence.Photo, Data: strings.NewReader(fmt.Sprintf("\xff\xd8\xff\xe0 %d", w.n))})
		w.must(err)
		return it.ID
	}
	seen, unseen := add(evidence.Other), add(evidence.Other)
	w.must(d.Screen(w.ctx, seen))
	for _, x := range []string{seen, unseen} {
		if _, err := d.WithdrawEvidence(w.ctx, buyer, id, x); err != nil {
			t.Fatal(err)
		}
		w.must(d.Screen(w.ctx, x)) // its job may still come
	}
	whole, near := add(evidence.Whole), add(evidence.CloseUp)
	c, err := d.Submit(w.ctx, buyer, id, 0)
	w.is(c, err, claim.Screening)
	w.must(d.Screen(w.ctx, whole))
	w.must(d.Screen(w.ctx, near))
	if want := []string{seen, whole, near}; !slices.Equal(l.saw, want) {
		t.Errorf("examined were %q, want %q", l.saw, want)
	}
	c = w.get(id)
	if c.State == claim.Screening || len(c.Evidence) != 2 {
		t.Fatalf("the claim is %s with %+v", c.State, c.Evidence)
	}
	facts, err := factsOf(w, c)
	w.must(err)
	if n := strings.Count(facts, string(evidence.ReferenceSameCapture)); n != 2 {
		t.Errorf("routed by %d findings, want those of the two that were filed: %s", n, facts)
	}
	if _, err := d.WithdrawEvidence(w.ctx, buyer, id, whole); code(err) != text.CodeIllegal {
		t.Errorf("after submission: %v", err)
	}
}

// TestADraftTakesOnlySoMuch: adding and removing goes on for a hundred times and not for ever.
func TestADraftTakesOnlySoMuch(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := &claim.Claim{State: claim.Draft}
	by := access.Actor{ID: "b1", Role: access.RoleBuyer}
	for i := range claim.MaxEvidence {
		x := claim.Exhibit{ID: fmt.Sprint(i), Party: claim.Buyer}
		_, err := c.AddEvidence(x, by)
		w.must(err)
		_, err = c.TakeBack(x.ID, by, w.now)
		w.must(err)
	}
	if _, err := c.AddEvidence(claim.Exhibit{ID: "more", Party: claim.Buyer}, by); err == nil {
		t.Error("a draft takes more than a claim may hold")
	}
}

func factsOf(w *world, c *claim.Claim) (out string, err error) {
	err = w.db.Read(w.ctx, func(tx desk.Tx) error {
		raw, err := tx.Facts(w.ctx, c.Routings[0].Facts)
		out = string(raw)
		return err
	})
	return out, err
}
