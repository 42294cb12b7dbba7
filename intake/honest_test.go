package intake

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestConsentIsNotTakenBackUnsaid: a file that does not speak of consent takes
// none back.
func TestConsentIsNotTakenBackUnsaid(t *testing.T) {
	d := newDesk(t)
	for _, file := range []string{
		"id,name,consent_kinds,consent_reasons,consent_up_to\nm1,店,仅退款,破损,50\n",
		"id,name\nm1,新名\n",
		"id,name,consent_kinds,consent_reasons,consent_categories,consent_up_to\nm1,新名,,,,\n",
	} {
		if r := try(t, d, []byte(file), Options{Kind: Merchants}); r.err != nil || r.Refused > 0 {
			t.Fatalf("%v %s", r.err, r.said)
		}
	}
	m, err := d.Merchant(t.Context(), Platform, "m1")
	if err != nil || m.Name != "新名" || len(m.Consent.Kinds) != 1 || len(m.Consent.Reasons) != 1 || m.Consent.UpTo.Amount != 5000 {
		t.Errorf("%+v %v", m, err)
	}
	if r := try(t, d, []byte("id,name\nm1,新名\n"), Options{Kind: Merchants}); r.Same != 1 || r.Kept != 0 {
		t.Errorf("what changes nothing was kept: %+v", r.Report)
	}
}

// TestNoConsent: who may not pass consent on passes on no part of it.
func TestNoConsent(t *testing.T) {
	d := newDesk(t)
	for _, file := range []string{
		"id,name,consent_kinds\nm1,店,refund_only\n",
		"id,name,consent_reasons\nm1,店,damaged\n",
		"id,name,consent_categories\nm1,店,home\n",
		"id,name,consent_up_to\nm1,店,5000\n",
		`{"id":"m1","name":"店","consent":{"kinds":["refund_only"],"up_to":{"amount":500000,"currency":"CNY"}}}`,
		`{"id":"m1","name":"店","consent":{"reasons":["damaged"]}}`,
		`{"id":"m1","name":"店","consent":{"categories":["home"]}}`,
		`{"id":"m1","name":"店","consent":{"up_to":{"amount":500000,"currency":"CNY"}}}`,
		`{"id":"m1","name":"店","consent":{"kinds":[]}}`,
	} {
		r := try(t, d, []byte(file), Options{Kind: Merchants, NoConsent: true})
		if r.Kept > 0 || r.err == nil {
			t.Errorf("taken: %s", file)
		}
		r.has(t, "Standing consent is the merchant's own")
	}
	if r := try(t, d, []byte(`{"id":"m1","name":"店"}`), Options{Kind: Merchants, NoConsent: true}); r.Kept != 1 {
		t.Errorf("a shop without a word of consent: %v %s", r.err, r.said)
	}
}

// TestNumbersThatBeginWithZero: 0,500 is half a unit or a slip, never 500.
func TestNumbersThatBeginWithZero(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		style          Style
		want           int64 // below 0: refused
	}{
		{"0,500", "CNY", Unsure, -1},
		{"0,500", "CNY", Point, -1},
		{"0,500", "CNY", Comma, 50},
		{"0.125", "CNY", Unsure, -1},
		{"0.125", "CNY", Comma, -1},
		{"0.120", "CNY", Unsure, 12},
		{"0.120", "CNY", Comma, -1},
		{"0.125", "KWD", Unsure, 125},
		{"00,500", "CNY", Point, -1},
		{"0 500", "CNY", Point, -1},
		{"1,500", "CNY", Point, 150000},
		{"0.50", "CNY", Unsure, 50},
	} {
		n, why := worth(c.text, c.currency, c.style, false)
		if why != nil {
			n = -1
		}
		if n != c.want {
			t.Errorf("%s %s in style %q is %d, want %d", c.text, c.currency, c.style, n, c.want)
		}
	}
	if n, ok := whole("0,005", Point); ok {
		t.Errorf("0,005 pieces are %d", n)
	}
}

func TestCurrencyThatIsSaid(t *testing.T) {
	file := []byte("订单号,商家编号,买家编号,商品名称,单价,下单时间\nA1,m1,b1,杯,1.50,2026-11-01\n")
	for said, want := range map[string]string{"RMB": "CNY", "人民币": "CNY", "eur": "EUR", "": "CNY", "coins": "", "€uro": ""} {
		d := newShelf()
		r := try(t, d, file, Options{Kind: Orders, Currency: said})
		if got := d.orders["A1"].Total.Currency; got != want {
			t.Errorf("%q was taken as %q, want %q: %v", said, got, want, r.err)
		}
		if want == "" {
			r.has(t, "The currency that was said is none")
		}
	}
}

// TestBlankRowsCountForNothing: a spreadsheet writes rows of nothing but
// separators as far down as somebody once scrolled.
func TestBlankRowsCountForNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("a million lines")
	}
	d := newShelf()
	file := header + strings.Repeat(",,,,,,,,,\n", MaxRows+10) + row("A1", 1, "杯", "1")
	if r := try(t, d, []byte(file), Options{Kind: Orders}); r.Kept != 1 || r.err != nil {
		t.Errorf("%+v %v", r.Report, r.err)
	}
}

