package examine

import (
	"time"

	"github.com/evenhand/evenhand/evidence"
)

// orLater is a finding against the buyer's photo by a picture of the order, as
// far as it can be one. Where the shop sent that picture after the claim's first
// photo came, which of the two was made from which is not told by the pixels:
// the shop has seen the photo. Then it is strong at most, and its words say so.
// What the platform keeps of an order is not the shop's to choose.
func (l *looked) orLater(f evidence.Finding, r evidence.Item) evidence.Finding {
	if f.Stance != evidence.Against || r.Party != "merchant" || !r.ReceivedAt.After(l.firstPhoto()) {
		return f
	}
	if f.Strength == evidence.Conclusive {
		f.Strength = evidence.Strong
	}
	f.Text.EN += " The shop sent its picture after the first photo of the claim, so it may have been made from that: ask the shop for the file as it was taken, or where it was shown before."
	f.Text.ZH += "商家的这张图片晚于买家的首张照片提交，不能排除它是由买家照片制作而成：请商家提供拍摄原图，或说明此前在何处展示过。"
	return f
}

// firstPhoto is when the first photo or film of the claim came, taken back or not.
func (l *looked) firstPhoto() (at time.Time) {
	at = l.c.Item.ReceivedAt
	for _, s := range l.c.Siblings {
		if s.Medium != evidence.Statement && s.ReceivedAt.Before(at) {
			at = s.ReceivedAt
		}
	}
	return at
}
