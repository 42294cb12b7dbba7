// Package grid finds the grid of 8 by 8 blocks that JPEG leaves in a picture,
// and the parts of the picture that have another one, or none where there
// should be one: what was pasted from another file lies on that file's grid,
// what was painted or generated has never been on any.
//
// It follows ZERO (Nikoukhah, Anger, Colom, Morel and Grompone von Gioi, "ZERO:
// a Local JPEG Grid Origin Detector Based on the Number of DCT Zeros and its
// Applications in Image Forensics", Image Processing On Line 11, 2021, pp.
// 396-433, doi:10.5201/ipol.2021.390): each 8 by 8 cell of the picture votes
// for the grid whose window has the most DCT coefficients of 0, and a vote is
// by chance for any of the 64 grids. What is ours: the chance is at least what
// the rest of the picture shows, a grid that is also found elsewhere is the
// picture's own past and not a foreign one, and the missing grid is judged by
// what a second compression on it would change.
package grid

import (
	"context"
	"image"
	"math"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/trace/chance"
	"github.com/evenhand/evenhand/screening/trace/dct"
)

// Origin is where a grid's blocks begin, 0 to 7 pixels from the upright
// picture's left and top.
type Origin struct{ X, Y int }

func origin(g int) Origin { return Origin{g % dct.Side, g / dct.Side} }

// Area is a part of the picture whose grid is not the picture's.
type Area struct {
	// Part is in fractions of the upright picture.
	X, Y, Width, Height float64
	// Foreign is the grid found there.
	Foreign Origin
	// Voting cells in the area, and how many of them are odd.
	Voting, Odd int
	// LogNFA is log10 of the expected number of such areas by chance, in the
	// whole picture.
	LogNFA float64
}

// Result is what was found in one picture.
type Result struct {
	// Cells looked at, Voting those with an opinion.
	Cells, Voting int
	// Main is the grid most cells vote for; nil where no grid has significantly
	// many. Votes are those for it, LogNFA the chance of as many.
	Main   *Origin
	Votes  int
	LogNFA float64
	Areas  []Area
	// Share of the voting cells that lie in Areas.
	Share float64
}

// Look examines one picture. A picture that was reduced while it was decoded,
// or is too small, gives the zero Result: its pixels are not the file's. The
// error is ctx's.
func Look(ctx context.Context, p *imaging.Picture) (Result, error) {
	size := p.Stored.Bounds().Size()
	if p.Orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	if size.X != p.Width || size.Y != p.Height {
		return Result{}, nil
	}
	r := newRaster(p.Width, p.Height)
	if len(r.vote) == 0 {
		return Result{}, nil
	}
	if err := r.poll(ctx, p); err != nil {
		return Result{}, err
	}
	out := Result{Cells: len(r.vote), LogNFA: math.Log10(dct.Side * dct.Side)}
	var votes [dct.Side * dct.Side]int
	for _, v := range r.vote {
		if v != none {
			votes[v]++
			out.Voting++
		}
	}
	main := 0
	for g, n := range votes {
		if n > votes[main] {
			main = g
		}
	}
	out.LogNFA += chance.Binomial(out.Voting, votes[main], 1.0/(dct.Side*dct.Side))
	if out.LogNFA >= mainLogNFA {
		return out, nil
	}
	o := origin(main)
	out.Main, out.Votes = &o, votes[main]
	out.foreign(r, main, ownGrid(p))
	return out, nil
}

// mainLogNFA is what the picture's own grid must have.
const mainLogNFA = -2

// ownGrid is the grid of the file's own compression, none where it has no such
// thing. It is wherever the last compression left it, and foreign nowhere.
func ownGrid(p *imaging.Picture) int {
	if p.Format != "jpeg" {
		return none
	}
	x, y := 0, 0
	switch p.Orientation { // as imaging turns pictures upright
	case 2, 3, 6, 7:
		x = p.Width % dct.Side
	}
	switch p.Orientation {
	case 3, 4, 7, 8:
		y = p.Height % dct.Side
	}
	return y*dct.Side + x
}

// foreign looks for areas of each other grid.
func (out *Result) foreign(r *raster, main, own int) {
	for g := range dct.Side * dct.Side {
		if g == main || g == own {
			continue
		}
		c := chance.NewRaster(r.wide, r.high, r.reach())
		for at, v := range r.vote {
			if v != none {
				c.Trials[at] = 1
			}
			if int(v) == g {
				c.Odd[at] = 1
			}
		}
		o := origin(g)
		areas, _ := c.Search(1.0/(dct.Side*dct.Side), math.Log10(dct.Side*dct.Side))
		for _, a := range areas {
			out.add(r, a, o)
		}
	}
}

func (out *Result) add(r *raster, a chance.Area, o Origin) {
	w, h := float64(r.size.X), float64(r.size.Y)
	from, to := r.pixels(a.Box.Min.X, a.Box.Min.Y), r.pixels(a.Box.Max.X-1, a.Box.Max.Y-1)
	area := image.Rectangle{Min: from.Min, Max: to.Max}
	out.Areas = append(out.Areas, Area{
		X: float64(area.Min.X) / w, Y: float64(area.Min.Y) / h, Width: float64(area.Dx()) / w, Height: float64(area.Dy()) / h,
		Foreign: o, Voting: a.Trials, Odd: a.Odd, LogNFA: a.LogNFA,
	})
	out.Share += float64(a.Trials) / float64(max(1, out.Voting))
}
