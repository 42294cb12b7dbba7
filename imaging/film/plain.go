package film

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// ErrNoPlain is what films answer of which no plain copy can be made here:
// those that come in fragments, or whose tables cannot be followed.
var ErrNoPlain = errors.New("film: no plain copy of this kind of file")

// span is a range of a file, [from, to).
type span struct{ from, to int64 }

// Plain is a copy of a film with its pictures and its sound and nothing else.
// It is as long as the film and lies in the same places, so that a part of it
// is made from that part alone: what is known to be needed to show it is
// kept, and everything else reads as zeros. What is gone is where it was
// taken, when and with what (udta, meta, uuid), all other tracks with their
// samples (places second by second, timed texts), names of handlers and
// compressors, times of creation, and whatever lies between or behind the
// boxes. What was written into the coded pictures or sound themselves stays.
type Plain struct {
	of     io.ReaderAt
	size   int64
	kept   []span // as they are
	patch  map[int64][]byte
	places []int64 // where patches begin, rising
}

// NewPlain reads what a film of size bytes says of its tracks. Its error is
// ErrNoMovie, ErrNoPlain, or r's own.
func NewPlain(r io.ReaderAt, size int64) (*Plain, error) {
	p := &Plain{of: r, size: size, patch: map[int64][]byte{}}
	var media []span // bodies of mdat
	var movie []byte
	for at, n := int64(0), 0; at+8 <= size; n++ {
		kind, begins, length, err := boxAt(r, at, size)
		if err != nil {
			return nil, err
		}
		if n >= maxBoxes || length < begins {
			return nil, ErrNoPlain
		}
		switch kind {
		case "ftyp":
			p.keep(at, at+length)
		case "mdat":
			p.keep(at, at+begins)
			media = append(media, span{at + begins, at + length})
		case "moov":
			if movie != nil || length > maxMovie {
				return nil, ErrNoPlain
			}
			movie = make([]byte, length)
			if n, err := r.ReadAt(movie, at); n < len(movie) {
				return nil, fmt.Errorf("film: %w", err)
			}
			p.overlay(at, movie)
		case "moof", "mfra", "sidx", "styp":
			return nil, ErrNoPlain
		default:
			head := make([]byte, begins)
			if n, err := r.ReadAt(head, at); n < len(head) {
				return nil, fmt.Errorf("film: %w", err)
			}
			copy(head[4:8], "free")
			p.overlay(at, head)
		}
		at += length
	}
	if movie == nil {
		return nil, ErrNoMovie
	}
	samples, ok := plainMovie(movie)
	if !ok {
		return nil, ErrNoPlain
	}
	p.keepWithin(samples, media)
	return p, nil
}

// boxAt reads the head of a box of the file itself; one that reaches beyond
// the end is taken to end there.
func boxAt(r io.ReaderAt, at, size int64) (kind string, begins, length int64, err error) {
	var head [16]byte
	got, err := r.ReadAt(head[:min(16, size-at)], at)
	if got < 8 {
		return "", 0, 0, fmt.Errorf("film: %w", err)
	}
	length, begins = int64(be32(head[:])), 8
	switch {
	case length == 1 && got == 16:
		length, begins = int64(be64(head[8:])&math.MaxInt64), 16
	case length == 0:
		length = size - at
	}
	return string(head[4:8]), begins, min(length, size-at), nil
}

func (p *Plain) keep(from, to int64) { p.kept = append(p.kept, span{from, to}) }

func (p *Plain) overlay(at int64, data []byte) {
	p.patch[at] = data
	p.places = append(p.places, at)
}

// Over is the copy with its bytes read from r, which holds the same film.
func (p *Plain) Over(r io.ReaderAt) *Plain {
	other := *p
	other.of = r
	return &other
}

// Weight is what the copy takes in memory, in bytes.
func (p *Plain) Weight() int64 {
	n := int64(16*cap(p.kept)) + 1<<10
	for _, b := range p.patch {
		n += int64(len(b)) + 64
	}
	return n
}

// keepWithin keeps the parts of samples that lie in media, and sorts and joins
// what is kept.
func (p *Plain) keepWithin(samples, media []span) {
	for _, s := range samples {
		for _, m := range media {
			if from, to := max(s.from, m.from), min(s.to, m.to); from < to {
				p.keep(from, to)
			}
		}
	}
	slices.SortFunc(p.kept, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := p.kept[:0]
	for _, s := range p.kept {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	p.kept = joined
	slices.Sort(p.places)
}

// Size is the film's, in bytes.
func (p *Plain) Size() int64 { return p.size }

// ReadAt reads the copy.
func (p *Plain) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 || at >= p.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), p.size-at))
	out, end := b[:n], at+int64(n)
	clear(out)
	i, _ := slices.BinarySearchFunc(p.kept, at, func(s span, at int64) int {
		if s.to <= at {
			return -1
		}
		return 1
	})
	for ; i < len(p.kept) && p.kept[i].from < end; i++ {
		from, to := max(p.kept[i].from, at), min(p.kept[i].to, end)
		if got, err := p.of.ReadAt(out[from-at:to-at], from); int64(got) < to-from {
			return 0, fmt.Errorf("film: %w", err)
		}
	}
	for _, place := range p.places {
		data := p.patch[place]
		if from, to := max(place, at), min(place+int64(len(data)), end); from < to {
			copy(out[from-at:to-at], data[from-place:to-place])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
