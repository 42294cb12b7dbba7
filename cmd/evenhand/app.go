package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
	"github.com/evenhand/evenhand/evidence"
)

// Exit statuses. Findings never change the status: a script that calls
// evenhand must read the findings, not guess them from a number.
const (
	exitOK          = 0
	exitBadInput    = 2   // bad usage, or a file that could not be read
	exitInterrupted = 130 // Ctrl-C, as shells number it: 128 + SIGINT
)

// app is what a subcommand may know of the world outside it.
type app struct {
	ctx         context.Context
	out, errOut io.Writer
	getenv      func(string) string
	lang        string // "en" or "zh": the language of everything said to people
}

// say picks the sentence in the caller's language.
func (a *app) say(t evidence.Text) string {
	if a.lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// errReported ends a command with exitBadInput when it has already told the
// caller what was wrong.
var errReported = errors.New("already reported")

// commands is the grammar of the command line.
type commands struct {
	Lang string `help:"Language of what is printed: en or zh. Default: the environment's (LC_ALL, LC_MESSAGES, LANG), else en." enum:"en,zh,," default:"" placeholder:"en|zh"`
}

// run parses args, runs the subcommand named there and returns the exit status.
func run(a *app, args []string) int {
	a.lang = "en"
	var grammar commands
	parser, err := kong.New(&grammar, kong.Name("evenhand"), kong.Writers(a.out, a.errOut))
	if err != nil {
		fmt.Fprintln(a.errOut, "evenhand:", err)
		return exitBadInput
	}
	parsed, err := parser.Parse(args)
	if err == nil {
		err = parsed.Run(a)
	}
	return a.status(err)
}

// status tells the caller of err, unless it was told before, and turns it
// into an exit status.
func (a *app) status(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case !errors.Is(err, errReported):
		fmt.Fprintln(a.errOut, "evenhand:", err)
	}
	return exitBadInput
}
