package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/evenhand/evenhand/text"
)

// Exit statuses. Findings never change the status: a script that calls
// evenhand must read the findings, not guess them from a number.
const (
	exitOK          = 0
	exitProblems    = 1   // what was checked has problems, and they were told
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
func (a *app) say(t text.Text) string {
	if a.lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// errReported ends a command with exitBadInput when it has already told the
// caller what was wrong.
var errReported = errors.New("already reported")

// errProblems ends a command with exitProblems: it did its work, and what it
// looked at is not in order.
var errProblems = errors.New("problems found")

// fail is an error in the caller's language.
func (a *app) fail(t text.Text) error { return errors.New(a.say(t)) }

// commands is the grammar of the command line.
type commands struct {
	Lang    string           `enum:"en,zh," default:"" placeholder:"en|zh" help:"Language of what is printed. Default: the environment's (LC_ALL, LC_MESSAGES, LANG)."`
	Version kong.VersionFlag `help:"Print the version and stop."`

	Inspect       inspectCmd       `cmd:"" help:"Was this photo made from one of these pictures, and where was it changed?"`
	Hash          hashCmd          `cmd:"" help:"Print the PDQ hash of pictures and its quality, 0 to 100."`
	Label         labelCmd         `cmd:"" help:"Write China's AIGC metadata label into a copy of a picture or film."`
	Samples       samplesCmd       `cmd:"" help:"Draw products and photograph them: honest claims, forgeries and their truth."`
	Serve         serveCmd         `cmd:"" help:"Run the claims desk."`
	User          userCmd          `cmd:"" help:"Add people and set their passwords."`
	Key           keyCmd           `cmd:"" help:"Make API keys for platforms."`
	Import        importCmd        `cmd:"" help:"Take orders, merchants, buyers and claims from CSV, Excel or JSON Lines."`
	Backup        backupCmd        `cmd:"" help:"Write everything into one archive, while the server runs."`
	Restore       restoreCmd       `cmd:"" help:"Fill an empty desk from an archive."`
	Policy        policyCmd        `cmd:"" help:"Check, test and try rules before they count."`
	VerifyDossier verifyDossierCmd `cmd:"" help:"Check offline whether a dossier is whole and whose it is."`
	Eval          evalCmd          `cmd:"" help:"Measure the same-capture test on pairs whose truth is known."`
}

// run parses args, runs the subcommand named there and returns the exit status.
func run(a *app, args []string) int {
	a.lang = wantedLanguage(args, a.getenv)
	var grammar commands
	stopped := -1 // set when --help or --version has said all there is to say
	parser, err := kong.New(&grammar,
		kong.Name("evenhand"),
		kong.Description(a.say(description)),
		kong.Writers(a.out, a.errOut),
		kong.Exit(func(code int) { stopped = code }),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.PostBuild(a.translate),
	)
	if err != nil {
		fmt.Fprintln(a.errOut, "evenhand:", err)
		return exitBadInput
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case stopped >= 0:
		return stopped
	case err != nil:
		fmt.Fprintln(a.errOut, "evenhand:", a.say(usageProblem(err)))
		return exitBadInput
	}
	return a.status(parsed.Run(a))
}

// status tells the caller of err, unless it was told before, and turns it
// into an exit status.
func (a *app) status(err error) int {
	switch {
	case err == nil:
		return exitOK
	case a.ctx.Err() != nil:
		fmt.Fprintln(a.errOut, "evenhand:", a.say(text.Text{EN: "stopped", ZH: "已停止"}))
		return exitInterrupted
	case errors.Is(err, errProblems):
		return exitProblems
	case !errors.Is(err, errReported):
		fmt.Fprintln(a.errOut, "evenhand:", err)
	}
	return exitBadInput
}

// stamp is the version that the Makefile links in.
var stamp string

// version is the stamp, or else the module's as go install knows it.
func version() string {
	name := stamp
	if info, ok := debug.ReadBuildInfo(); ok && name == "" {
		name = info.Main.Version
	}
	return "evenhand " + cmp.Or(name, "(unknown version)")
}
