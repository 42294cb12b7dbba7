package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// layer lays pictures as a table says, by the second one's hash.
type layer map[string]float64

func (l layer) Align(_ context.Context, _, b string) (desk.Laid, bool, error) {
	x, ok := l[b]
	if x < 0 {
		return desk.Laid{}, false, &imaging.Error{Code: imaging.Broken}
	}
	return desk.Laid{Matrix: [6]float64{1, 0, 0, 1, x, 0}, Residual: 0.1}, ok, nil
}

// media adds a picture to a claim's order.
func (w *world) media(orderID string, p evidence.Purpose, words string) evidence.Item {
	w.t.Helper()
	it, err := w.desk.AddOrderMedia(w.ctx, shop, orderID, desk.Upload{Purpose: p, Medium: evidence.Photo, Data: strings.NewReader("\xff\xd8\xff\xe0 " + words)})
	w.must(err)
	return it
}

// finds writes findings against the references named, as screening would.
func (w *world) finds(id string, f ...evidence.Finding) {
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error {
		return tx.SetScreening(w.ctx, id, evidence.Screening{Findings: f})
	}))
}

func same(code evidence.Code, s evidence.Strength, ref string) evidence.Finding {
	return evidence.Finding{Code: code, Strength: s, Stance: evidence.Against, Reference: ref, Regions: []evidence.Region{{X: 0.5, Width: 0.1, Height: 0.1, Kind: evidence.Altered}}}
}

func TestAlignments(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 20_000)
	other := w.file(claim.RefundOnly, 20_000)
	packing, listing := w.media(c.OrderID, evidence.Packing, "packing"), w.media(c.OrderID, evidence.Listing, "listing")
	w.photo(c.ID, evidence.Whole)
	w.photo(other.ID, evidence.Whole)
	items := func(id string) evidence.Item {
		x, err := w.desk.Case(w.ctx, opal, id)
		w.must(err)
		return x.Evidence[len(x.Evidence)-1]
	}
	it, theirs := items(c.ID), items(other.ID)
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Align: layer{packing.SHA256: 0.25, theirs.SHA256: 0.5}})
	list := func(by access.Caller) (out []string) {
		t.Helper()
		all, err := d.Alignments(w.ctx, by, it.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			s := a.Role
			if a.Matrix == nil {
				s += " nowhere"
			}
			if a.Best {
				s += " best"
			}
			if a.Regions == nil || a.Reference == "" {
				t.Errorf("%+v", a)
			}
			out = append(out, s)
		}
		return out
	}
	want := func(got []string, want string) {
		t.Helper()
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
	want(list(ann), "listing nowhere, packing nowhere")

	// A part of a comparison, or a label, lies where it lies too.
	w.finds(it.ID, same(evidence.ReferenceBeside, evidence.Note, packing.ID))
	want(list(ann), "packing best")
	w.finds(it.ID, same(evidence.ReferenceSharedGraphics, evidence.Note, packing.ID))
	want(list(ann), "packing best")

	w.finds(it.ID, same(evidence.ReuseSameCapture, evidence.Conclusive, theirs.ID), same(evidence.ReferenceSameCapture, evidence.Strong, packing.ID),
		same(evidence.ReferenceSameCapture, evidence.Strong, packing.ID), same(evidence.ReferenceSameCapture, evidence.Conclusive, listing.ID), same("metadata.inconsistent", evidence.Strong, ""))
	want(list(ann), "claim best, packing, listing nowhere")
	all, err := d.Alignments(w.ctx, opal, it.ID)
	if err != nil || all[1].Matrix[4] != 0.25 || all[1].Residual != 0.1 || all[1].Code != evidence.ReferenceSameCapture || all[1].Strength != evidence.Strong || len(all[1].Regions) != 1 {
		t.Errorf("%+v, %v", all, err)
	}

	d = desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Align: layer{packing.SHA256: -1, listing.SHA256: 0.1}})
	want(list(ann), "listing best, claim nowhere, packing nowhere") // a picture that cannot be read lies nowhere

	for _, by := range []access.Caller{buyer, shop, platform} {
		if _, err := d.Alignments(w.ctx, by, it.ID); code(err) != text.CodeForbidden && code(err) != text.CodeNotFound {
			t.Errorf("%s: %v", by.ID, err)
		}
	}
	kin := ann
	kin.Conflicts = []string{"m1"}
	if _, err := d.Alignments(w.ctx, kin, it.ID); code(err) != text.CodeNotFound {
		t.Errorf("a conflicted reviewer: %v", err)
	}
	if got, err := d.Alignments(w.ctx, ann, listing.ID); err != nil || len(got) != 0 {
		t.Errorf("of a reference itself: %v, %v", got, err)
	}
	if _, err := d.Alignments(w.ctx, shop, listing.ID); code(err) != text.CodeNotFound {
		t.Errorf("a shop: %v", err)
	}
}
