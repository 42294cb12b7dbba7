package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// bounded is how long a test waits for what must happen soon.
const bounded = 20 * time.Second

// serveFor serves s as the binary does, and answers where.
func serveFor(t *testing.T, s *Server) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := s.HTTP("")
	go func() { _ = h.Serve(s.Limit(l, h)) }() // ends with Close
	t.Cleanup(func() { _ = h.Close() })
	return l.Addr().String()
}

// dial connects, from an address of this machine's own network where one is given.
func dial(t *testing.T, to, from string) net.Conn {
	t.Helper()
	d := net.Dialer{Timeout: bounded}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	c, err := d.Dial("tcp", to)
	if err != nil {
		t.Skipf("no connection from %s: %v", from, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(bounded))
	return c
}

// slowly begins a request whose body does not come but for its first byte.
func slowly(c net.Conn, method, path string, header ...string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n", method, path)
	for i := 0; i+1 < len(header); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", header[i], header[i+1])
	}
	_, _ = io.WriteString(c, b.String()+"\r\n{")
}

// statusOf reads an answer's status; 0 where the connection was cut, -1 where
// nothing came while the test waited.
func statusOf(c net.Conn) int {
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		if isSlow(err) {
			return -1
		}
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// TestSlowBodiesHoldNobodyUp: at every route, also those that read no body,
// somebody who announces one and does not send it is answered or cut off.
func TestSlowBodiesHoldNobodyUp(t *testing.T) {
	m := newMarketBy(t, func(o *Options) { o.Limits.BodyPatience = 200 * time.Millisecond })
	x := &nonsense{market: m, of: m.scene(), dice: rand.New(rand.NewPCG(3, 4)), sent: map[string]map[string]int{}, heard: map[string]int{}}
	at := serveFor(t, m.s)
	var all sync.WaitGroup
	routes := m.s.Routes()
	for _, r := range append(routes, Route{Method: "GET", Path: "/v1/nothing"}, Route{Method: "POST", Path: "/healthz"}) {
		o := operation{method: r.Method, path: r.Path}
		if r.Path == "/v1/live" || o.name() == "DELETE /v1/session" {
			continue // one does not end, the other would sign the rest out
		}
		header := []string{"If-Match", `"1"`, "Idempotency-Key", "slow " + o.name()}
		if who := x.caller(o); who == "platform" {
			header = append(header, "Authorization", m.auth[who])
		} else {
			header = append(header, "Cookie", m.auth[who], "X-CSRF-Token", m.csrf[who])
		}
		c, path := dial(t, at, ""), x.address(o)
		all.Go(func() {
			slowly(c, o.method, path, header...)
			if got := statusOf(c); got == -1 || got >= 500 && got != http.StatusServiceUnavailable && got != http.StatusNotImplemented {
				t.Errorf("%s with a body that does not come: %d", o.name(), got)
			}
		})
	}
	all.Wait()
	if len(routes) < 100 {
		t.Errorf("only %d routes", len(routes))
	}
}

// TestPace: what a body's reader is told, whatever the clock of the test
// machine does.
func TestPace(t *testing.T) {
	usual, upload := tempi(15 * time.Second)
	for _, tt := range []struct {
		name  string
		tempo tempo
		ago   time.Duration // since the request began
		read  int64         // bytes that had come until now
		slow  bool
	}{
		{"a body that comes at once", usual, 0, 0, false},
		{"one byte now and then", usual, time.Minute, 4, true},
		{"a list over a slow line", usual, time.Minute, 2 << 20, false},
		{"a photo at two kilobytes a second", upload, 10 * time.Minute, 1200 << 10, false},
		{"an upload of one byte now and then", upload, 10 * time.Minute, 30, true},
	} {
		p := &pace{rc: http.NewResponseController(httptest.NewRecorder()), body: io.NopCloser(strings.NewReader("xx")), start: time.Now().Add(-tt.ago), tempo: tt.tempo, read: tt.read}
		if _, err := p.Read(make([]byte, 1)); isSlow(err) != tt.slow {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if p := problemOf(&request{Language: english}, fmt.Errorf("reading: %w", slowError{})); p.Status != http.StatusRequestTimeout {
		t.Errorf("a slow body is answered %d", p.Status)
	}
}

// deadlines is a connection that notes the deadlines put on it.
type deadlines struct {
	*httptest.ResponseRecorder
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error  { d.read = append(d.read, at); return nil }
func (d *deadlines) SetWriteDeadline(at time.Time) error { d.write = append(d.write, at); return nil }

// TestAnswersMustBeTaken: each piece of an answer has its own time.
func TestAnswersMustBeTaken(t *testing.T) {
	d := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequest("GET", "/", nil)
	w := &statusWriter{ResponseWriter: d, pace: newPace(d, r, time.Second)}
	if n, err := w.Write(make([]byte, 5*writePiece+1)); n != 5*writePiece+1 || err != nil || len(d.write) != 7 || d.Body.Len() != n {
		t.Errorf("%d bytes, %v, %d deadlines", n, err, len(d.write))
	}
	_ = w.SetWriteDeadline(time.Now())
	_, _ = w.Write([]byte("x"))
	if len(d.write) != 8 {
		t.Error("a handler's own deadline is overridden")
	}
}

// TestDeadlinesBelowTheDoor: libraries put their own on reading. A later one
// than the pace's does not count, and once the body is there none does: it
// would end the request while its handler still works.
func TestDeadlinesBelowTheDoor(t *testing.T) {
	d := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequest("POST", "/", strings.NewReader("body"))
	w := &statusWriter{ResponseWriter: d, pace: newPace(d, r, time.Second)}
	far := time.Now().Add(time.Hour)
	for _, at := range []time.Time{far, {}} {
		if _ = w.SetReadDeadline(at); d.read[len(d.read)-1].IsZero() || d.read[len(d.read)-1].After(far.Add(-time.Minute)) {
			t.Errorf("a deadline of %v is taken as %v", at, d.read[len(d.read)-1])
		}
	}
	if _, err := io.ReadAll(r.Body); err != nil || !d.read[len(d.read)-1].IsZero() {
		t.Errorf("after the body: %v, %v", d.read, err)
	}
	n := len(d.read)
	if _ = w.SetReadDeadline(time.Now()); len(d.read) != n {
		t.Error("a deadline after the body is taken")
	}
}

// TestConnectionsAreBounded: in all, and by address; the idle make room, and
// those that are busy are not cut off for others.
func TestConnectionsAreBounded(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Limits = Limits{Connections: 6, ConnectionsPerAddress: 3} })
	at := serveFor(t, h.Server)
	get := func(c net.Conn) int {
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
		return statusOf(c)
	}
	var idle []net.Conn
	for range 10 {
		c := dial(t, at, "127.0.0.1")
		if got := get(c); got != 200 {
			t.Fatalf("a further connection is answered %d", got)
		}
		idle = append(idle, c)
	}
	open := 0
	for _, c := range idle {
		if get(c) == 200 {
			open++
		}
	}
	if open != 3 {
		t.Errorf("%d connections of one address stay open, want 3", open)
	}
	for i := range 3 { // busy: their bodies are still to come
		// One after the other: a connection whose request has not been read yet is idle, and would make room for the next.
		slowly(dial(t, at, "127.0.0.2"), "POST", "/v1/session")
		h.settled(t, 2*i+1)
		slowly(dial(t, at, fmt.Sprintf("127.0.0.%d", 3+i)), "POST", "/v1/session")
		h.settled(t, 2*i+2)
	}
	if got := get(dial(t, at, "127.0.0.2")); got != 503 {
		t.Errorf("a fourth beside three busy ones of its address is answered %d", got)
	}
	if got := get(dial(t, at, "127.0.0.9")); got != 503 {
		t.Errorf("a seventh beside six busy ones is answered %d", got)
	}
}

// settled waits until so many requests are under way.
func (h *house) settled(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(bounded); ; time.Sleep(5 * time.Millisecond) {
		h.crowd.mu.Lock()
		under := len(h.crowd.under)
		h.crowd.mu.Unlock()
		if under == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d requests are under way, want %d", under, n)
		}
	}
}

// TestRequestsBehindAProxyAreBoundedByClient: all connections are the proxy's;
// one client's slow requests are no other's.
func TestRequestsBehindAProxyAreBoundedByClient(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		o.Limits = Limits{ConnectionsPerAddress: 2, RequestsPerAddress: 3}
	})
	at := serveFor(t, h.Server)
	for range 3 {
		slowly(dial(t, at, ""), "POST", "/v1/session", "X-Forwarded-For", "198.51.100.1")
	}
	h.settled(t, 3)
	for client, want := range map[string]int{"198.51.100.1": 429, "198.51.100.2": 401} {
		c := dial(t, at, "")
		_, _ = io.WriteString(c, "GET /v1/me HTTP/1.1\r\nHost: desk\r\nX-Forwarded-For: "+client+"\r\n\r\n")
		if got := statusOf(c); got != want {
			t.Errorf("%s is answered %d, want %d", client, got, want)
		}
	}
}

