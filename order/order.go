// Package order holds what was bought, from whom, for how much and how it
// travelled, and the two parties to it. It does no I/O and takes every time
// from its caller; a claim is always about one order.
package order

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// Order is one purchase from one merchant, as the platform told it. Amounts
// are in the order's one currency.
type Order struct {
	// ID is the platform's own order number: 1 to 64 letters, digits, '-', '_', '.' or ':'.
	ID         string      `json:"id"`
	MerchantID string      `json:"merchant_id"`
	BuyerID    string      `json:"buyer_id"`
	Lines      []Line      `json:"lines"`
	Total      money.Money `json:"total"`
	PlacedAt   time.Time   `json:"placed_at"`
	// ShippedAt and DeliveredAt are nil while that has not happened.
	ShippedAt   *time.Time `json:"shipped_at,omitempty"`
	DeliveredAt *time.Time `json:"delivered_at,omitempty"`
	Shipment    *Shipment  `json:"shipment,omitempty"`
	// UpdatedAt is when the source changed the order last, by its own clock; of
	// two pushes that overtake each other the later one counts. nil: not told.
	UpdatedAt *time.Time `json:"updated_at,omitempty"`
	// ToldBy is "merchant" while nobody but the shop's own key has told the
	// order; a platform's word stands over it. Empty: the platform has.
	ToldBy string `json:"told_by,omitempty"`
}

// Line is one article of an order.
type Line struct {
	ID    string `json:"id"`
	SKU   string `json:"sku,omitempty"`
	Title string `json:"title"`
	// Category is the platform's own word, such as "fresh", "electronics" or
	// "clothing"; policies and consents compare it as it is.
	Category string `json:"category,omitempty"`
	Quantity int    `json:"quantity"`
	// Price is for one piece.
	Price money.Money `json:"price"`
	// Paid is what was paid for the whole line, after coupons and discounts,
	// where the platform knows; see Shares for where it does not.
	Paid *money.Money `json:"paid,omitempty"`
}

// Shipment says how an order travelled. Where it went is kept no finer than a
// district, and as coordinates only where the platform gave them.
type Shipment struct {
	Carrier  string   `json:"carrier,omitempty"`
	Tracking string   `json:"tracking,omitempty"`
	Province string   `json:"province,omitempty"`
	City     string   `json:"city,omitempty"`
	District string   `json:"district,omitempty"`
	Lat      *float64 `json:"lat,omitempty"`
	Lon      *float64 `json:"lon,omitempty"`
}

// Limits of an order; far beyond any real one.
const (
	MaxLines    = 500
	MaxTitle    = 500
	MaxQuantity = 1_000_000
)

// FieldError says which field of a value is wrong and how to mend it.
type FieldError struct {
	Field string    // such as "lines[2].price.currency"
	Fix   text.Text // one clause: what it must be
}

func (e FieldError) Error() string { return e.Field + ": " + e.Fix.EN }

// idFault is what an id must be; see ValidID.
var idFault = text.Fault{Text: text.Text{EN: "must be 1 to 64 letters, digits, '-', '_', '.' or ':'", ZH: "须为 1 至 64 个字母、数字或 - _ . :"}}

