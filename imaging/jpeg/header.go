package jpeg

// Header is what a file states before its first scan.
type Header struct {
	Width, Height int // in pixels, as stored; Height is 0 where a later segment gives it
	Progressive   bool
	Components    []HeaderComponent
	// QuantTables are in natural (row) order, nil where undefined.
	QuantTables [4]*[64]uint16
	// Adobe and JFIF are as in File.
	Adobe int
	JFIF  bool
}

// HeaderComponent is one component of the frame header.
type HeaderComponent struct {
	H, V int // sampling factors
	Tq   int // index of the quantisation table
}

// ReadHeader reads a file up to its first scan, without coefficients: what it
// takes to know the encoder. It reads kinds of JPEG that Parse does not.
// Errors are FormatError.
func ReadHeader(data []byte) (*Header, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != markerSOI {
		return nil, FormatError("it does not begin as one")
	}
	p := &parser{data: data, at: 2, file: &File{Adobe: -1}}
	h := &Header{}
	for {
		marker, ok := p.nextMarker()
		if !ok || marker == markerEOI {
			return nil, FormatError("no scan")
		}
		if marker >= markerRST0 && marker <= markerSOI || marker == 0x01 {
			continue // stands alone
		}
		if marker == markerSOS {
			break
		}
		body, ok := p.body()
		if !ok {
			return nil, FormatError("a segment is longer than the file")
		}
		if err := p.headerSegment(h, marker, body); err != nil {
			return nil, err
		}
	}
	if h.Components == nil {
		return nil, FormatError("no frame header")
	}
	h.QuantTables, h.Adobe, h.JFIF = p.file.QuantTables, p.file.Adobe, p.file.JFIF
	return h, nil
}

// body returns the segment whose marker has just been passed and steps over it.
func (p *parser) body() ([]byte, bool) {
	if p.at+2 > len(p.data) {
		return nil, false
	}
	n := int(p.data[p.at])<<8 | int(p.data[p.at+1])
	if n < 2 || p.at+n > len(p.data) {
		return nil, false
	}
	body := p.data[p.at+2 : p.at+n]
	p.at += n
	return body, true
}

func (p *parser) headerSegment(h *Header, marker byte, body []byte) error {
	switch {
	case marker == markerDQT:
		return p.quantTables(body)
	case marker == markerAPP0 && len(body) >= 5 && string(body[:5]) == "JFIF\x00":
		p.file.JFIF = true
	case marker == markerAPPE && len(body) >= 12 && string(body[:5]) == "Adobe":
		p.file.Adobe = int(body[11])
	case marker >= markerSOF0 && marker <= 0xcf && marker != markerDHT && marker != 0xc8 && marker != 0xcc:
		return h.frame(marker, body)
	}
	return nil
}

func (h *Header) frame(marker byte, body []byte) error {
	if h.Components != nil {
		return FormatError("second frame header")
	}
	if len(body) < 6 || body[5] == 0 || body[5] > 4 || len(body) < 6+3*int(body[5]) {
		return FormatError("frame header")
	}
	h.Progressive = marker == markerSOF2
	h.Height, h.Width = int(body[1])<<8|int(body[2]), int(body[3])<<8|int(body[4])
	for i := range int(body[5]) {
		b := body[6+3*i:]
		h.Components = append(h.Components, HeaderComponent{H: int(b[1] >> 4), V: int(b[1] & 15), Tq: int(b[2])})
	}
	return nil
}

// Quant returns the table that component i is quantised with, nil where there
// is no such component or table.
func (h *Header) Quant(i int) *[64]uint16 {
	if i >= len(h.Components) || h.Components[i].Tq > 3 {
		return nil
	}
	return h.QuantTables[h.Components[i].Tq]
}

// IJGQuality returns the quality, 1 to 100, at which the Independent JPEG
// Group's library (and libjpeg-turbo, and all that use them as they are) makes
// exactly these tables out of the examples of T.81, annex K; chroma may be nil
// for grey pictures. ok is false for other tables. The scaling is that of
// libjpeg's jcparam.c: 5000/q percent below 50, 200-2q from there on.
func IJGQuality(luma, chroma *[64]uint16) (quality int, ok bool) {
	if luma == nil {
		return 0, false
	}
	for q := 100; q >= 1; q-- {
		if *luma == scaled(&annexKLuma, q) && (chroma == nil || *chroma == scaled(&annexKChroma, q)) {
			return q, true
		}
	}
	return 0, false
}

func scaled(t *[64]uint16, quality int) (out [64]uint16) {
	percent := 5000 / quality
	if quality >= 50 {
		percent = 200 - 2*quality
	}
	for i, v := range t {
		out[i] = uint16(min(255, max(1, (int(v)*percent+50)/100)))
	}
	return out
}

// The example tables of T.81, tables K.1 and K.2, in natural order.
var (
	annexKLuma = [64]uint16{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	annexKChroma = [64]uint16{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)
