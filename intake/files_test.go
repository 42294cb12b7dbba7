package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/work"
)

// outcome is what must become of a file.
type outcome struct {
	kept, taken, refused int
	says                 []string
	orders               map[string]int64 // totals, for all that must be there
}

const header = "订单号,商家编号,买家编号,行号,商品名称,类目,数量,单价,下单时间,签收时间\n"

func row(id string, line int, title, price string) string {
	return fmt.Sprintf("%s,m1,b1,%d,%s,home,1,%s,2026-11-01 09:30:00,2026/11/3 8:05\n", id, line, title, price)
}

// TestFilesOfTheWorld is a file of each kind that was read wrongly once.
func TestFilesOfTheWorld(t *testing.T) {
	many := header
	for i := range 50 {
		many += row(fmt.Sprintf("E%d", i), 1, "杯子", "100")
	}
	ascii := "order_id,merchant_id,buyer_id,title,price,placed_at\n"
	for i := range 1200 { // more than any buffer
		ascii += fmt.Sprintf("A%d,m1,b1,a plain mug as they come by the dozen,1,2026-11-01 09:30:00\n", i)
	}
	for name, c := range map[string]struct {
		file []byte
		kind Kind
		outcome
	}{
		"rows of an order apart": {
			file:    []byte(header + row("S1", 1, "杯", "100") + row("S2", 1, "瓶", "50") + row("S1", 2, "碟", "200")),
			outcome: outcome{kept: 2, taken: 3, orders: map[string]int64{"S1": 30000, "S2": 5000}},
		},
		"one bad line of an order": {
			file: []byte(header + row("B1", 1, "杯", "100") + strings.Replace(
				row("B1", 2, "碟", "200"), ",1,200", ",一,200", 1,
			) + row("B2", 1, "盘", "300")),
			outcome: outcome{
				kept: 1, taken: 1, refused: 2, says: []string{"3 quantity: ", "2 : Order B1 is kept whole"},
				orders: map[string]int64{"B2": 30000},
			},
		},
		"both styles of decimals": {
			file: []byte(header + row("C1", 1, "杯", `"39,90"`) + row("C2", 1, "杯", `"1.299,00"`) + row("C3", 1, "杯", `"1,299.00"`) + row("C4", 1, "杯", `"1,5"`) + row(
				"C5", 1, "杯", `"12,34,567.00"`,
			) + row("C6", 1, "杯", `"1,290"`)),
			outcome: outcome{
				kept: 1, taken: 1, refused: 5, says: []string{"others a point"},
				orders: map[string]int64{"C3": 129900},
			},
		},
		"decimal commas throughout": {
			file: []byte(strings.ReplaceAll(
				header, ",", ";",
			) + "C1;m1;b1;1;杯;home;1;39,90;2026-11-01 09:30:00;\nC2;m1;b1;1;杯;home;1;1.299,00;2026-11-01 09:30:00;\nC3;m1;b1;1;杯;home;1;1.290;2026-11-01 09:30:00;\n"),
			outcome: outcome{
				kept: 3, taken: 3, says: []string{"the comma before the decimals"},
				orders: map[string]int64{"C1": 3990, "C2": 129900, "C3": 129000},
			},
		},
		"a point that may be either": {
			file:    []byte(header + row("C1", 1, "杯", "1.290") + row("C2", 1, "杯", "5")),
			outcome: outcome{kept: 1, taken: 1, refused: 1, orders: map[string]int64{"C2": 500}},
		},
		"what a spreadsheet did to numbers": {
			file:    []byte(header + row("2.02611E+18", 1, "杯", "1") + row(`="2026112300017999001"`, 1, "杯", "1") + row("'2026112300017999002", 1, "杯", "1") + row("\t2026112300017999003", 1, "杯", "1") + row("`2026112300017999004", 1, "杯", "1") + row(`"=""2026112300017999005"""`, 1, "杯", "1")),
			outcome: outcome{kept: 5, taken: 5, refused: 1, says: []string{"2 order_id: A spreadsheet has turned"}, orders: map[string]int64{"2026112300017999001": 100, "2026112300017999005": 100}},
		},
		"long numbers cut to zeros": {
			file:    []byte(header + row("2026112300017990000", 1, "杯", "1") + row("2026112300018000000", 1, "杯", "1")),
			outcome: outcome{refused: 2, says: []string{"a spreadsheet has cut them", "Nothing was taken"}},
		},
		"an open quotation": {
			file:    []byte(strings.Replace(many, "E7,m1,b1,1,杯子", `E7,m1,b1,1,"12寸盘子`, 1)),
			outcome: outcome{kept: 49, taken: 49, refused: 1, says: []string{"9 : The quotation marks"}},
		},
		"a quotation that swallows rows and closes": {
			file:    []byte(strings.NewReplacer("E7,m1,b1,1,杯子", `E7,m1,b1,1,"12寸盘子`, "E9,m1,b1,1,杯子", `E9,m1,b1,1,12"`).Replace(many)),
			outcome: outcome{kept: 47, taken: 47, refused: 3, says: []string{"9 : A quotation mark opens here"}},
		},
		"an order with a line that cannot be read": {
			file:    []byte(header + row("Q1", 1, "杯", "100") + "Q1,m1,b1,2,\"12寸,home,1,200,2026-11-01 09:30:00,\n" + row("Q2", 1, "杯", "100")),
			outcome: outcome{kept: 1, taken: 1, refused: 2, says: []string{"names order Q1"}, orders: map[string]int64{"Q2": 10000}},
		},
		"an order with a line of too many cells": {
			file:    []byte(header + row("Q1", 1, "杯", "100") + row("Q1", 2, "杯,大", "1") + row("Q2", 1, "杯", "100")),
			outcome: outcome{kept: 1, taken: 1, refused: 2, says: []string{"has 11 cells"}, orders: map[string]int64{"Q2": 10000}},
		},
		"a row without a number": {
			file:    []byte(header + row("Q1", 1, "杯", "100") + row("", 2, "杯", "1") + row("Q2", 1, "杯", "100")),
			outcome: outcome{kept: 1, taken: 1, refused: 2, says: []string{"no order number"}, orders: map[string]int64{"Q2": 10000}},
		},
		"a note of several lines": {
			file:    []byte("订单号,商家编号,买家编号,商品名称,单价,下单时间,留言\n" + "Q1,m1,b1,杯,1,2026-11-01 09:30:00,\"请小心\n包装, 谢谢\n\"\"急\"\"\"\nQ2,m1,b1,杯,1,2026-11-01 09:30:00,\n"),
			outcome: outcome{kept: 2, taken: 2, says: []string{"were not read: 留言"}},
		},
		"GBK that begins late": {
			file:    append([]byte(ascii), gbk(t, "GX,m1,b1,杯子,1,2026-11-01 09:30:00\n")...),
			outcome: outcome{kept: 1201, taken: 1201},
		},
		"lone carriage returns":  {file: []byte(strings.ReplaceAll(header+row("H1", 1, "杯", "1")+row("H2", 1, "杯", "1"), "\n", "\r")), outcome: outcome{kept: 2, taken: 2}},
		"line ends of all kinds": {file: []byte(header + strings.ReplaceAll(row("H1", 1, "杯", "1"), "\n", "\r\n") + strings.ReplaceAll(row("H2", 1, "杯", "1"), "\n", "\r") + row("H3", 1, "杯", "1")), outcome: outcome{kept: 3, taken: 3}},
		"UTF-16 LE with tabs":    {file: utf16(t, unicode.LittleEndian, unicode.UseBOM, strings.ReplaceAll(header+row("I1", 1, "杯", "1"), ",", "\t")), outcome: outcome{kept: 1, taken: 1}},
		"UTF-16 BE":              {file: utf16(t, unicode.BigEndian, unicode.UseBOM, header+row("I1", 1, "杯", "1")), outcome: outcome{kept: 1, taken: 1}},
		"UTF-16 LE, no mark":     {file: utf16(t, unicode.LittleEndian, unicode.IgnoreBOM, header+row("I1", 1, "杯", "1")), outcome: outcome{kept: 1, taken: 1}},
		"UTF-16 BE, no mark":     {file: utf16(t, unicode.BigEndian, unicode.IgnoreBOM, header+row("I1", 1, "杯", "1")), outcome: outcome{kept: 1, taken: 1}},
		"a bar between":          {file: []byte(strings.ReplaceAll(header+row("J1", 1, "杯", "1"), ",", "|")), outcome: outcome{kept: 1, taken: 1}},
		"sep= said":              {file: []byte("sep=;\n" + strings.ReplaceAll(header+row("J1", 1, "杯", "1"), ",", ";")), outcome: outcome{kept: 1, taken: 1}},
		"Taobao's own": {
			file:    gbk(t, "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货地址,联系手机,订单创建时间,宝贝标题,物流单号,物流公司,宝贝总数量\n"+`"=""3812345678901234567""",小鱼儿,168.00,10.00,178.00,178.00,交易成功,"浙江省 杭州市",'13800000000,2026-11-01 09:30:00,"花瓶 大",YT123,圆通速递,2`+"\n"),
			outcome: outcome{kept: 1, taken: 1, says: []string{"Recognised as an export of Taobao"}, orders: map[string]int64{"3812345678901234567": 17800}},
		},
		"two columns of one meaning": {file: []byte("订单号,订单编号,商家编号,买家编号,商品名称,单价,下单时间\nM,N,m1,b1,杯,1,2026-11-01\n"), outcome: outcome{says: []string{"Two columns mean the same"}}},
		"rows that disagree": {
			file:    []byte("订单号,商家编号,买家编号,行号,商品名称,单价,实付金额,下单时间\nR1,m1,b1,1,杯,100,300,2026-11-01 09:30:00\nR1,m2,b9,2,碟,200,999,2026-10-01 09:30:00\n"),
			outcome: outcome{refused: 2, says: []string{"3 merchant_id: The rows of order R1 disagree", "3 total: ", "3 placed_at: "}},
		},
		"currencies as people write them": {
			file:    []byte("订单号,商家编号,买家编号,商品名称,数量,单价,下单时间,币种\nN1,m1,b1,杯,1,100,2026-11-01 09:30:00,人民币\nN2,m1,b1,杯,1,100,2026-11-01 09:30:00,RMB\nN3,m1,b1,杯,1,100元,2026-11-01 09:30:00,CNY\nN4,m1,b1,杯,1.0,¥ 100,2026年11月1日,\nN5,m1,b1,杯,1,１００,2026/11/01 09:30:00 AM,CNY\nN6,m1,b1,杯,1,-5,2026-11-01 09:30:00.0,CNY\nN7,m1,b1,杯,1,100,11/1/2026 9:30,CNY\nN8,m1,b1,杯,1,100,45962.396,CNY\nN9,m1,b1,杯,1,€100,2026-11-01,CNY\n"),
			outcome: outcome{kept: 5, taken: 5, refused: 4, says: []string{"7 price: An amount must not be below 0", "8 placed_at: Whether the month", "9 placed_at: This is a spreadsheet's inner number", "10 price: The amount says"}, orders: map[string]int64{"N1": 10000, "N2": 10000, "N3": 10000, "N4": 10000, "N5": 10000}},
		},
		"days without times": {
			file:    []byte("订单号,商家编号,买家编号,商品名称,单价,下单时间,发货时间,签收时间\nU1,m1,b1,杯,1,2026-11-01 09:30:00,2026-11-01,2026-11-01\nU2,m1,b1,杯,1,2026-11-01 09:30:00,,2026-10-31\n"),
			outcome: outcome{kept: 1, taken: 1, refused: 1, says: []string{"3 delivered_at: "}},
		},
		"a mark and quotations":    {file: []byte("\xef\xbb\xbf\"订单号\",\"商家编号\",\"买家编号\",\"商品名称\",\"数量\",\"单价\",\"下单时间\"\r\n\r\n\"S9\",\"m1\",\"b1\",\"杯子\",\"1\",\"100\",\"2026-11-01 09:30:00\"\r\n"), outcome: outcome{kept: 1, taken: 1}},
		"lines without numbers":    {file: []byte("订单号,商家编号,买家编号,商品名称,单价,下单时间\nT1,m1,b1,杯,100,2026-11-01\nT1,m1,b1,碟,200,2026-11-01\n"), outcome: outcome{kept: 1, taken: 2, orders: map[string]int64{"T1": 30000}}},
		"a line said twice":        {file: []byte(header + row("T1", 1, "杯", "1") + row("T1", 1, "杯", "1")), outcome: outcome{refused: 2, says: []string{"Line 1 of order T1 is there twice"}}},
		"words of claims":          {kind: Claims, file: []byte("订单号,售后类型,申请原因,申请金额,说明\nE1,仅退款,未收到货,\"1,00\",一\nE1,退货,破损,50,二\nE1,退款,质量问题,50,三\nE1,refund_only,damaged,50,五\nE1,仅退款,七天无理由,50,六\n"), outcome: outcome{kept: 4, taken: 4, refused: 1, says: []string{"2 ask: "}}},
		"rows of another encoding": {file: append([]byte(header+row("V1", 1, "杯", "1")), gbk(t, row("V2", 1, "杯子", "1"))...), outcome: outcome{kept: 1, taken: 1, refused: 1, says: []string{"3 : This row holds bytes"}}},
		"nothing but a header":     {file: []byte(header), outcome: outcome{says: []string{"Nothing was taken"}}},
		"nothing at all":           {file: nil, outcome: outcome{says: []string{"The file is empty"}}},
		"a web page called xls":    {file: []byte("<html><table><tr><td>订单号"), outcome: outcome{says: []string{"This is a web page"}}},
		"a column is missing":      {file: []byte("订单号,商家编号,买家编号,商品名称,价格X,下单时间\n"), outcome: outcome{says: []string{"known as price"}}},
		"a title above":            {file: []byte("2026 年 11 月订单\n\n" + header + row("W1", 1, "杯", "1")), outcome: outcome{kept: 1, taken: 1, says: []string{"The header is line 3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.kind == "" {
				c.kind = Orders
			}
			d := newHouse(t, c.kind)
			dry := try(t, d, c.file, Options{Kind: c.kind, DryRun: true})
			got := try(t, d, c.file, Options{Kind: c.kind})
			if got.Kept != c.kept || got.Taken != c.taken || got.Refused != c.refused || (got.err != nil) != (c.kept == 0) {
				t.Errorf("kept %d, took %d rows, refused %d, want %d, %d, %d; %v\n%s", got.Kept, got.Taken, got.Refused, c.kept, c.taken, c.refused, got.err, got.said)
			}
			got.has(t, c.says...)
			for id, total := range c.orders {
				if o, err := d.Order(t.Context(), Platform, id); err != nil || o.Total.Amount != total || o.Total.Currency != "CNY" {
					t.Errorf("order %s is %+v, want a total of %d; %v", id, o, total, err)
				}
			}
			if r, ok := d.(real); ok {
				list, _, err := r.Orders(t.Context(), Platform, desk.OrderFilter{}, work.Page{Limit: 200})
				if err != nil || len(list) != min(c.kept, 200) {
					t.Errorf("%d orders were kept, %d counted; %v", len(list), c.kept, err)
				}
			}
			if dry.Refused != got.Refused || dry.Taken != got.Taken || dry.Kept != got.Kept || dry.said != got.said {
				t.Errorf("a dry run took %d and refused %d: %s", dry.Taken, dry.Refused, dry.said)
			}
			if again := try(t, d, c.file, Options{Kind: c.kind}); again.Kept != 0 || again.Same != c.kept {
				t.Errorf("again it kept %d, and %d were there", again.Kept, again.Same)
			}
		})
	}
}

