package breached

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestPackAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringN(1, 20, 60), 1, 600).Draw(t, "passwords")
		var file bytes.Buffer
		n, err := Pack(&file, list)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			t.Skip("none of them is a text in its normal form")
		}
		s, err := Read(file.Bytes())
		if err != nil || s.Len() != n {
			t.Fatalf("%v", err)
		}
		for _, p := range list {
			if Normal(p) != "" && !s.has(Normal(p)) {
				t.Fatalf("%q is lost", p)
			}
		}
		for cut := range min(file.Len(), 40) {
			_, _ = Read(file.Bytes()[:cut]) // an answer, no panic
		}
	})
}

// TestFalseAlarms counts how many made-up texts the set takes for one of its
// own: 1 in 65,536 by construction.
func TestFalseAlarms(t *testing.T) {
	s, err := Common()
	if err != nil {
		t.Fatal(err)
	}
	const texts = 1 << 17
	hits := 0
	for n := range texts {
		if s.has(fmt.Sprintf("a text that nobody chose, number %d", n)) {
			hits++
		}
	}
	// 2 are expected; more than 12 happen once in a million runs.
	if hits > 12 {
		t.Errorf("%d of %d", hits, texts)
	}
	t.Logf("%d of %d", hits, texts)
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if _, err := Pack(&file, []string{"password", "123456"}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(_ *testing.T, b []byte) {
		if s, err := Read(b); err == nil {
			s.Has("password")
		}
	})
}
