package watermark

import "image"

// site is the mean of two by two pixels: the low band of the Haar wavelet but
// for a factor of two.
type site struct {
	u       float64 // blue difference U = 0.492 (B - Y), BT.601, around 0
	swapped float64 // the same with red and blue exchanged
}

// band reads a picture's sites, four rows of them at a time.
type band struct {
	m     image.Image
	wide  int // sites a row
	at    [side][]site
	pixel func(x, y int) (r, g, b float64)
}

func newBand(m image.Image, wide int) *band {
	b := &band{m: m, wide: wide, pixel: pixels(m)}
	for i := range b.at {
		b.at[i] = make([]site, wide)
	}
	return b
}

// read fills the sites of rows y to y+3, in sites from the top.
func (b *band) read(y int) {
	origin := b.m.Bounds().Min
	ycc, isYCC := b.m.(*image.YCbCr)
	// A file with halved chroma holds the sites as they are.
	halved := isYCC && ycc.SubsampleRatio == image.YCbCrSubsampleRatio420 && origin.X%2 == 0 && origin.Y%2 == 0
	for i := range b.at {
		for x := range b.at[i] {
			px, py := origin.X+2*x, origin.Y+2*(y+i)
			if halved {
				c := ycc.COffset(px, py)
				b.at[i][x] = fromChroma(float64(ycc.Cb[c])-128, float64(ycc.Cr[c])-128)
				continue
			}
			var red, green, blue float64
			for dy := range 2 {
				for dx := range 2 {
					r, g, bl := b.pixel(px+dx, py+dy)
					red, green, blue = red+r, green+g, blue+bl
				}
			}
			b.at[i][x] = fromRGB(red/4, green/4, blue/4)
		}
	}
}

// fromRGB takes samples of 0 to 255.
func fromRGB(r, g, b float64) site {
	return site{
		u:       0.492 * (b - (0.299*r + 0.587*g + 0.114*b)),
		swapped: 0.492 * (r - (0.299*b + 0.587*g + 0.114*r)),
	}
}

// fromChroma takes JPEG's colour differences around 0 (JFIF 1.02); luma drops
// out of both results.
func fromChroma(cb, cr float64) site {
	return fromRGB(1.402*cr, -0.344136*cb-0.714136*cr, 1.772*cb)
}

// pixels returns a reader of m's colours, 0 to 255; transparency is ignored,
// as the programs that mark pictures know none.
func pixels(m image.Image) func(x, y int) (r, g, b float64) {
	switch m := m.(type) {
	case *image.RGBA:
		return func(x, y int) (r, g, b float64) {
			p := m.Pix[m.PixOffset(x, y):]
			return float64(p[0]), float64(p[1]), float64(p[2])
		}
	case *image.NRGBA:
		return func(x, y int) (r, g, b float64) {
			p := m.Pix[m.PixOffset(x, y):]
			return float64(p[0]), float64(p[1]), float64(p[2])
		}
	}
	return func(x, y int) (r, g, b float64) {
		r16, g16, b16, _ := m.At(x, y).RGBA()
		return float64(r16) / 257, float64(g16) / 257, float64(b16) / 257
	}
}