// newHouse is a desk, or for claims a shelf, which knows all orders.
func newHouse(t *testing.T, kind Kind) house {
	t.Helper()
	if kind == Claims {
		return newShelf()
	}
	d := newDesk(t)
	if err := d.PutMerchant(t.Context(), Platform, order.Merchant{ID: "m1", Name: "m1"}); err != nil {
		t.Fatal(err)
	}
	return d
}

func gbk(t *testing.T, text string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16(t *testing.T, e unicode.Endianness, mark unicode.BOMPolicy, text string) []byte {
	t.Helper()
	out, err := unicode.UTF16(e, mark).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFilesThatFailed reads the files on which an import once went wrong, which
// lie beside the repository; what they hold is told in their README.
func TestFilesThatFailed(t *testing.T) {
	dir := "../../shared/data/failing/csv"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no public files beside the repository: " + dir)
	}
	for name, c := range map[string]outcome{
		"a-": {kept: 2, taken: 3, orders: map[string]int64{"S1": 30000, "S2": 5000}},
		"b-": {refused: 3, says: []string{"3 quantity"}},
		"c-": {kept: 1, taken: 1, refused: 4, orders: map[string]int64{"C3": 129900}},
		"d-": {kept: 5, taken: 5, refused: 2, says: []string{"2 order_id: A spreadsheet", "8 order_id: A spreadsheet"}},
		"e-": {kept: 51, taken: 51, refused: 1, says: []string{"3 : The quotation marks"}},
		"g-": {kept: 1202, taken: 1202}, "h-": {kept: 2, taken: 2}, "i-": {kept: 1, taken: 1}, "j-": {kept: 1, taken: 1}, "k-": {kept: 1, taken: 1},
		"l-": {kept: 1, taken: 1, says: []string{"Taobao"}, orders: map[string]int64{"3812345678901234567": 17800}},
		"m-": {says: []string{"Two columns"}},
		"n-": {kept: 9, taken: 9, refused: 3},
		"r-": {refused: 2, says: []string{"disagree"}}, "s-": {kept: 1, taken: 1}, "t-": {kept: 1, taken: 2, orders: map[string]int64{"T1": 30000}},
		"u-": {kept: 1, taken: 1}, "w-": {kept: 5, taken: 5, refused: 1, says: []string{"2 ask"}},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(dir, name+"*"))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			data, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			kind := Orders
			if name == "w-" {
				kind = Claims
			}
			d := newShelf()
			got := try(t, d, data, Options{Kind: kind, Merchant: "m1"})
			if got.Kept != c.kept || got.Taken != c.taken || got.Refused != c.refused || (got.err != nil) != (c.kept == 0) {
				t.Errorf("kept %d, took %d rows, refused %d, want %+v; %v\n%s", got.Kept, got.Taken, got.Refused, c, got.err, got.said)
			}
			got.has(t, c.says...)
			for id, total := range c.orders {
				if o := d.orders[id]; o.Total.Amount != total {
					t.Errorf("order %s: %+v", id, o)
				}
			}
		})
	}
}

func TestTimesOfADay(t *testing.T) {
	d := newShelf()
	try(t, d, []byte("订单号,商家编号,买家编号,商品名称,单价,下单时间,签收时间\nU1,m1,b1,杯,1,2026-11-01 09:30:00,2026-11-01\nU2,m1,b1,杯,1,25/12/2026 09:30,\n"), Options{Kind: Orders})
	if o := d.orders["U1"]; o.DeliveredAt == nil || !o.DeliveredAt.Equal(o.PlacedAt) {
		t.Errorf("delivered on the day it was ordered: %+v", o)
	}
	// One date that only one order reads tells the order of all.
	if o := d.orders["U2"]; !o.PlacedAt.Equal(time.Date(2026, 12, 25, 1, 30, 0, 0, time.UTC)) {
		t.Errorf("the day comes first: %s", o.PlacedAt)
	}
}
