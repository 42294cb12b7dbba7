// Package film reads what an MP4 or MOV file says of its pictures: their size,
// how long it runs, and where its key frames are. It decodes nothing.
package film

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// Bounds of what is read of a film whose maker we do not know.
const (
	maxBoxes  = 200      // at the top of the file, before the movie box
	maxMovie  = 32 << 20 // bytes of the movie box: hours of a phone's film
	maxFrames = 200      // key frames told
)

// ErrNoMovie is what files answer that are no MP4 or MOV, or one that is cut
// off before it says what it holds.
var ErrNoMovie = errors.New("film: no movie box")

// Film is what a file says of its first track of pictures.
type Film struct {
	// Width and Height are those of the upright picture, in pixels; 0 unknown.
	Width, Height int
	Duration      float64 // seconds; 0 unknown
	// Frames are the times in seconds, rising, at which a player can begin to
	// show pictures: at most 200, spread evenly where there are more; none
	// where the file does not say (a fragmented one keeps no list).
	Frames []float64
}

// Read reads a film of size bytes. Its error is ErrNoMovie, or r's own.
func Read(r io.ReaderAt, size int64) (Film, error) {
	body, err := movieBox(r, size)
	if err != nil {
		return Film{}, err
	}
	var f Film
	scale := uint32(0) // ticks a second of the movie's own clock
	for b := range boxes(body) {
		switch b.kind {
		case "mvhd":
			var ticks uint64
			scale, ticks = clock(b.body)
			f.Duration = seconds(float64(ticks), scale)
		case "trak":
			if t, ok := readTrack(b.body); ok && f.Width == 0 {
				f.take(t, scale)
			}
		}
	}
	return f, nil
}

// take makes a track's numbers the film's.
func (f *Film) take(t track, movieScale uint32) {
	f.Width, f.Height = t.width, t.height
	if f.Duration == 0 {
		f.Duration = seconds(float64(t.ticks), t.scale)
	}
	if t.scale == 0 {
		return
	}
	for _, s := range spread(t.keys(), maxFrames) {
		at := seconds(float64(s-t.skipped), t.scale) + seconds(float64(t.delay), movieScale)
		at = max(at, 0)
		if n := len(f.Frames); n == 0 || at > f.Frames[n-1] {
			f.Frames = append(f.Frames, at)
		}
	}
}

// seconds are ticks by a clock, to the millisecond.
func seconds(ticks float64, scale uint32) float64 {
	if scale == 0 {
		return 0
	}
	return math.Round(ticks/float64(scale)*1000) / 1000
}

// spread takes at most n of v, evenly, the first among them.
func spread(v []int64, n int) []int64 {
	if len(v) <= n {
		return v
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = v[i*len(v)/n]
	}
	return out
}

// movieBox finds the movie box, which many cameras write last, and reads it.
func movieBox(r io.ReaderAt, size int64) ([]byte, error) {
	var head [16]byte
	for at, n := int64(0), 0; at+8 <= size && n < maxBoxes; n++ {
		got, err := r.ReadAt(head[:min(16, size-at)], at)
		if got < 8 {
			return nil, fmt.Errorf("film: %w", err)
		}
		length, begins := int64(be32(head[:])), int64(8)
		switch {
		case length == 1 && got == 16:
			length, begins = int64(be64(head[8:])&math.MaxInt64), 16
		case length == 0:
			length = size - at
		}
		if length < begins || length > size-at {
			break
		}
		if string(head[4:8]) != "moov" {
			at += length
			continue
		}
		if length > maxMovie {
			break
		}
		body := make([]byte, length-begins)
		if n, err := r.ReadAt(body, at+begins); n < len(body) {
			return nil, fmt.Errorf("film: %w", err)
		}
		return body, nil
	}
	return nil, ErrNoMovie
}