// TestAccountsAreNoNumbers: an account at a marketplace that is spelled as
// somebody's number here is somebody else.
func TestAccountsAreNoNumbers(t *testing.T) {
	d := newShelf()
	file := "订单编号,买家会员名,买家应付货款,订单创建时间,宝贝标题\n38001,b1,168.00,2026-11-01 09:30:00,花瓶\n38002,B1,168.00,2026-11-01 09:30:00,花瓶\n"
	r := try(t, d, []byte(file), Options{Kind: Orders, Merchant: "m1"})
	a, b := d.orders["38001"].BuyerID, d.orders["38002"].BuyerID
	if r.Kept != 2 || a == "b1" || a != b || !strings.HasPrefix(a, "b-") {
		t.Errorf("buyers %q and %q: %+v", a, b, r.Report)
	}
	own := "订单号,商家编号,买家,商品名称,单价,下单时间\nA1,m1,b1,杯,1,2026-11-01\n"
	if try(t, d, []byte(own), Options{Kind: Orders}); d.orders["A1"].BuyerID != "b1" {
		t.Errorf("a number of one's own was changed: %q", d.orders["A1"].BuyerID)
	}
}

// TestMoneyPaidBackIsTold: a platform's export that tells of refunds is not read
// as if there had been none.
func TestMoneyPaidBackIsTold(t *testing.T) {
	for name, c := range map[string]struct{ from, to, says string }{
		"taobao-items": {
			"158.00,没有申请退款,", "158.00,退款成功,",
			"1 rows tell of money paid back or of a closed order (columns 退款状态; lines 2)",
		},
		"shopify":     {"a@example.com,paid,", "a@example.com,partially_refunded,", "(columns Financial Status; lines 2)"},
		"woocommerce": {"501,Completed,", "501,Cancelled,", "(columns Order Status; lines 2)"},
		"xiaohongshu": {"P7001,已完成,", "P7001,已取消,", "(columns 订单状态; lines 2)"},
		"douyin":      {",,已发货,", ",,已关闭,", "2 rows tell of money"},
	} {
		file := platformFiles[name].file
		if r := try(t, newShelf(), []byte(file), Options{Kind: Orders, Merchant: "m1"}); strings.Contains(r.notes, "paid back") {
			t.Errorf("%s: nothing was paid back: %s", name, r.notes)
		}
		d := newShelf()
		r := try(t, d, []byte(strings.ReplaceAll(file, c.from, c.to)), Options{Kind: Orders, Merchant: "m1"})
		r.has(t, c.says)
		if r.Kept != 1 {
			t.Errorf("%s: %+v %s", name, r.Report, r.said)
		}
	}
	file := "Name,Created at,Lineitem quantity,Lineitem name,Lineitem price,Currency,Refunded Amount,Email\n#1,2026-11-01 09:30:00 +0000,1,Vase,20.00,USD,5.00,a@example.com\n#2,2026-11-01 09:30:00 +0000,1,Vase,20.00,USD,0.00,a@example.com\n"
	r := try(t, newShelf(), []byte(file), Options{Kind: Orders, Merchant: "m1"})
	r.has(t, "1 rows tell of money paid back", "(columns Refunded Amount; lines 2)")
}

// TestSaysLessThanIsKept: a file that knows less of an order than the desk does,
// and nothing else, changes nothing.
func TestSaysLessThanIsKept(t *testing.T) {
	d := newDesk(t)
	full := "订单号,商家编号,买家编号,行号,sku,商品名称,类目,单价,下单时间,快递公司,快递单号,省,城市\nA1,m1,b1,1,K1,杯,home,5,2026-11-01,圆通,YT1,浙江,杭州\n"
	less := "订单号,商家编号,买家编号,行号,商品名称,单价,下单时间,快递公司\nA1,m1,b1,1,杯,5,2026-11-01,圆通\n"
	try(t, d, []byte(full), Options{Kind: Orders})
	if r := try(t, d, []byte(less), Options{Kind: Orders}); r.Same != 1 || r.Kept != 0 {
		t.Errorf("%+v %s", r.Report, r.said)
	}
	other := strings.Replace(less, "圆通\n", "顺丰\n", 1)
	if r := try(t, d, []byte(other), Options{Kind: Orders}); r.Kept != 1 {
		t.Errorf("another carrier: %+v %s", r.Report, r.said)
	}
}

