package aigc

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseCode(t *testing.T) {
	for _, tt := range []struct {
		code    string
		credit  string
		problem CodeProblem
	}{
		{"001191440300708461136T13080", "91440300708461136T", CodeFine},
		{"001191440300708461136T1308L", "91440300708461136T", CodeSuffix}, // met in the wild
		{"001191440300708461136T", "91440300708461136T", CodeSuffix},
		{"001191440300708461136X13080", "91440300708461136X", CodeCheckDigit},
		{"001191440300708461163T13080", "91440300708461163T", CodeCheckDigit}, // two digits exchanged
		{"001191330101MA27WPYJ18xliu", "91330101MA27WPYJ18", CodeSuffix},
		{"91440300708461136T", "91440300708461136T", CodePrefix},
		{"002191440300708461136T13080", "", CodePrefix},
		{"001291440300708461136T13080", "", CodeType},
		{"00119144030070846113", "", CodeCredit},
		{"0011914403007O8461136T13080", "", CodeCredit}, // the letter O
		{"doubao", "", CodeName},
		{"北京某某科技有限公司", "", CodeName},
		{"", "", CodeEmpty},
	} {
		if c := ParseCode(tt.code); c.Credit != tt.credit || c.Problem != tt.problem {
			t.Errorf("%q: got %+v, want %q %q", tt.code, c, tt.credit, tt.problem)
		}
	}
}

// drawCredit makes a credit code whose check character is right by searching
// the alphabet, not by the formula's inverse.
func drawCredit(t *rapid.T) string {
	head := rapid.SampledFrom([]string{"91", "92", "12", "51"}).Draw(t, "kind") +
		rapid.StringMatching(`[0-9]{6}`).Draw(t, "area") +
		rapid.StringOfN(rapid.RuneFrom([]rune(creditAlphabet)), 9, 9, -1).Draw(t, "organisation")
	for _, c := range creditAlphabet {
		if CheckCredit(head+string(c)) == CodeFine {
			return head + string(c)
		}
	}
	t.Fatalf("no check character fits %s", head)
	return ""
}

// TestCheckDigitCatchesSlips: any one wrong character and any two neighbours
// exchanged change the sum, because 31 is prime and the weights are distinct.
func TestCheckDigitCatchesSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good := drawCredit(t)
		i := rapid.IntRange(8, 17).Draw(t, "place")
		c := rapid.SampledFrom([]byte(creditAlphabet)).Draw(t, "character")
		slip := good[:i] + string([]byte{c}) + good[i+1:]
		if slip != good && CheckCredit(slip) == CodeFine {
			t.Fatalf("%s and %s both pass", good, slip)
		}
		swapped := []byte(good)
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
		if string(swapped) != good && i > 8 && CheckCredit(string(swapped)) == CodeFine {
			t.Fatalf("%s and %s both pass", good, swapped)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("001191440300708461136T13080")
	f.Fuzz(func(t *testing.T, s string) {
		if c := ParseCode(s); c.Problem == CodeFine && (c.Credit == "" || !strings.Contains(s, c.Credit+c.Suffix)) {
			t.Errorf("%q: %+v", s, c)
		}
	})
}
