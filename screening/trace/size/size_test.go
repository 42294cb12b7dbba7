package size

import (
	"strings"
	"testing"
)

// TestModels: sizes stand and lie, and cameras', messengers' and shops' are
// nobody's.
func TestModels(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want string
	}{
		{768, 1376, "Gemini 3 Pro Image (Nano Banana Pro), Qwen-Image-Edit+"},
		{1376, 768, "Gemini 3 Pro Image (Nano Banana Pro), Qwen-Image-Edit+"},
		{1184, 864, "Gemini 2.5 Flash Image (Nano Banana)"},
		{3584, 4800, "Gemini 3 Pro Image (Nano Banana Pro)"},
		{1024, 1536, "GPT Image"},
		{1024, 1024, ""},
		{2048, 2048, ""},
		{1728, 2368, ""},
	} {
		var names []string
		for _, r := range Models(tt.w, tt.h) {
			if r.Kin {
				r.Model += "+"
			}
			names = append(names, r.Model)
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("%dx%d: %q, want %q", tt.w, tt.h, got, tt.want)
		}
	}
	// Whole photos of phones, and what messengers, shops and screens make of them.
	for _, s := range [][2]int{
		{3024, 4032},
		{3000, 4000},
		{4284, 5712},
		{3072, 4096},
		{3456, 4608},
		{6120, 8160},
		{2252, 4000},
		{2268, 4032},
		{3060, 4080},
		{1080, 1440},
		{1080, 1920},
		{960, 1280},
		{720, 1280},
		{1200, 1600},
		{900, 1600},
		{1536, 2048},
		{1152, 2048},
		{810, 1080},
		{1279, 1706},
		{864, 1152},
		{768, 1024},
		{1170, 2532},
		{1080, 2400},
		{1242, 2208},
		{750, 1334},
		{1440, 1920},
		{1281, 1708},
		{1620, 2160},
		{2448, 3264},
		{800, 1067},
		{750, 1000},
		{640, 853},
		{600, 800},
		{1000, 1333},
		{1500, 2000},
		{1280, 1707},
		{1024, 1365},
		{1024, 768},
		{1200, 900},
	} {
		if got := Models(s[0], s[1]); len(got) > 0 {
			t.Errorf("%dx%d is taken for a size of %v", s[0], s[1], got)
		}
	}
}

// TestCamera: which of the models' own sizes have a camera's shape.
func TestCamera(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want bool
	}{
		{3024, 4032, true},
		{1080, 1920, true},
		{853, 1280, true},
		{1279, 1706, true},
		{750, 1334, true},
		{832, 1248, true},
		{1104, 1472, true},
		{1024, 1536, true},
		{1056, 1584, true},
		{896, 1184, false},
		{768, 1376, false},
		{864, 1184, false},
		{896, 1200, false},
		{848, 1264, false},
		{768, 1344, false},
		{928, 1664, false},
	} {
		if got := Camera(tt.w, tt.h); got != tt.want {
			t.Errorf("%dx%d: %v, want %v", tt.w, tt.h, got, tt.want)
		}
	}
}

// TestRows: every row says where it is from.
func TestRows(t *testing.T) {
	for _, r := range Table() {
		if r.Model == "" || r.Source == "" || r.Date == "" || len(r.Sizes) == 0 {
			t.Errorf("row %+v", r)
		}
		for _, s := range r.Sizes {
			if s[0] >= s[1] {
				t.Errorf("%s: %v does not stand upright", r.Model, s)
			}
		}
	}
}
