package angle_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/samples/travel"
	"github.com/evenhand/evenhand/screening/angle"
)

// TestErrorRates is the table of docs/angle.md, measured: honest places of
// real and drawn photos of one thing, the true damage of drawn goods, and
// damage painted into one of two photos; the other photo with light, blur,
// glare and compression of its own. It takes some ten minutes:
//
//	EVENHAND_LONG=1 go test -run TestErrorRates -v -timeout 60m ./screening/angle
func TestErrorRates(t *testing.T) {
	if os.Getenv("EVENHAND_LONG") == "" {
		t.Skip("takes ten minutes: EVENHAND_LONG=1 measures")
	}
	r := &rates{t: t, count: map[string]*tallyOf{}}
	t.Run("real", func(t *testing.T) { r.t = t; r.real("../../../shared/data") })
	t.Run("drawn", func(t *testing.T) { r.t = t; r.drawn(2) })
	r.t = t
	r.print()
	if honest := r.count["honest, all"]; honest != nil && float64(honest.strong) > 0.005*float64(honest.asked) {
		t.Errorf("%d of %d honest places are called absent at strong", honest.strong, honest.asked)
	}
}

// tallyOf counts the answers about one kind of place.
type tallyOf struct{ asked, strong, weak, there, undecided, unseen, apart int }

func (c *tallyOf) add(l angle.Look) {
	c.asked++
	switch {
	case l.Answer == angle.Absent && l.Strength == evidence.Strong:
		c.strong++
	case l.Answer == angle.Absent:
		c.weak++
	case l.Answer == angle.Present:
		c.there++
	case l.Reason == angle.Undecided:
		c.undecided++
	case l.Reason == angle.NotCommon || l.Reason == angle.SamePicture:
		c.apart++
	default:
		c.unseen++
	}
}

type rates struct {
	t     *testing.T
	count map[string]*tallyOf
	off   []float64 // pixels between where points were carried and where they are
}

func (r *rates) add(l angle.Look, kinds ...string) {
	for _, kind := range kinds {
		if r.count[kind] == nil {
			r.count[kind] = &tallyOf{}
		}
		r.count[kind].add(l)
	}
}

// sofar tells a patient reader what was counted until now.
func (r *rates) sofar(scene string) {
	for _, name := range []string{"honest, all", "honest, true damage", "painted, all", "painted, drawn, all of it in view"} {
		if c := r.count[name]; c != nil {
			r.t.Logf("after %s: %s: %+v", scene, name, *c)
		}
	}
}

func (r *rates) print() {
	var names []string
	for name := range r.count {
		names = append(names, name)
	}
	slices.Sort(names)
	if slices.Sort(r.off); len(r.off) > 0 {
		r.t.Logf("%d rim points of places on drawn goods, carried: half lie within %.2f pixels of where they are, 95 %% within %.2f",
			len(r.off), r.off[len(r.off)/2], r.off[len(r.off)*95/100])
	}
	r.t.Logf("%-36s %6s %7s %6s %6s %10s %7s %6s", "kind", "asked", "strong", "weak", "there", "undecided", "unseen", "apart")
	for _, name := range names {
		c := r.count[name]
		r.t.Logf("%-36s %6d %7d %6d %6d %10d %7d %6d", name, c.asked, c.strong, c.weak, c.there, c.undecided, c.unseen, c.apart)
	}
}

// real asks about the public photos.
func (r *rates) real(data string) {
	if _, err := os.Stat(data); err != nil {
		r.t.Log("public pictures are not here: ../shared/data is absent")
		return
	}
	for _, pattern := range []string{"handheld/buddha*", "handheld/house*", "products/candle/*", "products/clock/*", "products/duck_toy/*", "products/monster_toy/*", "products/rc_car/*"} {
		files, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			r.t.Fatal(err)
		}
		var photos []*image.RGBA
		for _, f := range files {
			photos = append(photos, r.open(f))
		}
		scene := strings.Trim(strings.TrimSuffix(pattern, "*"), "/")
		r.things("real", scene, photos, nil)
		r.sofar(scene)
	}
}

// drawn asks about drawn goods: sound ones, and damaged ones about their true
// damage. Every other visit's views are those of a buyer who was asked for a
// photo from a little to the side.
func (r *rates) drawn(visits int) {
	harms := map[string][]string{
		"mug": {"crack", "stain"}, "vase": {"crack", "stain"}, "tin": {"dent", "stain"}, "box": {"dent", "tear"},
		"book": {"tear", "mould"}, "bear": {"tear", "stain"}, "fruit": {"mould", "dent"}, "shoe": {"stain", "mould"},
	}
	for _, p := range samples.Products() {
		r.t.Run(p.Name, func(t *testing.T) {
			defer func(outer *testing.T) { r.t = outer }(r.t)
			r.t = t
			for visit := range visits {
				for _, harm := range []string{"", harms[p.Name][visit%2]} {
					r.visit(p.Name, harm, visit)
				}
			}
		})
	}
}