// TestSecondClaimIsNotDropped: what a file says twice is asked twice, and what
// is not granted is told.
func TestSecondClaimIsNotDropped(t *testing.T) {
	d := newDesk(t)
	try(t, d, []byte("订单号,商家编号,买家编号,行号,商品名称,数量,单价,下单时间\nA1,m1,b1,1,杯,3,10,2026-11-01\n"), Options{Kind: Orders})
	const one = "A1,1,1,仅退款,未收到货,10,没有收到\n"
	claims := "订单号,行号,申请数量,售后类型,申请原因,申请金额,说明\n" + one
	if r := try(t, d, []byte(claims), Options{Kind: Claims}); r.Kept != 1 {
		t.Errorf("%+v %s", r.Report, r.said)
	}
	// Another piece was lost too.
	claims += one
	if r := try(t, d, []byte(claims), Options{Kind: Claims}); r.Kept != 1 || r.Same != 1 {
		t.Errorf("%+v %s", r.Report, r.said)
	}
	claims += one + one
	for range 2 {
		if r := try(t, d, []byte(claims), Options{Kind: Claims}); r.Same+r.Kept != 3 || r.Refused != 1 {
			t.Errorf("three pieces, claimed four times: %+v %s", r.Report, r.said)
		}
	}
	other := strings.Replace(claims, ",10,", ",9,", 1)
	r := try(t, d, []byte(other), Options{Kind: Claims})
	if r.Same != 3 || r.Refused != 1 {
		t.Errorf("another amount is another claim: %+v %s", r.Report, r.said)
	}
	r.has(t, "2 ")
}

var claimID, ofLine = regexp.MustCompile(`\bc[0-9a-z]{26}\b`), regexp.MustCompile(`that of line \d+`)

// TestDryRunSaysWhatAnImportWould: row by row, in the same words, of files with
// rows that only the desk itself can judge; and nothing of it stays.
func TestDryRunSaysWhatAnImportWould(t *testing.T) {
	d := newDesk(t)
	const head = "订单号,商家编号,买家编号,行号,商品名称,数量,单价,下单时间,更新时间\n"
	try(
		t, d, []byte(head+"A1,m1,b1,1,杯,2,10,2026-11-01,2026-11-05\nA2,m1,b1,1,杯,1,10,2026-11-01,\n"),
		Options{Kind: Orders},
	)
	for _, c := range []struct {
		kind Kind
		file string
		kept int
	}{
		{
			Orders,
			head + "A1,m1,b1,1,杯,3,10,2026-11-01,2026-11-04\nA2,m2,b1,1,杯,1,10,2026-11-01,\nA3,m1,b1,1,杯,1,10,2026-11-01,\nA2,m2,b1,2,碟,1,10,2026-11-01,\n",
			1,
		},
		{Merchants, "id,name,consent_kinds,consent_up_to\nm1,甲,everything,5\nm2,乙,refund_only,5\nm3,,,\n", 1},
		{Buyers, "id,name\nb1," + strings.Repeat("王", 67) + "\nb2,王\n!,x\n", 1},
		{Claims, "订单号,行号,申请数量,售后类型,申请原因,申请金额,说明\nA1,1,1,仅退款,未收到货,10,一\nA1,1,1,仅退款,未收到货,10,二\nA1,1,9,仅退款,未收到货,10,三\nA1,1,1,仅退款,未收到货,10,一\n" +
			"A2,,,仅退款,破损,,四\nA2,,,仅退款,未收到货,,五\nA9,,,仅退款,破损,,六\nA2,,,送我,破损,,七\n", 3},
	} {
		dry := try(t, d, []byte(c.file), Options{Kind: c.kind, DryRun: true})
		twice := try(t, d, []byte(c.file), Options{Kind: c.kind, DryRun: true})
		got := try(t, d, []byte(c.file), Options{Kind: c.kind})
		if got.Kept != c.kept {
			t.Errorf("%s: %d were kept, want %d\n%s", c.kind, got.Kept, c.kept, got.said)
		}
		for _, x := range []told{dry, twice} {
			// The claims above are named by their rows, where there are none yet.
			got.said = claimID.ReplaceAllString(got.said, "that of line N")
			x.said = ofLine.ReplaceAllString(x.said, "that of line N")
			if a, b := fmt.Sprint(x.Kept, x.Same, x.Taken, x.Refused, x.Drafts), fmt.Sprint(got.Kept, got.Same, got.Taken, got.Refused, got.Drafts); a != b || x.said != got.said {
				t.Errorf("%s: a dry run says %s, the import %s\n%s\n%s", c.kind, a, b, x.said, got.said)
			}
		}
	}
}

// TestRowsTooFarApart: what waits for its other rows is bounded.
func TestRowsTooFarApart(t *testing.T) {
	var text strings.Builder
	text.WriteString(header)
	for _, line := range []int{1, 2} {
		for i := range 4 {
			text.WriteString(row(fmt.Sprintf("A%d", i), line, "杯", "5"))
		}
	}
	for most, ok := range map[int]bool{4: true, 3: false} {
		d := newShelf()
		r := try(t, d, []byte(text.String()), Options{Kind: Orders, held: most})
		if ok != (r.err == nil) || ok && len(d.orders) != 4 {
			t.Errorf("with room for %d: %v, %d orders", most, r.err, len(d.orders))
		}
		if !ok {
			r.has(t, "lie too far apart")
		}
	}
}
