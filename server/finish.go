package server

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
)

// DeskUploads makes finished uploads evidence of claims and media of orders.
// dir is where unfinished ones lie.
func DeskUploads(d *desk.Desk, dir string) UploadOptions {
	return UploadOptions{
		Dir: dir,
		Check: func(ctx context.Context, by desk.Caller, m UploadMeta, _ int64) error {
			if !slices.Contains(evidence.Purposes, evidence.Purpose(m.Purpose)) {
				return say(desk.CodeInvalid, "header.Upload-Metadata", "purpose must be one of: whole, close_up, second_angle, unboxing, destruction, label, packing, listing, other.", "purpose 须为规定的证据用途之一。")
			}
			if m.ClaimID != "" {
				return d.MayAddTo(ctx, by, m.ClaimID)
			}
			return d.MayAddToOrder(ctx, by, m.OrderID)
		},
		Finish: func(ctx context.Context, by desk.Caller, u Upload) (string, error) {
			return finishUpload(ctx, d, by, u)
		},
	}
}

// finishUpload keeps the bytes and tells the desk. Called again, it finds what
// it made the first time by bytes and purpose.
func finishUpload(ctx context.Context, d *desk.Desk, by desk.Caller, u Upload) (string, error) {
	r, err := u.Open()
	if err != nil {
		return "", err
	}
	defer r.Close() //nolint:errcheck // read only
	sha, size, err := d.Blobs().Put(ctx, r, desk.MaxVideo)
	if err != nil {
		return "", err
	}
	medium, err := mediumOf(ctx, d.Blobs(), sha, size)
	if err != nil {
		return "", err
	}
	m := u.Meta
	up := desk.Upload{Purpose: evidence.Purpose(m.Purpose), Medium: medium, Name: m.Name, Captured: m.Captured, LineID: m.LineID, Side: claim.Party(m.Party), SHA256: sha, Size: size}
	have, err := uploadedBefore(ctx, d, by, m)
	if err != nil {
		return "", err
	}
	for _, it := range have {
		if it.SHA256 == sha && string(it.Purpose) == m.Purpose {
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

func uploadedBefore(ctx context.Context, d *desk.Desk, by desk.Caller, m UploadMeta) ([]evidence.Item, error) {
	if m.ClaimID == "" {
		return d.OrderMedia(ctx, by, m.OrderID)
	}
	c, err := d.Case(ctx, by, m.ClaimID)
	return c.Evidence, err
}

// mediumOf says by the first bytes whether a file is a film, words or a photo;
// the desk looks again and refuses what is none of them.
func mediumOf(ctx context.Context, blobs desk.Blobs, sha string, size int64) (evidence.Medium, error) {
	r, err := blobs.Open(ctx, sha, 0, min(size, 512))
	if err != nil {
		return "", err
	}
	defer r.Close() //nolint:errcheck // read only
	head, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	kind := http.DetectContentType(head)
	still := len(head) >= 12 && slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"}, string(head[8:12]))
	switch {
	case still:
		return evidence.Photo, nil
	case strings.HasPrefix(kind, "video/"), len(head) >= 12 && string(head[4:8]) == "ftyp":
		return evidence.Video, nil
	case strings.HasPrefix(kind, "text/"):
		return evidence.Statement, nil
	}
	return evidence.Photo, nil
}
