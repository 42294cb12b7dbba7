package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/intake"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// importCmd takes a platform's past into the desk.
type importCmd struct {
	storeFlags
	What      string            `arg:"" name:"what" enum:"orders,merchants,buyers,claims" help:"orders, merchants, buyers or claims."`
	Files     []string          `arg:"" name:"file" help:"CSV or an Excel workbook (xlsx) with a header, or JSON Lines; see docs/import.md for columns and encodings."`
	DryRun    bool              `help:"Check everything, show the first rows as understood, and keep nothing."`
	Merchant  string            `placeholder:"ID" help:"Whose orders these are, where no column says."`
	Currency  string            `placeholder:"CODE" help:"Currency of amounts where neither a column nor the platform says. Default: CNY."`
	Zone      string            `default:"+08:00" placeholder:"OFFSET" help:"Zone of times that name none."`
	Numbers   string            `enum:"auto,point,comma" default:"auto" help:"How decimals are written: point (1,299.00), comma (1.299,00), or auto: as the file certainly does."`
	Dates     string            `enum:"auto,mdy,dmy" default:"auto" help:"Order of dates such as 11/1/2026: mdy, dmy, or auto: as the file certainly does."`
	Separator string            `enum:"auto,comma,semicolon,tab,pipe" default:"auto" help:"What stands between cells: comma, semicolon, tab or pipe."`
	Column    map[string]string `placeholder:"HEADER=FIELD" help:"What a column holds, by its header; - is nothing. Can be given several times."`
	First     int               `default:"5" help:"How many of the first rows a dry run shows as understood."`
}

// Run imports each file. A row that is refused is told with its place and
// costs exit status 1; the others are kept. Running it again changes nothing,
// so that an import that was interrupted is simply run once more.
func (c *importCmd) Run(a *app) error {
	at, err := time.Parse("-07:00", c.Zone)
	if err != nil {
		return a.fail(text.Text{EN: "--zone needs an offset such as +08:00", ZH: "--zone 需要 +08:00 这样的时差"})
	}
	return c.with(a, func(db *store.DB, _ *account.Accounts) error {
		d := desk.New(desk.Options{
			Store: db, Blobs: db.Blobs(), Log: slog.New(slog.DiscardHandler),
			Fanout: func(ctx context.Context, tx desk.Tx, m work.Message) error { return webhook.Fanout(ctx, tx, m) },
		})
		if err := d.FirstPolicy(a.ctx, policy.Default()); err != nil {
			return err
		}
		problems := false
		for _, file := range c.Files {
			r, err := c.file(a, d, file, at.Location())
			if e, ok := intake.AsFileError(err); ok && a.ctx.Err() == nil {
				fmt.Fprintf(a.errOut, "%s: %s\n", shown(file), report.Clean(a.say(e.Text)))
				problems = true
				continue
			}
			if err != nil {
				return err
			}
			problems = problems || r.Refused > 0
		}
		if problems {
			return errProblems
		}
		return nil
	})
}

