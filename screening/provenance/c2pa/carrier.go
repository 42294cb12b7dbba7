package c2pa

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// oddCarrier says whether the parts of a file that hold the manifest store,
// which hashes leave out, are written otherwise than a writer does: such a
// file is not trusted.
func oddCarrier(data, store []byte, carrier string) bool {
	head, size, err := boxHeader(store)
	if err != nil || head != 8 && size < 1<<32 || binary.BigEndian.Uint32(store) == 0 {
		return true
	}
	exact := size == len(store)
	switch carrier {
	case carrierJPEG:
		return !exact || oddJPEG(data)
	case carrierPNG:
		return !exact || oddPNG(data)
	case carrierRIFF:
		return !exact || oddRIFF(data)
	case carrierGIF:
		return !exact || oddGIF(data)
	case carrierTIFF:
		return !exact
	case carrierBMFF:
		return oddBMFF(data)
	}
	return false
}

// oddJPEG wants the pieces of one box, numbered from 1, under an instance
// number as writers use it: small, or the one of the reference tool.
func oddJPEG(data []byte) bool {
	const referenceInstance = 0x0211
	var number uint16
	next := uint32(1)
	for _, s := range jpegSegments(data, false) {
		if !isJUMBFSegment(data, s) {
			continue
		}
		n := binary.BigEndian.Uint16(data[s.start+6:])
		if next > 1 && n != number {
			continue // another box, of JPEG 360 for one
		}
		if number = n; n == 0 || n > 15 && n != referenceInstance || binary.BigEndian.Uint32(data[s.start+8:]) != next || data[s.start+1] != s.marker {
			return true
		}
		next++
	}
	return next == 1
}

// oddPNG wants one chunk with the right checksum.
func oddPNG(data []byte) bool {
	n, odd := 0, false
	pngChunks(data, func(typ string, s span) bool {
		if typ == "caBX" {
			n++
			odd = odd || crc32.ChecksumIEEE(data[s.start+4:s.end-4]) != binary.BigEndian.Uint32(data[s.end-4:])
		}
		return true
	})
	return odd || n != 1
}

// oddRIFF wants one chunk, padded with zero.
func oddRIFF(data []byte) bool {
	n, odd := 0, false
	riffChunks(data, func(typ string, s span) bool {
		if typ == "C2PA" {
			n++
			odd = odd || s.end&1 == 1 && s.end < len(data) && data[s.end] != 0
		}
		return true
	})
	return odd || n != 1
}

// oddGIF wants one extension, in full sub-blocks but for the last.
func oddGIF(data []byte) bool {
	n, odd := 0, false
	gifParts(data, func(name string, s span) bool {
		if name != "C2PA" {
			return true
		}
		n++
		for pos := s.start + len(gifMark); data[pos] != 0; {
			after := pos + 1 + int(data[pos])
			odd = odd || data[pos] != 255 && data[after] != 0
			pos = after
		}
		return true
	})
	return odd || n != 1
}

// oddBMFF wants one box with the store, or an original's and an update's, of
// version 0 without flags, that names no Merkle box or one that is there.
func oddBMFF(data []byte) bool {
	n := map[string]int{}
	for pos := 0; pos+8 <= len(data); {
		head, size, err := boxHeader(data[pos:])
		if err != nil {
			return true
		}
		body := data[pos+head : pos+size]
		pos += size
		if string(data[pos-size+4:pos-size+8]) != "uuid" || len(body) <= 20 || !bytes.Equal(body[:16], bmffC2PA) {
			continue
		}
		purpose, after, ok := bytes.Cut(body[20:], []byte{0})
		if p := string(purpose); p == "merkle" {
			continue
		} else if !ok || p != "manifest" && p != "original" && p != "update" || len(after) < 8 || !allZero(body[16:20]) {
			return true
		}
		n[string(purpose)]++
		if at := binary.BigEndian.Uint64(after); at != 0 && !merkleAt(data, at) {
			return true
		}
		if _, inner, err := boxHeader(after[8:]); err != nil || !allZero(after[8+inner:]) {
			return true
		}
	}
	return n["manifest"] != 1 && (n["original"] != 1 || n["update"] != 1) || n["manifest"] > 0 && len(n) > 1
}

// merkleAt says whether a C2PA uuid box stands at an offset of the file.
func merkleAt(data []byte, at uint64) bool {
	return at+24 <= uint64(len(data)) && string(data[at+4:at+8]) == "uuid" && bytes.Equal(data[at+8:at+24], bmffC2PA)
}

// riffChunks walks the chunks at the top of a RIFF file; a span leaves out the
// pad byte after an odd length.
func riffChunks(data []byte, visit func(typ string, s span) bool) {
	for pos := 12; pos+8 <= len(data); {
		n := binary.LittleEndian.Uint32(data[pos+4:])
		if uint64(n) > uint64(len(data)-pos-8) {
			return
		}
		end := pos + 8 + int(n)
		if !visit(string(data[pos:pos+4]), span{pos, end}) {
			return
		}
		pos = end + end&1
	}
}
