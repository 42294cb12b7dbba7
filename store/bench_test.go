package store_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/work"
)

// fillers is how many callers file claims at once.
const fillers = 32

var (
	benchPlatform = access.Caller{ID: "key", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeAll}}
	benchShop     = access.Caller{ID: "u-shop", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "m-1"}
)

// settling is the default policy with one rule before the others that settles
// what the merchant agreed to beforehand, so that no picture is needed.
func settling() []byte {
	return bytes.Replace(policy.Default(), []byte("\nrules:\n"), []byte(`
rules:
  - name: agreed-without-pictures
    about: {en: Claims that the merchant agreed to beforehand., zh: 商家已事先同意的申请。}
    at: [filed]
    when: merchant.consent
    then: settle
    why: {en: The merchant agreed beforehand., zh: 商家已事先同意。}
`), 1)
}

// BenchmarkFileToSettled files claims without pictures that settle at once
// under a standing consent: the whole way through the desk, the rules, the
// guarantees and the record. "claims/s" is what counts; orders are there before.
func BenchmarkFileToSettled(b *testing.B) {
	b.Run("sqlite/sync=full", func(b *testing.B) { benchSettle(b, store.Options{Dir: b.TempDir()}) })
	b.Run("sqlite/sync=relaxed", func(b *testing.B) { benchSettle(b, store.Options{Dir: b.TempDir(), RelaxedSync: true}) })
	b.Run("postgres", func(b *testing.B) { benchSettle(b, store.Options{Dir: b.TempDir(), Database: pgtest.URL(b)}) })
}

func benchSettle(b *testing.B, o store.Options) {
	ctx := b.Context()
	db := open(b, o)
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs()})
	must(b, d.FirstPolicy(ctx, settling()))
	must(b, d.PutMerchant(ctx, benchShop, order.Merchant{ID: "m-1", Name: "Shop", Consent: order.Consent{
		Kinds: []string{string(claim.RefundOnly)}, UpTo: money.Money{Amount: 3000, Currency: "CNY"},
	}}))
	var n atomic.Int64
	each(b, func(int64) error { return d.PutOrder(ctx, benchPlatform, benchOrder(n.Add(1))) })
	n.Store(0)
	b.ResetTimer()
	start := time.Now()
	each(b, func(int64) error { return fileOne(ctx, d, n.Add(1)) })
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "claims/s")
}

// BenchmarkPgbench is what the same PostgreSQL does with pgbench's own mix of
// three updates, a read and an insert a transaction ("simple update": -N leaves
// two of the updates out), with as many connections as a desk opens, for
// comparison: a filed and settled claim is one transaction of about 25
// statements.
func BenchmarkPgbench(b *testing.B) {
	url := pgtest.URL(b)
	pgbench, err := exec.LookPath("pgbench")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench"); err != nil && len(found) > 0 {
		pgbench, err = found[len(found)-1], nil
	}
	if err != nil {
		b.Skip("there is no pgbench here")
	}
	run := func(args ...string) string {
		out, err := exec.CommandContext(b.Context(), pgbench, append(args, url)...).CombinedOutput()
		if err != nil {
			b.Fatalf("pgbench: %v\n%s", err, out)
		}
		return string(out)
	}
	run("-i", "-q", "-s", "10")
	for name, mix := range map[string]string{"tpcb": "tpcb-like", "simple-update": "simple-update"} {
		b.Run(name, func(b *testing.B) {
			out := run("-b", mix, "-c", "24", "-j", "2", "-T", "10") // ten seconds, however often b asks
			_, rest, _ := strings.Cut(out, "tps = ")
			tps, err := strconv.ParseFloat(strings.Fields(rest + " x")[0], 64)
			if err != nil {
				b.Fatalf("pgbench said:\n%s", out)
			}
			b.ReportMetric(tps, "tx/s")
		})
	}
}

