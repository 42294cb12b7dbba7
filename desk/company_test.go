package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/policy"
)

// teller finds one photo altered, and says of each of its siblings that it bears
// the place out; meanwhile is called while it looks at something.
type teller struct {
	altered   string
	meanwhile func(id string)
	beside    map[string][]string // what each examination held
}

func (l *teller) Examine(_ context.Context, x desk.Examination) (s evidence.Screening, _ []desk.Fingerprint, _ error) {
	var ids []string
	for _, it := range x.Siblings {
		ids = append(ids, it.ID)
	}
	l.beside[x.Item.ID] = ids
	if l.meanwhile != nil {
		l.meanwhile(x.Item.ID)
	}
	s.Detectors = "t"
	if x.Item.ID == l.altered {
		s.Findings = append(s.Findings, evidence.Finding{
			Code: evidence.ReferenceSameCapture, Strength: evidence.Strong, Stance: evidence.Against,
			Regions: []evidence.Region{{X: 0.1, Y: 0.1, Width: 0.1, Height: 0.1, Kind: evidence.Altered}},
		})
		for _, id := range ids {
			s.Findings = append(s.Findings, evidence.Finding{Code: evidence.AngleConsistent, Strength: evidence.Weak, Stance: evidence.For, Reference: id})
		}
	}
	return s, nil, nil
}

// drafted files a draft with photos, which the examiner has not looked at.
func (w *world) drafted(d *desk.Desk, photos int) (id string, ids []string) {
	w.t.Helper()
	filed, err := d.File(w.ctx, buyer, desk.Filing{OrderID: w.order(5_000), Kind: claim.ReturnRefund, Reason: claim.Damaged, Story: "Broken."})
	w.must(err)
	for range photos {
		ids = append(ids, w.added(d, filed.Claim.ID))
	}
	return filed.Claim.ID, ids
}

func (w *world) added(d *desk.Desk, id string) string {
	w.t.Helper()
	w.n++
	it, err := d.AddEvidence(w.ctx, buyer, id, desk.Upload{Purpose: evidence.Other, Medium: evidence.Photo, Data: strings.NewReader(fmt.Sprintf("\xff\xd8\xff\xe0 %d", w.n))})
	w.must(err)
	return it.ID
}

func (w *world) evidence(id string) (it evidence.Item, err error) {
	err = w.db.Read(w.ctx, func(tx desk.Tx) (err error) { it, err = tx.Evidence(w.ctx, id); return err })
	return it, err
}

// TestPhotosSentTogetherAreAskedAboutEachOther: a photo that comes, or is
// examined, while an altered one is being examined is asked about it, whichever
// of the two is done first.
func TestPhotosSentTogetherAreAskedAboutEachOther(t *testing.T) {
	w := newWorld(t, policy.Default())
	l := &teller{beside: map[string][]string{}}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: w.desk.Now, Examine: l})
	id, ids := w.drafted(d, 1)
	l.altered = ids[0]
	var late string
	l.meanwhile = func(string) {
		if late == "" {
			late = w.added(d, id)
		}
	}
	w.must(d.Screen(w.ctx, ids[0]))
	if got := l.beside[ids[0]]; !slices.Equal(got, []string{late}) {
		t.Errorf("the altered one was examined beside %q, want %q", got, late)
	}

	// The other way round: the honest one is being examined while the altered one's
	// result is kept. It was there, so the altered one has asked it; it is not asked
	// for ever, either.
	l.meanwhile, l.altered = nil, ""
	_, ids = w.drafted(d, 2)
	l.altered = ids[0]
	looks := 0
	l.meanwhile = func(x string) {
		if x != ids[1] {
			return
		}
		if looks++; looks == 1 {
			w.must(d.Screen(w.ctx, ids[0]))
		}
	}
	w.must(d.Screen(w.ctx, ids[1]))
	if looks != 2 {
		t.Errorf("looked at %d times, want once more than the altered one's result came", looks)
	}
	for _, x := range ids {
		if it, err := w.evidence(x); err != nil || it.Screening == nil {
			t.Errorf("%s was not kept: %v", x, err)
		}
	}
}

// TestCompanyThatNeverEnds: an item is examined so many times and no more.
func TestCompanyThatNeverEnds(t *testing.T) {
	w := newWorld(t, policy.Default())
	l := &teller{beside: map[string][]string{}}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: w.desk.Now, Examine: l})
	id, ids := w.drafted(d, 1)
	l.altered = ids[0]
	looks := 0
	l.meanwhile = func(string) { looks++; w.added(d, id) }
	w.must(d.Screen(w.ctx, ids[0]))
	if it, err := w.evidence(ids[0]); err != nil || it.Screening == nil || looks > 5 {
		t.Errorf("%d looks, %v", looks, err)
	}
}

// TestWithdrawnWitness: what a photo said of another goes with it.
func TestWithdrawnWitness(t *testing.T) {
	w := newWorld(t, policy.Default())
	l := &teller{beside: map[string][]string{}}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: w.desk.Now, Examine: l})
	id, ids := w.drafted(d, 3)
	l.altered = ids[0]
	for _, x := range ids {
		w.must(d.Screen(w.ctx, x))
	}
	if _, err := d.WithdrawEvidence(w.ctx, buyer, id, ids[1]); err != nil {
		t.Fatal(err)
	}
	it, err := w.evidence(ids[0])
	w.must(err)
	var named []string
	for _, f := range it.Screening.Findings {
		if f.Code == evidence.AngleConsistent {
			named = append(named, f.Reference)
		}
	}
	if !slices.Equal(named, []string{ids[2]}) || len(it.Screening.Findings) != 2 {
		t.Errorf("left is %+v", it.Screening.Findings)
	}
}
