// Command mkpairs lays out folders for "evenhand eval" from public pictures
// and from samples: honest pairs, copies with painted damage, real AI edits,
// re-photographed prints. It is a tool for whoever works on the instruments,
// not a part of the product.
//
//	go run ./eval/mkpairs -data ../shared/data -out DIR
//
// Under DIR each source gets an evaluation folder of its own (DIR/handheld,
// DIR/grocery, DIR/painted, …), so that they can be measured together or one
// at a time. The same seed lays out the same pairs; a run that was stopped is
// taken up where it ended, because finished pairs are left as they are.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mkpairs:", err)
		stop()
		os.Exit(2)
	}
}

// source lays out one evaluation folder.
type source struct {
	name string
	make func(context.Context, *maker) error
}

func sources() []source {
	return []source{
		{"handheld", handheld},
		{"products", products},
		{"grocery", grocery},
		{"ai-edits", aiEdits},
		{"editors", editors},
		{"painted", painted},
		{"painted-small", paintedSmall},
		{"redrawn", redrawn},
		{"warped", warped},
		{"prints", prints},
		{"careful-prints", carefulPrints},
		{"lookalikes", lookalikes},
		{"drawn", drawnForgeries},
		{"views", views},
		{"graphics", graphics},
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mkpairs", flag.ContinueOnError)
	m := &maker{}
	flags.StringVar(&m.data, "data", "../shared/data", "folder with handheld, products, grocery and ai-edits; what is not there is left out")
	flags.StringVar(&m.out, "out", "", "folder to lay the pairs out in (needed)")
	flags.Uint64Var(&m.seed, "seed", 1, "settles damage, trips and drawn scenes")
	flags.BoolVar(&m.all, "all", false, "grocery: every ordered pair of phone photos, not only one order")
	only := flags.String("only", "", "comma-separated sources to lay out, of "+strings.Join(names(), ", "))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if m.out == "" || flags.NArg() > 0 {
		return fmt.Errorf("usage: mkpairs -out DIR [-data DIR] [-only %s]", strings.Join(names(), ","))
	}
	wanted, err := choose(*only)
	if err != nil {
		return err
	}
	for _, s := range wanted {
		start := time.Now()
		m.begin(s.name)
		if err := s.make(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := m.finish(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Fprintf(os.Stderr, "%-14s %4d pairs, %d new, %.1f s\n", s.name, m.count, m.fresh, time.Since(start).Seconds())
	}
	return nil
}

func names() []string {
	var out []string
	for _, s := range sources() {
		out = append(out, s.name)
	}
	return out
}

func choose(only string) ([]source, error) {
	if only == "" {
		return sources(), nil
	}
	var out []source
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(sources(), func(s source) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no source %q: choose from %s", name, strings.Join(names(), ", "))
		}
		out = append(out, sources()[i])
	}
	return out, nil
}
