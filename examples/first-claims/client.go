package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// money is an amount in the currency's smallest unit.
type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

func (m money) String() string {
	return fmt.Sprintf("%d.%02d %s", m.Amount/100, m.Amount%100, m.Currency)
}

// claim is what this program reads of a claim.
type claim struct {
	ID      string
	State   string
	Closing string
	Ask     money
	Remedy  *struct {
		Amount money
		State  string
	}
}

// client sends requests as somebody.
type client struct {
	server, name string
	header       http.Header
	http         *http.Client
}

func newClient(server string) *client {
	jar, _ := cookiejar.New(nil) // never fails
	return &client{server: strings.TrimRight(server, "/"), header: http.Header{}, http: &http.Client{Jar: jar, Timeout: time.Minute}}
}

// withKey is the platform, by its API key.
func withKey(server, key string) *client {
	c := newClient(server)
	c.header.Set("Authorization", "Bearer "+key)
	return c
}

// withLink is a buyer or a merchant, by a signed link to one claim.
func withLink(server, token string) *client {
	c := newClient(server)
	c.header.Set("X-Evenhand-Link", token)
	return c
}

// signIn is a person: the session lies in a cookie, and what changes
// something proves that it comes from our own page.
func signIn(server, login string) *client {
	c := newClient(server)
	name, password, _ := strings.Cut(login, ":")
	var me struct {
		CSRF string
		Name string
	}
	c.call(http.MethodPost, "/v1/session", map[string]any{"login": name, "password": password}, "", &me)
	c.header.Set("X-CSRF-Token", me.CSRF)
	if c.name = me.Name; c.name == "" {
		c.name = name
	}
	return c
}

// do sends one request and answers with the ETag.
func (c *client) do(method, path, kind string, body io.Reader, ifMatch string, into any) (etag string, err error) {
	r, err := http.NewRequest(method, c.server+path, body)
	if err != nil {
		return "", err
	}
	r.Header = c.header.Clone()
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if ifMatch != "" {
		r.Header.Set("If-Match", ifMatch)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return "", err
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	if err == nil && w.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s\n%s", method, path, w.Status, raw)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(raw, into)
	}
	return w.Header.Get("ETag"), err
}

func (c *client) call(method, path string, body any, ifMatch string, into any) string {
	var r io.Reader
	kind := ""
	if body != nil {
		raw, err := json.Marshal(body)
		must(err)
		r, kind = bytes.NewReader(raw), "application/json"
	}
	etag, err := c.do(method, path, kind, r, ifMatch, into)
	must(err)
	return etag
}

func (c *client) put(path string, body any) { c.call(http.MethodPut, path, body, "", nil) }

// order tells the desk of an order that was delivered yesterday.
func (c *client) order(id, merchant, buyer string, fen int64) string {
	now, price := time.Now().UTC(), money{fen, "CNY"}
	c.put("/v1/orders/"+id, map[string]any{
		"id": id, "merchant_id": merchant, "buyer_id": buyer, "total": price,
		"lines":     []map[string]any{{"id": "1", "title": "印花粗陶马克杯 Stoneware mug", "category": "home", "quantity": 1, "price": price}},
		"placed_at": now.Add(-72 * time.Hour), "shipped_at": now.Add(-60 * time.Hour), "delivered_at": now.Add(-24 * time.Hour),
	})
	return id
}

// file opens a claim as a draft, to which evidence can be added.
func (c *client) file(order, kind, reason, story string) claim {
	return c.filing(order, kind, reason, story, false)
}

// submitted opens a claim that needs no evidence, and files it at once.
func (c *client) submitted(order, kind, reason, story string) claim {
	return c.filing(order, kind, reason, story, true)
}

func (c *client) filing(order, kind, reason, story string, submit bool) claim {
	var out struct{ Claim claim }
	c.call(http.MethodPost, "/v1/claims", map[string]any{"order_id": order, "kind": kind, "reason": reason, "story": story, "submit": submit}, "", &out)
	return out.Claim
}

