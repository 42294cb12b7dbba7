package main

import (
	"context"
	"fmt"
	"image"

	"github.com/evenhand/evenhand/samples"
)

const (
	carefulEach = 24   // pictures, each printed and photographed in both ways
	fineLong    = 3200 // pixels of a phone's photo, far more than the print has
	pageLong    = 1920
	pageMiss    = 2.0 // of 1,000 pixels: how far off a document mode finds a corner
)

// carefulPrints: prints of real photos taken with all the care there is, in even
// light and all but square. "print-fine" is a photo far finer than the picture that
// was printed; "print-document" is one that the phone's document mode has squared.
func carefulPrints(ctx context.Context, m *maker) error {
	files, err := m.pictures("products", "handheld")
	if err != nil || len(files) == 0 {
		return err
	}
	for i := range carefulEach {
		f := files[i*len(files)/carefulEach]
		for _, c := range []struct {
			kind string
			long int
		}{{"print-fine", fineLong}, {"print-document", pageLong}} {
			name := fmt.Sprintf("%s-%03d.jpg", c.kind, i)
			shot, err := m.render(ctx, name, func() (image.Image, error) {
				img, err := picture(ctx, f, largest)
				if err != nil {
					return nil, err
				}
				rng := m.rng(name)
				shot, err := samples.PhotographPrintWith(ctx, img, rng.Uint64(), samples.PrintCare{Long: c.long, Even: true})
				if err != nil {
					return nil, err
				}
				if c.kind == "print-document" {
					return shot.Document(pageMiss, rng.Uint64()), nil
				}
				return shot.Image, nil
			})
			if err != nil {
				return err
			}
			m.shows[shot] = m.of(f).sources[0]
			if err := m.linked(ctx, c.kind, f, shot); err != nil {
				return err
			}
		}
	}
	return nil
}
