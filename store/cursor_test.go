package store

import (
	"errors"
	"testing"

	"github.com/evenhand/evenhand/work"
)

// FuzzCursor: what is no cursor is refused as such, and what is taken is the
// place that it says.
func FuzzCursor(f *testing.F) {
	f.Add(newCursor("claims", -5, "c-1,2"))
	f.Add(newCursor("queue", 1<<62, reviewKey("c", 2, "decide")))
	f.Add("")
	f.Add("Y2xhaW1zLDEs")
	f.Add("!")
	f.Fuzz(func(t *testing.T, s string) {
		for _, list := range []string{"claims", "queue"} {
			n, id, err := readCursor(list, s)
			if err != nil {
				if !errors.Is(err, work.ErrBadCursor) {
					t.Errorf("%q: %v", s, err)
				}
				continue
			}
			n2, id2, err := readCursor(list, newCursor(list, n, id))
			if err != nil || n2 != n || id2 != id {
				t.Errorf("%q says %d %q, and written again %d %q (%v)", s, n, id, n2, id2, err)
			}
			if _, _, _, err := readReviewKey(id); err != nil && !errors.Is(err, work.ErrBadCursor) {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}
