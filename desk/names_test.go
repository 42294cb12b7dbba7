package desk

import "testing"

// TestNamesReadAsTheyAre: a name has nothing in it that is not seen and turns
// what follows; the joiners that scripts are written with stay.
func TestNamesReadAsTheyAre(t *testing.T) {
	for give, want := range map[string]string{
		"\u202egnp.html": "gnp.html", "a/b\u2067c\u2069.png": "bc.png", "x\u0085\x00y\ufeff.png": "xy.png",
		"\U0001f468\u200d\U0001f469.png": "\U0001f468\u200d\U0001f469.png", "照片.jpg": "照片.jpg",
	} {
		if got := cleanName(give); got != want {
			t.Errorf("%q is kept as %q, not %q", give, got, want)
		}
	}
}
