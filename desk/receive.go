package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Upload is a file that a party sends in.
type Upload struct {
	Purpose  evidence.Purpose
	Medium   evidence.Medium
	Name     string // the file's own name; shown, never used as a path
	Captured string // "upload" or "camera"
	LineID   string
	// Side is for whom a platform sends it; empty is the buyer.
	Side claim.Party
	// Data is read to its end; or Staged holds the bytes already.
	Data   io.Reader
	Staged Staged
}

// AddEvidence keeps a file as evidence of a claim and has it examined. All that
// can be refused is refused before the bytes are kept, so that nothing lies
// about that belongs to nobody. A file that this side has filed with the claim
// before, byte for byte, is refused with the place where it is: a second photo
// is asked for to see more than the first.
func (d *Desk) AddEvidence(ctx context.Context, by access.Caller, claimID string, u Upload) (evidence.Item, error) {
	var side claim.Party
	actor := by.As(access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator)
	exhibit := func(it evidence.Item, at time.Time) claim.Exhibit {
		return claim.Exhibit{ID: it.ID, Party: side, Purpose: it.Purpose, Medium: it.Medium, SHA256: it.SHA256, At: at}
	}
	might := func(size int64) error {
		return d.read(ctx, func(tx Tx) error {
			c, err := tx.Claim(ctx, claimID)
			if err != nil {
				return err
			}
			var ok bool
			if side, ok = sideFor(by, c, u.Side); !ok {
				return notFound()
			}
			if _, err := c.Clone().AddEvidence(exhibit(evidence.Item{ID: "v", Purpose: u.Purpose, Medium: u.Medium}, d.now()), actor); err != nil {
				return err
			}
			return d.inShares(ctx, tx, by, claimSubject(claimID), size, size)
		})
	}
	it, staged, err := d.receive(ctx, u, might)
	if err != nil {
		return it, err
	}
	defer staged.Drop()
	_, err = d.change(ctx, by, claimID, 0, func(tx Tx, c *claim.Claim, at time.Time) error {
		if err := unlikeOthers(c, side, it); err != nil {
			return err
		}
		it.ID, it.ClaimID, it.OrderID, it.Party, it.By, it.ReceivedAt = d.newID("v", at), c.ID, c.OrderID, string(side), actor.ID, at
		err := d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			if err := d.keepRow(ctx, tx, by, claimSubject(c.ID), it); err != nil {
				return claim.Change{}, err
			}
			return c.AddEvidence(exhibit(it, at), actor)
		})
		if err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: JobScreen, Subject: it.ID})
	})
	if err == nil {
		err = d.stillKept(ctx, staged)
	}
	return it, err
}

// maxOrderMedia bounds the pictures of one order.
const maxOrderMedia = 200

// AddOrderMedia keeps a listing or packing picture with an order.
func (d *Desk) AddOrderMedia(ctx context.Context, by access.Caller, orderID string, u Upload) (evidence.Item, error) {
	own := false
	room := func(tx Tx) error {
		have, err := tx.EvidenceOfOrder(ctx, orderID)
		if err == nil && len(have) >= maxOrderMedia {
			err = text.Refuse(text.CodeTooLarge, "", "An order keeps at most 200 pictures.", "每个订单最多保存 200 份影像。")
		}
		return err
	}
	might := func(size int64) error {
		return d.read(ctx, func(tx Tx) error {
			o, err := tx.Order(ctx, orderID)
			if err != nil {
				return err
			}
			if own = isMerchant(by, o.MerchantID) && by.Only == ""; !own && !isPlatform(by) {
				return notFound()
			}
			if err := u.ofOrder(o); err != nil {
				return err
			}
			if err := room(tx); err != nil {
				return err
			}
			return d.inShares(ctx, tx, by, orderSubject(orderID), size, size)
		})
	}
	it, staged, err := d.receive(ctx, u, might)
	if err != nil {
		return it, err
	}
	defer staged.Drop()
	at := d.now()
	it.ID, it.OrderID, it.LineID, it.ReceivedAt = d.newID("v", at), orderID, u.LineID, at
	it.Party, it.By = "platform", by.ID
	if own {
		it.Party = string(claim.Merchant)
	}
	err = d.write(ctx, func(tx Tx) error {
		if err := room(tx); err != nil {
			return err
		}
		if err := d.keepRow(ctx, tx, by, orderSubject(orderID), it); err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: JobScreen, Subject: it.ID})
	})
	if err == nil {
		err = d.stillKept(ctx, staged)
	}
	return it, err
}

