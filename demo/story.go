package demo

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
)

// truth is what really happened; nobody at the desk is told.
type truth string

const (
	honest truth = "honest"
	forger truth = "forger" // paints a fault on the listing photo
	mixed  truth = "mixed"  // neither side is quite right
)

// story is one claim as it is lived through.
type story struct {
	id     string // the claim's, once filed
	n      int
	order  bought
	truth  truth
	kind   claim.Kind
	reason claim.Reason
	words  string
	visit  uint64
	photos bool
	draft  bool
	// stays is the state in which the claim is left for whoever looks.
	stays claim.State
}

// staysAt leaves some of the pictured claims where there is something to see
// and to do: forged ones with the merchant and in the queue.
func staysAt(n, pictured int) claim.State {
	switch {
	case n >= pictured:
		return ""
	case n == 0 || n == 9:
		return claim.AskedShop
	case n%3 == 0:
		return claim.InReview
	}
	return ""
}

// story makes up what the n-th claim is about.
func (w *world) story(n int, b bought) *story {
	s := &story{n: n, order: b, truth: honest, kind: claim.RefundOnly, reason: claim.NotReceived, photos: n < w.o.Pictured, stays: staysAt(n, w.o.Pictured)}
	lost := b.DeliveredAt == nil
	switch {
	case s.photos:
		s.visit, s.reason = w.camera.visit(), claim.Damaged
		if b.product.drawn == "fruit" {
			s.reason = claim.Expired
		}
		if n%3 == 0 {
			s.truth = forger
		}
		if n%3 == 1 {
			s.kind = claim.ReturnRefund
		}
		s.words = pick(w, "打开包裹就发现有裂痕，没法用了。", "收到时已经坏了，外包装完好。", "边上破了一块，和图片不一样。", "The parcel looked fine, but this is broken.")
	case lost:
		s.words = pick(w, "等了这么多天还没有收到，物流一直不更新。", "物流显示在途已经一周，联系不上快递。", "It never came, and the tracking has stood still for days.")
		s.kind = pick(w, claim.RefundOnly, claim.RefundOnly, claim.Exchange)
	default:
		s.truth = pick(w, honest, mixed, mixed, forger)
		s.words = pick(w, "显示签收，但我没有收到，家里人也没有代收。", "驿站说没有我的包裹。", "快递放在门口，回家时已经不在了。", "It says delivered, but nobody here has it.")
		s.kind = pick(w, claim.RefundOnly, claim.RefundOnly, claim.Exchange, claim.PartialRefund)
	}
	if !s.photos && w.r.IntN(22) == 0 {
		s.draft, s.reason, s.kind = true, claim.Damaged, pick(w, claim.RefundOnly, claim.Repair, claim.ReturnRefund)
		s.words = "先占个位，照片晚点传。"
	}
	return s
}

func pick[T any](w *world, of ...T) T { return of[w.r.IntN(len(of))] }

// file opens the claim, adds its photos and submits it.
func (w *world) file(ctx context.Context, s *story) error {
	if s.photos {
		if err := w.shopPhotos(ctx, s); err != nil {
			return err
		}
	}
	f := desk.Filing{OrderID: s.order.ID, Kind: s.kind, Reason: s.reason, Story: s.words, Submit: !s.photos && !s.draft}
	if s.kind == claim.PartialRefund {
		f.Ask = money.Money{Amount: s.order.Total.Amount * 3 / 10, Currency: s.order.Total.Currency}
	}
	filed, err := w.desk.File(ctx, w.platform, f)
	if err != nil {
		return err
	}
	s.id = filed.Claim.ID
	w.stories[s.id] = s
	w.done++
	w.o.Progress(w.done, w.total)
	if s.draft {
		if s.n%2 == 0 {
			w.after(w.hours(1, 30), func(ctx context.Context) error {
				_, err := w.desk.Withdraw(ctx, w.platform, s.id, 0)
				return err
			})
		}
		return nil
	}
	if s.photos {
		if err := w.buyerPhotos(ctx, s, filed.Missing); err != nil {
			return err
		}
	}
	return w.react(ctx, s)
}

// shopPhotos gives the order its listing photo and, often, a packing photo.
func (w *world) shopPhotos(ctx context.Context, s *story) error {
	merchant := w.merchants[s.order.MerchantID]
	for _, purpose := range []evidence.Purpose{evidence.Listing, evidence.Packing} {
		if purpose == evidence.Packing && s.n%2 == 1 {
			continue
		}
		data, err := w.camera.shopPhoto(ctx, s.order.product.drawn, purpose == evidence.Packing)
		if err != nil {
			return err
		}
		it, err := w.desk.AddOrderMedia(ctx, merchant, s.order.ID, desk.Upload{
			Purpose: purpose, Medium: evidence.Photo, Name: string(purpose) + ".jpg", Captured: "upload", LineID: "1", Data: bytes.NewReader(data),
		})
		if err == nil {
			err = w.desk.Screen(ctx, it.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// buyerPhotos takes the photos that the filing asks for, and submits.
func (w *world) buyerPhotos(ctx context.Context, s *story, need []claim.Requirement) error {
	for view, r := range need {
		near := r.Purpose == evidence.CloseUp || r.Purpose == evidence.Label
		draw := func() ([]byte, error) { return w.camera.honest(ctx, s.order.product.drawn, s.visit, view+1, near) }
		if s.truth == forger {
			draw = func() ([]byte, error) {
				return w.camera.forged(ctx, s.order.product.drawn, s.visit+uint64(view), near)
			}
		}
		data, err := draw()
		if err != nil {
			return err
		}
		if err := w.evidence(ctx, w.platform, s.id, desk.Upload{
			Purpose: r.Purpose, Medium: evidence.Photo, Name: "IMG_" + s.order.ID[len(s.order.ID)-4:] + ".jpg", Captured: "upload", Data: bytes.NewReader(data),
		}); err != nil {
			return err
		}
		w.now = w.now.Add(20 * time.Second)
	}
	_, err := w.desk.Submit(ctx, w.platform, s.id, 0)
	return err
}

// evidence adds a file and has it examined there and then.
func (w *world) evidence(ctx context.Context, by access.Caller, id string, u desk.Upload) error {
	it, err := w.desk.AddEvidence(ctx, by, id, u)
	if err != nil {
		return err
	}
	return w.desk.Screen(ctx, it.ID)
}

// statement adds words as a file.
func (w *world) statement(ctx context.Context, by access.Caller, id string, p evidence.Purpose, name, text string) error {
	return w.evidence(ctx, by, id, desk.Upload{Purpose: p, Medium: evidence.Statement, Name: name, Captured: "upload", Data: strings.NewReader(text)})
}
