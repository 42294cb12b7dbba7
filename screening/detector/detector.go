package detector

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
)

// Launch starts a process that runs Serve on its standard input and output,
// within so many bytes of memory. Closing it ends the process and whatever waits
// for it.
type Launch func(ctx context.Context, memory int64) (io.ReadWriteCloser, error)

// Detector is one that is ready to be asked. It may be asked from several
// goroutines, and answers one at a time.
type Detector struct {
	Card        *Card
	Calibration *Calibration // nil where there is none
	launch      Launch
	patience    time.Duration // for starting it and one answer

	mu       sync.Mutex // held while it is asked
	from     *bufio.Reader
	about    About
	failures int // in a row
	gone     atomic.Bool

	who   sync.Mutex // guards child: the clock may end it while it is asked
	child io.ReadWriteCloser
}

// Open reads a detector's card, its calibration where the card names one, and
// makes sure that the network is the one of the card. The process is started when
// it is first asked.
func Open(card string, launch Launch) (*Detector, error) {
	d, err := OpenToMeasure(card, launch)
	if err != nil {
		return nil, err
	}
	if d.Card.Calibration != "" {
		if d.Calibration, err = readCalibration(d.Card); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// OpenToMeasure is Open without the calibration, which is still to be made, or
// was made of another version.
func OpenToMeasure(card string, launch Launch) (*Detector, error) {
	c, err := ReadCard(card)
	if err != nil {
		return nil, err
	}
	if _, err := c.model(context.Background()); err != nil {
		return nil, err
	}
	return &Detector{Card: c, launch: launch, patience: time.Duration(c.Seconds+startSeconds) * time.Second}, nil
}

// Close ends the process.
func (d *Detector) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.end()
}

func (d *Detector) end() error {
	child := d.running()
	if child == nil {
		return nil
	}
	d.set(nil)
	return child.Close()
}

func (d *Detector) running() io.ReadWriteCloser {
	d.who.Lock()
	defer d.who.Unlock()
	return d.child
}

func (d *Detector) set(child io.ReadWriteCloser) {
	d.who.Lock()
	defer d.who.Unlock()
	d.child = child
}

// About starts the network and says what it is.
func (d *Detector) About(ctx context.Context) (About, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.within(ctx, d.start)
	return d.about, err
}

// tries is how often in a row a detector may give no answer before it is asked
// no more.
const tries = 3

// Score asks for a picture: from 0 up, the more the likelier edited.
func (d *Detector) Score(ctx context.Context, pic *imaging.Picture) (float64, error) {
	numbers, err := d.Card.Input.numbers(pic)
	if err != nil {
		return 0, d.named(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err // while it waited for its turn
	}
	if d.failures >= tries {
		return 0, d.problem("it gave no answer %d times in a row and is asked no more", "连续 %d 次没有给出结果，不再使用", tries)
	}
	var score float64
	err = d.within(ctx, func(ctx context.Context) error {
		if err := d.start(ctx); err != nil {
			return err
		}
		values, err := d.ask(numbers)
		if err != nil {
			return err
		}
		score, err = d.Card.Output.score(values)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			d.failures++
			d.gone.Store(d.failures >= tries)
		}
		return 0, err
	}
	d.failures = 0
	return score, nil
}

// GaveUp tells whether it failed so often that it is asked no more. It waits for no
// answer.
func (d *Detector) GaveUp() bool { return d.gone.Load() }

// startSeconds is added to an answer's time for starting the process and
// reading the network.
const startSeconds = 30

// within runs do within the detector's time. Where that runs out or ctx ends, do
// is told by its context and the process is ended, which makes do return wherever
// it is: reading the network, launching the process or waiting for it.
func (d *Detector) within(ctx context.Context, do func(context.Context) error) error {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(own) }()
	clock := time.NewTimer(d.patience)
	defer clock.Stop()
	select {
	case err := <-done:
		if err != nil {
			_ = d.end() // whatever it says now would be the answer to something else
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return d.named(err)
	case <-ctx.Done():
	case <-clock.C:
	}
	cancel()
	if child := d.running(); child != nil {
		_ = child.Close()
	}
	<-done
	_ = d.end()
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.problem("it gave no answer within %.0f s", "%.0f 秒内没有给出结果", d.patience.Seconds())
}

// start launches the process and gives it the network.
func (d *Detector) start(ctx context.Context) error {
	if d.running() != nil {
		return nil
	}
	data, err := d.Card.model(ctx)
	if err != nil {
		return err
	}
	memory := int64(d.Card.Memory) << 20
	child, err := d.launch(ctx, memory)
	if err != nil {
		return err
	}
	d.set(child)
	// Whoever stopped waiting before the process was there could not end it.
	if err := ctx.Err(); err != nil {
		_ = d.end()
		return err
	}
	d.from = bufio.NewReaderSize(child, 1<<16)
	told, err := json.Marshal(opening{Bytes: int64(len(data)), Memory: memory, Shape: d.Card.Input.shape(), Output: d.Card.Output.Name})
	if err != nil {
		return err
	}
	for _, part := range [][]byte{append(told, '\n'), data} {
		if _, err := child.Write(part); err != nil {
			return d.died()
		}
	}
	answer, err := d.reply()
	if err != nil {
		return err
	}
	if answer.About == nil {
		return d.died()
	}
	d.about = *answer.About
	return nil
}

// ask sends one picture's numbers.
func (d *Detector) ask(numbers []float32) ([]float64, error) {
	raw := make([]byte, 4*len(numbers))
	for k, v := range numbers {
		binary.LittleEndian.PutUint32(raw[4*k:], math.Float32bits(v))
	}
	child := d.running()
	if child == nil {
		return nil, d.died()
	}
	if _, err := child.Write(raw); err != nil {
		return nil, d.died()
	}
	answer, err := d.reply()
	if err != nil {
		return nil, err
	}
	return answer.Values, nil
}

// reply reads a line of the process.
func (d *Detector) reply() (reply, error) {
	var out reply
	line, err := readLine(d.from, maxReply)
	if err != nil {
		return out, d.died()
	}
	if err := json.Unmarshal(line, &out); err != nil {
		return out, d.problem("its process says what is no answer", "其进程的回复无法识别")
	}
	if out.Error != nil {
		return out, &Error{d.Card.file, text.Text{EN: short(out.Error.EN), ZH: short(out.Error.ZH)}}
	}
	return out, nil
}

// died is for a process that went away: it crashed, or was stopped at a bound.
func (d *Detector) died() error {
	return d.problem("its process ended without an answer: it crashed, or needed more memory than its %d MB", "其进程没有给出结果就结束了：可能崩溃，或超出了 %d MB 内存", d.Card.Memory)
}

// score makes of an output's numbers one that is high for edited pictures.
func (o Output) score(values []float64) (float64, error) {
	if o.Index >= len(values) {
		return 0, problem("", "output.index is %d; the output has %d numbers", "output.index 为 %d，而输出有 %d 个数", o.Index, len(values))
	}
	v := values[o.Index]
	switch o.Function {
	case "sigmoid":
		v = 1 / (1 + math.Exp(-v))
	case "softmax":
		top, sum := math.Inf(-1), 0.0
		for _, w := range values {
			top = max(top, w)
		}
		for _, w := range values {
			sum += math.Exp(w - top)
		}
		v = math.Exp(v-top) / sum
	}
	if o.High == "honest" {
		if v = -v; o.Function != "none" {
			v++
		}
	}
	// Machines differ in the last digits of sums; a finding should not.
	if v = math.Round(v*1e6) / 1e6; math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, problem("", "its answer is no number", "其输出不是有效的数值")
	}
	return v, nil
}

func (d *Detector) problem(en, zh string, args ...any) error {
	return problem(d.Card.file, en, zh, args...)
}

// named puts the card's file to an error that has none.
func (d *Detector) named(err error) error {
	if known, ok := err.(*Error); ok && known.File == "" {
		return &Error{d.Card.file, known.Text}
	}
	return err
}

// short keeps what a process says within a few lines.
func short(s string) string {
	if runes := []rune(s); len(runes) > 400 {
		return string(runes[:400]) + "…"
	}
	return s
}
