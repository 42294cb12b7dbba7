package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening"
)

// painter draws pictures for the page.
type painter struct {
	limits   imaging.Limits
	previews int // pictures without a finding drawn so far
}

// upright draws the picture itself, its longer side at most side pixels. The
// size it came out at is the frame its references are drawn into.
func (p *painter) upright(ctx context.Context, file screening.FileFacts, side int) (template.URL, image.Point, error) {
	picture, err := p.open(ctx, file)
	if err != nil {
		return "", image.Point{}, err
	}
	defer picture.Release()
	drawn := picture.RGBA(side)
	uri, err := dataURI(drawn)
	return uri, drawn.Rect.Size(), err
}

// aligned draws the reference into the frame of a claim picture; toReference
// maps the claim's upright pixels to the reference's.
func (p *painter) aligned(ctx context.Context, claim, ref screening.FileFacts, frame image.Point, toReference imaging.Affine) (template.URL, error) {
	picture, err := p.open(ctx, ref)
	if err != nil {
		return "", err
	}
	defer picture.Release()
	// More pixels than twice the frame's cannot be seen in it.
	source := picture.RGBA(2 * comparedSide)
	onPage := imaging.ScaleBy(float64(claim.Width)/float64(frame.X), float64(claim.Height)/float64(frame.Y)).
		Then(toReference).
		Then(imaging.ScaleBy(float64(source.Rect.Dx())/float64(picture.Width), float64(source.Rect.Dy())/float64(picture.Height)))
	return dataURI(onHatch(imaging.Warp(source, onPage, frame.X, frame.Y)))
}

// open decodes the file again, if it is still the one that was inspected.
func (p *painter) open(ctx context.Context, file screening.FileFacts) (*imaging.Picture, error) {
	data, err := imaging.ReadFile(ctx, file.File, p.limits)
	if err != nil {
		return nil, err
	}
	if digest := sha256.Sum256(data); hex.EncodeToString(digest[:]) != file.SHA256 {
		return nil, errors.New("the file has changed since it was inspected")
	}
	return imaging.Decode(ctx, data, p.limits)
}

func dataURI(m *image.RGBA) (template.URL, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 86}); err != nil {
		return "", fmt.Errorf("encoding a picture: %w", err)
	}
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(out.Bytes())), nil
}

// onHatch lays m on a quiet diagonal hatch, in place, so that the parts of the
// frame that the reference does not reach are not mistaken for its content.
func onHatch(m *image.RGBA) *image.RGBA {
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride : y*m.Stride+4*m.Rect.Dx()]
		for x := 0; x < len(row); x += 4 {
			a := uint32(row[x+3])
			if a == 255 {
				continue
			}
			ground := uint32(146)
			if (x/4+y)%24 < 12 {
				ground = 132
			}
			for c := x; c < x+3; c++ {
				// RGBA holds colour already multiplied by alpha.
				row[c] = uint8(min(255, uint32(row[c])+ground*(255-a)/255))
			}
			row[x+3] = 255
		}
	}
	return m
}
