package grid

import (
	"context"
	"image"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/trace/dct"
)

const (
	// patch is the side of what the 64 windows of a cell cover, in pixels.
	patch = 2*dct.Side - 1
	// maxCells bounds the work: about 10 microseconds a cell. Of larger pictures
	// every second, third... cell each way is looked at.
	maxCells = 30_000
	// none is the vote of a cell that has no opinion.
	none = -1
)

// raster is the votes of cells of 8 by 8 windows. Cell (i, j) has the windows
// whose top-left pixels are (step*i+dx, step*j+dy), dx and dy from 0 to 7, so
// that every window belongs to one cell and window (dx, dy) to the grid of that
// origin.
type raster struct {
	size       image.Point // of the picture, in pixels
	step       int         // pixels from cell to cell, a multiple of 8
	wide, high int         // cells
	vote       []int8
}

// newRaster lays cells over w by h pixels; wide or high is 0 where the picture
// is too small for one.
func newRaster(w, h int) *raster {
	r := &raster{size: image.Pt(w, h), step: dct.Side}
	for {
		r.wide, r.high = max(0, (w-patch)/r.step+1), max(0, (h-patch)/r.step+1)
		if w < patch || h < patch {
			r.wide, r.high = 0, 0
		}
		if r.wide*r.high <= maxCells {
			break
		}
		r.step += dct.Side
	}
	r.vote = make([]int8, r.wide*r.high)
	return r
}

// reach is how many cells away a cell of the same mind still belongs to the
// same area: ZERO joins within 12 to 16 pixels.
func (r *raster) reach() int { return max(1, 2*dct.Side/r.step) }

// pixels is what a cell's windows cover.
func (r *raster) pixels(i, j int) image.Rectangle {
	return image.Rect(r.step*i, r.step*j, r.step*i+patch, r.step*j+patch)
}

// poll fills in every cell's vote from the picture's luma.
func (r *raster) poll(ctx context.Context, p *imaging.Picture) error {
	var b booth
	for j := range r.high {
		if err := ctx.Err(); err != nil {
			return err
		}
		strip := p.LumaOf(image.Rect(0, r.step*j, p.Width, r.step*j+patch), p.Width, patch)
		for i := range r.wide {
			for y := range patch {
				copy(b.pix[y][:], strip.Row(y)[r.step*i:])
			}
			b.count()
			r.vote[j*r.wide+i] = b.vote()
		}
	}
	return nil
}

// booth is where one cell makes up its mind.
type booth struct {
	pix    [patch][patch]float32
	column [dct.Side][patch]float32   // by horizontal frequency
	zeros  [dct.Side * dct.Side]uint8 // of each window
	void   [dct.Side * dct.Side]bool  // whether the window is constant along an axis
}

// count fills in zeros and void: how many of a window's DCT coefficients other
// than the mean are nothing, and whether all that is left lies along one axis.
// Flat and striped windows have so many zeros anywhere, without any JPEG.
func (b *booth) count() {
	for dx := range dct.Side {
		for y := range patch {
			f := dct.Forward((*dct.Line)(b.pix[y][dx : dx+dct.Side]))
			for u, v := range f {
				b.column[u][y] = v
			}
		}
		for dy := range dct.Side {
			var all, first, top uint32 // zeros; in column 0; in row 0
			var mean uint32
			for u := range dct.Side {
				f := dct.Forward((*dct.Line)(b.column[u][dy : dy+dct.Side]))
				n := dct.Nothing(f[1]) + dct.Nothing(f[2]) + dct.Nothing(f[3]) + dct.Nothing(f[4]) + dct.Nothing(f[5]) + dct.Nothing(f[6]) + dct.Nothing(f[7])
				t := dct.Nothing(f[0])
				top += t
				all += n + t
				if u == 0 {
					first, mean = n+t, t
				}
			}
			g := dy*dct.Side + dx
			b.zeros[g] = uint8(all - mean)
			b.void[g] = all-first == dct.Side*(dct.Side-1) || all-top == dct.Side*(dct.Side-1)
		}
	}
}

// vote is the grid of the one window with the most zeros; none where two have
// as many, or where that window is void. It needs count first.
func (b *booth) vote() int8 {
	best, at, tie := uint8(0), none, true
	for g, z := range b.zeros {
		switch {
		case z > best:
			best, at, tie = z, g, false
		case z == best:
			tie = true
		}
	}
	if tie || b.void[at] {
		return none
	}
	return int8(at)
}
