// Command fill lays many claims down in a data folder, so that a desk of some
// size can be looked at and measured. They are rows alone, written past the
// desk: most have neither evidence nor events, and their chain does not hold.
// Not for a desk in use.
//
//	go run ./cmd/fill -data build/speed -claims 100000
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/evenhand/evenhand/store"
)

func main() {
	data := flag.String("data", "", "the folder, as evenhand serve --data has it; no server may run on it")
	claims := flag.Int("claims", 100_000, "how many claims")
	events := flag.Int("recorded", 20_000, "of how many of them five events each stand in the record")
	flag.Parse()
	if *data == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := fill(context.Background(), *data, *claims, *events); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, data string, claims, events int) (err error) {
	db, err := store.Open(ctx, store.Options{Dir: data, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	defer func() {
		if e := db.Close(); err == nil {
			err = e
		}
	}()
	now := time.Now().UTC()
	if err := db.Fill(ctx, claims, now); err != nil {
		return err
	}
	return db.FillRecord(ctx, min(events, claims), now)
}
