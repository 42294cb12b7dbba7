package meta

import (
	"maps"
	"slices"
	"strings"
)

// itemPlace is where one item's bytes lie (ISO/IEC 14496-12, 8.11.3).
type itemPlace struct {
	inIdat  bool // offsets count from the idat box, not the file
	extents [][2]uint64
}

// readItems finds the Exif and XMP items of a HEIF file's meta box.
func (m *Metadata) readItems(data []byte, parent box) {
	if len(parent.body) < 4 {
		return
	}
	var kinds map[uint32]string
	var places map[uint32]itemPlace
	var idat box
	for b := range boxes(parent.body[4:], parent.at+4) {
		switch b.kind {
		case "iinf":
			kinds = itemKinds(b)
		case "iloc":
			places = itemPlaces(b.body)
		case "idat":
			idat = b
		case "uuid":
			m.uuidBox(b)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		if place, ok := places[id]; ok {
			body, first := gather(data, idat, place)
			first.Carrier = "HEIF " + kinds[id] + " item"
			m.item(kinds[id], body, first)
		}
	}
}

func (m *Metadata) item(kind string, body []byte, w Where) {
	m.addBlock(kind, w, body)
	switch kind {
	case "Exif": // four bytes say how far away the TIFF head is
		if len(body) < 4 {
			return
		}
		skip := 4 + uint64(be32(body))
		if skip > uint64(len(body)) {
			m.problem("HEIF: the Exif item points beyond itself")
			return
		}
		if skip <= uint64(w.Length) {
			w.Offset, w.Length = w.Offset+int(skip), w.Length-int(skip)
		}
		m.addEXIF(body[skip:], w)
	case "XMP":
		m.addXMP(body, w)
	}
}

// itemKinds lists the items that matter by number: "Exif" or "XMP".
func itemKinds(iinf box) map[uint32]string {
	body := iinf.body
	skip := 6
	if len(body) > 0 && body[0] > 0 {
		skip = 8
	}
	if len(body) < skip {
		return nil
	}
	kinds := map[uint32]string{}
	for b := range boxes(body[skip:], iinf.at+skip) {
		if b.kind != "infe" || len(b.body) < 12 || b.body[0] < 2 {
			continue
		}
		id, rest := uint32(be16(b.body[4:])), b.body[6:]
		if b.body[0] >= 3 {
			id, rest = be32(b.body[4:]), b.body[8:]
		}
		if len(rest) < 6 || len(kinds) >= 256 {
			continue
		}
		switch string(rest[2:6]) { // behind the protection index
		case "Exif":
			kinds[id] = "Exif"
		case "mime":
			if strings.Contains(string(rest[6:]), "application/rdf+xml") {
				kinds[id] = "XMP"
			}
		}
	}
	return kinds
}

// itemPlaces reads iloc, versions 0 to 2.
func itemPlaces(b []byte) map[uint32]itemPlace {
	if len(b) < 8 {
		return nil
	}
	r := &fieldReader{data: b[6:]}
	version := b[0]
	offsetSize, lengthSize := int(b[4]>>4), int(b[4]&15)
	baseSize, indexSize := int(b[5]>>4), int(b[5]&15)
	wide := 2
	if version == 2 {
		wide = 4
	}
	places := map[uint32]itemPlace{}
	for n := r.number(wide); n > 0 && !r.short && len(places) < maxBlocks; n-- {
		id := uint32(r.number(wide))
		var p itemPlace
		if version > 0 {
			p.inIdat = r.number(2)&15 == 1
		}
		r.number(2) // data reference
		base := r.number(baseSize)
		for k := r.number(2); k > 0 && !r.short && len(p.extents) < 64; k-- {
			if version > 0 {
				r.number(indexSize)
			}
			at := r.number(offsetSize)
			p.extents = append(p.extents, [2]uint64{base + at, r.number(lengthSize)})
		}
		places[id] = p
	}
	return places
}

// fieldReader reads big-endian numbers of 0 to 8 bytes.
type fieldReader struct {
	data  []byte
	short bool
}

func (r *fieldReader) number(size int) (v uint64) {
	if size > len(r.data) {
		r.short = true
		return 0
	}
	for _, c := range r.data[:size] {
		v = v<<8 | uint64(c)
	}
	r.data = r.data[size:]
	return v
}

// gather joins an item's extents, bounded by maxXMPBytes, and returns where
// the first lies in the file.
func gather(data []byte, idat box, p itemPlace) (body []byte, first Where) {
	source, base := data, 0
	if p.inIdat {
		source, base = idat.body, idat.at
	}
	for i, e := range p.extents {
		start, n := e[0], e[1]
		if start > uint64(len(source)) {
			continue
		}
		left := uint64(len(source)) - start
		if n == 0 || n > left {
			n = left
		}
		n = min(n, maxXMPBytes)
		if i == 0 {
			first = Where{Offset: base + int(start), Length: int(n)}
		}
		piece := source[start : start+n]
		if len(p.extents) == 1 {
			return piece, first
		}
		if len(body)+len(piece) > maxXMPBytes {
			return body, first
		}
		body = append(body, piece...)
	}
	return body, first
}