// ofOrder says what a medium of an order must be.
func (u Upload) ofOrder(o order.Order) error {
	if u.Purpose != evidence.Listing && u.Purpose != evidence.Packing {
		return text.Refuse(text.CodeInvalid, "purpose", "Media of an order are listing or packing media.", "订单的影像只能是商品图或打包记录。")
	}
	if _, ok := o.Line(u.LineID); u.LineID != "" && !ok {
		return text.Refuse(text.CodeInvalid, "line_id", "The order has no such line.", "订单中没有这一行。")
	}
	return nil
}

// receive takes in the bytes, says what they are from the bytes alone, and
// keeps them if might, asked before the first byte (with none) and after the
// last (with their number), has nothing against it. Whoever calls drops what is staged.
func (d *Desk) receive(ctx context.Context, u Upload, might func(size int64) error) (it evidence.Item, s Staged, err error) {
	it = evidence.Item{Purpose: u.Purpose, Medium: u.Medium, Name: cleanName(u.Name), Captured: u.Captured}
	limit, err := u.limit()
	if err != nil {
		return it, nil, err
	}
	if err := might(0); err != nil {
		return it, nil, err
	}
	in := u.Staged
	if in == nil {
		if in, err = d.Stage(ctx, u.Data, limit); err != nil {
			return it, nil, err
		}
	}
	defer func() {
		if err != nil {
			in.Drop()
		}
	}()
	it.SHA256, it.Size = in.SHA256(), in.Size()
	head, err := in.Head(sniffLength)
	if err != nil {
		return it, nil, err
	}
	if it.Type, err = mediaType(u.Medium, head); err != nil {
		return it, nil, err
	}
	if it.Size > limit {
		return it, nil, tooLarge(limit)
	}
	if err := might(it.Size); err != nil {
		return it, nil, err
	}
	if err := readable(ctx, it, in); err != nil {
		return it, nil, err
	}
	return it, in, in.Keep(ctx)
}

// limit is the most bytes of an upload, after a look at what it says it is.
func (u Upload) limit() (int64, error) {
	if !slices.Contains(evidence.Purposes, u.Purpose) {
		return 0, text.Refuse(text.CodeInvalid, "purpose", "There is no such purpose of evidence.", "没有这种证据用途。")
	}
	if u.Captured != "" && u.Captured != "upload" && u.Captured != "camera" {
		return 0, text.Refuse(text.CodeInvalid, "captured", "captured must be upload or camera.", "拍摄方式须为 upload 或 camera。")
	}
	switch u.Medium {
	case evidence.Photo:
		return MaxPhoto, nil
	case evidence.Video:
		return MaxVideo, nil
	case evidence.Statement:
		return maxStatement, nil
	}
	return 0, text.Refuse(text.CodeInvalid, "medium", "medium must be photo, video or statement.", "证据类型须为照片、视频或文字说明。")
}

// maxStatement is the most bytes of words that come as a file.
const maxStatement = 64 << 10

func tooLarge(limit int64) error {
	if limit < 1<<20 {
		return text.Refuse(text.CodeTooLarge, "file", fmt.Sprintf("The file is larger than %d kB.", limit>>10), fmt.Sprintf("文件超过 %d KB。", limit>>10))
	}
	return text.Refuse(text.CodeTooLarge, "file", fmt.Sprintf("The file is larger than %d MB.", limit>>20), fmt.Sprintf("文件超过 %d MB。", limit>>20))
}

// Stage takes in bytes that nobody owns yet, where there is room for them. They
// are gone once they are dropped, unless they were kept before.
func (d *Desk) Stage(ctx context.Context, r io.Reader, limit int64) (Staged, error) {
	if err := d.RoomFor(ctx, 0); err != nil {
		return nil, err
	}
	s, err := d.opts.Blobs.Stage(ctx, &roomy{Reader: r, room: func() error { return d.RoomFor(ctx, 0) }}, limit)
	if errors.Is(err, ErrTooLarge) {
		err = tooLarge(limit)
	}
	return s, err
}

// roomy asks while bytes come, and when all are there, whether there is still
// room for them: many uploads at once have each been told that there is.
type roomy struct {
	io.Reader
	room   func() error
	unseen int
}

// roomyEvery is after how many bytes it is asked again.
const roomyEvery = 8 << 20

func (r *roomy) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.unseen += n; r.unseen >= roomyEvery || err == io.EOF {
		r.unseen = 0
		if full := r.room(); full != nil {
			return 0, full
		}
	}
	return n, err
}

// stillKept looks once more after the row is there: a sweep that took the
// bytes for nobody's at the same moment has put them aside, and they are kept again.
func (d *Desk) stillKept(ctx context.Context, s Staged) error {
	_, err := d.opts.Blobs.Size(context.WithoutCancel(ctx), s.SHA256())
	if errors.Is(err, work.ErrNotFound) {
		err = s.Keep(context.WithoutCancel(ctx))
	}
	if err != nil {
		return fmt.Errorf("looking whether the bytes of evidence are there: %w", err)
	}
	return nil
}
