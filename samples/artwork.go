package samples

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// artwork is a sheet a designer draws: packaging, labels, covers. Coordinates
// are units of the sheet, 1 unit = res pixels.
type artwork struct {
	img *image.RGBA
	res float64
}

func newArtwork(w, h, res float64, ground uint32) *artwork {
	a := &artwork{img: image.NewRGBA(image.Rect(0, 0, int(w*res), int(h*res))), res: res}
	draw.Draw(a.img, a.img.Bounds(), image.NewUniform(hexColor(ground)), image.Point{}, draw.Src)
	return a
}

func hexColor(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// fill paints a path. Only the path's own box (x0, y0 to x1, y1, sheet units)
// is rasterised: artwork has many small shapes.
func (a *artwork) fill(hex uint32, x0, y0, x1, y1 float64, path func(v *vector.Rasterizer, at func(x, y float64) (float32, float32))) {
	box := image.Rect(int(math.Floor(x0*a.res)), int(math.Floor(y0*a.res)), int(math.Ceil(x1*a.res)), int(math.Ceil(y1*a.res)))
	if box = box.Intersect(a.img.Rect); box.Empty() {
		return
	}
	v := vector.NewRasterizer(box.Dx(), box.Dy())
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	path(v, func(x, y float64) (float32, float32) { return float32(x*a.res - ox), float32(y*a.res - oy) })
	v.Draw(a.img, box, image.NewUniform(hexColor(hex)), image.Point{})
}

// rect fills the rectangle from (x, y) of size w, h.
func (a *artwork) rect(x, y, w, h float64, hex uint32) {
	r := image.Rect(int(x*a.res), int(y*a.res), int((x+w)*a.res), int((y+h)*a.res))
	draw.Draw(a.img, r, image.NewUniform(hexColor(hex)), image.Point{}, draw.Src)
}

// shape fills a closed polygon given as x, y, x, y, ...
func (a *artwork) shape(hex uint32, xy ...float64) {
	x0, y0, x1, y1 := xy[0], xy[1], xy[0], xy[1]
	for i := 2; i+1 < len(xy); i += 2 {
		x0, x1 = min(x0, xy[i]), max(x1, xy[i])
		y0, y1 = min(y0, xy[i+1]), max(y1, xy[i+1])
	}
	a.fill(hex, x0, y0, x1, y1, func(v *vector.Rasterizer, at func(x, y float64) (float32, float32)) {
		v.MoveTo(at(xy[0], xy[1]))
		for i := 2; i+1 < len(xy); i += 2 {
			v.LineTo(at(xy[i], xy[i+1]))
		}
		v.ClosePath()
	})
}

// round fills an ellipse, turned by degrees.
func (a *artwork) round(cx, cy, rx, ry, degrees float64, hex uint32) {
	xy := make([]float64, 0, 96)
	s, c := math.Sincos(degrees * math.Pi / 180)
	for i := range 48 {
		sn, cs := math.Sincos(float64(i) * math.Pi / 24)
		xy = append(xy, cx+rx*cs*c-ry*sn*s, cy+rx*cs*s+ry*sn*c)
	}
	a.shape(hex, xy...)
}

// leaf fills a pointed leaf from (x, y), length l, at an angle in degrees.
func (a *artwork) leaf(x, y, l, width, degrees float64, hex uint32) {
	s, c := math.Sincos(degrees * math.Pi / 180)
	p := func(u, v float64) (float64, float64) { return x + u*c - v*s, y + u*s + v*c }
	reach := l + width
	a.fill(hex, x-reach, y-reach, x+reach, y+reach, func(v *vector.Rasterizer, at func(x, y float64) (float32, float32)) {
		v.MoveTo(at(x, y))
		quad := func(u1, v1, u2, v2 float64) {
			bx, by := at(p(u1, v1))
			ex, ey := at(p(u2, v2))
			v.QuadTo(bx, by, ex, ey)
		}
		quad(l*0.45, width, l, 0)
		quad(l*0.45, -width, 0, 0)
		v.ClosePath()
	})
}

// stroke draws an open polyline of the given width.
func (a *artwork) stroke(hex uint32, width float64, xy ...float64) {
	for i := 0; i+3 < len(xy); i += 2 {
		dx, dy := xy[i+2]-xy[i], xy[i+3]-xy[i+1]
		l := hypot(dx, dy)
		if l == 0 {
			continue
		}
		nx, ny := -dy/l*width/2, dx/l*width/2
		a.shape(hex, xy[i]+nx, xy[i+1]+ny, xy[i+2]+nx, xy[i+3]+ny, xy[i+2]-nx, xy[i+3]-ny, xy[i]-nx, xy[i+1]-ny)
		a.round(xy[i], xy[i+1], width/2, width/2, 0, hex)
	}
}

// typeface is one of the Go fonts.
type typeface int

const (
	regular typeface = iota
	bold
	italic
)

// text sets a line with its baseline at y; size is the em in sheet units.
// anchor is 0 for left, 0.5 for centred, 1 for right. The fonts are embedded
// and known good, so failing to parse one is a programming error.
func (a *artwork) text(s string, x, y, size, anchor float64, t typeface, hex uint32) {
	data := [...][]byte{goregular.TTF, gobold.TTF, goitalic.TTF}[t]
	parsed, err := opentype.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("samples: embedded font: %v", err))
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * a.res, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(fmt.Sprintf("samples: embedded font: %v", err))
	}
	d := font.Drawer{Dst: a.img, Src: image.NewUniform(hexColor(hex)), Face: face}
	w := float64(d.MeasureString(s)) / 64
	d.Dot = fixed.Point26_6{X: fixed.Int26_6((x*a.res - anchor*w) * 64), Y: fixed.Int26_6(y * a.res * 64)}
	d.DrawString(s)
}

