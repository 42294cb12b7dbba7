package pdq

// side is the width and height of the thumbnail that the hash is taken from.
const side = 64

// thumbnail is the picture smoothed and brought down to 64 x 64 luma samples,
// 0 to 255, indexed [row][column].
type thumbnail [side][side]float32

// taps says how one thumbnail sample is mixed from a run of source samples
// along one axis: sum of weight[k]·source[start+k]. Weights sum to 1.
type taps struct {
	start  int
	weight []float32
}

// axisTaps returns the 64 mixes of an axis of n samples. The paper smooths
// along the axis twice with a moving average (a "Jarosz filter") and then
// keeps 64 of the n samples. Both are linear and the two axes commute, so the
// samples that are thrown away need never be computed: what is left of the
// filter is a short run of weights, nearly a triangle, around each kept one.
// The runs cover the axis about once, which makes the whole reduction cost
// about one multiplication a pixel.
func axisTaps(n int) [side]taps {
	var all [side]taps
	window := (n + 2*side - 1) / (2 * side)
	for i := range all {
		kept := (2*i + 1) * n / (2 * side) // floor((i + 1/2)·n/64)
		first, last := averaged(kept, window, n)
		start, _ := averaged(first, window, n)
		_, end := averaged(last, window, n)
		weight := make([]float64, end-start+1)
		for m := first; m <= last; m++ {
			from, to := averaged(m, window, n)
			share := 1 / float64((last-first+1)*(to-from+1))
			for k := from; k <= to; k++ {
				weight[k-start] += share
			}
		}
		all[i] = taps{start: start, weight: narrow(weight)}
	}
	return all
}

// averaged returns the first and last source sample that the moving average
// at position o takes in. At the ends of the axis the window is cut short and
// the average is over what is left; an even window reaches one sample further
// to the right than to the left.
func averaged(o, window, n int) (first, last int) {
	right := window / 2
	left := window - 1 - right
	return max(o-left, 0), min(o+right, n-1)
}

func narrow(wide []float64) []float32 {
	out := make([]float32, len(wide))
	for i, v := range wide {
		out[i] = float32(v)
	}
	return out
}

// axis says how one side of the stored picture becomes 64 thumbnail samples.
type axis struct {
	// pick lists the samples of the stored picture that are read, in the
	// upright picture's order.
	pick []int
	// mix makes the thumbnail samples of those.
	mix [side]taps
}

// axisOf returns the axis for a side of n samples of which the hash reads
// count, evenly spread; reversed where the upright picture runs the other way.
func axisOf(n, count int, reversed bool) *axis {
	a := &axis{pick: make([]int, count), mix: axisTaps(count)}
	for k := range a.pick {
		a.pick[k] = k * n / count
		if reversed {
			a.pick[k] = n - 1 - a.pick[k]
		}
	}
	return a
}

// source gives the luma of a picture as stored, 0 to 255, where asked.
type source interface {
	size() (width, height int)
	// row puts the luma of row y at columns xs into dst, of the same length.
	row(y int, xs []int, dst []float32)
}

// shrink returns the thumbnail of src. It holds one row of luma at a time.
func shrink(src source, across, down *axis) *thumbnail {
	// Row k goes into every thumbnail row whose run covers it.
	into := make([][]int, len(down.pick))
	for i, t := range down.mix {
		for k := range t.weight {
			into[t.start+k] = append(into[t.start+k], i)
		}
	}
	var out thumbnail
	var mixed [side]float32
	row := make([]float32, len(across.pick))
	for k, users := range into {
		if len(users) == 0 {
			continue
		}
		src.row(down.pick[k], across.pick, row)
		for j := range mixed {
			t := &across.mix[j]
			mixed[j] = dot(t.weight, row[t.start:])
		}
		for _, i := range users {
			w := down.mix[i].weight[k-down.mix[i].start]
			for j, v := range mixed {
				out[i][j] += float32(w * v)
			}
		}
	}
	return &out
}

// dot returns the sum of weight[k]·v[k]. Four partial sums keep the adder
// busy. The conversions around the products forbid the compiler to fuse them
// with the additions, so that every processor arrives at the same bits.
func dot(weight, v []float32) float32 {
	v = v[:len(weight)]
	var s0, s1, s2, s3 float32
	for len(weight) >= 4 && len(v) >= 4 {
		s0 += float32(weight[0] * v[0])
		s1 += float32(weight[1] * v[1])
		s2 += float32(weight[2] * v[2])
		s3 += float32(weight[3] * v[3])
		weight, v = weight[4:], v[4:]
	}
	for k, w := range weight {
		s0 += float32(w * v[k])
	}
	return (s0 + s1) + (s2 + s3)
}
