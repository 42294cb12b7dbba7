package samples

import (
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
)

// Primitives of drawn graphics. Characters are made up: strokes on a square,
// as dense as Chinese print, because the Go fonts have none.

func alphaOf(opacity float64) color.Alpha {
	return color.Alpha{A: uint8(255*clamp(opacity, 0, 1) + 0.5)}
}

// Weights of made-up characters: stroke width in ems.
const (
	light = 0.06
	heavy = 0.10
)

// signs sets n made-up characters from (x, y), the first one's upper left, and
// returns where the next would stand.
func (a *artwork) signs(r *rand.Rand, n int, x, y, size, weight float64, hex uint32) float64 {
	for range n {
		a.sign(r, x, y, size, weight, hex)
		x += size * 1.04
	}
	return x
}

// sign draws one made-up character: levels and uprights, perhaps a box, perhaps
// sweeping strokes.
func (a *artwork) sign(r *rand.Rand, x, y, size, weight float64, hex uint32) {
	in := size * 0.92
	at := func(u, v float64) (float64, float64) { return x + u*in, y + v*in }
	line := func(u1, v1, u2, v2 float64) {
		x1, y1 := at(u1, v1)
		x2, y2 := at(u2, v2)
		a.bar(x1, y1, x2, y2, size*weight, hex)
	}
	levels := 2 + r.IntN(3)
	for i := range levels {
		v := 0.1 + 0.8*float64(i)/float64(max(levels-1, 1))
		line(0.05+0.2*r.Float64(), v, 0.75+0.2*r.Float64(), v)
	}
	for range 1 + r.IntN(3) {
		u := 0.15 + 0.7*r.Float64()
		line(u, 0.05+0.3*r.Float64(), u, 0.6+0.35*r.Float64())
	}
	switch r.IntN(4) {
	case 0:
		line(0.5, 0.45, 0.05, 0.95)
		line(0.5, 0.45, 0.95, 0.95)
	case 1:
		for _, e := range [4][4]float64{{0.2, 0.3, 0.8, 0.3}, {0.2, 0.7, 0.8, 0.7}, {0.2, 0.3, 0.2, 0.7}, {0.8, 0.3, 0.8, 0.7}} {
			line(e[0], e[1], e[2], e[3])
		}
	case 2:
		line(0.15, 0.1, 0.3, 0.25)
		line(0.9, 0.55, 0.6, 0.9)
	}
}

// bar is a straight stroke with square ends.
func (a *artwork) bar(x1, y1, x2, y2, width float64, hex uint32) {
	l := hypot(x2-x1, y2-y1)
	if l == 0 {
		return
	}
	nx, ny := -(y2-y1)/l*width/2, (x2-x1)/l*width/2
	a.shape(hex, x1+nx, y1+ny, x2+nx, y2+ny, x2-nx, y2-ny, x1-nx, y1-ny)
}

// box is an outline of the given line width.
func (a *artwork) box(x, y, w, h, line float64, hex uint32) {
	a.rect(x, y, w, line, hex)
	a.rect(x, y+h-line, w, line, hex)
	a.rect(x, y, line, h, hex)
	a.rect(x+w-line, y, line, h, hex)
}

// bars draws a bar code: black and white in runs of one to four modules, after
// Code 128's eleven-module characters.
func (a *artwork) bars(r *rand.Rand, x, y, w, h float64, hex uint32) {
	module := w / 145
	for at := 0.0; at < w; {
		wide := float64(1+r.IntN(4)) * module
		a.shape(hex, x+at, y, min(x+at+wide, x+w), y, min(x+at+wide, x+w), y+h, x+at, y+h)
		at += wide + float64(1+r.IntN(4))*module
	}
}

// square draws a square code of n×n modules with three finder marks.
func (a *artwork) square(r *rand.Rand, x, y, side float64, n int, hex uint32) {
	m := side / float64(n)
	a.rect(x-2*m, y-2*m, side+4*m, side+4*m, 0xffffff)
	corner := func(i, j int) bool { return (i < 8 || i >= n-8) && j < 8 || i < 8 && j >= n-8 }
	for j := range n {
		for i := range n {
			if !corner(i, j) && r.Uint64()&1 == 0 {
				u, v := x+m*float64(i), y+m*float64(j)
				a.shape(hex, u, v, u+m, v, u+m, v+m, u, v+m)
			}
		}
	}
	for _, c := range [3][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		u, v := x+m*float64(c[0]), y+m*float64(c[1])
		a.rect(u, v, 7*m, 7*m, hex)
		a.rect(u+m, v+m, 5*m, 5*m, 0xffffff)
		a.rect(u+2*m, v+2*m, 3*m, 3*m, hex)
	}
}

// logo is a made-up brand: a mark, and its name.
func (d *design) logo(x, y, size float64, hex uint32) {
	switch d.fixed.IntN(3) {
	case 0:
		d.round(x+size/2, y+size/2, size/2, size/2, 0, hex)
		d.round(x+size/2, y+size/2, size*0.28, size*0.28, 0, 0xffffff)
		d.rect(x+size*0.42, y+size*0.1, size*0.16, size*0.8, hex)
	case 1:
		d.shape(hex, x, y+size, x+size*0.5, y, x+size, y+size)
		d.shape(0xffffff, x+size*0.3, y+size*0.8, x+size*0.5, y+size*0.4, x+size*0.7, y+size*0.8)
	default:
		d.rect(x, y, size, size, hex)
		d.leaf(x+size*0.15, y+size*0.85, size*0.9, size*0.3, -45, 0xffffff)
	}
	names := []string{"SWIFTPOST", "Yunda+", "NORTHLINE", "goodmark", "PANDA BOX", "Lumen", "ORCHARD", "ZIPPO STO"}
	d.text(names[d.fixed.IntN(len(names))], x+size*1.2, y+size*0.8, size*0.75, 0, bold, hex)
}

// digits is a number of n digits from r.
func digits(r *rand.Rand, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte('0' + r.IntN(10))
	}
	return string(out)
}

// price is an amount as shops write it.
func price(r *rand.Rand) string {
	return fmt.Sprintf("%.2f", math.Floor(between(r, 5, 400)*10)/10)
}

// clock and date are when a picture says it was made.
func clock(r *rand.Rand) string { return fmt.Sprintf("%02d:%02d", 7+r.IntN(15), r.IntN(60)) }

func date(r *rand.Rand) string {
	return fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))
}
