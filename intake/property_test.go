package intake

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
)

// written is a file and what is in it.
type written struct {
	text   string
	orders map[string]order.Order
	rows   []string // of data, as they stand in the file
	of     []string // the order of each
}

var titles = []string{"杯子", "碟子, 大", "12\" 盘", "花瓶", "mug; blue", "a \"b\" c", "二\n行"}

// drawn writes some orders as a spreadsheet would, their rows in any order.
func drawn(t *rapid.T, sep string) written {
	w := written{orders: map[string]order.Order{}}
	for i := range rapid.IntRange(1, 6).Draw(t, "orders") {
		o := order.Order{ID: fmt.Sprintf("A-%d", i), MerchantID: "m1", BuyerID: fmt.Sprintf("b%d", i%2), PlacedAt: time.Date(2026, 11, 1, 1, 30, i, 0, time.UTC), Total: money.Money{Currency: "CNY"}}
		for l := range rapid.IntRange(1, 4).Draw(t, "lines") {
			line := order.Line{ID: fmt.Sprint(l + 1), Title: rapid.SampledFrom(titles).Draw(t, "title"), Quantity: rapid.IntRange(1, 3).Draw(t, "quantity"), Price: money.Money{Amount: rapid.Int64Range(0, 200_000).Draw(t, "price"), Currency: "CNY"}}
			o.Lines = append(o.Lines, line)
			o.Total.Amount += line.Price.Amount * int64(line.Quantity)
			title := line.Title
			if strings.ContainsAny(title, ",;|\t\n") || strings.HasPrefix(title, `"`) {
				title = `"` + strings.ReplaceAll(title, `"`, `""`) + `"`
			}
			w.rows = append(w.rows, strings.Join([]string{o.ID, o.MerchantID, o.BuyerID, line.ID, title, fmt.Sprint(line.Quantity), strings.TrimSuffix(line.Price.String(), " CNY"), o.PlacedAt.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05")}, sep))
			w.of = append(w.of, o.ID)
		}
		w.orders[o.ID] = o
	}
	seed := rapid.Uint64().Draw(t, "seed")
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(w.rows), func(i, j int) {
		w.rows[i], w.rows[j] = w.rows[j], w.rows[i]
		w.of[i], w.of[j] = w.of[j], w.of[i]
	})
	w.join(sep)
	return w
}

func (w *written) join(sep string) {
	w.text = strings.Join([]string{"订单号", "商家编号", "买家编号", "行号", "商品名称", "数量", "单价", "下单时间"}, sep) + "\n" + strings.Join(w.rows, "\n") + "\n"
}

// encoded writes a text in one of the encodings and line ends.
func encoded(t *rapid.T, text string) []byte {
	text = strings.ReplaceAll(text, "\n", rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "end"))
	var out []byte
	var err error
	switch rapid.IntRange(0, 5).Draw(t, "encoding") {
	case 0:
		return []byte(text)
	case 1:
		return append([]byte("\xef\xbb\xbf"), text...)
	case 2:
		out, err = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	case 3:
		out, err = simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	case 4:
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	case 5:
		out, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWholeOrNotAtAll: whatever the dialect and the order of rows, orders come
// out as they were written; and when one row is spoilt, its order is not kept,
// all others are, and each row is counted.
func TestWholeOrNotAtAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sep := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(rt, "separator")
		w := drawn(rt, sep)
		d := newShelf()
		got := try(t, d, encoded(rt, w.text), Options{Kind: Orders})
		if got.err != nil || got.Taken != len(w.rows) {
			rt.Fatalf("%v: took %d of %d rows\n%s\n%s", got.err, got.Taken, len(w.rows), got.said, w.text)
		}
		compare(rt, d, w, "")

		at := rapid.IntRange(0, len(w.rows)-1).Draw(rt, "spoilt")
		switch cells := strings.Split(w.rows[at], sep); rapid.IntRange(0, 4).Draw(rt, "how") {
		case 0:
			w.rows[at] = strings.Replace(w.rows[at], "2026-11-01", "yesterday", 1)
		case 1: // a quotation that does not end
			w.rows[at] = strings.Join(append(append([]string{}, cells[:3]...), `"`+strings.Join(cells[3:4], sep)), sep) + sep + `x` + sep + "1" + sep + "1" + sep + "2026-11-01 09:30:00"
		case 2: // one cell too many
			w.rows[at] += sep + "x" + sep + "y"
		case 3:
			cells[len(cells)-1] = "2020-01-01 00:00:00"
			w.rows[at] = strings.Join(cells, sep)
			if len(w.orders[w.of[at]].Lines) == 1 {
				return // a single row does not disagree with itself
			}
		case 4:
			cells[2] = "张三"
			w.rows[at] = strings.Join(cells, sep)
		}
		w.join(sep)
		d = newShelf()
		got = try(t, d, encoded(rt, w.text), Options{Kind: Orders})
		if got.Rows != len(w.rows) || got.Rows != got.Taken+got.Refused || got.Refused == 0 {
			rt.Fatalf("of %d rows %d were taken and %d refused: %s\n%s", len(w.rows), got.Taken, got.Refused, got.said, w.text)
		}
		compare(rt, d, w, w.of[at])
	})
}

