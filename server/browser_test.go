package server

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const asPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// TestLinkWithWhatOthersAppend: messengers and campaigns append to addresses,
// and take the sign after one for part of it; the link opens all the same.
func TestLinkWithWhatOthersAppend(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	link := "/v1/link?t=" + m.link(x.claim, "buyer")
	for _, appended := range []string{
		"", "&from=singlemessage", "&from=groupmessage&isappinstalled=0", "&utm_source=sms&utm_medium=a&utm_campaign=b", "&fbclid=IwAR0", "&gclid=x&_ga=1.2",
		"&scene=1&clicktime=1700000000&enterid=170", "&t=other", "&title=%C4%E3%BA%C3", "&a;b", "&x=%zz", "&y=%00", "&=", "&", "%E3%80%82", "%EF%BC%89", ".", ")",
	} {
		for _, accept := range []string{asPage, "text/html"} {
			res, raw := m.do("", "GET", link+appended, "", "Accept", accept)
			if res.StatusCode != 303 || res.Header.Get("Location") != "/claims/"+x.claim {
				t.Errorf("%q: %d to %q: %.200s", appended, res.StatusCode, res.Header.Get("Location"), raw)
			}
		}
	}
	// A program is still told what it misspells.
	if res, _ := m.do("platform", "GET", "/v1/claims?limitt=3", ""); res.StatusCode != 422 {
		t.Errorf("a program's unknown parameter: %d", res.StatusCode)
	}
}

// TestBrowsersSeePages: whatever goes wrong with an address that a browser
// opens is told on a page, in the reader's language, never as JSON.
func TestBrowsersSeePages(t *testing.T) {
	m := newMarket(t)
	for _, r := range m.s.Routes() {
		if r.Method != http.MethodGet || strings.Contains(r.Path, "live") || strings.Contains(r.Path, "stream") {
			continue
		}
		path := strings.NewReplacer("{id}", "none", "{kind}", "appeal", "{delivery}", "none", "{evidence}", "none", "{level}", "0", "{x}", "0", "{y}", "0").Replace(r.Path)
		for _, who := range []string{"", "buyer", "opal"} {
			for _, lang := range []string{"zh-CN", "en"} {
				res, raw := m.do(who, "GET", path+"?fbclid=1&from=singlemessage", "", "Accept", asPage, "Accept-Language", lang)
				if res.StatusCode < 400 {
					continue
				}
				page, kind := string(raw), res.Header.Get("Content-Type")
				if !strings.HasPrefix(kind, "text/html") || !strings.Contains(page, "<h1>") || strings.Contains(page, `{"`) {
					t.Errorf("%q at %s: %d %s %.200s", who, path, res.StatusCode, kind, page)
				}
				if want := map[string]string{"zh-CN": "前往首页", "en": "Go to the start page"}[lang]; !strings.Contains(page, want) || res.Header.Get("Content-Language") == "" {
					t.Errorf("%q at %s in %s: %.300s", who, path, lang, page)
				}
				if n := res.Header.Get("Content-Length"); n != "" && n != strconv.Itoa(len(raw)) {
					t.Errorf("%s: %d bytes announced as %s", path, len(raw), n)
				}
			}
		}
	}
	res, raw := m.do("", "GET", "/v1/link?t=none%3Cscript%3E", "", "Accept", asPage, "Accept-Language", "zh")
	if res.StatusCode != 401 || !strings.Contains(string(raw), "重新发送链接") || strings.Contains(string(raw), "<script") {
		t.Errorf("a dead link: %d %s", res.StatusCode, raw)
	}
	res, raw = m.do("", "HEAD", "/v1/link?t=none", "", "Accept", asPage)
	if res.StatusCode != 401 || len(raw) != 0 {
		t.Errorf("HEAD: %d %s", res.StatusCode, raw)
	}
	if res, _ := m.do("", "GET", "/v1/claims", ""); res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a program is answered %v", res.Header)
	}
}

// TestPlacesAreOursAlone: where something lies is said as a path under the
// public address, whatever scheme, host and port the proxy in front used.
func TestPlacesAreOursAlone(t *testing.T) {
	m := newMarket(t)
	id := m.draft()
	for _, under := range []string{"", "/desk", "/desk/"} {
		m.s.public.Path = under
		prefix := strings.TrimSuffix(under, "/")
		res, raw := m.do("buyer", "POST", prefix+"/v1/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", "10",
			"Upload-Metadata", meta("claim_id", id, "purpose", "other"), "X-Forwarded-Proto", "http", "X-Forwarded-Host", "inside:8080")
		at := res.Header.Get("Location")
		if res.StatusCode != 201 || !strings.HasPrefix(at, prefix+"/v1/uploads/") {
			t.Fatalf("under %q an upload lies at %q: %d %s", under, at, res.StatusCode, raw)
		}
		if res, _ := m.do("buyer", "HEAD", at, "", "Tus-Resumable", "1.0.0"); res.StatusCode != 200 {
			t.Errorf("under %q nothing lies at %s: %d", under, at, res.StatusCode)
		}
		res, raw = m.send("buyer", prefix+"/v1/claims/"+id+"/evidence", map[string]string{"purpose": "other"}, []byte("\xff\xd8\xff\xe0"+under))
		if at := res.Header.Get("Location"); res.StatusCode != 201 || !strings.HasPrefix(at, prefix+"/v1/evidence/") {
			t.Errorf("under %q evidence lies at %q: %d %s", under, at, res.StatusCode, raw)
		}
		m.s.public.Path = ""
	}
}
