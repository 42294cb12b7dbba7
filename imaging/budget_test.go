package imaging

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
)

func TestBudgetIsFairAndCancellable(t *testing.T) {
	b := NewBudget(100)
	first, err := b.take(t.Context(), 60)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.take(t.Context(), 101); codeOf(t, err) != TooMuchMemory {
		t.Errorf("more than all of it: %v", err)
	}
	got := make(chan string, 3)
	wait := func(ctx context.Context, name string, n int64) {
		b.mu.Lock()
		before := len(b.waiting)
		b.mu.Unlock()
		go func() {
			s, err := b.take(ctx, n)
			if err != nil {
				got <- name + " " + err.Error()
				return
			}
			got <- name
			s.drop()
		}()
		for before >= 0 {
			b.mu.Lock()
			if len(b.waiting) > before {
				before = -1
			}
			b.mu.Unlock()
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	wait(ctx, "given up", 90)
	wait(t.Context(), "large", 80)
	wait(t.Context(), "small", 40) // would fit now, but came after large
	cancel()
	if s := <-got; s != "given up context canceled" {
		t.Errorf("%q", s)
	}
	first.keep(20)
	if s := <-got; s != "large" {
		t.Errorf("%q was served first", s)
	}
	if s := <-got; s != "small" {
		t.Errorf("%q", s)
	}
	first.drop()
	first.drop()
	if b.held != 0 {
		t.Errorf("%d held", b.held)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := b.take(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestRowsAreTheLibrarys decodes every PNG by rows and compares with what the
// standard library makes of it.
func TestRowsAreTheLibrarys(t *testing.T) {
	files := map[string][]byte{}
	for _, name := range []string{"deep.png", "interlaced.png", "palette-interlaced.png"} {
		files[name] = golden(t, "testdata/"+name)
	}
	r := image.Rect(0, 0, 37, 23)
	grey, clear := image.NewGray(r), image.NewNRGBA(r)
	deep, odd := image.NewGray16(r), image.NewNRGBA64(r)
	spots := image.NewPaletted(r, color.Palette{color.White, color.NRGBA{200, 10, 30, 255}, color.NRGBA{10, 90, 30, 60}})
	for y := range 23 {
		for x := range 37 {
			grey.SetGray(x, y, color.Gray{uint8(7 * x * y)})
			deep.SetGray16(x, y, color.Gray16{uint16(1777 * x * y)})
			clear.SetNRGBA(x, y, color.NRGBA{uint8(6 * x), uint8(9 * y), uint8(x * y), uint8(255 - 5*x)})
			odd.SetNRGBA64(x, y, color.NRGBA64{uint16(1500 * x), uint16(2000 * y), uint16(x * y), uint16(65535 - 1700*x)})
			spots.SetColorIndex(x, y, uint8((x+y)%3))
		}
	}
	for name, m := range map[string]image.Image{"grey": grey, "alpha": clear, "grey16": deep, "alpha16": odd, "palette": spots} {
		files[name] = pngBytes(t, m)
	}
	for name, data := range files {
		whole, err := Decode(t.Context(), data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		h := readHeader(formatPNG, data)
		off := 1.5
		if name == "alpha16" { // colour and alpha are each rounded to 8 bits before they meet
			off = 2
		}
		for _, factor := range []int{1, 2, 4, 16} {
			h.png.rows, h.png.factor = true, factor
			d, err := decodePNGRows(t.Context(), h.png, data)
			if err != nil || d.problem != "" {
				t.Fatalf("%s: %v %s", name, err, d.problem)
			}
			p := &Picture{Stored: d.pixels, Width: d.full.X, Height: d.full.Y, Orientation: 1}
			size := p.Stored.Bounds().Size()
			want, got := whole.RGBA(0), p.RGBA(0)
			if got.Rect.Size() != size {
				t.Fatalf("%s by %d: %v, want %v", name, factor, got.Rect, size)
			}
			for y := range size.Y {
				for x := range size.X {
					square := image.Rect(x*factor, y*factor, (x+1)*factor, (y+1)*factor).Intersect(want.Rect)
					for c, v := range mean(want, square) {
						if is := float64(got.Pix[got.PixOffset(x, y)+c]); is-v > off || v-is > off {
							t.Fatalf("%s by %d at %d, %d, channel %d: %f, want %f", name, factor, x, y, c, is, v)
						}
					}
				}
			}
		}
	}
}

// mean is what a part of a picture has of red, green, blue and alpha.
func mean(m *image.RGBA, r image.Rectangle) (out [4]float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for c := range out {
				out[c] += float64(m.Pix[m.PixOffset(x, y)+c]) / float64(r.Dx()*r.Dy())
			}
		}
	}
	return out
}

// TestReducedPicture asks a picture that was halved while decoding for parts
// in the file's own pixels.
func TestReducedPicture(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for y := range 30 {
		for x := range 40 {
			m.SetRGBA(x, y, color.RGBA{uint8(6 * x), uint8(8 * y), 0, 255})
		}
	}
	small, err := shrunk(t.Context(), m, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, orientation := range []int{1, 6} {
		p := &Picture{Stored: small, Width: 40, Height: 30, Orientation: orientation}
		full := &Picture{Stored: m, Width: 40, Height: 30, Orientation: orientation}
		if orientation == 6 {
			p.Width, p.Height, full.Width, full.Height = 30, 40, 30, 40
		}
		r := image.Rect(3, 5, 20, 27)
		got, want := p.Region(r), full.Region(r)
		if got.Rect != want.Rect {
			t.Fatalf("%v, want %v", got.Rect, want.Rect)
		}
		for i := range got.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d > 6 || d < -6 {
				t.Fatalf("orientation %d: byte %d is %d, want %d", orientation, i, got.Pix[i], want.Pix[i])
			}
		}
		a, b := p.LumaOf(r, 9, 11), full.LumaOf(r, 9, 11)
		for i := range b.Pix {
			if d := a.Pix[i] - b.Pix[i]; len(a.Pix) != len(b.Pix) || d > 9 || d < -9 {
				t.Fatalf("orientation %d: %f, want %f", orientation, a.Pix[i], b.Pix[i])
			}
		}
		if l := p.LumaOf(image.Rect(0, 0, 4, 4), 4, 4); l.Width != 4 || l.Height != 4 {
			t.Errorf("a part of more pixels than are there: %d x %d", l.Width, l.Height)
		}
	}
}

// TestEveryDecodeIsCounted opens every golden file in a budget and sees it
// empty after each.
func TestEveryDecodeIsCounted(t *testing.T) {
	old := process.Load()
	SetBudget(300 << 20)
	t.Cleanup(func() { process.Store(old) })
	for _, name := range []string{"photo.jpg", "deep.png", "animated.gif", "animated.webp", "lossless.webp", "lzw.tif", "rgb.bmp"} {
		p, err := Decode(t.Context(), golden(t, "testdata/"+name), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if BudgetHeld() < storedBytes(p.Stored) || storedBytes(p.Stored) == 0 {
			t.Errorf("%s: %d held of %d", name, BudgetHeld(), storedBytes(p.Stored))
		}
		p.Release()
		if BudgetHeld() != 0 {
			t.Errorf("%s: %d held after", name, BudgetHeld())
		}
	}
	cut := golden(t, "testdata/photo.jpg")
	if p, err := Decode(t.Context(), cut[:len(cut)/2], Limits{}); err == nil {
		p.Release()
	}
	SetBudget(1 << 10)
	_, err := Decode(t.Context(), cut, Limits{})
	if codeOf(t, err) != TooMuchMemory {
		t.Errorf("%v", err)
	}
	var e *Error
	if errors.As(err, &e) {
		if en, zh := e.Text(); en == "" || zh == "" || en == zh {
			t.Errorf("%q %q", en, zh)
		}
	}
}

// TestDamageOnASmallBudget: a damaged file is called so, not too large, where
// there is no room to look for what is left of it.
func TestDamageOnASmallBudget(t *testing.T) {
	old := process.Load()
	SetBudget(100 << 20)
	t.Cleanup(func() { process.Store(old) })
	photo := golden(t, "testdata/photo.jpg")
	for name, data := range map[string][]byte{
		"no frame": append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), make([]byte, 500)...),
		"cut":      photo[:150],
	} {
		if _, err := Decode(t.Context(), data, Limits{}); codeOf(t, err) != Broken {
			t.Errorf("%s: %v", name, err)
		}
	}
}
