package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/work"
)

// Aligner lays one picture over another.
type Aligner interface {
	// Align says where the photo b lies in the photo a, both by the SHA-256 of
	// their bytes; ok is false where the two have nothing in common. An
	// *imaging.Error means that one of them cannot be read.
	Align(ctx context.Context, a, b string) (l Laid, ok bool, err error)
}

// Laid is one picture laid over another.
type Laid struct {
	// Matrix takes a point of b, in fractions of its upright size, to one of
	// a: x = m[0]u + m[2]v + m[4], y = m[1]u + m[3]v + m[5], the order of a
	// style sheet's matrix().
	Matrix [6]float64 `json:"matrix"`
	// Residual is how far the two lie apart, in pixels of a, typically.
	Residual float64 `json:"residual"`
}

// The roles of a reference.
const (
	RoleListing = "listing" // the shop's own picture of the article
	RolePacking = "packing" // the shop's record of packing it
	RoleClaim   = "claim"   // evidence of another claim
)

// Alignment is how a reference lies in a claim picture, for somebody who
// compares the two.
type Alignment struct {
	Reference string            `json:"reference" doc:"The id of the evidence compared with"`
	Role      string            `json:"role" enum:"listing,packing,claim"`
	Code      evidence.Code     `json:"code,omitempty" doc:"Of the finding; none where nothing was found"`
	Strength  evidence.Strength `json:"strength,omitempty"`
	Matrix    []float64         `json:"matrix" doc:"Takes a point (u, v) of the reference, in fractions of its upright size, to one of the claim picture: x = m0·u + m2·v + m4, y = m1·u + m3·v + m5; null where the two do not align"`
	Residual  float64           `json:"residual_px" doc:"How far the two lie apart where they align, in pixels of the claim picture"`
	Regions   []evidence.Region `json:"regions" nullable:"false" doc:"Where the claim picture differs, in fractions of its upright size"`
	Best      bool              `json:"best" doc:"The one to begin with"`
}

// maxAlignments bounds the pairs that one call compares.
const maxAlignments = 20

// Alignments lists how the references that a photo was found to share its
// pixels with lie in it, the best first. Where none was found it lists what
// the photo could be compared with by eye. It is for those who see all that
// was found.
func (d *Desk) Alignments(ctx context.Context, by access.Caller, id string) ([]Alignment, error) {
	it, refs, err := d.alignable(ctx, by, id)
	if err != nil {
		return nil, err
	}
	out := []Alignment{}
	for _, r := range refs[:min(len(refs), maxAlignments)] {
		a := r.Alignment
		if a.Code != "" && it.Medium == evidence.Photo && r.item.Medium == evidence.Photo && d.opts.Align != nil {
			if err := d.align(ctx, it, r.item, &a); err != nil {
				return nil, err
			}
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, bestFirst)
	if len(out) > 0 && out[0].Matrix != nil {
		out[0].Best = true
	}
	return out, nil
}

// align fills in where the reference lies; one that cannot be read lies nowhere.
func (d *Desk) align(ctx context.Context, it, ref evidence.Item, a *Alignment) error {
	l, ok, err := d.opts.Align.Align(ctx, it.SHA256, ref.SHA256)
	var unread *imaging.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &unread), errors.Is(err, work.ErrNotFound):
		return nil
	case err != nil:
		return err
	case ok:
		a.Matrix, a.Residual = l.Matrix[:], l.Residual
	}
	return nil
}

// compared is an alignment to be, with what it is of.
type compared struct {
	Alignment
	item evidence.Item
}

// alignable reads an item and its references, as far as the caller may see them.
func (d *Desk) alignable(ctx context.Context, by access.Caller, id string) (it evidence.Item, refs []compared, err error) {
	err = d.read(ctx, func(tx Tx) error {
		refs = nil
		if it, err = tx.Evidence(ctx, id); err != nil {
			return err
		}
		if it.WithdrawnAt != nil {
			return notFound()
		}
		if it.ClaimID == "" { // a reference itself
			if !office(by) {
				return notFound()
			}
			return nil
		}
		c, err := d.seen(ctx, tx, by, it.ClaimID)
		if err != nil {
			return err
		}
		if DepthOf(by, c) != DepthReviewer {
			return forbidden()
		}
		if refs, err = found(ctx, tx, by, it); err != nil || len(refs) > 0 {
			return err
		}
		refs, err = plausible(ctx, tx, c)
		return err
	})
	return it, refs, err
}

// found lists the references that the item's findings name, each once.
func found(ctx context.Context, tx Tx, by access.Caller, it evidence.Item) (out []compared, err error) {
	if it.Screening == nil {
		return nil, nil
	}
	seen := map[string]bool{}
	for _, f := range it.Screening.Findings { // strongest first
		if !lies(f.Code) || seen[f.Reference] {
			continue
		}
		seen[f.Reference] = true
		ref, err := tx.Evidence(ctx, f.Reference)
		if errors.Is(err, work.ErrNotFound) || err == nil && ref.WithdrawnAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if ok, err := mayCompare(ctx, tx, by, ref); err != nil || !ok {
			if err != nil {
				return nil, err
			}
			continue
		}
		regions := f.Regions
		if regions == nil {
			regions = []evidence.Region{}
		}
		out = append(out, compared{Alignment{Reference: ref.ID, Role: roleOf(ref), Code: f.Code, Strength: f.Strength, Regions: regions}, ref})
	}
	return out, nil
}

// lies is whether a finding of this kind says that its reference lies somewhere
// in the photo, be it only a label, or a part of a comparison.
func lies(c evidence.Code) bool {
	switch c {
	case evidence.ReferenceSameCapture, evidence.ReuseSameCapture, evidence.ReferenceBeside, evidence.ReferenceSharedGraphics:
		return true
	}
	return false
}

// mayCompare is whether the caller may see a reference that lies with another
// claim: not with one that they have to do with themselves.
func mayCompare(ctx context.Context, tx Tx, by access.Caller, ref evidence.Item) (bool, error) {
	if ref.ClaimID == "" {
		o, err := tx.Order(ctx, ref.OrderID)
		if errors.Is(err, work.ErrNotFound) {
			return false, nil
		}
		return mayReadOrder(by, o), err
	}
	c, err := tx.Claim(ctx, ref.ClaimID)
	if errors.Is(err, work.ErrNotFound) {
		return false, nil
	}
	return err == nil && MayRead(by, c), err
}

// plausible lists the order's own photos, the listing first.
func plausible(ctx context.Context, tx Tx, c *claim.Claim) (out []compared, err error) {
	media, err := tx.EvidenceOfOrder(ctx, c.OrderID)
	for _, m := range media {
		if m.Medium == evidence.Photo {
			out = append(out, compared{Alignment{Reference: m.ID, Role: roleOf(m), Regions: []evidence.Region{}}, m})
		}
	}
	slices.SortStableFunc(out, func(a, b compared) int { return bestFirst(a.Alignment, b.Alignment) })
	return out, err
}

func roleOf(it evidence.Item) string {
	switch {
	case it.ClaimID != "":
		return RoleClaim
	case it.Purpose == evidence.Listing:
		return RoleListing
	}
	return RolePacking
}

// bestFirst puts what aligns before what does not, the stronger finding before
// the weaker, and the listing before the rest.
func bestFirst(a, b Alignment) int {
	rank := func(x Alignment) int {
		n := 10 * x.Strength.Rank()
		if x.Matrix != nil {
			n += 100
		}
		return n + map[string]int{RoleListing: 2, RolePacking: 1}[x.Role]
	}
	return cmp.Compare(rank(b), rank(a))
}
