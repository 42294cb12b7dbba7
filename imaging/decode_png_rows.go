package imaging

import (
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
)

// pngPlan is how a PNG is decoded: by the standard library, or by rows of our
// own where that would keep too much: two rows are held then, and means.
type pngPlan struct {
	width, height    int64
	depth, colour    byte
	interlaced, rows bool
	factor, channels int
}

// planPNG reads the plan from an IHDR of 13 bytes. transparent says that one
// level of a grey picture is.
func planPNG(head []byte, transparent bool) pngPlan {
	p := pngPlan{
		width: int64(be32(head)), height: int64(be32(head[4:])),
		depth: head[8], colour: head[9], interlaced: head[12] != 0, channels: 4,
	}
	if p.colour == 0 && !transparent {
		p.channels = 1
	}
	per := p.sample()
	p.factor = factorFor(p.width, p.height, 2*per)
	p.rows = p.factor > 1 || p.depth == 16 && bytesFor(p.width, p.height, 2*per) > mostDeep
	return p
}

// sample is how many bytes the standard library keeps a pixel of 8 bits in.
func (p pngPlan) sample() int64 {
	if p.colour == 0 && p.channels == 1 || p.colour == 3 {
		return 1
	}
	return 4
}

// memory is what decoding holds at its peak, in bytes.
func (p pngPlan) memory() int64 {
	if p.rows {
		return p.rowsMemory()
	}
	n := bytesFor(p.width, p.height, p.sample()*max(1, int64(p.depth)/8))
	if p.interlaced && n < mostMemory { // the largest pass is half of the picture
		n += n / 2
	}
	return n
}

// rowsMemory is what decoding by rows holds: two rows as stored and one in
// bytes beside the means.
func (p pngPlan) rowsMemory() int64 {
	if p.width == 0 || p.height == 0 {
		return 0
	}
	const rows = 2*8 + 4 // bytes a pixel
	return averagerBytes(p.width, p.height, p.factor, p.channels, !p.interlaced) + rows*p.width
}

