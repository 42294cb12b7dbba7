package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
)

// book writes a workbook of one sheet.
func book(t testing.TB, fill func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing of it is on disk
	fill(f, f.GetSheetName(0))
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func set(t testing.TB, f *excelize.File, sheet string, line int, cells ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", line), &cells); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	file := book(t, func(f *excelize.File, sheet string) {
		set(t, f, sheet, 1, "十一月订单")
		set(t, f, sheet, 3, "订单号", "商家编号", "买家编号", "商品名称", "数量", "单价", "下单时间", "签收时间")
		set(t, f, sheet, 4, "X1", "m1", "b1", "杯子", 2, 39.9, time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC), "2026/11/3 8:05")
		set(t, f, sheet, 5, "2026112300017999001", "m1", "b1", "碟子", "1", "¥1,299.00", time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC), nil)
		set(t, f, sheet, 6, "2.0261123000179988E+18", "m1", "b1", "碟子", 1, 5, "2026-11-01", nil)
		set(t, f, sheet, 7, "X3", "m1", "b1", "碟子", 1, 5, 46327.4, nil)
		set(t, f, sheet, 8, "X1", "m1", "b1", "碟子", 1, 10, time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC), "2026/11/3 8:05")
		if _, err := f.NewSheet("备注"); err != nil {
			t.Fatal(err)
		}
		set(t, f, "备注", 1, "这里是说明")
	})
	d := newShelf()
	got := try(t, d, file, Options{Kind: Orders})
	got.has(t, "The header is line 3", `The worksheet "Sheet1" was read; these were not: 备注`, "6 order_id: A spreadsheet", "7 placed_at: This is a spreadsheet's inner number")
	if got.Kept != 2 || got.Refused != 2 || got.Taken != 3 {
		t.Errorf("%+v\n%s", got.Report, got.said)
	}
	x1, long := d.orders["X1"], d.orders["2026112300017999001"]
	if x1.Total.Amount != 8980 || !x1.PlacedAt.Equal(time.Date(2026, 11, 1, 1, 30, 0, 0, time.UTC)) || len(x1.Lines) != 2 {
		t.Errorf("%+v", x1)
	}
	if long.Total.Amount != 129900 {
		t.Errorf("%+v", long)
	}
}

// TestNumbersOfAWorkbook: a workbook keeps 15 digits of a number. What is within
// them is read exactly, what is beyond is kept in a shape whose loss is named.
func TestNumbersOfAWorkbook(t *testing.T) {
	w := &workbook{dates: []bool{false, true}}
	for _, c := range []struct {
		raw   string
		style int
		want  string
	}{
		{"118.80000000000001", 0, "118.8"},
		{"2.0261101E7", -1, "20261101"},
		{"1299.5", 0, "1299.5"},
		{"2.0261123000179988E+18", 0, "2.0261123000179988E+18"},
		{"2026112300017998800", 0, "2.0261123000179988E+18"},
		{"2026112300017999001", 0, "2026112300017999001"},
		{"46327", 1, "2026-11-01"},
		{"46327.395833333336", 1, "2026-11-01 09:30:00"},
		{"46327.9999999", 1, "2026-11-02 00:00:00"},
		{"46327.4", 0, "46327.4"},
		{"0.5", 1, "0.5"},
		{"NaN", 0, "NaN"},
	} {
		if got, _ := w.number(c.raw, c.style); got != c.want {
			t.Errorf("%s in style %d is read as %s, want %s", c.raw, c.style, got, c.want)
		}
	}
	w.date1904 = true
	if got, _ := w.number("44865", 1); got != "2026-11-01" {
		t.Errorf("counted from 1904 it is %s", got)
	}
}

func TestFormatsThatShowDates(t *testing.T) {
	for code, want := range map[string]bool{
		"yyyy-mm-dd": true, `yyyy"年"m"月"d"日"`: true, "[$-804]yyyy/m/d h:mm;@": true, "h:mm:ss.000": true, "d-mmm-yy": true, "[h]:mm:ss": true,
		"General": false, "0.00": false, "#,##0.00": false, `"元"0.00`: false, `0.00"days"`: false, "[Red]0.00;[Blue]-0.00": false,
		`_-* #,##0.00\ [$€-407]_-;\-* #,##0.00\ [$€-407]_-`: false, "000-0000": false, "@": false, "0.00E+00": false, `0\d`: false,
	} {
		if got := showsDate(164, code); got != want {
			t.Errorf("%s shows a date: %v, want %v", code, got, want)
		}
	}
	for id, want := range map[int]bool{0: false, 2: false, 14: true, 22: true, 31: true, 44: false, 47: true, 49: false, 57: true} {
		if got := showsDate(id, ""); got != want {
			t.Errorf("the built-in format %d shows a date: %v, want %v", id, got, want)
		}
	}
}

