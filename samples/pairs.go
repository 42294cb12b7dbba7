package samples

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/evenhand/evenhand/samples/forge"
	xdraw "golang.org/x/image/draw"
)

// Kinds of pairs. The first four are copies of the reference, the others are
// separate captures that must not be accused.
const (
	PairPainted            = "painted"             // damage painted on the listing photo
	PairListingSmall       = "listing-small"       // the same, from a 348-pixel listing picture
	PairRedrawn            = "redrawn"             // the whole picture drawn anew
	PairReplacedBackground = "replaced-background" // the product's pixels over another scene
	PairPrint              = "print"               // a print of the reference file, photographed by hand
	PairPrintAgain         = "print-again"         // one print photographed twice
	PairSecondView         = "second-view"         // the same product seen from elsewhere
	PairLookalike          = "lookalike"           // another unit on the same white rig
	PairUnrelated          = "unrelated"           // other goods
)

// PairKinds lists the kinds in the order they are drawn.
func PairKinds() []string {
	return []string{
		PairPainted, PairListingSmall, PairRedrawn, PairReplacedBackground,
		PairPrint, PairPrintAgain, PairSecondView, PairLookalike, PairUnrelated,
	}
}

// smallWidth is the width of small listing pictures, in pixels.
const smallWidth = 348

// pair is one reference and one claim with their facts.
type pair struct {
	same             bool
	reference, claim image.Image
	made             FileTruth // the claim's facts
	refFacts         FileTruth
}

func (w *writer) pairs() ([]job, error) {
	kinds := w.o.Kinds
	if len(kinds) == 0 {
		kinds = PairKinds()
	}
	for _, k := range kinds {
		if !slices.Contains(PairKinds(), k) {
			return nil, fmt.Errorf("draw samples: there is no kind of pair %q", k)
		}
	}
	var jobs []job
	for n := range w.o.Pairs {
		for _, kind := range kinds {
			jobs = append(jobs, w.pairJobs(n, kind)...)
		}
	}
	return jobs, nil
}

// pairJobs are the two files of pair n of a kind. The pair is made once and
// kept until both are written.
func (w *writer) pairJobs(n int, kind string) []job {
	folder := "other"
	if slices.Index(PairKinds(), kind) < 4 {
		folder = "same"
	}
	name := fmt.Sprintf("pairs/%s/%03d-%s/", folder, n+1, kind)
	var made *pair
	once := func(ctx context.Context) error {
		if made != nil {
			return nil
		}
		var err error
		made, err = w.makePair(ctx, n, kind)
		return err
	}
	reference := job{name + "reference.jpg", func(ctx context.Context) (image.Image, FileTruth, error) {
		if err := once(ctx); err != nil {
			return nil, FileTruth{}, err
		}
		return made.reference, made.refFacts, nil
	}}
	claim := job{name + "claim.jpg", func(ctx context.Context) (image.Image, FileTruth, error) {
		if err := once(ctx); err != nil {
			return nil, FileTruth{}, err
		}
		p := *made
		made = nil
		p.made.MadeFrom, p.made.SameCapture = "", p.same
		if p.same || kind == PairPrint {
			p.made.MadeFrom = name + "reference.jpg"
		}
		return p.claim, p.made, nil
	}}
	return []job{reference, claim}
}

// makePair draws pair n of a kind. Pair n of every kind shares one listing
// photo, so that drawing all kinds costs few renderings.
func (w *writer) makePair(ctx context.Context, n int, kind string) (*pair, error) {
	product := w.o.Products[n%len(w.o.Products)]
	seed := w.o.Seed + 1000 + uint64(n)
	r := random(seed, "pair/"+kind)
	listing := Listing(product, seed)
	if kind == PairLookalike {
		// Both units were put down by hand: neither is the listing itself.
		return w.twoShots(ctx, Lookalike(product, seed, 2*uint64(n)+1), Lookalike(product, seed, 2*uint64(n)+2), kind)
	}
	if kind == PairSecondView {
		return w.secondView(ctx, product, seed, n)
	}
	if kind == PairUnrelated {
		k := n + 1
		if len(w.o.Products) == 1 {
			k = n
		}
		return w.twoShots(ctx, listing, Claim(w.o.Products[k%len(w.o.Products)], seed+7777, 1, Damage{}), kind)
	}
	photo, err := w.take(ctx, listing)
	if err != nil {
		return nil, err
	}
	quality := 84 + r.IntN(11)
	source, err := recompress(photo.Image, quality)
	if err != nil {
		return nil, err
	}
	p := &pair{
		same: true, reference: photo.Image,
		refFacts: FileTruth{Product: product, Kind: kind + "/reference", Seed: listing.Seed, Unit: listing.Unit, Quality: quality, Camera: listing.facts()},
		made:     FileTruth{Product: product, Kind: kind + "/claim", Seed: seed, Quality: 70 + r.IntN(22)},
	}
	damage := forge.Kinds()[r.IntN(len(forge.Kinds()))]
	var out *image.RGBA
	switch kind {
	case PairPainted:
		out, p.made.Damage = paint(source, photo.Subject, damage, r.IntN(2) == 0, r)
	case PairListingSmall:
		small := shrink(photo.Image, smallWidth)
		p.reference = small
		if source, err = recompress(small, quality); err != nil {
			return nil, err
		}
		out, p.made.Damage = paint(source, photo.Subject, damage, false, r)
	case PairRedrawn:
		out, p.made.Damage = paint(forge.Redraw(source, r), photo.Subject, damage, false, r)
	case PairReplacedBackground:
		scene := Claim(product, seed+3, 1, Damage{})
		scene.Width, scene.Height = w.o.Width, w.o.Width*3/4
		behind, err := EmptyScene(ctx, scene)
		if err != nil {
			return nil, err
		}
		out, p.made.Damage = paint(forge.ReplaceBackground(source, photo.Subject, behind), photo.Subject, damage, false, r)
	default:
		return w.prints(ctx, p, source, seed, kind)
	}
	p.claim = out
	return p, nil
}

