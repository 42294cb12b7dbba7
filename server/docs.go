package server

import (
	"bytes"
	"cmp"
	_ "embed" // the page and its style
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/text"
)

//go:embed docs.html
var docsHTML string

// docPage is the API described for people, in one language.
type docPage struct {
	Language language
	ZH       bool
	Version  string
	Groups   []docGroup
	Schemas  []docSchema
	Problems []docProblem
}

type docGroup struct {
	Name string
	Ops  []docOp
}

type docOp struct {
	ID, Method, Path, Summary, Description, Roles, Scope, Body string
	Params                                                     []docField
	Answers                                                    []docField
}

type docField struct {
	Name, Type, Doc string
	Required        bool
}

type docSchema struct {
	Name   string
	Fields []docField
}

type docProblem struct {
	Code   string
	Status int
	Title  string
}

// registerDocs adds /docs, and must run after all else. The pages are made
// once, when first asked for, since other files may add routes until then.
func (s *Server) registerDocs() error {
	t, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return fmt.Errorf("documentation page: %w", err)
	}
	s.handle(huma.Operation{OperationID: "docs", Method: http.MethodGet, Path: "/docs", Tags: []string{"health"}}, Access{Public: true},
		text.Both("This page", "本页"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			l := languageIn(r.Context())
			switch r.URL.Query().Get("lang") {
			case "zh":
				l = chinese
			case "en":
				l = english
			}
			var page bytes.Buffer
			if err := t.Execute(&page, s.docPage(l)); err != nil {
				fail(w, r, err)
				return
			}
			h := w.Header()
			h.Set("Content-Type", "text/html; charset=utf-8")
			h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			h.Set("Content-Language", string(l))
			_, _ = w.Write(page.Bytes()) // the client may be gone
		}))
	return nil
}

func (s *Server) docPage(l language) docPage {
	api := s.api.OpenAPI()
	p := docPage{Language: l, ZH: l == chinese, Version: api.Info.Version}
	groups := map[string]*docGroup{}
	var names []string
	for _, path := range sortedKeys(api.Paths) {
		item := api.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Head, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			name := append(slices.Clone(op.Tags), "")[0]
			if groups[name] == nil {
				groups[name] = &docGroup{Name: name}
				names = append(names, name)
			}
			groups[name].Ops = append(groups[name].Ops, docOpOf(l, op))
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(docPlace(a), docPlace(b)) })
	for _, n := range names {
		p.Groups = append(p.Groups, *groups[n])
	}
	schemas := api.Components.Schemas.Map()
	for _, n := range sortedKeys(schemas) {
		p.Schemas = append(p.Schemas, docSchema{Name: n, Fields: docFields(schemas[n])})
	}
	for _, c := range sortedKeys(kinds) {
		p.Problems = append(p.Problems, docProblem{Code: string(c), Status: kinds[c].status, Title: l.in(kinds[c].title)})
	}
	return p
}

// docFirst are the groups that somebody who builds on the API reads first;
// health is what only who runs it reads, and comes last.
var docFirst = []string{"claims", "orders", "reviews"}

// docPlace is where a group stands; those of one place stay in their order.
func docPlace(group string) int {
	if at := slices.Index(docFirst, group); at >= 0 {
		return at
	}
	if group == "health" {
		return len(docFirst) + 1
	}
	return len(docFirst)
}

func docOpOf(l language, op *huma.Operation) docOp {
	d := docOp{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description}
	if zh, _ := op.Extensions["x-summary-zh"].(string); l == chinese && zh != "" {
		d.Summary = zh
	}
	if roles, _ := op.Extensions["x-roles"].([]string); roles != nil {
		d.Roles = strings.Join(roles, ", ")
	}
	d.Scope, _ = op.Extensions["x-scope"].(string)
	for _, param := range op.Parameters {
		doc := param.Description
		if doc == "" && param.Schema != nil {
			doc = param.Schema.Description
		}
		d.Params = append(d.Params, docField{Name: param.Name + " (" + param.In + ")", Type: typeName(param.Schema), Doc: doc, Required: param.Required})
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			d.Body = typeName(m.Schema)
		}
	}
	for _, status := range sortedKeys(op.Responses) {
		f := docField{Name: status, Doc: op.Responses[status].Description}
		for _, m := range op.Responses[status].Content {
			f.Type = typeName(m.Schema)
		}
		d.Answers = append(d.Answers, f)
	}
	return d
}

func docFields(s *huma.Schema) []docField {
	var out []docField
	for _, n := range sortedKeys(s.Properties) {
		out = append(out, docField{Name: n, Type: typeName(s.Properties[n]), Doc: s.Properties[n].Description, Required: slices.Contains(s.Required, n)})
	}
	return out
}

// typeName says what a schema is in a few words.
func typeName(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case s.Type == huma.TypeArray:
		return "[" + typeName(s.Items) + "]"
	case len(s.Enum) > 0:
		raw, _ := json.Marshal(s.Enum) // of plain values
		return string(raw)
	case s.Format != "":
		return s.Type + ", " + s.Format
	}
	return s.Type
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
