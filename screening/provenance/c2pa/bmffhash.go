package c2pa

import (
	"crypto"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// checkBMFFHash verifies c2pa.hash.bmff, versions 1 to 3 (C2PA 2.1, 18.7). The
// hash runs over the file without what the exclusions name; from version 2 on
// each box at the top that is not excluded whole is preceded by its own
// offset, eight bytes, so that boxes cannot change places. Where media data
// has its own Merkle tree, that is checked from the data itself.
func (p place) checkBMFFHash(v value, data []byte, version int, alg string) (out loose, err error) {
	boxes, err := bmffBoxes(data)
	if err != nil {
		return out, err
	}
	skip, whole, err := bmffExclusions(v.get("exclusions").list(), boxes, data)
	if err != nil {
		return out, err
	}
	alg = firstOf(v.get("alg").str(), alg)
	h := hashFor(alg)
	if h == 0 {
		return out, errAlgorithm
	}
	want, merkle := v.get("hash").bytes(), v.get("merkle").list()
	if isZeroHash(want) && len(merkle) == 0 || len(merkle) > maxTrees {
		return out, errMalformed
	}
	sum := bmffSum(data, boxes, skip, whole, version, h)
	if !isZeroHash(want) {
		if err := compare(sum, want); err != nil {
			return out, err
		}
	}
	var media []span // that Merkle trees cover
	for _, m := range merkle {
		if init := m.get("initHash").bytes(); len(init) > 0 {
			// A fragmented file: the fragments lie elsewhere, only the
			// initialisation segment can be checked here.
			if err := compare(sum, init); err != nil {
				return out, err
			}
			out.doubt = "a film in pieces, of which only the first is here"
			continue
		}
		at, err := checkMerkle(m, boxes, data, alg)
		if err != nil {
			return out, err
		}
		media = append(media, at)
	}
	if version < 2 {
		// Nothing holds the boxes in their places, so that tables of offsets may
		// point at other bytes than they did; version 2 was made for that.
		out.doubt = "a hash of the first version, under which boxes may change places"
	} else if why := p.bmffDoubt(data, boxes, skip, media); why != "" {
		out.doubt = why
	}
	return out, nil
}

// bmffDoubt says what is left out besides the store that might change what is
// shown. The specification leaves out the store, ftyp and mfra (C2PA 2.1,
// 18.7.1); writers also leave out empty room, and, until 2024, tables of
// offsets, which say which bytes are the picture.
func (p place) bmffDoubt(data []byte, boxes []bmffBox, skip, media []span) string {
	for _, b := range boxes {
		if !b.top {
			continue
		}
		for _, s := range skip {
			out := span{max(b.start, s.start), min(b.end, s.end)}
			if out.start >= out.end || slices.ContainsFunc(media, func(m span) bool { return m.start <= out.start && out.end <= m.end }) {
				continue
			}
			body := data[out.start:out.end]
			switch {
			case slices.Contains(p.parts, b.span):
			case out == b.span && b.start == 0 && plainFileType(body):
			case out == b.span && (b.path == "/free" || b.path == "/skip") && allZero(body[8:]):
			default:
				return "a part of " + b.path[1:] + " is left out"
			}
		}
	}
	return ""
}

// plainFileType says whether an ftyp box is a short list of brands.
func plainFileType(b []byte) bool {
	if string(b[4:8]) != "ftyp" || len(b) > 256 || len(b)%4 != 0 || len(b) < 16 || binary.BigEndian.Uint32(b) != uint32(len(b)) {
		return false
	}
	for i, c := range b[8:] {
		if minor := i >= 4 && i < 8; !minor && (c < 0x20 || c > 0x7e) {
			return false
		}
	}
	return true
}

// bmffSum hashes the file piece by piece between excluded ranges and, from
// version 2 on, the starts of top-level boxes.
func bmffSum(data []byte, boxes []bmffBox, skip []span, whole map[int]bool, version int, h crypto.Hash) []byte {
	w := h.New()
	next := 0 // index into skip
	pos := 0
	write := func(to int) {
		for pos < to {
			for next < len(skip) && skip[next].end <= pos {
				next++
			}
			if next < len(skip) && skip[next].start <= pos {
				pos = min(to, skip[next].end)
				continue
			}
			end := to
			if next < len(skip) {
				end = min(end, skip[next].start)
			}
			w.Write(data[pos:end])
			pos = end
		}
	}
	for _, b := range boxes {
		if !b.top {
			continue
		}
		write(b.start)
		if version >= 2 && !whole[b.start] {
			var offset [8]byte
			binary.BigEndian.PutUint64(offset[:], uint64(b.start))
			w.Write(offset[:])
		}
	}
	write(len(data))
	return w.Sum(nil)
}

// bmffExclusions turns exclusion rules into merged ranges of the file; whole
// holds the starts of top-level boxes that are left out entirely.
func bmffExclusions(rules []value, boxes []bmffBox, data []byte) (skip []span, whole map[int]bool, err error) {
	if len(rules) > maxRules {
		return nil, nil, errMalformed
	}
	whole = map[int]bool{}
	for _, rule := range rules {
		for _, b := range boxes {
			ok, err := ruleMatches(rule, b, data)
			if err != nil {
				return nil, nil, err
			}
			if !ok {
				continue
			}
			subsets := rule.get("subset").list()
			if len(subsets) == 0 {
				skip = append(skip, b.span)
				if b.top {
					whole[b.start] = true
				}
			}
			for _, s := range subsets {
				offset, ok := s.get("offset").integer()
				length, ok2 := s.get("length").integer()
				size := int64(b.end - b.start)
				if !ok || !ok2 || offset < 0 || length < 0 {
					return nil, nil, errMalformed
				}
				if offset >= size {
					continue
				}
				if length == 0 || length > size-offset {
					length = size - offset
				}
				skip = append(skip, span{b.start + int(offset), b.start + int(offset+length)})
			}
		}
		if len(skip) > maxBoxes {
			return nil, nil, errMalformed
		}
	}
	return merge(skip), whole, nil
}

// merge sorts ranges and joins those that overlap.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

// ruleMatches says whether an exclusion rule applies to a box.
func ruleMatches(rule value, b bmffBox, data []byte) (bool, error) {
	if !pathMatches(rule.get("xpath").str(), b) {
		return false, nil
	}
	if n, ok := rule.get("length").integer(); ok && n != int64(b.end-b.start) {
		return false, nil
	}
	if n, ok := rule.get("version").integer(); ok && (!b.full || n != int64(b.version)) {
		return false, nil
	}
	if f := rule.get("flags").bytes(); f != nil {
		if len(f) != 3 {
			return false, errMalformed
		}
		want := uint32(f[0])<<16 | uint32(f[1])<<8 | uint32(f[2])
		exact, given := rule.get("exact").plain().(bool)
		if !b.full || (exact || !given) && b.flags != want || given && !exact && b.flags&want != want {
			return false, nil
		}
	}
	for _, d := range rule.get("data").list() {
		offset, ok := d.get("offset").integer()
		want := d.get("value").bytes()
		if !ok || offset < 0 {
			return false, errMalformed
		}
		at := int64(b.start) + offset
		if at+int64(len(want)) > int64(b.end) || string(data[at:at+int64(len(want))]) != string(want) {
			return false, nil
		}
	}
	return true, nil
}

// pathMatches compares an exclusion's path, whose steps may carry a 1-based
// index ("/moov/trak[2]"), with a box's.
func pathMatches(xpath string, b bmffBox) bool {
	if xpath == b.path {
		return true
	}
	if !strings.Contains(xpath, "[") {
		return false
	}
	steps, names := strings.Split(xpath, "/"), strings.Split(b.path, "/")
	if len(steps) != len(names) {
		return false
	}
	for i := 1; i < len(steps); i++ {
		name, index, indexed := strings.Cut(steps[i], "[")
		if name != names[i] {
			return false
		}
		if n, err := strconv.Atoi(strings.TrimSuffix(index, "]")); indexed && (err != nil || n != b.nth[i-1]) {
			return false
		}
	}
	return true
}

// mdatHead is how much of an mdat box the file hash covers when its data has
// a Merkle tree of its own: the header in its longest form.
const mdatHead = 16

// checkMerkle verifies the leaves of one mdat box against the row of the
// tree that the assertion holds, and returns the range they cover.
func checkMerkle(m value, boxes []bmffBox, data []byte, alg string) (at span, err error) {
	id, _ := m.get("localId").integer()
	var mdats []bmffBox
	for _, b := range boxes {
		if b.top && b.path == "/mdat" {
			mdats = append(mdats, b)
		}
	}
	if id < 0 || id >= int64(len(mdats)) || mdats[id].end-mdats[id].start < mdatHead {
		return at, fmt.Errorf("%w: no such media data", errMismatch)
	}
	h := hashFor(firstOf(m.get("alg").str(), alg))
	if h == 0 {
		return at, errAlgorithm
	}
	at = span{mdats[id].start + mdatHead, mdats[id].end}
	row, err := leaves(m, data[at.start:at.end], h)
	if err != nil {
		return at, err
	}
	want := m.get("hashes").list()
	if n, ok := m.get("count").integer(); !ok || n != int64(len(row)) || len(want) == 0 {
		return at, errMismatch
	}
	for len(row) > len(want) {
		var up [][]byte
		for i := 0; i+1 < len(row); i += 2 {
			up = append(up, digest(h, slices.Concat(row[i], row[i+1])))
		}
		if len(row)%2 == 1 {
			up = append(up, row[len(row)-1])
		}
		row = up
	}
	if len(row) != len(want) {
		return at, errMismatch
	}
	for i := range row {
		if err := compare(row[i], want[i].bytes()); err != nil {
			return at, err
		}
	}
	return at, nil
}

// leaves hashes the blocks that media data is divided into.
func leaves(m value, media []byte, h crypto.Hash) ([][]byte, error) {
	var sizes []int64
	if fixed, ok := m.get("fixedBlockSize").integer(); ok {
		if fixed <= 0 || int64(len(media))/fixed > maxBoxes*4 {
			return nil, errMalformed
		}
		for left := int64(len(media)); left > 0; left -= fixed {
			sizes = append(sizes, min(left, fixed))
		}
	} else if list := m.get("variableBlockSizes").list(); len(list) > 0 {
		for _, v := range list {
			n, ok := v.integer()
			if !ok || n < 0 {
				return nil, errMalformed
			}
			sizes = append(sizes, n)
		}
	} else {
		sizes = []int64{int64(len(media))}
	}
	var row [][]byte
	for _, n := range sizes {
		if n > int64(len(media)) {
			return nil, errMismatch
		}
		row = append(row, digest(h, media[:n]))
		media = media[n:]
	}
	if len(media) > 0 {
		return nil, errMismatch
	}
	return row, nil
}
