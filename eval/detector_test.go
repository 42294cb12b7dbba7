package eval

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// byWidth scores a picture by its width: 100 pixels are 1.
type byWidth struct{}

func (byWidth) Score(_ context.Context, p *imaging.Picture) (float64, error) {
	if p.Height == 13 {
		return 0, &detector.Error{File: "card.json", Text: text.Text{EN: "unlucky", ZH: "不吉利"}}
	}
	return float64(p.Width) / 100, nil
}

// widths lays pictures of these widths out.
func widths(t *testing.T, dir string, files map[string]int) {
	t.Helper()
	for name, w := range files {
		writePNG(t, filepath.Join(dir, name), w, 10, nil)
	}
}

func TestMeasureDetectorOnLabelledFolders(t *testing.T) {
	dir := t.TempDir()
	files := map[string]int{"edited/one.png": 300, "edited/two.png": 310, "edited/b/three.png": 320, "honest/.hidden.png": 999}
	for i := range 120 {
		files[fmt.Sprintf("honest/%d/%d.png", i/2, i)] = 20 + i
	}
	widths(t, dir, files)
	// The same picture as an honest one, and one that cannot be asked about.
	writePNG(t, filepath.Join(dir, "edited/again.png"), 20, 10, nil)
	writePNG(t, filepath.Join(dir, "edited/unlucky.png"), 77, 13, nil)
	if err := os.WriteFile(filepath.Join(dir, "honest/words.txt"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, DetectorOptions{}, "2026-11-29")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Counted{{120, 60}, {3, 3}}, []Counted{got.Honest, got.Edited}); d != "" {
		t.Errorf("pictures (-want +got):\n%s", d)
	}
	if got.Ranked != 1 || len(got.Errors) != 1 || len(got.LeftOut) != 1 || got.Strongest != "" {
		t.Errorf("ranked %v, strongest %s, errors %+v, left out %+v", got.Ranked, got.Strongest, got.Errors, got.LeftOut)
	}
	for _, at := range got.At {
		if at.Threshold != nil || at.Found.Count != 0 || at.Told != nil {
			t.Errorf("60 sources bound a rate of %v: %+v", at.Rate, at)
		}
	}
	k := got.Calibration()
	if detector.Pictures(k.Honest) != 120 || len(k.Honest) != 60 || k.Measured != "2026-11-29" || math.Abs(k.Rate(2)-1.0/61) > 1e-12 {
		t.Errorf("calibration of %d pictures, %d sources, rate %v", detector.Pictures(k.Honest), len(k.Honest), k.Rate(2))
	}
}

func TestMeasureDetectorOnPairs(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 90, "hard/2-a": 95, "other/3-b": -9})
	for i, name := range []string{"same/1-a", "hard/2-a", "other/3-b"} {
		writePNG(t, filepath.Join(dir, name, "reference.png"), 200+i, 150, nil)
	}
	for references, honest := range map[bool]int{false: 1, true: 4} {
		got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, DetectorOptions{References: references}, "")
		if err != nil {
			t.Fatal(err)
		}
		if got.Honest.Pictures != honest || got.Edited.Pictures != 2 || references && got.Ranked != 1 {
			t.Errorf("references %v: %+v", references, got)
		}
	}
}

func TestMeasureDetectorNeedsBoth(t *testing.T) {
	dir := t.TempDir()
	widths(t, dir, map[string]int{"honest/1.png": 20})
	_, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{}, byWidth{}, DetectorOptions{}, "")
	if layout, ok := errors.AsType[*LayoutError](err); !ok || !strings.Contains(layout.Text.EN, "both honest and edited") || layout.Text.ZH == "" {
		t.Errorf("error %v", err)
	}
}

