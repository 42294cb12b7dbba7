package detector

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/detector/onnx/onnxtest"
	"github.com/evenhand/evenhand/text"
)

// brightness is a network whose answer is the sigmoid of 4·(r + g + b)/3 - 2, each
// colour's mean from 0 to 1.
func brightness() []byte {
	third := float32(4.0 / 3)
	return onnxtest.File(
		onnxtest.Input("x", 1, 3, 4, 4), onnxtest.Output("y"),
		onnxtest.Weight("w", []int64{3, 1}, third, third, third), onnxtest.Weight("b", []int64{1}, -2),
		onnxtest.Op("GlobalAveragePool", []string{"x"}, "m"), onnxtest.Op("Flatten", []string{"m"}, "f"),
		onnxtest.Op("Gemm", []string{"f", "w", "b"}, "z"), onnxtest.Op("Sigmoid", []string{"z"}, "y"),
	)
}

// cardFor lays a network and its card out, as change makes it, and returns the
// card's file.
func cardFor(t testing.TB, model []byte, change func(c map[string]any)) string {
	t.Helper()
	dir := t.TempDir()
	sum := sha256.Sum256(model)
	card := map[string]any{
		"schema": CardSchema, "name": "bright", "version": "1.2", "model": "bright.onnx", "sha256": hex.EncodeToString(sum[:]),
		"input":  map[string]any{"width": 4, "height": 4, "layout": "nchw", "colours": "rgb", "fit": "stretch"},
		"output": map[string]any{"index": 0, "function": "none", "high": "edited"},
	}
	if change != nil {
		change(card)
	}
	data, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"bright.onnx": model, "card.json": data} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "card.json")
}

// piped is a process in this one: Serve at the other ends of two pipes.
type piped struct {
	io.Reader
	io.Writer
	close []io.Closer
}

func (p *piped) Close() error {
	for _, c := range p.close {
		_ = c.Close()
	}
	return nil
}

// process launches what serve does with its standard input and output.
func process(serve func(in io.Reader, out io.Writer)) Launch {
	return func(context.Context, int64) (io.ReadWriteCloser, error) {
		in, toChild := io.Pipe()
		fromChild, out := io.Pipe()
		go func() {
			serve(in, out)
			_ = out.Close()
			_ = in.Close()
		}()
		return &piped{fromChild, toChild, []io.Closer{toChild, fromChild, in, out}}, nil
	}
}

func network() Launch {
	return process(func(in io.Reader, out io.Writer) { _ = Serve(context.Background(), in, out) })
}

// plain is a picture of one colour.
func plain(w, h int, c color.RGBA) *imaging.Picture {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, c)
		}
	}
	return &imaging.Picture{Format: "png", Width: w, Height: h, Stored: img, Orientation: 1}
}

