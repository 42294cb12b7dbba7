package order_test

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
)

func good() order.Order {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	m := money.Money{Amount: 1999, Currency: "CNY"}
	return order.Order{ID: "A-1", MerchantID: "m1", BuyerID: "b1", Total: m, PlacedAt: at, Lines: []order.Line{{ID: "1", Title: "杯子", Quantity: 1, Price: m}}}
}

func TestValidateNamesTheField(t *testing.T) {
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	early := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	lat := 10.0
	for field, spoil := range map[string]func(*order.Order){
		"id":                      func(o *order.Order) { o.ID = "../x" },
		"merchant_id":             func(o *order.Order) { o.MerchantID = "" },
		"lines":                   func(o *order.Order) { o.Lines = nil },
		"lines[0].title":          func(o *order.Order) { o.Lines[0].Title = strings.Repeat("x", 501) },
		"lines[0].quantity":       func(o *order.Order) { o.Lines[0].Quantity = 0 },
		"lines[0].price":          func(o *order.Order) { o.Lines[0].Price.Amount = -1 },
		"lines[0].price.currency": func(o *order.Order) { o.Lines[0].Price.Currency = "USD" },
		"lines[1].id":             func(o *order.Order) { o.Lines = append(o.Lines, o.Lines[0]) },
		"total":                   func(o *order.Order) { o.Total.Currency = "yuan" },
		"placed_at":               func(o *order.Order) { o.PlacedAt = time.Time{} },
		"delivered_at":            func(o *order.Order) { o.DeliveredAt = &early },
		"shipment":                func(o *order.Order) { o.Shipment = &order.Shipment{Lat: &lat} },
	} {
		o := good()
		spoil(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), field+":") {
			t.Errorf("%s spoilt: %v", field, err)
		}
	}
}

func TestValueNeverExceedsWhatWasPaid(t *testing.T) {
	o := good()
	o.Lines = nil
	for i := range order.MaxLines {
		o.Lines = append(o.Lines, order.Line{ID: string(rune('a'+i%26)) + strings.Repeat("x", i/26), Quantity: order.MaxQuantity, Price: money.Money{Amount: money.Max, Currency: "CNY"}})
	}
	ids := make([]string, len(o.Lines))
	for i, l := range o.Lines {
		ids[i] = l.ID
	}
	if got := o.Value(ids); got != o.Total {
		t.Errorf("500 huge lines are worth %v, want the order's %v", got, o.Total)
	}
}

func TestConsent(t *testing.T) {
	c := order.Consent{Kinds: []string{"refund_only"}, Categories: []string{"fresh"}, UpTo: money.Money{Amount: 3000, Currency: "CNY"}}
	ask := money.Money{Amount: 3000, Currency: "CNY"}
	for _, tt := range []struct {
		kind, currency string
		categories     []string
		amount         int64
		want           bool
	}{
		{"refund_only", "CNY", []string{"fresh"}, 3000, true},
		{"refund_only", "CNY", []string{"fresh"}, 3001, false},
		{"refund_only", "USD", []string{"fresh"}, 1, false},
		{"repair", "CNY", []string{"fresh"}, 1, false},
		{"refund_only", "CNY", []string{"fresh", "toys"}, 1, false},
	} {
		ask.Amount, ask.Currency = tt.amount, tt.currency
		if got := c.Covers(tt.kind, "damaged", tt.categories, ask); got != tt.want {
			t.Errorf("%+v covered: %v", tt, got)
		}
	}
	if (order.Consent{}).Covers("refund_only", "damaged", nil, money.Money{}) {
		t.Error("no consent covers something")
	}
}
