package onnx

import (
	"encoding/binary"
	"math"
	"slices"
)

// wire reads protocol buffers' fields one by one
// (protobuf.dev/programming-guides/encoding); what follows a fault is not read.
type wire struct {
	data []byte
	err  error
}

// Wire types.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// field is one field as it stands: num holds varints and fixed numbers, data the
// bytes of a string, message or packed list.
type field struct {
	number, kind int
	num          uint64
	data         []byte
}

// next returns the next field; false at the end or at a fault.
func (w *wire) next() (f field, ok bool) {
	if len(w.data) == 0 || w.err != nil {
		return f, false
	}
	tag := w.varint()
	f.number, f.kind = int(tag>>3), int(tag&7)
	if w.err == nil && (tag>>3 == 0 || tag>>3 > 1<<29-1) {
		w.fail("a field has an impossible number")
	}
	switch f.kind {
	case wireVarint:
		f.num = w.varint()
	case wire64:
		if b := w.take(8); b != nil {
			f.num = binary.LittleEndian.Uint64(b)
		}
	case wire32:
		if b := w.take(4); b != nil {
			f.num = uint64(binary.LittleEndian.Uint32(b))
		}
	case wireBytes:
		f.data = w.take(w.varint())
	default:
		w.fail("a field is of no known kind")
	}
	return f, w.err == nil
}

func (w *wire) fail(what string) {
	if w.err == nil {
		w.err = broken(what)
	}
}

func (w *wire) varint() uint64 {
	v, n := binary.Uvarint(w.data)
	if n <= 0 {
		w.fail("a number is cut off")
		return 0
	}
	w.data = w.data[n:]
	return v
}

func (w *wire) take(n uint64) []byte {
	if n > uint64(len(w.data)) {
		w.fail("it says that more follows than there is")
		return nil
	}
	out := w.data[:n:n]
	w.data = w.data[n:]
	return out
}

// numbers appends a repeated field of whole numbers, packed or not, until there are
// most: a byte of the file can stand for eight in memory.
func (f field) numbers(to []int64, most int64) ([]int64, error) {
	count := 1
	if f.kind == wireBytes {
		count = 0
		for _, b := range f.data {
			if b < 0x80 { // the last byte of a number
				count++
			}
		}
	}
	if int64(len(to)+count) > most {
		return nil, tooLong()
	}
	if f.kind != wireBytes {
		return append(to, int64(f.num)), nil
	}
	to = slices.Grow(to, count)
	in := wire{data: f.data}
	for len(in.data) > 0 && in.err == nil {
		to = append(to, int64(in.varint()))
	}
	return to, in.err
}

// floats appends a repeated field of 32-bit floats, packed or not, until there are
// most.
func (f field) floats(to []float32, most int64) ([]float32, error) {
	if f.kind != wireBytes {
		if int64(len(to)) >= most {
			return nil, tooLong()
		}
		return append(to, math.Float32frombits(uint32(f.num))), nil
	}
	if len(f.data)%4 != 0 {
		return nil, broken("a list of numbers is cut off")
	}
	if int64(len(to)+len(f.data)/4) > most {
		return nil, tooLong()
	}
	to = slices.Grow(to, len(f.data)/4)
	for i := 0; i < len(f.data); i += 4 {
		to = append(to, math.Float32frombits(binary.LittleEndian.Uint32(f.data[i:])))
	}
	return to, nil
}

func tooLong() error {
	return refuse("a list of numbers is longer than there is memory for", "有数值列表过长，超出内存上限")
}
