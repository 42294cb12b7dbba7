package chance

import "image"

// Raster is a picture's cells, row by row, each of which may count for a
// question, with so many trials and so many successes.
type Raster struct {
	Wide, High int
	// Reach is how many cells away a success still belongs to the same area.
	Reach       int
	Trials, Odd []uint16
}

// NewRaster makes an empty one.
func NewRaster(wide, high, reach int) *Raster {
	return &Raster{Wide: wide, High: high, Reach: reach, Trials: make([]uint16, wide*high), Odd: make([]uint16, wide*high)}
}

// Area is a rectangle with more successes than chance allows.
type Area struct {
	Box image.Rectangle // in cells
	// Trials and Odd are the sums inside, LogNFA is log10 of the expected number
	// of such areas in the whole raster by chance.
	Trials, Odd int
	LogNFA      float64
}

// fewest is the least number of cells with a success worth a look as an area.
const fewest = 5

// Search finds the areas where successes are more frequent than chance
// allows. The chance of one is at least floor, and at least the rate outside
// of all such areas, with its error; questions is log10 of how many questions
// like this one are asked of the picture, besides its rectangles. rate is the
// chance that the areas were judged by.
func (r *Raster) Search(floor, questions float64) (areas []Area, rate float64) {
	tests := questions + Rectangles(r.Wide, r.High)
	for _, box := range r.groups(floor) {
		n, k := r.sum(box)
		if a := (Area{box, n, k, tests + Binomial(n, k, floor)}); a.LogNFA < 0 {
			areas = append(areas, a)
		}
	}
	if len(areas) == 0 {
		return nil, floor
	}
	n, k := r.outside(areas)
	rate = max(floor, Rate(n, k))
	kept := areas[:0]
	for _, a := range areas {
		if a.LogNFA = tests + Binomial(a.Trials, a.Odd, rate); a.LogNFA < 0 {
			kept = append(kept, a)
		}
	}
	return kept, rate
}

// groups are the bounding boxes of the connected sets of crowded cells, in row
// order of their first cells.
func (r *Raster) groups(floor float64) (boxes []image.Rectangle) {
	seen := r.sparse(floor)
	var queue []int
	for start := range r.Odd {
		if seen[start] {
			continue
		}
		queue = r.flood(seen, append(queue[:0], start))
		if len(queue) < fewest {
			continue
		}
		box := image.Rectangle{}
		for _, at := range queue {
			x, y := at%r.Wide, at/r.Wide
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// dense is how many times the chance successes must be about a cell for it to
// join an area: scattered ones would join up over the whole raster.
const dense = 1.5

// sparse is which cells belong to no area: those without a success, and those
// in whose surroundings successes are no more frequent than chance has it.
func (r *Raster) sparse(floor float64) []bool {
	out := make([]bool, len(r.Odd))
	trials, odd := integral(r.Trials, r.Wide, r.High), integral(r.Odd, r.Wide, r.High)
	for at := range out {
		x, y := at%r.Wide, at/r.Wide
		box := image.Rect(x-r.Reach, y-r.Reach, x+r.Reach+1, y+r.Reach+1).Intersect(image.Rect(0, 0, r.Wide, r.High))
		out[at] = r.Odd[at] == 0 || float64(within(odd, r.Wide, box)) < dense*floor*float64(within(trials, r.Wide, box))
	}
	return out
}

// integral holds the sums of all that lies above and left of each corner.
func integral(v []uint16, wide, high int) []int {
	sums := make([]int, (wide+1)*(high+1))
	for y := range high {
		row := 0
		for x := range wide {
			row += int(v[y*wide+x])
			sums[(y+1)*(wide+1)+x+1] = sums[y*(wide+1)+x+1] + row
		}
	}
	return sums
}

func within(sums []int, wide int, b image.Rectangle) int {
	at := func(x, y int) int { return sums[y*(wide+1)+x] }
	return at(b.Max.X, b.Max.Y) - at(b.Min.X, b.Max.Y) - at(b.Max.X, b.Min.Y) + at(b.Min.X, b.Min.Y)
}

// flood adds to the one cell in queue all that are connected with it.
func (r *Raster) flood(seen []bool, queue []int) []int {
	seen[queue[0]] = true
	for n := 0; n < len(queue); n++ {
		x, y := queue[n]%r.Wide, queue[n]/r.Wide
		for ny := max(0, y-r.Reach); ny <= min(r.High-1, y+r.Reach); ny++ {
			for nx := max(0, x-r.Reach); nx <= min(r.Wide-1, x+r.Reach); nx++ {
				if at := ny*r.Wide + nx; !seen[at] {
					seen[at] = true
					queue = append(queue, at)
				}
			}
		}
	}
	return queue
}

// sum counts trials and successes in box.
func (r *Raster) sum(box image.Rectangle) (n, k int) {
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			n += int(r.Trials[y*r.Wide+x])
			k += int(r.Odd[y*r.Wide+x])
		}
	}
	return n, k
}

// outside counts trials and successes outside of all areas.
func (r *Raster) outside(areas []Area) (n, k int) {
	covered := make([]bool, len(r.Odd))
	for _, a := range areas {
		for y := a.Box.Min.Y; y < a.Box.Max.Y; y++ {
			for x := a.Box.Min.X; x < a.Box.Max.X; x++ {
				covered[y*r.Wide+x] = true
			}
		}
	}
	for at, c := range covered {
		if !c {
			n += int(r.Trials[at])
			k += int(r.Odd[at])
		}
	}
	return n, k
}
