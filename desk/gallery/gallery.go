package gallery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/film"
	"github.com/evenhand/evenhand/text"
)

// Options makes a Gallery. A zero field means the default named there.
type Options struct {
	Blobs desk.Bytes
	// Memory bounds the decoded pictures kept at hand, in bytes: 384 MB, which
	// holds the two 50-megapixel photos that somebody compares, or half of what
	// the process may decode at once where that is less.
	Memory int64
	// Encoded bounds the finished previews and tiles kept at hand, in bytes: 64 MB.
	Encoded int64
	// Decoders is how many pictures are decoded at once, each up to a gigabyte
	// while it lasts: one a processor core, at most 4.
	Decoders int
}

// Gallery makes previews and tiles. It may be used by many goroutines at once.
type Gallery struct {
	blobs    desk.Bytes
	decoding chan struct{}
	pyramids *cache[*pyramid]
	encoded  *cache[[]byte]
	known    *cache[Picture]
	films    *cache[*film.Plain]
	building *flights[*pyramid]
	drawing  *flights[[][]byte]
}

// knownBytes bounds the descriptions kept: a film's has two hundred times.
const knownBytes = 4 << 20

// filmsBytes bounds the tables kept of films, a megabyte an hour of each.
const filmsBytes = 32 << 20

// New makes a Gallery.
func New(o Options) *Gallery {
	if o.Memory <= 0 {
		o.Memory = min(384<<20, imaging.BudgetSize()/2)
	}
	if o.Encoded <= 0 {
		o.Encoded = 64 << 20
	}
	if o.Decoders <= 0 {
		o.Decoders = min(runtime.GOMAXPROCS(0), 4)
	}
	return &Gallery{
		blobs: o.Blobs, decoding: make(chan struct{}, o.Decoders),
		pyramids: newCache[*pyramid](o.Memory), encoded: newCache[[]byte](o.Encoded), known: newCache[Picture](knownBytes), films: newCache[*film.Plain](filmsBytes),
		building: newFlights[*pyramid](), drawing: newFlights[[][]byte](),
	}
}

// The refusals, besides those of files that cannot be read.
const (
	// CodeNotPicture: the evidence is a film or words, of which there are no
	// tiles and no preview.
	CodeNotPicture text.Code = "not_a_picture"
)

// Sizes are the previews there are: the longer side in pixels.
var Sizes = []int{320, 640, 1280, 1920}

// Preview is the picture as a small JPEG, upright and without metadata, its
// longer side at most size. Its errors are refusals, or storage's own.
func (g *Gallery) Preview(ctx context.Context, it evidence.Item, size int) ([]byte, error) {
	at := slices.Index(Sizes, size)
	if at < 0 {
		return nil, text.Refuse(text.CodeInvalid, "query.size", "size is 320, 640, 1280 or 1920.", "size 须为 320、640、1280 或 1920。")
	}
	if err := still(it); err != nil {
		return nil, err
	}
	key := previewKey(it, size)
	if data, ok := g.encoded.get(key); ok {
		return data, nil
	}
	if p, ok := g.pyramids.get(it.SHA256); ok {
		data, err := encode(p.preview(size), previewQuality)
		if err == nil {
			g.encoded.put(key, data, int64(len(data)))
		}
		return data, err
	}
	all, err := g.drawing.do(ctx, it.SHA256, func(ctx context.Context) ([][]byte, error) { return g.draw(ctx, it) })
	if err != nil {
		return nil, readable(err)
	}
	return all[at], nil
}

func previewKey(it evidence.Item, size int) string { return fmt.Sprintf("%s/%d", it.SHA256, size) }

// draw makes all previews of a picture, for decoding it is what takes the
// time: a list of cases asks for the smallest, and the next click for another.
func (g *Gallery) draw(ctx context.Context, it evidence.Item) ([][]byte, error) {
	release, err := g.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	p, err := g.decode(ctx, it)
	if err != nil {
		return nil, err
	}
	defer p.Release()
	out, from := make([][]byte, len(Sizes)), p
	for i, size := range slices.Backward(Sizes) {
		m := from.Shrink(fit(p.Width, p.Height, size))
		if out[i], err = encode(m, previewQuality); err != nil {
			return nil, err
		}
		g.encoded.put(previewKey(it, size), out[i], int64(len(out[i])))
		from = upright(m)
	}
	return out, nil
}

// Tile is a part of the picture as a JPEG: column x and row y of the level's
// tiles, level 0 being full size.
func (g *Gallery) Tile(ctx context.Context, it evidence.Item, level, x, y int) ([]byte, error) {
	if err := still(it); err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%s/%d/%d/%d", it.SHA256, level, x, y)
	if data, ok := g.encoded.get(key); ok {
		return data, nil
	}
	p, err := g.pyramid(ctx, it)
	if err != nil {
		return nil, err
	}
	m, ok := p.tile(level, x, y)
	if !ok {
		return nil, text.Refuse(text.CodeNotFound, "", "The picture has no such tile: /picture says how many levels there are.", "该图片没有此瓦片，层级数见 /picture。")
	}
	data, err := encode(m, tileQuality)
	if err == nil {
		g.encoded.put(key, data, int64(len(data)))
	}
	return data, err
}

// pyramid decodes a picture, once for all who ask.
func (g *Gallery) pyramid(ctx context.Context, it evidence.Item) (*pyramid, error) {
	if p, ok := g.pyramids.get(it.SHA256); ok {
		return p, nil
	}
	p, err := g.building.do(ctx, it.SHA256, func(ctx context.Context) (*pyramid, error) {
		release, err := g.turn(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
		full, err := g.decode(ctx, it)
		if err != nil {
			return nil, err
		}
		p := newPyramid(full)
		full.Detach() // the cache counts it from here on
		g.pyramids.put(it.SHA256, p, p.bytes())
		return p, nil
	})
	return p, readable(err)
}

// turn waits for a decoder.
func (g *Gallery) turn(ctx context.Context) (release func(), err error) {
	select {
	case g.decoding <- struct{}{}:
		return func() { <-g.decoding }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *Gallery) decode(ctx context.Context, it evidence.Item) (*imaging.Picture, error) {
	data, err := g.read(ctx, it)
	if err != nil {
		return nil, err
	}
	return imaging.Decode(ctx, data, imaging.Limits{MaxBytes: desk.MaxPhoto})
}

// read takes a whole photo into memory.
func (g *Gallery) read(ctx context.Context, it evidence.Item) ([]byte, error) {
	r, err := g.blobs.Open(ctx, it.SHA256, 0, -1)
	if err != nil {
		return nil, fmt.Errorf("opening evidence %s: %w", it.ID, err)
	}
	defer r.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(r, desk.MaxPhoto+1))
	if err != nil {
		return nil, fmt.Errorf("reading evidence %s: %w", it.ID, err)
	}
	return data, nil
}

// still refuses what is no photo.
func still(it evidence.Item) error {
	if it.Medium == evidence.Photo {
		return nil
	}
	return text.Refuse(CodeNotPicture, "", "This is no photo: there is no preview and there are no tiles of it. Its bytes are at /content.", "该证据不是照片，没有预览和瓦片；原件见 /content。")
}

// readable says in words why a picture cannot be shown.
func readable(err error) error {
	var unread *imaging.Error
	if !errors.As(err, &unread) || unread.Code == imaging.Cancelled {
		return err
	}
	en, zh := unread.Text()
	return text.Refuse(desk.CodeMedia, "", en, zh)
}