// upload sends one photo as a form.
func (c *client) upload(path, purpose string, photo []byte) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	must(form.WriteField("purpose", purpose))
	file, err := form.CreateFormFile("file", purpose+".jpg")
	must(err)
	_, err = file.Write(photo)
	must(err)
	must(form.Close())
	_, err = c.do(http.MethodPost, path, form.FormDataContentType(), &b, "", nil)
	must(err)
}

// get loads a claim with its version.
func (c *client) get(id string) (claim, string) {
	var out struct{ Claim claim }
	etag := c.call(http.MethodGet, "/v1/claims/"+id, nil, "", &out)
	return out.Claim, etag
}

// move changes the claim as it stands now. Examination goes on in the
// background and changes the version too, so that a move may need another try.
func (c *client) move(k claim, path string, body map[string]any) claim {
	for try := 0; ; try++ {
		_, etag := c.get(k.ID)
		raw, err := json.Marshal(body)
		must(err)
		r, kind := io.Reader(bytes.NewReader(raw)), "application/json"
		if body == nil {
			r, kind = nil, ""
		}
		var out claim
		if _, err = c.do(http.MethodPost, "/v1/claims/"+k.ID+path, kind, r, etag, &out); err == nil {
			return out
		}
		if try == 20 || !strings.Contains(err.Error(), "412") {
			must(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// until waits for a state, while the photos are being examined.
func (c *client) until(k claim, state string) claim {
	for range 600 {
		now, _ := c.get(k.ID)
		if now.State == state {
			return now
		}
		if now.State != "screening" {
			check(false, "waiting for "+state, now)
		}
		time.Sleep(200 * time.Millisecond)
	}
	must(fmt.Errorf("claim %s did not become %s in two minutes", k.ID, state))
	return k
}

// link makes a signed link for a side.
func (c *client) link(k claim, role string) string {
	var out struct{ Token string }
	c.call(http.MethodPost, "/v1/claims/"+k.ID+"/links", map[string]any{"role": role, "hours": 24}, "", &out)
	return out.Token
}

// lease takes the case for 15 minutes.
func (c *client) lease(k claim) {
	c.call(http.MethodPost, "/v1/reviews/lease", map[string]any{"claim_id": k.ID, "task": "decide"}, "", nil)
}

// mayLease is whether the desk would give the case to this reviewer.
func (c *client) mayLease(k claim) bool {
	raw := strings.NewReader(`{"claim_id":"` + k.ID + `","task":"decide"}`)
	_, err := c.do(http.MethodPost, "/v1/reviews/lease", "application/json", raw, "", nil)
	return err == nil
}

// findings lists what speaks conclusively against the claim's photos, and
// prints it.
func (c *client) findings(k claim) []map[string]string {
	var out struct {
		Evidence []struct {
			ID, Party, Purpose string
			Screening          *struct {
				Findings []struct {
					Code, Strength, Stance string
					Text                   struct{ EN, ZH string }
				}
			}
		}
	}
	c.call(http.MethodGet, "/v1/claims/"+k.ID, nil, "", &out)
	list := []map[string]string{}
	for _, e := range out.Evidence {
		if e.Screening == nil || e.Party != "buyer" {
			continue
		}
		for _, f := range e.Screening.Findings {
			if f.Stance == "against" && f.Strength == "conclusive" {
				list = append(list, map[string]string{"evidence": e.ID, "code": f.Code})
				fmt.Printf("    %-12s %s: %s\n", e.Purpose, f.Code, f.Text.EN)
			}
		}
	}
	return list
}

// explain prints what a side is told.
func (c *client) explain(k claim) {
	var out struct {
		Lines []struct{ Text struct{ EN, ZH string } }
	}
	c.call(http.MethodGet, "/v1/claims/"+k.ID+"/explanation", nil, "", &out)
	for _, l := range out.Lines {
		fmt.Printf("    %s / %s\n", l.Text.EN, l.Text.ZH)
	}
}
