// Package quant finds parts of a JPEG that were compressed once where the rest
// was compressed twice. A first compression with coarser steps leaves, after a
// second on the same grid with finer ones, coefficients that cannot occur: with
// steps of 5 and then 2, a multiple of 5 is never stored as 1 or 4. Where such
// values do occur, something was drawn, pasted or generated between the two.
//
// The effect is that of Lukáš and Fridrich, "Estimation of Primary Quantization
// Matrix in Double Compressed JPEG Images", DFRWS 2003, localised as in Bianchi
// and Piva, "Image Forgery Localization via Block-Grained Analysis of JPEG
// Artifacts", IEEE TIFS 7(3), 2012; the test on forbidden values and its bound
// are ours.
package quant

import (
	"context"
	"image"
	"math"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/jpeg"
	"github.com/evenhand/evenhand/screening/trace/chance"
	"github.com/evenhand/evenhand/screening/trace/dct"
)

// Area is a part of the picture with values that the rest forbids.
type Area struct {
	// In fractions of the upright picture.
	X, Y, Width, Height float64
	// Values that could be told apart, and those that are forbidden.
	Values, Forbidden int
	LogNFA            float64
}

// Result is what was found in one file.
type Result struct {
	// Blocks looked at.
	Blocks int
	// Steps is the first compression's step of each frequency, in natural
	// order; 0 where none is seen.
	Steps [64]int
	// Known is how many frequencies have one.
	Known int
	// Rate is the share of forbidden values that the areas were judged by.
	Rate  float64
	Areas []Area
	// Share of the blocks that lie in Areas.
	Share float64
}

const (
	// most is the largest quantised value looked at.
	most = 120
	// slack is how far from its place a value may be pushed by rounding to
	// pixels and through RGB, in coefficient units: nearly three standard deviations.
	slack = 1.2
	// maxBlocks bounds the work; of larger pictures every second block each
	// way is looked at.
	maxBlocks = 60_000
	// glance is how many blocks are looked at before the others are.
	glance = 4_000
	// joined is how many blocks from one with a forbidden value to the next in
	// the same area.
	joined = 3
	// fewestExpected is how many forbidden values a frequency must be expected
	// to show, were it compressed once, before their absence means anything.
	fewestExpected = 40
	// leftOver is the largest share of these that may be there after all.
	leftOver = 0.25
)

// Look examines one file; p is what data decodes to. In a lossless file, which
// was never compressed a second time, blocks begin at at, where an earlier JPEG
// left its grid (package grid tells), and nil where none is seen. Other files,
// pictures reduced while decoding and damaged ones give the zero Result. The
// error is ctx's.
func Look(ctx context.Context, data []byte, p *imaging.Picture, at *image.Point) (Result, error) {
	size := p.Stored.Bounds().Size()
	if p.Partial || size.X*size.Y != p.Width*p.Height {
		return Result{}, nil
	}
	table, from := tableOf(data, p, at)
	if table == nil {
		return Result{}, nil
	}
	s := newSheet(size, from)
	out := Result{Blocks: len(s.void)}
	var forbidden [64][most + 1]bool
	// Most photos were compressed once, and a few thousand blocks tell that.
	apart := max(1, len(s.void)/glance)
	for part := range min(2, apart) {
		if err := s.fill(ctx, p.Stored, table, apart, part == 0); err != nil {
			return Result{}, err
		}
		out.Known = 0
		for f := 1; f < 64; f++ {
			if out.Steps[f] = s.first(f, int(table[f]), &forbidden[f]); out.Steps[f] > 0 {
				out.Known++
			}
		}
		if out.Known == 0 {
			return out, nil
		}
	}
	out.search(s, &forbidden, p.Orientation)
	return out, nil
}

// tableOf is the table of the file's last compression and where its blocks
// begin. A lossless file stores what the pixels hold, in steps of 1.
func tableOf(data []byte, p *imaging.Picture, at *image.Point) (table *[64]uint16, from image.Point) {
	switch p.Format {
	case "jpeg":
		if header, err := jpeg.ReadHeader(data); err == nil {
			return header.Quant(0), from
		}
	case "png", "bmp", "tiff":
		if at != nil && p.Orientation <= 1 {
			table = new([64]uint16)
			for f := range table {
				table[f] = 1
			}
			return table, *at
		}
	}
	return nil, from
}

// sheet is a picture's quantised coefficients, without their signs.
type sheet struct {
	size, from image.Point // of the picture; of its first block
	step       int         // blocks from one that is looked at to the next
	wide, high int
	values     []uint8 // 64 a block, natural order
	void       []bool  // blocks with clipped pixels
	histogram  [64][most + 1]int
}

func newSheet(size, from image.Point) *sheet {
	s := &sheet{size: size, from: from, step: 1}
	for {
		blocks := size.Sub(from).Div(dct.Side)
		s.wide, s.high = (max(0, blocks.X)+s.step-1)/s.step, (max(0, blocks.Y)+s.step-1)/s.step
		if s.wide*s.high <= maxBlocks {
			break
		}
		s.step++
	}
	s.values, s.void = make([]uint8, 64*s.wide*s.high), make([]bool, s.wide*s.high)
	return s
}