// adam7 are the passes of an interlaced picture (PNG 3rd edition, 8.1): where
// each begins and how far apart its pixels are.
var adam7 = []pngPass{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

type pngPass struct{ x0, y0, dx, dy int64 }

// pngRows decodes a picture row by row into means.
type pngRows struct {
	pngPlan
	palette [256][4]uint8
	// clear is the one grey or colour that is transparent; has is false where
	// there is none.
	clear struct {
		has bool
		v   [3]uint16
	}
	out  *averager
	line []uint8 // one row as 8-bit samples
}

// decodePNGRows decodes a picture that is too large to be held as it is.
func decodePNGRows(ctx context.Context, p pngPlan, data []byte) (decoded, error) {
	r := &pngRows{pngPlan: p, line: make([]uint8, int(p.width)*4)}
	for c := range pngChunks(data) {
		switch c.kind {
		case "PLTE":
			r.setPalette(c.body)
		case "tRNS":
			r.setTransparency(c.body)
		}
	}
	if !pngDepths[[2]byte{p.colour, p.depth}] {
		return decoded{}, &Error{Code: Unsupported, Detail: fmt.Sprintf("PNG of colour type %d with %d bits", p.colour, p.depth)}
	}
	packed := newPixelData(data)
	defer packed.stop()
	inflate, err := zlib.NewReader(packed)
	if err != nil {
		return decoded{}, err
	}
	if r.clear.has { // grey with a transparent level needs alpha
		r.channels = 4
	}
	d := decoded{}
	d.full.X, d.full.Y = int(p.width), int(p.height)
	r.out = newAverager(d.full, p.factor, r.channels, !p.interlaced)
	rows, err := r.read(ctx, inflate)
	if ctx.Err() != nil {
		return decoded{}, ctx.Err()
	}
	if rows == 0 && err != nil {
		return decoded{}, err
	}
	if err != nil {
		d.problem = "the file is cut short or damaged: " + err.Error()
	}
	d.pixels = r.out.picture()
	return d, nil
}

// pngDepths are the pairs of colour type and depth that exist (PNG, table 11.1).
var pngDepths = map[[2]byte]bool{
	{0, 1}: true, {0, 2}: true, {0, 4}: true, {0, 8}: true, {0, 16}: true,
	{2, 8}: true, {2, 16}: true,
	{3, 1}: true, {3, 2}: true, {3, 4}: true, {3, 8}: true,
	{4, 8}: true, {4, 16}: true,
	{6, 8}: true, {6, 16}: true,
}

func (r *pngRows) setPalette(body []byte) {
	for i := range r.palette {
		r.palette[i] = [4]uint8{0, 0, 0, 255}
		if 3*i+3 <= len(body) {
			copy(r.palette[i][:3], body[3*i:])
		}
	}
}

func (r *pngRows) setTransparency(body []byte) {
	switch {
	case r.colour == 3:
		for i := range min(len(body), 256) {
			r.palette[i][3] = body[i]
		}
	case r.colour == 0 && len(body) >= 2:
		r.clear.has, r.clear.v[0] = true, uint16(be16(body))
	case r.colour == 2 && len(body) >= 6:
		r.clear.has = true
		for i := range 3 {
			r.clear.v[i] = uint16(be16(body[2*i:]))
		}
	}
}

// stored is how many samples a pixel has in the file.
func (r *pngRows) stored() int { return [7]int{1, 0, 3, 1, 2, 0, 4}[r.colour] }

// read takes all rows; it returns how many were there.
func (r *pngRows) read(ctx context.Context, from io.Reader) (rows int, err error) {
	passes := []pngPass{{0, 0, 1, 1}}
	if r.interlaced {
		passes = adam7
	}
	bits := r.stored() * int(r.depth)
	back := max(1, bits/8) // filters look this far back
	for _, p := range passes {
		w, h := (r.width-p.x0+p.dx-1)/p.dx, (r.height-p.y0+p.dy-1)/p.dy
		if w <= 0 || h <= 0 {
			continue
		}
		n := (int(w)*bits + 7) / 8
		row, above := make([]byte, 1+n), make([]byte, 1+n)
		for y := range h {
			if err := ctx.Err(); err != nil {
				return rows, err
			}
			if _, err := io.ReadFull(from, row); err != nil {
				return rows, err
			}
			if err := unfilter(row[0], row[1:], above[1:], back); err != nil {
				return rows, err
			}
			r.out.add(int(p.y0+y*p.dy), int(p.x0), int(p.dx), r.bytes(row[1:], int(w)))
			row, above = above, row
			rows++
		}
	}
	if n, err := from.Read(make([]byte, 1)); n > 0 || err != nil && !errors.Is(err, io.EOF) {
		return rows, errors.Join(errors.New("the pixel data does not end where it should"), err)
	}
	return rows, nil
}

// unfilter undoes a row's filter in place (PNG 3rd edition, 9.2).
func unfilter(kind byte, row, above []byte, back int) error {
	switch kind {
	case 0:
	case 1:
		for i := back; i < len(row); i++ {
			row[i] += row[i-back]
		}
	case 2:
		for i := range row {
			row[i] += above[i]
		}
	case 3:
		for i := range row {
			left := 0
			if i >= back {
				left = int(row[i-back])
			}
			row[i] += byte((left + int(above[i])) / 2)
		}
	case 4:
		for i := range row {
			left, corner := 0, 0
			if i >= back {
				left, corner = int(row[i-back]), int(above[i-back])
			}
			row[i] += paeth(left, int(above[i]), corner)
		}
	default:
		return fmt.Errorf("there is no filter %d", kind)
	}
	return nil
}

// paeth is whichever of the three is nearest to left + above - corner.
func paeth(left, above, corner int) byte {
	abs := func(v int) int { return max(v, -v) }
	a, b, c := abs(above-corner), abs(left-corner), abs(left+above-2*corner)
	switch {
	case a <= b && a <= c:
		return byte(left)
	case b <= c:
		return byte(above)
	}
	return byte(corner)
}

// bytes makes 8-bit samples of a row of w pixels: one grey, or four of colour
// with alpha, premultiplied.
func (r *pngRows) bytes(row []byte, w int) []uint8 {
	out := r.line[:w*r.channels]
	switch {
	case r.colour == 3:
		for x := range w {
			put(out[4*x:4*x+4:4*x+4], r.palette[r.packed(row, x)])
		}
	case r.depth < 8: // grey
		most := uint16(1)<<r.depth - 1
		for x := range w {
			v := r.packed(row, x)
			r.grey(out, x, uint16(v), uint8(uint16(v)*255/most))
		}
	case r.depth == 8:
		r.bytes8(out, row, w)
	default:
		r.bytes16(out, row, w)
	}
	return out
}

// packed is sample x of a row with depth bits each.
func (r *pngRows) packed(row []byte, x int) byte {
	if r.depth == 8 {
		return row[x]
	}
	d := int(r.depth)
	return row[x*d/8] >> (8 - d - x*d%8) & (1<<d - 1)
}

func (r *pngRows) grey(out []uint8, x int, stored uint16, v uint8) {
	if r.channels == 1 {
		out[x] = v
		return
	}
	a := uint8(255)
	if r.clear.has && stored == r.clear.v[0] {
		a = 0
	}
	put(out[4*x:4*x+4:4*x+4], [4]uint8{v, v, v, a})
}

func (r *pngRows) bytes8(out []uint8, row []byte, w int) {
	n := r.stored()
	for x := range w {
		s := row[n*x : n*x+n : n*x+n]
		switch n {
		case 1:
			r.grey(out, x, uint16(s[0]), s[0])
		case 2:
			put(out[4*x:4*x+4:4*x+4], [4]uint8{s[0], s[0], s[0], s[1]})
		case 3:
			a := uint8(255)
			if c := r.clear; c.has && c.v == [3]uint16{uint16(s[0]), uint16(s[1]), uint16(s[2])} {
				a = 0
			}
			put(out[4*x:4*x+4:4*x+4], [4]uint8{s[0], s[1], s[2], a})
		default:
			put(out[4*x:4*x+4:4*x+4], [4]uint8{s[0], s[1], s[2], s[3]})
		}
	}
}

func (r *pngRows) bytes16(out []uint8, row []byte, w int) {
	n := r.stored()
	for x := range w {
		s := row[2*n*x : 2*n*x+2*n : 2*n*x+2*n]
		var v [4]uint16
		for k := range n {
			v[k] = uint16(be16(s[2*k:]))
		}
		switch n {
		case 1:
			r.grey(out, x, v[0], less(v[0]))
		case 2:
			g := less(v[0])
			put(out[4*x:4*x+4:4*x+4], [4]uint8{g, g, g, less(v[1])})
		case 3:
			a := uint8(255)
			if c := r.clear; c.has && c.v == [3]uint16{v[0], v[1], v[2]} {
				a = 0
			}
			put(out[4*x:4*x+4:4*x+4], [4]uint8{less(v[0]), less(v[1]), less(v[2]), a})
		default:
			put(out[4*x:4*x+4:4*x+4], [4]uint8{less(v[0]), less(v[1]), less(v[2]), less(v[3])})
		}
	}
}

// less is 16 bits in 8, to the nearest.
func less(v uint16) uint8 { return uint8((uint32(v)*255 + 32767) / 65535) }

// put writes a pixel, premultiplied.
func put(dst []uint8, c [4]uint8) {
	if c[3] == 255 {
		dst[0], dst[1], dst[2], dst[3] = c[0], c[1], c[2], 255
		return
	}
	a := uint32(c[3])
	for k := range 3 {
		dst[k] = uint8((uint32(c[k])*a + 127) / 255)
	}
	dst[3] = c[3]
}
