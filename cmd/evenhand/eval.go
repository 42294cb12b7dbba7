package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/eval"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

// evalCmd measures the same-capture test on pairs whose truth is known.
type evalCmd struct {
	Travel      int      `default:"0" placeholder:"N" help:"Also send N copies of each claim through crops, rescaling, recompression, filters, screenshots and stickers."`
	Cross       int      `default:"0" placeholder:"N" help:"Also hold N claims against the references of other pairs, which they were not made from."`
	Seed        *uint64  `placeholder:"N" help:"Settles where the copies travel and which pairs are crossed. Default: 1."`
	Jobs        int      `short:"j" default:"0" placeholder:"N" help:"Pairs worked on at once. Default: one a processor core."`
	JSON        bool     `help:"Print the figures as JSON."`
	Misses      bool     `help:"List each miss and each false accusation with its numbers."`
	Cases       bool     `help:"With --json, print every comparison too."`
	BySource    bool     `help:"Also print a row for each source that pairs were made from."`
	Against     string   `placeholder:"FILE" help:"Compare case by case with an earlier report, saved with --json --cases. Status 1 where a copy was lost or an honest pair newly accused."`
	Detector    string   `placeholder:"CARD" help:"Measure this learned detector instead, on folders that hold honest/ and edited/ pictures (or pairs), and write its calibration."`
	Calibration string   `placeholder:"FILE" help:"With --detector, where the calibration goes. Default: where the card says."`
	Replace     bool     `help:"With --detector, also put a calibration of fewer pictures in the place of one that is there."`
	References  bool     `help:"With --detector and pairs, also take the references, a shop's photos, as honest pictures."`
	Report      string   `placeholder:"FILE" help:"Do not measure: take the figures from this report, saved with --json --cases."`
	Dir         []string `arg:"" optional:"" name:"dir" help:"Folders that hold same/NAME, hard/NAME and other/NAME, each with reference.* and claim.*."`
}

// Run evaluates and prints, also what was done before Ctrl-C.
func (c *evalCmd) Run(a *app) error {
	if err := c.together(a); err != nil {
		return err
	}
	if c.Detector != "" {
		return c.calibrate(a)
	}
	if c.Jobs < 0 || c.Travel < 0 || c.Cross < 0 {
		return a.fail(text.Text{EN: "--jobs, --travel and --cross must not be negative", ZH: "--jobs、--travel 和 --cross 不能是负数"})
	}
	if (len(c.Dir) == 0) == (c.Report == "") {
		return a.fail(text.Text{EN: "name folders to measure, or a report with --report, and not both", ZH: "请给出要评测的文件夹，或用 --report 给出一份报告，二者只能选一"})
	}
	seed := uint64(1)
	if c.Seed != nil {
		seed = *c.Seed
	}
	opt := eval.Options{Travel: c.Travel, Cross: c.Cross, Seed: seed, Jobs: c.Jobs, Keep: c.Cases, BySource: c.BySource}
	if c.Against != "" {
		earlier, err := eval.ReadEarlier(c.Against)
		if err != nil {
			return a.layoutProblem(err)
		}
		opt.Against = earlier
	}
	result, err := c.measure(a, opt)
	if result == nil {
		return a.layoutProblem(err)
	}
	if printErr := c.print(a, result); printErr != nil {
		return printErr
	}
	switch {
	case err != nil:
		return err
	case len(result.Errors) > 0:
		return errReported
	case result.Comparison != nil && result.Comparison.Worse():
		return errProblems
	}
	return nil
}

// together refuses options that would be passed over beside the others given.
func (c *evalCmd) together(a *app) error {
	measures := c.Travel != 0 || c.Cross != 0 || c.Seed != nil
	switch {
	case c.Detector != "" && (len(c.Dir) == 0 || measures || c.Report != "" || c.Against != "" || c.Misses || c.Cases || c.BySource || c.Jobs < 0):
		return a.fail(text.Text{
			EN: "--detector needs folders of honest and edited pictures, and goes with --jobs, --json, --calibration, --replace and --references alone",
			ZH: "--detector 需要给出诚实与改过图片的文件夹，并且只能与 --jobs、--json、--calibration、--replace、--references 同用",
		})
	case c.Detector == "" && (c.Calibration != "" || c.Replace || c.References):
		return a.fail(text.Text{
			EN: "--calibration, --replace and --references go with --detector alone",
			ZH: "--calibration、--replace、--references 只能与 --detector 同用",
		})
	case c.Report != "" && (measures || c.Jobs != 0):
		return a.fail(text.Text{
			EN: "--travel, --cross, --seed and --jobs measure anew, and --report does not",
			ZH: "--travel、--cross、--seed、--jobs 用于重新测量，不能与 --report 同用",
		})
	}
	return nil
}

// measure gives the report: a new one, or one that was saved.
func (c *evalCmd) measure(a *app, opt eval.Options) (*eval.Report, error) {
	if c.Report != "" {
		saved, err := eval.ReadReport(c.Report)
		if err == nil {
			err = saved.Again(c.Report, opt)
		}
		if err != nil {
			return nil, err
		}
		return saved, nil
	}
	bar := a.newProgress()
	defer bar.clear()
	opt.Progress = func(done, total int) { bar.show(done, total, "") }
	return eval.Run(a.ctx, c.Dir, opt)
}

func (c *evalCmd) print(a *app, result *eval.Report) error {
	out := bufio.NewWriter(a.out)
	var err error
	if c.JSON {
		a.caseErrors(result.Errors)
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(result)
	} else {
		err = result.Terminal(out, a.style(), c.Misses)
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("printing the figures: %w", err)
	}
	return nil
}

// caseErrors tells what was not measured where the figures are printed as JSON.
func (a *app) caseErrors(errs []eval.CaseError) {
	for _, e := range errs {
		fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", report.Clean(e.Folder), a.say(e.Text))
	}
}

// layoutProblem tells each folder that is not laid out for evaluation.
func (a *app) layoutProblem(err error) error {
	problems := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		problems = joined.Unwrap()
	}
	told := false
	for _, p := range problems {
		if layout, ok := errors.AsType[*eval.LayoutError](p); ok {
			fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", report.Clean(layout.Folder), a.say(layout.Text))
			told = true
		}
	}
	if told {
		return errReported
	}
	return err
}
