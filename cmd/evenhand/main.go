// Command evenhand inspects the evidence of after-sales claims. A file of this
// package holds one subcommand; what they share is in main.go and app.go. It
// decides nothing: the instruments are in screening, the words about them in
// report.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C must work even while the first is being obeyed.
	context.AfterFunc(ctx, stop)
	boundMemory(os.Getenv, "/", slog.New(slog.DiscardHandler)) // serve does so again, and says it
	code := run(&app{ctx: ctx, out: os.Stdout, errOut: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}
