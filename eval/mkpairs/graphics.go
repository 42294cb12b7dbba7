package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
)

// How many pairs of each template are laid out: honest ones, and forgeries that
// carry the same graphics. Tests lay out fewer.
var (
	sharedEach  = 36
	carriedEach = 14
	besideEach  = 60
)

// graphics: pictures of different things that share drawn graphics (kinds
// "graphic-" and the template), comparisons that hold the listing beside the
// received goods ("beside"), and forgeries that carry such graphics
// ("graphic-TEMPLATE+painted", "beside+painted").
func graphics(ctx context.Context, m *maker) error {
	g := &graphicMaker{maker: m}
	for _, folders := range [][]string{{"products", "handheld"}, {"grocery/phone"}, {"grocery/listing"}} {
		files, err := m.pictures(folders...)
		if err != nil {
			return err
		}
		if things := groupBy(files, thingOf); len(things) > 1 {
			g.sorts = append(g.sorts, things)
		}
	}
	if len(g.sorts) == 0 {
		return nil // nothing unrelated to pair
	}
	for _, kind := range samples.TemplateKinds() {
		for i := range sharedEach {
			if err := g.shared(ctx, kind, i); err != nil {
				return err
			}
		}
	}
	for i := range besideEach {
		if err := g.beside(ctx, i, false); err != nil {
			return err
		}
	}
	for _, kind := range samples.TemplateKinds() {
		for i := range carriedEach {
			if n := (samples.Template{Kind: kind}).Photos(); n == 0 || kind == samples.TemplateOrderPage {
				break // a form with another number is not told from another form
			}
			if err := g.carried(ctx, kind, i); err != nil {
				return err
			}
		}
	}
	for i := range carriedEach {
		if err := g.beside(ctx, i, true); err != nil {
			return err
		}
	}
	return nil
}

type graphicMaker struct {
	*maker
	sorts [][]group // things by where their photos come from, the largest photos first
}

// thingOf is what a photo shows: its folder's, or in a folder of several its
// own name's first part.
func thingOf(path string) string {
	name, _, several := strings.Cut(filepath.Base(path), "-")
	if several {
		return filepath.Join(filepath.Dir(path), name)
	}
	return filepath.Dir(path)
}

// photos draws n different photos of things other than those of the used
// ones, which it adds to. Half of them are of the first sort.
func (g *graphicMaker) photos(ctx context.Context, rng *rand.Rand, n int, used map[string]bool) (out []image.Image, shows group, err error) {
	for i := range n {
		things := g.sorts[0]
		if rng.IntN(2) == 0 {
			things = g.sorts[rng.IntN(len(g.sorts))]
		}
		thing := things[rng.IntN(len(things))]
		for try := 0; used[thing.name] && try < 100; try++ {
			thing = things[rng.IntN(len(things))]
		}
		used[thing.name] = true
		img, err := picture(ctx, thing.files[rng.IntN(len(thing.files))], largest)
		if err != nil {
			return nil, group{}, err
		}
		if out = append(out, img); i == 0 {
			shows = thing
		}
	}
	return out, shows, nil
}

// template is the i-th design of a kind.
func (g *graphicMaker) template(kind string, i int) (samples.Template, *rand.Rand) {
	rng := g.rng(fmt.Sprintf("%s-%d", kind, i))
	widths := []int{420, 700, 900, 1080, 1200, 1440}
	return samples.Template{Kind: kind, Seed: rng.Uint64(), Width: widths[rng.IntN(len(widths))]}, rng
}

// way is the i-th trip of a claim: as it is, mildly cropped, or one attack.
func way(i int, rng *rand.Rand) (travel.Trip, error) {
	plain := travel.Trip{Steps: []travel.Step{travel.JPEG{Quality: 90}}}
	switch i % 4 {
	case 0, 1:
		return plain, nil
	case 2:
		return travel.Mild(rng), nil
	}
	names := []string{"rescale", "shrink", "jpeg-50", "jpeg-twice", "light", "crop-half", "mix"}
	return travel.Named(names[i/4%len(names)], rng)
}

