package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/intake"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/store"
)

// importCmd takes a platform's past into the desk.
type importCmd struct {
	storeFlags
	What   string   `arg:"" name:"what" enum:"orders,merchants,buyers,claims" help:"orders, merchants, buyers or claims."`
	Files  []string `arg:"" name:"file" help:"CSV with a header, or JSON Lines; UTF-8 or GB18030."`
	Zone   string   `default:"+08:00" placeholder:"OFFSET" help:"Zone of times that name none."`
	DryRun bool     `help:"Check everything and keep nothing."`
}

// Run imports each file. A row that is refused is told with its place and
// costs exit status 1; the others are kept. Running it again changes nothing.
func (c *importCmd) Run(a *app) error {
	at, err := time.Parse("-07:00", c.Zone)
	if err != nil {
		return a.fail(evidence.Text{EN: "--zone needs an offset such as +08:00", ZH: "--zone 需要 +08:00 这样的时差"})
	}
	return c.with(a, func(db *store.DB, _ *account.Accounts) error {
		d := desk.New(desk.Options{
			Store: db, Blobs: db.Blobs(), Log: slog.New(slog.DiscardHandler),
			Fanout: func(ctx context.Context, tx desk.Tx, m desk.Message) error { return webhook.Fanout(ctx, tx, m) },
		})
		if err := d.FirstPolicy(a.ctx, policy.Default()); err != nil {
			return err
		}
		refused := 0
		for _, file := range c.Files {
			r, err := c.file(a, d, file, at.Location())
			if err != nil {
				return err
			}
			refused += r.Refused
		}
		if refused > 0 {
			return errProblems
		}
		return nil
	})
}

// file imports one file and tells what became of its rows.
func (c *importCmd) file(a *app, d *desk.Desk, file string, zone *time.Location) (intake.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return intake.Report{}, fmt.Errorf("%s: %w", shown(file), path.Err)
		}
		return intake.Report{}, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	r, err := intake.Run(a.ctx, d, intake.Platform, f, intake.Options{
		Kind: intake.Kind(c.What), Zone: zone, DryRun: c.DryRun,
		Wrong: func(p intake.Problem) {
			field := ""
			if p.Field != "" {
				field = report.Clean(p.Field) + ": "
			}
			fmt.Fprintf(a.errOut, "%s:%d: %s%s\n", shown(file), p.Line, field, report.Clean(a.say(p.Text)))
		},
		Progress: func(n int) {
			if n%5000 == 0 {
				fmt.Fprintf(a.errOut, a.say(evidence.Text{EN: "%s: %d rows ...\n", ZH: "%s：已读 %d 行……\n"}), shown(file), n)
			}
		},
	})
	if err != nil {
		return r, fmt.Errorf("%s: %w", shown(file), err)
	}
	words := evidence.Text{EN: "%s: %d kept (%d of them drafts that wait for evidence), %d there already, %d refused\n", ZH: "%s：写入 %d（其中 %d 份草稿等待证据），已存在 %d，拒绝 %d\n"}
	if c.DryRun {
		words = evidence.Text{EN: "%s: %d could be kept (%d drafts known), %d there already, %d refused; nothing was written\n", ZH: "%s：可写入 %d（其中已知草稿 %d），已存在 %d，拒绝 %d；未写入任何内容\n"}
	}
	_, err = fmt.Fprintf(a.out, a.say(words), shown(file), r.Kept, r.Drafts, r.Same, r.Refused)
	return r, err
}
