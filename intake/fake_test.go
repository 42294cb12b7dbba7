package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// shelf is a desk that keeps in memory what it is given.
type shelf struct {
	orders    map[string]order.Order
	merchants map[string]order.Merchant
	buyers    map[string]order.Buyer
	filed     []*claim.Claim
}

func newShelf() *shelf {
	return &shelf{
		orders: map[string]order.Order{}, merchants: map[string]order.Merchant{},
		buyers: map[string]order.Buyer{},
	}
}

// Rehearse runs f with a copy.
func (s *shelf) Rehearse(_ context.Context, f func(house) error) error {
	return f(&shelf{
		orders: maps.Clone(s.orders), merchants: maps.Clone(s.merchants), buyers: maps.Clone(s.buyers),
		filed: slices.Clone(s.filed),
	})
}

var errNone = &text.Refusal{Code: text.CodeNotFound}

func (s *shelf) Order(_ context.Context, _ access.Caller, id string) (order.Order, error) {
	if o, ok := s.orders[id]; ok {
		return o, nil
	}
	return order.Order{}, errNone
}

func (s *shelf) PutOrders(_ context.Context, _ access.Caller, list []order.Order) ([]error, error) {
	for _, o := range list {
		if err := o.Validate(); err != nil {
			return nil, fmt.Errorf("an order that the desk refuses: %w", err)
		}
		s.orders[o.ID] = o
	}
	return make([]error, len(list)), nil
}

func (s *shelf) Merchant(_ context.Context, _ access.Caller, id string) (order.Merchant, error) {
	if m, ok := s.merchants[id]; ok {
		return m, nil
	}
	return order.Merchant{}, errNone
}

func (s *shelf) Merchants(context.Context, access.Caller, work.Page) (list []order.Merchant, next string, err error) {
	for _, m := range s.merchants {
		list = append(list, m)
	}
	return list, "", nil
}

func (s *shelf) PutMerchant(_ context.Context, _ access.Caller, m order.Merchant) error {
	s.merchants[m.ID] = m
	return nil
}

func (s *shelf) PutBuyer(_ context.Context, _ access.Caller, b order.Buyer) error {
	s.buyers[b.ID] = b
	return nil
}

func (s *shelf) Claims(_ context.Context, _ access.Caller, f desk.ClaimFilter, _ work.Page) (list []*claim.Claim, next string, err error) {
	for _, c := range s.filed {
		if c.OrderID == f.OrderID {
			list = append(list, c)
		}
	}
	return list, "", nil
}

func (s *shelf) File(_ context.Context, _ access.Caller, f desk.Filing) (desk.Filed, error) {
	c := &claim.Claim{
		ID: fmt.Sprintf("c%d", len(s.filed)), OrderID: f.OrderID, LineIDs: f.LineIDs, Units: f.Units,
		Kind: f.Kind, Reason: f.Reason, Ask: f.Ask, Story: f.Story,
	}
	s.filed = append(s.filed, c)
	return desk.Filed{Claim: c}, nil
}

// told is an import and all that was said of it.
type told struct {
	Report
	err   error
	said  string // "LINE FIELD: text", a line each
	notes string
	shown []Understood
}

// try imports a file and checks that each row was either taken or refused.
func try(t testing.TB, d house, file []byte, o Options) told {
	t.Helper()
	var out told
	o.Wrong = func(p Problem) {
		out.said += fmt.Sprintf("%d %s: %s\n", p.Line, p.Field, p.Text.EN)
		if p.Line < 1 || p.Text.EN == "" || p.Text.ZH == "" {
			t.Errorf("a problem says too little: %+v", p)
		}
	}
	o.Note = func(n note) { out.notes += n.EN + "\n" }
	o.Shown = func(u Understood) { out.shown = append(out.shown, u) }
	out.Report, out.err = run(t.Context(), d, Platform, bytes.NewReader(file), o)
	if out.err != nil {
		if _, ours := AsFileError(out.err); !ours && !errors.Is(out.err, context.Canceled) {
			t.Fatal(out.err)
		}
	}
	if out.err == nil && out.Rows != out.Taken+out.Refused {
		t.Errorf("%d rows, of which %d were taken and %d refused", out.Rows, out.Taken, out.Refused)
	}
	return out
}

func (o told) has(t testing.TB, parts ...string) {
	t.Helper()
	all := o.said + o.notes
	if e, ok := AsFileError(o.err); ok {
		all += e.Text.EN
	}
	for _, p := range parts {
		if !strings.Contains(all, p) {
			t.Errorf("nothing says %q:\n%s", p, all)
		}
	}
}