// What a detector is called fit for, and what the table says, from scores.
func TestDetectorTable(t *testing.T) {
	make := func(honest, edited int, edge float64) *DetectorReport {
		var all []scored
		var h, e [][]float64
		for i := range honest {
			s := float64(i) / float64(honest)
			all, h = append(all, scored{source: fmt.Sprint("h", i), score: s, done: true}), append(h, []float64{s})
		}
		for i := range edited {
			s := edge + float64(i)/float64(edited)
			all, e = append(all, scored{labelled: labelled{edited: true}, source: fmt.Sprint("e", i), score: s, done: true}), append(e, []float64{s})
		}
		r := &DetectorReport{Schema: DetectorSchema, Detector: "net", Version: "1", calibration: detector.NewCalibration(&detector.Card{}, "", h, e)}
		r.summarise(all)
		return r
	}
	for _, tt := range []struct {
		name           string
		honest, edited int
		edge           float64
		strongest      evidence.Strength
		says           string
	}{
		{"few", 50, 20, 2, "", "until 99 honest sources were measured (50 are)"},
		{"few edited ones", 400, 1, 2, evidence.Weak, "can be weak"},
		{"some", 400, 20, 2, evidence.Weak, "can be weak: strong ones need 1000"},
		{"many", 1200, 20, 2, evidence.Strong, "can be strong"},
		{"no better than chance", 1200, 20, 0, evidence.Note, "notes alone"},
	} {
		r := make(tt.honest, tt.edited, tt.edge)
		if r.Strongest != tt.strongest {
			t.Errorf("%s: strongest %s, want %s", tt.name, r.Strongest, tt.strongest)
		}
		var en, zh strings.Builder
		if err := errors.Join(r.Terminal(&en, report.Style{Lang: "en"}), r.Terminal(&zh, report.Style{Lang: "zh"})); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(en.String(), tt.says) || strings.Contains(en.String()+zh.String(), "%!") || !strings.Contains(zh.String(), "检测器") {
			t.Errorf("%s: %s\n%s", tt.name, en.String(), zh.String())
		}
		for _, at := range r.At {
			// A half bounds a rate where it has 99, or 999, sources: with fewer none
			// could be told, which is no measurement.
			if enough := float64(tt.honest) > 2.2/at.Rate; enough != (at.Told != nil) {
				t.Errorf("%s: at a rate of %v, told %v", tt.name, at.Rate, at.Told)
			}
			if at.Told != nil && (at.Told.Of != tt.honest || at.Told.Share > 3*at.Rate+0.005) {
				t.Errorf("%s: of %d honest ones %v are told at a rate of %v", tt.name, at.Told.Of, at.Told.Share, at.Rate)
			}
		}
	}
}

func TestRankedByHand(t *testing.T) {
	at := func(edited bool, s float64) scored {
		return scored{labelled: labelled{edited: edited}, score: s, done: true}
	}
	for want, all := range map[float64][]scored{
		1: {at(false, 1), at(true, 2)}, 0: {at(false, 2), at(true, 1)}, 0.5: {at(false, 1), at(true, 1)},
		0.625: {at(false, 1), at(false, 3), at(true, 1), at(true, 4)}, // of four pairs: half, 0, 1, 1
	} {
		if got := ranked(all); got != want {
			t.Errorf("%v: ranked %v", want, got)
		}
	}
}

// look is a drawing that no other seed's looks like, of the colours of one photograph.
func look(seed uint64) *image.Gray {
	rng := rand.New(rand.NewPCG(seed, 1))
	var waves [12][3]float64
	for k := range waves {
		waves[k] = [3]float64{rng.Float64() * 0.3, rng.Float64() * 0.3, rng.Float64() * 6}
	}
	img := image.NewGray(image.Rect(0, 0, 96, 80))
	for y := range 80 {
		for x := range 96 {
			v := 128.0
			for _, w := range waves {
				v += 14 * math.Sin(w[0]*float64(x)+w[1]*float64(y)+w[2])
			}
			img.SetGray(x, y, color.Gray{uint8(min(max(v, 0), 255))})
		}
	}
	return img
}

