package desk

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

var latinClause = regexp.MustCompile(`\b[a-z']{2,}[ ,]+(?:[a-z']{2,}|\d+)[ ,]+(?:[a-z']{2,}|\d+)\b`)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestWhatTheStoreSaysIsSaidInBothLanguages: what a store answers reaches a
// person with words in each language, and the log with its cause. Of "within" a
// Chinese caller used to read nothing at all.
func TestWhatTheStoreSaysIsSaidInBothLanguages(t *testing.T) {
	for cause, code := range map[error]text.Code{work.ErrNotFound: text.CodeNotFound, work.ErrConflict: text.CodeConflict, ErrBeyond: CodeGuarantee} {
		err := said(fmt.Errorf("taking: %w", cause))
		e, ok := text.AsRefusal(err)
		if !ok || e.Code != code || !han(e.Text.ZH) || latinClause.MatchString(e.Text.ZH) || e.Text.EN == "" || han(e.Text.EN) {
			t.Errorf("%v: %+v", cause, e)
		}
		if !errors.Is(err, cause) {
			t.Errorf("%v: the cause is lost", cause)
		}
	}
	if err := said(io.ErrUnexpectedEOF); err != io.ErrUnexpectedEOF {
		t.Errorf("a failing database became %v", err)
	}
	refused := incomplete([]claim.Requirement{{}})
	if e, ok := text.AsRefusal(said(refused)); !ok || e.Code != CodeIncomplete || e.Field != "evidence" || !han(e.Text.ZH) {
		t.Errorf("an incomplete filing: %+v", e)
	}
}

// TestOrdersAreRefusedInOneLanguage breaks an order in every way that there is:
// a Chinese caller used to read "内容有误：must be 1 to 64 letters …".
func TestOrdersAreRefusedInOneLanguage(t *testing.T) {
	sum := money.Money{Amount: 1, Currency: "CNY"}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	early := at.Add(-time.Hour)
	lat, far := 1.0, 999.0
	whole := func() order.Order {
		return order.Order{ID: "O1", MerchantID: "M1", BuyerID: "B1", Total: sum, PlacedAt: at, Lines: []order.Line{{ID: "L1", Title: "x", Quantity: 1, Price: sum}}}
	}
	if err := fields(whole().Validate()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*order.Order){
		"id": func(o *order.Order) { o.ID = "a b" }, "merchant_id": func(o *order.Order) { o.MerchantID = "" }, "buyer_id": func(o *order.Order) { o.BuyerID = strings.Repeat("x", 65) },
		"lines": func(o *order.Order) { o.Lines = nil }, "total": func(o *order.Order) { o.Total.Amount = -1 }, "total ": func(o *order.Order) { o.Total.Currency = "yuan" },
		"placed_at": func(o *order.Order) { o.PlacedAt = time.Time{} }, "shipped_at": func(o *order.Order) { o.ShippedAt = &early }, "delivered_at": func(o *order.Order) { o.DeliveredAt = &early },
		"lines[0].id": func(o *order.Order) { o.Lines[0].ID = "" }, "lines[1].id": func(o *order.Order) { o.Lines = append(o.Lines, o.Lines[0]) },
		"lines[0].title": func(o *order.Order) { o.Lines[0].Title = "" }, "lines[0].quantity": func(o *order.Order) { o.Lines[0].Quantity = 0 },
		"lines[0].price": func(o *order.Order) { o.Lines[0].Price.Amount = -1 }, "lines[0].price.currency": func(o *order.Order) { o.Lines[0].Price.Currency = "USD" },
		"lines[0].paid": func(o *order.Order) { o.Lines[0].Paid = &money.Money{Amount: -1} }, "lines[0].paid.currency": func(o *order.Order) { o.Lines[0].Paid = &money.Money{Currency: "USD"} },
		"shipment":  func(o *order.Order) { o.Shipment = &order.Shipment{Lat: &lat} },
		"shipment ": func(o *order.Order) { o.Shipment = &order.Shipment{Lat: &far, Lon: &far} },
	} {
		o := whole()
		spoil(&o)
		e, ok := text.AsRefusal(fields(o.Validate()))
		if !ok || e.Field != strings.TrimSpace(name) && e.Field != "id" || latinClause.MatchString(e.Text.ZH) || !han(e.Text.ZH) || han(e.Text.EN) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	var all order.Order // everything at once: each is named
	e, _ := text.AsRefusal(fields(all.Validate()))
	if strings.Count(e.Text.ZH, "；") < 4 || strings.Count(e.Text.ZH, "；") != strings.Count(e.Text.EN, ";") {
		t.Errorf("%q", e.Text.ZH)
	}
}
