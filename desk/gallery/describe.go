package gallery

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/film"
	"github.com/evenhand/evenhand/text"
)

// The kinds of Picture.
const (
	Image = "image"
	Video = "video"
	Other = "other" // words, and photos that cannot be read
)

// Picture is what a screen must know of a piece of evidence before it shows it.
type Picture struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"image,video,other"`
	Width  int    `json:"width" doc:"Of the upright picture, in pixels; 0 unknown"`
	Height int    `json:"height" doc:"Of the upright picture, in pixels; 0 unknown"`
	Format string `json:"format" doc:"What the bytes are: jpeg, png, heic, mp4, ..."`
	Tile   int    `json:"tile" doc:"The side of a tile, in pixels"`
	Levels int    `json:"levels" doc:"How many sizes there are tiles of: level 0 is full size, each further one half of the one before; 0 where there are no tiles"`
	// Frames are the times at which a film's player can begin.
	Frames   []float64 `json:"frames" nullable:"false" doc:"When a film's key frames are shown, in seconds, at most 200; empty where the file does not say"`
	Duration float64   `json:"duration" doc:"Of a film, in seconds; 0 unknown"`
}

// Describe says what a piece of evidence is to a screen. Its error is
// storage's, or ctx's.
func (g *Gallery) Describe(ctx context.Context, it evidence.Item) (Picture, error) {
	p, ok := g.known.get(it.SHA256)
	if !ok {
		var err error
		if p, err = g.describe(ctx, it); err != nil {
			return Picture{}, err
		}
		g.known.put(it.SHA256, p, int64(200+8*len(p.Frames)))
	}
	p.ID = it.ID
	return p, nil
}

func (g *Gallery) describe(ctx context.Context, it evidence.Item) (Picture, error) {
	p := Picture{Kind: Other, Tile: Tile, Frames: []float64{}}
	switch it.Medium {
	case evidence.Photo:
		return g.describePhoto(ctx, it, p)
	case evidence.Video:
		return g.describeFilm(ctx, it, p)
	}
	p.Format = "text"
	return p, nil
}

func (g *Gallery) describePhoto(ctx context.Context, it evidence.Item, p Picture) (Picture, error) {
	data, err := g.read(ctx, it)
	if err != nil {
		return p, err
	}
	size, err := imaging.Measure(data, imaging.Limits{MaxBytes: desk.MaxPhoto})
	if err != nil {
		return p, nil //nolint:nilerr // a photo that cannot be read is shown as a file
	}
	if size.Width == 0 || size.Height == 0 { // only the decoder knows
		full, err := g.pyramid(ctx, it)
		if _, refused := text.AsRefusal(err); refused {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		size.Width, size.Height = full.full.Width, full.full.Height
	}
	p.Kind, p.Format, p.Width, p.Height = Image, size.Format, size.Width, size.Height
	p.Levels = levels(p.Width, p.Height)
	return p, nil
}

// filmFormats names containers by their media types.
var filmFormats = map[string]string{"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm", "video/avi": "avi"}

func (g *Gallery) describeFilm(ctx context.Context, it evidence.Item, p Picture) (Picture, error) {
	p.Kind, p.Format = Video, filmFormats[it.Type]
	size, err := g.blobs.Size(ctx, it.SHA256)
	if err != nil {
		return p, fmt.Errorf("asking for the size of evidence %s: %w", it.ID, err)
	}
	f, err := film.Read(blobAt{ctx, g.blobs, it.SHA256}, size)
	switch {
	case errors.Is(err, film.ErrNoMovie):
		return p, nil
	case err != nil:
		return p, err
	}
	p.Width, p.Height, p.Duration = f.Width, f.Height, f.Duration
	p.Frames = append(p.Frames, f.Frames...)
	return p, nil
}

// blobAt reads parts of a blob.
type blobAt struct {
	ctx   context.Context
	blobs desk.Bytes
	sha   string
}

func (b blobAt) ReadAt(p []byte, at int64) (int, error) {
	r, err := b.blobs.Open(b.ctx, b.sha, at, int64(len(p)))
	if err != nil {
		return 0, err
	}
	defer r.Close() //nolint:errcheck // read only
	return io.ReadFull(r, p)
}
