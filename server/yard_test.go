package server

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
)

// yard is a server that can be reached over TCP, with two claims between two
// buyers and one shop, and a key for each of them and for the platform.
type yard struct {
	t        *testing.T
	dir      string
	db       *store.DB
	accounts *account.Accounts
	*Server
	url  string
	keys map[string]string
}

// newYard makes one on an empty store.
func newYard(t *testing.T, change ...func(*Options)) *yard {
	t.Helper()
	y := &yard{t: t, dir: t.TempDir(), keys: map[string]string{}}
	y.open(change...)
	for id, buyer := range map[string]string{"C1": "B1", "C2": "B2"} {
		c := &claim.Claim{ID: id, OrderID: "O" + id, MerchantID: "M1", BuyerID: buyer, Kind: claim.RefundOnly, Reason: claim.NotReceived, State: claim.InReview, Round: 1, OpenedAt: time.Now().UTC(), Ask: money.Money{Amount: 1, Currency: "CNY"}}
		if err := y.db.Write(t.Context(), func(tx desk.Tx) error { return tx.InsertClaim(t.Context(), c) }); err != nil {
			t.Fatal(err)
		}
	}
	for name, w := range map[string]account.KeyWish{
		"platform": {Scopes: []string{"*"}}, "buyer": {Scopes: []string{"*"}, Roles: []access.Role{access.RoleBuyer}, Party: "B1"},
		"stranger": {Scopes: []string{"*"}, Roles: []access.Role{access.RoleBuyer}, Party: "B2"}, "shop": {Scopes: []string{"*"}, Roles: []access.Role{access.RoleMerchant}, Party: "M1"},
	} {
		w.Name = name
		_, secret, err := y.accounts.IssueKey(t.Context(), access.Caller{ID: "test"}, w)
		if err != nil {
			t.Fatal(err)
		}
		y.keys[name] = secret
	}
	return y
}

// open starts a server, the first or a further one, on the yard's store.
func (y *yard) open(change ...func(*Options)) {
	t := y.t
	db, err := store.Open(t.Context(), store.Options{Dir: y.dir, RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	fast := Rate{PerSecond: 1e6, Burst: 1e6}
	o := Options{Accounts: accounts, Store: db, Watcher: db, PerAddress: fast, PerCaller: fast}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Drain()
		srv.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	y.db, y.accounts, y.Server, y.url = db, accounts, s, srv.URL
}

// second is another server over the same store.
func (y *yard) second(change ...func(*Options)) *yard {
	b := *y
	b.open(change...)
	return &b
}

// send is a request by the holder of a key; who "" is a stranger.
func (y *yard) send(who, method, path string, body io.Reader, header ...string) *http.Response {
	y.t.Helper()
	r, err := http.NewRequestWithContext(y.t.Context(), method, y.url+path, body)
	if err != nil {
		y.t.Fatal(err)
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+y.keys[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil
	}
	y.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// happen puts an event on a subject's chain.
func (y *yard) happen(subject, kind string) int64 {
	y.t.Helper()
	var e record.Event
	err := y.db.Write(y.t.Context(), func(tx desk.Tx) error { return appendTo(y.t.Context(), tx, subject, kind, &e) })
	if err != nil {
		y.t.Fatal(err)
	}
	return e.Seq
}

func appendTo(ctx context.Context, tx desk.Tx, subject, kind string, e *record.Event) error {
	no, head, err := tx.HeadOf(ctx, subject)
	if err != nil {
		return err
	}
	*e = record.Chain{No: no, Head: head}.Next(record.Event{ID: "e" + requestID(), Subject: subject, Kind: kind, At: time.Now().UTC().Truncate(time.Microsecond), By: access.Machine("test"), Body: []byte("{}")})
	return tx.AppendEvent(ctx, e)
}

func bodyOf(res *http.Response) string {
	raw, _ := io.ReadAll(res.Body) // what came is what is compared
	return strings.TrimSpace(string(raw))
}
