package pdq

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// hashes draws hashes.
func hashes() *rapid.Generator[Hash] {
	return rapid.Custom(func(t *rapid.T) Hash {
		word := rapid.Uint64()
		return Hash{word.Draw(t, "0"), word.Draw(t, "1"), word.Draw(t, "2"), word.Draw(t, "3")}
	})
}

func TestTextOrder(t *testing.T) {
	var h Hash
	h.setBit(0)
	h.setBit(255)
	if want := "8" + strings.Repeat("0", 62) + "1"; h.String() != want {
		t.Errorf("bits 0 and 255 print as %s, want %s", h, want)
	}
}

func TestParseRejects(t *testing.T) {
	good := strings.Repeat("0f", 32)
	for _, text := range []string{"", good[1:], good + "0", "g" + good[1:], " " + good[1:], good[:63] + "\x00"} {
		if h, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, h)
		}
	}
}

func TestDistanceCountsBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := hashes().Draw(t, "a"), hashes().Draw(t, "b")
		want := 0
		for k := range Bits {
			if a[k/64]>>(k%64)&1 != b[k/64]>>(k%64)&1 {
				want++
			}
		}
		if got := Distance(a, b); got != want {
			t.Fatalf("distance %d, want %d", got, want)
		}
		if got := Distance(laid(a), laid(b)); got != want {
			t.Fatalf("distance %d once laid, want %d", got, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(strings.Repeat("0123456789abcdef", 4))
	f.Add(strings.Repeat("F", 64))
	f.Add("d8f8")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := Parse(text)
		if err != nil {
			return
		}
		if got := h.String(); got != strings.ToLower(text) {
			t.Errorf("Parse(%q) prints as %q", text, got)
		}
		var again Hash
		if marshalled, err := h.MarshalText(); err != nil || again.UnmarshalText(marshalled) != nil || again != h {
			t.Errorf("%v does not survive its own text", h)
		}
	})
}