// options are those of one file.
func (c *importCmd) options(a *app, file string, zone *time.Location) intake.Options {
	bar := a.newProgress()
	o := intake.Options{
		Kind: intake.Kind(c.What), Zone: zone, DryRun: c.DryRun, Merchant: c.Merchant, Currency: strings.ToUpper(c.Currency), Columns: c.Column,
		Separator: map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}[c.Separator],
		Wrong: func(p intake.Problem) {
			bar.lift()
			field := p.Column
			if field == "" {
				field = p.Field
			}
			if field != "" {
				field = report.Clean(field) + ": "
			}
			fmt.Fprintf(a.errOut, "%s:%d: %s%s\n", shown(file), p.Line, field, report.Clean(a.say(p.Text)))
		},
		Note: func(t text.Text) {
			bar.lift()
			fmt.Fprintf(a.errOut, "%s: %s\n", shown(file), report.Clean(a.say(t)))
		},
		Progress: func(done, total int) {
			if done%200 == 0 || done == total {
				bar.show(done, total, "")
			}
			if bar.width == 0 && done%10_000 == 0 {
				fmt.Fprintf(a.errOut, a.say(text.Text{EN: "%s: %d of %d rows ...\n", ZH: "%s：%d / %d 行……\n"}), shown(file), done, total)
			}
			if done == total {
				bar.lift()
			}
		},
	}
	if c.Numbers != "auto" {
		o.Numbers = intake.Style(c.Numbers)
	}
	if c.Dates != "auto" {
		o.Dates = intake.DateOrder(c.Dates)
	}
	if c.DryRun {
		o.First = c.First
		o.Shown = func(u intake.Understood) {
			bar.lift()
			fmt.Fprintln(a.out, report.Clean(a.understood(u, zone)))
		}
	}
	return o
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
	in, done, err := seekable(f)
	if err != nil {
		return intake.Report{}, fmt.Errorf("%s: %w", shown(file), err)
	}
	defer done()
	r, err := intake.Run(a.ctx, d, intake.Platform, in, c.options(a, file, zone))
	_, ours := intake.AsFileError(err)
	if err != nil && !ours {
		return r, fmt.Errorf("%s: %w", shown(file), err)
	}
	if r.Rows == 0 {
		return r, err
	}
	words := text.Text{EN: "%s: %d rows: %d kept (%d of them drafts that wait for evidence), %d there already; %d rows refused\n", ZH: "%s：共 %d 行：写入 %d（其中 %d 份草稿等待证据），已存在 %d；拒绝 %d 行\n"}
	if c.DryRun {
		words = text.Text{EN: "%s: %d rows: %d would be kept (%d of them drafts that wait for evidence), %d there already; %d rows refused; nothing was written\n", ZH: "%s：共 %d 行：将写入 %d（其中 %d 份草稿等待证据），已存在 %d；拒绝 %d 行；未写入任何内容\n"}
	}
	if _, e := fmt.Fprintf(a.out, a.say(words), shown(file), r.Rows, r.Kept, r.Drafts, r.Same, r.Refused); e != nil {
		return r, e
	}
	return r, err
}

// maxSpool is how much of a pipe is read.
const maxSpool = 2 << 30

// seekable makes a copy of what can be read only once, such as a pipe.
func seekable(f *os.File) (in io.ReadSeeker, done func(), err error) {
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return f, func() {}, nil
	}
	spool, err := os.CreateTemp("", "evenhand-import-*")
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		_ = spool.Close()
		_ = os.Remove(spool.Name())
	}
	n, err := io.Copy(spool, io.LimitReader(f, maxSpool+1))
	if err == nil && n > maxSpool {
		err = errors.New("larger than 2 GB")
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return spool, done, nil
}

// understood says in a line what was read.
func (a *app) understood(u intake.Understood, zone *time.Location) string {
	line := fmt.Sprintf(a.say(text.Text{EN: "line %d: ", ZH: "第 %d 行："}), u.Line)
	switch v := u.Value.(type) {
	case order.Order:
		text := fmt.Sprintf(a.say(text.Text{EN: "order %s of %s by %s, %s, %s", ZH: "订单 %s，商家 %s，买家 %s，%s，%s"}), v.ID, v.MerchantID, v.BuyerID, v.Total.String(), v.PlacedAt.In(zone).Format("2006-01-02 15:04:05"))
		for i, l := range v.Lines {
			if i == 10 {
				text += fmt.Sprintf(" … (%d)", len(v.Lines))
				break
			}
			text += fmt.Sprintf("; %d × %s %s", l.Quantity, l.Title, l.Price.String())
		}
		return line + text
	case order.Merchant:
		return line + v.ID + " " + v.Name
	case order.Buyer:
		return line + v.ID
	case desk.Filing:
		return line + fmt.Sprintf("%s %s %s %s", v.OrderID, v.Kind, v.Reason, v.Ask.String())
	}
	return line
}
