package main

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// attack is one way to do harm, done again and again by at attackers, with a
// pause in between.
type attack struct {
	name  string
	at    int
	pause time.Duration
	do    func(ctx context.Context, c *client) (status int, raw []byte)
	// may are the only statuses that are right, if any are named, and one of
	// them must be seen; what is above 499 is wrong unless it stands there or
	// says to come again.
	may []int
}

// repeat runs an attack until ctx ends, each time from another of many addresses.
func (t *theatre) repeat(ctx context.Context, a attack) {
	clients := make([]*client, 8)
	for i := range clients {
		clients[i] = t.client(byte(20 + rand.IntN(100)))
	}
	for ctx.Err() == nil {
		c := clients[rand.IntN(len(clients))]
		status, raw := a.do(ctx, c)
		if ctx.Err() != nil {
			return
		}
		t.note(a.name, status)
		busy := []int{0, http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInsufficientStorage, http.StatusRequestTimeout}
		switch {
		case slices.Contains(busy, status):
		case len(a.may) > 0 && !slices.Contains(a.may, status), len(a.may) == 0 && status > 499:
			t.breach("%s: answered %d: %.300s", a.name, status, raw)
		case len(raw) > 64<<10 && status >= 400:
			t.breach("%s: a refusal of %d bytes", a.name, len(raw))
		}
		select {
		case <-ctx.Done():
		case <-time.After(a.pause):
		}
	}
}

// attacks are all of them.
func (t *theatre) attacks() []attack {
	unknown := unknownKeys(4 << 20)
	deep := strings.Repeat(`{"a":[`, 200_000)
	bomb := bomb(10_000)
	junk := bytes.Repeat([]byte("not a picture "), 400_000)
	fill := append([]byte("\xff\xd8\xff\xe0"), junk...)
	post := func(path, key, body string) func(context.Context, *client) (int, []byte) {
		return func(ctx context.Context, c *client) (int, []byte) { return c.json(ctx, "POST", path, key, body) }
	}
	put := func(path, key, body string) func(context.Context, *client) (int, []byte) {
		return func(ctx context.Context, c *client) (int, []byte) { return c.json(ctx, "PUT", path, key, body) }
	}
	get := func(path, key string) func(context.Context, *client) (int, []byte) {
		return func(ctx context.Context, c *client) (int, []byte) { return c.do(ctx, "GET", path, key, "", nil) }
	}
	link, shopLink := "link:"+t.buyerLink, "link:"+t.shopLink
	none := []int{401, 403, 404}
	return []attack{
		{name: "unknown keys, signed out", at: 4, pause: 200 * time.Millisecond, do: post("/v1/session", "", unknown), may: []int{400, 413, 422}},
		{name: "unknown keys, by a link", at: 2, pause: 200 * time.Millisecond, do: post("/v1/claims/"+t.claim+"/contest", shopLink, unknown), may: []int{400, 403, 404, 413, 422, 428}},
		{name: "deep JSON", at: 2, pause: 200 * time.Millisecond, do: post("/v1/session", "", deep), may: []int{400, 413, 422}},
		{name: "huge JSON to a list", at: 1, pause: time.Second, do: post("/v1/reviews/bulk", t.platform, unknown), may: []int{400, 403, 413, 422}},
		{name: "slow bodies", at: 40, pause: 100 * time.Millisecond, do: t.slowBody},
		{name: "slow headers", at: 20, pause: 100 * time.Millisecond, do: t.slowHeader},
		// One costs seconds of screening, however it is bounded: more of them would only make the queue longer.
		{name: "picture bombs", at: 1, pause: 15 * time.Second, do: func(ctx context.Context, c *client) (int, []byte) { return t.sendBomb(ctx, c, bomb) }},
		{name: "refused uploads by a link", at: 3, pause: 100 * time.Millisecond, do: func(ctx context.Context, c *client) (int, []byte) {
			return c.upload(ctx, "/v1/claims/"+t.claim+"/evidence", link, "whole", junk)
		}, may: []int{409, 413, 415, 422}},
		{name: "uploads for no purpose", at: 1, pause: 200 * time.Millisecond, do: func(ctx context.Context, c *client) (int, []byte) {
			return c.upload(ctx, "/v1/claims/"+t.claim+"/evidence", link, "fun", fill)
		}, may: []int{409, 413, 422}},
		{name: "uploads begun and left", at: 2, pause: 100 * time.Millisecond, do: t.beginUpload},
		{name: "streams of one link", at: 60, pause: 100 * time.Millisecond, do: t.stream},
		{name: "a link at a shop's consent", at: 1, pause: 200 * time.Millisecond, do: put("/v1/merchants/m1", shopLink, `{"name":"Mine","consent":{"limit":{"amount":99999999,"currency":"CNY"}}}`), may: append(none, 422)},
		{name: "a link at another claim", at: 1, pause: 200 * time.Millisecond, do: get("/v1/claims/"+t.otherClaim, link), may: none},
		{name: "a link files elsewhere", at: 1, pause: 200 * time.Millisecond, do: post("/v1/claims", link, `{"order_id":"o2","kind":"return_refund","reason":"damaged","story":"Mine."}`), may: none},
		{name: "a shop at another's claim", at: 1, pause: 200 * time.Millisecond, do: get("/v1/claims/"+t.claim, t.other), may: none},
		{name: "a shop at another's photo", at: 1, pause: 200 * time.Millisecond, do: get("/v1/evidence/"+t.evidence+"/content", t.other), may: none},
		{name: "guessed passwords", at: 2, pause: 100 * time.Millisecond, do: func(ctx context.Context, c *client) (int, []byte) {
			return c.json(ctx, "POST", "/v1/session", "", `{"login":"reviewer","password":"guess `+strconv.Itoa(rand.IntN(1e9))+`"}`)
		}, may: []int{401}},
		{name: "progress of made-up claims", at: 2, pause: 50 * time.Millisecond, do: post("/v1/progress", "", `{"claim_id":"c01aaaaaaaaaaaaaaaaaaaaaaa"}`), may: []int{404, 422}},
	}
}

