package jpeg

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
)

// Samples dequantises and transforms component i into bytes: Width by Height
// samples with the given stride. A component without a quantisation table is
// taken as quantised by 1.
func (f *File) Samples(ctx context.Context, i int) (pix []uint8, stride int, err error) {
	c := &f.Components[i]
	quant := c.dequantise()
	stride = 8 * c.BlocksWide
	pix = make([]uint8, stride*8*c.BlocksHigh)
	for by := range c.BlocksHigh {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		for bx := range c.BlocksWide {
			inverse(pix[8*by*stride+8*bx:], stride, c.Block(bx, by), &quant)
		}
	}
	return pix, stride, nil
}

// Image rebuilds the picture: image.Gray of one component, image.YCbCr or
// image.RGBA of three, image.CMYK of four. Colour is told as other decoders do:
// JFIF means YCbCr; else Adobe's transform byte decides; else the component
// names R, G, B. Adobe's four-component files store inks inverted.
func (f *File) Image(ctx context.Context) (image.Image, error) {
	n := len(f.Components)
	planes := make([]plane, n)
	for i := range planes {
		pix, stride, err := f.Samples(ctx, i)
		if err != nil {
			return nil, err
		}
		planes[i] = plane{pix, stride}
	}
	bounds := image.Rect(0, 0, f.Width, f.Height)
	switch n {
	case 1:
		return &image.Gray{Pix: planes[0].pix, Stride: planes[0].stride, Rect: bounds}, nil
	case 3:
		if f.isRGB() {
			return f.interleave(planes, bounds), nil
		}
		return f.ycbcr(planes, bounds), nil
	case 4:
		return f.cmyk(planes, bounds), nil
	}
	return nil, UnsupportedError("two components")
}

// Reduced rebuilds a grey or YCbCr picture as means of squares of factor by
// factor pixels (1, 2, 4 or 8), and lets go of the coefficients on the way. Its
// error is UnsupportedError where the picture is neither, or is sampled in a
// way that package image has no name for.
func (f *File) Reduced(ctx context.Context, factor int) (image.Image, error) {
	n := len(f.Components)
	ratio, err := image.YCbCrSubsampleRatio444, error(nil)
	if n == 3 {
		ratio, err = f.ratio()
	}
	if n != 1 && n != 3 || n == 3 && f.isRGB() || err != nil || 8%factor != 0 {
		return nil, UnsupportedError("reduction of such a picture")
	}
	planes := make([]plane, n)
	for i := range planes {
		if planes[i], err = f.means(ctx, i, factor); err != nil {
			return nil, err
		}
		f.Components[i].Coefficients = nil
	}
	bounds := image.Rect(0, 0, (f.Width+factor-1)/factor, (f.Height+factor-1)/factor)
	if n == 1 {
		return &image.Gray{Pix: planes[0].pix, Stride: planes[0].stride, Rect: bounds}, nil
	}
	return &image.YCbCr{
		Y: planes[0].pix, Cb: planes[1].pix, Cr: planes[2].pix,
		YStride: planes[0].stride, CStride: planes[1].stride,
		SubsampleRatio: ratio, Rect: bounds,
	}, nil
}

// means is Samples, reduced block by block.
func (f *File) means(ctx context.Context, i, factor int) (plane, error) {
	if factor == 1 {
		pix, stride, err := f.Samples(ctx, i)
		return plane{pix, stride}, err
	}
	c := &f.Components[i]
	quant := c.dequantise()
	side := 8 / factor
	out := plane{make([]uint8, side*side*c.BlocksWide*c.BlocksHigh), side * c.BlocksWide}
	var block [64]uint8
	for by := range c.BlocksHigh {
		if err := ctx.Err(); err != nil {
			return plane{}, err
		}
		for bx := range c.BlocksWide {
			inverse(block[:], 8, c.Block(bx, by), &quant)
			for y := range side {
				for x := range side {
					sum := 0
					for k := range factor {
						for _, v := range block[8*(factor*y+k)+factor*x:][:factor] {
							sum += int(v)
						}
					}
					out.pix[(side*by+y)*out.stride+side*bx+x] = uint8((sum + factor*factor/2) / (factor * factor))
				}
			}
		}
	}
	return out, nil
}

// dequantise is the component's table, or 1 throughout.
func (c *Component) dequantise() (quant [64]float32) {
	for k := range quant {
		quant[k] = 1
		if c.Quant != nil {
			quant[k] = float32(c.Quant[k])
		}
	}
	return quant
}

// plane is one component's samples.
type plane struct {
	pix    []uint8
	stride int
}

func (f *File) isRGB() bool {
	if f.JFIF {
		return false
	}
	if f.Adobe >= 0 {
		return f.Adobe == 0
	}
	return f.Components[0].ID == 'R' && f.Components[1].ID == 'G' && f.Components[2].ID == 'B'
}

// ycbcr keeps the planes as they are where image.YCbCr knows the sampling, and
// spreads all to full size where it does not.
func (f *File) ycbcr(planes []plane, bounds image.Rectangle) image.Image {
	ratio, err := f.ratio()
	if err != nil {
		for i := range planes {
			planes[i] = f.spread(i, planes[i])
		}
		ratio = image.YCbCrSubsampleRatio444
	}
	return &image.YCbCr{
		Y: planes[0].pix, Cb: planes[1].pix, Cr: planes[2].pix,
		YStride: planes[0].stride, CStride: planes[1].stride,
		SubsampleRatio: ratio, Rect: bounds,
	}
}

var errRatio = errors.New("no such subsampling in package image")

