package c2pa

import "bytes"

// gifMark introduces the application extension that carries a manifest store
// in a GIF file: extension, application, eleven bytes of name and version.
var gifMark = []byte("\x21\xff\x0bC2PA_GIF\x01\x00\x00")

func isGIF(data []byte) bool {
	return bytes.HasPrefix(data, []byte("GIF87a")) || bytes.HasPrefix(data, []byte("GIF89a"))
}

// gifParts walks a GIF file (GIF89a specification, appendix A) block by block
// under the names that c2pa.hash.boxes gives them; colour tables have none.
// It stops at the first thing that is no block.
func gifParts(data []byte, visit func(name string, s span) bool) {
	if len(data) < 13 || !visit("GIF89a", span{0, 6}) || !visit("LSD", span{6, 13}) {
		return
	}
	pos := 13
	// step visits the n bytes that follow, if they are there.
	step := func(name string, n int) bool {
		if n <= 0 || n > len(data)-pos {
			return false
		}
		at := span{pos, pos + n}
		pos += n
		return visit(name, at)
	}
	table := func(flags byte) bool {
		return flags&0x80 == 0 || step("", 3<<(flags&7+1))
	}
	if !table(data[10]) {
		return
	}
	for n := 0; n < maxBoxes && pos < len(data); n++ {
		rest, ok := data[pos:], false
		switch {
		case rest[0] == 0x3b:
			step("3B", 1)
			return
		case rest[0] == 0x2c && len(rest) > 9:
			ok = step("2C", 10) && table(rest[9]) && pos < len(data) && step("TBID", 1+subBlocks(data[pos+1:]))
		case rest[0] == 0x21 && len(rest) > 2:
			name := map[byte]string{0xf9: "21F9", 0xfe: "21FE", 0x01: "2101", 0xff: "21FF"}[rest[1]]
			if bytes.HasPrefix(rest, gifMark) {
				name = "C2PA"
			}
			ok = name != "" && step(name, 2+subBlocks(rest[2:]))
		}
		if !ok {
			return
		}
	}
}

// subBlocks returns the length of a chain of data sub-blocks with its
// terminator; beyond all bounds where it has no end.
func subBlocks(data []byte) int {
	for pos := 0; pos < len(data); pos += 1 + int(data[pos]) {
		if data[pos] == 0 {
			return pos + 1
		}
	}
	return 1 << 40
}

// extractGIF joins the sub-blocks of the extension that carries the store.
func extractGIF(data []byte) (store []byte, err error) {
	gifParts(data, func(name string, s span) bool {
		if name != "C2PA" {
			return true
		}
		for pos := s.start + len(gifMark); data[pos] != 0; pos += 1 + int(data[pos]) {
			store = append(store, data[pos+1:pos+1+int(data[pos])]...)
		}
		return false
	})
	return store, nil
}
