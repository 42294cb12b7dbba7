package trace

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
)

// The pictures that rates are measured on: the public ones beside the
// repository, sent through what honest phones and messengers do, and what
// forgers do to them.

const shared = "../../../shared/data"

// source is one real picture. Pictures that share a scene share Scene.
type source struct {
	path, scene, set string
}

// sources lists the honest pictures, sorted; the test is skipped without them.
func sources(t testing.TB) (all []source) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	err := filepath.WalkDir(shared, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		in, _ := filepath.Rel(shared, path)
		parts := strings.Split(filepath.ToSlash(in), "/")
		base := parts[len(parts)-1]
		picture := strings.HasSuffix(base, ".jpg") || strings.HasSuffix(base, ".png") || strings.HasSuffix(base, ".jpeg")
		switch {
		case !picture:
		case parts[0] == "handheld":
			all = append(all, source{path, "handheld " + base[:4], "handheld"})
		case parts[0] == "products":
			all = append(all, source{path, "products " + parts[1], "products"})
		case parts[0] == "grocery":
			all = append(all, source{path, strings.Join(parts[2:len(parts)-1], " "), "grocery"})
		case parts[0] == "ai-edits" && (strings.HasPrefix(base, "reference.") || strings.Contains(base, "-before.")):
			all = append(all, source{path, strings.TrimSuffix(in, filepath.Ext(in)), "ai-edits"})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return all
}

// held is whether a scene belongs to the half that thresholds were not chosen on.
func (s source) held() bool { return hash(s.scene)&1 == 1 }

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

func (s source) rng(of string) *rand.Rand { return rand.New(rand.NewPCG(hash(s.path), hash(of))) }

func pixels(t testing.TB, path string) *image.RGBA {
	p, err := imaging.Open(t.Context(), path, imaging.Limits{})
	if err != nil {
		t.Fatal(path, err)
	}
	return p.RGBA(0)
}

func asJPEG(m image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func asPNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// again is what a picture looks like after a JPEG.
func again(m *image.RGBA, quality int) *image.RGBA {
	back, err := jpeg.Decode(bytes.NewReader(asJPEG(m, quality)))
	if err != nil {
		panic(err)
	}
	out := image.NewRGBA(m.Rect)
	draw.Draw(out, out.Rect, back, image.Point{}, draw.Src)
	return out
}

func trip(m *image.RGBA, steps ...travel.Step) []byte {
	out, _, err := travel.Trip{Steps: steps}.Apply(m)
	if err != nil {
		panic(err)
	}
	return out
}

func cropped(m *image.RGBA, x, y int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.Rect.Dx()-x, m.Rect.Dy()-y))
	draw.Draw(out, out.Rect, m, image.Pt(x, y), draw.Src)
	return out
}

// fresh shrinks a picture, where it is large enough, so that what a phone does
// before its first compression is done to pixels that have forgotten theirs.
func fresh(m *image.RGBA) *image.RGBA {
	if min(m.Rect.Dx(), m.Rect.Dy()) < 600 {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		return imaging.Warp(m, imaging.ScaleBy(1/0.83, 1/0.83), w*83/100, h*83/100)
	}
	return imaging.Halve(m)
}

// variant is something that happens to a picture.
type variant struct {
	name string
	make func(m *image.RGBA, rng *rand.Rand) []byte
}

// honest is what honest phones, apps and messengers do. "as it is" is the
// file itself and is not in the list.
func honest() []variant {
	return []variant{
		{"JPEG 75", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 75) }},
		{"JPEG 95", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 95) }},
		{"phone, then JPEG 80 to 98", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(phonePhoto(m, r), 80+r.IntN(19)) }},
		{"half, JPEG 85", func(m *image.RGBA, _ *rand.Rand) []byte {
			return trip(m, travel.Rescale{Factor: 0.5, Filter: travel.Area}, travel.JPEG{Quality: 85})
		}},
		{"half, JPEG 75", func(m *image.RGBA, _ *rand.Rand) []byte {
			return trip(m, travel.Rescale{Factor: 0.5, Filter: travel.Bicubic}, travel.JPEG{Quality: 75})
		}},
		{"crop, JPEG 80 to 97", func(m *image.RGBA, r *rand.Rand) []byte {
			return asJPEG(cropped(m, 1+r.IntN(60), 1+r.IntN(60)), 80+r.IntN(18))
		}},
		{"messenger", func(m *image.RGBA, r *rand.Rand) []byte {
			return trip(m, travel.Rescale{Factor: 0.55 + 0.3*r.Float64(), Filter: travel.Bilinear}, travel.JPEG{Quality: 68 + r.IntN(15)})
		}},
		{"messenger twice", func(m *image.RGBA, r *rand.Rand) []byte {
			return trip(m, travel.Rescale{Factor: 0.8, Filter: travel.Bicubic}, travel.JPEG{Quality: 80 + r.IntN(10)}, travel.Crop{X: 0.03, Y: 0.05, Width: 0.9, Height: 0.9}, travel.JPEG{Quality: 70 + r.IntN(25)})
		}},
		{"saved as PNG", func(m *image.RGBA, _ *rand.Rand) []byte { return asPNG(m) }},
		{"crop, PNG", func(m *image.RGBA, r *rand.Rand) []byte { return asPNG(cropped(m, 1+r.IntN(60), 1+r.IntN(60))) }},
		{"crop, JPEG, PNG", func(m *image.RGBA, r *rand.Rand) []byte {
			return asPNG(again(cropped(m, 1+r.IntN(60), 1+r.IntN(60)), 75+r.IntN(23)))
		}},
		{"HDR", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(hdr(fresh(m)), 88+r.IntN(9)) }},
		{"night", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(denoised(fresh(m), 2, 120), 85+r.IntN(10)) }},
		{"portrait", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(portrait(fresh(m), r), 88+r.IntN(9)) }},
		{"beauty", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(beauty(fresh(m), r), 88+r.IntN(9)) }},
		{"panorama", func(m *image.RGBA, r *rand.Rand) []byte { return asJPEG(panorama(fresh(m), r), 85+r.IntN(10)) }},
		{"screenshot", func(m *image.RGBA, r *rand.Rand) []byte {
			shot := trip(m, travel.Rescale{Factor: 0.6 + 0.3*r.Float64(), Filter: travel.Bicubic}, travel.Frame{Style: "chat", Seed: r.Uint64()}, travel.JPEG{Quality: 100})
			back, err := jpeg.Decode(bytes.NewReader(shot))
			if err != nil {
				panic(err)
			}
			return asPNG(back)
		}},
	}
}