// Validate checks an order as it comes from outside. The error joins a
// FieldError for each thing that is wrong.
func (o Order) Validate() error {
	var errs []error
	wrong := func(field string, f text.Fault) { errs = append(errs, FieldError{field, f.Text}) }
	for _, f := range []struct{ name, value string }{{"id", o.ID}, {"merchant_id", o.MerchantID}, {"buyer_id", o.BuyerID}} {
		if !ValidID(f.value) {
			wrong(f.name, idFault)
		}
	}
	if len(o.Lines) == 0 || len(o.Lines) > MaxLines {
		wrong("lines", text.Faultf("must hold 1 to %d lines", "须有 1 至 %d 行", MaxLines))
	}
	if f := o.Total.Fault(); f != nil {
		wrong("total", *f)
	}
	if o.PlacedAt.IsZero() {
		wrong("placed_at", text.Fault{Text: text.Text{EN: "must be a time", ZH: "须为时间"}})
	}
	if o.ShippedAt != nil && o.ShippedAt.Before(o.PlacedAt) {
		wrong("shipped_at", text.Fault{Text: text.Text{EN: "must not lie before placed_at", ZH: "不得早于 placed_at"}})
	}
	if o.DeliveredAt != nil && (o.DeliveredAt.Before(o.PlacedAt) || o.ShippedAt != nil && o.DeliveredAt.Before(*o.ShippedAt)) {
		wrong("delivered_at", text.Fault{Text: text.Text{EN: "must not lie before placed_at or shipped_at", ZH: "不得早于 placed_at 或 shipped_at"}})
	}
	seen := map[string]bool{}
	for i, l := range o.Lines[:min(len(o.Lines), MaxLines)] {
		at := func(name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }
		if !ValidID(l.ID) {
			wrong(at("id"), idFault)
		} else if seen[l.ID] {
			wrong(at("id"), text.Faultf("must be unlike the other lines' ids; %q is there twice", "各行编号不得重复，%q 出现了两次", l.ID))
		}
		seen[l.ID] = true
		if l.Title == "" || len([]rune(l.Title)) > MaxTitle {
			wrong(at("title"), text.Faultf("must have 1 to %d characters", "须为 1 至 %d 个字符", MaxTitle))
		}
		if l.Quantity < 1 || l.Quantity > MaxQuantity {
			wrong(at("quantity"), text.Faultf("must be 1 to %d", "须为 1 至 %d", MaxQuantity))
		}
		if f := l.Price.Fault(); f != nil {
			wrong(at("price"), *f)
		} else if l.Price.Currency != o.Total.Currency {
			wrong(at("price.currency"), text.Faultf("must be the order's, %s", "须与订单币种一致，即 %s", o.Total.Currency))
		}
		if l.Paid == nil {
			continue
		}
		if f := l.Paid.Fault(); f != nil {
			wrong(at("paid"), *f)
		} else if l.Paid.Currency != o.Total.Currency {
			wrong(at("paid.currency"), text.Faultf("must be the order's, %s", "须与订单币种一致，即 %s", o.Total.Currency))
		}
	}
	if s := o.Shipment; s != nil && (s.Lat == nil) != (s.Lon == nil) {
		wrong("shipment", text.Fault{Text: text.Text{EN: "must have both lat and lon, or neither", ZH: "lat 和 lon 须同时填写或都不填"}})
	} else if s != nil && s.Lat != nil && (*s.Lat < -90 || *s.Lat > 90 || *s.Lon < -180 || *s.Lon > 180) {
		wrong("shipment", text.Fault{Text: text.Text{EN: "lat must be -90 to 90 and lon -180 to 180 degrees", ZH: "lat 须为 -90 至 90 度，lon 须为 -180 至 180 度"}})
	}
	return errors.Join(errs...)
}

// Line finds a line by its id; ok is false where the order has none such.
func (o Order) Line(id string) (l Line, ok bool) {
	for _, l := range o.Lines {
		if l.ID == id {
			return l, true
		}
	}
	return Line{}, false
}

// Value is what was paid for the given lines: their shares of the total (see
// Shares). No ids means all lines.
func (o Order) Value(lineIDs []string) money.Money {
	if len(lineIDs) == 0 {
		return o.Total
	}
	units := map[string]int{}
	for _, id := range lineIDs {
		units[id] = MaxQuantity
	}
	return o.Room(nil).Most(units)
}

// Categories lists the distinct categories of the given lines (none: all), in
// the order's own sequence.
func (o Order) Categories(lineIDs []string) []string {
	var out []string
	for _, l := range o.Lines {
		if len(lineIDs) > 0 && !contains(lineIDs, l.ID) || contains(out, l.Category) {
			continue
		}
		out = append(out, l.Category)
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// ValidID says whether s may name an order, a line or a party: 1 to 64 ASCII
// letters, digits, '-', '_', '.' or ':'.
func ValidID(s string) bool {
	if s == "" || len(s) > 64 || s == "." || s == ".." {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.:", r))
	}) < 0
}
