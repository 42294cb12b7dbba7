package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
)

// Screen is the job that examines one piece of evidence. Detectors run outside
// any transaction; running it twice changes nothing.
func (d *Desk) Screen(ctx context.Context, evidenceID string) error {
	if d.opts.Examine == nil {
		return nil
	}
	var err error
	for try := range maxLooks {
		// What came while it was examined is asked about too, but not for ever.
		if err = d.screen(ctx, evidenceID, try < maxLooks-1); !errors.Is(err, errCompany) {
			break
		}
	}
	return err
}

// maxLooks bounds how often one item is examined because others came meanwhile.
const maxLooks = 4

// errCompany says that an examination has not seen all it is to be asked about.
var errCompany = errors.New("another photo of the claim came meanwhile")

// screen examines an item and keeps what was found. Where company counts and a
// photo came, or was examined, that would have been asked about this one or this
// one about it, nothing is kept and the error is errCompany: what was worked out
// is not worked out again.
func (d *Desk) screen(ctx context.Context, evidenceID string, company bool) error {
	var x Examination
	err := d.read(ctx, func(tx Tx) (err error) {
		x, err = examination(ctx, tx, evidenceID)
		return err
	})
	if err != nil || x.Item.Screening != nil || x.Item.WithdrawnAt != nil {
		return err
	}
	result, prints, err := d.opts.Examine.Examine(ctx, x)
	if err != nil {
		return fmt.Errorf("examining %s: %w", evidenceID, err)
	}
	if result.Findings == nil {
		result.Findings = []evidence.Finding{}
	}
	result.Findings = bounded(result.Findings)
	result.At = d.now()
	return d.write(ctx, func(tx Tx) error {
		it, err := tx.Evidence(ctx, evidenceID)
		if err != nil || it.Screening != nil || it.WithdrawnAt != nil {
			return err
		}
		if company {
			if err := sawAll(ctx, tx, x, result); err != nil {
				return err
			}
		}
		if err := tx.SetScreening(ctx, evidenceID, result); err != nil {
			return err
		}
		if err := tx.PutFingerprints(ctx, prints); err != nil {
			return err
		}
		if it.ClaimID == "" {
			return nil
		}
		return d.screened(ctx, tx, it, result)
	})
}

// screened writes the event and moves the claim on when this was the last item.
func (d *Desk) screened(ctx context.Context, tx Tx, it evidence.Item, s evidence.Screening) error {
	c, err := tx.Claim(ctx, it.ClaimID)
	if err != nil {
		return err
	}
	codes := []string{}
	for _, f := range s.Findings {
		codes = append(codes, string(f.Code)+":"+string(f.Strength)+":"+string(f.Stance))
	}
	at := d.now()
	if err := d.remark(ctx, tx, c, "screened", access.Machine("screening"), at, map[string]any{"evidence": it.ID, "detectors": s.Detectors, "findings": codes}, []string{it.SHA256}); err != nil {
		return err
	}
	return d.advance(ctx, tx, c, at)
}

// remark adds an event to a claim's chain without a move.
func (d *Desk) remark(ctx context.Context, tx Tx, c *claim.Claim, kind string, by access.Actor, at time.Time, body map[string]any, sha []string) error {
	after := c.Clone()
	ch := claim.Change{Move: claim.MoveName(kind), By: by, At: at, Body: body, Evidence: sha, From: c.State, To: c.State}
	if err := d.commit(ctx, tx, step{Before: c, After: after, Change: ch}); err != nil {
		return err
	}
	*c = *after
	return nil
}

func examination(ctx context.Context, tx Tx, id string) (Examination, error) {
	it, err := tx.Evidence(ctx, id)
	if err != nil {
		return Examination{}, err
	}
	x := Examination{Item: it}
	o, err := tx.Order(ctx, it.OrderID)
	if err != nil {
		return x, err
	}
	x.BuyerID, x.OrderedAt, x.DeliveredAt = o.BuyerID, o.PlacedAt, o.DeliveredAt
	if s := o.Shipment; s != nil {
		x.Lat, x.Lon = s.Lat, s.Lon
	}
	if it.Party != string(claim.Buyer) {
		return x, nil // the shop's own pictures are what others are compared with
	}
	if x.References, err = tx.EvidenceOfOrder(ctx, it.OrderID); err != nil || it.ClaimID == "" {
		return x, err
	}
	x.Siblings, err = siblings(ctx, tx, it)
	return x, err
}

// sawAll is errCompany where the claim holds a photo now that x did not hold, or
// not as examined, and one of the two has a place to ask the other about.
func sawAll(ctx context.Context, tx Tx, x Examination, result evidence.Screening) error {
	if x.Item.ClaimID == "" || x.Item.Party != string(claim.Buyer) || x.Item.Medium != evidence.Photo {
		return nil
	}
	now, err := siblings(ctx, tx, x.Item)
	if err != nil {
		return err
	}
	asks := asksOthers(&result)
	for _, s := range now {
		if s.Medium != evidence.Photo {
			continue
		}
		i := slices.IndexFunc(x.Siblings, func(old evidence.Item) bool { return old.ID == s.ID })
		if i < 0 && asks || asksOthers(s.Screening) && (i < 0 || x.Siblings[i].Screening == nil) {
			return errCompany
		}
	}
	return nil
}

// asksOthers is whether an examination found places that the claim's other
// photos are asked about.
func asksOthers(s *evidence.Screening) bool {
	return s != nil && slices.ContainsFunc(s.Findings, func(f evidence.Finding) bool {
		return f.Code == evidence.ReferenceSameCapture && f.Strength.Rank() >= evidence.Strong.Rank() &&
			slices.ContainsFunc(f.Regions, func(r evidence.Region) bool { return r.Kind == evidence.Altered })
	})
}

// withoutWitness drops what the claim's other photos say of one that is not to be
// looked at any more.
func withoutWitness(ctx context.Context, tx Tx, claimID, gone string) error {
	items, err := tx.EvidenceOfClaim(ctx, claimID)
	if err != nil {
		return err
	}
	about := func(f evidence.Finding) bool {
		return f.Reference == gone && strings.HasPrefix(string(f.Code), "angle.")
	}
	for _, it := range items {
		if it.Screening == nil || !slices.ContainsFunc(it.Screening.Findings, about) {
			continue
		}
		s := *it.Screening
		s.Findings = slices.DeleteFunc(slices.Clone(s.Findings), about)
		if err := tx.SetScreening(ctx, it.ID, s); err != nil {
			return err
		}
	}
	return nil
}

// siblings are what the buyer filed with the same claim beside it.
func siblings(ctx context.Context, tx Tx, it evidence.Item) (out []evidence.Item, err error) {
	items, err := tx.EvidenceOfClaim(ctx, it.ClaimID)
	for _, s := range items {
		if s.ID != it.ID && s.Party == it.Party && s.WithdrawnAt == nil {
			out = append(out, s)
		}
	}
	return out, err
}
