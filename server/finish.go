package server

import (
	"context"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// DeskUploads makes finished uploads evidence of claims and media of orders.
// dir is where unfinished ones lie.
func DeskUploads(d *desk.Desk, dir string) UploadOptions {
	return UploadOptions{
		Dir: dir,
		Check: func(ctx context.Context, by access.Caller, m UploadMeta, here, mine int64) error {
			if !slices.Contains(evidence.Purposes, evidence.Purpose(m.Purpose)) {
				return text.Refuse(text.CodeInvalid, "header.Upload-Metadata", "purpose must be one of: whole, close_up, second_angle, unboxing, destruction, label, packing, listing, other.", "purpose 须为规定的证据用途之一。")
			}
			may, id := d.MayAddToOrder, m.OrderID
			if m.ClaimID != "" {
				may, id = d.MayAddTo, m.ClaimID
			}
			if err := may(ctx, by, id); err != nil {
				return err
			}
			return d.MayUpload(ctx, by, m.ClaimID, m.OrderID, here, mine)
		},
		Room: d.RoomFor,
		Finish: func(ctx context.Context, by access.Caller, u Upload) (string, error) {
			return finishUpload(ctx, d, by, u)
		},
	}
}

// finishUpload tells the desk of the bytes. Called again, it finds what it made
// the first time by bytes and purpose.
func finishUpload(ctx context.Context, d *desk.Desk, by access.Caller, u Upload) (string, error) {
	r, err := u.Open()
	if err != nil {
		return "", err
	}
	defer r.Close() //nolint:errcheck // read only
	staged, err := d.Stage(ctx, r, desk.MaxVideo)
	if err != nil {
		return "", err
	}
	defer staged.Drop()
	head, err := staged.Head(512)
	if err != nil {
		return "", err
	}
	m := u.Meta
	up := desk.Upload{Purpose: evidence.Purpose(m.Purpose), Medium: desk.MediumOf(head), Name: m.Name, Captured: m.Captured, LineID: m.LineID, Side: claim.Party(m.Party), Staged: staged}
	have, err := uploadedBefore(ctx, d, by, m)
	if err != nil {
		return "", err
	}
	for _, it := range have {
		// Whose it is stands with one's own alone: the same file from the other side is not what was sent here before.
		if it.By != "" && it.SHA256 == staged.SHA256() && string(it.Purpose) == m.Purpose {
			return it.ID, nil
		}
	}
	if m.ClaimID != "" {
		it, err := d.AddEvidence(ctx, by, m.ClaimID, up)
		return it.ID, err
	}
	it, err := d.AddOrderMedia(ctx, by, m.OrderID, up)
	return it.ID, err
}

func uploadedBefore(ctx context.Context, d *desk.Desk, by access.Caller, m UploadMeta) ([]evidence.Item, error) {
	if m.ClaimID == "" {
		return d.OrderMedia(ctx, by, m.OrderID)
	}
	c, err := d.Case(ctx, by, m.ClaimID)
	return c.Evidence, err
}
