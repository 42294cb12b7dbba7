package film

import (
	"iter"
	"math"
)

// box is one box of the ISO base media file format (ISO/IEC 14496-12, 4.2).
type box struct {
	kind string
	body []byte
}

// boxes yields the boxes in data; one that reaches beyond its parent is the
// end of what can be read.
func boxes(data []byte) iter.Seq[box] {
	return func(yield func(box) bool) {
		for len(data) >= 8 {
			n, begins := uint64(be32(data)), uint64(8)
			if n == 1 && len(data) >= 16 {
				n, begins = be64(data[8:]), 16
			}
			if n < begins || n > uint64(len(data)) {
				return
			}
			if !yield(box{string(data[4:8]), data[begins:n]}) {
				return
			}
			data = data[n:]
		}
	}
}

// track is what is read of a track of pictures.
type track struct {
	width, height int
	scale         uint32 // ticks a second
	ticks         uint64 // how long it runs
	skipped       int64  // ticks at its start that are not shown (edit list)
	delay         int64  // the movie's ticks before it starts

	times   table // of samples: count and ticks each (stts)
	shifts  table // count and ticks from decoding to showing (ctts)
	keyed   []byte
	keyless bool // no list of key samples: each is one
}

// table is a run-length list: pairs of 32-bit numbers.
type table []byte

func (t table) len() int                 { return len(t) / 8 }
func (t table) pair(i int) (n, v uint32) { return be32(t[8*i:]), be32(t[8*i+4:]) }

// readTrack reads a trak box; ok is false where it holds no pictures.
func readTrack(body []byte) (t track, ok bool) {
	t.keyless = true
	for b := range boxes(body) {
		switch b.kind {
		case "tkhd":
			t.header(b.body)
		case "edts":
			for e := range boxes(b.body) {
				if e.kind == "elst" {
					t.edits(e.body)
				}
			}
		case "mdia":
			ok = t.media(b.body)
		}
	}
	return t, ok && t.width > 0 && t.height > 0
}

// header reads the size shown, which ends the track header, and the matrix
// before it: a phone held upright writes lying pictures and a quarter turn.
func (t *track) header(b []byte) {
	at := 40 // of the matrix, in version 0 (14496-12, 8.3.2)
	if len(b) > 0 && b[0] == 1 {
		at = 52
	}
	if len(b) < at+44 {
		return
	}
	t.width, t.height = int(be32(b[at+36:])>>16), int(be32(b[at+40:])>>16)
	if be32(b[at:]) == 0 && be32(b[at+4:]) != 0 {
		t.width, t.height = t.height, t.width
	}
}

// edits reads the edit list as far as players heed it: an empty edit delays
// the start, and the first real one says where in the track it is.
func (t *track) edits(b []byte) {
	if len(b) < 8 {
		return
	}
	long := b[0] == 1
	size := 12
	if long {
		size = 20
	}
	for rest := b[8:]; len(rest) >= size; rest = rest[size:] {
		length, from := int64(be32(rest)), int64(int32(be32(rest[4:])))
		if long {
			length, from = int64(be64(rest)&math.MaxInt64), int64(be64(rest[8:]))
		}
		if from >= 0 {
			t.skipped = from
			return
		}
		t.delay = min(t.delay+length, math.MaxInt32)
	}
}

// media reads the mdia box; ok is false where it is no track of pictures.
func (t *track) media(body []byte) (ok bool) {
	for b := range boxes(body) {
		switch b.kind {
		case "mdhd":
			t.scale, t.ticks = clock(b.body)
		case "hdlr":
			ok = len(b.body) >= 12 && string(b.body[8:12]) == "vide"
		case "minf":
			for m := range boxes(b.body) {
				if m.kind == "stbl" {
					t.samples(m.body)
				}
			}
		}
	}
	return ok
}

// samples notes the tables that say when each sample is shown.
func (t *track) samples(body []byte) {
	for b := range boxes(body) {
		switch b.kind {
		case "stts":
			t.times = listed(b.body, 8)
		case "ctts":
			t.shifts = listed(b.body, 8)
		case "stss":
			t.keyed, t.keyless = listed(b.body, 4), false
		}
	}
}

// listed is the body of a table whose head counts entries of size bytes, cut
// to those that are there.
func listed(b []byte, size int) []byte {
	if len(b) < 8 {
		return nil
	}
	n := min(uint64(be32(b[4:])), uint64((len(b)-8)/size))
	return b[8 : 8+int(n)*size]
}

// maxEvery bounds the samples that are listed where each is a key frame: a
// quarter of an hour at 60 a second.
const maxEvery = 60 * 60 * 15

// keys lists when key samples are shown, in ticks from the track's start.
func (t *track) keys() (out []int64) {
	total := int64(0)
	for i := range t.times.len() {
		n, _ := t.times.pair(i)
		total += int64(n)
	}
	decode, shift := walker{table: t.times}, walker{table: t.shifts}
	show := func(sample int64) {
		at, _ := decode.at(sample)
		_, late := shift.at(sample)
		out = append(out, at+int64(int32(late)))
	}
	if t.keyless {
		for s := range min(total, maxEvery) {
			show(s)
		}
		return out
	}
	last := int64(-1)
	for i := 0; i+4 <= len(t.keyed); i += 4 {
		s := int64(be32(t.keyed[i:])) - 1 // numbered from 1
		if s <= last || s >= total {
			continue // not rising, or beyond the film: damage
		}
		show(s)
		last = s
	}
	return out
}

// walker goes through a run-length list by rising sample numbers.
type walker struct {
	table
	run   int   // the run under way
	first int64 // its first sample
	sum   int64 // of the values of all samples before it
}

// at is the sum of the values of all samples before s, and the value of s.
func (w *walker) at(s int64) (sum int64, value uint32) {
	for ; w.run < w.len(); w.run++ {
		n, v := w.pair(w.run)
		if s < w.first+int64(n) {
			return w.sum + (s-w.first)*int64(v), v
		}
		w.first += int64(n)
		w.sum += int64(n) * int64(v)
	}
	return w.sum, 0
}

// clock reads the ticks a second and the length of an mvhd or mdhd box.
func clock(b []byte) (scale uint32, ticks uint64) {
	switch {
	case len(b) >= 32 && b[0] == 1:
		return be32(b[20:]), known(be64(b[24:]), math.MaxUint64)
	case len(b) >= 20 && b[0] == 0:
		return be32(b[12:]), known(uint64(be32(b[16:])), math.MaxUint32)
	}
	return 0, 0
}

// known is v, or 0 where v is the number that stands for "unknown".
func known(v, unknown uint64) uint64 {
	if v == unknown {
		return 0
	}
	return v
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func be64(b []byte) uint64 { return uint64(be32(b))<<32 | uint64(be32(b[4:])) }