// each runs f b.N times by fillers callers at once.
func each(b *testing.B, f func(n int64) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range fillers {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) || b.Failed() {
					return
				}
				if err := f(n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

func benchOrder(n int64) order.Order {
	at := time.Now().UTC().Truncate(time.Microsecond)
	delivered := at.Add(-10 * time.Hour)
	money := money.Money{Amount: 1500, Currency: "CNY"}
	return order.Order{
		ID: "o-" + strconv.FormatInt(n, 10), MerchantID: "m-1", BuyerID: benchBuyer(n), Total: money,
		PlacedAt: at.Add(-72 * time.Hour), DeliveredAt: &delivered,
		Lines: []order.Line{{ID: "1", Title: "Mug", Category: "home", Quantity: 1, Price: money}},
	}
}

func benchBuyer(n int64) string { return "b-" + strconv.FormatInt(n%1000, 10) }

func fileOne(ctx context.Context, d *desk.Desk, n int64) error {
	who := benchBuyer(n)
	f, err := d.File(ctx, access.Caller{ID: "u-" + who, Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: who},
		desk.Filing{OrderID: "o-" + strconv.FormatInt(n, 10), Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "It never came.", Submit: true})
	if err == nil && f.Claim.State != claim.Closed {
		err = fmt.Errorf("the claim is %s, not settled", f.Claim.State)
	}
	return err
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// stored is how many claims the reads are measured among.
func stored(b *testing.B) int {
	v := os.Getenv("EVENHAND_STORED")
	if v == "" {
		return 20_000
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1000 {
		b.Fatalf("EVENHAND_STORED=%s: a number from 1000 on is wanted", v)
	}
	return n
}

// BenchmarkReads measures single reads, one caller, among EVENHAND_STORED
// claims (20,000 unless said): p50 and p99 of b.N reads. The claims are written
// through the store in large transactions; see store.Fill.
func BenchmarkReads(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchReads(b, store.Options{Dir: b.TempDir(), RelaxedSync: true}) })
	b.Run("postgres", func(b *testing.B) { benchReads(b, store.Options{Dir: b.TempDir(), Database: pgtest.URL(b)}) })
}

var benchNow = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func benchReads(b *testing.B, o store.Options) {
	ctx, db, size := b.Context(), open(b, o), stored(b)
	must(b, db.Fill(ctx, size, benchNow))
	for _, r := range []struct {
		name string
		read func(tx desk.Tx, n int) error
	}{
		{"claim", func(tx desk.Tx, n int) error {
			_, err := tx.Claim(ctx, store.FillID(n*7919%size))
			return err
		}},
		{"list=merchant", benchList(ctx, func(n int) desk.ClaimFilter { return desk.ClaimFilter{MerchantID: fmt.Sprint("m-", n%100)} })},
		{"list=buyer", benchList(ctx, func(n int) desk.ClaimFilter { return desk.ClaimFilter{BuyerID: fmt.Sprint("b-", n%10_000)} })},
		{"list=state", benchList(ctx, func(int) desk.ClaimFilter {
			return desk.ClaimFilter{States: []claim.State{claim.InReview, claim.AskedShop}}
		})},
		{"list=all", benchList(ctx, func(int) desk.ClaimFilter { return desk.ClaimFilter{} })},
		{"list=merchant by due", benchList(ctx, func(n int) desk.ClaimFilter {
			return desk.ClaimFilter{MerchantID: fmt.Sprint("m-", n%100), ByDue: true}
		})},
		{"list=by due", benchList(ctx, func(int) desk.ClaimFilter { return desk.ClaimFilter{ByDue: true} })},
		{"list=prefix", benchList(ctx, func(n int) desk.ClaimFilter { return desk.ClaimFilter{Prefix: fmt.Sprint("c-", n%size)} })},
		{"list=short prefix", benchList(ctx, func(int) desk.ClaimFilter { return desk.ClaimFilter{Prefix: "o"} })},
		{"list=prefix of merchant", benchList(ctx, func(n int) desk.ClaimFilter {
			return desk.ClaimFilter{MerchantID: fmt.Sprint("m-", n%100), Prefix: "c-99"}
		})},
		{"list=outcome", benchList(ctx, func(int) desk.ClaimFilter { return desk.ClaimFilter{Outcome: claim.Lapsed} })},
		{"queue summary", func(tx desk.Tx, _ int) error {
			_, err := tx.QueueSummary(ctx, desk.Reviewer{ID: "u-1", Conflicts: []string{"m-1"}}, benchNow, benchNow)
			return err
		}},
		{"queue narrowed", func(tx desk.Tx, _ int) error {
			_, _, err := tx.Queue(ctx, desk.QueueFilter{Reason: claim.Damaged, AmountMin: 5000}, desk.Reviewer{ID: "u-1"}, benchNow, work.Page{Limit: 50})
			return err
		}},
		{"queue", func(tx desk.Tx, _ int) error {
			_, _, err := tx.Queue(ctx, desk.QueueFilter{}, desk.Reviewer{ID: "u-1", Conflicts: []string{"m-1"}}, benchNow, work.Page{Limit: 50})
			return err
		}},
		{"due clocks", func(tx desk.Tx, _ int) error {
			_, err := tx.DueClocks(ctx, benchNow, 100)
			return err
		}},
		{"history", func(tx desk.Tx, n int) error {
			_, err := tx.History(ctx, fmt.Sprint("b-", n%10_000), fmt.Sprint("m-", n%100), "", false, benchNow)
			return err
		}},
		{"count", func(tx desk.Tx, _ int) error {
			_, err := tx.CountClaims(ctx, desk.ClaimFilter{})
			return err
		}},
		{"tally", func(tx desk.Tx, _ int) error {
			_, err := tx.TallyClaims(ctx, desk.ClaimFilter{})
			return err
		}},
		{"count=merchant", func(tx desk.Tx, n int) error {
			_, err := tx.CountClaims(ctx, desk.ClaimFilter{MerchantID: fmt.Sprint("m-", n%100)})
			return err
		}},
		{"count=reason", func(tx desk.Tx, n int) error {
			_, err := tx.CountClaims(ctx, desk.ClaimFilter{Reason: claim.Reasons[n%len(claim.Reasons)]})
			return err
		}},
	} {
		b.Run(r.name, func(b *testing.B) { quantiles(b, db, r.read) })
	}
}

func benchList(ctx context.Context, f func(n int) desk.ClaimFilter) func(desk.Tx, int) error {
	return func(tx desk.Tx, n int) error {
		_, _, err := tx.Claims(ctx, f(n), work.Page{Limit: 50})
		return err
	}
}

func quantiles(b *testing.B, db *store.DB, read func(desk.Tx, int) error) {
	took := make([]time.Duration, 0, b.N)
	for n := range b.N {
		start := time.Now()
		must(b, db.Read(b.Context(), func(tx desk.Tx) error { return read(tx, n) }))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// BenchmarkScreenedToSettled is the whole way with pictures: an order with a
// listing picture, three photos of 1600 x 1200 from the buyer, each screened
// against it and against all earlier ones, and the settlement that follows.
func BenchmarkScreenedToSettled(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchScreened(b, store.Options{Dir: b.TempDir()}) })
	b.Run("postgres", func(b *testing.B) { benchScreened(b, store.Options{Dir: b.TempDir(), Database: pgtest.URL(b)}) })
}

func benchScreened(b *testing.B, o store.Options) {
	ctx, stop := context.WithCancel(b.Context())
	db := open(b, o)
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs(), Examine: examine.New(examine.Options{Blobs: db.Blobs(), Store: db})})
	must(b, d.FirstPolicy(ctx, settling()))
	must(b, d.PutMerchant(ctx, benchShop, order.Merchant{ID: "m-1", Name: "Shop", Consent: order.Consent{
		Kinds: []string{string(claim.RefundOnly)}, UpTo: money.Money{Amount: 3000, Currency: "CNY"},
	}}))
	photos := make([][]byte, 4*b.N) // drawn beforehand: drawing is not what is measured
	each(b, func(n int64) error {
		for k := range 4 {
			photos[4*(n-1)+int64(k)] = benchPhoto(4*uint64(n) + uint64(k))
		}
		return d.PutOrder(ctx, benchPlatform, benchOrder(n))
	})
	ended := make(chan error, 1)
	go func() { ended <- db.Run(ctx, d) }()
	b.ResetTimer()
	start := time.Now()
	each(b, func(n int64) error { return fileWithPhotos(ctx, db, d, n, photos[4*(n-1):4*n]) })
	for closed := 0; closed < b.N; time.Sleep(20 * time.Millisecond) {
		must(b, db.Read(ctx, func(tx desk.Tx) error {
			counts, err := tx.CountClaims(ctx, desk.ClaimFilter{})
			closed = counts[claim.Closed]
			return err
		}))
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "claims/s")
	b.StopTimer()
	stop()
	must(b, <-ended)
}

