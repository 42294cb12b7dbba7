package film

import "encoding/binary"

// plainBoxes are the boxes of a movie that are needed to show it, by the box
// that they lie in (ISO/IEC 14496-12, 8). All others are blanked.
var plainBoxes = map[string]map[string]bool{
	"moov": {"mvhd": true, "trak": true},
	"trak": {"tkhd": true, "edts": true, "mdia": true},
	"edts": {"elst": true},
	"mdia": {"mdhd": true, "hdlr": true, "minf": true},
	"minf": {"vmhd": true, "smhd": true, "hdlr": true, "dinf": true, "stbl": true},
	"dinf": {"dref": true},
	"stbl": {"stsd": true, "stts": true, "ctts": true, "cslg": true, "stss": true, "stsc": true, "stsz": true, "stco": true, "co64": true, "sdtp": true},
}

// maxSpans bounds how many pieces of a file are kept: a chunk of each track
// twice a second for eighteen hours. A table's entry takes a quarter of a piece.
const maxSpans = 1 << 17

// plainEntries are what may lie in a sample's description: how to decode it,
// and its colours and shape.
var plainEntries = map[string]bool{
	"avcC": true, "hvcC": true, "av1C": true, "vpcC": true, "dvcC": true, "dvvC": true, "colr": true, "pasp": true, "clap": true, "fiel": true, "btrt": true,
	"mdcv": true, "clli": true, "esds": true, "dOps": true, "dac3": true, "dec3": true, "alac": true, "damr": true, "d263": true, "wave": true, "chan": true,
}

// blank makes a box free space: it stays as long as it was.
func blank(whole []byte, begins int) {
	copy(whole[4:8], "free")
	clear(whole[begins:])
}

