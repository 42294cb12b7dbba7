package server

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
)

// hostileFiles are of the largest size that an import reads, each of its kind;
// times is how often its size it may take from memory in all, given back or not.
var hostileFiles = []struct {
	kind  string
	times float64
	file  func(size int) []byte
}{
	{"no workbook", 1.25, func(size int) []byte { return append([]byte("PK\x03\x04"), make([]byte, size-4)...) }},
	{"empty rows", 1.25, func(size int) []byte { return bytes.Repeat([]byte("\n"), size) }},
	{"one endless cell", 5, func(size int) []byte {
		return append([]byte("order_id,title\n\""), bytes.Repeat([]byte("a"), size-16)...)
	}},
	// Read until it is too long, with each separator and encoding that it may be in.
	{"one endless line", 60, func(size int) []byte { return bytes.Repeat([]byte("a,"), size/2) }},
}

// TestAnImportHoldsItsFileOnce sends files of 16 MB, announced or in pieces of
// an unknown number. A file that nothing is read of takes no more than itself.
func TestAnImportHoldsItsFileOnce(t *testing.T) {
	m := newMarket(t)
	const size = maxImportBody - 64
	for _, k := range hostileFiles {
		file := k.file(size)
		for name, body := range map[string]io.Reader{"announced": bytes.NewReader(file), "in pieces": io.MultiReader(bytes.NewReader(file))} {
			if name == "in pieces" && k.times > 2 {
				continue // it is read alike; the first kinds show what that costs
			}
			r := httptest.NewRequest(http.MethodPost, "/v1/imports/orders?dry_run=true&merchant=m1", body).WithContext(t.Context())
			r.Header.Set("Authorization", m.auth["platform"])
			r.Header.Set("Content-Type", "application/octet-stream")
			w := httptest.NewRecorder()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m.s.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			taken := after.TotalAlloc - before.TotalAlloc
			if w.Code != http.StatusOK || w.Body.Len() > 64<<10 {
				t.Errorf("%s, %s: %d, %d bytes: %.200s", k.kind, name, w.Code, w.Body.Len(), w.Body)
			}
			if float64(taken) > k.times*size {
				t.Errorf("%s, %s: %d bytes take %d bytes of memory, %.2f times as much", k.kind, name, size, taken, float64(taken)/size)
			}
		}
	}
}
