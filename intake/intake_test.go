package intake

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
)

func newDesk(t testing.TB) *desk.Desk {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), RelaxedSync: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs()})
	if err := d.FirstPolicy(t.Context(), policy.Default()); err != nil {
		t.Fatal(err)
	}
	return d
}

func run(t testing.TB, d *desk.Desk, kind Kind, dry bool, text string) (Report, string) {
	t.Helper()
	var said strings.Builder
	r, err := Run(t.Context(), d, Platform, strings.NewReader(text), Options{Kind: kind, DryRun: dry, Wrong: func(p Problem) {
		fmt.Fprintf(&said, "%d %s: %s\n", p.Line, p.Field, p.Text.EN)
		if p.Text.ZH == "" {
			t.Errorf("line %d has no Chinese", p.Line)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r, said.String()
}

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
	dry, _ := run(t, d, Orders, true, ordersCSV)
	got, said := run(t, d, Orders, false, ordersCSV)
	want := Report{Kept: 2, Refused: 3}
	if got != want || dry != want {
		t.Errorf("got %+v and dry %+v, want %+v\n%s", got, dry, want, said)
	}
	for _, part := range []string{"4 price:", "5 placed_at:", "5 quantity:", "6 buyer_id:"} {
		if !strings.Contains(said, part) {
			t.Errorf("the report lacks %q:\n%s", part, said)
		}
	}
	o, err := d.Order(t.Context(), Platform, "A1")
	if err != nil || len(o.Lines) != 2 || o.Total.Amount != 8980 || o.Lines[1].Title != "碟子, 大" {
		t.Fatalf("%+v %v", o, err)
	}
	if want := time.Date(2026, 11, 1, 1, 30, 0, 0, time.UTC); !o.PlacedAt.Equal(want) {
		t.Errorf("placed at %s, want %s", o.PlacedAt, want)
	}
	again, _ := run(t, d, Orders, false, ordersCSV)
	if again.Same != 2 || again.Kept != 0 {
		t.Errorf("again: %+v", again)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(ordersCSV)
	if err != nil {
		t.Fatal(err)
	}
	if r, said := run(t, d, Orders, false, gb); r.Same != 2 {
		t.Errorf("in GB18030: %+v\n%s", r, said)
	}
}

func TestClaims(t *testing.T) {
	d := newDesk(t)
	run(t, d, Orders, false, ordersCSV)
	const claims = `{"order_id":"A1","line_ids":["1"],"kind":"refund_only","reason":"not_received","story":"没有收到"}
{"order_id":"A5","kind":"refund_only","reason":"damaged","story":"碎了"}

{"order_id":"A5","kind":"refund_only","reason":"damaged","storey":"碎了"}
{"order_id":"A9","kind":"refund_only","reason":"damaged"}
{"order_id":7}
not json
`
	got, said := run(t, d, Claims, false, claims)
	if want := (Report{Kept: 2, Drafts: 1, Refused: 4}); got != want {
		t.Errorf("got %+v, want %+v\n%s", got, want, said)
	}
	for _, part := range []string{"4 storey:", "5 :", "6 order_id:", "7 :"} {
		if !strings.Contains(said, part) {
			t.Errorf("the report lacks %q:\n%s", part, said)
		}
	}
	if again, _ := run(t, d, Claims, false, claims); again.Kept != 0 || again.Same != 2 {
		t.Errorf("again: %+v", again)
	}
	csv := "订单号,售后类型,申请原因,申请金额,说明\nA5,仅退款,未收到货,1.00,另一件事\n"
	if r, said := run(t, d, Claims, false, csv); r.Refused != 1 || !strings.Contains(said, "open claim") {
		t.Errorf("a second open claim about the same goods: %+v %s", r, said)
	}
	list, _, err := d.Claims(t.Context(), Platform, desk.ClaimFilter{}, desk.Page{Limit: 10})
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
	merchants := "\xef\xbb\xbfid,name,consent_kinds,consent_up_to\nm1,陶然居,refund_only;partial_refund,50\nm2,无,everything,50\nm3,好,,,\n"
	got, said := run(t, d, Merchants, false, merchants)
	if got.Kept != 1 || got.Refused != 2 {
		t.Errorf("%+v\n%s", got, said)
	}
	if m, err := d.Merchant(t.Context(), Platform, "m1"); err != nil || m.Consent.UpTo.Amount != 5000 || len(m.Consent.Kinds) != 2 {
		t.Errorf("%+v %v", m, err)
	}
	if r, said := run(t, d, Buyers, false, "id,name\nb1,王\nb2,\xff\xff\xff\n\"b3,unclosed\n"); r.Kept != 1 || r.Refused != 2 {
		t.Errorf("%+v\n%s", r, said)
	}
	long := `{"id":"` + strings.Repeat("x", MaxRow) + "\"}\n" + `{"id":"b9"}` + "\n"
	if r, said := run(t, d, Buyers, false, long); r.Kept != 1 || r.Refused != 1 || !strings.Contains(said, "1 MB") {
		t.Errorf("%+v\n%s", r, said)
	}
	endless := "id,name\nb1,\"" + strings.Repeat("x\n", 2*MaxRow)
	if _, err := Run(t.Context(), d, Platform, strings.NewReader(endless), Options{Kind: Buyers}); err == nil {
		t.Error("a quotation without end was read whole")
	}
}

func FuzzRows(f *testing.F) {
	f.Add([]byte(ordersCSV))
	f.Add([]byte(`{"id":"1","lines":[{"id":"1"}]}` + "\n\n[]\n"))
	f.Add([]byte("a,b\n\"x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 0
		_ = rows(strings.NewReader(string(data)), func(r row, p *Problem) bool {
			if p != nil {
				if p.Line < 1 || p.Text.EN == "" || p.Text.ZH == "" {
					t.Fatalf("a problem says too little: %+v", p)
				}
				return true
			}
			if r.line < last {
				t.Fatalf("line %d after %d", r.line, last)
			}
			last = r.line
			orderOf(r, time.UTC)
			merchantOf(r, time.UTC)
			buyerOf(r, time.UTC)
			filingOf(r, time.UTC)
			return true
		})
	})
}

func FuzzMinor(f *testing.F) {
	f.Add("39.90", 2)
	f.Fuzz(func(t *testing.T, text string, decimals int) {
		if decimals < 0 || decimals > 3 {
			return
		}
		if n, err := minor(text, decimals); err == nil && n < 0 {
			t.Fatalf("%q is %d", text, n)
		}
	})
}
