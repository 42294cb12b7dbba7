package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/eval"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/detector"
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
// as this machine has one, with no file, no network and bounded memory.
func launcher(ctx context.Context) (detector.Launch, error) {
	box, err := sandbox.New(ctx)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program's own file: %w", err)
	}
	return func(ctx context.Context, memory int64) (io.ReadWriteCloser, error) {
		return launch(ctx, box, self, memory)
	}, nil
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

// openDetectors opens the detectors of these cards; close ends their processes.
func openDetectors(ctx context.Context, cards []string) (all []*detector.Detector, end func(), err error) {
	end = func() {
		for _, d := range all {
			_ = d.Close()
		}
	}
	if len(cards) == 0 {
		return nil, end, nil
	}
	start, err := launcher(ctx)
	if err != nil {
		return nil, end, err
	}
	for _, card := range cards {
		d, err := detector.Open(card, start)
		if err != nil {
			end()
			return nil, func() {}, err
		}
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
	if len(c.Dir) == 0 || c.Report != "" || c.Against != "" || c.Travel+c.Cross > 0 || c.Jobs < 0 {
		return a.fail(evidence.Text{
			EN: "--detector needs folders of honest and edited pictures, and goes with --jobs, --json and --calibration alone",
			ZH: "--detector 需要给出诚实与改过图片的文件夹，并且只能与 --jobs、--json、--calibration 同用",
		})
	}
	detectors, end, err := openDetectors(a.ctx, []string{c.Detector})
	if err != nil {
		return a.detectorProblem(err)
	}
	defer end()
	d := detectors[0]
	if _, err := d.About(a.ctx); err != nil {
		return a.detectorProblem(err) // once, not at every picture
	}
	bar := a.newProgress()
	result, err := eval.MeasureDetector(a.ctx, c.Dir, d.Card, d, eval.Options{
		Jobs: c.Jobs, Progress: func(done, total int) { bar.show(done, total, "") },
	}, time.Now().UTC().Format(time.DateOnly))
	bar.clear()
	if result == nil {
		return a.layoutProblem(err)
	}
	if printErr := c.printDetector(a, result); printErr != nil || err != nil {
		return errors.Join(printErr, err)
	}
	to := c.Calibration
	if to == "" {
		to = d.Card.CalibrationFile()
	}
	if err := writeWhole(to, func(w io.Writer) error { return json.NewEncoder(w).Encode(result.Calibration()) }); err != nil {
		return a.fail(evidence.Text{
			EN: fmt.Sprintf("the calibration could not be written to %s: %v", report.Clean(to), reason(err)),
			ZH: fmt.Sprintf("校准文件无法写入 %s：%s", report.Clean(to), evidence.Reason(err).ZH),
		})
	}
	if !c.JSON {
		fmt.Fprintln(a.out, "  "+a.say(evidence.Text{EN: "Calibration: ", ZH: "校准文件："})+report.Clean(to))
	}
	if d.Card.Calibration == "" {
		fmt.Fprintln(a.errOut, "evenhand: "+a.say(evidence.Text{
			EN: "name this file as \"calibration\" in the card: without it the detector's answers are notes",
			ZH: "请在说明文件里用 \"calibration\" 写明这个文件，否则检测器的结果只作备注",
		}))
	}
	if len(result.Errors) > 0 {
		return errReported
	}
	return nil
}

func (c *evalCmd) printDetector(a *app, result *eval.DetectorReport) error {
	if c.JSON {
		encoder := json.NewEncoder(a.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(result)
	}
	return result.Terminal(a.out, a.style())
}
