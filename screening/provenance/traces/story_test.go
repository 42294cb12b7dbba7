package traces

import (
	"bytes"
	"compress/gzip"
	"context"
	"image"
	"image/jpeg"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
)

func zipped(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.Bytes()
}

func what(list []Contradiction) string {
	var names []string
	for _, c := range list {
		names = append(names, c.What)
	}
	return strings.Join(names, " ")
}

func TestCaptureTime(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	story := Story{OrderedAt: at("2026-10-10T10:00:00Z"), DeliveredAt: at("2026-10-15T10:00:00Z"), ReceivedAt: at("2026-10-17T10:00:00Z")}
	for _, tt := range []struct{ taken, offset, want string }{
		{"2026:10:16 09:00:00", "", ""},
		{"2026:10:09 12:00:00", "", "captured_before_order"},
		{"2026:10:09 23:00:00", "", "captured_before_delivery"}, // could be UTC-12: after the order
		{"2026:10:10 17:00:00", "+08:00", "captured_before_order"},
		{"2026:10:10 19:00:00", "+08:00", "captured_before_delivery"},
		{"2026:10:14 12:00:00", "+08:00", "captured_before_delivery"},
		{"2026:10:14 20:00:00", "+08:00", ""}, // within a day of the scan
		{"2026:10:18 09:00:00", "+00:00", "captured_after_receipt"},
		{"2026:10:17 23:00:00", "", ""}, // could be UTC+14
		{"2000:01:01 00:00:00", "", "clock_not_set"},
		{"nonsense", "", ""},
		{"", "", ""},
	} {
		e := meta.EXIF{Original: meta.Stamp{Value: tt.taken, Offset: tt.offset}}
		if got := what(Contradictions(exif(e), nil, story, nil)); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.taken, tt.offset, got, tt.want)
		}
		if got := Contradictions(exif(e), nil, Story{}, nil); len(got) > 0 {
			t.Errorf("%s without a story: got %q", tt.taken, what(got))
		}
	}
}

func TestMakeAndModel(t *testing.T) {
	for _, tt := range []struct {
		maker, model string
		odd          bool
	}{
		{"Apple", "iPhone 15 Pro", false},
		{"samsung", "SM-S9280", false},
		{"Canon", "Canon EOS R5", false},
		{"Canon", "PowerShot A620", false},
		{"NIKON CORPORATION", "NIKON D850", false},
		{"SONY", "ILCE-7M4", false},
		{"Google", "Pixel 9", false},
		{"Xiaomi", "2201123C", false},
		{"HUAWEI", "ELE-AL00", false},
		{"Hasselblad", "L2D-20c", false},
		{"SAMSUNG", "Galaxy S21", false},
		{"", "iPhone 15", false},
		{"Apple", "", false},
		{"samsung", "iPhone 15 Pro", true},
		{"Apple", "SM-S9280", true},
		{"Xiaomi", "Canon EOS R5", true},
		{"Apple", "Camera 9000", true},
		{"Google", "iPhone 12", true},
	} {
		got := Contradictions(exif(meta.EXIF{Make: tt.maker, Model: tt.model, FNumber: 1.8}), nil, Story{}, nil)
		if (what(got) == "make_and_model") != tt.odd {
			t.Errorf("%q %q: got %q", tt.maker, tt.model, what(got))
		}
	}
}

func TestFarAway(t *testing.T) {
	shanghai, beijing := Place{31.23, 121.47}, Place{39.90, 116.40}
	if km := distance(shanghai, beijing); math.Abs(km-1067) > 5 {
		t.Errorf("Shanghai to Beijing: %.0f km", km)
	}
	for _, tt := range []struct {
		gps  *meta.GPS
		want string
	}{
		{&meta.GPS{Latitude: 39.9, Longitude: 116.4, HasPosition: true}, "far_from_delivery"},
		{&meta.GPS{Latitude: 31.3, Longitude: 121.0, HasPosition: true}, ""},
		{&meta.GPS{HasPosition: true}, ""},
		{&meta.GPS{Latitude: math.NaN(), HasPosition: true}, ""},
		{nil, ""},
	} {
		if got := what(Contradictions(exif(meta.EXIF{GPS: tt.gps}), nil, Story{DeliveredNear: &shanghai}, nil)); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.gps, got, tt.want)
		}
	}
}

func TestEditedAndScreens(t *testing.T) {
	m := exif(meta.EXIF{Software: "Snapseed", Original: meta.Stamp{Value: "2026:10:16 09:00:00"}, DateTime: meta.Stamp{Value: "2026:10:17 09:00:00"}})
	got := Contradictions(m, nil, Story{}, NewReader(Table()).Read(m, ""))
	if what(got) != "edited_after_capture" || got[0].Strength != evidence.Note {
		t.Errorf("got %+v", got)
	}
	for _, tt := range []struct {
		w, h int
		make string
		want string
	}{{1170, 2532, "", "screen_sized"}, {2532, 1170, "", "screen_sized"}, {1170, 2532, "Apple", ""}, {1080, 1440, "", ""}, {1080, 1920, "", ""}} {
		p := &imaging.Picture{Width: tt.w, Height: tt.h}
		m := exif(meta.EXIF{Make: tt.make})
		if got := what(Contradictions(m, p, Story{}, nil)); got != tt.want {
			t.Errorf("%+v: got %q", tt, got)
		}
	}
}

