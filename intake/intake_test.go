package intake

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

const ordersCSV = `订单号,商家编号,买家编号,行号,商品名称,类目,数量,单价,下单时间,签收时间
A1,m1,b1,1,杯子,home,2,39.90,2026-11-01 09:30:00,2026/11/3 8:05
A1,m1,b1,2,"碟子, 大",home,1,10,2026-11-01 09:30:00,2026/11/3 8:05
A2,m1,b2,1,花瓶,home,1,168.005,2026-11-02 10:00:00,
A3,m1,b2,1,花瓶,home,一,168,yesterday,
A4,m1,,1,花瓶,home,1,168,2026-11-02 10:00:00,
A5,m1,b3,1,花瓶,home,1,168,2026-11-02T10:00:00+09:00,
`

func TestOrdersOfASpreadsheet(t *testing.T) {
	d := newDesk(t)
	dry := try(t, d, []byte(ordersCSV), Options{Kind: Orders, DryRun: true, First: 2})
	got := try(t, d, []byte(ordersCSV), Options{Kind: Orders})
	for _, r := range []told{dry, got} {
		if r.Kept != 2 || r.Refused != 3 || r.Taken != 3 {
			t.Errorf("%+v\n%s", r.Report, r.said)
		}
		r.has(t, "4 price:", "5 placed_at:", "5 quantity:", "6 buyer_id:")
	}
	if len(dry.shown) != 2 || dry.shown[0].Line != 2 {
		t.Errorf("a dry run showed %+v", dry.shown)
	}
	o, err := d.Order(t.Context(), Platform, "A1")
	if err != nil || len(o.Lines) != 2 || o.Total.Amount != 8980 || o.Lines[1].Title != "碟子, 大" {
		t.Fatalf("%+v %v", o, err)
	}
	if want := time.Date(2026, 11, 1, 1, 30, 0, 0, time.UTC); !o.PlacedAt.Equal(want) {
		t.Errorf("placed at %s, want %s", o.PlacedAt, want)
	}
	if again := try(t, d, []byte(ordersCSV), Options{Kind: Orders}); again.Same != 2 || again.Kept != 0 {
		t.Errorf("again: %+v", again.Report)
	}
}

func TestClaims(t *testing.T) {
	d := newDesk(t)
	try(t, d, []byte(ordersCSV), Options{Kind: Orders})
	const claims = `{"order_id":"A1","line_ids":["1"],"kind":"refund_only","reason":"not_received","story":"没有收到"}
{"order_id":"A5","kind":"refund_only","reason":"damaged","story":"碎了"}

{"order_id":"A5","kind":"refund_only","reason":"damaged","storey":"碎了"}
{"order_id":"A9","kind":"refund_only","reason":"damaged"}
{"order_id":7}
not json
`
	got := try(t, d, []byte(claims), Options{Kind: Claims})
	if got.Kept != 2 || got.Drafts != 1 || got.Refused != 4 {
		t.Errorf("%+v\n%s", got.Report, got.said)
	}
	got.has(t, "4 storey:", "5 :", "6 order_id:", "7 :")
	if again := try(t, d, []byte(claims), Options{Kind: Claims}); again.Kept != 0 || again.Same != 2 {
		t.Errorf("again: %+v", again.Report)
	}
	csv := "订单号,售后类型,申请原因,申请金额,说明\nA5,仅退款,未收到货,1.00,另一件事\n"
	if r := try(t, d, []byte(csv), Options{Kind: Claims}); r.Refused != 1 || r.err == nil {
		t.Errorf("a second open claim about the same goods: %+v %s", r.Report, r.said)
	}
	list, _, err := d.Claims(t.Context(), Platform, desk.ClaimFilter{}, work.Page{Limit: 10})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d claims, %v", len(list), err)
	}
	for _, c := range list {
		if want := map[string]claim.State{"A1": claim.AskedShop, "A5": claim.Draft}[c.OrderID]; c.State != want {
			t.Errorf("the claim about %s is %s, want %s", c.OrderID, c.State, want)
		}
	}
}

