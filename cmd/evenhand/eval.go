package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/eval"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
)

// evalCmd measures the same-capture test on pairs whose truth is known.
type evalCmd struct {
	Travel int      `default:"0" placeholder:"N" help:"Also send N copies of each claim through crops, rescaling, recompression, filters, screenshots and stickers."`
	Seed   uint64   `default:"1" placeholder:"N" help:"Settles where the copies travel."`
	Jobs   int      `short:"j" default:"0" placeholder:"N" help:"Pairs worked on at once. Default: one a processor core."`
	JSON   bool     `help:"Print the figures as JSON."`
	Misses bool     `help:"List each miss and each false accusation with its numbers."`
	Cases  bool     `help:"With --json, print every comparison too."`
	Dir    []string `arg:"" name:"dir" help:"Folders that hold same/NAME and other/NAME, each with reference.* and claim.*."`
}

// Run evaluates and prints, also what was done before Ctrl-C.
func (c *evalCmd) Run(a *app) error {
	if c.Jobs < 0 || c.Travel < 0 {
		return a.fail(evidence.Text{EN: "--jobs and --travel must not be negative", ZH: "--jobs 和 --travel 不能是负数"})
	}
	bar := a.newProgress()
	result, err := eval.Run(a.ctx, c.Dir, eval.Options{
		Travel: c.Travel, Seed: c.Seed, Jobs: c.Jobs, Keep: c.Cases,
		Progress: func(done, total int) { bar.show(done, total, "") },
	})
	bar.clear()
	if result == nil {
		return a.layoutProblem(err)
	}
	if printErr := c.print(a, result); printErr != nil {
		return printErr
	}
	if err == nil && len(result.Errors) > 0 {
		return errReported
	}
	return err
}

func (c *evalCmd) print(a *app, result *eval.Report) error {
	out := bufio.NewWriter(a.out)
	var err error
	if c.JSON {
		for _, e := range result.Errors {
			fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", report.Clean(e.Folder), a.say(e.Text))
		}
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
