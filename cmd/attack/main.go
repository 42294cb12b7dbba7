// Command attack runs a server of its own under a limit of memory and does all
// at once to it that an attacker would: huge, deep and slow bodies, pictures
// that are bombs, uploads that are refused, links turned on what is not theirs,
// guessed passwords, streams without end. Honest callers work beside it. It
// exits 1 where one of them sees an error or waits too long, where something is
// answered that should not be, where the server falls, or where memory, file
// descriptors or disk do not return to where they were.
//
//	go run ./cmd/attack                       # ten minutes, 1 GB
//	go run ./cmd/attack -for 30s -limit 1GB
//
// All of it goes to this machine's loopback addresses, and is bounded.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"time"
)

// What must hold for honest callers, and of what the attack leaves.
const (
	mostWait   = time.Second // at the 99th percentile
	mostMemory = 200 << 20   // bytes above what there was before, once it is quiet again
	mostFiles  = 20          // descriptors above, for connections that rest
	mostDisk   = 8 << 20     // bytes above what there was and what was accepted since
)

func main() {
	span := flag.Duration("for", 10*time.Minute, "how long the attack lasts, at most an hour")
	limit := flag.Int64("limit", 1<<30, "bytes of memory that the server may have")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, min(*span, time.Hour), *limit); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, span time.Duration, limit int64) (err error) {
	dir, err := os.MkdirTemp("", "evenhand-attack-")
	if err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			fmt.Fprintln(os.Stderr, "attack: the server's log and data lie in", dir)
		}
	}()
	bin := filepath.Join(dir, "evenhand")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/evenhand")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the server: %w", err)
	}
	t, err := prepare(ctx, filepath.Join(dir, "desk"))
	if err != nil {
		return err
	}
	s, err := start(ctx, bin, t, limit)
	if err != nil {
		return err
	}
	defer s.end()
	if err := t.open(ctx); err != nil {
		return fmt.Errorf("before the attack: %w", err)
	}
	return t.fight(ctx, s, span)
}

// fight warms the server up, attacks it, waits until it is quiet, and says how it went.
func (t *theatre) fight(ctx context.Context, s *served, span time.Duration) error {
	warm := max(3*time.Second, min(20*time.Second, span/10))
	fmt.Printf("Memory is bounded by %s. Honest callers alone for %s ...\n", s.bound, warm)
	calm := t.honest(ctx, warm)
	taken, before := t.accepted.Load(), s.look()
	fmt.Printf("  %s\n  %s\nAll of the attack for %s ...\n", calm, before, span)

	under, cancel := context.WithTimeout(ctx, span)
	defer cancel()
	var attackers sync.WaitGroup
	all := t.attacks()
	for _, a := range all {
		for range max(1, a.at) {
			attackers.Go(func() { t.repeat(under, a) })
		}
	}
	go t.tell(under, s)
	hot := t.honest(ctx, span)
	cancel()
	attackers.Wait()
	fmt.Println("Quiet again ...")
	before.disk += t.accepted.Load() - taken
	after := s.settle(ctx, t, before)
	fmt.Print(t.table())
	fmt.Printf("  honest, alone:   %s\n  honest, attacked: %s\n  before: %s\n  peak:   %d MB of %d\n  after:  %s\n", calm, hot, before, s.peak()>>20, s.limit>>20, after)
	return errors.Join(t.wrong(), t.tried(all), hot.wrong(), after.wrong(before), s.alive(), ctx.Err())
}