// each goes through the boxes in data and gives each whole, with where its
// body begins; what is behind the last one is blanked. ok is false where a box
// reaches beyond its parent.
func each(data []byte, f func(kind string, whole []byte, begins int) bool) (ok bool) {
	for len(data) >= 8 {
		n, begins := uint64(be32(data)), 8
		if n == 1 && len(data) >= 16 {
			n, begins = be64(data[8:]), 16
		}
		if n == 0 && allZero(data) {
			return true // the terminator that QuickTime writes
		}
		if n < uint64(begins) || n > uint64(len(data)) {
			return false
		}
		if !f(string(data[4:8]), data[:n], begins) {
			return false
		}
		data = data[n:]
	}
	clear(data)
	return true
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// plainMovie blanks in a whole moov box what tells more than pictures and
// sound, and answers where the samples of those lie.
func plainMovie(moov []byte) (samples []span, ok bool) {
	_, begins := be32(moov), 8
	if be32(moov) == 1 {
		begins = 16
	}
	ok = each(moov[begins:], func(kind string, whole []byte, begins int) bool {
		switch {
		case !plainBoxes["moov"][kind]:
			blank(whole, begins)
			return kind != "mvex" // a film in fragments
		case kind == "mvhd":
			noTimes(whole[begins:])
			return true
		case !shown(whole[begins:]):
			blank(whole, begins)
			return true
		}
		if !plainBox("trak", whole[begins:]) {
			return false
		}
		more, ok := samplesOf(whole[begins:])
		samples = append(samples, more...)
		return ok && len(samples) <= maxSpans
	})
	return samples, ok
}

// shown is whether a track holds pictures or sound.
func shown(trak []byte) bool {
	for b := range boxes(trak) {
		if b.kind != "mdia" {
			continue
		}
		for m := range boxes(b.body) {
			if m.kind == "hdlr" && len(m.body) >= 12 {
				what := string(m.body[8:12])
				return what == "vide" || what == "soun"
			}
		}
	}
	return false
}

// plainBox blanks what a box of the given kind need not hold.
func plainBox(parent string, body []byte) bool {
	return each(body, func(kind string, whole []byte, begins int) bool {
		b := whole[begins:]
		if !plainBoxes[parent][kind] {
			blank(whole, begins)
			return true
		}
		switch kind {
		case "tkhd", "mdhd":
			noTimes(b)
		case "hdlr":
			clear(b[min(24, len(b)):]) // its name
		case "dref":
			return each(b[min(8, len(b)):], func(_ string, whole []byte, begins int) bool {
				clear(whole[min(begins+4, len(whole)):]) // a path on somebody's disk
				return true
			})
		case "stsd":
			return each(b[min(8, len(b)):], plainEntry)
		}
		if plainBoxes[kind] != nil {
			return plainBox(kind, b)
		}
		return true
	})
}

// noTimes blanks when something was made and changed (8.2.2, 8.3.2, 8.4.2).
func noTimes(b []byte) {
	n := 8
	if len(b) > 0 && b[0] == 1 {
		n = 16
	}
	if len(b) >= 4+n {
		clear(b[4 : 4+n])
	}
}

// plainEntry blanks what a sample's description need not hold. Pictures have
// a compressor's name in it (12.1.3), sound one of three lengths (QuickTime
// File Format, sound sample descriptions).
func plainEntry(_ string, whole []byte, begins int) bool {
	b := whole[begins:]
	if len(b) < 28 {
		return false
	}
	at := 28
	switch picture := len(b) >= 78 && binary.BigEndian.Uint16(b[24:]) != 0 && binary.BigEndian.Uint16(b[26:]) != 0 && be32(b[28:]) != 0; {
	case picture:
		clear(b[42:74])
		at = 78
	case binary.BigEndian.Uint16(b[8:]) == 1:
		at = 44
	case binary.BigEndian.Uint16(b[8:]) == 2:
		at = 64
	}
	return each(b[min(at, len(b)):], func(kind string, whole []byte, begins int) bool {
		if !plainEntries[kind] {
			blank(whole, begins)
		}
		return true
	})
}

// samplesOf lists where a track's samples lie: chunks of so many samples (8.7.4)
// of such sizes (8.7.3) at such places (8.7.5).
func samplesOf(trak []byte) (out []span, ok bool) {
	var sizes, runs, places []byte
	fixed, wide := int64(0), 4
	for b := range boxes(trak) {
		if b.kind != "mdia" {
			continue
		}
		for m := range boxes(b.body) {
			if m.kind != "minf" {
				continue
			}
			for s := range boxes(m.body) {
				if s.kind != "stbl" {
					continue
				}
				for t := range boxes(s.body) {
					switch {
					case t.kind == "stsz" && len(t.body) >= 12:
						fixed, sizes = int64(be32(t.body[4:])), listed(t.body[4:], 4)
					case t.kind == "stsc":
						runs = listed(t.body, 12)
					case t.kind == "stco":
						places = listed(t.body, 4)
					case t.kind == "co64":
						places, wide = listed(t.body, 8), 8
					}
				}
			}
		}
	}
	if len(places) == 0 {
		return nil, true // an empty track
	}
	return chunks(sizes, runs, places, fixed, wide)
}

func chunks(sizes, runs, places []byte, fixed int64, wide int) (out []span, ok bool) {
	if len(runs) < 12 || fixed == 0 && len(sizes) == 0 {
		return nil, false
	}
	sample, run := 0, 0
	for i := range len(places) / wide {
		for 12*(run+2) <= len(runs) && int(be32(runs[12*(run+1):])) <= i+1 {
			run++
		}
		n := int64(be32(runs[12*run+4:]))
		length := n * fixed
		if fixed == 0 {
			if int64(len(sizes)/4-sample) < n {
				return nil, false
			}
			for range n {
				length += int64(be32(sizes[4*sample:]))
				sample++
			}
		}
		var at uint64
		if wide == 8 {
			at = be64(places[8*i:])
		} else {
			at = uint64(be32(places[4*i:]))
		}
		if at > 1<<62 || length < 0 || length > 1<<62 {
			return nil, false
		}
		if n := len(out); n > 0 && out[n-1].to == int64(at) { // behind each other
			out[n-1].to += length
			continue
		}
		if len(out) == maxSpans {
			return nil, false
		}
		out = append(out, span{int64(at), int64(at) + length})
	}
	return out, true
}
