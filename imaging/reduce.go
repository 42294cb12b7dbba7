package imaging

// This file shrinks rows of samples by exact area average: a target sample is
// the mean of the source area it covers, part-covered source samples counting
// by the covered part. All weights are whole numbers, so that the result is
// the same on every machine and in every order.

// span is where target samples begin along one axis of the source: sample i
// covers the source from edge i to edge i+1, edge i lying at whole[i] +
// part[i]/unit source samples.
type span struct {
	whole []int32
	part  []uint32
	unit  uint32
}

// newSpan cuts a source of num/den samples into n equal parts, of which the
// first have samples source samples to draw from. num/den is not a whole
// number for the chroma of a picture with an odd width.
func newSpan(num, den, n, samples int) span {
	s := span{whole: make([]int32, n+1), part: make([]uint32, n+1)}
	unit := int64(den) * int64(n)
	s.unit = uint32(unit)
	for i := range s.whole {
		at := int64(i) * int64(num)
		w, p := at/unit, at%unit
		if w >= int64(samples) {
			w, p = int64(samples), 0
		}
		s.whole[i], s.part[i] = int32(w), uint32(p)
	}
	return s
}

// reduceRow writes to out[i] the sum of row over part i, in units of a sample
// times 1/s.unit: what lies before the one edge less what lies before the other,
// so that no branch depends on where edges lie. The sum over a row of num/den
// samples is at most 65535*num*n, which fits 64 bits for any picture. before is
// room for one number more than row has.
func reduceRow[T uint8 | uint16](out []uint64, row []T, s span, before []uint64) {
	if len(row) == 0 {
		clear(out)
		return
	}
	before = before[:len(row)+1]
	var sum uint64
	for i, v := range row {
		before[i] = sum
		sum += uint64(v)
	}
	before[len(row)] = sum
	unit, whole, part := uint64(s.unit), s.whole[:len(out)+1], s.part[:len(out)+1]
	last := len(row) - 1 // the edge at the end lies before none and cuts none
	edge := func(i int) uint64 {
		at := int(whole[i])
		return before[at]*unit + uint64(row[min(at, last)])*uint64(part[i])
	}
	from := edge(0)
	for i := range out {
		to := edge(i + 1)
		out[i] = to - from
		from = to
	}
}

// reducePlane averages rows (row(y) gives source row y, valid until the next
// call) over the parts of sx and sy. emit receives each finished target row as
// sums in which a sample counts sx.unit*sy.unit times the area it gives.
func reducePlane[T uint8 | uint16](row func(y int) []T, sx, sy span, emit func(y int, sums []uint64)) {
	line := make([]uint64, len(sx.whole)-1)
	var before []uint64
	reduceRows(func(y int, into []uint64) {
		from := row(y)
		if len(before) <= len(from) {
			before = make([]uint64, len(from)+1)
		}
		reduceRow(into, from, sx, before)
	}, line, sy, emit)
}

// reduceRows is the vertical half: load writes source row y, reduced already,
// into line; emit receives the weighted sums of rows for each part of sy. A
// row on an edge between two parts is loaded once.
func reduceRows(load func(y int, into []uint64), line []uint64, sy span, emit func(y int, sums []uint64)) {
	acc := make([]uint64, len(line))
	loaded := -1
	add := func(y int, weight uint64) {
		if y != loaded {
			load(y, line)
			loaded = y
		}
		to := acc[:len(line)]
		for i, v := range line {
			to[i] += v * weight
		}
	}
	unit := uint64(sy.unit)
	for i := range len(sy.whole) - 1 {
		clear(acc)
		y, part := int(sy.whole[i]), uint64(sy.part[i])
		end, endPart := int(sy.whole[i+1]), uint64(sy.part[i+1])
		if y == end { // both edges within one row
			add(y, endPart-part)
			emit(i, acc)
			continue
		}
		if part > 0 {
			add(y, unit-part)
			y++
		}
		for ; y < end; y++ {
			add(y, unit)
		}
		if endPart > 0 {
			add(end, endPart)
		}
		emit(i, acc)
	}
}
