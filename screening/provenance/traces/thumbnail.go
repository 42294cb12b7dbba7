package traces

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/jpeg"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/text"
)

// unlike is the correlation below which a thumbnail shows something else.
// Recropping by a tenth leaves 0.7 and more on photos; other pictures lie
// around 0, seldom above 0.4.
const unlike = 0.4

// oddThumbnail compares the camera's small preview with the picture. Editors
// that do not know of the preview leave the old one.
//
// Why weak: honest people write on pictures too, draw a circle around the
// damage, add the date with a camera app, and their editors leave the preview.
func oddThumbnail(e *meta.EXIF, p *imaging.Picture) (Contradiction, bool) {
	if p.Partial {
		return Contradiction{}, false
	}
	c, ok := compareThumbnail(e.Thumbnail, p)
	switch {
	case !ok:
		return Contradiction{}, false
	case c.like < unlike && c.cropped:
		return Contradiction{What: "cropped_since", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
			EN: "The small preview that the camera stored in the file shows more than the picture does: it was cropped later. Honest people crop too.",
			ZH: "相机存入文件的缩略图画面比正图更大：图片后来被裁剪过。普通用户也会裁剪。",
		}, Measured: map[string]float64{"likeness": c.like}}, true
	case c.like < unlike:
		return Contradiction{What: "thumbnail_unlike", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
			EN: fmt.Sprintf("The small preview that the camera stored in the file shows another picture than the file does (likeness %.2f of 1). The picture was changed heavily or cropped to a small part, or its metadata was copied from another photo.", c.like),
			ZH: fmt.Sprintf("相机存入文件的缩略图与正图不是同一画面（相似度 %.2f，满分 1）。图片曾被大幅改动或只裁留一小部分，或其元数据取自另一张照片。", c.like),
		}, Measured: map[string]float64{"likeness": c.like}}, true
	case len(c.regions) > 0:
		return Contradiction{What: "thumbnail_differs_in_part", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
			EN: "The small preview that the camera stored in the file agrees with the picture but for the marked places: what is seen there now was not there when the preview was made. Something was painted, stamped or erased later. Circles, arrows, dates and blurred names do that too: look at the places, and ask for the photo as it was taken.",
			ZH: "相机存入文件的缩略图与正图一致，但标出的部位除外：那里现在的内容在生成缩略图时并不存在，是后来绘制、加印或抹除的。画圈、箭头、时间水印、遮挡姓名也会如此，请查看标出部位，并请买家提供未修改的原图。",
		}, Measured: map[string]float64{"likeness": c.like, "places": float64(len(c.regions)), "differing_share": c.share}, Regions: c.regions}, true
	}
	return Contradiction{}, false
}

// grid is the side of the small squares that are compared.
const grid = 24

// comparison is what a preview tells of its picture.
type comparison struct {
	like    float64 // correlation of luma as a whole, -1 to 1
	cropped bool    // unlike as a whole, but it is a part of the preview
	regions []evidence.Region
	share   float64 // of the picture, that differs
}

// pose is a way a preview may honestly show a picture: turned, with bars where
// its shape is another, or cut at the picture's sides for the same reason.
type pose struct {
	turn   int
	mx, my float64 // bars, as shares of the preview's width and height
	sx, sy float64 // what is cut of the picture, likewise
}

// compareThumbnail compares the two as wholes over the poses and, where they
// agree, part by part in the best one. ok is false where there is nothing to
// compare: no preview, or a picture so plain that noise decides.
func compareThumbnail(thumb []byte, p *imaging.Picture) (c comparison, ok bool) {
	conf, err := stdjpeg.DecodeConfig(bytes.NewReader(thumb))
	if err != nil || conf.Width*conf.Height > 1<<20 || p.Stored == nil || p.Stored.Bounds().Empty() {
		return c, false
	}
	if _, err := jpeg.CheckWork(thumb); err != nil {
		return c, false
	}
	small, err := stdjpeg.Decode(bytes.NewReader(thumb))
	if err != nil {
		return c, false
	}
	preview, shown := grey(small), grey(p.Stored)
	best, like, ok := bestPose(preview, shown)
	if ok && like < unlike {
		return comparison{like: like, cropped: cropped(preview, shown) >= wasCropped}, true
	}
	if !ok || like < fits {
		return comparison{like: like}, ok
	}
	c.like = like
	c.regions, c.share = differing(preview, shown, best, p.Orientation)
	return c, true
}

