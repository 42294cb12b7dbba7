package traces

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
)

// unlike is the correlation below which a thumbnail shows something else.
// Recropping by a tenth leaves 0.7 and more on photos; other pictures lie
// around 0, seldom above 0.4.
const unlike = 0.4

// oddThumbnail compares the camera's small preview with the picture. Editors
// that do not know of the preview leave the old one.
func oddThumbnail(e *meta.EXIF, p *imaging.Picture) (Contradiction, bool) {
	if p.Partial {
		return Contradiction{}, false
	}
	like, ok := thumbnailLikeness(e.Thumbnail, p)
	if !ok || like >= unlike {
		return Contradiction{}, false
	}
	return Contradiction{"thumbnail_unlike", evidence.Weak, evidence.Against, evidence.Text{
		EN: fmt.Sprintf("The small preview that the camera stored in the file shows another picture than the file does (likeness %.2f of 1). The picture was cropped or changed heavily, or its metadata was copied from another photo.", like),
		ZH: fmt.Sprintf("相机存入文件的缩略图与正图不是同一画面（相似度 %.2f，满分 1）。图片曾被大幅裁剪或改动，或其元数据取自另一张照片。", like),
	}, map[string]float64{"likeness": like}}, true
}

// grid is the side of the small squares that are compared.
const grid = 24

// thumbnailLikeness is the best correlation of luma, -1 to 1, over the ways a
// preview may honestly differ: turned or not as the picture was, and with bars
// where its shape is another. ok is false where there is nothing to compare:
// no preview, or a picture so plain that noise decides.
func thumbnailLikeness(thumb []byte, p *imaging.Picture) (best float64, ok bool) {
	conf, err := jpeg.DecodeConfig(bytes.NewReader(thumb))
	if err != nil || conf.Width*conf.Height > 1<<20 || p.Stored == nil || p.Stored.Bounds().Empty() {
		return 0, false
	}
	small, err := jpeg.Decode(bytes.NewReader(thumb))
	if err != nil {
		return 0, false
	}
	preview, shown := grey(small), grey(p.Stored)
	best = -1
	for _, cut := range []bool{false, true} {
		squares := [2][]float64{square(shown, 0, 0), nil}
		mx, my := 0.0, 0.0
		if cut {
			mx, my = bars(preview, shown)
		}
		squares[1] = square(preview, mx, my)
		for turn := range 8 {
			r, plain := correlation(squares[0], turned(squares[1], turn))
			if plain {
				return 0, false
			}
			best = max(best, r)
		}
	}
	return best, true
}

// looks is how many samples a side are taken of one small square: enough for a
// preview's likeness, and few enough for a picture of a hundred megapixels.
const looks = 8

// view is a picture's luma by place; turns do not matter here, since all eight
// are tried.
type view struct {
	width, height int
	at            func(x, y int) float64 // 0 to 255
}

func grey(m image.Image) view {
	b := m.Bounds()
	v := view{width: b.Dx(), height: b.Dy()}
	if c, ok := m.(*image.YCbCr); ok {
		v.at = func(x, y int) float64 { return float64(c.Y[c.YOffset(b.Min.X+x, b.Min.Y+y)]) }
	} else {
		v.at = func(x, y int) float64 {
			return float64(color.Gray16Model.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.Gray16).Y) / 257
		}
	}
	return v
}

// bars is the share of the preview's width and height, on each side, that is
// bars where it shows the whole picture in another shape.
func bars(preview, shown view) (x, y float64) {
	a, b := float64(preview.width)/float64(preview.height), float64(shown.width)/float64(shown.height)
	if (a > 1) != (b > 1) { // turned
		b = 1 / b
	}
	if a > b {
		return (1 - b/a) / 2, 0
	}
	return 0, (1 - a/b) / 2
}

// square averages v, less margins (shares of its sides), into grid x grid.
func square(v view, mx, my float64) []float64 {
	const side = grid * looks
	out := make([]float64, grid*grid)
	place := func(i, length int, margin float64) int {
		at := margin + (1-2*margin)*(float64(i)+0.5)/side
		return min(length-1, int(at*float64(length)))
	}
	for y := range side {
		sy := place(y, v.height, my)
		for x := range side {
			out[y/looks*grid+x/looks] += v.at(place(x, v.width, mx), sy) / (looks * looks)
		}
	}
	return out
}

// turned is the square in one of its eight positions.
func turned(s []float64, turn int) []float64 {
	out := make([]float64, len(s))
	for y := range grid {
		for x := range grid {
			a, b := x, y
			if turn&1 != 0 {
				a = grid - 1 - a
			}
			if turn&2 != 0 {
				b = grid - 1 - b
			}
			if turn&4 != 0 {
				a, b = b, a
			}
			out[y*grid+x] = s[b*grid+a]
		}
	}
	return out
}

// correlation is Pearson's; plain is true where one side has hardly any
// contrast (less than 8 levels of standard deviation).
func correlation(a, b []float64) (r float64, plain bool) {
	var ma, mb, ab, aa, bb float64
	for i := range a {
		ma, mb = ma+a[i]/float64(len(a)), mb+b[i]/float64(len(b))
	}
	for i := range a {
		ab, aa, bb = ab+(a[i]-ma)*(b[i]-mb), aa+(a[i]-ma)*(a[i]-ma), bb+(b[i]-mb)*(b[i]-mb)
	}
	n := float64(len(a))
	if aa/n < 64 || bb/n < 64 {
		return 0, true
	}
	return ab / math.Sqrt(aa*bb), false
}
