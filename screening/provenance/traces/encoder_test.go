package traces

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging/jpeg"
	"github.com/evenhand/evenhand/imaging/meta"
)

func TestEncoderTables(t *testing.T) {
	seen := map[[4]int]string{}
	for _, r := range Encoders() {
		key := [4]int{r.Luma, r.Chroma, r.H, r.V}
		if seen[key] != "" || r.Name == "" || r.Source == "" || len(r.Date) != len("2026-11") {
			t.Errorf("%+v: a row is unique and needs a name, a source and a date", r)
		}
		seen[key] = r.Name
	}
	for _, r := range Cameras() {
		if r.Source == "" || len(r.Date) != len("2026-11") || !r.IJG && r.H == 0 {
			t.Errorf("%+v: a row needs a rule, a source and a date", r)
		}
	}
}

// TestLibjpegIsNoEditor: no row may be met by any table that libjpeg writes.
func TestLibjpegIsNoEditor(t *testing.T) {
	for q := 1; q <= 100; q++ {
		var b bytes.Buffer
		if err := stdjpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 16, 16)), &stdjpeg.Options{Quality: q}); err != nil {
			t.Fatal(err)
		}
		h, err := jpeg.ReadHeader(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, sampling := range [][2]int{{1, 1}, {2, 2}, {2, 1}} {
			h.Components[0].H, h.Components[0].V = sampling[0], sampling[1]
			for _, r := range Encoders() {
				if r.Luma == sum(h.Quant(0)) && r.Chroma == sum(h.Quant(1)) {
					t.Errorf("libjpeg at %d has the sums of %+v", q, r)
				}
			}
		}
	}
}

// coded is a header with tables of those sums.
func coded(luma, chroma, h, v int, adobe int, progressive bool) *jpeg.Header {
	table := func(total int) *[64]uint16 {
		var t [64]uint16
		for i := range t {
			t[i] = uint16(total / 64)
			if i < total%64 {
				t[i]++
			}
		}
		return &t
	}
	return &jpeg.Header{
		QuantTables: [4]*[64]uint16{table(luma), table(chroma)}, Adobe: adobe, Progressive: progressive,
		Components: []jpeg.HeaderComponent{{H: h, V: v}, {H: 1, V: 1, Tq: 1}, {H: 1, V: 1, Tq: 1}},
	}
}

// standard is a header with libjpeg's tables.
func standard(t *testing.T, quality, h, v int) *jpeg.Header {
	t.Helper()
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 16, 16)), &stdjpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	head, err := jpeg.ReadHeader(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	head.Components[0].H, head.Components[0].V = h, v
	return head
}

func TestSavedAgain(t *testing.T) {
	phone := meta.EXIF{Make: "Apple", Model: "iPhone 15 Pro", Software: "17.1"}
	edited := phone
	edited.Software = "Adobe Photoshop 25.1"
	canon := meta.EXIF{Make: "Canon", Model: "Canon EOS R6"}
	android := meta.EXIF{Make: "Xiaomi", Model: "2201123C"}
	for _, tt := range []struct {
		name   string
		exif   meta.EXIF
		coding *jpeg.Header
		want   string
		is     evidence.Strength
	}{
		{"iPhone as it writes", phone, coded(463, 721, 2, 2, -1, false), "", ""},
		{"iPhone, libjpeg 75", phone, standard(t, 75, 2, 2), "saved_again", evidence.Note},
		{"iPhone, libjpeg 95", phone, standard(t, 95, 1, 1), "saved_again", evidence.Note},
		{"iPhone, all ones", phone, standard(t, 100, 2, 2), "", ""},
		{"iPhone, progressive", phone, coded(463, 721, 2, 2, -1, true), "saved_again", evidence.Note},
		{"iPhone, Photoshop's tables", phone, coded(794, 895, 1, 1, -1, false), "tables_of_editor", evidence.Note},
		{"iPhone, Photoshop's tables and segment", phone, coded(794, 895, 1, 1, 1, false), "tables_of_editor", evidence.Weak},
		{"iPhone, Photoshop named", edited, coded(794, 895, 1, 1, 1, false), "", ""},
		{"Android phone, libjpeg", android, standard(t, 90, 2, 2), "", ""},
		{"Android phone, other tables", android, coded(600, 900, 2, 1, -1, false), "", ""},
		{"Android phone, progressive", android, coded(600, 900, 2, 1, -1, true), "saved_again", evidence.Note},
		{"Canon as it writes", canon, coded(188, 276, 2, 1, -1, false), "", ""},
		{"Canon, 4:2:0", canon, standard(t, 90, 2, 2), "saved_again", evidence.Note},
		{"no camera named", meta.EXIF{}, standard(t, 75, 2, 2), "", ""},
		{"not a JPEG", phone, nil, "", ""},
	} {
		m := exif(tt.exif)
		m.Coding = tt.coding
		got := Contradictions(m, nil, Story{}, NewReader(Table()).Read(m, ""))
		if what(got) != tt.want || tt.want != "" && got[0].Strength != tt.is {
			t.Errorf("%s: got %+v", tt.name, got)
		}
	}
	named := exif(phone)
	named.Coding = coded(794, 895, 1, 1, 1, false)
	named.XMP = []meta.XMP{{Raw: []byte("<x/>"), Properties: []meta.Property{{Name: "CreatorTool", Value: "Some Editor"}}}}
	if got := what(Contradictions(named, nil, Story{}, nil)); got != "" {
		t.Errorf("an editor that XMP names: got %q", got)
	}
}

// TestEncodersOfRealFiles: rows that claim a real file have one, and no picture
// straight from a program without camera data is told of.
func TestEncodersOfRealFiles(t *testing.T) {
	root := "../../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("../shared/data is not here")
	}
	for name, want := range map[string]string{
		"c2pa/adobe-20220124-A.jpg":            "Adobe Photoshop",
		"pdq/dihedral/bridge-3-rotate-180.jpg": "Adobe Photoshop",
		"products/candle/04.jpg":               "",
		"pdq/labelme/q2821.jpg":                "",
	} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		h, err := jpeg.ReadHeader(data)
		if err != nil {
			t.Fatal(err)
		}
		if row, _ := encoderOf(h); row.Name != want {
			t.Errorf("%s: read as %q, want %q", name, row.Name, want)
		}
	}
}