// benchPhoto is soft noise of its own for each seed, as a JPEG of a phone's quality.
func benchPhoto(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	var waves [12][4]float64
	for i := range waves {
		waves[i] = [4]float64{r.Float64()*0.08 - 0.04, r.Float64()*0.08 - 0.04, r.Float64() * 6, 8 + 12*r.Float64()}
	}
	img := image.NewGray(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			v := 128.0
			for _, w := range waves {
				v += w[3] * math.Sin(w[0]*float64(x)+w[1]*float64(y)+w[2])
			}
			img.Pix[y*img.Stride+x] = uint8(min(max(v+4*r.Float64(), 0), 255))
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}) // a buffer takes everything
	return out.Bytes()
}

func fileWithPhotos(ctx context.Context, db *store.DB, d *desk.Desk, n int64, photos [][]byte) error {
	who := benchBuyer(n)
	buyer := access.Caller{ID: "u-" + who, Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: who}
	id := "o-" + strconv.FormatInt(n, 10)
	put := func(raw []byte) (up desk.Upload, err error) {
		up = desk.Upload{Medium: evidence.Photo, Name: "p.jpg"}
		up.Staged, err = db.Blobs().Stage(ctx, bytes.NewReader(raw), desk.MaxPhoto)
		return up, err
	}
	up, err := put(photos[0])
	if err != nil {
		return err
	}
	up.Purpose = evidence.Listing
	if _, err := d.AddOrderMedia(ctx, benchShop, id, up); err != nil {
		return err
	}
	f, err := d.File(ctx, buyer, desk.Filing{OrderID: id, Kind: claim.RefundOnly, Reason: claim.Damaged, Story: "It came broken."})
	if err != nil {
		return err
	}
	for i, purpose := range []evidence.Purpose{evidence.Whole, evidence.CloseUp, evidence.SecondAngle} {
		if up, err = put(photos[1+i]); err != nil {
			return err
		}
		up.Purpose = purpose
		if _, err := d.AddEvidence(ctx, buyer, f.Claim.ID, up); err != nil {
			return err
		}
	}
	_, err = d.Submit(ctx, buyer, f.Claim.ID, 0)
	return err
}
