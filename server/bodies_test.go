package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// hostileBodies makes bodies of about so many bytes, each of its kind.
var hostileBodies = map[string]func(size int) []byte{
	"one long text": func(size int) []byte { return []byte(`{"a":"` + strings.Repeat("x", size-10) + `"}`) },
	"unknown keys": func(size int) []byte {
		var b bytes.Buffer
		for i := 0; b.Len() < size-32; i++ {
			fmt.Fprintf(&b, `%c"none of ours and long %07d":1`, "{,"[min(i, 1)], i) // as many as are let in
		}
		return append(b.Bytes(), '}')
	},
	"deep lists":        func(size int) []byte { return bytes.Repeat([]byte("["), size) },
	"deep objects":      func(size int) []byte { return bytes.Repeat([]byte(`{"a":`), size/5) },
	"a list of numbers": func(size int) []byte { return []byte("[" + strings.Repeat("1,", size/2-1) + "1]") },
	"a list of objects": func(size int) []byte { return []byte("[" + strings.Repeat(`{},`, size/3-1) + "{}]") },
	"a list, spread": func(size int) []byte {
		return []byte("[" + strings.Repeat(`                           1,`, size/29-1) + "1]")
	},
	"objects of one key": func(size int) []byte { return []byte("[" + strings.Repeat(`{"a":{}},`, size/9-1) + "{}]") },
	"no JSON":            func(size int) []byte { return bytes.Repeat([]byte("\xff\x00"), size/2) },
}

// TestEveryRouteBoundsWhatABodyCosts sends to every operation, as somebody whom
// it listens to, bodies of each hostile kind: four megabytes of it, and as much as
// its route reads. Neither the answer nor what is taken from memory grows
// with them beyond what is stated here.
func TestEveryRouteBoundsWhatABodyCosts(t *testing.T) {
	m := newMarket(t)
	x := &nonsense{market: m, of: m.scene(), dice: rand.New(rand.NewPCG(3, 4)), sent: map[string]map[string]int{}, heard: map[string]int{}}
	raw, err := m.s.Description()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]operation
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]byte{}
	body := func(kind string, size int) []byte {
		key := fmt.Sprint(kind, size)
		if bodies[key] == nil {
			bodies[key] = hostileBodies[kind](size)
		}
		return bodies[key]
	}
	kinds := slices.Sorted(maps.Keys(hostileBodies))
	worst, most, routes := map[int]uint64{}, 0, 0
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			o := doc.Paths[path][method]
			o.method, o.path = strings.ToUpper(method), path
			if o.method == http.MethodGet || o.method == http.MethodHead || o.name() == "DELETE /v1/session" {
				continue // bodies there are read by nobody; see TestSlowBodiesHoldNobodyUp
			}
			if strings.HasPrefix(o.path, "/v1/imports/") && o.method == http.MethodPost {
				continue // files, not JSON; see TestAnImportHoldsItsFileOnce
			}
			routes++
			reads := m.reads(o)
			for i, kind := range kinds {
				if os.Getenv("EVENHAND_LONG") == "" && reads > 16<<10 && kind != "unknown keys" && kind != "deep lists" && i != routes%len(kinds) {
					continue // of the others each route of known callers is sent one; strangers' are sent all
				}
				for _, size := range []int{reads - 64, 4 << 20} {
					if size > reads && kind != "one long text" && kind != "unknown keys" {
						continue // the length alone is refused
					}
					cost, answer := x.cost(o, body(kind, size))
					// What is kept: the text, what it is decoded to twice, at some
					// 300 bytes a value, and what is said of it.
					bound := uint64(1<<20 + 24*min(reads, size))
					if cost > bound {
						t.Errorf("%s: %d bytes of %s take %d bytes of memory, bound %d", o.name(), size, kind, cost, bound)
					}
					if answer > 64<<10 {
						t.Errorf("%s: %d bytes of %s are answered with %d bytes", o.name(), size, kind, answer)
					}
					worst[reads], most = max(worst[reads], cost), max(most, answer)
				}
			}
		}
	}
	t.Logf("%d routes x %d kinds x 2 sizes; the longest answer %d bytes; memory by what a route reads: %v", routes, len(kinds), most, worst)
	if routes < 50 {
		t.Errorf("only %d routes", routes)
	}
}

// reads is how much of a JSON body an operation reads.
func (m *market) reads(o operation) int {
	if slices.Contains([]string{"POST /v1/orders/batch", "POST /v1/policies", "POST /v1/policies/check", "POST /v1/policies/replay"}, o.name()) {
		return 4 << 20
	}
	for _, r := range m.s.Routes() {
		if r.Method == o.method && r.Path == o.path && r.Access.Public {
			return 16 << 10
		}
	}
	return 256 << 10
}

// cost sends a body, not over the network, and answers what it took: bytes
// allocated in all, and bytes of the answer.
func (x *nonsense) cost(o operation, body []byte) (taken uint64, answer int) {
	media := "application/json"
	for name := range o.RequestBody.Content {
		media = name
	}
	if media == "multipart/form-data" {
		media += "; boundary=x"
	}
	x.n++
	r := httptest.NewRequest(o.method, x.address(o), bytes.NewReader(body)).WithContext(x.t.Context())
	who := x.caller(o)
	if who == "platform" {
		r.Header.Set("Authorization", x.auth[who])
	} else if who != "" {
		r.Header.Set("Cookie", x.auth[who])
		r.Header.Set("X-CSRF-Token", x.csrf[who])
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("If-Match", `"1"`)
	r.Header.Set("Idempotency-Key", fmt.Sprint("cost", x.n))
	r.RemoteAddr = fmt.Sprintf("10.1.%d.%d:1", x.n>>8&255, x.n&255)
	w := httptest.NewRecorder()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	x.s.ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	if w.Code >= 500 && w.Code != http.StatusServiceUnavailable && w.Code != http.StatusNotImplemented {
		x.t.Errorf("%s as %s, %.40q: %d %.200s", o.name(), who, body, w.Code, w.Body)
	}
	return after.TotalAlloc - before.TotalAlloc, w.Body.Len()
}
