package jpeg

import (
	"bytes"
	"context"
	"fmt"
)

// The markers this package acts on (T.81, table B.1).
const (
	markerSOF0 = 0xc0
	markerSOF1 = 0xc1
	markerSOF2 = 0xc2
	markerDHT  = 0xc4
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerDNL  = 0xdc
	markerDRI  = 0xdd
	markerAPP0 = 0xe0
	markerAPPE = 0xee
)

// parser walks the segments of one file.
type parser struct {
	ctx    context.Context
	data   []byte
	at     int
	limit  int64 // bytes of coefficients allowed
	file   *File
	maxH   int
	maxV   int
	dc, ac [4]*huffman
	// whole marks the components whose sequential scan was read to its end.
	whole [4]bool
	mcus  int // read without damage, over all scans
	work  work
}

// Parse reads a whole file. Bytes after the end of the picture are ignored;
// where bytes are missing or damaged, what could be read is returned and
// File.Problem says what was wrong. The coefficients take at most maxMemory
// bytes (0: no bound). Errors are UnsupportedError, FormatError, MemoryError,
// WorkError or ctx's.
func Parse(ctx context.Context, data []byte, maxMemory int64) (*File, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != markerSOI {
		return nil, FormatError("it does not begin as one")
	}
	p := &parser{ctx: ctx, data: data, at: 2, limit: maxMemory, file: &File{Adobe: -1}}
	if err := p.segments(); err != nil {
		return nil, err
	}
	if p.file.Components == nil {
		return nil, FormatError("no frame header")
	}
	if p.file.Scans == 0 {
		return nil, FormatError("no scan")
	}
	if p.mcus == 0 {
		return nil, FormatError("no part of the picture is readable")
	}
	return p.file, nil
}

// segments reads segment after segment until the end of the picture. Once a
// scan has been read, damage ends the walk without an error.
func (p *parser) segments() error {
	for {
		marker, ok := p.nextMarker()
		if !ok {
			if !p.complete() {
				p.problem("the file ends before the picture does")
			}
			return nil
		}
		if marker == markerEOI {
			return nil
		}
		if marker >= markerRST0 && marker <= markerSOI || marker == 0x01 {
			continue // stands alone
		}
		err := p.segment(marker)
		if err == nil {
			continue
		}
		if p.ctx.Err() != nil {
			return err
		}
		if _, damaged := err.(FormatError); damaged && p.file.Scans > 0 {
			p.problem(err.Error())
			return nil
		}
		return err
	}
}

// complete is true where every sample has been read, so that a missing end
// marker costs nothing. A progressive file always could have had more.
func (p *parser) complete() bool {
	if p.file.Progressive || p.file.Components == nil {
		return false
	}
	for i := range p.file.Components {
		if !p.whole[i] {
			return false
		}
	}
	return true
}

// nextMarker moves past the next marker, skipping fill bytes and junk.
func (p *parser) nextMarker() (byte, bool) {
	for p.at+1 < len(p.data) {
		next := bytes.IndexByte(p.data[p.at:len(p.data)-1], 0xff)
		if next < 0 {
			break
		}
		p.at += next + 1
		if m := p.data[p.at]; m != 0 && m != 0xff {
			p.at++
			return m, true
		}
	}
	p.at = len(p.data)
	return 0, false
}

// problem notes the first thing that was wrong.
func (p *parser) problem(text string) {
	if p.file.Problem == "" {
		p.file.Problem = text
	}
}

// segment reads the segment whose marker has just been passed.
func (p *parser) segment(marker byte) error {
	if p.at+2 > len(p.data) {
		return FormatError("the file ends in a segment's head")
	}
	n := int(p.data[p.at])<<8 | int(p.data[p.at+1])
	if n < 2 || p.at+n > len(p.data) {
		return FormatError(fmt.Sprintf("segment %02x is longer than the file", marker))
	}
	body := p.data[p.at+2 : p.at+n]
	p.at += n
	switch {
	case marker == markerSOF0 || marker == markerSOF1 || marker == markerSOF2:
		return p.frame(marker, body)
	case marker == markerDHT:
		return p.huffmanTables(body)
	case marker == markerDQT:
		return p.quantTables(body)
	case marker == markerDRI:
		if len(body) < 2 {
			return FormatError("short restart interval")
		}
		p.file.RestartInterval = int(body[0])<<8 | int(body[1])
	case marker == markerSOS:
		return p.scan(body)
	case marker == markerAPP0 && len(body) >= 5 && string(body[:5]) == "JFIF\x00":
		p.file.JFIF = true
	case marker == markerAPPE && len(body) >= 12 && string(body[:5]) == "Adobe":
		p.file.Adobe = int(body[11])
	case marker == 0xc3 || marker == 0xc7:
		return UnsupportedError("lossless")
	case marker == 0xc5 || marker == 0xc6:
		return UnsupportedError("hierarchical")
	case marker >= 0xc8 && marker <= 0xcf:
		return UnsupportedError("arithmetic coding")
	}
	return nil
}