// visit asks about the three views of one visit.
func (r *rates) visit(product, harm string, visit int) {
	var photos []*image.RGBA
	var places []evidence.Region
	var shots []samples.Shot
	for view := range 3 {
		s := samples.Claim(product, uint64(9500+visit), view+1, samples.Damage{Kind: harm, Seed: uint64(277 + visit)})
		s.Width, s.Height = 1024, 768
		if visit%2 == 1 && view > 0 {
			rng := chance(product, visit, view)
			s.Yaw = shots[0].Yaw + float64(1-2*rng.IntN(2))*(5+7*float64(view-1)+7*rng.Float64())
			s.Elevation = shots[0].Elevation + 12*rng.Float64() - 6
		}
		photo, err := samples.Take(context.Background(), s)
		if err != nil {
			r.t.Fatal(err)
		}
		shots = append(shots, s)
		photos, places = append(photos, photo.Image), append(places, bounds(photo.Damaged))
	}
	if harm == "" {
		r.things("drawn", product, photos, shots)
		r.geometry(shots, photos)
	} else {
		r.damaged(product, harm, photos, places, shots)
	}
	r.sofar(fmt.Sprint(product, " ", visit, " ", harm))
}

// apart says how far apart two views are, for kinds.
func apart(shots []samples.Shot, i, j int) string {
	switch d := math.Abs(shots[i].Yaw - shots[j].Yaw); {
	case d < 10:
		return "under 10 degrees"
	case d < 20:
		return "10 to 20 degrees"
	}
	return "20 degrees and more"
}

// things asks each photo of a sound thing about places of each other, honest
// ones and painted ones. Shots are known of drawn photos.
func (r *rates) things(origin, scene string, photos []*image.RGBA, shots []samples.Shot) {
	for i, a := range photos {
		for j, b := range photos {
			if i == j {
				continue
			}
			rng := chance(origin+scene, i, j)
			other, kind := r.carried(b, rng)
			p := angle.Compare(r.view(a, 88), other)
			for range 4 {
				s := 0.05 + 0.2*rng.Float64()
				place := evidence.Region{X: 0.28 + 0.44*rng.Float64() - s/2, Y: 0.28 + 0.44*rng.Float64() - s/2, Width: s, Height: s * (0.6 + 0.8*rng.Float64())}
				kinds := []string{"honest, all", "honest, " + origin, "honest, " + origin + " " + scene, "honest, other photo: " + kind}
				if shots != nil {
					kinds = append(kinds, "honest, drawn, "+apart(shots, i, j))
				}
				r.add(p.Look(place), kinds...)
			}
			for range 2 {
				damage := forge.Kinds()[rng.IntN(len(forge.Kinds()))]
				painted, mask := forge.Paint(a, damage, rng)
				kinds := []string{"painted, all", "painted, " + origin, "painted, " + origin + " " + scene, "painted: " + string(damage), "painted, other photo: " + kind}
				if shots != nil {
					kinds = append(kinds, "painted, drawn, "+apart(shots, i, j))
					if r.inView(shots[i], shots[j], mask, rng) >= 0.9 {
						kinds = append(kinds, "painted, drawn, all of it in view", "painted, drawn, in view, "+apart(shots, i, j))
					}
				}
				r.add(angle.Compare(r.view(painted, 80+rng.IntN(15)), other).Look(bounds(mask)), kinds...)
			}
		}
	}
}

// inView is the share of a mask's points that the other shot shows, by the
// true geometry.
func (r *rates) inView(a, b samples.Shot, mask *image.Alpha, rng *rand.Rand) float64 {
	var all, some [][2]float64
	for i, m := range mask.Pix {
		if m > 127 {
			all = append(all, [2]float64{float64(i%mask.Stride) + 0.5, float64(i/mask.Stride) + 0.5})
		}
	}
	for range min(60, len(all)) {
		some = append(some, all[rng.IntN(len(all))])
	}
	truth, err := samples.Carry(a, b, some)
	if err != nil {
		r.t.Fatal(err)
	}
	n := 0
	for _, s := range truth {
		if s.Seen {
			n++
		}
	}
	return float64(n) / float64(max(1, len(some)))
}

