package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

// theatre is who acts: platforms, shops, people, with what they hold.
type theatre struct {
	dir, addr                   string
	platform, shop, other       string // keys; other is another shop's
	buyerLink, shopLink         string // of the claim that is attacked
	calmLink, calmClaim         string // of one that is not: who has a link shares its rate
	claim, otherClaim, evidence string
	photo                       []byte
	orders                      atomic.Int64
	accepted                    atomic.Int64 // bytes of files that were taken

	mu     sync.Mutex
	seen   map[string]map[int]int // answers by attack and status; 0 is a connection that was cut
	broken []string               // what should not have been answered
}

// password is the reviewer's that is guessed at.
const password = "nobody-guesses-this-one"

// prepare makes folder, keys and people.
func prepare(ctx context.Context, dir string) (_ *theatre, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts, err := account.New(db, account.Options{})
	if err != nil {
		return nil, err
	}
	t := &theatre{dir: dir, seen: map[string]map[int]int{}, photo: photo(1)}
	for _, k := range []struct {
		into *string
		wish account.KeyWish
	}{
		{&t.platform, account.KeyWish{Name: "platform", Scopes: []string{access.ScopeAll}}},
		{&t.shop, account.KeyWish{Name: "shop", Scopes: []string{access.ScopeAll}, Roles: []access.Role{access.RoleMerchant}, Party: "m1"}},
		{&t.other, account.KeyWish{Name: "other shop", Scopes: []string{access.ScopeAll}, Roles: []access.Role{access.RoleMerchant}, Party: "m2"}},
	} {
		if _, *k.into, err = accounts.IssueKey(ctx, access.Caller{ID: "attack"}, k.wish); err != nil {
			return nil, err
		}
	}
	_, once, err := accounts.AddUser(ctx, account.Profile{Login: "reviewer", Roles: []access.Role{access.RoleReviewer}})
	if err == nil {
		err = accounts.SetPasswordOnce(ctx, once, password)
	}
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.addr = l.Addr().String()
	return t, l.Close()
}

// open files the claims that are attacked.
func (t *theatre) open(ctx context.Context) error {
	c := t.client(2)
	for _, merchant := range []string{"m1", "m2"} {
		if s, raw := c.json(ctx, "PUT", "/v1/merchants/"+merchant, t.platform, `{"name":"Shop"}`); s > 299 {
			return fmt.Errorf("making a shop: %d %s", s, raw)
		}
	}
	for _, v := range []struct {
		id, buyer, shop *string
		merchant        string
	}{{&t.claim, &t.buyerLink, &t.shopLink, "m1"}, {&t.otherClaim, new(string), new(string), "m2"}, {&t.calmClaim, &t.calmLink, new(string), "m1"}} {
		id, err := t.file(ctx, c, v.merchant, "victim"+strconv.FormatInt(t.orders.Load(), 10))
		if err != nil {
			return err
		}
		*v.id = id
		for role, into := range map[string]*string{"buyer": v.buyer, "merchant": v.shop} {
			s, raw := c.json(ctx, "POST", "/v1/claims/"+id+"/links", t.platform, `{"role":"`+role+`"}`)
			var link struct{ Token string }
			if err := json.Unmarshal(raw, &link); s > 299 || err != nil {
				return fmt.Errorf("making a link: %d %s", s, raw)
			}
			*into = link.Token
		}
	}
	s, raw := c.upload(ctx, "/v1/claims/"+t.claim+"/evidence", t.platform, "whole", t.photo)
	var it struct{ ID string }
	if err := json.Unmarshal(raw, &it); s > 299 || err != nil {
		return fmt.Errorf("adding a photo: %d %s", s, raw)
	}
	t.evidence = it.ID
	return nil
}

