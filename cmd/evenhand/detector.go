package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/eval"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// detectorChild is the argument by which this binary is the process that holds
// a network. It is no command: it speaks over pipes and nobody types it.
const detectorChild = "detector-process"

// The process must be had from any binary that asks for one, tests' among them,
// and should first load nothing that it will not use.
func init() {
	if len(os.Args) == 2 && os.Args[1] == detectorChild {
		if err := detector.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, detectorChild+":", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// launcher starts processes for networks: this very binary, in the sandbox as far
// as this machine has one, with no file, no network and bounded memory. held is
// what of the sandbox there is.
func launcher(ctx context.Context) (start detector.Launch, held sandbox.Layers, err error) {
	box, err := sandbox.New(ctx)
	if err != nil {
		return nil, held, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, held, fmt.Errorf("finding the program's own file: %w", err)
	}
	return func(ctx context.Context, memory int64) (io.ReadWriteCloser, error) {
		return launch(ctx, box, self, memory)
	}, box.InForce(), nil
}

// ownMemory is what the process takes beside tensors, in bytes: its program, the
// network's file while it is read, and what the collector has not yet given back.
const ownMemory = 1 << 30

func launch(ctx context.Context, box *sandbox.Sandbox, self string, memory int64) (io.ReadWriteCloser, error) {
	dir, err := os.MkdirTemp("", "evenhand-detector-")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it outlives one question
	p := &networkProcess{dir: dir, cancel: cancel, ended: make(chan struct{})}
	cmd := exec.CommandContext(ctx, self, detectorChild)
	in := box
	if box.InForce() != (sandbox.Layers{}) {
		in = box.With(box.InForce(), sandbox.Limits{
			Data: uint64(2*memory + ownMemory), FileSize: 1, Made: 1, CPU: 6 * 3600, Files: 32, Threads: 64,
		})
		if cmd, err = in.Command(ctx, dir, self, detectorChild); err != nil {
			p.drop()
			return nil, err
		}
	} else {
		cmd.Env, cmd.WaitDelay = []string{}, 2*time.Second
	}
	cmd.Dir = dir
	// Pipes of our own, so that whoever waits at one is woken by closing it.
	childIn, toChild, err := os.Pipe()
	if err != nil {
		p.drop()
		return nil, err
	}
	fromChild, childOut, err := os.Pipe()
	if err != nil {
		p.drop()
		return nil, errors.Join(err, childIn.Close(), toChild.Close())
	}
	p.WriteCloser, p.Reader = toChild, fromChild
	cmd.Stdin, cmd.Stdout = childIn, childOut
	go func() {
		defer close(p.ended)
		_ = in.Run(cmd) // what it ended with is told by its silence
		_ = errors.Join(childIn.Close(), childOut.Close())
	}()
	p.from = fromChild
	return p, nil
}

// networkProcess is a running process, from outside.
type networkProcess struct {
	io.WriteCloser
	io.Reader
	from   io.Closer
	dir    string
	cancel context.CancelFunc
	ended  chan struct{}
}

// Close ends it and waits until it is gone.
func (p *networkProcess) Close() error {
	_ = p.WriteCloser.Close() // asks it to end
	p.cancel()
	<-p.ended
	_ = p.from.Close()
	p.drop()
	return nil
}

func (p *networkProcess) drop() {
	p.cancel()
	_ = os.RemoveAll(p.dir) // empty but for what nobody could write
}

// opener opens a detector by its card, with its calibration or to make one.
type opener func(card string, start detector.Launch) (*detector.Detector, error)

// openDetectors opens the detectors of these cards; end ends their processes. It
// says what of the sandbox this machine lacks.
func (a *app) openDetectors(cards []string, open opener) (all []*detector.Detector, end func(), err error) {
	end = func() {
		for _, d := range all {
			_ = d.Close()
		}
	}
	if len(cards) == 0 {
		return nil, end, nil
	}
	start, held, err := launcher(a.ctx)
	if err != nil {
		return nil, end, err
	}
	if lacks := held.Missing(); len(lacks) > 0 {
		fmt.Fprintln(a.errOut, "evenhand: "+a.say(text.Text{
			EN: "this machine holds the detector less tightly than it might: " + strings.Join(lacks, "; "),
			ZH: "本机对检测器的隔离不完整，现有的为：" + held.String(),
		}))
	}
	for _, card := range cards {
		d, err := open(card, start)
		if err != nil {
			end()
			return nil, func() {}, err
		}
		all = append(all, d)
	}
	return all, end, nil
}

// measuredDetectors opens the detectors that the claims desk asks. At a desk an
// answer that nobody measured would stand beside every claim and prove nothing: such
// a detector is refused at the start, and not a claim at a time.
func (a *app) measuredDetectors(cards []string, log *slog.Logger) (all []examine.Detector, end func(), err error) {
	opened, end, err := a.openDetectors(cards, detector.Open)
	if err != nil {
		return nil, end, err
	}
	for _, d := range opened {
		if d.Calibration == nil {
			end()
			return nil, nil, &detector.Error{File: d.Card.File(), Text: text.Text{
				EN: "it was not measured, and the claims desk asks measured detectors alone: run evenhand eval --detector, and name the calibration in the card",
				ZH: "这个检测器没有测量过，售后处理系统只使用测量过的检测器。请运行 evenhand eval --detector，并在说明文件中写明 calibration",
			}}
		}
		about, err := d.About(a.ctx)
		if err != nil {
			end()
			return nil, nil, err
		}
		log.InfoContext(a.ctx, "a learned detector is asked about buyers' photos", "detector", d.Name(), "version", d.Card.Version,
			"weights", about.Weights, "honest_sources", len(d.Calibration.Honest), "measured", d.Calibration.Measured)
		all = append(all, d)
	}
	return all, end, nil
}

// detectorProblem tells what is wrong with a detector's files.
func (a *app) detectorProblem(err error) error {
	var known *detector.Error
	if !errors.As(err, &known) {
		return err
	}
	fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", report.Clean(known.File), report.Clean(a.say(known.Text)))
	return errReported
}

// calibrate measures a detector and writes its calibration.
func (c *evalCmd) calibrate(a *app) error {
	detectors, end, err := a.openDetectors([]string{c.Detector}, detector.OpenToMeasure)
	if err != nil {
		return a.detectorProblem(err)
	}
	defer end()
	d := detectors[0]
	if _, err := d.About(a.ctx); err != nil {
		return a.detectorProblem(err) // once, not at every picture
	}
	to := c.Calibration
	if to == "" {
		to = d.Card.CalibrationFile()
	}
	opt := eval.DetectorOptions{References: c.References}
	if info, err := os.Stat(to); err != nil || info.Mode().IsRegular() {
		kept, err := eval.OpenKept(to+".part", d.Card.Settings())
		if err != nil {
			return a.layoutProblem(err) // before an hour is spent for nothing
		}
		opt.Kept = kept
	}
	bar := a.newProgress()
	opt.Jobs, opt.Progress = c.Jobs, func(done, total int) { bar.show(done, total, "") }
	result, err := eval.MeasureDetector(a.ctx, c.Dir, d.Card, d, opt, time.Now().UTC().Format(time.DateOnly))
	bar.clear()
	if result == nil {
		return errors.Join(a.layoutProblem(err), c.keep(a, opt.Kept))
	}
	if printErr := c.printDetector(a, result); printErr != nil || err != nil || result.GaveUp {
		if result.GaveUp {
			err = errReported
			fmt.Fprintln(a.errOut, "evenhand: "+a.say(text.Text{
				EN: "the detector gave up: no calibration is written", ZH: "检测器中途停用，未写出校准文件",
			}))
		}
		return errors.Join(printErr, err, c.keep(a, opt.Kept))
	}
	if err := c.mayWrite(a, to, result.Calibration()); err != nil {
		return errors.Join(err, c.keep(a, opt.Kept))
	}
	if err := writeWhole(to, func(w io.Writer) error { return json.NewEncoder(w).Encode(result.Calibration()) }); err != nil {
		return errors.Join(a.fail(text.Text{
			EN: fmt.Sprintf("the calibration could not be written to %s: %v", report.Clean(to), reason(err)),
			ZH: fmt.Sprintf("校准文件无法写入 %s：%s", report.Clean(to), text.Reason(err).ZH),
		}), c.keep(a, opt.Kept))
	}
	if opt.Kept != nil {
		if err := errors.Join(opt.Kept.Close(), opt.Kept.Remove()); err != nil {
			return a.layoutProblem(err)
		}
	}
	return c.written(a, to, d, result)
}

// mayWrite says why a calibration is not put in the place of what is there: that is
// no calibration, or one of more pictures.
func (c *evalCmd) mayWrite(a *app, to string, k *detector.Calibration) error {
	info, err := os.Stat(to)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil //nolint:nilerr // nothing is there, or writing will say
	}
	there, err := detector.ReadCalibration(to)
	if err != nil {
		return a.fail(text.Text{
			EN: fmt.Sprintf("%s is there and is no calibration: it is left as it is. Name another file with --calibration", report.Clean(to)),
			ZH: fmt.Sprintf("%s 已存在且不是校准文件，未作改动。请用 --calibration 指定其他文件", report.Clean(to)),
		})
	}
	had, have := [2]int{detector.Pictures(there.Honest), detector.Pictures(there.Edited)}, [2]int{detector.Pictures(k.Honest), detector.Pictures(k.Edited)}
	if c.Replace || have[0] >= had[0] && have[1] >= had[1] {
		return nil
	}
	return a.fail(text.Text{
		EN: fmt.Sprintf("%s is of more pictures (%d honest, %d edited; now %d and %d) and is left as it is. --replace replaces it all the same",
			report.Clean(to), had[0], had[1], have[0], have[1]),
		ZH: fmt.Sprintf("%s 所测的图片更多（诚实 %d 张、改过 %d 张，本次 %d 和 %d 张），未作改动。仍要替换请加 --replace", report.Clean(to), had[0], had[1], have[0], have[1]),
	})
}

// keep says where the scores are from which the same command goes on.
func (c *evalCmd) keep(a *app, kept *eval.Kept) error {
	if kept == nil {
		return nil
	}
	if kept.Known() == 0 {
		return errors.Join(kept.Close(), kept.Remove())
	}
	fmt.Fprintln(a.errOut, "evenhand: "+a.say(text.Text{
		EN: fmt.Sprintf("%d scores are kept: the same command goes on from there", kept.Known()),
		ZH: fmt.Sprintf("已保存 %d 个分数，再次运行同一命令即从此处继续", kept.Known()),
	}))
	return kept.Close()
}

// written says what the calibration is, and what is not in it.
func (c *evalCmd) written(a *app, to string, d *detector.Detector, result *eval.DetectorReport) error {
	if !c.JSON {
		fmt.Fprintln(a.out, "  "+a.say(text.Text{EN: "Calibration: ", ZH: "校准文件："})+report.Clean(to))
	}
	if d.Card.Calibration == "" {
		fmt.Fprintln(a.errOut, "evenhand: "+a.say(text.Text{
			EN: "name this file as \"calibration\" in the card: without it the detector's answers are notes",
			ZH: "请在说明文件里用 \"calibration\" 写明这个文件，否则检测器的结果只作备注",
		}))
	}
	if n := len(result.Errors); n > 0 {
		fmt.Fprintln(a.errOut, "evenhand: "+a.say(text.Text{
			EN: fmt.Sprintf("the calibration was written without %d pictures that could not be measured", n),
			ZH: fmt.Sprintf("校准文件已写出，其中不含未能测量的 %d 张图片", n),
		}))
		return errReported
	}
	return nil
}

func (c *evalCmd) printDetector(a *app, result *eval.DetectorReport) error {
	if c.JSON {
		a.caseErrors(result.Errors)
		a.caseErrors(result.LeftOut)
		encoder := json.NewEncoder(a.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(result)
	}
	return result.Terminal(a.out, a.style())
}