// barcode draws bars that look like an EAN; they carry no number.
func (a *artwork) barcode(x, y, w, h float64, seed uint32) {
	a.rect(x-0.03*w, y-0.06*h, 1.06*w, 1.3*h, 0xffffff)
	for i := range int32(60) {
		if mix32(i, 0, 0, seed)&1 == 0 {
			a.rect(x+w*float64(i)/60, y, w/60, h, 0x111111)
		}
	}
	a.text("6 901234 567892", x+w/2, y+h*1.18, h*0.2, 0.5, regular, 0x111111)
}

// decal is artwork as ink on a surface: linear light with smaller copies for
// far views (a mipmap), read at fractions of the sheet.
type decal struct{ levels []*frame }

func (a *artwork) decal() *decal { return newDecal(a.img) }

// newDecal takes a picture of at least one pixel.
func newDecal(img image.Image) *decal {
	rgba, ok := img.(*image.RGBA)
	if !ok {
		rgba = toRGBA(img)
	}
	b := rgba.Bounds()
	f := &frame{w: b.Dx(), h: b.Dy(), rgb: make([]float32, 3*b.Dx()*b.Dy())}
	for y := range f.h {
		from := rgba.Pix[y*rgba.Stride:]
		o := f.rgb[3*y*f.w:]
		for x := range f.w {
			o[3*x], o[3*x+1], o[3*x+2] = float32(byteLinear[from[4*x]]), float32(byteLinear[from[4*x+1]]), float32(byteLinear[from[4*x+2]])
		}
	}
	d := &decal{levels: []*frame{f}}
	for f.w > 4 && f.h > 4 {
		f = f.half()
		d.levels = append(d.levels, f)
	}
	return d
}

// half is the frame at half the size, by averaging squares.
func (f *frame) half() *frame {
	h := &frame{w: f.w / 2, h: f.h / 2}
	h.rgb = make([]float32, 3*h.w*h.h)
	for y := range h.h {
		for x := range h.w {
			for ch := range 3 {
				i := 3*(2*y*f.w+2*x) + ch
				h.rgb[3*(y*h.w+x)+ch] = (f.rgb[i] + f.rgb[i+3] + f.rgb[i+3*f.w] + f.rgb[i+3*f.w+3]) / 4
			}
		}
	}
	return h
}

// at reads the ink at fractions (u, v) of the sheet; foot is a pixel's size as
// a fraction of the sheet's width.
func (d *decal) at(u, v, foot float64) vec {
	level := math.Log2(max(foot*float64(d.levels[0].w)*1.1, 1))
	i := min(int(level), len(d.levels)-1)
	a := d.levels[i].ink(u, v)
	if i+1 >= len(d.levels) {
		return a
	}
	return blend(a, d.levels[i+1].ink(u, v), min(level-float64(i), 1))
}

func (f *frame) ink(u, v float64) vec {
	x, y := u*float64(f.w)-0.5, v*float64(f.h)-0.5
	return vec{float64(f.at(x, y, 0)), float64(f.at(x, y, 1)), float64(f.at(x, y, 2))}
}
