package demo

import (
	"context"
	"image"
	"math/rand/v2"

	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
)

// photoWidth is small, so that the first start is quick; the detectors bear it.
const photoWidth = 360

// camera draws the photos of a demonstration. A shop's listing photo is drawn
// once a product, a packing photo as well.
type camera struct {
	seed  uint64
	takes uint64
	kept  map[string][]byte
	shots map[string]*image.RGBA // listing photos as they were taken
}

func newCamera(seed uint64) *camera {
	return &camera{seed: seed + 100, kept: map[string][]byte{}, shots: map[string]*image.RGBA{}}
}

func small(s samples.Shot) samples.Shot {
	s.Width, s.Height = photoWidth, photoWidth*3/4
	return s
}

// shopPhoto is the listing photo, or the packing photo, of a product.
func (c *camera) shopPhoto(ctx context.Context, product string, packing bool) ([]byte, error) {
	name, shot := product+"/listing", samples.Listing(product, c.seed)
	if packing {
		name, shot = product+"/packing", samples.Packing(product, c.seed)
	}
	if data := c.kept[name]; data != nil {
		return data, nil
	}
	img, err := samples.Photograph(ctx, small(shot))
	if err != nil {
		return nil, err
	}
	if !packing {
		c.shots[product] = img
	}
	data, err := samples.EncodeJPEG(img, 88)
	c.kept[name] = data
	return data, err
}

// visit is one buyer at home with one unit: each of its photos is another view.
func (c *camera) visit() uint64 {
	c.takes++
	return c.seed + 31*c.takes
}

// honest photographs the unit on the buyer's table. View tells the photos of
// one visit apart; near goes close to the fault.
func (c *camera) honest(ctx context.Context, product string, visit uint64, view int, near bool) ([]byte, error) {
	kinds := map[string]string{
		"mug": samples.DamageCrack, "vase": samples.DamageCrack, "tin": samples.DamageDent, "box": samples.DamageDent,
		"book": samples.DamageTear, "bear": samples.DamageTear, "fruit": samples.DamageMould, "shoe": samples.DamageStain,
	}
	s := small(samples.Claim(product, visit, view, samples.Damage{Kind: kinds[product], Seed: visit}))
	if near {
		s.Fill *= 1.5
	}
	img, err := samples.Photograph(ctx, s)
	if err != nil {
		return nil, err
	}
	return samples.EncodeJPEG(img, 84)
}

// forged paints a fault on the listing photo, as a cheat with an editor does,
// and crops it a little so that its bytes are its own.
func (c *camera) forged(ctx context.Context, product string, visit uint64, near bool) ([]byte, error) {
	if _, err := c.shopPhoto(ctx, product, false); err != nil {
		return nil, err
	}
	img := c.shots[product]
	r := rand.New(rand.NewPCG(visit, 1))
	kinds := forge.Kinds()
	painted, _ := forge.Paint(img, kinds[r.IntN(len(kinds))], r)
	b := painted.Bounds()
	cut := b.Inset(4 + r.IntN(10))
	if near {
		cut = image.Rect(b.Dx()/6, b.Dy()/6, b.Dx()*5/6, b.Dy()*5/6)
	}
	return samples.EncodeJPEG(painted.SubImage(cut), 80)
}
