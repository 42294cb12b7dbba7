package imaging

import (
	"context"
	"image"
)

// What a picture may take in memory before it is reduced while it is decoded.
// The bounds depend on the file alone, never on the machine, so that the same
// file gives the same pixels everywhere.
const (
	// mostStored bounds what a decoded picture takes, in bytes: 50 megapixels
	// in colour at 4 bytes each, 139 as most JPEGs store them. Beyond, squares
	// of pixels are averaged as they come.
	mostStored = 200 << 20
	// mostDeep bounds pictures that keep 16 bits a sample: 16 megapixels in
	// colour. Beyond, samples keep 8.
	mostDeep = 128 << 20
	// mostFactor is the largest square averaged; see averager.
	mostFactor = 16
)

// factorFor is how many pixels each way become one, so that w by h pixels take
// at most mostStored: 1, 2, 4, 8 or 16. halves counts half bytes a pixel (YCbCr
// with halved chroma takes 3).
func factorFor(w, h, halves int64) int {
	f := int64(1)
	for f < mostFactor && bytesFor((w+f-1)/f, (h+f-1)/f, halves)/2 > mostStored {
		f *= 2
	}
	return int(f)
}

// bounded brings a decoder's picture below mostStored and mostDeep, where the
// decoder did not.
func bounded(ctx context.Context, d decoded) (decoded, error) {
	if d.full != (image.Point{}) {
		return d, nil
	}
	size := d.pixels.Bounds().Size()
	halves, deep := int64(8), false
	switch m := d.pixels.(type) {
	case *image.YCbCr:
		x, y := subsampling(m.SubsampleRatio)
		halves = int64(2 + 4/(x*y))
	case *image.NYCbCrA:
		return d, nil
	case *image.Gray, *image.Paletted:
		halves = 2
	case *image.Gray16:
		halves, deep = 2, bytesFor(int64(size.X), int64(size.Y), 2) > mostDeep
	case *image.RGBA64, *image.NRGBA64:
		deep = bytesFor(int64(size.X), int64(size.Y), 8) > mostDeep
	}
	factor := factorFor(int64(size.X), int64(size.Y), halves)
	if factor == 1 && !deep {
		return d, nil
	}
	small, err := shrunk(ctx, d.pixels, factor)
	d.pixels, d.full = small, size
	return d, err
}

// averager takes pixels in any order and makes a picture of the means of
// squares of factor by factor of them: image.Gray of one channel, image.RGBA
// (premultiplied) of four. A sum of 16 by 16 bytes fits 16 bits.
type averager struct {
	factor, channels int
	full             image.Point
	w, h             int
	// sums holds the whole picture, or where rows come from the top one after
	// the other only the row of squares being filled.
	sums   []uint16
	inRows bool
	at     int // the row of squares that sums holds, where inRows
	pix    []uint8
}

// newAverager makes one for a picture of full size. inRows promises that rows
// come from the top down, each whole.
func newAverager(full image.Point, factor, channels int, inRows bool) *averager {
	a := &averager{factor: factor, channels: channels, full: full, inRows: inRows}
	a.w, a.h = (full.X+factor-1)/factor, (full.Y+factor-1)/factor
	a.pix = make([]uint8, a.w*a.h*channels)
	rows := a.h
	if inRows {
		rows = 1
	}
	if factor > 1 {
		a.sums = make([]uint16, a.w*rows*channels)
	}
	return a
}

// averagerBytes is what an averager holds, in bytes.
func averagerBytes(w, h int64, factor, channels int, inRows bool) int64 {
	f := int64(factor)
	n := bytesFor((w+f-1)/f, (h+f-1)/f, int64(channels))
	if !inRows && factor > 1 {
		n *= 3
	}
	return n
}

