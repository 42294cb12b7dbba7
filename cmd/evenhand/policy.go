package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/policy/replay"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

// policyCmd holds what can be done with a policy's text before it counts. A
// policy with problems, or a test that fails, costs exit status 1.
type policyCmd struct {
	Check       policyCheckCmd   `cmd:"" help:"Check the text of rules: each problem with its line."`
	Test        policyTestCmd    `cmd:"" help:"Run the tests that stand beside the rules."`
	ShowDefault policyDefaultCmd `cmd:"" name:"show-default" help:"Print the rules that come along, as a start for your own."`
	Diff        policyDiffCmd    `cmd:"" help:"Say what changes from one version to another, in words for both sides."`
	Replay      policyReplayCmd  `cmd:"" help:"Try rules on past claims: what would have gone differently."`
}

// readPolicy reads and compiles a file and tells what is wrong with it: in the
// text (errProblems), or with the file (errReported).
func (a *app) readPolicy(file string) (*policy.Policy, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", shown(file), reason(err))
		return nil, errReported
	}
	p, err := policy.Compile(source)
	if problems, ok := errors.AsType[policy.Problems](err); ok {
		a.tellProblems(file, source, problems)
		return nil, errProblems
	}
	return p, err
}

// tellProblems prints each problem as editors know to jump to it, with the
// line it stands in and a mark below the place.
func (a *app) tellProblems(file string, source []byte, problems policy.Problems) {
	lines := strings.Split(string(source), "\n")
	for _, p := range problems {
		field := ""
		if p.Field != "" {
			field = report.Clean(p.Field) + ": "
		}
		fmt.Fprintf(a.errOut, "%s:%d:%d: %s%s\n", shown(file), p.Line, p.Column, field, report.Clean(a.say(p.Text)))
		if p.Line < 1 || p.Line > len(lines) {
			continue
		}
		line := strings.TrimRight(lines[p.Line-1], "\r")
		if before := []rune(line); len(before) <= 200 && p.Column >= 1 && p.Column <= len(before)+1 {
			fmt.Fprintf(a.errOut, "    %s\n    %s^\n", report.Clean(line), blank(before[:p.Column-1]))
		}
	}
}

