package eval

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestCrossPairsAreHonestOnes(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 0, "hard/3-b": 9, "other/4-c": 1})
	for i, name := range []string{"same/1-a", "same/2-a", "hard/3-b", "other/4-c"} {
		writePNG(t, filepath.Join(dir, name, "reference.png"), 200+10*i, 150, nil)
	}
	got, err := run(t.Context(), []string{dir}, Options{Keep: true, Cross: 6, Travel: 2, Seed: 3}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	var crosses []Case
	claims := map[string]int{}
	for _, c := range got.Cases {
		if c.Set != Cross {
			continue
		}
		crosses = append(crosses, c)
		claims[c.Folder]++
		if c.Against == "" || c.Against == c.Folder || c.Copy != 0 {
			t.Errorf("a cross pair %+v", c)
		}
	}
	if len(crosses) != 6 || got.Cross != 6 || got.Total != 4*3+6 || got.Done != got.Total {
		t.Fatalf("%d cross pairs, report says %d, %d of %d done", len(crosses), got.Cross, got.Done, got.Total)
	}
	for folder, n := range claims {
		if n > 2 {
			t.Errorf("%s came up %d times in 6 of 4", folder, n)
		}
	}
	for _, c := range got.Accusations {
		if c.Set == Cross && c.Strength.Rank() < 3 {
			t.Errorf("%+v is no accusation", c)
		}
	}
	again, err := run(t.Context(), []string{dir}, Options{Keep: true, Cross: 6, Travel: 2, Seed: 3, Jobs: 1}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	for i := range again.Cases {
		a, b := got.Cases[i], again.Cases[i]
		a.took, a.Seconds, b.took, b.Seconds = 0, 0, 0, 0
		if !reflect.DeepEqual(a, b) {
			t.Errorf("the same seed drew %+v, then %+v", a, b)
		}
	}
}

func TestCrossPairsShareNoSource(t *testing.T) {
	var pairs []pair
	for i := range 40 {
		pairs = append(pairs, pair{folder: fmt.Sprint(i), sources: []string{fmt.Sprint("thing ", i%4)}})
	}
	got := crossed(pairs, 1000, 1)
	for _, p := range got {
		if p.sources[0] == p.sources[1] || p.folder == p.against {
			t.Fatalf("%+v crosses a source with itself", p)
		}
	}
	if len(got) < 900 || len(got) > 1000 {
		t.Errorf("%d of 1000 drawn where 1200 exist", len(got))
	}
	if got := crossed(pairs[:1], 10, 1); got != nil {
		t.Errorf("one pair was crossed with itself: %v", got)
	}
	if alike := crossed([]pair{pairs[0], pairs[4]}, 10, 1); len(alike) != 0 {
		t.Errorf("pairs of one source were crossed: %v", alike)
	}
}

func TestCrossAccusationsNameBoth(t *testing.T) {
	if name := nameOf("same/1-a", "same/2-b"); !strings.Contains(name, "same/1-a") || !strings.Contains(name, "same/2-b") {
		t.Errorf("named %q", name)
	}
}
