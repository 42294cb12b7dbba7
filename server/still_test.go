package server

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
)

// TestRightsThatEndWhileABodyComes: a link that is revoked between the first
// byte of a body and its last does nothing any more, whatever came first; and a
// stream that it opened tells nothing of what happens afterwards.
func TestRightsThatEndWhileABodyComes(t *testing.T) {
	m := newMarket(t)
	srv := httptest.NewServer(m.s)
	t.Cleanup(srv.Close)
	for _, what := range []string{"a form", "JSON"} {
		id := m.draft()
		link := m.link(id, "buyer")
		path, kind, body := "/v1/claims/"+id+"/withdraw", "application/json", []byte(`{"text":"I found it."}`)
		if what == "a form" {
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			_ = w.WriteField("purpose", "whole")
			f, _ := w.CreateFormFile("file", "x.jpg")
			_, _ = f.Write(snapshot(t, "BUYERCAM"))
			_ = w.Close()
			path, kind, body = "/v1/claims/"+id+"/evidence", w.FormDataContentType(), form.Bytes()
		}
		r, send := io.Pipe()
		req, _ := http.NewRequestWithContext(t.Context(), "POST", srv.URL+path, r)
		req.ContentLength = int64(len(body))
		req.Header.Set("Content-Type", kind)
		req.Header.Set(headerLink, link)
		req.Header.Set("Idempotency-Key", what)
		req.Header.Set("If-Match", `"1"`)
		go func() {
			_, _ = send.Write(body[:len(body)/2])
			time.Sleep(knownFor)
			m.ok("platform", "DELETE", "/v1/claims/"+id+"/links", "")
			_, _ = send.Write(body[len(body)/2:])
			_ = send.Close()
		}()
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != 401 && res.StatusCode != 403 {
			t.Errorf("%s by a link that is revoked meanwhile: %d %s", what, res.StatusCode, raw)
		}
		if _, raw := m.do("platform", "GET", "/v1/claims/"+id, ""); strings.Contains(string(raw), `"sha256"`) || strings.Contains(string(raw), "withdrawn") {
			t.Errorf("%s was taken: %s", what, raw)
		}
	}
}

// TestWhoAsksIsTheSameTwice: nobody whose rights stand as they were is turned
// away because a body took its time, however they showed who they are.
func TestWhoAsksIsTheSameTwice(t *testing.T) {
	m := newMarket(t)
	id := m.draft()
	link := m.link(id, "buyer")
	ways := map[string][2]string{"link": {headerLink, link}, "a browser's link": {"Cookie", cookieLink + "=" + link}}
	for who, auth := range m.auth {
		header := "Cookie"
		if strings.HasPrefix(auth, "Bearer ") {
			header = "Authorization"
		}
		ways[who] = [2]string{header, auth}
	}
	if len(ways) < 6 {
		t.Fatalf("only %d ways", len(ways))
	}
	for way, h := range ways {
		r := httptest.NewRequest("GET", "/v1/me", nil)
		r.Header.Set(h[0], h[1])
		req := &request{}
		if err := m.s.identify(r, req); err != nil || !req.Caller.Known() {
			t.Errorf("%s: %v, %+v", way, err, req.Caller)
			continue
		}
		req.again = func(context.Context) (access.Caller, error) {
			fresh := &request{}
			err := m.s.identify(r, fresh)
			return fresh.Caller, err
		}
		if err := req.still(t.Context()); err != nil {
			t.Errorf("%s: %v", way, err)
		}
	}
}
