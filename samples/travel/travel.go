// Package travel does to a picture what happens to it between one phone and
// another: crops, screenshots, messengers that shrink and recompress, filters,
// stickers. Each trip is a list of plain steps that can be read, repeated and
// measured, and says where each pixel of the outcome came from. Nothing in it
// paints damage: that is samples/forge.
package travel

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"strings"

	"github.com/evenhand/evenhand/imaging"
)

// Step is one thing done to a picture. Steps are values: the same step on the
// same picture gives the same pixels.
type Step interface {
	// String says what is done, short enough for a table.
	String() string
	// do returns the new picture, at the origin, and the map from its pixels to
	// img's.
	do(img *image.RGBA) (out *image.RGBA, back imaging.Affine, err error)
}

// Trip is what a picture goes through, first step first.
type Trip struct {
	Name  string // the attack it is listed under, such as "crop-third" or "mix"
	Steps []Step
}

// finalQuality is what a trip without a last JPEG step is saved with.
const finalQuality = 92

// Apply sends img on the trip. It returns the JPEG file that arrives and the
// map from that file's pixels to img's (pixels counted from img's own top-left
// corner, centres at halves). It fails only where a step leaves more than
// 65,535 pixels a side, which JPEG cannot hold.
func (t Trip) Apply(img *image.RGBA) (out []byte, toOriginal imaging.Affine, err error) {
	cur, toOriginal := atOrigin(img), imaging.ScaleBy(1, 1)
	quality := finalQuality
	for i, s := range t.Steps {
		if q, ok := s.(JPEG); ok && i == len(t.Steps)-1 {
			quality = q.Quality
			break
		}
		next, back, err := s.do(cur)
		if err != nil {
			return nil, imaging.Affine{}, fmt.Errorf("step %d (%v): %w", i+1, s, err)
		}
		cur, toOriginal = next, back.Then(toOriginal)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, cur, &jpeg.Options{Quality: quality}); err != nil {
		return nil, imaging.Affine{}, fmt.Errorf("save what arrived: %w", err)
	}
	return buf.Bytes(), toOriginal, nil
}

// String lists the steps, such as "crop 0.62x0.58 at 0.20,0.31; jpeg 71".
func (t Trip) String() string {
	if len(t.Steps) == 0 {
		return "as it is"
	}
	parts := make([]string, len(t.Steps))
	for i, s := range t.Steps {
		parts[i] = s.String()
	}
	return strings.Join(parts, "; ")
}

// atOrigin returns img's pixels with the origin at their top-left corner.
func atOrigin(img *image.RGBA) *image.RGBA {
	if img.Rect.Min == (image.Point{}) {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

// JPEG saves the picture and opens it again (4:2:0 chroma, as phones and
// messengers do).
type JPEG struct{ Quality int }

func (s JPEG) String() string { return fmt.Sprintf("jpeg %d", s.Quality) }

func (s JPEG) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: s.Quality}); err != nil {
		return nil, imaging.Affine{}, fmt.Errorf("save: %w", err)
	}
	back, err := jpeg.Decode(&buf)
	if err != nil {
		return nil, imaging.Affine{}, fmt.Errorf("open again: %w", err)
	}
	out := image.NewRGBA(img.Rect)
	draw.Draw(out, out.Rect, back, back.Bounds().Min, draw.Src)
	return out, imaging.ScaleBy(1, 1), nil
}