// scene is a smooth random grey picture.
func scene(seed uint64, w, h int) *image.Gray {
	rng := rand.New(rand.NewPCG(seed, 1))
	var k [6][4]float64
	for i := range k {
		k[i] = [4]float64{rng.NormFloat64() * 8, rng.NormFloat64() * 8, rng.Float64() * 7, 10 + 20*rng.Float64()}
	}
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := 128.0
			for _, c := range k {
				v += c[3] * math.Sin(c[0]*float64(x)/float64(w)+c[1]*float64(y)/float64(h)+c[2])
			}
			m.Pix[y*m.Stride+x] = uint8(min(255, max(0, v)))
		}
	}
	return m
}

func encoded(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestThumbnail(t *testing.T) {
	barred := image.NewGray(image.Rect(0, 0, 160, 120))
	inner := scene(1, 160, 106)
	for y := range 106 {
		copy(barred.Pix[(y+7)*160:], inner.Pix[y*160:(y+1)*160])
	}
	tests := []struct {
		name        string
		thumb       image.Image
		seed        uint64
		orientation int
		odd         bool
	}{
		{"same", scene(1, 160, 120), 1, 1, false},
		{"with bars", barred, 1, 1, false},
		{"turned with the picture", scene(1, 160, 106), 1, 6, false},
		{"other picture", scene(2, 160, 120), 1, 1, true},
		{"plain", image.NewGray(image.Rect(0, 0, 160, 120)), 1, 1, false},
	}
	for _, tt := range tests {
		p := &imaging.Picture{Stored: scene(tt.seed, 900, 600), Width: 900, Height: 600, Orientation: tt.orientation}
		if tt.orientation > 4 {
			p.Width, p.Height = 600, 900
		}
		e := meta.EXIF{Make: "Apple", Thumbnail: encoded(t, tt.thumb)}
		if got := what(Contradictions(exif(e), p, Story{}, nil)); (got == "thumbnail_unlike") != tt.odd {
			c, _ := compareThumbnail(e.Thumbnail, p)
			t.Errorf("%s: got %q, %+v", tt.name, got, c)
		}
	}
	if _, ok := compareThumbnail([]byte("no picture"), &imaging.Picture{}); ok {
		t.Error("compared nonsense")
	}
}

// TestHonestPictures: no honest picture there is gets more than a note.
func TestHonestPictures(t *testing.T) {
	root := "../../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("../shared/data is not here")
	}
	r := NewReader(Table())
	n, notes, thumbs, least := 0, 0, 0, 1.0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "c2pa" || d.Name() == "ai-edits" || d.Name() == "failing") {
			return fs.SkipDir // not all honest
		}
		if ext := strings.ToLower(filepath.Ext(name)); ext != ".jpg" && ext != ".jpeg" && ext != ".png" {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		m, err := meta.Read(data)
		if err != nil {
			return err
		}
		p, err := imaging.Decode(context.Background(), data, imaging.Limits{})
		if err != nil {
			return err
		}
		hidden, _ := Stealth(p.Stored)
		traces := r.Read(m, hidden)
		n++
		for _, f := range Findings(traces, Contradictions(m, p, Story{}, traces)) {
			notes++
			if f.Strength.Rank() > evidence.Note.Rank() {
				t.Errorf("%s: %s %s", name, f.Strength, f.Text.EN)
			}
		}
		if m.EXIF != nil {
			if c, ok := compareThumbnail(m.EXIF.Thumbnail, p); ok {
				thumbs++
				least = min(least, c.like)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pictures, %d notes; %d have a preview, the least like its picture by %.2f", n, notes, thumbs, least)
}

func FuzzThumbnail(f *testing.F) {
	f.Add(encoded(f, scene(1, 40, 30)))
	f.Add(encoded(f, scene(1, 72, 48)))
	f.Add(encoded(f, scene(2, 64, 64)))
	p := &imaging.Picture{Stored: scene(1, 180, 120), Width: 120, Height: 180, Orientation: 6}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, ok := compareThumbnail(data, p)
		if ok && !(c.like >= -1.0001 && c.like <= 1.0001) {
			t.Errorf("likeness %v", c.like)
		}
		for _, r := range c.regions {
			if !(r.X >= 0 && r.Y >= 0 && r.Width > 0 && r.Height > 0 && r.X+r.Width < 1.0001 && r.Y+r.Height < 1.0001) {
				t.Errorf("region %+v", r)
			}
		}
	})
}

// BenchmarkRead is a 12-megapixel phone photo with a preview, decode not
// counted: one that agrees with it, and one of another picture.
func BenchmarkRead(b *testing.B) {
	shown := scene(1, 4032, 3024)
	p := &imaging.Picture{Stored: image.NewYCbCr(shown.Rect, image.YCbCrSubsampleRatio420), Width: 4032, Height: 3024, Orientation: 1}
	copy(p.Stored.(*image.YCbCr).Y, shown.Pix)
	r := NewReader(Table())
	for name, seed := range map[string]uint64{"same": 1, "other": 2} {
		b.Run(name, func(b *testing.B) {
			m := exif(meta.EXIF{Make: "Apple", Model: "iPhone 15", Thumbnail: encoded(b, scene(seed, 160, 120))})
			for b.Loop() {
				traces := r.Read(m, "")
				Contradictions(m, p, Story{}, traces)
			}
		})
	}
}
