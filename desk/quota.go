package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Quotas bound the bytes of evidence that are kept. The zero value of a field
// is its default; below zero there is no bound.
type Quotas struct {
	// Claim and Order are for all the evidence of one, withdrawn pieces counted in.
	Claim, Order int64
	// Caller is for what a person or a link sends in one day (UTC), Key for an API key.
	Caller, Key int64
	// Free is how many bytes the disk must still have; less, and uploads are
	// refused while everything else goes on.
	Free int64
}

// DefaultQuotas are room for two films of the greatest size and many photos.
var DefaultQuotas = Quotas{Claim: 6 << 30, Order: 6 << 30, Caller: 8 << 30, Key: 256 << 30, Free: 1 << 30}

func (q Quotas) orDefault() Quotas {
	for _, f := range []struct {
		v *int64
		d int64
	}{{&q.Claim, DefaultQuotas.Claim}, {&q.Order, DefaultQuotas.Order}, {&q.Caller, DefaultQuotas.Caller}, {&q.Key, DefaultQuotas.Key}, {&q.Free, DefaultQuotas.Free}} {
		if *f.v == 0 {
			*f.v = f.d
		}
	}
	return q
}

// KeptBytes counts bytes of evidence by whom and what they were kept for.
type KeptBytes interface {
	// AddKept adds to the count of a subject on a day and answers the count
	// then; two at once wait for one another.
	AddKept(ctx context.Context, subject string, day, bytes int64) (total int64, err error)
	// Kept is the count of a subject on a day; 0 where there is none.
	Kept(ctx context.Context, subject string, day int64) (int64, error)
	// ForgetKept removes the counts of days before day; those without a day stay.
	ForgetKept(ctx context.Context, day int64) error
}

// everyDay stands for the day where a count knows no days.
const everyDay = 0

func claimSubject(id string) string { return "claim/" + id }
func orderSubject(id string) string { return "order/" + id }

// dayOf numbers the days since 1970, in UTC.
func dayOf(at time.Time) int64 { return at.Unix() / 86400 }

// shares are the counts that bytes kept for a subject by a caller go into: the
// subject's, and the caller's.
func (d *Desk) shares(by access.Caller, subject string, at time.Time) [2]share {
	q := d.opts.Quotas
	whole := share{subject: subject, day: everyDay, most: q.Claim, en: "this claim", zh: "该申请"}
	if subject[0] == 'o' {
		whole = share{subject: subject, day: everyDay, most: q.Order, en: "this order", zh: "该订单"}
	}
	mine := share{subject: "caller/" + string(by.Kind) + "/" + by.ID, day: dayOf(at), most: q.Caller, en: "you, today", zh: "您今天"}
	if by.Kind == access.CallerKey {
		mine.most, mine.en, mine.zh = q.Key, "this API key, today", "该 API 密钥今天"
	}
	return [2]share{whole, mine}
}

type share struct {
	subject string
	day     int64
	most    int64
	en, zh  string
}

// full refuses a count of bytes that is above the share.
func (s share) full(total int64) error {
	if s.most < 0 || total <= s.most {
		return nil
	}
	mb := s.most >> 20
	return text.Refuse(CodeQuota, "file",
		fmt.Sprintf("The evidence kept for %s would be more than %d MB. Send smaller files, or fewer.", s.en, mb),
		fmt.Sprintf("%s可保存的证据总量上限为 %d MB，已不足以保存此文件。请减少文件数量或压缩后再上传。", s.zh, mb))
}

// inShares says whether the subject's share holds here more bytes, and the
// caller's mine.
func (d *Desk) inShares(ctx context.Context, tx Tx, by access.Caller, subject string, here, mine int64) error {
	shares := d.shares(by, subject, d.now())
	for i, size := range []int64{here, mine} {
		have, err := tx.Kept(ctx, shares[i].subject, shares[i].day)
		if err != nil {
			return err
		}
		if err := shares[i].full(have + max(size, 1)); err != nil {
			return err
		}
	}
	return nil
}

// keepRow makes bytes that are kept somebody's, and counts them.
func (d *Desk) keepRow(ctx context.Context, tx Tx, by access.Caller, subject string, it evidence.Item) error {
	for _, s := range d.shares(by, subject, it.ReceivedAt) {
		total, err := tx.AddKept(ctx, s.subject, s.day, it.Size)
		if err != nil {
			return err
		}
		if err := s.full(total); err != nil {
			return err
		}
	}
	return tx.InsertEvidence(ctx, it)
}

// RoomFor says whether size more bytes leave the disk with enough; NoRoom where not.
func (d *Desk) RoomFor(ctx context.Context, size int64) error {
	if d.opts.Quotas.Free < 0 {
		return nil
	}
	free, known := d.opts.Blobs.Free(ctx)
	if known && free-size < d.opts.Quotas.Free {
		return NoRoom()
	}
	return nil
}

// NoRoom refuses an upload for which the disk has no room left.
func NoRoom() error {
	return text.Refuse(text.CodeNoRoom, "", "There is no room for uploads at the moment; everything else works. Try again later.",
		"暂时没有空间接收新的文件，其他功能不受影响，请稍后再试。")
}

// MayUpload says before its first byte whether an upload to a claim, or else an
// order, would be more than its share: here are the bytes on their way to it,
// mine those of the caller, this upload's counted in both. Whether the disk has
// room is asked of RoomFor.
func (d *Desk) MayUpload(ctx context.Context, by access.Caller, claimID, orderID string, here, mine int64) error {
	subject := claimSubject(claimID)
	if claimID == "" {
		subject = orderSubject(orderID)
	}
	return d.read(ctx, func(tx Tx) error { return d.inShares(ctx, tx, by, subject, here, mine) })
}

// forgetDays removes counts of days that bound nothing any more.
func (d *Desk) forgetDays(ctx context.Context) error {
	return d.write(ctx, func(tx Tx) error { return tx.ForgetKept(ctx, dayOf(d.now())-1) })
}