// blank is as wide on a terminal as the text: a Chinese character takes two columns.
func blank(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(' ')
		if r >= 0x2e80 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

type policyCheckCmd struct {
	Files []string `arg:"" name:"file" help:"Policy files."`
}

// Run checks all the files, also after one with problems.
func (c *policyCheckCmd) Run(a *app) error {
	return eachPolicy(a, c.Files, func(file string, p *policy.Policy) error {
		fmt.Fprintf(a.out, a.say(text.Text{EN: "%s: in order: %s, %d rules, %d tests, version %s\n", ZH: "%s：没有问题：%s，%d 条规则，%d 个测试，版本 %s\n"}),
			shown(file), report.Clean(p.Name()), len(p.Rules()), len(p.Test()), p.ID())
		return nil
	})
}

// eachPolicy reads each file and does something with it. A file that cannot be
// read outweighs problems in the exit status.
func eachPolicy(a *app, files []string, do func(string, *policy.Policy) error) error {
	var worst error
	for _, file := range files {
		p, err := a.readPolicy(file)
		if err == nil {
			err = do(file, p)
		}
		if err != nil && !errors.Is(err, errProblems) && !errors.Is(err, errReported) {
			return err
		}
		if err != nil && !errors.Is(worst, errReported) {
			worst = err
		}
	}
	return worst
}

type policyTestCmd struct {
	Files []string `arg:"" name:"file" help:"Policy files."`
}

// Run runs each file's tests and tells the failures, and which rules no test
// reaches.
func (c *policyTestCmd) Run(a *app) error {
	return eachPolicy(a, c.Files, func(file string, p *policy.Policy) error {
		results, failed := p.Test(), 0
		for _, r := range results {
			if r.OK {
				continue
			}
			failed++
			fmt.Fprintf(a.out, a.say(text.Text{EN: "%s:%d: %s: got rule %s (%s), expected %s\n", ZH: "%s:%d：%s：得到规则 %s（%s），应为 %s\n"}),
				shown(file), r.Line, report.Clean(r.Name), r.Rule, r.Action, strings.TrimSpace(r.WantRule+" "+string(r.WantAction)))
			if r.Error != "" {
				fmt.Fprintf(a.out, "    %s\n", report.Clean(r.Error))
			}
		}
		if untested := p.Untested(); len(untested) > 0 {
			fmt.Fprintf(a.out, a.say(text.Text{EN: "%s: no passing test ends in: %s\n", ZH: "%s：没有通过的测试用到：%s\n"}), shown(file), strings.Join(untested, ", "))
		}
		fmt.Fprintf(a.out, a.say(text.Text{EN: "%s: %d of %d tests passed\n", ZH: "%s：%d / %d 个测试通过\n"}), shown(file), len(results)-failed, len(results))
		if failed > 0 {
			return errProblems
		}
		return nil
	})
}

type policyDefaultCmd struct{}

// Run prints the default's source as it is.
func (c *policyDefaultCmd) Run(a *app) error {
	_, err := a.out.Write(policy.Default())
	return err
}

type policyDiffCmd struct {
	Old string `arg:"" name:"old" help:"The policy file as it was."`
	New string `arg:"" name:"new" help:"The policy file as it is to be."`
}

// Run prints the changes and the notice that they need.
func (c *policyDiffCmd) Run(a *app) error {
	was, err := a.readPolicy(c.Old)
	if err != nil {
		return err
	}
	is, err := a.readPolicy(c.New)
	if err != nil {
		return err
	}
	changes := policy.Diff(was, is)
	for _, change := range changes {
		mark := "-"
		if change.Major {
			mark = "!"
		}
		fmt.Fprintf(a.out, "%s %s\n", mark, report.Clean(a.say(change.Text)))
	}
	if len(changes) == 0 {
		fmt.Fprintln(a.out, a.say(text.Text{EN: "Nothing changes for anybody.", ZH: "对任何一方都没有变化。"}))
		return nil
	}
	days := int(policy.NoticeFor(policy.Major(changes)).Hours() / 24)
	fmt.Fprintf(a.out, a.say(text.Text{EN: "%d changes (! major); public notice of %d days.\n", ZH: "共 %d 处变化（! 为重大变化）；须公示 %d 天。\n"}), len(changes), days)
	return nil
}

type policyReplayCmd struct {
	Past string `required:"" placeholder:"FILE" help:"Past claims as JSON Lines, a claim a line; - reads standard input."`
	List int    `default:"20" placeholder:"N" help:"List at most N claims that differ."`
	JSON bool   `help:"Print the result as JSON."`
	File string `arg:"" name:"file" help:"The policy file."`
}

// Run replays the policy over the past claims that --past names.
func (c *policyReplayCmd) Run(a *app) error {
	if c.List < 0 {
		return a.fail(text.Text{EN: "--list must not be negative", ZH: "--list 不能是负数"})
	}
	in := io.ReadCloser(os.Stdin)
	if c.Past != "-" {
		f, err := os.Open(c.Past)
		if err != nil {
			fmt.Fprintf(a.errOut, "evenhand: %s: %s\n", shown(c.Past), reason(err))
			return errReported
		}
		in = f
	}
	defer in.Close()
	return a.replay(c.File, replay.Lines(in), c.List, c.JSON)
}

// replay tries a policy file on past claims, wherever they come from.
func (a *app) replay(file string, past iter.Seq2[replay.Past, error], list int, asJSON bool) error {
	p, err := a.readPolicy(file)
	if err != nil {
		return err
	}
	result, err := replay.Run(p, interruptible(a.ctx, past), list)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.out)
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(result)
	} else {
		result.Name = report.Clean(result.Name)
		result.List = slices.Clone(result.List)
		for i := range result.List {
			result.List[i].ClaimID = report.Clean(result.List[i].ClaimID)
		}
		err = result.Terminal(out, a.lang)
	}
	return errors.Join(err, out.Flush())
}

// interruptible ends an iteration with ctx's error once ctx is done.
func interruptible[T any](ctx context.Context, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
