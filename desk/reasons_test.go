package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/order"
)

var latinClause = regexp.MustCompile(`\b[a-z']{2,}[ ,]+(?:[a-z']{2,}|\d+)[ ,]+(?:[a-z']{2,}|\d+)\b`)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestEveryReasonOfTheDomainIsSaidInChinese reads from the domain's source why
// it refuses a move.
func TestEveryReasonOfTheDomainIsSaidInChinese(t *testing.T) {
	files, err := filepath.Glob("../claim/*.go")
	if err != nil || len(files) == 0 {
		t.Skip("the source is not at hand")
	}
	reasons := map[string]bool{"reason other does not go with the outcome granted": true}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 4 {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "deny" {
				return true
			}
			if lit, ok := call.Args[3].(*ast.BasicLit); ok {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				reasons[s] = true
			}
			return true
		})
	}
	if len(reasons) < 18 {
		t.Errorf("%d reasons were found", len(reasons))
	}
	for r := range reasons {
		if r == "" {
			continue
		}
		e, _ := As(said(&claim.IllegalError{Reason: r}))
		if !strings.HasPrefix(e.Text.ZH, "暂时无法操作：") || latinClause.MatchString(e.Text.ZH) || han(e.Text.EN) {
			t.Errorf("%q: %q", r, e.Text.ZH)
		}
	}
}

// TestOrdersAreRefusedInOneLanguage breaks an order in every way that there is:
// a Chinese caller used to read "内容有误：must be 1 to 64 letters …".
func TestOrdersAreRefusedInOneLanguage(t *testing.T) {
	money := order.Money{Amount: 1, Currency: "CNY"}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	early := at.Add(-time.Hour)
	lat, far := 1.0, 999.0
	whole := func() order.Order {
		return order.Order{ID: "O1", MerchantID: "M1", BuyerID: "B1", Total: money, PlacedAt: at, Lines: []order.Line{{ID: "L1", Title: "x", Quantity: 1, Price: money}}}
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
		"lines[0].paid": func(o *order.Order) { o.Lines[0].Paid = &order.Money{Amount: -1} }, "lines[0].paid.currency": func(o *order.Order) { o.Lines[0].Paid = &order.Money{Currency: "USD"} },
		"shipment":  func(o *order.Order) { o.Shipment = &order.Shipment{Lat: &lat} },
		"shipment ": func(o *order.Order) { o.Shipment = &order.Shipment{Lat: &far, Lon: &far} },
	} {
		o := whole()
		spoil(&o)
		e, ok := As(fields(o.Validate()))
		if !ok || e.Field != strings.TrimSpace(name) && e.Field != "id" || latinClause.MatchString(e.Text.ZH) || !han(e.Text.ZH) || han(e.Text.EN) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	var all order.Order // everything at once: each is named
	e, _ := As(fields(all.Validate()))
	if strings.Count(e.Text.ZH, "；") < 4 || strings.Count(e.Text.ZH, "；") != strings.Count(e.Text.EN, ";") {
		t.Errorf("%q", e.Text.ZH)
	}
}
