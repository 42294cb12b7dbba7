package angle

// What is asked of other places on the same goods.
const (
	otherPlaces  = 16
	otherTries   = 60   // places tried to find them
	otherBlocks  = 100  // of one such place
	otherLargest = 0.10 // of the picture's longer side: their size at most
)

// elsewhere looks at places of b's size on the rest of what both pictures
// show, and returns the largest enclosed absence of each. Goods with deep relief,
// repeated patterns or a shine lack something everywhere: then a place that
// does so says nothing.
func (p *Pair) elsewhere(b box) (areas []float64) {
	most := otherLargest * float64(max(p.a.Width, p.a.Height))
	hx, hy := min(b.x1-b.x0, most)/2, min(b.y1-b.y0, most)/2
	var found []int
	for i := range p.cells {
		if p.cells[i].found {
			found = append(found, i)
		}
	}
	f := p.finenesses()[0]
	// A stride that visits all in an order without order: the golden section.
	stride := int(float64(len(found))*0.6180339887) | 1
	for k := 0; k < min(otherTries, len(found)) && len(areas) < otherPlaces; k++ {
		x, y := p.middle(found[k*stride%len(found)])
		o := box{x - hx, y - hy, x + hx, y + hy}
		if o.x0 < b.x1+patchRadius && o.x1 > b.x0-patchRadius && o.y0 < b.y1+patchRadius && o.y1 > b.y0-patchRadius {
			continue
		}
		s, ok := p.surroundings(o)
		if !ok {
			continue
		}
		t := p.look(f, s, o, otherBlocks)
		if t.structure < leastStructure*leastStructure*float64(t.blocks) {
			continue
		}
		c := p.largestAbsent(f, s.holds, &t, 0, clearAbsence)
		if c.enclosed < leastEnclosed {
			c.area = 0
		}
		areas = append(areas, c.area)
	}
	return areas
}
