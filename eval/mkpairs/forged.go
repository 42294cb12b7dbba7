package main

import (
	"context"
	"fmt"
	"image"
	"path/filepath"
	"strings"

	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
)

// largest is the longer side, in pixels, at which pictures are painted on:
// what shops and messengers pass on.
const largest = 1600

// aiEdits: pictures before and after real AI edits. The true change of an
// object removal is where the two differ after a blur; the rest of such a pair
// is pixel for pixel the same but for compression. A diffusion editor draws
// the whole picture again, so those pairs have no mask.
func aiEdits(ctx context.Context, m *maker) error {
	for _, sort := range []struct{ folder, kind string }{{"object-removal", "removal"}, {"diffusion-edit", "diffusion"}} {
		files, err := m.pictures("ai-edits/" + sort.folder)
		if err != nil {
			return err
		}
		for _, g := range groupBy(files, func(p string) string { name, _, _ := strings.Cut(filepath.Base(p), "-"); return name }) {
			if err := m.edit(ctx, sort.kind, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) edit(ctx context.Context, kind string, g group) error {
	var before, after string
	for _, f := range g.files {
		if strings.Contains(filepath.Base(f), "before") {
			before = f
		} else {
			after = f
		}
	}
	if before == "" || after == "" {
		return fmt.Errorf("%s has no before or no after picture", g.name)
	}
	return m.pairOf(ctx, origin{sources: []string{g.name}}, "same", kind, func() ([]part, error) {
		parts := []part{link("reference", before), link("claim", after)}
		if kind != "removal" {
			return parts, nil
		}
		a, err := picture(ctx, before, 0)
		if err != nil {
			return nil, err
		}
		b, err := picture(ctx, after, 0)
		if err != nil {
			return nil, err
		}
		if a.Rect != b.Rect {
			return parts, nil // no difference without alignment
		}
		mask, err := maskFile(difference(a, b))
		return append(parts, mask), err
	})
}

// painted: damage painted over real photos, saved as it is (kinds "painted"),
// and sent through each attack (kinds "painted+crop-third" and so on). The
// attacks each take other photos and other damage.
func painted(ctx context.Context, m *maker) error {
	files, err := m.pictures("products", "handheld")
	if err != nil {
		return err
	}
	return m.paintAll(ctx, "painted", files, 40, 12)
}

// paintedSmall: the same over 348-pixel listing pictures and phone photos.
func paintedSmall(ctx context.Context, m *maker) error {
	listing, err := m.pictures("grocery/listing")
	if err != nil {
		return err
	}
	phone, err := m.pictures("grocery/phone")
	if err != nil {
		return err
	}
	if err := m.paintAll(ctx, "painted-small", listing, 81, 6); err != nil {
		return err
	}
	return m.paintAll(ctx, "painted-phone", phone, 40, 6)
}

// paintAll paints plain pairs as they are and mild ones, and attacked pairs for
// each attack.
func (m *maker) paintAll(ctx context.Context, kind string, files []string, plain, attacked int) error {
	if len(files) == 0 {
		return nil
	}
	for i := range plain {
		f := files[i*len(files)/plain%len(files)]
		if err := m.paint(ctx, kind, f, travel.Trip{Steps: []travel.Step{travel.JPEG{Quality: 90}}}); err != nil {
			return err
		}
		if err := m.paint(ctx, kind+"+mild", f, travel.Mild(m.rng(fmt.Sprintf("%s-mild-%d", kind, i)))); err != nil {
			return err
		}
	}
	for k, name := range travel.Names() {
		n := attacked
		if name == "mix" {
			n = 3 * attacked
		}
		for i := range n {
			trip, err := travel.Named(name, m.rng(fmt.Sprintf("%s-%s-%d", kind, name, i)))
			if err != nil {
				return err
			}
			if err := m.paint(ctx, kind+"+"+name, files[(i*7+k*5)%len(files)], trip); err != nil {
				return err
			}
		}
	}
	return nil
}

// paint lays out one forgery: source is the reference, the claim is source with
// damage, sent on a trip; the mask travels too.
func (m *maker) paint(ctx context.Context, kind, source string, trip travel.Trip) error {
	return m.pairOf(ctx, m.of(source), "same", kind, func() ([]part, error) {
		img, err := picture(ctx, source, largest)
		if err != nil {
			return nil, err
		}
		rng := m.rng(fmt.Sprintf("paint-%d", m.count))
		damage := forge.Kinds()[rng.IntN(len(forge.Kinds()))]
		forged, mask := forge.Paint(img, damage, rng)
		return travelled(forged, mask, source, trip)
	})
}

// travelled makes the parts of a pair whose claim went on a trip.
func travelled(claim *image.RGBA, mask *image.Alpha, source string, trip travel.Trip) ([]part, error) {
	data, back, err := trip.Apply(claim)
	if err != nil {
		return nil, err
	}
	parts := []part{link("reference", source), file("claim.jpg", data), file("trip.txt", []byte(trip.String()+"\n"))}
	if mask == nil {
		return parts, nil
	}
	moved, err := carry(mask, data, back)
	if err != nil {
		return nil, err
	}
	masked, err := maskFile(moved)
	return append(parts, masked), err
}

// redrawn: real photos redrawn whole by our stand-in for a diffusion editor.
func redrawn(ctx context.Context, m *maker) error {
	files, err := m.pictures("products", "handheld")
	if err != nil {
		return err
	}
	for i, f := range files {
		for _, mild := range []bool{false, true} {
			kind, trip := "redrawn", travel.Trip{Steps: []travel.Step{travel.JPEG{Quality: 90}}}
			if mild {
				kind, trip = "redrawn+mild", travel.Mild(m.rng(fmt.Sprintf("redrawn-%d", i)))
			}
			err := m.pairOf(ctx, m.of(f), "same", kind, func() ([]part, error) {
				img, err := picture(ctx, f, largest)
				if err != nil {
					return nil, err
				}
				return travelled(forge.Redraw(img, m.rng(fmt.Sprintf("redraw-%d", i))), nil, f, trip)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
