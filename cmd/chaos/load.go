package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"sync"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/account"
)

// load is what the platform and the merchant do, and what they were told was done.
type load struct {
	nodes          []string
	platform, shop string // keys
	session, csrf  string // a reviewer's
	http           *http.Client

	mu       sync.Mutex
	claims   map[string]string // id by order
	evidence map[string]string // claim by id
	moves    map[string]string // kind of event by claim
	decided  map[string]bool
	failed   map[int]int // refusals by status
	found    int         // claims that a repeated key found, whose first answer was lost
}

// prepare makes folder, keys and addresses.
func (t *trial) prepare(ctx context.Context) (err error) {
	db, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts, err := account.New(db, account.Options{})
	if err != nil {
		return err
	}
	t.load = &load{http: &http.Client{Timeout: 10 * time.Second}, claims: map[string]string{}, evidence: map[string]string{}, moves: map[string]string{}, decided: map[string]bool{}, failed: map[int]int{}}
	for _, k := range []struct {
		into *string
		wish account.KeyWish
	}{
		{&t.load.platform, account.KeyWish{Name: "platform", Scopes: []string{access.ScopeAll}}},
		{&t.load.shop, account.KeyWish{Name: "shop", Scopes: []string{access.ScopeAll}, Roles: []access.Role{access.RoleMerchant}, Party: "m1"}},
	} {
		if _, *k.into, err = accounts.IssueKey(ctx, access.Caller{ID: "chaos"}, k.wish); err != nil {
			return err
		}
	}
	if err := t.load.reviewer(ctx, accounts); err != nil {
		return err
	}
	for i := range t.nodes {
		if t.nodes[i].addr, err = freeAddress(); err != nil {
			return err
		}
		t.load.nodes = append(t.load.nodes, t.nodes[i].addr)
	}
	t.box, err = newMailbox()
	return err
}

// reviewer makes somebody who rules, and signs them in.
func (l *load) reviewer(ctx context.Context, accounts *account.Accounts) error {
	_, once, err := accounts.AddUser(ctx, account.Profile{Login: "reviewer", Roles: []access.Role{access.RoleReviewer}})
	if err != nil {
		return err
	}
	const password = "chaos-reads-every-case"
	if err := accounts.SetPasswordOnce(ctx, once, password); err != nil {
		return err
	}
	in, err := accounts.SignIn(ctx, "reviewer", password, "", account.From{})
	if err != nil {
		return err
	}
	p, err := accounts.BySession(ctx, in.Token)
	l.session, l.csrf = in.Token, p.Session.CSRF
	return err
}

// send makes one request; status is 0 where no answer came, and later is true
// where the answer is to ask again: the first request with the key runs still.
func (l *load) send(ctx context.Context, node int, method, path, key, kind string, body []byte, header map[string]string, into any) (status int, etag string, later bool) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+l.nodes[node%len(l.nodes)]+path, bytes.NewReader(body))
	if err != nil {
		return 0, "", false
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	} else {
		r.Header.Set("Cookie", "evenhand="+l.session)
		r.Header.Set("X-CSRF-Token", l.csrf)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w, err := l.http.Do(r)
	if err != nil {
		return 0, "", false
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode < 300 && into != nil && json.Unmarshal(raw, into) != nil {
		return 0, "", false
	}
	later = w.StatusCode == http.StatusConflict && bytes.Contains(raw, []byte(`"idempotency_in_progress"`))
	return w.StatusCode, w.Header.Get("ETag"), later
}

// insist repeats a request until it is answered for good, on any node.
func (l *load) insist(ctx context.Context, method, path, key, kind string, body []byte, header map[string]string, into any) (status int, etag string) {
	for try := 0; ctx.Err() == nil; try++ {
		var later bool
		status, etag, later = l.send(ctx, try, method, path, key, kind, body, header, into)
		if status != 0 && status < 500 && status != http.StatusTooManyRequests && !later {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	if status >= 300 {
		l.mu.Lock()
		l.failed[status]++
		l.mu.Unlock()
	}
	return status, etag
}

func (l *load) subscribe(ctx context.Context, url string) error {
	body := fmt.Sprintf(`{"url":%q}`, url)
	if status, _ := l.insist(ctx, http.MethodPost, "/v1/webhooks", l.platform, "application/json", []byte(body), nil, nil); status != http.StatusCreated {
		return fmt.Errorf("adding the webhook: status %d", status)
	}
	status, _ := l.insist(ctx, http.MethodPut, "/v1/merchants/m1", l.platform, "application/json", []byte(`{"name":"Chaos shop"}`), nil, nil)
	if status != http.StatusOK {
		return fmt.Errorf("adding the merchant: status %d", status)
	}
	return nil
}

// begin works until the answered function is called, which waits for what is under way.
func (l *load) begin(ctx context.Context) (done func()) {
	var workers sync.WaitGroup
	stop := make(chan struct{})
	for w := range 4 {
		workers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				select {
				case <-stop:
					return
				default:
				}
				l.one(ctx, fmt.Sprintf("o%d-%d", w, n), n)
			}
		})
	}
	return func() { close(stop); workers.Wait() }
}

