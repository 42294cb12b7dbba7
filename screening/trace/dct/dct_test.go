package dct

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTransform: Forward is the orthonormal DCT by its definition (T.81,
// A.3.3), and Inverse undoes it.
func TestTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		var a Line
		for i := range a {
			a[i] = float32(r.IntN(256))
		}
		got := Forward(&a)
		for k := range a {
			want := 0.0
			for i, v := range a {
				want += float64(v) * math.Cos(float64(2*i+1)*float64(k)*math.Pi/16) / 2
			}
			if k == 0 {
				want /= math.Sqrt2
			}
			if math.Abs(float64(got[k])-want) > 1e-3 {
				t.Fatalf("coefficient %d is %v, want %v", k, got[k], want)
			}
		}
		back := Inverse(&got)
		for i := range a {
			if math.Abs(float64(back[i]-a[i])) > 1e-3 {
				t.Fatalf("sample %d comes back as %v, want %v", i, back[i], a[i])
			}
		}
	}
}
