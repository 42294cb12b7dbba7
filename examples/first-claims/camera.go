package main

import (
	"context"
	"image"
	"math/rand/v2"

	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
)

// camera draws the photos, so that the example needs no one else's pictures.
// A real platform has photos already.
type camera struct {
	seed uint64
	shop image.Image
}

func newCamera(seed uint64) *camera { return &camera{seed: seed} }

func take(s samples.Shot) *image.RGBA {
	s.Width, s.Height = 480, 360
	img, err := samples.Photograph(context.Background(), s)
	must(err)
	return img
}

func jpeg(img image.Image) []byte {
	data, err := samples.EncodeJPEG(img, 85)
	must(err)
	return data
}

// listing is the shop's photo of a mug.
func (c *camera) listing() []byte {
	if c.shop == nil {
		c.shop = take(samples.Listing("mug", c.seed))
	}
	return jpeg(c.shop)
}

// forged is the listing photo with a crack painted on it, cropped a little.
func (c *camera) forged(n int) []byte {
	painted, _ := forge.Paint(take(samples.Listing("mug", c.seed)), forge.Crack, rand.New(rand.NewPCG(c.seed, uint64(n))))
	return jpeg(painted.SubImage(painted.Bounds().Inset(6 + 8*n)))
}

// honest is a buyer's own photo of a mug that is cracked: each ten numbers are
// one buyer's, each number another view.
func (c *camera) honest(n int) []byte {
	visit := c.seed + 1000 + uint64(n/10)
	return jpeg(take(samples.Claim("mug", visit, n%10, samples.Damage{Kind: samples.DamageCrack, Seed: visit})))
}