// strewn is how far the sample of one row of blocks lies from that of the next.
const strewn = 3

// fill takes the transform of blocks again: of what a decoder made of the file,
// which is all that an upright picture still has, and which comes out at the
// stored values to within rounding. It takes one in apart, strewn over the
// picture, or all the others.
func (s *sheet) fill(ctx context.Context, m image.Image, table *[64]uint16, apart int, sample bool) error {
	var scale [64]float32
	for f, q := range table {
		scale[f] = 1 / float32(max(1, q))
	}
	for j := range s.high {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range s.wide {
			at := j*s.wide + i
			if ((i+strewn*j)%apart == 0) != sample {
				continue
			}
			b, ok := samples(m, s.from.X+i*s.step*dct.Side, s.from.Y+j*s.step*dct.Side)
			if s.void[at] = !ok; !ok {
				continue
			}
			b = b.Both(dct.Forward)
			out := s.values[64*at : 64*at+64]
			for f := range out {
				// Without its sign, and without a branch, which noise would mislead.
				v := math.Float32frombits(math.Float32bits(b[f/8][f%8]*scale[f]) &^ (1 << 31))
				k := uint8(min(255, int32(v+0.5)))
				out[f] = k
				if k <= most {
					s.histogram[f][k]++
				}
			}
		}
	}
	return nil
}

// first is the step of frequency f in a first compression, given that of the
// last; 0 where none is seen. forbidden receives the values that it rules out.
func (s *sheet) first(f, last int, forbidden *[most + 1]bool) int {
	h := &s.histogram[f]
	n, sum := 0, 0
	for k := 1; k <= most; k++ {
		n += h[k]
		sum += k * h[k]
	}
	if n < 2*fewestExpected {
		return 0
	}
	// Coefficients are about Laplacian (Reininger and Gibson, IEEE Trans.
	// Commun. 31(6), 1983): values fall by the same factor from one to the next.
	fall := 1 - float64(n)/float64(sum)
	var expected [most + 1]float64
	for k, e := 1, float64(n)*(1-fall); k <= most; k++ {
		expected[k] = e
		e *= fall
	}
	best, step, reach := 0.0, 0, farthest(last)
	for first := last + 1; first <= min(255, last*most/2); first++ {
		var want, have float64
		rest := 0 // what the value is more than a multiple of first
		for k := 1; k <= most; k++ {
			if rest += last; rest >= first {
				rest -= first
			}
			if off := min(rest, first-rest); off > reach {
				want += expected[k]
				have += float64(h[k])
			}
		}
		if score := want - have/leftOver; want >= fewestExpected && score > best {
			best, step = score, first
		}
	}
	for k := 1; k <= most; k++ {
		forbidden[k] = step > 0 && rulesOut(step, last, k)
	}
	return step
}

// rulesOut is whether no multiple of first can be stored as k steps of last.
func rulesOut(first, last, k int) bool {
	rest := k * last % first
	return min(rest, first-rest) > farthest(last)
}

// farthest is how many units the multiple of a first step that is stored as so
// many steps of last lies from these at most.
func farthest(last int) int { return int(float64(last)/2 + slack) }

// search finds the areas with forbidden values.
func (out *Result) search(s *sheet, forbidden *[64][most + 1]bool, orientation int) {
	c := chance.NewRaster(s.wide, s.high, (joined+s.step-1)/s.step)
	for at := range s.void {
		if s.void[at] {
			continue
		}
		for f, k := range s.values[64*at : 64*at+64] {
			if out.Steps[f] == 0 || k == 0 || k > most {
				continue
			}
			c.Trials[at]++
			if forbidden[f][k] {
				c.Odd[at]++
			}
		}
	}
	areas, rate := c.Search(floor, 0)
	out.Rate = rate
	for _, a := range areas {
		out.add(s, a, orientation)
		out.Share += float64(a.Box.Dx()*a.Box.Dy()) / float64(len(s.void))
	}
}

// floor is the least share of values taken to be forbidden by chance. Where
// nothing was changed it is 0.03 or less as a rule, and more where texture is
// fine and the steps of both compressions lie close together.
const floor = 0.12

func (out *Result) add(s *sheet, a chance.Area, orientation int) {
	place := func(p image.Point) (x, y float64) {
		p = p.Mul(s.step * dct.Side).Add(s.from)
		return min(1, float64(p.X)/float64(s.size.X)), min(1, float64(p.Y)/float64(s.size.Y))
	}
	x0, y0 := place(a.Box.Min)
	x1, y1 := place(a.Box.Max)
	x0, y0 = imaging.Upright(x0, y0, orientation)
	x1, y1 = imaging.Upright(x1, y1, orientation)
	out.Areas = append(out.Areas, Area{
		X: min(x0, x1), Y: min(y0, y1), Width: math.Abs(x1 - x0), Height: math.Abs(y1 - y0),
		Values: a.Trials, Forbidden: a.Odd, LogNFA: a.LogNFA,
	})
}
