package quant

import (
	"math"
	"testing"
)

// TestRulesOut: whole numbers rule out what lies farther from every multiple of
// the first step than half of the last one and slack.
func TestRulesOut(t *testing.T) {
	for first := 1; first <= 255; first++ {
		for last := 1; last < first; last++ {
			for k := 1; k <= most; k++ {
				v := float64(k * last)
				off := math.Abs(v - float64(first)*math.Round(v/float64(first)))
				if want := off > float64(last)/2+slack; rulesOut(first, last, k) != want {
					t.Fatalf("steps of %d, then of %d: %d is ruled out: %v", first, last, k, !want)
				}
			}
		}
	}
}

// TestFirst: the step of a first compression is told from what the values lack.
func TestFirst(t *testing.T) {
	for _, c := range []struct{ first, last int }{{9, 2}, {7, 3}, {13, 5}, {0, 4}} {
		var s sheet
		for k := 1; k <= most; k++ {
			if c.first == 0 || !rulesOut(c.first, c.last, k) {
				s.histogram[3][k] = int(4000 * math.Pow(0.93, float64(k)))
			}
		}
		var forbidden [most + 1]bool
		if got := s.first(3, c.last, &forbidden); got != c.first {
			t.Errorf("steps of %d, then of %d: told %d", c.first, c.last, got)
		}
		for k := 1; k <= most; k++ {
			if want := c.first > 0 && rulesOut(c.first, c.last, k); forbidden[k] != want {
				t.Errorf("steps of %d, then of %d: %d is forbidden: %v", c.first, c.last, k, forbidden[k])
			}
		}
	}
}
