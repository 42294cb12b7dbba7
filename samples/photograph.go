package samples

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math"
)

// Photo is a photograph with what only the one who drew it can know.
type Photo struct {
	Image *image.RGBA
	// Subject covers the product's pixels (255) before lens blur, Damaged those
	// of its drawn damage.
	Subject *image.Alpha
	Damaged *image.Alpha
}

// maxSide bounds a photo's width and height, in pixels.
const maxSide = 8192

// Photograph takes the picture a shot describes, before JPEG. The same shot
// gives the same pixels on any number of cores. It fails for an unknown
// product, an empty frame, or when ctx ends.
func Photograph(ctx context.Context, s Shot) (*image.RGBA, error) {
	p, err := Take(ctx, s)
	if err != nil {
		return nil, err
	}
	return p.Image, nil
}

// Take is Photograph with the masks of the product and of its damage.
func Take(ctx context.Context, s Shot) (*Photo, error) {
	c, err := find(s.Product)
	if err != nil {
		return nil, err
	}
	if s.Width < 16 || s.Height < 16 || s.Width > maxSide || s.Height > maxSide {
		return nil, fmt.Errorf("photograph %s: cannot take a picture of %d x %d pixels", s.Product, s.Width, s.Height)
	}
	return develop(ctx, c, s, true)
}

// EmptyScene photographs the shot's table and surroundings with the product
// taken away.
func EmptyScene(ctx context.Context, s Shot) (*image.RGBA, error) {
	c, err := find(s.Product)
	if err != nil {
		return nil, err
	}
	p, err := develop(ctx, c, s, false)
	if err != nil {
		return nil, err
	}
	return p.Image, nil
}

func develop(ctx context.Context, c entry, s Shot, subject bool) (*Photo, error) {
	sc, m := stage(c, s)
	if !subject {
		sc.things = sc.things[1:]
	}
	f, err := sc.render(ctx, aim(s, m))
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", s.Product, err)
	}
	img, err := expose(ctx, f, exposure{
		seed: noiseSeed(s), stops: s.Exposure, balance: s.Balance, gain: s.Gain,
		blur: s.Blur, shakeX: s.ShakeX, shakeY: s.ShakeY, vignette: lensFall(s), fringe: 0.0003, sharpen: 0.7,
	})
	if err != nil {
		return nil, fmt.Errorf("photograph %s: %w", s.Product, err)
	}
	return &Photo{Image: img, Subject: f.cover(3), Damaged: f.cover(4)}, nil
}

// noiseSeed differs between any two photographs that differ at all, as the
// light's own chance does: it is a digest of the whole shot.
func noiseSeed(s Shot) uint64 { return random(s.Seed, fmt.Sprintf("noise/%+v", s)).Uint64() }

// lensFall is the light lost in the corners: little with a long lens.
func lensFall(s Shot) float64 { return clamp(0.28*27/s.Focal, 0.02, 0.35) }

// cover is the mask of pixels of a kind at or above what.
func (f *frame) cover(what uint8) *image.Alpha {
	m := image.NewAlpha(image.Rect(0, 0, f.w, f.h))
	for i, w := range f.what {
		if w >= what {
			m.Pix[i] = 255
		}
	}
	return m
}

// stage puts the product of a shot into its setting.
func stage(c entry, s Shot) (*scene, *model) {
	m := c.build(s.Unit)
	subject := thing{model: m, at: vec{s.PlaceX, 0, s.PlaceZ}, face: turnBy(s.PlaceTurn), subject: true}
	if s.Damage.Kind != DamageNone {
		subject.mark = newMark(&subject, s.Damage, c.yaw)
	}
	sc := setting(s, m)
	sc.things = append([]thing{subject}, sc.things...)
	return sc, m
}

// EncodeJPEG writes img as a baseline JPEG file of the given quality (1 to
// 100), with no metadata, as chat apps and shops do.
func EncodeJPEG(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	return b.Bytes(), nil
}

// towards is the unit vector at a yaw and an elevation, in degrees.
func towards(yaw, elevation float64) vec {
	sy, cy := math.Sincos(yaw * math.Pi / 180)
	se, ce := math.Sincos(elevation * math.Pi / 180)
	return vec{sy * ce, se, cy * ce}
}

func decodeJPEG(b []byte) (*image.RGBA, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("read a picture of our own back: %w", err)
	}
	return toRGBA(img), nil
}
