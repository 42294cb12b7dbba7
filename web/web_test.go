package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":        {Data: []byte("<head>" + basePlace + noncePlace + `<script src="./assets/main-x1.js"></script></head>`)},
		"pages.json":        {Data: []byte(`{"review": ["assets/main-x1.js", "assets/queue-x1.js", "assets/queue-x1.css"], "review/:id": ["assets/case-x1.js"]}`)},
		"look.js":           {Data: []byte("1")},
		"assets/main-x1.js": {Data: []byte(strings.Repeat("export const a = 1;\n", 100))},
	}
}

func get(t *testing.T, h http.Handler, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestPageHasItsOwnNonceAndBase(t *testing.T) {
	h, err := newConsole(built(), "/desk/")
	if err != nil {
		t.Fatal(err)
	}
	nonce := regexp.MustCompile(`content="([\w-]{20,})"`)
	seen := map[string]bool{}
	for _, target := range []string{"/", "/review/c01?page=2", "/no/such/place"} {
		r := get(t, h, target)
		page, policy := text(t, r), r.Header.Get("Content-Security-Policy")
		m := nonce.FindStringSubmatch(page)
		if m == nil || !strings.Contains(policy, "'nonce-"+m[1]+"'") || seen[m[1]] {
			t.Fatalf("%s: nonce %v, policy %q", target, m, policy)
		}
		seen[m[1]] = true
		if !strings.Contains(page, `<base href="/desk/" />`) || strings.Contains(policy, "unsafe") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %q, %q", target, page, policy)
		}
	}
}

// A page names the scripts it is made of, each once, and a page that the table does not know names none.
func TestPageNamesWhatItNeeds(t *testing.T) {
	h, err := newConsole(built(), "/desk/")
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`<link rel="(\w+)" crossorigin href="\./assets/([\w.-]+)">`)
	for target, want := range map[string]string{
		"/review":            "modulepreload queue-x1.js, stylesheet queue-x1.css",
		"/review/":           "modulepreload queue-x1.js, stylesheet queue-x1.css",
		"/review/clm_1?t=1":  "modulepreload case-x1.js",
		"/review/clm_1/more": "",
		"/":                  "",
		"//":                 "",
	} {
		var got []string
		for _, m := range links.FindAllStringSubmatch(text(t, get(t, h, target)), -1) {
			got = append(got, m[1]+" "+m[2])
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s names %q, want %q", target, got, want)
		}
	}
	if r := get(t, h, "/pages.json"); strings.Contains(text(t, r), "queue-x1") {
		t.Error("the table itself is served")
	}
	for name, table := range map[string]*fstest.MapFile{"none": nil, "no table": {Data: []byte("[1]")}} {
		f := built()
		if f["pages.json"] = table; table == nil {
			delete(f, "pages.json")
		}
		if _, err := newConsole(f, "/"); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestFiles(t *testing.T) {
	h, err := newConsole(built(), "/")
	if err != nil {
		t.Fatal(err)
	}
	r := get(t, h, "/assets/main-x1.js", "Accept-Encoding", "gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || !strings.Contains(r.Header.Get("Content-Type"), "javascript") {
		t.Errorf("an asset came with %v", r.Header)
	}
	if r := get(t, h, "/look.js"); r.Header.Get("Cache-Control") != "no-cache" || text(t, r) != "1" {
		t.Errorf("a file whose name stays came with %v", r.Header)
	} else if again := get(t, h, "/look.js", "If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: %d", again.StatusCode)
	}
	for _, target := range []string{"/assets/gone-x2.js", "/assets/../index.html.js"} {
		if r := get(t, h, target); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, not a page in a script's place", target, r.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestWithoutConsole(t *testing.T) {
	h, err := newConsole(fstest.MapFS{"README.txt": {}}, "/")
	if !errors.Is(err, ErrNotBuilt) {
		t.Fatal(err)
	}
	r := get(t, h, "/")
	if page := text(t, r); r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "make console build") || !strings.Contains(page, "控制台") {
		t.Errorf("%d %s", r.StatusCode, page)
	}
}

func TestPageMustHaveItsPlaces(t *testing.T) {
	if _, err := newConsole(fstest.MapFS{"index.html": {Data: []byte("<head></head>")}}, "/"); err == nil {
		t.Error("a page without places for base and nonce was taken")
	}
}