func TestPartiesAndBrokenFiles(t *testing.T) {
	d := newDesk(t)
	merchants := "\xef\xbb\xbfid,name,consent_kinds,consent_up_to\nm1,陶然居,refund_only;部分退款,50\nm2,无,everything,50\nm3,好,,,\nm4,甲,,\nm4,乙,,\n"
	got := try(t, d, []byte(merchants), Options{Kind: Merchants})
	if got.Kept != 2 || got.Refused != 3 {
		t.Errorf("%+v\n%s", got.Report, got.said)
	}
	got.has(t, "m4 is in lines 5 and 6 with different contents")
	if m, err := d.Merchant(t.Context(), Platform, "m1"); err != nil || m.Consent.UpTo.Amount != 5000 || len(m.Consent.Kinds) != 2 {
		t.Errorf("%+v %v", m, err)
	}
	if r := try(t, d, []byte(merchants), Options{Kind: Merchants, NoConsent: true}); r.err == nil {
		t.Error("consent was taken from one whose it is not")
	}
	if r := try(t, d, []byte("id,name\nb1,王\nb2,\xff\xff\xff\n\"b3,unclosed\n"), Options{Kind: Buyers}); r.Kept != 1 || r.Refused != 2 {
		t.Errorf("%+v\n%s", r.Report, r.said)
	}
	long := `{"id":"` + strings.Repeat("x", MaxRow) + "\"}\n" + `{"id":"b9"}` + "\n"
	r := try(t, d, []byte(long), Options{Kind: Buyers})
	if r.Kept != 1 || r.Refused != 1 {
		t.Errorf("%+v\n%s", r.Report, r.said)
	}
	r.has(t, "1 MB")
}

// TestInterruptedImportIsRunAgain stops an import in its middle; run again, it
// ends as if it had never been stopped.
func TestInterruptedImportIsRunAgain(t *testing.T) {
	text := header
	for i := range 1000 {
		text += row("R"+strings.Repeat("0", i%7)+string(rune('a'+i%26))+strings.Repeat("1", i/26), 1, "杯", "5")
	}
	d := newShelf()
	ctx, stop := context.WithCancel(t.Context())
	r, err := run(ctx, d, Platform, strings.NewReader(text), Options{Kind: Orders, Progress: func(n, _ int) {
		if n == 500 {
			stop()
		}
	}})
	if err == nil || r.Kept == 0 || r.Kept > 500 {
		t.Fatalf("stopped at row 500: %+v %v", r, err)
	}
	kept := r.Kept
	again := try(t, d, []byte(text), Options{Kind: Orders})
	if again.Same != kept || again.Kept+again.Same != 1000 || len(d.orders) != 1000 {
		t.Errorf("again: %+v", again.Report)
	}
}

func TestTooLargeOrTooFarApart(t *testing.T) {
	text := header + row("A1", 1, "杯", "5") + row("A2", 1, "杯", "5") + row("A3", 1, "杯", "5")
	r := try(t, newShelf(), []byte(text), Options{Kind: Orders, MaxRows: 2})
	r.has(t, "more than 2 rows")
	wide := strings.Repeat("x,", MaxCols) + "订单号\n"
	r = try(t, newShelf(), []byte(wide), Options{Kind: Orders})
	r.has(t, "more than 200 columns")
	if r := try(t, newShelf(), []byte("order_id,title,price,placed_at,buyer_id\n1,x,1,2026-11-01,b1\n"), Options{Kind: Orders}); r.err == nil {
		t.Error("whose orders these are was guessed")
	}
}

func TestWhatIsDeclaredCounts(t *testing.T) {
	d := newShelf()
	text := "Bestellung#Wer#Artikel#Preis#Wann\nB1#b1#Tasse#1,50#11/1/2026\n"
	r := try(t, d, []byte(text), Options{
		Kind: Orders, Merchant: "m1", Currency: "EUR", Separator: '#', Numbers: Comma, Dates: MonthFirst, Zone: time.UTC,
		Columns: map[string]string{"Bestellung": "order_id", "wer": "buyer_id", "Artikel": "title", "Preis": "price", "Wann": "placed_at"},
	})
	o := d.orders["B1"]
	if r.Kept != 1 || o.Total.Amount != 150 || o.Total.Currency != "EUR" || !o.PlacedAt.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %+v\n%s", r.Report, o, r.said)
	}
	r = try(t, d, []byte(text), Options{Kind: Orders, Separator: '#', Columns: map[string]string{"Wer": "nobody"}})
	r.has(t, `no field "nobody"`)
}