// smoothed is the edge-keeping filter of He, Sun and Tang (TPAMI 2013) within
// squares of side 2r+1, eps in squared levels, one channel.
func smoothed(in []float64, w, h, r int, eps float64) []float64 {
	square := make([]float64, len(in))
	for i, v := range in {
		square[i] = v * v
	}
	mean, mean2 := boxed(in, w, h, r), boxed(square, w, h, r)
	a, b := make([]float64, len(in)), make([]float64, len(in))
	for i := range in {
		v := max(0, mean2[i]-mean[i]*mean[i])
		a[i] = v / (v + eps)
		b[i] = mean[i] * (1 - a[i])
	}
	a, b = boxed(a, w, h, r), boxed(b, w, h, r)
	for i := range in {
		b[i] += a[i] * in[i]
	}
	return b
}

// boxed is the mean over squares of side 2r+1, smaller at the rim.
func boxed(in []float64, w, h, r int) []float64 {
	pass := func(in []float64, n, lines, step, stride int) []float64 {
		out := make([]float64, len(in))
		sum := make([]float64, n+1)
		for l := range lines {
			at := l * stride
			for i := range n {
				sum[i+1] = sum[i] + in[at+i*step]
			}
			for i := range n {
				a, b := max(0, i-r), min(n, i+r+1)
				out[at+i*step] = (sum[b] - sum[a]) / float64(b-a)
			}
		}
		return out
	}
	return pass(pass(in, w, h, 1, w), h, w, w, 1)
}

// perChannel applies do to each channel of m.
func perChannel(m *image.RGBA, do func(in []float64, w, h int) []float64) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(m.Rect)
	ch := make([]float64, w*h)
	for c := range 3 {
		for i := range ch {
			ch[i] = float64(m.Pix[4*i+c])
		}
		for i, v := range do(ch, w, h) {
			out.Pix[4*i+c] = uint8(max(0, min(255, math.Round(v))))
			out.Pix[4*i+3] = 255
		}
	}
	return out
}

// hdr lifts shadows and keeps detail: a local tone curve.
func hdr(m *image.RGBA) *image.RGBA {
	return perChannel(m, func(in []float64, w, h int) []float64 {
		base := smoothed(in, w, h, 24, 900)
		for i, v := range in {
			b := max(0, base[i]) / 255
			base[i] = 255*math.Pow(b, 0.7) + 1.4*(v-base[i])
		}
		return base
	})
}

func denoised(m *image.RGBA, r int, eps float64) *image.RGBA {
	return perChannel(m, func(in []float64, w, h int) []float64 { return smoothed(in, w, h, r, eps) })
}

// ellipse is a soft mask, 1 within, covering share of the picture.
func ellipse(w, h int, share float64, rng *rand.Rand, feather float64) []float64 {
	area := share * float64(w*h)
	ratio := 0.6 + 0.9*rng.Float64()
	a := math.Sqrt(area / math.Pi * ratio)
	b := area / math.Pi / a
	a, b = min(a, 0.45*float64(w)), min(b, 0.45*float64(h))
	cx, cy := a+rng.Float64()*(float64(w)-2*a), b+rng.Float64()*(float64(h)-2*b)
	out := make([]float64, w*h)
	for y := range h {
		for x := range w {
			d := (math.Hypot((float64(x)-cx)/a, (float64(y)-cy)/b) - 1) * min(a, b) // pixels outside, about
			out[y*w+x] = max(0, min(1, 0.5-d/feather))
		}
	}
	return out
}

