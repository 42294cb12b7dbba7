package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// inspectCmd compares claim photos with the pictures they may have been made
// from.
type inspectCmd struct {
	Reference  []string `short:"r" sep:"none" placeholder:"FILE" help:"A listing or packing photo to compare with, or a folder of them. May be given many times."`
	JSON       bool     `help:"Print the findings as JSON."`
	HTML       string   `placeholder:"FILE" help:"Write a report with both pictures side by side to this file."`
	Jobs       int      `short:"j" default:"0" placeholder:"N" help:"Pictures worked on at once. Default: one a processor core."`
	Mark       []string `sep:"none" placeholder:"FILE=X,Y,W,H" help:"Where a claim photo shows the damage, as fractions of the picture from its top left corner: the other claim photos are asked about that place. May be given many times."`
	Detector   []string `sep:"none" placeholder:"CARD" help:"Also ask this learned detector, by its card. May be given many times."`
	storyFlags `embed:""`
	Claim      []string `arg:"" name:"claim" help:"Photos sent with a claim, or folders of them."`
}

// Run inspects, writes the report and prints the findings, in that order: a
// reader of the output who sees it end knows that the report is in place.
func (c *inspectCmd) Run(a *app) error {
	if c.Jobs < 0 {
		return a.fail(text.Text{
			EN: "--jobs must be 1 or more, or 0 for one a processor core",
			ZH: "--jobs 应为 1 或更大的数；填 0 表示每个处理器核心一个",
		})
	}
	origin, err := c.options(a)
	if err != nil {
		return err
	}
	marks, err := c.marks(a)
	if err != nil {
		return err
	}
	detectors, end, err := a.openDetectors(c.Detector, detector.Open)
	if err != nil {
		return a.detectorProblem(err)
	}
	defer end()
	opts := screening.Options{Jobs: c.Jobs, Provenance: origin, Marks: marks}
	for _, d := range detectors {
		opts.Detectors = append(opts.Detectors, d)
	}
	bar := a.newProgress()
	opts.Progress = bar.show
	inspection, details, err := screening.Inspect(a.ctx, c.Claim, c.Reference, opts)
	bar.clear()
	if err != nil {
		return a.markProblem(err)
	}
	if c.HTML != "" {
		if err := c.writeHTML(a, inspection, details); err != nil {
			return err
		}
	}
	if err := c.print(a, inspection); err != nil {
		return err
	}
	if len(inspection.Errors) > 0 {
		return errReported
	}
	return nil
}

// marks reads the --mark flags.
func (c *inspectCmd) marks(a *app) (out []screening.Mark, err error) {
	for _, flag := range c.Mark {
		at := strings.LastIndexByte(flag, '=')
		var r evidence.Region
		if at > 0 {
			r, err = parseRegion(flag[at+1:])
		}
		if at <= 0 || err != nil {
			return nil, a.fail(text.Text{
				EN: fmt.Sprintf("--mark needs a photo and a place on it as fractions, such as photo.jpg=0.4,0.3,0.2,0.1 (left, top, width, height), not %q", report.Clean(flag)),
				ZH: fmt.Sprintf("--mark 应写成“照片=左,上,宽,高”，四个数都是占画面的比例，例如 photo.jpg=0.4,0.3,0.2,0.1；收到的是 %q", report.Clean(flag)),
			})
		}
		out = append(out, screening.Mark{File: flag[:at], Region: r})
	}
	return out, nil
}

// markProblem words a place that nobody could be asked about; other errors stay
// what they are.
func (a *app) markProblem(err error) error {
	var mark *screening.MarkError
	if !errors.As(err, &mark) {
		return err
	}
	name := report.Clean(mark.File)
	if mark.Alone {
		return a.fail(text.Text{
			EN: fmt.Sprintf("--mark %s: there is no second photo to ask about the place; name another photo of the goods as well", name),
			ZH: fmt.Sprintf("--mark %s：没有第二张照片可以印证标出的位置，请再给出一张同一商品的照片", name),
		})
	}
	return a.fail(text.Text{
		EN: fmt.Sprintf("--mark %s: no claim photo has this name; write it as it is named on the command line, or as its folder and name", name),
		ZH: fmt.Sprintf("--mark %s：申请照片中没有这个名称。请与命令行中的写法一致；照片在文件夹里时，请写成“文件夹/文件名”", name),
	})
}

// parseRegion reads four fractions that lie within the picture.
func parseRegion(text string) (r evidence.Region, err error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return r, errors.New("not four numbers")
	}
	for i, into := range []*float64{&r.X, &r.Y, &r.Width, &r.Height} {
		if *into, err = strconv.ParseFloat(parts[i], 64); err != nil {
			return r, err
		}
	}
	r.Kind = evidence.Asked
	if !(r.X >= 0 && r.Y >= 0 && r.Width > 0 && r.Height > 0 && r.X+r.Width <= 1 && r.Y+r.Height <= 1) {
		return r, errors.New("not within the picture")
	}
	return r, nil
}

// print writes the findings to standard output. With --json the unreadable
// files are told on standard error too, where a person looks.
func (c *inspectCmd) print(a *app, in *screening.Inspection) error {
	if !c.JSON {
		if err := report.Terminal(a.out, in, a.style()); err != nil {
			return fmt.Errorf("printing the findings: %w", err)
		}
		if c.HTML != "" {
			fmt.Fprintln(a.out, "  "+a.say(text.Text{EN: "Report: ", ZH: "报告："})+report.Clean(c.HTML))
		}
		return nil
	}
	for _, e := range in.Errors {
		fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", report.Clean(e.File), a.say(e.Text))
	}
	out := bufio.NewWriter(a.out)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := errors.Join(encoder.Encode(in), out.Flush()); err != nil {
		return fmt.Errorf("printing the findings: %w", err)
	}
	return nil
}

func (c *inspectCmd) writeHTML(a *app, in *screening.Inspection, details *screening.Details) error {
	err := writeWhole(c.HTML, func(w io.Writer) error {
		return report.HTML(a.ctx, w, in, details, report.HTMLOptions{Lang: a.lang, Time: time.Now()})
	})
	if err == nil || a.ctx.Err() != nil {
		return err
	}
	return a.fail(text.Text{
		EN: fmt.Sprintf("the report could not be written to %s: %v", report.Clean(c.HTML), reason(err)),
		ZH: fmt.Sprintf("报告无法写入 %s：%s", report.Clean(c.HTML), text.Reason(err).ZH),
	})
}
