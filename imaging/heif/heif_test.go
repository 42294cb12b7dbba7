package heif

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"testing"
)

const drawnWidth, drawnHeight = 131, 93

// drawing is the picture that every file in testdata holds, upright as stored.
func drawing(x, y int) color.RGBA {
	fx, fy := float64(x)/drawnWidth, float64(y)/drawnHeight
	r, g, b := 60+150*fx, 50+160*fy, 200-120*fx*fy
	if d := math.Hypot(fx-0.4, fy-0.55); d < 0.25 {
		r, g, b = 220-300*d, 90+200*d, 60
	}
	if fx > 0.7 && fy < 0.3 {
		s := 20 * math.Sin(40*fx) * math.Cos(30*fy)
		r, g, b = r+s, g+s, b+s
	}
	return color.RGBA{uint8(r), uint8(g), uint8(b), 255}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// psnr compares m with the drawing; at maps a pixel of m to one of the drawing.
func psnr(m image.Image, at func(x, y int) (int, int)) float64 {
	b := m.Bounds()
	var sum float64
	for y := range b.Dy() {
		for x := range b.Dx() {
			want := drawing(at(x, y))
			r, g, bl, _ := m.At(x, y).RGBA()
			for i, v := range []uint32{r, g, bl} {
				d := float64([]uint8{want.R, want.G, want.B}[i]) - float64(v)/257
				sum += d * d
			}
		}
	}
	return 10 * math.Log10(255*255*3*float64(b.Dx()*b.Dy())/sum)
}

func as(x, y int) (int, int) { return x, y }

func decode(ctx context.Context, name string, data []byte, lim Limits) (image.Image, error) {
	if filepath.Ext(name) == ".avif" {
		return DecodeAVIF(ctx, data, lim)
	}
	s, err := Find(data)
	if err != nil {
		return nil, err
	}
	return s.Decode(ctx, 1, lim)
}

var roomy = Limits{MaxMemory: 256 << 20, MaxPixels: 1 << 20}

func TestFiles(t *testing.T) {
	for _, c := range []struct {
		name        string
		orientation int
		deep        bool
		studio      bool
		at          func(x, y int) (int, int)
	}{
		{"d420.heic", 1, false, false, as},
		{"d444.heic", 1, false, false, as},
		{"d10.heic", 1, false, false, as},
		{"exif6.heic", 1, false, false, as},
		{"irot1imir1.heic", 7, false, false, as},
		{"irot1.heic", 8, false, false, as},
		{"d420.avif", 1, false, false, as},
		{"d444.avif", 1, false, false, as},
		{"d10.avif", 1, true, false, as},
		{"limited.avif", 1, false, true, as},
		{"irot1imir0.avif", 5, false, false, as},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := read(t, c.name)
			info := ReadInfo(data)
			if info.Width < drawnWidth || info.Width > drawnWidth+1 || info.Height < drawnHeight || info.Height > drawnHeight+1 {
				t.Errorf("declared %d x %d", info.Width, info.Height)
			}
			if info.Orientation != c.orientation || info.Deep != c.deep || info.StudioRange != c.studio {
				t.Errorf("%+v", info)
			}
			m, err := decode(context.Background(), c.name, data, roomy)
			if err != nil {
				t.Fatal(err)
			}
			if w, h := m.Bounds().Dx(), m.Bounds().Dy(); w*h != drawnWidth*drawnHeight {
				t.Fatalf("decoded %d x %d", w, h)
			}
			if got := psnr(m, c.at); got < 27 {
				t.Errorf("PSNR %.1f dB", got)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	for _, name := range []string{"d420.heic", "d420.avif"} {
		data := read(t, name)
		if _, err := decode(context.Background(), name, data, Limits{MaxMemory: 1 << 28, MaxPixels: 1000}); !errors.Is(err, ErrPixels) {
			t.Errorf("%s: too many pixels: %v", name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := decode(ctx, name, data, roomy); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled: %v", name, err)
		}
		for cut := range len(data) / 97 {
			if m, err := decode(context.Background(), name, data[:97*cut], roomy); err == nil && cut < 3 {
				t.Errorf("%s cut to %d bytes gave %v", name, 97*cut, m.Bounds())
			}
		}
	}
}

// TestMemoryBound declares a picture far larger than the sandbox may hold.
func TestMemoryBound(t *testing.T) {
	data := bytes.Clone(read(t, "d420.avif"))
	for from := 0; ; {
		at := bytes.Index(data[from:], []byte("ispe"))
		if at < 0 {
			break
		}
		from += at + 4
		copy(data[from+4:], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60})
	}
	if info := ReadInfo(data); info.Width != 60000 || info.Height != 60000 {
		t.Fatalf("%+v", info)
	}
	if _, err := DecodeAVIF(context.Background(), data, Limits{MaxMemory: minMemory, MaxPixels: 1 << 40}); err == nil {
		t.Error("decoded")
	}
}

func TestOrientations(t *testing.T) {
	for _, c := range []struct{ irot, imir, want int }{
		{-1, -1, 1},
		{0, -1, 1},
		{1, -1, 8},
		{2, -1, 3},
		{3, -1, 6},
		{-1, 0, 4},
		{-1, 1, 2},
		{1, 0, 5},
		{1, 1, 7},
		{3, 0, 7},
		{3, 1, 5},
		{2, 1, 4},
	} {
		o := orientation{1, 0, 0, 1}
		if c.irot >= 0 {
			o = quarterTurns[c.irot].after(o)
		}
		if c.imir >= 0 {
			o = mirrors[c.imir].after(o)
		}
		if got := o.exif(); got != c.want {
			t.Errorf("irot %d imir %d: %d, want %d", c.irot, c.imir, got, c.want)
		}
	}
}

func FuzzReadInfo(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*i[cf]")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		f.Add(read(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info := ReadInfo(data)
		if info.Orientation < 1 || info.Orientation > 8 || info.Width < 0 || info.Height < 0 {
			t.Fatalf("%+v", info)
		}
		if info.Memory(int64(len(data))) <= 0 {
			t.Fatalf("memory %d", info.Memory(int64(len(data))))
		}
	})
}
