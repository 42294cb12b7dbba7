package main

import (
	"strings"
	"testing"

	"github.com/evenhand/evenhand/samples"
)

// TestGraphicsAreLaidOut: each template has its honest pairs and, where it
// carries a photo that can be forged, its forgeries; comparisons too.
func TestGraphicsAreLaidOut(t *testing.T) {
	defer func(a, b, c int) { sharedEach, carriedEach, besideEach = a, b, c }(sharedEach, carriedEach, besideEach)
	sharedEach, carriedEach, besideEach = 1, 1, 1
	data, out := tinyData(t), t.TempDir()
	if err := run(t.Context(), []string{"-data", data, "-out", out, "-only", "graphics"}); err != nil {
		t.Fatal(err)
	}
	kinds, files := tree(t, out)
	for _, kind := range samples.TemplateKinds() {
		if n := kinds["graphics other graphic-"+kind]; n != 1 {
			t.Errorf("%d honest pairs of %s", n, kind)
		}
		want := 1
		if n := (samples.Template{Kind: kind}).Photos(); n == 0 || kind == samples.TemplateOrderPage {
			want = 0
		}
		if n := kinds["graphics same graphic-"+kind+"+painted"]; n != want {
			t.Errorf("%d forgeries of %s, want %d", n, kind, want)
		}
	}
	if kinds["graphics other beside"] != 1 || kinds["graphics same beside+painted"] != 1 {
		t.Errorf("comparisons: %v", kinds)
	}
	for name, data := range files {
		if strings.HasSuffix(name, ".jpg") && len(data) < 1000 {
			t.Errorf("%s holds %d bytes", name, len(data))
		}
	}
}
