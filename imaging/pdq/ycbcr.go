package pdq

import "image"

// ycbcrSource reads what JPEG files decode to. It makes red, green and blue of
// it as libjpeg does, rounding and all, because the hashes of small or plain
// pictures hang on differences of one level.
type ycbcrSource struct {
	m *image.YCbCr
	// shiftX is the binary logarithm of luma samples per chroma sample across.
	shiftX uint
	// Along which axes chroma has half the samples of luma. libjpeg
	// interpolates there; coarser chroma it repeats.
	halfX, halfY bool
}

func newYCbCrSource(m *image.YCbCr) *ycbcrSource {
	s := &ycbcrSource{m: m}
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		s.shiftX, s.halfX, s.halfY = 1, true, true
	case image.YCbCrSubsampleRatio422:
		s.shiftX, s.halfX = 1, true
	case image.YCbCrSubsampleRatio440:
		s.halfY = true
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		s.shiftX = 2
	}
	return s
}

func (s *ycbcrSource) size() (int, int) { return s.m.Rect.Dx(), s.m.Rect.Dy() }

func (s *ycbcrSource) row(y int, xs []int, dst []float32) {
	m, left, right := s.m, s.m.Rect.Min.X, s.m.Rect.Max.X
	y += m.Rect.Min.Y
	near := y
	if s.halfY {
		near = neighbour(y, m.Rect.Min.Y, m.Rect.Max.Y)
	}
	lumaRow := m.Y[m.YOffset(left, y):]
	from, nearFrom := m.COffset(left, y), m.COffset(left, near)
	cb, nearCb := m.Cb[from:], m.Cb[nearFrom:]
	cr, nearCr := m.Cr[from:], m.Cr[nearFrom:]
	first := left >> s.shiftX
	for k, x := range xs {
		beside := left + x
		if s.halfX {
			beside = neighbour(left+x, left, right)
		}
		at, next := (left+x)>>s.shiftX-first, beside>>s.shiftX-first
		bias := s.bias(left+x, y)
		b := blend(cb[at], cb[next], nearCb[at], nearCb[next], bias)
		r := blend(cr[at], cr[next], nearCr[at], nearCr[next], bias)
		dst[k] = lumaOf(int32(lumaRow[x]), b-128, r-128)
	}
}

// neighbour returns a coordinate that falls on the chroma sample next nearest
// to luma sample v, where one chroma sample spans two luma samples: the one
// before for the first of the two, the one after for the second. At the edge
// of the picture it is v's own.
func neighbour(v, first, end int) int {
	if v%2 == 0 {
		return max(v-2, first)
	}
	return min(v+1, end-1)
}

// blend interpolates chroma with the weights 9, 3, 3 and 1 sixteenth. Where
// chroma is halved along one axis or none, neighbours coincide and the weights
// fold to 3 and 1 quarter or to one.
func blend(own, beside, near, diagonal uint8, bias int32) int32 {
	return (9*int32(own) + 3*int32(beside) + 3*int32(near) + int32(diagonal) + bias) >> 4
}

// bias is what libjpeg adds before it divides by 16: it alternates so that
// rounding does not drift.
func (s *ycbcrSource) bias(x, y int) int32 {
	switch {
	case s.halfX && s.halfY:
		return 8 - int32(x&1)
	case s.halfX:
		return 4 << (x & 1)
	case s.halfY:
		return 4 << (y & 1)
	}
	return 0
}

// lumaOf returns the luma of a colour given as Y, Cb-128 and Cr-128. The
// factors are JFIF's 1.402, 0.34414, 0.71414 and 1.772 in units of 2^-16.
func lumaOf(y, cb, cr int32) float32 {
	const half = 1 << 15
	r := y + (91881*cr+half)>>16
	g := y + (-22554*cb-46802*cr+half)>>16
	b := y + (116130*cb+half)>>16
	return luma(level(r), level(g), level(b))
}

func level(v int32) float32 { return float32(min(max(v, 0), 255)) }