// shared lays out one honest pair: one design, other goods, mostly other words.
func (g *graphicMaker) shared(ctx context.Context, kind string, i int) error {
	return g.pair(ctx, "other", "graphic-"+kind, func() ([]part, error) {
		t, rng := g.template(kind, i)
		used := map[string]bool{}
		first, thing, err := g.photos(ctx, rng, t.Photos(), used)
		if err != nil {
			return nil, err
		}
		second, _, err := g.photos(ctx, rng, t.Photos(), used)
		if err != nil {
			return nil, err
		}
		if i%4 == 1 && t.Photos() > 0 { // the very thing, photographed once more
			if second[0], err = g.another(ctx, thing, first[0].(*image.RGBA), second[0]); err != nil {
				return nil, err
			}
		}
		words := [2]uint64{rng.Uint64(), rng.Uint64()}
		if t.Photos() > 0 && rng.IntN(3) == 0 {
			words[1] = words[0] // one minute, one place, one price
		}
		a, err := t.Fill(first, words[0])
		if err != nil {
			return nil, err
		}
		b, err := t.Fill(second, words[1])
		if err != nil {
			return nil, err
		}
		return honest(a, b, i, rng)
	})
}

// honest saves a reference, and a claim that went its way.
func honest(reference, claim *image.RGBA, i int, rng *rand.Rand) ([]part, error) {
	kept, err := samples.EncodeJPEG(reference, 84+rng.IntN(12))
	if err != nil {
		return nil, err
	}
	trip, err := way(i, rng)
	if err != nil {
		return nil, err
	}
	sent, _, err := trip.Apply(claim)
	if err != nil {
		return nil, err
	}
	return []part{file("reference.jpg", kept), file("claim.jpg", sent), file("trip.txt", []byte(trip.String()+"\n"))}, nil
}

// carried lays out one forgery: damage painted over a photo, the design over
// both it and the reference, or over the claim alone.
func (g *graphicMaker) carried(ctx context.Context, kind string, i int) error {
	return g.pair(ctx, "same", "graphic-"+kind+"+painted", func() ([]part, error) {
		t, rng := g.template(kind+"+painted", i)
		t.Kind = kind
		photos, _, err := g.photos(ctx, rng, t.Photos(), map[string]bool{})
		if err != nil {
			return nil, err
		}
		damage := forge.Kinds()[rng.IntN(len(forge.Kinds()))]
		painted, _ := forge.Paint(photos[0].(*image.RGBA), damage, rng)
		words := rng.Uint64()
		claim, err := t.Fill(append([]image.Image{painted}, photos[1:]...), words+uint64(i%2))
		if err != nil {
			return nil, err
		}
		reference := photos[0].(*image.RGBA)
		if i%2 == 0 {
			if reference, err = t.Fill(photos, words); err != nil {
				return nil, err
			}
		}
		return honest(reference, claim, i, rng)
	})
}

// beside lays out a comparison of the listing and what was received. Forged,
// what was received is the listing with damage.
func (g *graphicMaker) beside(ctx context.Context, i int, forged bool) error {
	set, kind := "other", "beside"
	if forged {
		set, kind = "same", "beside+painted"
	}
	return g.pair(ctx, set, kind, func() ([]part, error) {
		rng := g.rng(fmt.Sprintf("%s-%d", kind, i))
		used := map[string]bool{}
		shop, thing, err := g.photos(ctx, rng, 1, used)
		if err != nil {
			return nil, err
		}
		listing := shop[0].(*image.RGBA)
		got, _, err := g.photos(ctx, rng, 1, used)
		if err != nil {
			return nil, err
		}
		switch {
		case forged:
			got[0], _ = forge.Paint(listing, forge.Kinds()[rng.IntN(len(forge.Kinds()))], rng)
		case i%3 == 0: // another photo of the very thing, where there is one
			if got[0], err = g.another(ctx, thing, listing, got[0]); err != nil {
				return nil, err
			}
		}
		claim, _, err := samples.Beside(listing, got[0], 900+rng.IntN(600), rng.Uint64())
		if err != nil {
			return nil, err
		}
		return honest(listing, claim, i, rng)
	})
}

// another is a photo of the thing that is not the given one, or the last
// resort where there is none.
func (g *graphicMaker) another(ctx context.Context, thing group, not *image.RGBA, otherwise image.Image) (image.Image, error) {
	for _, f := range thing.files {
		img, err := picture(ctx, f, largest)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(img.Pix, not.Pix) {
			return img, nil
		}
	}
	return otherwise, nil
}
