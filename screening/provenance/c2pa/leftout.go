package c2pa

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// This file judges what a hard binding leaves out of its hash. Only the
// manifest store may be left out, and metadata that no decoder draws: a signer
// that leaves out more than that has signed nothing about what is shown, and a
// forger who shortens the store gains room that nothing covers.

// place is where a manifest store lies in its file.
type place struct {
	carrier string
	parts   []span // none for a store that lies beside its file
	cores   []span // what must be left out of each part: its frame may be hashed
}

// placeOf finds the container's parts that extract reads the store from.
func placeOf(data []byte, carrier string) place {
	p := place{carrier: carrier}
	add := func(part span, head, tail int) bool {
		p.parts = append(p.parts, part)
		p.cores = append(p.cores, span{part.start + head, part.end - tail})
		return false // one is enough
	}
	switch carrier {
	case carrierJPEG:
		_, parts, _ := jpegStore(data)
		for _, s := range parts {
			add(s, 0, 0)
		}
	case carrierPNG:
		pngChunks(data, func(typ string, s span) bool {
			return (typ != "caBX" || add(s, 8, 4)) && typ != "IEND"
		})
	case carrierRIFF:
		riffChunks(data, func(typ string, s span) bool {
			pad := 0
			if s.end&1 == 1 && s.end < len(data) {
				pad = 1
			}
			return typ != "C2PA" || add(span{s.start, s.end + pad}, 8, pad)
		})
	case carrierGIF:
		gifParts(data, func(name string, s span) bool { return name != "C2PA" || add(s, 0, 0) })
	case carrierTIFF:
		if at, err := tiffStore(data); err == nil {
			add(at, 0, 0)
		}
	case carrierBMFF:
		for pos := 0; pos+8 <= len(data); {
			_, size, err := boxHeader(data[pos:])
			if err != nil {
				break
			}
			if isStoreBox(data[pos : pos+size]) {
				add(span{pos, pos + size}, 0, 0)
			}
			pos += size
		}
	}
	return p
}

// isStoreBox says whether a top-level box of an ISO base media file is of the
// kind that carries a store.
func isStoreBox(b []byte) bool {
	head, _, err := boxHeader(b)
	if err != nil || string(b[4:8]) != "uuid" || len(b) < head+20 || !bytes.Equal(b[head:head+16], bmffC2PA) {
		return false
	}
	purpose, _, ok := bytes.Cut(b[head+20:], []byte{0})
	return ok && slices.Contains([]string{"manifest", "original", "update"}, string(purpose))
}

// whole is the range from the first part to the last.
func (p place) whole() span {
	if len(p.parts) == 0 {
		return span{}
	}
	return span{p.parts[0].start, p.parts[len(p.parts)-1].end}
}

// loose is what a binding leaves out besides the store.
type loose struct {
	bytes int
	// turn is the orientation that metadata without a hash gives, 0 where there
	// is no such metadata.
	turn     int
	previews [][]byte // small pictures in such metadata
	// doubt says why the file cannot be called trusted all the same.
	doubt string
}

// leftOut judges the ranges that a hash leaves out. What a decoder might draw
// or be led by there is an error; metadata is reported.
func (p place) leftOut(data []byte, skip []span) (loose, error) {
	var out loose
	skip = slices.DeleteFunc(merge(slices.Clone(skip)), func(s span) bool { return s.start == s.end })
	if len(p.parts) == 0 && len(skip) > 0 {
		return out, fmt.Errorf("%w: a manifest beside its file may leave nothing out", errMismatch)
	}
	for _, core := range p.cores {
		if !slices.ContainsFunc(skip, func(s span) bool { return s.start <= core.start && core.end <= s.end }) {
			return out, fmt.Errorf("%w: part of the manifest store is taken for the picture", errMismatch)
		}
	}
	for _, s := range skip {
		rest, holds := p.without(s)
		// One camera app leaves out all up to the store's end, from the very start.
		if holds && len(rest) > 0 && !(s.start == 0 && len(rest) == 1 && rest[0].start == 0) {
			return out, fmt.Errorf("%w: the range left out for the manifest store holds something else", errMismatch)
		}
		for _, r := range rest {
			if err := p.metadata(data, r, &out); err != nil {
				return out, err
			}
			out.bytes += r.end - r.start
		}
	}
	return out, nil
}

// without cuts the store's parts out of a range, and says whether it held any.
func (p place) without(s span) (rest []span, holds bool) {
	pos := s.start
	parts := slices.Clone(p.parts)
	slices.SortFunc(parts, func(a, b span) int { return a.start - b.start })
	for _, part := range parts {
		if part.end <= s.start || part.start >= s.end {
			continue
		}
		holds = true
		if part.start > pos {
			rest = append(rest, span{pos, part.start})
		}
		pos = max(pos, part.end)
	}
	if pos < s.end {
		rest = append(rest, span{pos, s.end})
	}
	return rest, holds
}

// Heads of metadata in APP1 of a JPEG file.
const (
	exifHead = "Exif\x00\x00"
	xmpHead  = "http://ns.adobe.com/xap/1.0/\x00"
)