// TestLargeBodiesInFlightAreBounded: what is being read is weighed, for each
// caller and in all, and given back.
func TestLargeBodiesInFlightAreBounded(t *testing.T) {
	w := newWeigher(100)
	for _, step := range []struct {
		caller string
		n      int64
		ok     bool
	}{{"a", 20, true}, {"a", 10, false}, {"b", 25, true}, {"c", 25, true}, {"d", 25, true}, {"e", 10, false}, {"a", 5, true}, {"e", 1, false}} {
		if ok := w.take(step.caller, step.n); ok != step.ok {
			t.Errorf("%s, %d more bytes: %v", step.caller, step.n, ok)
		}
	}
	w.give("b", 25)
	if !w.take("e", 25) || w.all != 100 {
		t.Errorf("%d bytes are in flight", w.all)
	}
	for c, n := range map[string]int64{"a": 25, "c": 25, "d": 25, "e": 25} {
		w.give(c, n)
	}
	if w.all != 0 || len(w.of) != 0 || !w.take("f", 1000) {
		t.Errorf("%d bytes are left over", w.all)
	}

	m := newMarketBy(t, func(o *Options) { o.Limits.BodiesInFlight = 300 << 10 })
	at := serveFor(t, m.s)
	c := dial(t, at, "")
	fmt.Fprintf(c, "POST /v1/orders/batch HTTP/1.1\r\nHost: desk\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{", m.auth["platform"])
	for end := time.Now().Add(bounded); ; time.Sleep(5 * time.Millisecond) {
		m.s.bodies.mu.Lock()
		all := m.s.bodies.all
		m.s.bodies.mu.Unlock()
		if all == 200000 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d bytes are in flight", all)
		}
	}
	res, raw := m.do("opal", "POST", "/v1/policies/check", `{"source":"`+strings.Repeat("x", 200_000)+`"}`)
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("a body that there is no room for is answered %d %s", res.StatusCode, raw)
	}
	if res, _ := m.do("opal", "POST", "/v1/policies/check", `{"source":"x"}`); res.StatusCode != 200 {
		t.Errorf("a small one beside it is answered %d", res.StatusCode)
	}
	_ = c.Close()
	for end := time.Now().Add(bounded); ; time.Sleep(5 * time.Millisecond) {
		if res, _ := m.do("opal", "POST", "/v1/policies/check", `{"source":"`+strings.Repeat("x", 200_000)+`"}`); res.StatusCode == 200 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the room is not given back")
		}
	}
}

// TestMeasure: the count that decoding is bounded by.
func TestMeasure(t *testing.T) {
	for text, want := range map[string][2]int{
		`{}`: {1, 1}, `[1,2,3]`: {3, 1}, `{"a":{"b":[1,2]}}`: {4, 3}, `"a,b[{\"[["`: {0, 0}, `[[[`: {3, 3}, `]]]]`: {0, 0}, ``: {0, 0}, `{"a\\":[]}`: {2, 2},
	} {
		if v, d := measure([]byte(text)); v != want[0] || d != want[1] {
			t.Errorf("%s: %d values, depth %d", text, v, d)
		}
	}
	if err := shaped([]byte(strings.Repeat("[", 40)), 1<<20); err == nil {
		t.Error("depth is not bounded")
	}
	if err := shaped([]byte("["+strings.Repeat("1,", 2000)+"1]"), 16<<10); err == nil {
		t.Error("values are not bounded")
	}
	var e error = slowError{}
	var n net.Error
	if !errors.As(e, &n) || !n.Timeout() {
		t.Error("a slow body is no timeout")
	}
}
