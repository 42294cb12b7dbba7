package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
)

// render returns the path of a picture that is slow to make, which is kept
// under the source's .renders folder and made only once.
func (m *maker) render(ctx context.Context, name string, draw func() (image.Image, error)) (string, error) {
	path := filepath.Join(m.dir, ".renders", name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	img, err := draw()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	data, err := samples.EncodeJPEG(img, 82+m.rng(name).IntN(12))
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return path, writeWhole(path, data)
}

// writeWhole writes a file that is whole whenever it is there.
func writeWhole(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	half := path + ".part"
	return errors.Join(os.WriteFile(half, data, 0o644), os.Rename(half, path))
}

// prints: real photos printed, or shown on a screen, and photographed by hand.
// Two photographs are taken of each print: each is a pair with the picture that
// was printed, and the two are a pair with each other.
func prints(ctx context.Context, m *maker) error {
	files, err := m.pictures("products", "handheld", "grocery/listing")
	if err != nil {
		return err
	}
	for i, f := range files {
		var shots [2]string
		for k := range shots {
			name := fmt.Sprintf("print-%03d-%d.jpg", i, k)
			shots[k], err = m.render(ctx, name, func() (image.Image, error) {
				img, err := picture(ctx, f, largest)
				if err != nil {
					return nil, err
				}
				shot, err := samples.PhotographPrint(ctx, img, m.rng(name).Uint64())
				if err != nil {
					return nil, err
				}
				return shot.Image, nil
			})
			if err != nil {
				return err
			}
			m.shows[shots[k]] = m.of(f).sources[0]
			if err := m.linked(ctx, "print", f, shots[k]); err != nil {
				return err
			}
		}
		if err := m.linked(ctx, "print-print", shots[0], shots[1]); err != nil {
			return err
		}
	}
	return nil
}

// Sizes of the drawn sets. Each visit to a product is photographed five times,
// which makes twenty ordered pairs; each rig photographs five units.
const (
	visits    = 2
	units     = 5
	drawWidth = 1024
)

// photograph draws one shot of the samples' camera, at a size that keeps the
// drawing of a whole set within minutes.
func (m *maker) photograph(ctx context.Context, name string, s samples.Shot) (string, error) {
	s.Width, s.Height = drawWidth, drawWidth*3/4
	return m.render(ctx, name+".jpg", func() (image.Image, error) { return samples.Photograph(ctx, s) })
}

// views: separate photographs of one drawn product: the listing, the packing
// bench, and three by a buyer, two of those a breath apart.
func views(ctx context.Context, m *maker) error {
	var things []group
	for _, p := range samples.Products() {
		for visit := range uint64(visits) {
			seed := m.seed*100 + visit
			rng := m.rng(fmt.Sprintf("%s-%d", p.Name, visit))
			second := samples.Claim(p.Name, seed, 2, samples.Damage{})
			breath := second
			breath.Yaw += 1.5 + 3*rng.Float64()
			breath.Elevation -= 1 + 2*rng.Float64()
			breath.Roll += rng.NormFloat64()
			breath.Fill *= 0.95 + 0.1*rng.Float64()
			g := group{name: p.Name}
			for k, s := range []samples.Shot{
				samples.Listing(p.Name, seed), samples.Packing(p.Name, seed),
				samples.Claim(p.Name, seed, 1, samples.Damage{}), second, breath,
			} {
				path, err := m.photograph(ctx, fmt.Sprintf("view-%s-%d-%d", p.Name, visit, k), s)
				if err != nil {
					return err
				}
				m.shows[path] = p.Name
				g.files = append(g.files, path)
			}
			things = append(things, g)
		}
	}
	return m.orderedPairs(ctx, things, "second-view")
}

// lookalikes: different units of one product on one rig, each put down by hand
// before the same white background.
func lookalikes(ctx context.Context, m *maker) error {
	var things []group
	for _, p := range samples.Products() {
		g := group{name: p.Name}
		for unit := range uint64(units) {
			path, err := m.photograph(ctx, fmt.Sprintf("unit-%s-%d", p.Name, unit), samples.Lookalike(p.Name, m.seed*10+3, unit+1))
			if err != nil {
				return err
			}
			m.shows[path] = p.Name
			g.files = append(g.files, path)
		}
		things = append(things, g)
	}
	return m.orderedPairs(ctx, things, "lookalike")
}

// drawnForgeries: listing photos of drawn products with painted damage and every
// attack, and the same with the scene behind the goods replaced.
func drawnForgeries(ctx context.Context, m *maker) error {
	var files []string
	for _, p := range samples.Products() {
		for visit := range uint64(visits) {
			path, err := m.photograph(ctx, fmt.Sprintf("listing-%s-%d", p.Name, visit), samples.Listing(p.Name, m.seed*100+visit))
			if err != nil {
				return err
			}
			m.shows[path] = p.Name
			files = append(files, path)
		}
	}
	if err := m.paintAll(ctx, "drawn", files, 16, 6); err != nil {
		return err
	}
	return m.replaced(ctx, files)
}

// replaced lays out, for each listing photo, the goods before two other scenes:
// another photo, and a drawn table with nothing on it. Each goes as it is and
// by a mild trip.
func (m *maker) replaced(ctx context.Context, files []string) error {
	scenes, err := m.pictures("products", "handheld", "grocery/phone")
	if err != nil {
		return err
	}
	for i, f := range files {
		product := samples.Products()[i/visits].Name
		table := samples.Claim(product, m.seed*100+uint64(i), 1, samples.Damage{})
		table.Width, table.Height = drawWidth, drawWidth*3/4
		name := fmt.Sprintf("table-%02d", i)
		empty, err := m.render(ctx, name+".jpg", func() (image.Image, error) { return samples.EmptyScene(ctx, table) })
		if err != nil {
			return err
		}
		backs := []string{empty}
		if len(scenes) > 0 {
			backs = append(backs, scenes[i*11%len(scenes)])
		}
		subject, err := m.subject(ctx, fmt.Sprintf("subject-%02d.png", i), product, m.seed*100+uint64(i%visits))
		if err != nil {
			return err
		}
		for k, back := range backs {
			plain := travel.Trip{Steps: []travel.Step{travel.JPEG{Quality: 90}}}
			mild := travel.Mild(m.rng(fmt.Sprintf("replaced-%d-%d", i, k)))
			for _, way := range []struct {
				kind string
				trip travel.Trip
			}{{"replaced-background", plain}, {"replaced-background+mild", mild}} {
				if err := m.replace(ctx, way.kind, f, back, subject, way.trip); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// subject returns the path of the mask of the product in a listing photo.
func (m *maker) subject(ctx context.Context, name, product string, seed uint64) (string, error) {
	path := filepath.Join(m.dir, ".renders", name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	s := samples.Listing(product, seed)
	s.Width, s.Height = drawWidth, drawWidth*3/4
	photo, err := samples.Take(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	data, err := maskPNG(photo.Subject)
	if err != nil {
		return "", err
	}
	return path, writeWhole(path, data)
}

func (m *maker) replace(ctx context.Context, kind, source, back, subject string, trip travel.Trip) error {
	return m.pairOf(ctx, m.of(source), "same", kind, func() ([]part, error) {
		img, err := picture(ctx, source, 0)
		if err != nil {
			return nil, err
		}
		behind, err := picture(ctx, back, largest)
		if err != nil {
			return nil, err
		}
		shape, err := imaging.Open(ctx, subject, imaging.Limits{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", subject, err)
		}
		goods, ground := split(shape.RGBA(0))
		shape.Release()
		return travelled(forge.ReplaceBackground(img, goods, behind), ground, source, trip)
	})
}

// split reads a mask picture as the goods and what is not the goods.
func split(mask *image.RGBA) (goods, ground *image.Alpha) {
	goods, ground = image.NewAlpha(mask.Rect), image.NewAlpha(mask.Rect)
	for i := range goods.Pix {
		goods.Pix[i] = mask.Pix[4*i]
		ground.Pix[i] = 255 - mask.Pix[4*i]
	}
	return goods, ground
}