// geometry compares where rims of places are carried with where they are.
func (r *rates) geometry(shots []samples.Shot, photos []*image.RGBA) {
	rims := [8][2]float64{{0, 0}, {0.5, 0}, {1, 0}, {1, 0.5}, {1, 1}, {0.5, 1}, {0, 1}, {0, 0.5}}
	for i := range photos {
		for j := range photos {
			if i == j {
				continue
			}
			rng := chance("geometry", i, j)
			p := angle.Compare(r.view(photos[i], 90), r.view(photos[j], 90))
			for range 6 {
				place := evidence.Region{X: 0.3 + 0.35*rng.Float64(), Y: 0.3 + 0.35*rng.Float64(), Width: 0.06, Height: 0.08}
				l := p.Look(place)
				if len(l.Outline) != 8 {
					continue
				}
				var points [][2]float64
				for _, q := range rims {
					points = append(points, [2]float64{1024 * (place.X + q[0]*place.Width), 768 * (place.Y + q[1]*place.Height)})
				}
				truth, err := samples.Carry(shots[i], shots[j], points)
				if err != nil {
					r.t.Fatal(err)
				}
				for k, s := range truth {
					if s.Seen {
						r.off = append(r.off, math.Hypot(1024*l.Outline[k][0]-s.X, 768*l.Outline[k][1]-s.Y))
					}
				}
			}
		}
	}
}

func (r *rates) damaged(scene, harm string, photos []*image.RGBA, places []evidence.Region, shots []samples.Shot) {
	for i, a := range photos {
		for j, b := range photos {
			if i == j || places[i].Width*places[i].Height < 1e-4 || places[j].Width == 0 {
				continue
			}
			rng := chance(scene+harm, i, j)
			other, kind := r.carried(b, rng)
			l := angle.Compare(r.view(a, 88), other).Look(places[i])
			r.add(l, "honest, all", "honest, true damage", "honest, true "+harm, "honest, true damage, "+apart(shots, i, j), "honest, other photo: "+kind)
		}
	}
}

func chance(scene string, i, j int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d %d", scene, i, j)
	return rand.New(rand.NewPCG(h.Sum64(), 5))
}

func (r *rates) open(name string) *image.RGBA {
	data, err := os.ReadFile(name)
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := imaging.Decode(context.Background(), data, imaging.Limits{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer p.Release()
	return p.RGBA(1280)
}

func (r *rates) view(img *image.RGBA, quality int) *angle.View {
	data, err := samples.EncodeJPEG(img, quality)
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := imaging.Decode(context.Background(), data, imaging.Limits{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer p.Release()
	return angle.Prepare(p)
}

// carried is the other photo as another moment and another way leave it.
func (r *rates) carried(img *image.RGBA, rng *rand.Rand) (*angle.View, string) {
	kinds := []string{"as it is", "light", "blur", "jpeg", "glare", "all of these"}
	kind, quality := kinds[rng.IntN(len(kinds))], 88
	all := kind == "all of these"
	if kind == "glare" || all {
		img = glare(img, rng)
	}
	if kind == "light" || all {
		img = r.step(img, travel.Tone{
			Brightness: 50*rng.Float64() - 25, Contrast: 0.5*rng.Float64() - 0.25, Gamma: 0.75 + 0.6*rng.Float64(),
			Saturation: 0.7 + 0.6*rng.Float64(), Warmth: 0.24*rng.Float64() - 0.12,
		})
	}
	if kind == "blur" || all {
		small := r.step(img, travel.Rescale{Factor: 0.35 + 0.4*rng.Float64()})
		img = r.step(small, travel.Rescale{Factor: float64(img.Rect.Dx()) / float64(small.Rect.Dx())})
	}
	if kind == "jpeg" || all {
		quality = 40 + rng.IntN(30)
	}
	return r.view(img, quality), kind
}

func (r *rates) step(img *image.RGBA, s travel.Step) *image.RGBA {
	data, _, err := travel.Trip{Steps: []travel.Step{s, travel.JPEG{Quality: 95}}}.Apply(img)
	if err != nil {
		r.t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		r.t.Fatal(err)
	}
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

// glare lays one to three lights over the middle of the picture, soft or hard.
func glare(img *image.RGBA, rng *rand.Rand) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for range 1 + rng.IntN(3) {
		cx, cy := float64(w)*(0.3+0.4*rng.Float64()), float64(h)*(0.3+0.4*rng.Float64())
		rx, ry := float64(w)*(0.02+0.08*rng.Float64()), float64(w)*(0.02+0.08*rng.Float64())
		top, hard := 120+300*rng.Float64(), 1+5*rng.Float64()
		for y := range h {
			for x := range w {
				v := top * math.Exp(-math.Pow(math.Hypot((float64(x)-cx)/rx, (float64(y)-cy)/ry), 1+hard))
				for c := range 3 {
					i := y*out.Stride + 4*x + c
					out.Pix[i] = uint8(min(255, float64(out.Pix[i])+v))
				}
			}
		}
	}
	return out
}

// bounds frames a mask's opaque pixels.
func bounds(m *image.Alpha) evidence.Region {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	box := image.Rectangle{}
	for y := range h {
		for x := range w {
			if m.Pix[y*m.Stride+x] > 127 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return evidence.Region{X: float64(box.Min.X) / float64(w), Y: float64(box.Min.Y) / float64(h), Width: float64(box.Dx()) / float64(w), Height: float64(box.Dy()) / float64(h)}
}
