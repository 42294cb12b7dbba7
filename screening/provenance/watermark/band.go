package watermark

import "image"

// site is the mean colour of two by two pixels: the low band of the Haar
// wavelet but for a factor of two. 0 to 255, or a little outside where a JPEG's
// colours are.
type site struct{ r, g, b float64 }

// channels are a site's brightness Y and colour differences U and V (BT.601),
// U and V around 0, as a pipeline of tone t takes them. The method writes into
// U and leaves the other two alone.
func (s site) channels(t tone) (y, u, v float64) {
	if t == floatRGB {
		s.r, s.b = s.b, s.r
	}
	y = 0.299*s.r + 0.587*s.g + 0.114*s.b
	return y, 0.492 * (s.b - y), 0.877 * (s.r - y)
}

// band reads a picture's sites, four rows of them at a time.
type band struct {
	m    image.Image
	wide int // sites a row
	at   [side][]site
	read func(row []site, x, y int) // the sites of a row, whose first pixel is x, y

	y, u, v [side * side]float64 // channels of one block, see channelsOf
}

// channelsOf takes the channels of the sites of the block at bx.
func (b *band) channelsOf(bx int, t tone) {
	for j := range b.at {
		for i, s := range b.at[j][bx*side:][:side] {
			k := j*side + i
			b.y[k], b.u[k], b.v[k] = s.channels(t)
		}
	}
}

func newBand(m image.Image, wide int) *band {
	b := &band{m: m, wide: wide}
	for i := range b.at {
		b.at[i] = make([]site, wide)
	}
	if ycc, ok := m.(*image.YCbCr); ok {
		b.read = sitesOfYCbCr(ycc)
		return b
	}
	pixel := pixels(m)
	b.read = func(row []site, x, y int) {
		for k := range row {
			var s site
			for i := range 4 {
				r, g, b := pixel(x+2*k+i%2, y+i/2)
				s.r, s.g, s.b = s.r+r/4, s.g+g/4, s.b+b/4
			}
			row[k] = s
		}
	}
	return b
}

// next fills the sites of rows y to y+3, in sites from the top.
func (b *band) next(y int) {
	origin := b.m.Bounds().Min
	for i := range b.at {
		b.read(b.at[i], origin.X, origin.Y+2*(y+i))
	}
}

// sitesOfYCbCr reads a JPEG's planes as they are: turning them into colours
// first would clip and round away what the mark left in them.
func sitesOfYCbCr(m *image.YCbCr) func(row []site, x, y int) {
	// A file with halved chroma holds the sites' colour differences ready made.
	halved := m.SubsampleRatio == image.YCbCrSubsampleRatio420 && m.Rect.Min.X%2 == 0 && m.Rect.Min.Y%2 == 0
	return func(row []site, x, y int) {
		at := m.YOffset(x, y)
		above, below := m.Y[at:][:2*len(row)], m.Y[at+m.YStride:][:2*len(row)]
		luma := func(k int) float64 {
			return float64(int(above[2*k])+int(above[2*k+1])+int(below[2*k])+int(below[2*k+1])) / 4
		}
		if halved {
			at := m.COffset(x, y)
			cb, cr := m.Cb[at:][:len(row)], m.Cr[at:][:len(row)]
			for k := range row {
				row[k] = fromChroma(luma(k), float64(cb[k]), float64(cr[k]))
			}
			return
		}
		for k := range row {
			cb, cr := 0, 0
			for i := range 4 {
				c := m.COffset(x+2*k+i%2, y+i/2)
				cb, cr = cb+int(m.Cb[c]), cr+int(m.Cr[c])
			}
			row[k] = fromChroma(luma(k), float64(cb)/4, float64(cr)/4)
		}
	}
}

// fromChroma turns JPEG's samples (JFIF 1.02) into a colour, unclipped.
func fromChroma(y, cb, cr float64) site {
	cb, cr = cb-128, cr-128
	return site{r: y + 1.402*cr, g: y - 0.344136*cb - 0.714136*cr, b: y + 1.772*cb}
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