// metadata wants a range outside the hash to be whole blocks of metadata, or
// to lie inside one, so that no length in it leads a decoder elsewhere.
func (p place) metadata(data []byte, r span, out *loose) error {
	switch p.carrier {
	case carrierJPEG:
		return jpegMetadata(data, r, out)
	case carrierPNG, carrierRIFF:
		return p.chunkMetadata(data, r, out)
	}
	return fmt.Errorf("%w: more than the manifest store is left out", errMismatch)
}

// jpegMetadata allows SOI and JFIF's own head at the very start, EXIF and XMP.
func jpegMetadata(data []byte, r span, out *loose) error {
	pos := r.start
	for _, s := range jpegSegments(data, false) {
		if s.end <= pos {
			continue
		}
		if pos >= r.end {
			break
		}
		whole := s.start == pos && s.end <= r.end && data[s.start+1] == s.marker
		body := data[min(s.start+4, s.end):s.end]
		head := 0
		switch {
		case whole && s.marker == 0xd8 && s.start == 0:
		case whole && s.marker == 0xe0 && s.start == 2 && plainJFIF(data, body):
		case s.marker == 0xe1 && bytes.HasPrefix(body, []byte(exifHead)):
			head = len(exifHead)
		case s.marker == 0xe1 && bytes.HasPrefix(body, []byte(xmpHead)):
			head = len(xmpHead)
		default:
			return fmt.Errorf("%w: %s at %d is left out", errMismatch, jpegName(s.marker), s.start)
		}
		if inside := head > 0 && pos >= s.start+4+head && r.end <= s.end; !whole && !inside {
			return fmt.Errorf("%w: a part of %s at %d is left out", errMismatch, jpegName(s.marker), s.start)
		}
		if head == len(exifHead) {
			out.exif(body[head:])
		} else if head > 0 {
			out.xmp(body[head:])
		}
		pos = s.end
	}
	if pos < r.end {
		return fmt.Errorf("%w: bytes that are no metadata are left out at %d", errMismatch, pos)
	}
	out.turned(countEXIF(data))
	return nil
}

func countEXIF(data []byte) (n int) {
	for _, s := range jpegSegments(data, false) {
		if s.marker == 0xe1 && bytes.HasPrefix(data[min(s.start+4, s.end):s.end], []byte(exifHead)) {
			n++
		}
	}
	return n
}

// plainJFIF accepts JFIF's head (ITU-T T.871, 10.1) without a thumbnail, in a
// file whose colours do not depend on it: components named 1, 2 and 3, or one.
func plainJFIF(data, body []byte) bool {
	if len(body) != 14 || !bytes.HasPrefix(body, []byte("JFIF\x00\x01")) || body[12] != 0 || body[13] != 0 {
		return false
	}
	for _, s := range jpegSegments(data, false) {
		if s.marker < 0xc0 || s.marker > 0xcf || s.marker == 0xc4 || s.marker == 0xc8 || s.marker == 0xcc {
			continue
		}
		frame := data[s.start+4 : s.end]
		if len(frame) < 6 || len(frame) != 6+3*int(frame[5]) {
			return false
		}
		n := int(frame[5])
		return n == 1 || n == 3 && frame[6] == 1 && frame[9] == 2 && frame[12] == 3
	}
	return false
}

// chunkMetadata does the same for PNG and WebP, whose metadata comes in chunks.
func (p place) chunkMetadata(data []byte, r span, out *loose) error {
	pos := r.start
	visit := func(typ string, s span) bool {
		switch {
		case s.end <= pos:
			return true
		case s.start != pos || s.end > r.end:
			return false
		}
		body := data[s.start+8 : s.end]
		switch {
		case p.carrier == carrierPNG && typ == "eXIf":
			out.exif(body[:len(body)-4])
		case p.carrier == carrierRIFF && typ == "EXIF":
			out.exif(bytes.TrimPrefix(body, []byte(exifHead)))
		case p.carrier == carrierRIFF && typ == "XMP ", p.carrier == carrierPNG && (typ == "iTXt" || typ == "tEXt"):
			out.xmp(body)
		case p.carrier == carrierPNG && typ == "tIME":
		default:
			return false
		}
		pos = s.end
		return pos < r.end
	}
	if p.carrier == carrierPNG {
		pngChunks(data, func(typ string, s span) bool { return visit(typ, s) && typ != "IEND" })
	} else {
		riffChunks(data, func(typ string, s span) bool { return visit(typ, span{s.start, s.end + s.end&1}) })
	}
	if pos < r.end {
		return fmt.Errorf("%w: bytes that are no metadata are left out at %d", errMismatch, pos)
	}
	out.turned(p.countEXIF(data))
	return nil
}

// countEXIF counts the chunks that a decoder may take the orientation from.
func (p place) countEXIF(data []byte) (n int) {
	count := func(typ string, _ span) bool {
		if p.carrier == carrierPNG && typ == "eXIf" || p.carrier == carrierRIFF && typ == "EXIF" {
			n++
		}
		return typ != "IEND"
	}
	if p.carrier == carrierPNG {
		pngChunks(data, count)
	} else {
		riffChunks(data, count)
	}
	return n
}

