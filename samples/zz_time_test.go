package samples

import (
	"image"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	for _, p := range Products() {
		s := time.Now()
		ph, err := Take(t.Context(), Listing(p.Name, 3))
		if err != nil {
			t.Error(p.Name, err)
			continue
		}
		t.Log(p.Name, time.Since(s))
		s = time.Now()
		_, err = Take(t.Context(), Claim(p.Name, 3, 1, Damage{}))
		t.Log(" claim", err, time.Since(s))
		s = time.Now()
		_, err = PhotographPrint(t.Context(), image.Image(ph.Image), 4)
		t.Log(" print", err, time.Since(s))
	}
}
