// Package web holds the console, built by Vite into dist, and serves it: one
// page for every address, with a content security policy that runs nothing but
// the console's own scripts. It knows nothing of claims; the console talks to
// the API like any other client.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// file is one built file as it is sent.
type file struct {
	body, zipped []byte // zipped is nil where it would not be smaller
	kind, etag   string
	forever      bool // its name changes with its content
}

// console serves the built files.
type console struct {
	base  string
	files map[string]file
	page  string // index.html, with places for the base and the nonce
	needs []need
}

// need says which files a page is made of, for the addresses that a pattern of
// the console's router stands for. The page names them, so that a browser need
// not run one script to learn of the next.
type need struct {
	pattern []string // "review", ":id"
	links   string
}

// ErrNotBuilt means that this binary was built without the console.
var ErrNotBuilt = errors.New("the console is not built into this binary")

// Handler serves the console that is built in, under base ("/" or "/desk/").
// Without one it answers with a page that says how to build it, and
// ErrNotBuilt beside it.
func Handler(base string) (http.Handler, error) {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return newConsole(built, base)
}

func newConsole(built fs.FS, base string) (http.Handler, error) {
	index, err := fs.ReadFile(built, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return http.HandlerFunc(notBuilt), ErrNotBuilt
	}
	if err != nil {
		return nil, err
	}
	c := &console{base: base, page: string(index), files: map[string]file{}}
	for _, place := range []string{basePlace, noncePlace, linksPlace} {
		if !strings.Contains(c.page, place) {
			return nil, fmt.Errorf("web: index.html has lost %s", place)
		}
	}
	if c.needs, err = needsOf(built, c.page); err != nil {
		return nil, err
	}
	err = fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "index.html" || name == pagesFile || name == "README.txt" {
			return err
		}
		body, err := fs.ReadFile(built, name)
		c.files["/"+name] = newFile(name, body)
		return err
	})
	return c, err
}

// pagesFile says for each route of the console which files its page is made
// of; vite.config.ts writes it.
const pagesFile = "pages.json"

// needsOf reads pagesFile; what the page itself names already is left out.
func needsOf(built fs.FS, page string) ([]need, error) {
	raw, err := fs.ReadFile(built, pagesFile)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	var table map[string][]string
	if err := json.Unmarshal(raw, &table); err != nil {
		return nil, fmt.Errorf("web: %s: %w", pagesFile, err)
	}
	var needs []need
	for pattern, files := range table {
		var links strings.Builder
		for _, name := range files {
			if strings.Contains(page, name) {
				continue
			}
			rel := `rel="modulepreload"`
			if path.Ext(name) == ".css" {
				rel = `rel="stylesheet"`
			}
			fmt.Fprintf(&links, "  <link %s crossorigin href=\"./%s\">\n", rel, html.EscapeString(name))
		}
		needs = append(needs, need{strings.Split(pattern, "/"), links.String()})
	}
	return needs, nil
}

// linksFor answers what the page at an address needs, or nothing where the
// router will find out by itself.
func (c *console) linksFor(address string) string {
	parts := strings.Split(strings.Trim(address, "/"), "/")
	for _, n := range c.needs {
		if slices.EqualFunc(n.pattern, parts, func(want, is string) bool {
			return want == is || strings.HasPrefix(want, ":") && is != ""
		}) {
			return n.links
		}
	}
	return ""
}

// What the server puts into the page: the path it lives under, and the nonce
// with which the styles of the component library are let in.
const (
	basePlace  = `<base href="/" />`
	noncePlace = `<meta name="csp-nonce" content="" />`
	linksPlace = `</head>`
)

func newFile(name string, body []byte) file {
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".webmanifest" {
		kind = "application/manifest+json"
	}
	sum := sha256.Sum256(body)
	f := file{body: body, kind: kind, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, forever: strings.HasPrefix(name, "assets/")}
	var zipped bytes.Buffer
	w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // the level is a known one
	_, _ = w.Write(body)                                       // a buffer takes everything
	_ = w.Close()
	if zipped.Len() < len(body)*9/10 {
		f.zipped = zipped.Bytes()
	}
	return f
}

// ServeHTTP answers with a built file, and with the page for every other
// address: the console's own router goes on from there.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if f, ok := c.files[r.URL.Path]; ok {
		f.send(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/assets/") || path.Ext(r.URL.Path) == ".js" {
		http.Error(w, "not found", http.StatusNotFound) // an old page asks for a chunk of before
		return
	}
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails
	word := base64.RawURLEncoding.EncodeToString(nonce)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(word))
	h.Set("Cache-Control", "no-store")
	page := strings.Replace(c.page, basePlace, `<base href="`+html.EscapeString(c.base)+`" />`, 1)
	page = strings.Replace(page, noncePlace, `<meta name="csp-nonce" content="`+word+`" />`, 1)
	page = strings.Replace(page, linksPlace, c.linksFor(r.URL.Path)+linksPlace, 1)
	_, _ = w.Write([]byte(page)) // the client may be gone
}

// policy lets in the console's own scripts and styles, pictures and films of
// the API, and nobody's frame.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' blob: data:; media-src 'self' blob:; " +
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
}

func (f file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("ETag", f.etag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.body
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client may be gone
	}
}

// notBuilt says how to get a console.
func notBuilt(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(notBuiltPage)) // the client may be gone
	}
}

const notBuiltPage = `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>持平 Evenhand</title>
<h1>此程序未包含控制台</h1>
<p>接口正常运行，说明见 <a href="docs">/docs</a>。安装 Node.js 20.19 或更高版本后，在源码目录执行 <code>make console build</code>，即可得到带控制台的程序。</p>
<h1 lang="en">The console is not in this binary</h1>
<p lang="en">The API works; <a href="docs">/docs</a> describes it. With Node.js 20.19 or newer, run <code>make console build</code> in the source folder to get a binary with the console.</p>
</html>
`