func bestPose(preview, shown view) (best pose, like float64, ok bool) {
	like = -1
	whole, full := square(shown, 0, 0), square(preview, 0, 0)
	mx, my := bars(preview, shown)
	for i, small := range [][]float64{full, square(preview, mx, my), full} {
		for turn := range 8 {
			at, compared := pose{turn: turn}, whole
			switch i {
			case 1:
				at.mx, at.my = mx, my
			case 2: // the bars' share of the preview is what is cut of the picture, of the other side
				if at.sx, at.sy = my, mx; turn&4 != 0 {
					at.sx, at.sy = mx, my
				}
				if at.sx+at.sy < 0.01 {
					continue
				}
				compared = square(shown, at.sx, at.sy)
			}
			r, plain := correlation(compared, turned(small, turn))
			if plain {
				return best, 0, false
			}
			if r > like {
				best, like = at, r
			}
		}
	}
	return best, like, true
}

// differing lists the places where the picture shows something else than its
// preview, with the share of the picture they take.
func differing(preview, shown view, at pose, orientation int) ([]evidence.Region, float64) {
	w := int(math.Round(float64(preview.width) * (1 - 2*at.mx)))
	h := int(math.Round(float64(preview.height) * (1 - 2*at.my)))
	if min(w, h) < 48 || max(w, h) > largestPreview {
		return nil, 0
	}
	before := cells(preview, at.mx, at.my, w, h, 1).turn(at.turn)
	if before.w > shown.width || before.h > shown.height {
		return nil, 0
	}
	looks := max(1, min(3, shown.width/(2*before.w)))
	now, straight := matched(cells(shown, at.sx, at.sy, 2*before.w, 2*before.h, looks), before)
	if !straight {
		return nil, 0
	}
	odd := oddness(before, now)
	boxes, share := odd.places()
	if share > mostArea || agreement(before, now, odd) < agrees {
		return nil, 0
	}
	var out []evidence.Region
	fraction := func(v, n int, cut float64) float64 { return cut + (1-2*cut)*float64(v)/float64(n) }
	for _, b := range boxes {
		out = append(out, upright(fraction(b.Min.X, before.w, at.sx), fraction(b.Min.Y, before.h, at.sy),
			fraction(b.Max.X, before.w, at.sx), fraction(b.Max.Y, before.h, at.sy), orientation))
	}
	return out, share
}

// looks is how many samples a side are taken of one small square: enough for a
// preview's likeness, and few enough for a picture of a hundred megapixels.
const looks = 8

// view is a picture's luma by place; turns do not matter here, since all eight
// are tried.
type view struct {
	width, height int
	at            func(x, y int) float64 // 0 to 255
	row           func(y int) []uint8    // the same, where rows of bytes are kept; else nil
}

// add adds what v shows in row y at the columns xs, looks of them to a sum.
func (v view) add(sums []float64, xs []int, y, looks int) {
	if v.row == nil {
		for i, x := range xs {
			sums[i/looks] += v.at(x, y)
		}
		return
	}
	row := v.row(y)
	for i := range sums {
		whole := 0
		for _, x := range xs[i*looks : (i+1)*looks] {
			whole += int(row[x])
		}
		sums[i] += float64(whole)
	}
}

func grey(m image.Image) view {
	b := m.Bounds()
	v := view{width: b.Dx(), height: b.Dy()}
	if c, ok := m.(*image.YCbCr); ok {
		v.row = func(y int) []uint8 { return c.Y[c.YOffset(b.Min.X, b.Min.Y+y):][:b.Dx()] }
		v.at = func(x, y int) float64 { return float64(v.row(y)[x]) }
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
	return cells(v, mx, my, grid, grid, looks).pix
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
