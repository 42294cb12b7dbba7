package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// ordersBook is a workbook of n orders.
func ordersBook(t testing.TB, n int) []byte {
	t.Helper()
	return book(t, func(f *excelize.File, sheet string) {
		set(t, f, sheet, 1, "订单号", "商家编号", "买家编号", "商品名称", "数量", "单价", "下单时间")
		for i := range n {
			set(t, f, sheet, i+2, fmt.Sprintf("X%d", i+1), "m1", "b1", "杯子", 1, 10.5, "2026-11-01")
		}
	})
}

// repacked is an archive whose parts are what edit makes of them; where it
// makes nil, the part is left out. wrong spoils the checksum of a part.
func repacked(t testing.TB, file []byte, edit func(name string, data []byte) []byte, wrong string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if data = edit(f.Name, data); data == nil {
			continue
		}
		h := &zip.FileHeader{
			Name: f.Name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(data),
			CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data)),
		}
		if f.Name == wrong {
			h.CRC32++
		}
		w, err := z.CreateRaw(h)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const firstSheet = "xl/worksheets/sheet1.xml"

// TestDamagedWorkbooks: of a workbook that is damaged anywhere nothing is
// taken, however much of it could be read.
func TestDamagedWorkbooks(t *testing.T) {
	sound := ordersBook(t, 20)
	same := func(_ string, data []byte) []byte { return data }
	sheet := func(edit func(string) string) func(string, []byte) []byte {
		return func(name string, data []byte) []byte {
			if name != firstSheet {
				return data
			}
			out := []byte(edit(string(data)))
			if bytes.Equal(out, data) {
				t.Error("nothing was damaged")
			}
			return out
		}
	}
	if r := try(t, newShelf(), repacked(t, sound, same, ""), Options{Kind: Orders}); r.err != nil || r.Kept != 20 {
		t.Fatalf("a sound one: %+v %v", r.Report, r.err)
	}
	swap := func(from, to string) []byte {
		return repacked(t, sound, sheet(func(s string) string { return strings.Replace(s, from, to, 1) }), "")
	}
	cut := func(behind int) []byte {
		return repacked(t, sound, sheet(func(s string) string { return s[:strings.Index(s, `<row r="12"`)+behind] }), "")
	}
	noTexts := func(name string, data []byte) []byte {
		if name == "xl/sharedStrings.xml" {
			return nil
		}
		return data
	}
	for name, file := range map[string][]byte{
		"sheet, checksum":      repacked(t, sound, same, firstSheet),
		"texts, checksum":      repacked(t, sound, same, "xl/sharedStrings.xml"),
		"styles, checksum":     repacked(t, sound, same, "xl/styles.xml"),
		"cut in the middle":    cut(0),
		"cut in a cell":        cut(40),
		"a tag lost":           swap("</row>", ""),
		"no such character":    swap(`<row r="12"`, "&lost;\x01<row r=\"12\""),
		"a row twice":          swap(`<row r="12"`, `<row r="11"`),
		"a row that goes back": swap(`<row r="12"`, `<row r="1"`),
		"a cell twice":         swap(`r="B12"`, `r="A12"`),
		"a text there is not":  swap(`t="s"><v>0<`, `t="s"><v>9999<`),
		"no texts":             repacked(t, sound, noTexts, ""),
		"elements without end": swap("<sheetData>", strings.Repeat("<a>", maxDepth)),
		"one endless name":     swap("<sheetData>", "<"+strings.Repeat("a", MaxRow)),
		"a document type":      swap("<worksheet", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet`),
	} {
		d := newShelf()
		r := try(t, d, file, Options{Kind: Orders})
		if r.err == nil || len(d.orders) > 0 {
			t.Errorf("%s: %d of 20 orders were kept, %d refused: %v", name, len(d.orders), r.Refused, r.err)
			continue
		}
		r.has(t, "no workbook that can be read")
	}
}

// TestFormulaWithoutResult: a program that writes formulas leaves their cells
// empty until a spreadsheet has been over them.
func TestFormulaWithoutResult(t *testing.T) {
	file := repacked(t, ordersBook(t, 3), func(name string, data []byte) []byte {
		if name == firstSheet {
			data = bytes.Replace(data, []byte("<v>10.5</v>"), []byte("<f>A1*2</f>"), 1)
		}
		return data
	}, "")
	d := newShelf()
	r := try(t, d, file, Options{Kind: Orders})
	if r.Kept != 2 || r.Refused != 1 {
		t.Errorf("%+v %s", r.Report, r.said)
	}
	r.has(t, "2 : Cell 6 of this row holds a formula without its result")
}

// TestWorkbooksOfPrograms reads what programs write that spreadsheets do not:
// texts in the cells, in runs, with their pronunciation; no references; parts
// found by absolute names.
func TestWorkbooksOfPrograms(t *testing.T) {
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	rows := "<row>"
	for _, h := range []string{"订单号", "商家编号", "买家编号", "商品名称", "单价", "下单时间"} {
		rows += text(h)
	}
	rows += `</row><row/><row>` + text("Y1") + text("m1") + text("b1") +
		`<c t="inlineStr"><is><r><t>大</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 杯_x005F_a</t></r><rPh sb="0" eb="1"><t>da</t></rPh></is></c>` +
		`<c t="str"><f>1*3</f><v>3.50</v></c><c t="d"><v>2026-11-01T09:30:00</v></c></row>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, data := range map[string]string{
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/Book/Main.xml"/></Relationships>`,
		"book/main.xml":              `<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets><sheet name="单" sheetId="1" r:id="b"/></sheets></workbook>`,
		"book/_rels/main.xml.rels":   `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="b" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="../data\one.xml"/></Relationships>`,
		"data/one.xml":               `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>` + rows + `</sheetData><controls><row>1</row></controls></worksheet>`,
		"docProps/is-read-by-no.one": "\x00",
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	d := newShelf()
	r := try(t, d, out.Bytes(), Options{Kind: Orders})
	o := d.orders["Y1"]
	if r.Kept != 1 || r.Sheet != "单" || len(o.Lines) != 1 || o.Lines[0].Title != "大 杯_a" || o.Total.Amount != 350 || r.said != "" {
		t.Errorf("%+v %v %s %+v", r.Report, r.err, r.said, o)
	}
}

// TestNumbersOfAWorkbookHaveAPoint: what a workbook keeps as a number has a
// point before its decimals, also where its texts write a comma there.
func TestNumbersOfAWorkbookHaveAPoint(t *testing.T) {
	file := book(t, func(f *excelize.File, sheet string) {
		set(t, f, sheet, 1, "订单号", "商家编号", "买家编号", "商品名称", "数量", "单价", "下单时间", "币种")
		for i, price := range []any{"1.299,00", "39,90", "5,5", 12.5, 12.345, 1299.0} {
			set(t, f, sheet, i+2, fmt.Sprintf("X%d", i+1), "m1", "b1", "杯子", 2.0, price, "2026-11-01", "CNY")
		}
		set(t, f, sheet, 8, "X7", "m1", "b1", "杯子", 2.5, 1, "2026-11-01", "CNY")
		set(t, f, sheet, 9, "X8", "m1", "b1", "杯子", 1, 1.234, "2026-11-01", "KWD")
	})
	d := newShelf()
	r := try(t, d, file, Options{Kind: Orders})
	if r.Numbers != Comma {
		t.Fatalf("the texts are written in style %q", r.Numbers)
	}
	for id, want := range map[string]int64{"X1": 259800, "X2": 7980, "X3": 1100, "X4": 2500, "X5": 0, "X6": 259800, "X7": 0, "X8": 1234} {
		if got := d.orders[id].Total.Amount; got != want {
			t.Errorf("%s is %d, want %d", id, got, want)
		}
	}
	r.has(t, "6 price:", "8 quantity:")
}

// TestOneWorkbookAtATime: who waits for the memory of another gives up with the
// caller, and has it when it is free.
func TestOneWorkbookAtATime(t *testing.T) {
	free, err := alone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := alone(ctx); err == nil {
		t.Error("two workbooks are in memory")
	}
	if _, err := run(ctx, newShelf(), Platform, bytes.NewReader(ordersBook(t, 1)), Options{Kind: Orders}); err == nil {
		t.Error("a workbook was read beside another")
	}
	free()
	for range 2 { // each gives its place back
		if r := try(t, newShelf(), ordersBook(t, 1), Options{Kind: Orders}); r.Kept != 1 {
			t.Errorf("%+v %v", r.Report, r.err)
		}
		if r := try(t, newShelf(), ordersBook(t, 1)[:900], Options{Kind: Orders}); r.err == nil {
			t.Error("half a workbook")
		}
	}
}
