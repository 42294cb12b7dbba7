package c2pa

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// These put a store into a real picture, so that decoders can be asked what
// they show.

func insert(file []byte, at int, what []byte) ([]byte, span) {
	return slices.Concat(file[:at], what, file[at:]), span{at, at + len(what)}
}

// storePart cuts the store's part out of a small file of the container.
func storePart(in embed, store []byte) []byte {
	file, at := in(store)
	return file[at.start:at.end]
}

func intoJPEG(picture []byte) embed {
	return func(store []byte) ([]byte, span) { return insert(picture, 2, storePart(inJPEG, store)) }
}

func intoPNG(picture []byte) embed {
	return func(store []byte) ([]byte, span) { return insert(picture, 33, storePart(inPNG, store)) } // after IHDR
}

func intoWebP(picture []byte) embed {
	return func(store []byte) ([]byte, span) {
		part := storePart(inWebP, store)
		file, at := insert(picture, len(picture), append(part, make([]byte, len(part)&1)...))
		file = bytes.Clone(file)
		binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
		at.end -= len(part) & 1
		return file, at
	}
}

func intoGIF(picture []byte) embed {
	after := 13
	if flags := picture[10]; flags&0x80 != 0 {
		after += 3 << (flags&7 + 1)
	}
	return func(store []byte) ([]byte, span) { return insert(picture, after, storePart(inGIF, store)) }
}

// intoTIFF writes the directory anew behind the picture, with one entry more.
func intoTIFF(picture []byte) embed {
	return func(store []byte) ([]byte, span) {
		var order binary.ByteOrder = binary.LittleEndian
		if picture[0] == 'M' {
			order = binary.BigEndian
		}
		old := picture[order.Uint32(picture[4:]):]
		n := int(order.Uint16(old))
		file := append(bytes.Clone(picture), make([]byte, len(picture)&1)...)
		at := span{len(file), len(file) + len(store)}
		file = append(append(file, store...), make([]byte, len(store)&1)...)
		order.PutUint32(file[4:], uint32(len(file)))
		put16 := func(v uint16) { file = append(file, 0, 0); order.PutUint16(file[len(file)-2:], v) }
		put32 := func(v uint32) { file = append(file, 0, 0, 0, 0); order.PutUint32(file[len(file)-4:], v) }
		put16(uint16(n + 1))
		file = append(file, old[2:2+12*n]...)
		put16(0xcd41)
		put16(7)
		put32(uint32(len(store)))
		put32(uint32(at.start))
		put32(0)
		return file, at
	}
}
