package main

import (
	"context"
	"fmt"

	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
)

const (
	warpedEach = 75   // pairs of each bending
	warpedMost = 0.03 // of the longer side: the farthest that a point moves
)

// warped: damage painted over real photos and listing pictures, then the whole
// bent a little, as any phone's editor does (kinds "warped-perspective" and so
// on), and saved.
func warped(ctx context.Context, m *maker) error {
	files, err := m.pictures("products", "handheld", "grocery/listing", "grocery/phone")
	if err != nil || len(files) == 0 {
		return err
	}
	for k, bending := range forge.Bendings() {
		for i := range warpedEach {
			source := files[(i*len(files)/warpedEach+k*3)%len(files)]
			err := m.pair(ctx, "same", "warped-"+string(bending), func() ([]part, error) {
				img, err := picture(ctx, source, largest)
				if err != nil {
					return nil, err
				}
				rng := m.rng(fmt.Sprintf("warped-%s-%d", bending, i))
				forged, _ := forge.Paint(img, forge.Kinds()[rng.IntN(len(forge.Kinds()))], rng)
				share := warpedMost * (0.2 + 0.8*rng.Float64())
				trip := travel.Trip{Steps: []travel.Step{travel.JPEG{Quality: 70 + rng.IntN(25)}}}
				return travelled(forge.Bend(forged, bending, share, rng), nil, source, trip)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