func mixed(under, over *image.RGBA, mask []float64) *image.RGBA {
	out := image.NewRGBA(under.Rect)
	for i, a := range mask {
		for c := range 3 {
			out.Pix[4*i+c] = uint8(math.Round((1-a)*float64(under.Pix[4*i+c]) + a*float64(over.Pix[4*i+c])))
		}
		out.Pix[4*i+3] = 255
	}
	return out
}

// portrait blurs what lies outside of a subject.
func portrait(m *image.RGBA, rng *rand.Rand) *image.RGBA {
	blur := perChannel(m, func(in []float64, w, h int) []float64 { return boxed(boxed(in, w, h, 5), w, h, 5) })
	return mixed(blur, m, ellipse(m.Rect.Dx(), m.Rect.Dy(), 0.35, rng, 6))
}

// beauty smooths a face.
func beauty(m *image.RGBA, rng *rand.Rand) *image.RGBA {
	return mixed(m, denoised(m, 4, 300), ellipse(m.Rect.Dx(), m.Rect.Dy(), 0.12, rng, 12))
}

// panorama blends two exposures that are a fraction of a pixel apart.
func panorama(m *image.RGBA, rng *rand.Rand) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	moved := imaging.Warp(m, imaging.Affine{A: 1.004, B: 0.003, C: 0.3 + rng.Float64(), D: -0.003, E: 1.004, F: rng.Float64()}, w, h)
	mask := make([]float64, w*h)
	for i := range mask {
		mask[i] = max(0, min(1, 0.5+(float64(i%w)-0.5*float64(w))/40))
	}
	return mixed(m, moved, mask)
}

// forgery changes part of a picture that a phone saved.
type forgery struct {
	name string
	make func(m, other *image.RGBA, rng *rand.Rand) *image.RGBA
}

// ends is how a forgery is saved.
func ends() []variant {
	return []variant{
		{"PNG", func(m *image.RGBA, _ *rand.Rand) []byte { return asPNG(m) }},
		{"JPEG 97", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 97) }},
		{"JPEG 92", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 92) }},
		{"JPEG 85", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 85) }},
		{"JPEG 75", func(m *image.RGBA, _ *rand.Rand) []byte { return asJPEG(m, 75) }},
		{"half, JPEG 85", func(m *image.RGBA, _ *rand.Rand) []byte {
			return trip(m, travel.Rescale{Factor: 0.5, Filter: travel.Area}, travel.JPEG{Quality: 85})
		}},
	}
}

func forgeries() []forgery {
	return []forgery{
		{"painted", func(m, _ *image.RGBA, r *rand.Rand) *image.RGBA {
			out, _ := forge.Paint(m, forge.Kinds()[r.IntN(len(forge.Kinds()))], r)
			return out
		}},
		{"generated area", func(m, _ *image.RGBA, r *rand.Rand) *image.RGBA {
			return mixed(m, forge.Redraw(m, r), ellipse(m.Rect.Dx(), m.Rect.Dy(), 0.02+0.08*r.Float64(), r, 6))
		}},
		{"pasted", func(m, other *image.RGBA, r *rand.Rand) *image.RGBA {
			w, h := m.Rect.Dx(), m.Rect.Dy()
			over := image.NewRGBA(m.Rect)
			dx, dy := 1+r.IntN(7)+8*r.IntN(5), 1+r.IntN(7)+8*r.IntN(5)
			for y := range h {
				for x := range w {
					copy(over.Pix[4*(y*w+x):][:4], other.Pix[other.PixOffset((x+dx)%other.Rect.Dx(), (y+dy)%other.Rect.Dy()):][:4])
				}
			}
			return mixed(m, over, ellipse(w, h, 0.02+0.08*r.Float64(), r, 3))
		}},
		{"copy-moved", func(m, _ *image.RGBA, r *rand.Rand) *image.RGBA {
			w, h := m.Rect.Dx(), m.Rect.Dy()
			over := image.NewRGBA(m.Rect)
			dx, dy := w/4+r.IntN(w/2), h/4+r.IntN(h/2)
			for y := range h {
				for x := range w {
					copy(over.Pix[4*(y*w+x):][:4], m.Pix[m.PixOffset((x+dx)%w, (y+dy)%h):][:4])
				}
			}
			return mixed(m, over, ellipse(w, h, 0.02+0.06*r.Float64(), r, 3))
		}},
	}
}

// marked is what honest people put on a photo they have saved, to show what
// they mean.
func marked() []variant {
	var out []variant
	for _, sort := range []string{"marker", "text", "sticker"} {
		out = append(out, variant{sort, func(m *image.RGBA, r *rand.Rand) []byte {
			return trip(m, travel.Overlay{Sort: sort, Count: 1, Seed: r.Uint64()}, travel.JPEG{Quality: 90 + r.IntN(10)})
		}})
	}
	return out
}

// decoded opens bytes that a test made.
func decoded(t testing.TB, data []byte) *imaging.Picture {
	p, err := imaging.Decode(t.Context(), data, imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// phonePhoto is what a phone would have saved: a fresh picture, once
// compressed.
func phonePhoto(m *image.RGBA, rng *rand.Rand) *image.RGBA { return again(fresh(m), 80+rng.IntN(14)) }
