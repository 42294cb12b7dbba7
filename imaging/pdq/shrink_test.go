package pdq

import (
	"math"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"pgregory.net/rapid"
)

// averageTwice smooths v twice with the moving average, straight from its
// definition.
func averageTwice(v []float64, window int) []float64 {
	for range 2 {
		out := make([]float64, len(v))
		for o := range out {
			var sum, n float64
			for k := o - (window-1)/2; k <= o+window/2; k++ {
				if k >= 0 && k < len(v) {
					sum, n = sum+v[k], n+1
				}
			}
			out[o] = sum / n
		}
		v = out
	}
	return v
}

// TestThumbnailIsFilteredAndSampled compares the folded weights with filtering
// every pixel and throwing most away.
func TestThumbnailIsFilteredAndSampled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(smallest, 200).Draw(t, "w"), rapid.IntRange(smallest, 200).Draw(t, "h")
		// Columns times rows: separable, so one axis at a time says it all.
		level := rapid.Float64Range(0, 1)
		columns := rapid.SliceOfN(level, w, w).Draw(t, "columns")
		rows := rapid.SliceOfN(level, h, h).Draw(t, "rows")
		p := imaging.NewPlane(w, h)
		for y := range rows {
			for x := range columns {
				p.Row(y)[x] = float32(255 * columns[x] * rows[y])
			}
		}
		got := reduce(planeSource{p}, 1)
		columns, rows = averageTwice(columns, (w+127)/128), averageTwice(rows, (h+127)/128)
		for i := range got {
			for j, v := range got[i] {
				y, x := int((float64(i)+0.5)*float64(h)/64), int((float64(j)+0.5)*float64(w)/64)
				if want := 255 * columns[x] * rows[y]; math.Abs(float64(v)-want) > 1e-3 {
					t.Fatalf("sample %d,%d is %v, want %v", i, j, v, want)
				}
			}
		}
	})
}