func TestWorkbooksThatAreNone(t *testing.T) {
	bomb := func(size int, name string) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range size {
			if _, err := w.Write(block); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	var crowd bytes.Buffer
	z := zip.NewWriter(&crowd)
	for i := range maxParts + 1 {
		if _, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	sound := book(t, func(f *excelize.File, sheet string) { set(t, f, sheet, 1, "订单号") })
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"a bomb of blanks":    {bomb(32, "xl/worksheets/sheet1.xml"), "unpacks to far more"},
		"shared strings":      {bomb(16, "xl/sharedStrings.xml"), "unpacks to far more"},
		"thousands of sheets": {crowd.Bytes(), "unpacks to far more"},
		"another archive":     {bomb(0, "hello.txt"), "no workbook that can be read"},
		"cut short":           {sound[:len(sound)/2], "no workbook that can be read"},
		"columns are missing": {sound, "known as title"},
		"the old kind":        {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "save it as xlsx"},
	} {
		got := try(t, newShelf(), c.file, Options{Kind: Orders, Merchant: "m1"})
		if got.err == nil || got.Kept > 0 {
			t.Errorf("%s was taken: %+v", name, got.Report)
		}
		got.has(t, c.says)
	}
}

// platformFiles are files as platforms export them, made up but for the headers.
var platformFiles = map[string]struct {
	file string
	want order.Order // as far as it is said
}{
	"taobao-items": {
		"子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,订单状态,买家应付货款,买家实际支付金额,退款状态,订单创建时间\n'38001,'38000,花瓶,168.00,1,V1,,交易成功,168.00,158.00,没有申请退款,2026-11-01 09:30:00\n'38002,'38000,杯子,20.00,2,C1,,交易成功,40.00,38.00,没有申请退款,2026-11-01 09:30:00\n",
		order.Order{ID: "38000", Total: money.Money{Amount: 19600}, Lines: make([]order.Line, 2)},
	},
	"jd": {
		"订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,客户姓名,客户地址,联系电话,运费金额,付款确认时间,货号,订单完成时间\n1001,501,花瓶,1,在线支付,2026-11-01 09:30:00,168.00,208.00,208.00,0,208.00,完成,SOP,jd_某人,王*,地址,138*,0.00,2026-11-01 09:31:00,V1,2026-11-05 10:00:00\n1001,502,杯子,2,在线支付,2026-11-01 09:30:00,20.00,208.00,208.00,0,208.00,完成,SOP,jd_某人,王*,地址,138*,0.00,2026-11-01 09:31:00,C1,2026-11-05 10:00:00\n",
		order.Order{ID: "1001", Total: money.Money{Amount: 20800}, Lines: make([]order.Line, 2)},
	},
	"pinduoduo": {
		"商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),商品数量(件),发货时间,确认收货时间,商品id,商品规格,快递单号,快递公司,订单成交时间\n花瓶,261101-1234,已收货,17.8,0,1,0.5,16.3,16.8,2,2026-11-02 10:00:00,2026-11-04 10:00:00,7542,大,YT1,圆通,2026-11-01 09:30:00\n",
		order.Order{ID: "261101-1234", Total: money.Money{Amount: 1630}, Lines: make([]order.Line, 1)},
	},
	"douyin": {
		"主订单编号,子订单编号,支付方式,选购商品,货号,商品ID,商家编码,商品数量,商品金额,订单提交时间,支付完成时间,订单完成时间,订单状态,发货时间,订单应付金额,运费,优惠总金额,省,市,区,快递信息\n'69001,'69001,微信,花瓶,,11,V1,1,100.00,2026-11-01 09:30:00,2026-11-01 09:31:00,,已发货,2026-11-02 08:00:00,95.00,5.00,10.00,浙江省,杭州市,西湖区,圆通-YT1\n'69001,'69002,微信,杯子,,12,C1,2,50.00,2026-11-01 09:30:00,2026-11-01 09:31:00,,已发货,2026-11-02 08:00:00,95.00,0.00,5.00,浙江省,杭州市,西湖区,圆通-YT1\n",
		order.Order{ID: "69001", Total: money.Money{Amount: 19000}, Lines: make([]order.Line, 2)},
	},
	"xiaohongshu": {
		"订单号,订单状态,SKU名称,SKU件数,商家应收金额(元)(支付金额),订单创建时间,支付时间,达人ID\nP7001,已完成,花瓶,2,100.01,2026-11-01 09:30:00,2026-11-01 09:31:00,\n",
		order.Order{ID: "P7001", Total: money.Money{Amount: 10001}, Lines: make([]order.Line, 1)},
	},
	"shopify": {
		"Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n#1001,a@example.com,paid,2026-11-01 09:31:00 -0500,fulfilled,2026-11-02 10:00:00 -0500,USD,40.00,5.00,2.00,47.00,,0.00,2026-11-01 09:30:00 -0500,1,Vase,20.00,V1\n#1001,a@example.com,,,,,,,,,,,,2026-11-01 09:30:00 -0500,2,Cup,10.00,C1\n",
		order.Order{ID: "1001", Total: money.Money{Amount: 4700, Currency: "USD"}, Lines: make([]order.Line, 2)},
	},
	"woocommerce": {
		"Order Number,Order Status,Order Date,Email (Billing),Item #,Item Name,SKU,Quantity,Item Cost,Order Currency,Order Total Amount,Order Shipping Amount,Cart Discount Amount\n501,Completed,2026-11-01 09:30,a@example.com,1,Vase,V1,1,20.00,EUR,25.00,5.00,0\n",
		order.Order{ID: "501", Total: money.Money{Amount: 2500, Currency: "EUR"}, Lines: make([]order.Line, 1)},
	},
	"amazon": {
		strings.ReplaceAll("amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,product-name,sku,asin,item-status,quantity,currency,item-price,item-tax,shipping-price,shipping-tax,item-promotion-discount,ship-promotion-discount,ship-city,ship-state\n111-2222222-3333333,,2026-11-01T09:30:00+00:00,2026-11-02T09:30:00+00:00,Shipped,Vase,V1,B0,Shipped,2,USD,33.98,2.04,5.00,0.00,3.00,5.00,Austin,TX\n", ",", "\t"),
		order.Order{ID: "111-2222222-3333333", Total: money.Money{Amount: 3302, Currency: "USD"}, Lines: make([]order.Line, 1)},
	},
}

func TestPlatformsAreRecognised(t *testing.T) {
	for _, p := range profiles() {
		if p.id == "taobao" {
			continue // among the files of the world
		}
		c, ok := platformFiles[p.id]
		if !ok {
			t.Errorf("there is no file of %s", p.id)
			continue
		}
		d := newShelf()
		got := try(t, d, []byte(c.file), Options{Kind: Orders, Merchant: "m1"})
		if got.Platform != p.id || got.Refused > 0 || strings.Contains(got.notes, "not known") {
			t.Errorf("%s: %+v\n%s%s", p.id, got.Report, got.notes, got.said)
		}
		o, ok := d.orders[c.want.ID]
		currency := c.want.Total.Currency
		if currency == "" {
			currency = "CNY"
		}
		paid := int64(0)
		for _, l := range o.Lines {
			if l.Paid != nil {
				paid += l.Paid.Amount
			}
		}
		if paid != 0 && paid != o.Total.Amount {
			t.Errorf("%s: %d was paid for the lines of %d", p.id, paid, o.Total.Amount)
		}
		if !ok || o.Total.Amount != c.want.Total.Amount || o.Total.Currency != currency || len(o.Lines) != len(c.want.Lines) || o.BuyerID == "" {
			t.Errorf("%s: %+v, want %+v", p.id, d.orders, c.want)
		}
	}
}

// TestPlatformTable keeps the table sound: each field is one, and each row
// says where it was seen and when.
func TestPlatformTable(t *testing.T) {
	for n, l := range strings.Split(strings.TrimSpace(platformsTSV), "\n") {
		if strings.HasPrefix(l, "#") {
			continue
		}
		cells := strings.Split(l, "\t")
		if len(cells) != 6 || cells[4] == "" {
			t.Errorf("line %d: %q", n+1, l)
			continue
		}
		if _, err := time.Parse(time.DateOnly, cells[5]); err != nil {
			t.Errorf("line %d: %v", n+1, err)
		}
		if _, ok := manners[cells[0]]; !ok {
			t.Errorf("line %d: no platform %s", n+1, cells[0])
		}
		if name := strings.TrimSuffix(cells[3], "!"); name != "-" && name != "-$" {
			if _, ok := fieldOf(Kind(cells[1]), name); !ok {
				t.Errorf("line %d: no field %s", n+1, name)
			}
		}
	}
}
