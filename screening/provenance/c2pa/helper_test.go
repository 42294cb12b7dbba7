package c2pa

import (
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// pictured decodes a file once, for tests that read it, or changed copies of
// it, with the picture it shows.
func pictured(t testing.TB, data []byte) *imaging.Picture {
	t.Helper()
	p, err := imaging.Decode(t.Context(), data, imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
