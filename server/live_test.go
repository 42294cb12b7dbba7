package server

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/record"
)

// listener reads a stream's messages.
type listener struct {
	t      *testing.T
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

type message struct {
	id int64
	LiveEvent
}

func (y *yard) listen(who string, last int64) *listener {
	y.t.Helper()
	ctx, cancel := context.WithTimeout(y.t.Context(), 30*time.Second)
	y.t.Cleanup(cancel)
	r, _ := http.NewRequestWithContext(ctx, "GET", y.url+"/v1/live", nil)
	r.Header.Set("Authorization", "Bearer "+y.keys[who])
	if last > 0 {
		r.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		y.t.Fatalf("listen: %v, %v", res, err)
	}
	y.t.Cleanup(func() { _ = res.Body.Close() })
	l := &listener{t: y.t, lines: bufio.NewScanner(res.Body), cancel: cancel}
	l.lines.Scan() // the first line is sent after it has subscribed
	return l
}

// next is the next message; ok is false where the stream has ended.
func (l *listener) next() (m message, ok bool) {
	for l.lines.Scan() {
		switch name, value, _ := strings.Cut(l.lines.Text(), ": "); name {
		case "id":
			m.id, _ = strconv.ParseInt(value, 10, 64)
		case "data":
			if err := json.Unmarshal([]byte(value), &m.LiveEvent); err != nil {
				l.t.Error(err)
			}
			return m, true
		}
	}
	return m, false
}

// take reads n messages.
func (l *listener) take(n int) (ids []int64) {
	l.t.Helper()
	for range n {
		m, ok := l.next()
		if !ok {
			l.t.Fatalf("the stream ended after %d of %d", len(ids), n)
		}
		ids = append(ids, m.id)
	}
	return ids
}

// TestNothingIsMissedNorDoubled: a client that goes away in the middle, and
// comes back while more happens, at another node, hears each event once.
func TestNothingIsMissedNorDoubled(t *testing.T) {
	y := newYard(t)
	var want []int64
	more := func(n int) {
		for range n {
			want = append(want, y.happen("claim/C1", "claim.withdrawn"))
		}
	}
	l := y.listen("buyer", 0)
	more(5)
	got := l.take(3)
	l.cancel()
	more(20)
	other := y.second()
	done := make(chan struct{})
	go func() { defer close(done); more(20) }() // on the first, while the second catches up
	l = other.listen("buyer", got[2])
	got = append(got, l.take(42)...)
	<-done
	if !slices.Equal(got, want) {
		t.Errorf("got %d messages %v, want %v", len(got), got, want)
	}
	other.happen("claim/C1", "claim.closed")
	if m, ok := l.next(); !ok || m.Kind != "claim.closed" {
		t.Errorf("then %+v", m)
	}
	wantProblem(t, y.send("buyer", "GET", "/v1/live", nil, "Last-Event-ID", "-1"), 400, codeBadRequest)
}

// TestOnlyWhatOnesMayHear lets the same things happen to listeners of each
// kind; "claim.closed" of the first claim ends it, for all may hear that.
func TestOnlyWhatOneMayHear(t *testing.T) {
	y := newYard(t)
	for who, want := range map[string][]string{
		"buyer": {"C1 claim.contested", "C1 claim.closed"}, "stranger": {"C2 claim.contested", "C2 claim.closed"},
		"shop":     {"C1 claim.contested", "C2 claim.contested", "C1 claim.closed", "C2 claim.closed"},
		"platform": {"C1 claim.contested", "C2 claim.contested", "C1 claim.decision_proposed", "C1 claim.closed", "C2 claim.closed"},
	} {
		l := y.listen(who, 0)
		y.happen("claim/C1", "claim.contested")
		y.happen("claim/C2", "claim.contested")
		y.happen("claim/C1", "claim.decision_proposed") // between reviewers
		y.happen("user/U1", "user.added")               // for those who run the desk
		y.happen("claim/C1", "claim.closed")
		y.happen("claim/C2", "claim.closed")
		var got []string
		for range want {
			m, ok := l.next()
			if !ok {
				break
			}
			got = append(got, m.ClaimID+" "+m.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s hears %v, want %v", who, got, want)
		}
		l.cancel()
	}
	wantProblem(t, y.send("", "GET", "/v1/live", nil), 401, "signed_out")
	about := &claim.Claim{ID: "C1", BuyerID: "B1", MerchantID: "M1", State: claim.Draft}
	shop := access.Caller{ID: "x", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "M1"}
	if _, ok := liveFor(shop, liveItem{event: record.Event{Kind: "claim.evidence_added"}, about: about}); ok {
		t.Error("the shop hears of a draft")
	}
	people := liveItem{event: record.Event{Kind: "user.added", Subject: "user/U1"}}
	for role, want := range map[access.Role]bool{access.RoleOperator: true, access.RoleAuditor: true, access.RoleReviewer: false, access.RoleIntegrator: false, access.RoleMerchant: false} {
		if _, ok := liveFor(access.Caller{ID: "x", Kind: access.CallerSession, Roles: []access.Role{role}}, people); ok != want {
			t.Errorf("%s hears of accounts: %v", role, ok)
		}
	}
}

// stuck is a connection that takes nothing after its first bytes.
type stuck struct {
	*httptest.ResponseRecorder
	begun, release chan struct{}
	writes         int
}

func (w *stuck) Write(b []byte) (int, error) {
	if w.writes++; w.writes == 2 {
		close(w.begun)
		<-w.release
	}
	return w.ResponseRecorder.Write(b)
}

func TestSlowClientIsCutOff(t *testing.T) {
	y := newYard(t)
	w := &stuck{ResponseRecorder: httptest.NewRecorder(), begun: make(chan struct{}), release: make(chan struct{})}
	r := httptest.NewRequest("GET", "/v1/live", nil).WithContext(t.Context())
	r.Header.Set("Authorization", "Bearer "+y.keys["platform"])
	over := make(chan struct{})
	go func() { defer close(over); y.ServeHTTP(w, r) }()
	quick := y.listen("platform", 0)
	for range 2 { // the first is being written when the rest comes
		y.happen("claim/C1", "claim.contested")
	}
	<-w.begun
	quick.take(2)
	for range liveBuffer + 2 {
		y.happen("claim/C1", "claim.contested")
		quick.take(1) // one who keeps up hears all
	}
	close(w.release)
	<-over // the handler hung up by itself
	families, err := y.Registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "evenhand_live_cut_off_total" && f.GetMetric()[0].GetCounter().GetValue() != 1 {
			t.Errorf("cut off: %v", f)
		}
	}
	if res := y.send("platform", "GET", "/healthz", nil); res.StatusCode != 200 {
		t.Error("the server is not well")
	}
}
