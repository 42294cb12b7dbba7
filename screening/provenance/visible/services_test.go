package visible

import (
	"image"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// leaning is a words' picture whose top leans to the right by slant of its
// height, as slanted type does.
func leaning(m *image.Gray, slant float64) *image.Gray {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w+int(slant*float64(h))+1, h))
	for y := range h {
		by := slant * float64(h-1-y)
		whole, part := int(by), by-float64(int(by))
		for x := range w + 1 {
			at := func(x int) float64 {
				if x < 0 || x >= w {
					return 0
				}
				return float64(m.GrayAt(x, y).Y)
			}
			out.Pix[y*out.Stride+min(x+whole, out.Rect.Dx()-1)] = uint8(at(x)*(1-part) + at(x-1)*part)
		}
	}
	return out
}

// serviceLook draws how services set their marks: at the bottom for the most
// part, well to be seen, upright or slanted.
func serviceLook(r *rand.Rand) (l look, slant float64) {
	l = look{0.03 + 0.05*r.Float64(), 3, 0.7 + 0.3*r.Float64(), r.IntN(2) == 0, 70 + 10*r.IntN(3)}
	if r.IntN(3) == 0 {
		l.corner = r.IntN(4)
	}
	if r.IntN(2) == 0 {
		slant = 0.15 + 0.15*r.Float64()
	}
	return l, slant
}

// TestServicesAreFound: the marks of today's services, in one line or two,
// upright and slanted, on pictures and in fonts that the nets have not seen.
func TestServicesAreFound(t *testing.T) {
	every, draws, want := 3, 12, 0.85
	if testing.Short() {
		every, draws, want = few, 3, 0.75
	}
	backs := backgrounds(t, every)
	words := masks(t, "s")
	r := rand.New(rand.NewPCG(11, 11))
	by, total := map[string]*tally{}, tally{}
	leant, upright := tally{}, tally{}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		service, _, _ := strings.Cut(name, "-")
		if by[service] == nil {
			by[service] = &tally{}
		}
		for range draws / 3 {
			l, slant := serviceLook(r)
			seen := Read(lay(t, backs[r.IntN(len(backs))], leaning(words[name], slant), l))
			for _, c := range []*tally{by[service], &total} {
				c.add(seen)
			}
			if slant > 0 {
				leant.add(seen)
			} else {
				upright.add(seen)
			}
		}
	}
	found := 0
	for _, s := range slices.Sorted(maps.Keys(by)) {
		sure, read := by[s].shares()
		t.Logf("%s: %2d pictures, %.2f clearly, %.2f read", s, by[s].all, sure, read)
		if read >= 0.4 || testing.Short() {
			found++
		}
	}
	_, a := upright.shares()
	_, b := leant.shares()
	sure, read := total.shares()
	t.Logf("all: %d pictures, %.3f clearly, %.3f read; upright %.3f, slanted %.3f; %d of %d services", total.all, sure, read, a, b, found, len(by))
	if read < want || found < len(by) {
		t.Errorf("want %.2f read, and every service", want)
	}
}

// TestFailingMarks: marks of two services as others drew them.
func TestFailingMarks(t *testing.T) {
	names, _ := filepath.Glob(shared + "/failing/marks/60-*")
	if len(names) == 0 {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	for _, name := range names {
		p, err := imaging.Open(t.Context(), name, imaging.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if seen := Read(p); len(seen) == 0 {
			t.Errorf("%s: nothing", filepath.Base(name))
		} else {
			t.Logf("%s: %+v", filepath.Base(name), seen[0])
		}
	}
}

// TestRealMarks: public pictures that really came from a service with its mark.
func TestRealMarks(t *testing.T) {
	for end, want := range marked {
		name := filepath.Join(shared, "ai-edits/whole-picture-editors", end)
		p, err := imaging.Open(t.Context(), name, imaging.Limits{})
		if err != nil {
			t.Skip("public pictures are not here: ../shared/data is absent")
		}
		if seen := Read(p); len(seen) == 0 || !seen[0].Sure || seen[0].Words != want {
			t.Errorf("%s: %+v, want %s", end, seen, want)
		}
	}
}

// TestServicesHaveNames: each mark can be read, and whoever names a source
// names its date.
func TestServicesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range services {
		if seen[s.words] || (s.source == "") != (s.date == "") {
			t.Errorf("%+v", s)
		}
		seen[s.words] = true
		for _, key := range keys(s.words) {
			if key < 2 {
				t.Errorf("%s has a character that the reader does not know", s.words)
			}
		}
		if m, ok := best(written(s.words, 0.95)); !ok || m.words != s.words || m.name != s.plain {
			t.Errorf("%s: %v %+v", s.words, ok, m)
		}
	}
}

// TestPlainNamesStandAlone: a name that means other things counts in no sentence.
func TestPlainNamesStandAlone(t *testing.T) {
	for _, words := range []string{"元宝铺子", "Sora图", "Gemini photo", "by Grok", "通义千问书院", "Vidus", "aSora", "Sora 2025 人工"} {
		if m, ok := best(written(words, 0.95)); ok {
			t.Errorf("%s: %+v", words, m)
		}
	}
}
