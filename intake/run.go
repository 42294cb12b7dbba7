package intake

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	Orders    Kind = "orders"
	Merchants Kind = "merchants"
	Buyers    Kind = "buyers"
	Claims    Kind = "claims"
)

// Options of one import.
type Options struct {
	Kind Kind
	// Zone is for times without one; nil is UTC+8.
	Zone *time.Location
	// DryRun checks each row as far as that goes without keeping it.
	DryRun bool
	// Wrong hears of each problem as it is found.
	Wrong func(Problem)
	// Progress hears of each row.
	Progress func(rows int)
}

// Report counts what became of the rows. An order of several CSV rows counts
// once.
type Report struct {
	Kept    int // put into the desk, or with DryRun fit to be
	Same    int // there already
	Drafts  int // claims among Kept that wait for their evidence
	Refused int
}

// importer is one import under way.
type importer struct {
	ctx  context.Context
	desk *desk.Desk
	by   desk.Caller
	o    Options
	out  Report
	held order.Order // of CSV rows that may go on
	line int         // where held began
	sum  bool        // its total is the sum of its lines
}

// Run reads a file into the desk. Rows that are refused are no error.
func Run(ctx context.Context, d *desk.Desk, by desk.Caller, r io.Reader, o Options) (Report, error) {
	if o.Zone == nil {
		o.Zone = time.FixedZone("UTC+8", 8*3600)
	}
	if o.Wrong == nil {
		o.Wrong = func(Problem) {}
	}
	if o.Progress == nil {
		o.Progress = func(int) {}
	}
	i := &importer{ctx: ctx, desk: d, by: by, o: o}
	var failed error
	n := 0
	err := rows(r, func(r row, p *Problem) bool {
		n++
		o.Progress(n)
		if failed = ctx.Err(); failed == nil {
			if p != nil {
				i.refuse(p)
			} else {
				failed = i.take(r)
			}
		}
		return failed == nil
	})
	if failed == nil {
		failed = err
	}
	if failed == nil {
		failed = i.flush()
	}
	if failed != nil {
		return i.out, fmt.Errorf("after %d rows: %w", n, failed)
	}
	return i.out, nil
}

// refuse counts one row and tells each of its problems.
func (i *importer) refuse(list ...*Problem) {
	i.out.Refused++
	for _, p := range list {
		i.o.Wrong(*p)
	}
}

func (i *importer) take(r row) error {
	switch i.o.Kind {
	case Orders:
		return i.order(r)
	case Merchants:
		m, bad := merchantOf(r, i.o.Zone)
		return i.put(r.line, bad, func() (bool, error) {
			old, err := i.desk.Merchant(i.ctx, i.by, m.ID)
			return err == nil && reflect.DeepEqual(old, m), refusalOnly(err)
		}, func() error { return i.desk.PutMerchant(i.ctx, i.by, m) })
	case Buyers:
		b, bad := buyerOf(r, i.o.Zone)
		return i.put(r.line, bad, nil, func() error { return i.desk.PutBuyer(i.ctx, i.by, b) })
	case Claims:
		f, bad := filingOf(r, i.o.Zone)
		return i.put(r.line, bad, func() (bool, error) { return i.filed(f) }, func() error { return i.file(f) })
	}
	return fmt.Errorf("there is no import of %q", i.o.Kind)
}

// put keeps one row, unless it is there already; same may be nil.
func (i *importer) put(line int, bad []*Problem, same func() (bool, error), keep func() error) error {
	if len(bad) > 0 {
		i.refuse(bad...)
		return nil
	}
	if same != nil {
		known, err := same()
		if err != nil {
			return err
		}
		if known {
			i.out.Same++
			return nil
		}
	}
	if i.o.DryRun {
		i.out.Kept++
		return nil
	}
	err := keep()
	if e, refused := desk.As(err); refused {
		i.refuse(&Problem{Line: line, Field: e.Field, Text: e.Text})
		return nil
	}
	if err == nil {
		i.out.Kept++
	}
	return err
}

// refusalOnly lets through what is no refusal: a store that fails.
func refusalOnly(err error) error {
	if _, refused := desk.As(err); refused {
		return nil
	}
	return err
}

// order gathers CSV rows of one number that follow each other.
func (i *importer) order(r row) error {
	o, given, bad := orderOf(r, i.o.Zone)
	if len(bad) > 0 {
		i.refuse(bad...)
		return nil
	}
	if r.json == nil && len(i.held.Lines) > 0 && o.ID == i.held.ID && len(i.held.Lines) < order.MaxLines {
		i.held.Lines = append(i.held.Lines, o.Lines...)
		return nil
	}
	if err := i.flush(); err != nil {
		return err
	}
	i.held, i.line, i.sum = o, r.line, !given
	if r.json != nil {
		return i.flush()
	}
	return nil
}

// flush keeps the order that was gathered.
func (i *importer) flush() error {
	o := i.held
	if i.held = (order.Order{}); o.ID == "" && len(o.Lines) == 0 {
		return nil
	}
	if i.sum {
		for _, l := range o.Lines {
			o.Total.Amount += max(0, min(l.Price.Amount, order.MaxAmount)) * int64(max(0, min(l.Quantity, order.MaxQuantity)))
			o.Total.Amount = min(o.Total.Amount, order.MaxAmount+1)
		}
	}
	var bad []*Problem
	if err := o.Validate(); err != nil {
		for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
			if f, ok := e.(order.FieldError); ok {
				bad = append(bad, problem(i.line, f.Field, f.Fix, "内容有误："+f.Fix))
			}
		}
	}
	return i.put(i.line, bad, func() (bool, error) {
		old, err := i.desk.Order(i.ctx, i.by, o.ID)
		return err == nil && reflect.DeepEqual(old, o), refusalOnly(err)
	}, func() error { return i.desk.PutOrder(i.ctx, i.by, o) })
}

// filed is whether a claim like this one is there, open or closed: the same
// order, goods, kind, reason and words.
func (i *importer) filed(f desk.Filing) (bool, error) {
	for p := (desk.Page{Limit: 200}); f.OrderID != ""; {
		list, next, err := i.desk.Claims(i.ctx, i.by, desk.ClaimFilter{OrderID: f.OrderID}, p)
		if err != nil {
			return false, refusalOnly(err)
		}
		for _, c := range list {
			if c.Kind == f.Kind && c.Reason == f.Reason && c.Story == f.Story && slices.Equal(c.LineIDs, f.LineIDs) {
				return true, nil
			}
		}
		if next == "" {
			return false, nil
		}
		p.After = next
	}
	return false, nil
}

// file opens a claim and submits it where it needs no evidence; otherwise it
// stays a draft, to which the buyer adds photos.
func (i *importer) file(f desk.Filing) error {
	f.Submit = true
	_, err := i.desk.File(i.ctx, i.by, f)
	if e, ok := desk.As(err); ok && e.Code == desk.CodeIncomplete {
		f.Submit = false
		if _, err = i.desk.File(i.ctx, i.by, f); err == nil {
			i.out.Drafts++
		}
	}
	return err
}

// Platform is as whom an operator's import acts.
var Platform = desk.Caller{ID: "import", Kind: desk.CallerKey, Roles: []claim.Role{claim.RoleIntegrator}, Scopes: []string{desk.ScopeAll}}