// add counts pixels of row y, which lie at columns x, x+step and so on.
func (a *averager) add(y, x, step int, samples []uint8) {
	c := a.channels
	if a.factor == 1 {
		row := a.pix[y*a.w*c : (y+1)*a.w*c]
		if step == 1 {
			copy(row[x*c:], samples)
			return
		}
		for i := 0; i+c <= len(samples); i += c {
			copy(row[x*c:(x+1)*c], samples[i:i+c])
			x += step
		}
		return
	}
	into := y / a.factor
	if a.inRows {
		if into != a.at {
			a.flush(a.at, a.sums)
			clear(a.sums)
			a.at = into
		}
		into = 0
	}
	row := a.sums[into*a.w*c : (into+1)*a.w*c]
	for i := 0; i+c <= len(samples); i += c {
		d := x / a.factor * c
		for k := range c {
			row[d+k] += uint16(samples[i+k])
		}
		x += step
	}
}

// flush makes bytes of one row of sums.
func (a *averager) flush(y int, sums []uint16) {
	high := min(a.factor, a.full.Y-y*a.factor)
	dst := a.pix[y*a.w*a.channels:]
	for x := range a.w {
		n := uint32(high * min(a.factor, a.full.X-x*a.factor))
		for k := range a.channels {
			i := x*a.channels + k
			dst[i] = uint8((uint32(sums[i]) + n/2) / n)
		}
	}
}

// picture is what came of it.
func (a *averager) picture() image.Image {
	switch {
	case a.factor == 1:
	case a.inRows:
		a.flush(a.at, a.sums)
	default:
		for y := range a.h {
			a.flush(y, a.sums[y*a.w*a.channels:(y+1)*a.w*a.channels])
		}
	}
	a.sums = nil
	r := image.Rect(0, 0, a.w, a.h)
	if a.channels == 1 {
		return &image.Gray{Pix: a.pix, Stride: a.w, Rect: r}
	}
	return &image.RGBA{Pix: a.pix, Stride: 4 * a.w, Rect: r}
}

// shrunk is m as means of squares of factor by factor pixels, for decoders
// that cannot do it on the way. Planes of luma and chroma stay such.
func shrunk(ctx context.Context, m image.Image, factor int) (image.Image, error) {
	size := m.Bounds().Size()
	switch m := m.(type) {
	case *image.YCbCr:
		return shrunkYCbCr(ctx, m, factor)
	case *image.Gray:
		a := newAverager(size, factor, 1, true)
		for y := range size.Y {
			if y&255 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			a.add(y, 0, 1, m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):][:size.X])
		}
		return a.picture(), nil
	}
	a := newAverager(size, factor, 4, true)
	line := newWhiteLine(m)
	for y := range size.Y {
		if y&255 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.add(y, 0, 1, line(y))
	}
	return a.picture(), nil
}

// shrunkYCbCr averages each plane on its own grid.
func shrunkYCbCr(ctx context.Context, m *image.YCbCr, factor int) (image.Image, error) {
	sx, sy := subsampling(m.SubsampleRatio)
	size := m.Rect.Size()
	out := &image.YCbCr{SubsampleRatio: m.SubsampleRatio, Rect: image.Rect(0, 0, (size.X+factor-1)/factor, (size.Y+factor-1)/factor)}
	plane := func(from []uint8, stride int, size image.Point) ([]uint8, int, error) {
		a := newAverager(size, factor, 1, true)
		for y := range size.Y {
			if y&255 == 0 && ctx.Err() != nil {
				return nil, 0, ctx.Err()
			}
			a.add(y, 0, 1, from[y*stride:][:size.X])
		}
		a.picture()
		return a.pix, a.w, nil
	}
	chroma := image.Pt((size.X+sx-1)/sx, (size.Y+sy-1)/sy)
	var err error
	if out.Y, out.YStride, err = plane(m.Y, m.YStride, size); err != nil {
		return nil, err
	}
	if out.Cb, out.CStride, err = plane(m.Cb, m.CStride, chroma); err != nil {
		return nil, err
	}
	if out.Cr, _, err = plane(m.Cr, m.CStride, chroma); err != nil {
		return nil, err
	}
	return out, nil
}