// One photograph saved a hundred times is one: whether by its pixels, with words
// before them, or by its looks.
func TestOnePhotographCountsOnce(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	encoded := func(img image.Image, quality int) []byte {
		var b bytes.Buffer
		err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
		if quality == 0 {
			b.Reset()
			err = png.Encode(&b, img)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	photo := encoded(look(1), 0)
	for i := range 100 {
		// The same pixels in another file: a text chunk after the header.
		words := fmt.Appendf(nil, "tEXtComment\x00%d", i)
		chunk := binary.BigEndian.AppendUint32(nil, uint32(len(words)-4))
		chunk = binary.BigEndian.AppendUint32(append(chunk, words...), crc32.ChecksumIEEE(words))
		put(fmt.Sprintf("honest/%d.png", i), slices.Concat(photo[:33], chunk, photo[33:]))
	}
	for i := range 30 {
		put(fmt.Sprintf("honest/q%d.jpg", i), encoded(look(1), 60+i))
	}
	put("honest/another.png", encoded(look(2), 0))
	put("edited/it.png", encoded(look(3), 0))
	got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, DetectorOptions{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Honest.Sources != 2 || got.Honest.Pictures > 32 || got.Again < 99 || got.Edited.Sources != 1 {
		t.Errorf("honest %+v, edited %+v, %d again", got.Honest, got.Edited, got.Again)
	}
}

// Pictures that share any of their sources are of one.
func TestSharedSourcesAreOne(t *testing.T) {
	of := func(names ...string) scored { return scored{labelled: labelled{sources: names}, done: true} }
	got := apart([]scored{of("anna", "product-7"), of("bert"), of("product-7"), of("carla", "bert"), of("dora")})
	var sources []string
	for _, s := range got {
		sources = append(sources, s.source)
	}
	if d := cmp.Diff([]string{"anna", "bert", "anna", "bert", "dora"}, sources); d != "" {
		t.Errorf("sources (-want +got):\n%s", d)
	}
}

// Folders and files that are links are followed, once each; a link that leads
// nowhere is told.
func TestLinksAreFollowed(t *testing.T) {
	elsewhere, dir := t.TempDir(), t.TempDir()
	widths(t, elsewhere, map[string]int{"photos/1.png": 20, "photos/2.png": 30, "album/3.png": 40, "file.png": 50})
	widths(t, dir, map[string]int{"edited/9.png": 90})
	if err := os.Symlink(filepath.Join(elsewhere, "photos"), filepath.Join(dir, "honest")); err != nil {
		t.Skip("no links here:", err)
	}
	for name, to := range map[string]string{"anna": filepath.Join(elsewhere, "album"), "again": filepath.Join(elsewhere, "photos"), "4.png": filepath.Join(elsewhere, "file.png"), "gone.png": "nowhere.png"} {
		if err := os.Symlink(to, filepath.Join(elsewhere, "photos", name)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, DetectorOptions{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Honest.Pictures != 4 || got.Honest.Sources != 4 || len(got.LeftOut) != 1 || !strings.HasSuffix(got.LeftOut[0].Folder, "gone.png") {
		t.Errorf("honest %+v, left out %+v", got.Honest, got.LeftOut)
	}
}

// counting counts what is asked, and ends the measurement after so many.
type counting struct {
	byWidth
	asked *atomic.Int32
	stop  func(n int32) error
}

func (c counting) Score(ctx context.Context, p *imaging.Picture) (float64, error) {
	if err := c.stop(c.asked.Add(1)); err != nil {
		return 0, err
	}
	return c.byWidth.Score(ctx, p)
}

// weary gives up after so many answers.
type weary struct {
	counting
	after int32
}

func (w weary) GaveUp() bool { return w.asked.Load() >= w.after }

func TestStoppedMeasurementGoesOn(t *testing.T) {
	dir := t.TempDir()
	files := map[string]int{"edited/one.png": 300}
	for i := range 40 {
		files[fmt.Sprintf("honest/%d.png", i)] = 20 + i
	}
	widths(t, dir, files)
	name := filepath.Join(t.TempDir(), "k.json.part")
	measure := func(ctx context.Context, with Scorer, settings string) (*DetectorReport, error) {
		t.Helper()
		kept, err := OpenKept(name, settings)
		if err != nil {
			t.Fatal(err)
		}
		r, err := MeasureDetector(ctx, []string{dir}, &detector.Card{Name: "net", Version: "1"}, with, DetectorOptions{Kept: kept, Options: Options{Jobs: 2}}, "")
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
		return r, err
	}
	ctx, cancel := context.WithCancel(t.Context())
	var first, second, third atomic.Int32
	if r, err := measure(ctx, counting{asked: &first, stop: func(n int32) error {
		if n == 15 {
			cancel()
			return context.Canceled
		}
		return nil
	}}, "s"); err != context.Canceled || !r.Partial {
		t.Fatalf("error %v", err)
	}
	// What was written last may be half a line.
	if f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	} else if _, err := f.WriteString(`{"file":"ha`); errors.Join(err, f.Close()) != nil {
		t.Fatal(err)
	}
	fine := func(int32) error { return nil }
	if r, err := measure(t.Context(), weary{counting{asked: &second, stop: fine}, 10}, "s"); err != nil || !r.GaveUp || !r.Partial || len(r.Errors) > 0 {
		t.Errorf("a detector that gives up: %v, %+v", err, r)
	}
	r, err := measure(t.Context(), counting{asked: &third, stop: fine}, "s")
	if err != nil || r.Partial || r.Honest.Pictures != 40 || r.Edited.Pictures != 1 || r.calibration.Rate(0.595) != 1.0/41 {
		t.Errorf("gone on: %v, %+v", err, r)
	}
	if n := second.Load(); n > 12 {
		t.Errorf("a detector that gave up after 10 was asked %d times", n)
	}
	if n := first.Load() + second.Load() + third.Load(); n > 43 {
		t.Errorf("%d pictures were asked about, of 41", n)
	}
	var other atomic.Int32
	if _, err := measure(t.Context(), counting{asked: &other, stop: fine}, "of another network"); err != nil || other.Load() != 41 {
		t.Errorf("another network's scores were used: %v, %d asked", err, other.Load())
	}
}
