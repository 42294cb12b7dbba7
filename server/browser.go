package server

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a person's browser opens is not what a program calls: messengers and
// campaigns append to addresses what they like, and JSON is no answer to read.

//go:embed problem.html
var problemHTML string

var problemPage = template.Must(template.New("problem").Parse(problemHTML))

// navigates is whether a browser opens an address as a page.
func navigates(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// readable is a query without the parts that cannot be read, such as a title in
// another encoding than UTF-8 that was appended.
func readable(query string) string {
	parts := strings.Split(query, "&")
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool {
		whole, err := url.QueryUnescape(part)
		return err != nil || !utf8.ValidString(whole) || strings.Contains(part, ";") || strings.ContainsFunc(whole, unicode.IsControl)
	}), "&")
}

// dropAppended takes away the parts of a query that the route does not know,
// such as from=singlemessage, utm_source and fbclid.
func (s *Server) dropAppended(r *http.Request, pattern string) *http.Request {
	known, ok := s.known[pattern]
	if !ok || r.URL.RawQuery == "" {
		return r
	}
	query := r.URL.Query() // what cannot be read is dropped too
	kept := url.Values{}
	for name, values := range query {
		if slices.Contains(known, name) && len(values) > 0 {
			kept[name] = values[:1]
		}
	}
	short := r.Clone(r.Context())
	short.URL.RawQuery = kept.Encode()
	return short
}

// learnQueries notes the query parameters of every route that may be opened.
func (s *Server) learnQueries() {
	s.known = map[string][]string{}
	for path, item := range s.api.OpenAPI().Paths {
		if item.Get == nil {
			continue
		}
		names := []string{}
		for _, p := range item.Get.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		s.known[http.MethodGet+" "+path] = names
	}
}

// pageWriter turns a problem into a page, for one who opened an address in a browser.
type pageWriter struct {
	http.ResponseWriter
	s       *Server
	r       *http.Request
	status  int // of the problem that is held back
	problem bytes.Buffer
}

func (w *pageWriter) WriteHeader(status int) {
	if status >= 400 && w.status == 0 && w.Header().Get("Content-Type") == "application/problem+json" {
		w.status = status
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *pageWriter) Write(b []byte) (int, error) {
	if w.status != 0 {
		return w.problem.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *pageWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// problemView is what the page shows.
type problemView struct {
	ZH, Link                 bool
	Title, Detail, ID, Start string
	Missing                  string
}

// finish sends the page, if a problem was held back.
func (w *pageWriter) finish() {
	if w.status == 0 {
		return
	}
	var p Problem
	_ = json.Unmarshal(w.problem.Bytes(), &p) // written by us; what is missing is left out
	l := languageIn(w.r.Context())
	view := problemView{
		ZH: l == chinese, Title: p.Title, Detail: p.Detail, ID: requestOf(w.r.Context()).ID, Start: w.s.within("/"),
		Link: strings.HasSuffix(w.r.URL.Path, "/v1/link"),
	}
	if len(p.Errors) == 1 && p.Errors[0].Detail != p.Detail {
		view.Missing = p.Errors[0].Detail
	}
	var page bytes.Buffer
	if err := problemPage.Execute(&page, view); err != nil {
		w.s.log.Error("problem page", "error", err)
	}
	h := w.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.ResponseWriter.WriteHeader(w.status)
	if w.r.Method != http.MethodHead {
		_, _ = w.ResponseWriter.Write(page.Bytes()) // the client may be gone
	}
}