func compare(t *rapid.T, d *shelf, w written, spoilt string) {
	for id, want := range w.orders {
		have, ok := d.orders[id]
		if id == spoilt {
			if ok {
				t.Fatalf("order %s was kept without a row\n%s", id, w.text)
			}
			continue
		}
		if !ok || have.Total != want.Total || len(have.Lines) != len(want.Lines) || have.BuyerID != want.BuyerID || !have.PlacedAt.Equal(want.PlacedAt) {
			t.Fatalf("order %s is %+v, want %+v\n%s", id, have, want, w.text)
		}
		for _, l := range want.Lines {
			if got, ok := have.Line(l.ID); !ok || got.Title != l.Title || got.Quantity != l.Quantity || got.Price != l.Price {
				t.Fatalf("line %s is %+v, want %+v", l.ID, got, l)
			}
		}
	}
	if extra := len(d.orders) - len(w.orders); extra > 0 {
		t.Fatalf("%d orders came out of nothing", extra)
	}
}

// FuzzRead: whatever a file holds, each of its rows is taken or refused and
// told, what is kept is sound, and orders consist of as many lines as rows
// were taken.
func FuzzRead(f *testing.F) {
	f.Add([]byte(header+row("A1", 1, "杯", "39.90")+row("A1", 2, "碟", `"1,299.00"`)+row("A2", 1, "\"开", "5")), "orders")
	f.Add([]byte("订单号;商家编号;买家编号;商品名称;单价;下单时间\rA;m1;b1;杯;1,50;2026-11-01\r"), "orders")
	f.Add([]byte(`{"id":"1","merchant_id":"m1","lines":[{"id":"1"}]}`+"\n\n[]\n"), "orders")
	f.Add([]byte("id,name,consent_kinds,consent_up_to\nm1,\xcc\xd5,仅退款,50\n"), "merchants")
	f.Add([]byte("订单号,售后类型,申请原因,申请金额\nE1,退货,破损,50\n"), "claims")
	f.Add([]byte("id,name\nb1,\"x\ny\"\n"), "buyers")
	f.Add([]byte(platformFiles["shopify"].file), "orders")
	f.Add([]byte("PK\x03\x04"), "orders")
	f.Fuzz(func(t *testing.T, data []byte, kind string) {
		k := Kind(kind)
		if _, ok := required[k]; !ok {
			return
		}
		d := newShelf()
		got := try(t, d, data, Options{Kind: k, Merchant: "m1", First: 3})
		if _, nothing := AsFileError(got.err); nothing && got.Kept > 0 {
			t.Fatalf("%v, and %d kept", got.err, got.Kept)
		}
		lines := 0
		for id, o := range d.orders {
			if err := o.Validate(); err != nil || id != o.ID {
				t.Fatalf("order %q: %v", id, err)
			}
			lines += len(o.Lines)
		}
		if k == Orders && !bytes.Contains(data, []byte("{")) && lines != got.Taken {
			t.Fatalf("%d lines were kept of %d rows taken", lines, got.Taken)
		}
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"39.90", "1.299,00", "¥ 1,299", "100元", "１００", "-5", "1 299,00", "1.5E3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, style := range []Style{Unsure, Point, Comma} {
			n, why := worth(text, "CNY", style, false)
			if why == nil && (n < 0 || n > money.Max) {
				t.Fatalf("%q is %d", text, n)
			}
		}
		if _, why := readTime(text, time.UTC, Unknown); why != nil && (why.EN == "" || why.ZH == "") {
			t.Fatal("a time is refused without a word")
		}
	})
}
