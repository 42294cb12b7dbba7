package watermark

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"testing"
)

// throughJPEG compresses with halved chroma, as nearly all programs do.
func throughJPEG(t testing.TB, m image.Image, quality int) image.Image {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// chromaTable is the first rows and columns of the example table of ITU-T T.81
// annex K.2; everything outside is 99.
var chromaTable = [4][4]int{{17, 18, 24, 47}, {18, 21, 26, 66}, {24, 26, 56, 99}, {47, 66, 99, 99}}

// fullChroma is what a JPEG with chroma of full size decodes to, which the
// standard library cannot write: the planes' cosine transform rounded to the
// quality's steps and turned back. Luma, which the method does not touch, is
// left as it is.
func fullChroma(m *image.NRGBA, quality int) image.Image {
	out := image.NewYCbCr(m.Rect, image.YCbCrSubsampleRatio444)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			p := m.Pix[m.PixOffset(x, y):]
			r, g, b := float64(p[0]), float64(p[1]), float64(p[2])
			l, at := 0.299*r+0.587*g+0.114*b, out.YOffset(x, y)
			out.Y[at], out.Cb[at], out.Cr[at] = level(l), level(128+(b-l)/1.772), level(128+(r-l)/1.402)
		}
	}
	var steps [8][8]float64
	for v := range 8 {
		for u := range 8 {
			base := 99
			if u < 4 && v < 4 {
				base = chromaTable[v][u]
			}
			steps[v][u] = float64(max(1, (base*(200-2*quality)+50)/100)) // libjpeg's scale from 50 up
		}
	}
	for _, plane := range [][]uint8{out.Cb, out.Cr} {
		for top := 0; top+8 <= m.Rect.Dy(); top += 8 {
			for left := 0; left+8 <= m.Rect.Dx(); left += 8 {
				roundBlock(plane[top*out.CStride+left:], out.CStride, &steps)
			}
		}
	}
	return out
}

func level(v float64) uint8 { return uint8(min(255, max(0, math.Round(v)))) }

func roundBlock(p []uint8, stride int, steps *[8][8]float64) {
	var block [8][8]float64
	for y := range 8 {
		for x := range 8 {
			block[y][x] = float64(p[y*stride+x]) - 128
		}
	}
	turned := transform(&block, false)
	for v := range 8 {
		for u := range 8 {
			turned[v][u] = math.Round(turned[v][u]/steps[v][u]) * steps[v][u]
		}
	}
	block = transform(&turned, true)
	for y := range 8 {
		for x := range 8 {
			p[y*stride+x] = level(block[y][x] + 128)
		}
	}
}

// cosines are the rows of the orthonormal cosine transform.
var cosines = func() (c [8][8]float64) {
	for u := range 8 {
		for x := range 8 {
			c[u][x] = math.Cos(math.Pi*float64(2*x+1)*float64(u)/16) / 2
			if u == 0 {
				c[u][x] /= math.Sqrt2
			}
		}
	}
	return c
}()

// transform takes the cosine transform of a block, or its inverse: rows, then
// columns.
func transform(in *[8][8]float64, inverse bool) (out [8][8]float64) {
	var rows [8][8]float64
	at := func(k, x int) float64 {
		if inverse {
			return cosines[x][k]
		}
		return cosines[k][x]
	}
	for y := range 8 {
		for k := range 8 {
			for x := range 8 {
				rows[y][k] += at(k, x) * in[y][x]
			}
		}
	}
	for k := range 8 {
		for v := range 8 {
			for y := range 8 {
				out[v][k] += at(v, y) * rows[y][k]
			}
		}
	}
	return out
}