// prints photographs a print of the reference, and for PairPrintAgain replaces
// the reference by another photo of that print.
func (w *writer) prints(ctx context.Context, p *pair, source *image.RGBA, seed uint64, kind string) (*pair, error) {
	p.same = false
	shot, err := PhotographPrintWith(ctx, source, seed*2, PrintCare{Long: w.o.Width})
	if err != nil {
		return nil, err
	}
	p.claim, p.made.Print = shot.Image, shot.facts()
	if kind != PairPrintAgain {
		return p, nil
	}
	first, err := PhotographPrintWith(ctx, source, seed*2+1, PrintCare{Long: w.o.Width})
	if err != nil {
		return nil, err
	}
	p.reference, p.refFacts.Print, p.refFacts.Camera = first.Image, first.facts(), nil
	return p, nil
}

// secondView pairs, in turn, the listing photo with a buyer's, the packing
// photo with a buyer's, two of one buyer's photos, and two taken one breath
// apart.
func (w *writer) secondView(ctx context.Context, product string, seed uint64, n int) (*pair, error) {
	r := random(seed, "second-view")
	harm := Damage{Kind: fitting(product, r), Seed: r.Uint64()}
	second := Claim(product, seed, 2, harm)
	// n runs through the products, so the four kinds of view must not move in
	// step with it.
	switch (n + n/len(w.o.Products)) % 4 {
	case 0:
		return w.twoShots(ctx, Listing(product, seed), second, PairSecondView)
	case 1:
		return w.twoShots(ctx, Packing(product, seed), second, PairSecondView)
	case 2:
		return w.twoShots(ctx, Claim(product, seed, 1, harm), second, PairSecondView)
	}
	breath := second
	breath.Yaw += side(r) * between(r, 1.5, 5)
	breath.Elevation += side(r) * between(r, 1, 3)
	breath.Roll += r.NormFloat64()
	breath.AimX, breath.AimY = breath.AimX+spread(r, 0.04), breath.AimY+spread(r, 0.04)
	breath.Fill *= between(r, 0.93, 1.07)
	breath.Gain *= between(r, 0.9, 1.1)
	return w.twoShots(ctx, breath, second, PairSecondView)
}

func (w *writer) twoShots(ctx context.Context, a, b Shot, kind string) (*pair, error) {
	first, err := w.take(ctx, a)
	if err != nil {
		return nil, err
	}
	second, err := w.take(ctx, b)
	if err != nil {
		return nil, err
	}
	p := &pair{
		reference: first.Image, claim: second.Image,
		refFacts: FileTruth{Product: a.Product, Kind: kind + "/reference", Seed: a.Seed, Unit: a.Unit, Quality: 90, Camera: a.facts()},
		made:     FileTruth{Product: b.Product, Kind: kind + "/claim", Seed: b.Seed, Unit: b.Unit, Quality: 82, Camera: b.facts()},
	}
	if b.Damage.Kind != DamageNone {
		p.made.Damage = &Harm{Kind: b.Damage.Kind, Region: area(second.Damaged)}
	}
	return p, nil
}

// recompress sends a picture through JPEG once, as a saved listing has been.
func recompress(img *image.RGBA, quality int) (*image.RGBA, error) {
	b, err := EncodeJPEG(img, quality)
	if err != nil {
		return nil, err
	}
	return decodeJPEG(b)
}

// shrink scales a picture down to a width.
func shrink(img *image.RGBA, width int) *image.RGBA {
	b := img.Bounds()
	if b.Dx() <= width {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, width, width*b.Dy()/b.Dx()))
	xdraw.CatmullRom.Scale(out, out.Rect, img, b, xdraw.Src, nil)
	return out
}