// tried says which attacks never met what should stand against them: they were
// only cut off, or told to come again.
func (t *theatre) tried(all []attack) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var errs []error
	for _, a := range all {
		if len(a.may) > 0 && !slices.ContainsFunc(a.may, func(status int) bool { return t.seen[a.name][status] > 0 }) {
			errs = append(errs, fmt.Errorf("%s: none was answered with one of %v", a.name, a.may))
		}
	}
	return errors.Join(errs...)
}

func unknownKeys(size int) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"k%d":1`, i)
	}
	b.WriteByte('}')
	return b.String()
}

// dial is a bare connection from one of many addresses.
func (t *theatre) dial(ctx context.Context) (net.Conn, error) {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(20+rand.IntN(100)))}, Timeout: 5 * time.Second}
	return d.DialContext(ctx, "tcp", t.addr)
}

// slow sends the start of a request and then waits to be cut off.
func (t *theatre) slow(ctx context.Context, begin string) (int, []byte) {
	conn, err := t.dial(ctx)
	if err != nil {
		return 0, nil
	}
	defer conn.Close() //nolint:errcheck // it is meant to be cut
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(3 * time.Minute))
	if _, err := conn.Write([]byte(begin)); err != nil {
		return 0, nil
	}
	began := time.Now()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if time.Since(began) > 2*time.Minute && ctx.Err() == nil {
		t.breach("a slow request was let wait for %s", time.Since(began).Round(time.Second))
	}
	if err != nil {
		return 0, nil
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}

func (t *theatre) slowBody(ctx context.Context, _ *client) (int, []byte) {
	paths := []string{"POST /v1/session", "GET /healthz", "POST /v1/claims", "PUT /v1/orders/o1", "POST /v1/claims/" + t.claim + "/evidence", "GET /docs"}
	return t.slow(ctx, paths[rand.IntN(len(paths))]+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nX-Evenhand-Link: "+t.buyerLink+"\r\n\r\n{")
}

func (t *theatre) slowHeader(ctx context.Context, _ *client) (int, []byte) {
	return t.slow(ctx, "GET /v1/me HTTP/1.1\r\nHost: x\r\nX-A: ")
}

// stream opens live updates and stays.
func (t *theatre) stream(ctx context.Context, _ *client) (int, []byte) {
	conn, err := t.dial(ctx)
	if err != nil {
		return 0, nil
	}
	defer conn.Close() //nolint:errcheck // nothing is lost
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "GET /v1/live HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nX-Evenhand-Link: %s\r\n\r\n", t.buyerLink)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, nil
	}
	buf := make([]byte, 4096)
	for res.StatusCode == http.StatusOK {
		if _, err := res.Body.Read(buf); err != nil {
			break
		}
	}
	return res.StatusCode, nil
}

// beginUpload announces a large upload by a link and sends nothing of it.
func (t *theatre) beginUpload(ctx context.Context, c *client) (int, []byte) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.addr+"/v1/uploads", nil)
	if err != nil {
		return 0, nil
	}
	r.Header.Set("X-Evenhand-Link", t.buyerLink)
	r.Header.Set("Tus-Resumable", "1.0.0")
	r.Header.Set("Upload-Length", strconv.Itoa(1<<30))
	r.Header.Set("Upload-Metadata", "claim_id "+base64.StdEncoding.EncodeToString([]byte(t.claim))+",purpose "+base64.StdEncoding.EncodeToString([]byte("unboxing")))
	w, err := c.http.Do(r)
	if err != nil {
		return 0, nil
	}
	_ = w.Body.Close()
	return w.StatusCode, nil
}

// sendBomb uploads a picture that is small to send and huge to decode to a
// claim of its own, and asks for its preview.
func (t *theatre) sendBomb(ctx context.Context, c *client, png []byte) (int, []byte) {
	id, err := t.file(ctx, c, "m2", "bomber")
	if err != nil {
		return 0, nil
	}
	own := slices.Clone(png)
	own = append(own, strconv.Itoa(rand.IntN(1e9))...) // each another file
	status, raw := c.upload(ctx, "/v1/claims/"+id+"/evidence", t.platform, "whole", own)
	_, after, ok := bytes.Cut(raw, []byte(`"id":"`))
	if status != http.StatusCreated || !ok {
		return status, raw
	}
	item, _, _ := bytes.Cut(after, []byte(`"`))
	var looks sync.WaitGroup
	for range 3 {
		looks.Go(func() { c.do(ctx, "GET", "/v1/evidence/"+string(item)+"/preview", t.platform, "", nil) })
	}
	looks.Wait()
	return status, nil
}

// bomb is a PNG of side x side pixels in three colours of 16 bits, all alike.
func bomb(side int) []byte {
	var data bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, zlib.BestSpeed) // the level is a known one
	row := make([]byte, 1+side*6)
	for range side {
		_, _ = z.Write(row)
	}
	_ = z.Close() // a buffer takes everything
	out := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		_ = binary.Write(out, binary.BigEndian, uint32(len(body)))
		out.WriteString(kind)
		out.Write(body)
		_ = binary.Write(out, binary.BigEndian, crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, body))
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(side))
	head = binary.BigEndian.AppendUint32(head, uint32(side))
	chunk("IHDR", append(head, 16, 2, 0, 0, 0))
	chunk("IDAT", data.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}