func TestScoreByHand(t *testing.T) {
	for _, high := range []string{"edited", "honest"} {
		card := cardFor(t, brightness(), func(c map[string]any) {
			c["output"] = map[string]any{"name": "y", "index": 0, "function": "none", "high": high}
		})
		d, err := Open(card, network())
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range []uint8{255, 51, 0, 102} {
			got, err := d.Score(t.Context(), plain(9, 7, color.RGBA{level, level, level, 255}))
			want := 1 / (1 + math.Exp(2-4*float64(level)/255))
			if high == "honest" {
				want = -want
			}
			if err != nil || math.Abs(got-want) > 2e-6 {
				t.Errorf("%s, level %d: %v, %v, want %v", high, level, got, err, want)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestScoresOfOutputs(t *testing.T) {
	for _, tt := range []struct {
		out    Output
		values []float64
		want   float64
	}{
		{Output{Function: "none", High: "edited"}, []float64{2.5}, 2.5},
		{Output{Function: "sigmoid", High: "edited"}, []float64{0}, 0.5},
		{Output{Function: "sigmoid", High: "honest"}, []float64{math.Log(3)}, 0.25},
		{Output{Function: "softmax", High: "edited", Index: 1}, []float64{0, math.Log(3)}, 0.75},
		{Output{Function: "softmax", High: "honest", Index: 1}, []float64{1000, 1000 + math.Log(3)}, 0.25},
	} {
		if got, err := tt.out.score(tt.values); err != nil || math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%+v of %v: %v, %v, want %v", tt.out, tt.values, got, err, tt.want)
		}
	}
	for _, values := range [][]float64{nil, {math.NaN()}, {math.Inf(1)}, {1e305}} {
		if _, err := (Output{Function: "none"}).score(values); err == nil {
			t.Errorf("%v has a score", values)
		}
	}
}

func TestNumbersOfPictures(t *testing.T) {
	// Left half red 255, right half blue 51.
	img := image.NewRGBA(image.Rect(0, 0, 4, 2))
	for i := range 8 {
		c := color.RGBA{255, 0, 0, 255}
		if i%4 >= 2 {
			c = color.RGBA{0, 0, 51, 255}
		}
		img.SetRGBA(i%4, i/4, c)
	}
	pic := &imaging.Picture{Width: 4, Height: 2, Stored: img, Orientation: 1}
	one := []float64{1, 1, 1}
	tests := []struct {
		name string
		in   Input
		want []float32
	}{
		{"stretched", Input{Width: 2, Height: 1, Layout: "nchw", Colours: "rgb", Fit: "stretch", Scale: 1, Mean: []float64{0, 0, 0}, Deviation: one}, []float32{255, 0, 0, 0, 0, 51}},
		{"channels last, blue first, normalised", Input{
			Width: 2, Height: 1, Layout: "nhwc", Colours: "bgr", Fit: "stretch", Scale: 1.0 / 51, Mean: []float64{1, 0, 2}, Deviation: []float64{1, 1, 0.5},
		}, []float32{-1, 0, 6, 0, 0, -4}},
		{"the middle of what covers", Input{Width: 1, Height: 1, Layout: "nchw", Colours: "rgb", Fit: "crop", Scale: 1, Mean: []float64{0, 0, 0}, Deviation: one}, []float32{128, 0, 26}},
		{"the middle pixels", Input{Width: 2, Height: 1, Layout: "nchw", Colours: "rgb", Fit: "centre", Scale: 1, Mean: []float64{0, 0, 0}, Deviation: one}, []float32{255, 0, 0, 0, 0, 51}},
	}
	for _, tt := range tests {
		got, err := tt.in.numbers(pic)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for k := range tt.want {
			if len(got) != len(tt.want) || math.Abs(float64(got[k]-tt.want[k])) > 1e-4 {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
				break
			}
		}
	}
	if _, err := (Input{Width: 5, Height: 1, Fit: "centre"}).numbers(pic); err == nil {
		t.Error("five pixels were taken of four")
	}
	reduced := &imaging.Picture{Width: 8, Height: 4, Stored: img, Orientation: 1}
	if _, err := (Input{Width: 2, Height: 1, Fit: "centre"}).numbers(reduced); err == nil || !strings.Contains(err.Error(), "read smaller") {
		t.Errorf("pixels as they are, of a picture that was read smaller: %v", err)
	}
}

// The part that is looked at is cut out before anything is computed: the middle of
// the largest photo can be had, and of a strip a square no larger than its side is
// ever scaled. Turned, the middle stays the middle.
func TestThePartIsCutFirst(t *testing.T) {
	in := Input{Width: 224, Height: 224, Layout: "nchw", Colours: "rgb", Fit: "centre", Scale: 1, Mean: []float64{0, 0, 0}, Deviation: []float64{1, 1, 1}}
	large := image.NewYCbCr(image.Rect(0, 0, 5600, 3800), image.YCbCrSubsampleRatio420) // 20 million pixels
	for y := range 3800 {
		for x := range 5600 {
			large.Y[y*large.YStride+x] = uint8(x % 251)
		}
	}
	for k := range large.Cb {
		large.Cb[k], large.Cr[k] = 128, 128
	}
	got, err := in.numbers(&imaging.Picture{Width: 5600, Height: 3800, Stored: large, Orientation: 1})
	if err != nil {
		t.Fatal(err)
	}
	left := (5600 - 224) / 2 &^ 3
	for x := range 224 {
		if want := float32((left + x) % 251); got[x] != want {
			t.Fatalf("column %d is %v, want %v", x, got[x], want)
		}
	}
	strip := &imaging.Picture{Width: 7000, Height: 100, Stored: image.NewGray(image.Rect(0, 0, 100, 7000)), Orientation: 6}
	in = Input{Width: 64, Height: 32, Fit: "crop"}
	part, err := in.part(strip)
	if err != nil {
		t.Fatal(err)
	}
	if b := part.Stored.Bounds(); b != image.Rect(0, 3400, 100, 3600) || part.Width != 200 || part.Height != 100 {
		t.Errorf("of a strip %v is scaled, upright %d x %d", b, part.Width, part.Height)
	}
}

// A detector that is refused, crashes, hangs, lies or talks without end gives no
// answer, says so in both languages, and is asked no more after three times.
func TestDetectorsThatFail(t *testing.T) {
	loop := onnxtest.File(onnxtest.Input("x", 1, 3, 4, 4), onnxtest.Output("y"), onnxtest.Op("Loop", []string{"x"}, "y", onnxtest.Message(5, onnxtest.Words(1, "body"), onnxtest.Message(6))))
	greet := func(in io.Reader, out io.Writer) { fmt.Fprintln(out, `{"about":{"weights":1}}`) }
	swallow := func(in io.Reader, out io.Writer) { _, _ = io.Copy(io.Discard, in) }
	both := func(f ...func(io.Reader, io.Writer)) Launch {
		return process(func(in io.Reader, out io.Writer) {
			go swallow(in, nil)
			for _, g := range f {
				g(in, out)
			}
		})
	}
	wait := func(in io.Reader, out io.Writer) { select {} }
	tests := []struct {
		name, says string
		model      []byte
		launch     Launch
	}{
		{"a loop in the file", "a graph within a graph", loop, network()},
		{"another size", "takes pictures of the size", onnxtest.File(onnxtest.Input("x", 1, 3, 5, 5), onnxtest.Output("y"), onnxtest.Op("Relu", []string{"x"}, "y")), network()},
		{"no number", "no number", onnxtest.File(onnxtest.Input("x", 1, 3, 4, 4), onnxtest.Output("y"), onnxtest.Op("Sub", []string{"x", "x"}, "n"), onnxtest.Op("Div", []string{"n", "n"}, "y")), network()},
		{"ends at once", "ended without an answer", brightness(), process(func(io.Reader, io.Writer) {})},
		{"ends when asked", "ended without an answer", brightness(), both(greet)},
		{"never answers", "no answer within", brightness(), both(greet, wait)},
		{"says what is no answer", "what is no answer", brightness(), both(greet, func(_ io.Reader, out io.Writer) { fmt.Fprintln(out, "hello") })},
		{"has too few numbers", "the output has 0 numbers", brightness(), both(greet, func(_ io.Reader, out io.Writer) { fmt.Fprintln(out, `{"values":[]}`) })},
		{"talks without end", "ended without an answer", brightness(), both(greet, func(_ io.Reader, out io.Writer) {
			for {
				if _, err := io.WriteString(out, strings.Repeat("1,", 1<<15)); err != nil {
					return
				}
			}
		})},
		{"cannot be started", "no space", brightness(), func(context.Context, int64) (io.ReadWriteCloser, error) {
			return nil, &Error{Text: text.Text{EN: "no space", ZH: "没有空间"}}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Open(cardFor(t, tt.model, nil), tt.launch)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(tt.says, "within") {
				d.patience = 100 * time.Millisecond
			}
			for range tries {
				_, told, err := d.Look(t.Context(), plain(8, 8, color.RGBA{9, 9, 9, 255}))
				said, ok := err.(*Error)
				if told || !ok || !strings.Contains(said.Text.EN, tt.says) || said.Text.ZH == "" || said.File == "" {
					t.Fatalf("told %v, error %v, want %q in both languages", told, err, tt.says)
				}
			}
			if _, err := d.Score(t.Context(), plain(8, 8, color.RGBA{9, 9, 9, 255})); err == nil || !strings.Contains(err.Error(), "asked no more") {
				t.Errorf("after %d failures: %v", tries, err)
			}
			if d.running() != nil {
				t.Error("a process is left")
			}
		})
	}
}

// Who stops waiting ends the process, and that counts as no failure.
func TestStoppingEndsTheProcess(t *testing.T) {
	asked := make(chan struct{})
	d, err := Open(cardFor(t, brightness(), nil), process(func(in io.Reader, out io.Writer) {
		close(asked)
		_, _ = io.Copy(io.Discard, in) // until it is ended
	}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := d.Score(ctx, plain(8, 8, color.RGBA{A: 255})); err != context.Canceled || d.failures != 0 || d.running() != nil {
		t.Errorf("error %v, %d failures", err, d.failures)
	}
}

func TestCardsAreChecked(t *testing.T) {
	in := func(c map[string]any) map[string]any { return c["input"].(map[string]any) }
	tests := []struct {
		says   string
		change func(c map[string]any)
	}{
		{"schema is", func(c map[string]any) { c["schema"] = "evenhand.detector/9" }},
		{"name is", func(c map[string]any) { c["name"] = "Bright!" }},
		{"needed", func(c map[string]any) { c["version"] = "" }},
		{"unknown field", func(c map[string]any) { in(c)["widht"] = 4 }},
		{"input is 0", func(c map[string]any) { in(c)["width"] = 0 }},
		{"input is 9000", func(c map[string]any) { in(c)["width"] = 9000 }},
		{"layout is", func(c map[string]any) { in(c)["layout"] = "chw" }},
		{"colours is", func(c map[string]any) { in(c)["colours"] = "" }},
		{"deviation", func(c map[string]any) { in(c)["deviation"] = []float64{1, 0, 1} }},
		{"high is", func(c map[string]any) { c["output"] = map[string]any{"function": "none", "high": "fake"} }},
		{"memory", func(c map[string]any) { c["memory"] = 1 << 30 }},
		{"sha256 is", func(c map[string]any) { c["sha256"] = strings.Repeat("g", 64) }},
		{"SHA-256", func(c map[string]any) { c["sha256"] = strings.Repeat("0", 64) }},
		{"cannot be read", func(c map[string]any) { c["model"] = "nothing.onnx" }},
		{"evenhand eval --detector makes it", func(c map[string]any) { c["calibration"] = "nothing.json" }},
		{"no calibration", func(c map[string]any) { c["calibration"] = "card.json" }},
	}
	for _, tt := range tests {
		_, err := Open(cardFor(t, brightness(), tt.change), network())
		said, ok := err.(*Error)
		if !ok || !strings.Contains(said.Text.EN, tt.says) || said.Text.ZH == "" {
			t.Errorf("error %v, want %q in both languages", err, tt.says)
		}
		if ok && tt.says == "unknown field" && !strings.Contains(said.Text.ZH, "widht") {
			t.Errorf("the field is not named in Chinese: %s", said.Text.ZH)
		}
	}
	upper := func(c map[string]any) { c["sha256"] = strings.ToUpper(c["sha256"].(string)) }
	if _, err := Open(cardFor(t, brightness(), upper), network()); err != nil {
		t.Errorf("a digest in capitals: %v", err)
	}
}

// What is to be measured cannot have its measurement yet, or has that of another
// version: it can be opened for measuring all the same.
func TestOpenToMeasureNeedsNoCalibration(t *testing.T) {
	card := cardFor(t, brightness(), func(c map[string]any) { c["calibration"] = "k.json" })
	for _, there := range []bool{false, true} {
		if there {
			if err := os.WriteFile(filepath.Join(filepath.Dir(card), "k.json"), []byte(`{"schema":"evenhand.detector-calibration/1"}`), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Open(card, network()); err == nil {
			t.Errorf("there: %v: it was opened without its calibration", there)
		}
		d, err := OpenToMeasure(card, network())
		if err != nil {
			t.Fatalf("there: %v: %v", there, err)
		}
		if _, err := d.Score(t.Context(), plain(8, 8, color.RGBA{A: 255})); err != nil {
			t.Errorf("there: %v: %v", there, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Who stops waiting while a process is being started, or waits for a turn, starts
// no other: neither is anything left running.
func TestStoppingWhileItStarts(t *testing.T) {
	launching, cancelled := make(chan struct{}), make(chan struct{})
	launches := 0
	inner := network()
	d, err := Open(cardFor(t, brightness(), nil), func(ctx context.Context, memory int64) (io.ReadWriteCloser, error) {
		if launches++; launches == 1 {
			close(launching)
			<-cancelled
		}
		return inner(ctx, memory)
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ends := make(chan error, 3)
	for range cap(ends) {
		go func() { _, err := d.Score(ctx, plain(8, 8, color.RGBA{A: 255})); ends <- err }()
	}
	<-launching
	cancel()
	close(cancelled)
	for range cap(ends) {
		if err := <-ends; err != context.Canceled {
			t.Errorf("error %v", err)
		}
	}
	if launches != 1 || d.running() != nil || d.failures != 0 {
		t.Errorf("%d processes were started, one is left: %v, %d failures", launches, d.running() != nil, d.failures)
	}
	if _, err := d.Score(t.Context(), plain(8, 8, color.RGBA{A: 255})); err != nil {
		t.Errorf("asked again: %v", err)
	}
	_ = d.Close()
}

// Who stops waiting for a turn leaves the process to whoever has it.
func TestStoppingBeforeItsTurn(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	inner := network()
	d, err := Open(cardFor(t, brightness(), nil), func(ctx context.Context, memory int64) (io.ReadWriteCloser, error) {
		close(asked)
		<-answer
		return inner(ctx, memory)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	first, second := make(chan error, 1), make(chan error, 1)
	score := func(ctx context.Context, end chan error) {
		_, err := d.Score(ctx, plain(8, 8, color.RGBA{A: 255}))
		end <- err
	}
	go score(t.Context(), first)
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	go score(ctx, second)
	close(answer)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if err := <-second; err != context.Canceled || d.running() == nil {
		t.Errorf("error %v, and the process is left: %v", err, d.running() != nil)
	}
}

// The clock ends a launch that hangs, as soon as the launch looks at its context.
func TestClockWhileItStarts(t *testing.T) {
	d, err := Open(cardFor(t, brightness(), nil), func(ctx context.Context, _ int64) (io.ReadWriteCloser, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	d.patience = 20 * time.Millisecond
	if _, err := d.Score(t.Context(), plain(8, 8, color.RGBA{A: 255})); err == nil || !strings.Contains(err.Error(), "within") {
		t.Errorf("error %v", err)
	}
}

// An output that is not there is named beside the ones that are: each name cut to
// a line, the list to ten.
func TestOutputsAreNamedInShort(t *testing.T) {
	parts := [][]byte{onnxtest.Input("x", 1, 3, 4, 4)}
	for k := range 30 {
		name := fmt.Sprintf("out%02d", k)
		parts = append(parts, onnxtest.Output(name), onnxtest.Op("Relu", []string{"x"}, name))
	}
	card := cardFor(t, onnxtest.File(parts...), func(c map[string]any) {
		c["output"] = map[string]any{"name": "logits", "index": 0, "function": "none", "high": "edited"}
	})
	d, err := Open(card, network())
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.About(t.Context())
	if err == nil || !strings.Contains(err.Error(), `30 outputs: "out00", "out01"`) || !strings.Contains(err.Error(), `"out09", …`) || strings.Contains(err.Error(), "out10") {
		t.Errorf("error %v", err)
	}
}
