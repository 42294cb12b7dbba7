// Command chaos kills the server again and again under load, and counts what
// is left: no accepted claim, evidence or event may be lost or doubled, every
// clock fires or is stopped once, and each message arrives at least once under
// one id. It exits 1 where that does not hold.
//
//	go run ./cmd/chaos                 # SQLite with one node, then PostgreSQL with two
//	go run ./cmd/chaos -kills 5 -only sqlite
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
)

func main() {
	kills := flag.Int("kills", 30, "how often a server is killed, on each database")
	seed := flag.Uint64("seed", 1, "settles when")
	only := flag.String("only", "", "sqlite or postgres; both where empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *kills, *seed, *only); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, kills int, seed uint64, only string) (err error) {
	dir, err := os.MkdirTemp("", "evenhand-chaos-")
	if err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			fmt.Fprintln(os.Stderr, "chaos: what is left lies in", dir)
		}
	}()
	bin := filepath.Join(dir, "evenhand")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/evenhand")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the server: %w", err)
	}
	if only != "postgres" {
		t := &trial{name: "sqlite, one node", bin: bin, dir: filepath.Join(dir, "sqlite"), nodes: make([]node, 1), kills: kills}
		if err := t.run(ctx, seed); err != nil {
			return fmt.Errorf("on SQLite: %w", err)
		}
	}
	if only == "sqlite" {
		return nil
	}
	cluster, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrNone) && only == "" {
		fmt.Println("PostgreSQL was left out:", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	url, drop, err := cluster.Database(ctx)
	if err != nil {
		return err
	}
	defer drop()
	t := &trial{name: "postgres, two nodes", bin: bin, dir: filepath.Join(dir, "postgres"), database: url, nodes: make([]node, 2), kills: kills}
	if err := t.run(ctx, seed); err != nil {
		return fmt.Errorf("on PostgreSQL: %w", err)
	}
	return nil
}

// hurry makes the merchant's 48 hours 3.5 seconds, and the week for an appeal 12.
const hurry = 50_000

// trial is one run on one database.
type trial struct {
	name, bin, dir, database string
	nodes                    []node
	kills                    int
	load                     *load
	box                      *mailbox
}

func (t *trial) open(ctx context.Context) (*store.DB, error) {
	return store.Open(ctx, store.Options{Dir: t.dir, Database: t.database, Log: slog.New(slog.DiscardHandler)})
}

func (t *trial) run(ctx context.Context, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 1))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	if err := t.prepare(ctx); err != nil {
		return err
	}
	defer t.box.close()
	defer func() {
		for i := range t.nodes {
			t.nodes[i].kill()
		}
	}()
	for i := range t.nodes {
		if err := t.start(ctx, i); err != nil {
			return err
		}
	}
	if err := t.load.subscribe(ctx, t.box.url); err != nil {
		return err
	}
	done := t.load.begin(ctx)
	for k := range t.kills {
		pause := 300*time.Millisecond + time.Duration(r.Int64N(int64(1500*time.Millisecond)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		i := r.IntN(len(t.nodes))
		t.nodes[i].kill()
		if err := t.start(ctx, i); err != nil {
			return fmt.Errorf("after kill %d: %w", k+1, err)
		}
	}
	done()
	if err := t.settle(ctx); err != nil {
		return err
	}
	for i := range t.nodes {
		t.nodes[i].stop()
	}
	c, err := t.count(ctx)
	fmt.Printf("%s: %d kills in %s\n%s", t.name, t.kills, time.Since(began).Round(time.Second), c)
	return err
}
