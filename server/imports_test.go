package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const importedOrders = "订单号,商家编号,买家编号,行号,商品名称,数量,单价,下单时间\nI1,m1,b1,1,杯子,1,100,2026-11-01 09:30:00\nI2,m1,b1,1,碟子,一,50,2026-11-01 09:30:00\nI1,m1,b1,2,碟子,1,200,2026-11-01 09:30:00\n"

func (m *market) imported(who, path, file string, header ...string) ImportResult {
	m.t.Helper()
	res, body := m.do(who, http.MethodPost, path, file, append([]string{"Content-Type", "application/octet-stream"}, header...)...)
	if res.StatusCode != http.StatusOK {
		m.t.Fatalf("%s: %d %s", path, res.StatusCode, body)
	}
	var out ImportResult
	if err := json.Unmarshal(body, &out); err != nil {
		m.t.Fatal(err)
	}
	return out
}

func TestImportOfAFile(t *testing.T) {
	m := newMarket(t)
	dry := m.imported("opal", "/v1/imports/orders?dry_run=true", importedOrders)
	if !dry.DryRun || dry.Kept != 1 || dry.Refused != 1 || len(dry.First) != 1 || dry.First[0].Order.Total.Amount != 30000 || dry.Encoding != "UTF-8" || len(dry.Fields) == 0 {
		t.Fatalf("%+v", dry)
	}
	if res, _ := m.do("opal", http.MethodGet, "/v1/orders/I1", ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("a dry run kept an order: %d", res.StatusCode)
	}
	got := m.imported("opal", "/v1/imports/orders", importedOrders, "Accept-Language", "zh")
	if got.Kept != 1 || len(got.Problems) != 1 || got.Problems[0].Line != 3 || got.Problems[0].Column != "数量" || !strings.Contains(got.Problems[0].Detail, "整数") {
		t.Errorf("%+v", got)
	}
	if o := m.ok("opal", http.MethodGet, "/v1/orders/I1", ""); len(o["lines"].([]any)) != 2 {
		t.Errorf("%v", o)
	}
	if again := m.imported("opal", "/v1/imports/orders", importedOrders); again.Kept != 0 || again.Same != 1 {
		t.Errorf("again: %+v", again)
	}
	if empty := m.imported("opal", "/v1/imports/orders", "订单号,商家编号\n"); empty.Wrong == "" {
		t.Errorf("%+v", empty)
	}
}

// TestImportRemembersColumns: what an operator says of a file's columns counts
// for the next file with the same headers, in whatever order.
func TestImportRemembersColumns(t *testing.T) {
	m := newMarket(t)
	const file = "Nummer;Wer;Was;Preis;Wann\nR1;b1;Tasse;39,90;2026-11-01\n"
	first := m.imported("opal", "/v1/imports/orders?dry_run=true&merchant=m1", file)
	if first.Wrong == "" || first.Signature == "" || len(first.Columns) != 5 {
		t.Fatalf("%+v", first)
	}
	path := "/v1/imports/orders/columns/" + first.Signature
	said := `{"columns":{"Nummer":"order_id","Wer":"buyer_id","Was":"title","Preis":"price","Wann":"placed_at"}}`
	if res, body := m.do("opal", http.MethodPut, path, said); res.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	if res, _ := m.do("opal", http.MethodPut, path, `{"columns":{"Wer":"nobody"}}`); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a field that there is not: %d", res.StatusCode)
	}
	if res, _ := m.do("ann", http.MethodPut, path, said); res.StatusCode != http.StatusForbidden {
		t.Errorf("a reviewer said what columns hold: %d", res.StatusCode)
	}
	// It counts for everybody, so that the record says who said it; the same once more changes nothing.
	m.do("opal", http.MethodPut, path, said)
	log := m.ok("opal", http.MethodGet, "/v1/audit?stream=columns/"+first.Signature, "")["items"].([]any)
	if len(log) != 1 {
		t.Fatalf("the record of %s: %v", path, log)
	}
	entry := log[0].(map[string]any)
	if body := entry["body"].(map[string]any); entry["kind"] != "columns.remembered" || entry["by"].(map[string]any)["id"] == "" || body["kind"] != "orders" || body["signature"] != first.Signature {
		t.Errorf("%v", entry)
	}
	if text, _ := json.Marshal(entry); strings.Contains(string(text), "Nummer") {
		t.Errorf("the record holds what a file's headers are called: %s", text)
	}
	again := m.imported("opal", "/v1/imports/orders?dry_run=true&merchant=m1", "Wer;Nummer;Was;Preis;Wann\nb1;R1;Tasse;39,90;2026-11-01\n")
	if again.Wrong != "" || again.Kept != 1 || again.First[0].Order.Total.Amount != 3990 {
		t.Errorf("%+v", again)
	}
}

func TestImportIsBoundedAndForThoseWhoMay(t *testing.T) {
	m := newMarket(t)
	for _, who := range []string{"ann", "buyer", ""} {
		res, _ := m.do(who, http.MethodPost, "/v1/imports/orders", importedOrders, "Content-Type", "application/octet-stream")
		if res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q imported orders: %d", who, res.StatusCode)
		}
	}
	// Standing consent is the merchant's own: no operator gives it by a file.
	got := m.imported("opal", "/v1/imports/merchants", "id,name,consent_kinds,consent_up_to\nm1,Shop,refund_only,50\n")
	if got.Wrong == "" || got.Kept != 0 {
		t.Errorf("%+v", got)
	}
	res, _ := m.do("opal", http.MethodPost, "/v1/imports/orders", strings.Repeat("x", maxImportBody+1), "Content-Type", "application/octet-stream")
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("17 MB: %d", res.StatusCode)
	}
}