// file pushes an order and files a claim for it.
func (t *theatre) file(ctx context.Context, c *client, merchant, buyer string) (string, error) {
	id := fmt.Sprintf("o%d", t.orders.Add(1))
	order := fmt.Sprintf(`{"id":%q,"merchant_id":%q,"buyer_id":%q,"lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":20000,"currency":"CNY"}}],`+
		`"total":{"amount":20000,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`, id, merchant, buyer)
	if s, raw := c.json(ctx, "PUT", "/v1/orders/"+id, t.platform, order); s > 299 {
		return "", fmt.Errorf("an order: %d %s", s, raw)
	}
	s, raw := c.json(ctx, "POST", "/v1/claims", t.platform, `{"order_id":"`+id+`","kind":"return_refund","reason":"damaged","story":"It is broken."}`)
	var filed struct{ Claim struct{ ID string } }
	if err := json.Unmarshal(raw, &filed); s > 299 || err != nil {
		return "", fmt.Errorf("a claim: %d %s", s, raw)
	}
	return filed.Claim.ID, nil
}

// photo is a small picture that no other is like.
func photo(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 2))
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range m.Pix {
		m.Pix[i] = byte(i/4%640/3 + r.IntN(24))
	}
	for x := range 640 {
		m.Set(x, int(seed)%480, color.Black)
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, m, nil) // a buffer takes everything
	return out.Bytes()
}

// client asks from an address of its own, so that bounds per address are what
// they are for people in different places.
type client struct {
	http     *http.Client
	addr     string
	accepted *atomic.Int64
}

func (t *theatre) client(host byte) *client {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, host)}, Timeout: 5 * time.Second}
	return &client{addr: t.addr, accepted: &t.accepted, http: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// do sends a request; key may be a key, "link:" and a token, or nothing. A
// status of 0 is no answer.
func (c *client) do(ctx context.Context, method, path, key, kind string, body io.Reader) (int, []byte) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr+path, body)
	if err != nil {
		return 0, nil
	}
	switch {
	case len(key) > 5 && key[:5] == "link:":
		r.Header.Set("X-Evenhand-Link", key[5:])
	case key != "":
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return 0, nil
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(w.Body, 8<<20))
	if err != nil {
		return 0, nil
	}
	return w.StatusCode, raw
}

func (c *client) json(ctx context.Context, method, path, key, body string) (int, []byte) {
	return c.do(ctx, method, path, key, "application/json", bytes.NewReader([]byte(body)))
}

func (c *client) upload(ctx context.Context, path, key, purpose string, file []byte) (int, []byte) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("purpose", purpose) // a buffer takes everything
	f, _ := w.CreateFormFile("file", "x.jpg")
	_, _ = f.Write(file)
	_ = w.Close()
	status, raw := c.do(ctx, "POST", path, key, w.FormDataContentType(), &form)
	if status == http.StatusCreated {
		c.accepted.Add(int64(len(file)))
	}
	return status, raw
}

// note counts an answer.
func (t *theatre) note(attack string, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen[attack] == nil {
		t.seen[attack] = map[int]int{}
	}
	t.seen[attack][status]++
}

// breach keeps what should not have been answered.
func (t *theatre) breach(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.broken) < 50 {
		t.broken = append(t.broken, fmt.Sprintf(format, args...))
	}
}

func (t *theatre) wrong() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var errs []error
	for _, b := range t.broken {
		errs = append(errs, errors.New(b))
	}
	return errors.Join(errs...)
}

// table is what was answered to each attack.
func (t *theatre) table() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out bytes.Buffer
	names := make([]string, 0, len(t.seen))
	for n := range t.seen {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&out, "  %-34s", n)
		codes := make([]int, 0, len(t.seen[n]))
		for c := range t.seen[n] {
			codes = append(codes, c)
		}
		sort.Ints(codes)
		for _, c := range codes {
			what := strconv.Itoa(c)
			if c == 0 {
				what = "cut"
			}
			fmt.Fprintf(&out, "  %s: %d", what, t.seen[n][c])
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// tell says every half minute how it stands.
func (t *theatre) tell(ctx context.Context, s *served) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	began := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			fmt.Printf("  %5s  %s\n", time.Since(began).Round(time.Second), s.look())
		}
	}
}
