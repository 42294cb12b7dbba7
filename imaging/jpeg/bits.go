package jpeg

// lookBits is how many bits the first look at a Huffman code takes.
const lookBits = 9

// huffman decodes one table's codes.
type huffman struct {
	// look maps the next lookBits bits to value<<8 | length, 0 where the code
	// is longer.
	look [1 << lookBits]uint16
	// Codes of length n (1 to 16) run from first[n] to last[n] (last < first
	// where there are none); their values start at values[index[n]].
	first, last, index [17]int32
	values             [256]uint8
}

// newHuffman builds the table of T.81, annex C, from the count of codes of
// each length and their values. ok is false where the counts overfill a length.
func newHuffman(counts [16]byte, values []byte) (h *huffman, ok bool) {
	h = &huffman{}
	copy(h.values[:], values)
	code, index := int32(0), int32(0)
	for n := 1; n <= 16; n++ {
		count := int32(counts[n-1])
		h.first[n], h.last[n], h.index[n] = code, code+count-1, index
		if code+count > 1<<n {
			return nil, false
		}
		if n <= lookBits {
			for i := range count {
				entry := uint16(h.values[index+i])<<8 | uint16(n)
				from := (code + i) << (lookBits - n)
				for j := range int32(1) << (lookBits - n) {
					h.look[from+j] = entry
				}
			}
		}
		code, index = (code+count)<<1, index+count
	}
	return h, true
}

// failure says why bits stopped making sense.
type failure uint8

const (
	sound   failure = iota
	short           // the data or the restart interval ended
	garbled         // no such code
)

// bitReader reads entropy-coded bits, undoing byte stuffing. It stops at the
// first marker. After a failure every read gives 0, so that loops end; the
// caller looks at failed once a block.
type bitReader struct {
	data   []byte
	at     int // next byte to load
	acc    uint64
	n      int // bits in acc, at its low end
	failed failure
}

// fill loads bytes until acc holds more than 48 bits or the data ends.
func (b *bitReader) fill() {
	for b.n <= 48 {
		if b.at >= len(b.data) {
			return
		}
		v := b.data[b.at]
		if v == 0xff {
			if b.at+1 >= len(b.data) || b.data[b.at+1] != 0 {
				return // a marker, or the end
			}
			b.at++
		}
		b.at++
		b.acc = b.acc<<8 | uint64(v)
		b.n += 8
	}
}

// bits reads n bits, 0 to 16.
func (b *bitReader) bits(n int) int32 {
	if b.n < n {
		b.fill()
		if b.n < n {
			b.fail(short)
			return 0
		}
	}
	b.n -= n
	return int32(b.acc >> b.n & (1<<n - 1))
}

// signed reads n bits as the difference or coefficient they stand for (T.81, F.2.2.1).
func (b *bitReader) signed(n int) int32 {
	v := b.bits(n)
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// symbol reads one Huffman code.
func (b *bitReader) symbol(h *huffman) uint8 {
	if b.n < 16 {
		b.fill()
	}
	var next int32 // the next 16 bits, zeros beyond the end
	if b.n >= 16 {
		next = int32(b.acc >> (b.n - 16) & 0xffff)
	} else {
		next = int32(b.acc << (16 - b.n) & 0xffff)
	}
	if e := h.look[next>>(16-lookBits)]; e != 0 {
		return b.take(int(e&0xff), uint8(e>>8))
	}
	for n := lookBits + 1; n <= 16; n++ {
		if code := next >> (16 - n); code <= h.last[n] && code >= h.first[n] {
			return b.take(n, h.values[h.index[n]+code-h.first[n]])
		}
	}
	if b.n < 16 {
		b.fail(short)
	} else {
		b.fail(garbled)
	}
	return 0
}

// take spends the n bits of a code and returns its value.
func (b *bitReader) take(n int, value uint8) uint8 {
	if b.n < n {
		b.fail(short)
		return 0
	}
	b.n -= n
	return value
}

func (b *bitReader) fail(f failure) {
	if b.failed == sound {
		b.failed = f
	}
	b.n, b.acc = 0, 0
	// Nothing more is loaded until restart.
	b.data = b.data[:min(b.at, len(b.data))]
}

// restart drops what is left of the interval, moves past the next restart
// marker in data and returns its number. Any other marker that could belong
// there ends the scan: ok is false, and the reader stands before it.
func (b *bitReader) restart(data []byte) (number int, ok bool) {
	b.data, b.acc, b.n, b.failed = data, 0, 0, sound
	for b.at+1 < len(data) {
		m := data[b.at+1]
		switch {
		case data[b.at] != 0xff || m == 0xff:
			b.at++
		case m >= markerRST0 && m <= markerRST7:
			b.at += 2
			return int(m - markerRST0), true
		case m < markerSOF0: // stuffing, or a damaged byte
			b.at += 2
		default:
			return 0, false
		}
	}
	b.at = len(data)
	return 0, false
}