// turned judges the orientation of a file that has n EXIF blocks in all.
func (l *loose) turned(n int) {
	switch {
	case n == 0: // what was there when it was signed may be gone
		l.turn = 1
	case n > 1 && l.turn != 0:
		l.doubt = "two EXIF blocks"
	}
}

// exif takes in an EXIF block that no hash covers: the orientation that it
// gives and the preview that it holds. What is not written plainly could be
// read one way here and another way by a decoder.
func (l *loose) exif(b []byte) {
	if l.turn != 0 {
		l.doubt = "two EXIF blocks"
		return
	}
	l.turn = 1
	if len(b) < 8 || string(b[:4]) != "II*\x00" && string(b[:4]) != "MM\x00*" {
		l.doubt = "EXIF that cannot be read"
		return
	}
	t := tiffBlock{data: b, order: binary.BigEndian}
	if b[0] == 'I' {
		t.order = binary.LittleEndian
	}
	main, next, ok := t.directory(t.order.Uint32(b[4:]))
	if _, odd := main[tagStrips]; !ok || odd || t.order.Uint32(b[4:]) != 8 {
		l.doubt = "EXIF that cannot be read"
		return
	}
	if _, there := main[tagOrientation]; there {
		if l.turn = t.short(main[tagOrientation]); l.turn < 1 || l.turn > 8 {
			l.turn, l.doubt = 1, "EXIF with an orientation that is none"
		}
	}
	var preview []byte
	if next != 0 {
		small, after, ok := t.directory(next)
		_, strips := small[tagStrips]
		at, size := t.long(small[tagPreview]), t.long(small[tagPreviewLength])
		if !ok || strips || after != 0 || at+size > uint64(len(b)) {
			l.doubt = "EXIF whose preview cannot be read"
			return
		}
		if preview = b[at : at+size]; size > 0 {
			l.previews = append(l.previews, preview)
		}
	}
	if n := bytes.Index(b, preview); len(preview) > 0 && n >= 0 {
		b = slices.Concat(b[:n], b[n+len(preview):])
	}
	if holdsPicture(b) {
		l.doubt = "a picture in EXIF beside its preview"
	}
}

// xmp takes in a text that no hash covers. It has no pictures and turns none.
func (l *loose) xmp(b []byte) {
	lower := bytes.ToLower(b)
	for _, word := range []string{"thumb", "orientation", "container", "motion", "hdrgm", "gimage", "gdepth", "gpano", "base64"} {
		if bytes.Contains(lower, []byte(word)) {
			l.doubt = "XMP that says how the picture is shown"
		}
	}
	if holdsPicture(b) {
		l.doubt = "a picture in XMP"
	}
}

// holdsPicture looks for the first bytes of pictures and films.
func holdsPicture(b []byte) bool {
	return slices.ContainsFunc([]string{
		"\xff\xd8\xff", "\x89PNG\r\n", "GIF87a", "GIF89a", "WEBPVP8", "ftyp", "JXL ", "\xff\x4f\xff\x51", "<svg",
	}, func(magic string) bool { return bytes.Contains(b, []byte(magic)) })
}

// Tags of a TIFF directory that matter here (EXIF 2.32, 4.6.4).
const (
	tagStrips        = 0x0111
	tagOrientation   = 0x0112
	tagPreview       = 0x0201
	tagPreviewLength = 0x0202
)

// tiffBlock reads directories of an EXIF block.
type tiffBlock struct {
	data  []byte
	order binary.ByteOrder
}

// directory reads one directory's entries, each tag once, and where the next
// one is.
func (t tiffBlock) directory(at uint32) (entries map[uint16][]byte, next uint32, ok bool) {
	if uint64(at)+2 > uint64(len(t.data)) {
		return nil, 0, false
	}
	rest := t.data[at+2:]
	n := int(t.order.Uint16(t.data[at:]))
	if len(rest) < 12*n+4 {
		return nil, 0, false
	}
	entries = map[uint16][]byte{}
	for i := range n {
		e := rest[12*i : 12*i+12]
		tag := t.order.Uint16(e)
		if _, twice := entries[tag]; twice {
			return nil, 0, false
		}
		entries[tag] = e
	}
	return entries, t.order.Uint32(rest[12*n:]), true
}

// short is the value of an entry of one SHORT, -1 where it is something else.
func (t tiffBlock) short(e []byte) int {
	if t.order.Uint16(e[2:]) != 3 || t.order.Uint32(e[4:]) != 1 {
		return -1
	}
	return int(t.order.Uint16(e[8:]))
}

// long is the value of an entry of one LONG; beyond all bounds where it is
// something else, 0 where it is absent.
func (t tiffBlock) long(e []byte) uint64 {
	switch {
	case e == nil:
		return 0
	case t.order.Uint16(e[2:]) != 4 || t.order.Uint32(e[4:]) != 1:
		return 1 << 40
	}
	return uint64(t.order.Uint32(e[8:]))
}