// quantTables reads a DQT segment (T.81, B.2.4.1).
func (p *parser) quantTables(body []byte) error {
	for len(body) > 0 {
		deep, id := body[0]>>4, body[0]&15
		n := 64
		if deep == 1 {
			n = 128
		}
		if deep > 1 || id > 3 || len(body) < 1+n {
			return FormatError("quantisation table")
		}
		t := new([64]uint16)
		for k := range 64 {
			if deep == 1 {
				t[zigzag[k]] = uint16(body[1+2*k])<<8 | uint16(body[2+2*k])
			} else {
				t[zigzag[k]] = uint16(body[1+k])
			}
		}
		p.file.QuantTables[id] = t
		body = body[1+n:]
	}
	return nil
}

// huffmanTables reads a DHT segment (T.81, B.2.4.2).
func (p *parser) huffmanTables(body []byte) error {
	for len(body) > 0 {
		if len(body) < 17 {
			return FormatError("short Huffman table")
		}
		class, id := body[0]>>4, body[0]&15
		n := 0
		for _, c := range body[1:17] {
			n += int(c)
		}
		if class > 1 || id > 3 || n > 256 || len(body) < 17+n {
			return FormatError("Huffman table")
		}
		t, ok := newHuffman([16]byte(body[1:17]), body[17:17+n])
		if !ok {
			return FormatError("Huffman table with too many codes")
		}
		if class == 0 {
			p.dc[id] = t
		} else {
			p.ac[id] = t
		}
		body = body[17+n:]
	}
	return nil
}

// frame reads a frame header and makes room for coefficients.
func (p *parser) frame(marker byte, body []byte) error {
	components, err := p.layOut(marker, body)
	if err != nil {
		return err
	}
	return p.allocate(components)
}

// layOut reads a frame header (T.81, B.2.2): its components and their blocks.
func (p *parser) layOut(marker byte, body []byte) ([]Component, error) {
	f := p.file
	if f.Components != nil {
		return nil, FormatError("second frame header")
	}
	if len(body) < 6 || len(body) < 6+3*int(body[5]) {
		return nil, FormatError("short frame header")
	}
	if body[0] != 8 {
		return nil, UnsupportedError(fmt.Sprintf("%d bits a sample", body[0]))
	}
	f.Progressive = marker == markerSOF2
	f.Height, f.Width = int(body[1])<<8|int(body[2]), int(body[3])<<8|int(body[4])
	if f.Height == 0 {
		f.Height = p.lateHeight()
	}
	n := int(body[5])
	if f.Width == 0 || f.Height == 0 || n == 0 {
		return nil, FormatError("a picture of no size")
	}
	if n > 4 {
		return nil, UnsupportedError(fmt.Sprintf("%d components", n))
	}
	components := make([]Component, n)
	p.maxH, p.maxV = 1, 1
	for i := range components {
		b := body[6+3*i:]
		c := Component{ID: b[0], H: int(b[1] >> 4), V: int(b[1] & 15), Tq: int(b[2])}
		if c.H < 1 || c.H > 4 || c.V < 1 || c.V > 4 || c.Tq > 3 {
			return nil, FormatError("component")
		}
		p.maxH, p.maxV = max(p.maxH, c.H), max(p.maxV, c.V)
		components[i] = c
	}
	mcusX, mcusY := ceilDiv(f.Width, 8*p.maxH), ceilDiv(f.Height, 8*p.maxV)
	for i := range components {
		c := &components[i]
		c.Width, c.Height = ceilDiv(f.Width*c.H, p.maxH), ceilDiv(f.Height*c.V, p.maxV)
		c.BlocksWide, c.BlocksHigh = mcusX*c.H, mcusY*c.V
	}
	return components, nil
}

// lateHeight looks for the DNL segment that gives the number of lines after
// the first scan where the frame header leaves it open (T.81, B.2.5).
func (p *parser) lateHeight() int {
	for at := p.at; at+6 <= len(p.data); at++ {
		if p.data[at] == 0xff && p.data[at+1] == markerDNL && p.data[at+2] == 0 && p.data[at+3] == 4 {
			return int(p.data[at+4])<<8 | int(p.data[at+5])
		}
	}
	return 0
}

// allocate makes room for the components' blocks, within the bound.
func (p *parser) allocate(components []Component) error {
	var need int64
	for i := range components {
		c := &components[i]
		need += 2 * 64 * int64(c.BlocksWide) * int64(c.BlocksHigh)
	}
	if p.limit > 0 && need > p.limit {
		return MemoryError{Need: need, Limit: p.limit}
	}
	for i := range components {
		c := &components[i]
		c.Coefficients = make([]int16, 64*c.BlocksWide*c.BlocksHigh)
	}
	p.file.Components = components
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