// one lives through one order: a claim, sometimes evidence, and the
// merchant's answer or silence.
func (l *load) one(ctx context.Context, id string, n int) {
	now := time.Now().UTC()
	order, _ := json.Marshal(map[string]any{ // plain values always marshal
		"id": id, "merchant_id": "m1", "buyer_id": "b" + id, "total": map[string]any{"amount": 9000, "currency": "CNY"}, "placed_at": now.Add(-50 * time.Hour),
		"lines": []any{map[string]any{"id": "1", "title": "Mug", "quantity": 1, "price": map[string]any{"amount": 9000, "currency": "CNY"}}},
	})
	if status, _ := l.insist(ctx, http.MethodPut, "/v1/orders/"+id, l.platform, "application/json", order, nil, nil); status != http.StatusOK {
		return
	}
	var filed struct{ Claim struct{ ID string } }
	body := fmt.Sprintf(`{"order_id":%q,"kind":"refund_only","reason":"not_received","story":"It never came.","submit":true}`, id)
	status, _ := l.insist(ctx, http.MethodPost, "/v1/claims", l.platform, "application/json", []byte(body), map[string]string{"Idempotency-Key": "file-" + id}, &filed)
	// 201 is the first answer. Where a kill came between the commit and the
	// answer, the same key leads to the claim that is there (303, followed: 200).
	if status != http.StatusCreated && status != http.StatusOK {
		return
	}
	if status == http.StatusOK {
		l.mu.Lock()
		l.found++
		l.mu.Unlock()
	}
	c := filed.Claim.ID
	l.mu.Lock()
	l.claims[id] = c
	l.mu.Unlock()
	if n%4 == 0 {
		l.addStatement(ctx, c)
	}
	switch n % 3 {
	case 0:
		l.answer(ctx, c, "accept")
	case 1:
		l.answer(ctx, c, "contest")
		l.decide(ctx, c)
	}
}

// decide rules on a contested claim. Where a window ran out at the same
// moment the version is another one, and it is read again.
func (l *load) decide(ctx context.Context, c string) {
	for range 50 {
		var k struct{ Claim struct{ State claim.State } }
		_, etag := l.insist(ctx, http.MethodGet, "/v1/claims/"+c, "", "", nil, nil, &k)
		if k.Claim.State == claim.InReview {
			l.insist(ctx, http.MethodPost, "/v1/reviews/lease", "", "application/json", []byte(`{"claim_id":"`+c+`","task":"decide"}`), nil, nil)
			status, _ := l.insist(ctx, http.MethodPost, "/v1/claims/"+c+"/decision", "", "application/json",
				[]byte(`{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"The carrier shows the hand-over."}`), map[string]string{"If-Match": etag}, nil)
			if status == http.StatusOK {
				l.mu.Lock()
				l.decided[c] = true
				l.mu.Unlock()
			}
		}
		if k.Claim.State == claim.Decided || k.Claim.State == claim.Closed || ctx.Err() != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (l *load) addStatement(ctx context.Context, c string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("purpose", "other") // a buffer takes everything
	_ = form.WriteField("medium", "statement")
	file, _ := form.CreateFormFile("file", "words.txt")
	_, _ = file.Write([]byte("I asked the neighbours about claim " + c))
	_ = form.Close()
	var item struct{ ID string }
	if status, _ := l.insist(ctx, http.MethodPost, "/v1/claims/"+c+"/evidence", l.platform, form.FormDataContentType(), b.Bytes(), map[string]string{"Idempotency-Key": "words-" + c}, &item); status == http.StatusCreated && item.ID != "" {
		l.mu.Lock()
		l.evidence[item.ID] = c
		l.mu.Unlock()
	}
}

// answer is the merchant's, to the version it has seen; the window may have
// run out meanwhile, and then there is nothing to be noted.
func (l *load) answer(ctx context.Context, c, word string) {
	for ctx.Err() == nil {
		_, etag := l.insist(ctx, http.MethodGet, "/v1/claims/"+c, l.shop, "", nil, nil, nil)
		header := map[string]string{"If-Match": etag, "Idempotency-Key": word + "-" + c + etag}
		status, _ := l.insist(ctx, http.MethodPost, "/v1/claims/"+c+"/"+word, l.shop, "application/json", []byte(`{"text":"We have looked at it."}`), header, nil)
		if status == http.StatusPreconditionFailed {
			continue
		}
		if status == http.StatusOK {
			l.mu.Lock()
			l.moves[c] = map[string]string{"accept": "claim.accepted", "contest": "claim.contested"}[word]
			l.mu.Unlock()
		}
		return
	}
}
