package gallery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging/film"
	"github.com/evenhand/evenhand/text"
)

// CodeNoCopy: of this kind of file no copy can be made that says nothing of
// its maker, so that only staff and the side that sent it see it.
const CodeNoCopy text.Code = "no_copy"

// A plain photo's longer side in pixels, at most, and how good a JPEG it is.
const (
	plainSide    = 4096
	plainQuality = 92
)

// filmPiece is how much of a film is read at once, in bytes: storage at a
// distance is asked once for it.
const filmPiece = 1 << 20

// Plain is a copy of evidence that says nothing of where, when and with what it
// was made, for the other side: a photo drawn anew from its pixels, upright,
// and a film with its pictures and its sound alone. Its errors are refusals,
// or storage's own.
func (g *Gallery) Plain(ctx context.Context, it evidence.Item) (from io.ReadSeeker, mediaType string, err error) {
	switch it.Medium {
	case evidence.Photo:
		data, err := g.plainPhoto(ctx, it)
		return bytes.NewReader(data), "image/jpeg", err
	case evidence.Video:
		from, err := g.plainFilm(ctx, it)
		return from, it.Type, err
	}
	return nil, "", noCopy()
}

func noCopy() error {
	return text.Refuse(CodeNoCopy, "", "Of this file no copy without its metadata can be made; the desk's staff look at the original.", "无法为该文件生成去除元数据的副本，原件仅由平台工作人员查看。")
}

func (g *Gallery) plainPhoto(ctx context.Context, it evidence.Item) ([]byte, error) {
	key := it.SHA256 + "/plain"
	if data, ok := g.encoded.get(key); ok {
		return data, nil
	}
	all, err := g.drawing.do(ctx, key, func(ctx context.Context) ([][]byte, error) {
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
		data, err := encode(p.Shrink(fit(p.Width, p.Height, plainSide)), plainQuality)
		if err == nil {
			g.encoded.put(key, data, int64(len(data)))
		}
		return [][]byte{data}, err
	})
	if err != nil {
		return nil, readable(err)
	}
	return all[0], nil
}

func (g *Gallery) plainFilm(ctx context.Context, it evidence.Item) (io.ReadSeeker, error) {
	if it.Type != "video/mp4" && it.Type != "video/quicktime" {
		return nil, noCopy()
	}
	size, err := g.blobs.Size(ctx, it.SHA256)
	if err != nil {
		return nil, fmt.Errorf("asking for the size of evidence %s: %w", it.ID, err)
	}
	// A player asks for many parts of one film: its tables are read once.
	from := blobAt{ctx, g.blobs, it.SHA256}
	p, ok := g.films.get(it.SHA256)
	if !ok {
		p, err = film.NewPlain(from, size)
		switch {
		case errors.Is(err, film.ErrNoMovie), errors.Is(err, film.ErrNoPlain):
			return nil, noCopy()
		case err != nil:
			return nil, err
		}
		g.films.put(it.SHA256, p.Over(nil), p.Weight())
	}
	p = p.Over(from)
	return io.NewSectionReader(&pieces{of: p}, 0, size), nil
}

// pieces reads ahead, for one reader who goes from front to back.
type pieces struct {
	of   io.ReaderAt
	at   int64
	held []byte
}

func (p *pieces) ReadAt(b []byte, at int64) (int, error) {
	if at < p.at || at >= p.at+int64(len(p.held)) {
		piece := make([]byte, filmPiece)
		n, err := p.of.ReadAt(piece, at)
		if err != nil && (!errors.Is(err, io.EOF) || n == 0) {
			return 0, err
		}
		p.at, p.held = at, piece[:n]
	}
	n := copy(b, p.held[at-p.at:])
	if n < len(b) && len(p.held) < filmPiece {
		return n, io.EOF
	}
	return n, nil
}