// ratio finds package image's name for the sampling.
func (f *File) ratio() (image.YCbCrSubsampleRatio, error) {
	y, cb, cr := &f.Components[0], &f.Components[1], &f.Components[2]
	maxH, maxV := f.maxSampling()
	if y.H != maxH || y.V != maxV || cb.H != cr.H || cb.V != cr.V || y.H%cb.H != 0 || y.V%cb.V != 0 {
		return 0, errRatio
	}
	switch [2]int{y.H / cb.H, y.V / cb.V} {
	case [2]int{1, 1}:
		return image.YCbCrSubsampleRatio444, nil
	case [2]int{2, 1}:
		return image.YCbCrSubsampleRatio422, nil
	case [2]int{2, 2}:
		return image.YCbCrSubsampleRatio420, nil
	case [2]int{1, 2}:
		return image.YCbCrSubsampleRatio440, nil
	case [2]int{4, 1}:
		return image.YCbCrSubsampleRatio411, nil
	case [2]int{4, 2}:
		return image.YCbCrSubsampleRatio410, nil
	}
	return 0, errRatio
}

// spread repeats samples so that component i has one for each pixel: the
// sample that covers the pixel's centre. The result has a stride of Width.
func (f *File) spread(i int, p plane) plane {
	c := &f.Components[i]
	maxH, maxV := f.maxSampling()
	out := plane{make([]uint8, f.Width*f.Height), f.Width}
	column := make([]int, f.Width)
	for x := range column {
		column[x] = (2*x + 1) * c.H / (2 * maxH)
	}
	for y := range f.Height {
		row := p.pix[(2*y+1)*c.V/(2*maxV)*p.stride:]
		dst := out.pix[y*out.stride : (y+1)*out.stride]
		for x, from := range column {
			dst[x] = row[from]
		}
	}
	return out
}

func (f *File) maxSampling() (h, v int) {
	for i := range f.Components {
		h, v = max(h, f.Components[i].H), max(v, f.Components[i].V)
	}
	return h, v
}

// interleave makes opaque RGBA of three RGB planes.
func (f *File) interleave(planes []plane, bounds image.Rectangle) image.Image {
	out := image.NewRGBA(bounds)
	for i := range planes {
		planes[i] = f.spread(i, planes[i])
	}
	for y := range f.Height {
		d := out.Pix[y*out.Stride:]
		r, g, b := planes[0].pix[y*planes[0].stride:], planes[1].pix[y*planes[1].stride:], planes[2].pix[y*planes[2].stride:]
		for x := range f.Width {
			d[4*x], d[4*x+1], d[4*x+2], d[4*x+3] = r[x], g[x], b[x], 255
		}
	}
	return out
}

// cmyk makes inks (255 is full ink) of four planes.
func (f *File) cmyk(planes []plane, bounds image.Rectangle) image.Image {
	out := image.NewCMYK(bounds)
	for i := range planes {
		planes[i] = f.spread(i, planes[i])
	}
	for y := range f.Height {
		d := out.Pix[y*out.Stride:]
		var s [4][]uint8
		for c := range s {
			s[c] = planes[c].pix[y*planes[c].stride:]
		}
		for x := range f.Width {
			v := [4]uint8{s[0][x], s[1][x], s[2][x], s[3][x]}
			switch {
			case f.Adobe > 0:
				// YCCK codes the complement of the stored inks as YCbCr; the
				// stored inks being inverted themselves, the two cancel.
				v[0], v[1], v[2] = color.YCbCrToRGB(v[0], v[1], v[2])
				v[3] = 255 - v[3]
			case f.Adobe == 0:
				v = [4]uint8{255 - v[0], 255 - v[1], 255 - v[2], 255 - v[3]}
			}
			copy(d[4*x:4*x+4], v[:])
		}
	}
	return out
}

// basis[u] holds cos((2x+1)uπ/16)/2, with a further 1/√2 for u = 0, for x from
// 0 to 3: the other half follows by symmetry, with the sign of odd u turned.
var basis = func() (b [8][4]float32) {
	for u := range b {
		for x := range b[u] {
			v := math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
			if u == 0 {
				v /= math.Sqrt2
			}
			b[u][x] = float32(v)
		}
	}
	return b
}()

// inverse writes the 8 x 8 samples of one block: dequantise, inverse DCT
// (T.81, A.3.3), level shift, clamp. It works on sums and differences of
// mirrored samples, columns first.
func inverse(dst []uint8, stride int, q []int16, quant *[64]float32) {
	var mid [64]float32
	for u := range 8 { // columns
		var even, odd [4]float32
		for v := range 8 {
			c := q[8*v+u]
			if c == 0 {
				continue
			}
			val := float32(c) * quant[8*v+u]
			half := &even
			if v&1 == 1 {
				half = &odd
			}
			for y := range half {
				half[y] += val * basis[v][y]
			}
		}
		for y := range 4 {
			mid[8*y+u], mid[8*(7-y)+u] = even[y]+odd[y], even[y]-odd[y]
		}
	}
	for y := range 8 {
		row := mid[8*y : 8*y+8 : 8*y+8]
		d := dst[y*stride : y*stride+8 : y*stride+8]
		for x := range 4 {
			even := row[0]*basis[0][x] + row[2]*basis[2][x] + row[4]*basis[4][x] + row[6]*basis[6][x]
			odd := row[1]*basis[1][x] + row[3]*basis[3][x] + row[5]*basis[5][x] + row[7]*basis[7][x]
			d[x], d[7-x] = level(even+odd), level(even-odd)
		}
	}
}

// level shifts to 0..255, rounds and clamps.
func level(v float32) uint8 {
	v += 128.5
	if v <= 0 {
		return 0
	}
	if v >= 255 {
		return 255
	}
	return uint8(v)
}
