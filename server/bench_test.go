package server

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// BenchmarkEndpoints measures requests over TCP from one caller, one after
// the other, among EVENHAND_STORED claims (20,000 unless said): p50 and p99 of
// b.N requests each, and at the end the process's memory.
func BenchmarkEndpoints(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchEndpoints(b, store.Options{Dir: b.TempDir(), RelaxedSync: true}) })
	b.Run("postgres", func(b *testing.B) { benchEndpoints(b, store.Options{Dir: b.TempDir(), Database: pgtest.URL(b)}) })
}

// stall is a server among many claims.
type stall struct {
	url  string
	key  string
	size int
}

func benchEndpoints(b *testing.B, o store.Options) {
	x := newStall(b, o)
	now := time.Now().UTC()
	order := func(n int) []byte {
		return fmt.Appendf(nil, `{"id":"w-%d","merchant_id":"m-1","buyer_id":"b-%d","total":{"amount":1500,"currency":"CNY"},"placed_at":%q,"delivered_at":%q,"lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":1500,"currency":"CNY"}}]}`,
			n, n%10_000, now.Add(-72*time.Hour).Format(time.RFC3339), now.Add(-10*time.Hour).Format(time.RFC3339))
	}
	for _, e := range []struct {
		name, method string
		path         func(n int) string
		body         func(n int) []byte
	}{
		{"claim", "GET", func(n int) string { return "/v1/claims/" + store.FillID(n*7919%x.size) }, nil},
		{"events", "GET", func(n int) string { return "/v1/claims/" + store.FillID(n*7919%x.size) + "/events" }, nil},
		{"explanation", "GET", func(n int) string { return "/v1/claims/" + store.FillID(n*7919%x.size) + "/explanation" }, nil},
		{"claims", "GET", func(int) string { return "/v1/claims?limit=50" }, nil},
		{"claims of a shop", "GET", func(n int) string { return fmt.Sprintf("/v1/claims?limit=50&merchant=m-%d", n%100) }, nil},
		{"claims in review", "GET", func(int) string { return "/v1/claims?limit=50&state=review" }, nil},
		{"order", "GET", func(n int) string { return fmt.Sprintf("/v1/orders/o-%d", n*7919%x.size) }, nil},
		{"orders", "GET", func(int) string { return "/v1/orders?limit=50" }, nil},
		{"merchants", "GET", func(int) string { return "/v1/merchants?limit=50" }, nil},
		{"figures", "GET", func(int) string { return "/v1/figures" }, nil},
		{"figures on claims", "GET", func(int) string { return "/v1/figures/claims" }, nil},
		{"figures on claims, anew", "GET", func(n int) string { return fmt.Sprintf("/v1/figures/claims?utc_offset=%d", n%1500-720) }, nil},
		{"figures on detectors", "GET", func(int) string { return "/v1/figures/detectors" }, nil},
		{"figures on reviewers", "GET", func(int) string { return "/v1/figures/reviewers" }, nil},
		{"a shop's figures", "GET", func(n int) string { return fmt.Sprintf("/v1/figures/shop?merchant=m-%d", n%100) }, nil},
		{"the record", "GET", func(int) string { return "/v1/audit?limit=50" }, nil},
		{"active policy", "GET", func(int) string { return "/v1/policies/active" }, nil},
		{"put order", "PUT", func(n int) string { return fmt.Sprintf("/v1/orders/w-%d", n) }, order},
		{"file claim", "POST", func(int) string { return "/v1/claims" }, func(n int) []byte {
			return fmt.Appendf(nil, `{"order_id":"w-%d","kind":"refund_only","reason":"not_received","story":"It never came.","submit":true}`, n)
		}},
	} {
		b.Run(e.name, func(b *testing.B) {
			// The slowest kind of run decides how many orders there are: at least b.N.
			x.quantiles(b, e.method, e.path, e.body)
		})
	}
	runtime.GC()
	b.Logf("memory of this process (server and caller): %d MiB", resident()>>20)
}

func newStall(b *testing.B, o store.Options) *stall {
	size := 20_000
	if v := os.Getenv("EVENHAND_STORED"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1000 {
			b.Fatalf("EVENHAND_STORED=%s: a number from 1000 on is wanted", v)
		}
		size = n
	}
	db, err := store.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Fill(b.Context(), size, time.Now().UTC()); err != nil {
		b.Fatal(err)
	}
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		b.Fatal(err)
	}
	d := desk.New(desk.Options{Store: IdempotentStore(db), Blobs: db.Blobs()})
	if err := d.FirstPolicy(b.Context(), policy.Default()); err != nil {
		b.Fatal(err)
	}
	fast := Rate{PerSecond: 1e6, Burst: 1e6}
	s, err := New(Options{
		Desk: d, Accounts: accounts, Store: db, PerAddress: fast, PerCaller: fast,
		Uploads: DeskUploads(d, filepath.Join(b.TempDir(), "uploads")),
	})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(s)
	b.Cleanup(web.Close)
	_, key, err := accounts.IssueKey(b.Context(), access.Caller{ID: "bench"}, account.KeyWish{Name: "bench", Scopes: []string{access.ScopeAll}, Roles: []access.Role{access.RoleIntegrator}})
	if err != nil {
		b.Fatal(err)
	}
	return &stall{url: web.URL, key: key, size: size}
}

func (x *stall) quantiles(b *testing.B, method string, path func(int) string, body func(int) []byte) {
	took := make([]time.Duration, 0, b.N)
	for n := range b.N {
		var raw []byte
		if body != nil {
			raw = body(n)
		}
		r, err := http.NewRequestWithContext(b.Context(), method, x.url+path(n), bytes.NewReader(raw))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+x.key)
		if raw != nil {
			r.Header.Set("Content-Type", "application/json")
		}
		start := time.Now()
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		said, err := io.ReadAll(w.Body)
		took = append(took, time.Since(start))
		_ = w.Body.Close() // read to its end
		if err != nil || w.StatusCode > 299 && w.StatusCode != http.StatusConflict {
			b.Fatalf("%s %s: %d %.300s %v", method, path(n), w.StatusCode, said, err)
		}
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// resident is the process's memory in bytes as the system counts it, 0 where it does not say.
func resident() int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := bytes.Fields(raw)
	pages, err := strconv.ParseInt(string(f[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
