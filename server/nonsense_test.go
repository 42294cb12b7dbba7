package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
)

// hostile are values that no field expects: of every wrong type, huge, beyond
// what numbers hold, broken as text, and tricks on a database or a file system.
var hostile = []string{
	`null`, `true`, `-1`, `0`, `1e300`, `1e400`, `9223372036854775808`, `3.5`, `""`, `" "`, `"' OR 1=1 --"`, `"../../etc/passwd"`, `"\u0000"`, "\"\xff\xfe\"", `"\ud800"`,
	`[]`, `{}`, `[[[[]]]]`, `[null]`, `{"amount":1e99,"currency":"CNY"}`, `{"$ne":null}`, `"9999-12-31T23:59:59Z"`, `"0000-01-01T00:00:00Z"`, `"<script>alert(1)</script>"`, `"%s%n%x"`,
	`"` + strings.Repeat("a", 9000) + `"`,
}

// hostileText are the same for what stands in an address.
var hostileText = []string{
	"", "x", "-1", "0", "99999999999999999999", "1e400", "%00", "%ff%fe", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "'%20OR%201=1%20--", "%3Cscript%3E", "null", "%7B%7D", "9999-12-31T23:59:59Z",
	"a,b,,c", "..", strings.Repeat("9", 700),
}

// hostileBodies are no objects at all.
var hostileBodies = []string{
	"", " ", "null", "[]", `"x"`, "7", "{", `{"a":1`, "\xff\xfe\xfd", `{"a":1}{"b":2}`, strings.Repeat("[", 20000), strings.Repeat(`{"a":`, 20000), `{"` + strings.Repeat("k", 1<<20) + `":1}`,
}

// operation is one of the description's.
type operation struct {
	method, path string
	params       []parameter
	body         map[string]any // the schema of its JSON body; nil without one
	streams      bool           // its answer does not end
}

type parameter struct {
	Name, In string
	Required bool
}

// described reads the operations out of the description, in a fixed order, with
// a sampler of its schemas.
func described(t *testing.T, s *Server) ([]operation, sampler) {
	t.Helper()
	raw, err := s.Description()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters  []parameter
			RequestBody struct {
				Content map[string]struct{ Schema map[string]any }
			}
			Responses map[string]struct{ Content map[string]any }
		}
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			d := doc.Paths[path][method]
			o := operation{method: strings.ToUpper(method), path: path, params: d.Parameters, body: d.RequestBody.Content["application/json"].Schema}
			for _, r := range d.Responses {
				_, stream := r.Content["text/event-stream"]
				o.streams = o.streams || stream
			}
			out = append(out, o)
		}
	}
	return out, sampler{doc.Components.Schemas}
}

// sampler makes values that a schema allows.
type sampler struct{ schemas map[string]map[string]any }

// value is one that the schema allows, as far as types, enumerations, lengths
// and bounds say; deep schemas are cut off.
func (s sampler) value(schema map[string]any, depth int) any {
	if ref, ok := schema["$ref"].(string); ok {
		schema = s.schemas[ref[strings.LastIndex(ref, "/")+1:]]
	}
	if of, ok := schema["enum"].([]any); ok && len(of) > 0 {
		return of[0]
	}
	switch kind(schema) {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			if sub, ok := p.(map[string]any); ok && name != "$schema" && depth < 4 {
				out[name] = s.value(sub, depth+1)
			}
		}
		return out
	case "array":
		if sub, ok := schema["items"].(map[string]any); ok && depth < 4 {
			return []any{s.value(sub, depth+1)}
		}
		return []any{}
	case "integer", "number":
		if least, ok := schema["minimum"].(float64); ok {
			return least
		}
		return 1.0
	case "boolean":
		return true
	}
	if schema["format"] == "date-time" {
		return "2026-11-01T00:00:00Z"
	}
	least, _ := schema["minLength"].(float64)
	return strings.Repeat("a", max(1, int(least)))
}

func kind(schema map[string]any) string {
	switch k := schema["type"].(type) {
	case string:
		return k
	case []any: // "or null"
		if len(k) > 0 {
			name, _ := k[0].(string)
			return name
		}
	}
	return ""
}

// spoiled are a sound body's JSON with one place at a time replaced by each
// hostile value, left out, or joined by a field that nobody knows.
func spoiled(body any) []string {
	var out []string
	var walk func(v any, rebuild func(json.RawMessage) any, depth int)
	emit := func(v any) {
		raw, err := json.Marshal(v)
		if err == nil {
			out = append(out, string(raw))
		}
	}
	walk = func(v any, rebuild func(json.RawMessage) any, depth int) {
		for i, h := range hostile {
			// A place of its own for what json.Marshal would mend or refuse.
			marked := fmt.Sprintf(`"hostile-%d"`, i)
			raw, err := json.Marshal(rebuild(json.RawMessage(marked)))
			if err == nil {
				out = append(out, strings.ReplaceAll(string(raw), marked, h))
			}
		}
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				with := func(x any) any { c := maps.Clone(v); c[name] = x; return c }
				without := maps.Clone(v)
				delete(without, name)
				emit(rebuildAny(rebuild, without))
				if depth < 3 {
					walk(v[name], func(r json.RawMessage) any { return rebuildAny(rebuild, with(r)) }, depth+1)
				}
			}
			more := maps.Clone(v)
			more["nobody_knows_this"] = 1
			emit(rebuildAny(rebuild, more))
		case []any:
			if len(v) > 0 && depth < 3 {
				walk(v[0], func(r json.RawMessage) any { return rebuildAny(rebuild, []any{r}) }, depth+1)
			}
			emit(rebuildAny(rebuild, slices.Repeat(v, 3000)))
		}
	}
	emit(body)
	walk(body, func(r json.RawMessage) any { return r }, 0)
	return out
}

// rebuildAny puts a value where rebuild puts raw JSON.
func rebuildAny(rebuild func(json.RawMessage) any, v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return rebuild(raw)
}

// nonsense sends requests and looks for answers that must not be.
type nonsense struct {
	*market
	t      *testing.T
	ids    map[string]string // by the path's first word: one that is there
	sent   int
	status map[int]int
}

// send asks as somebody and judges the answer: never a 5xx, never a trace of the
// program, and every refusal a problem with a code.
func (n *nonsense) send(who string, o operation, address, body string, header ...string) int {
	n.t.Helper()
	r := httptest.NewRequest(o.method, "/", strings.NewReader(body))
	u, err := url.Parse(address)
	if err != nil {
		return 0 // no client can send it
	}
	r.URL, r.RequestURI = u, address
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if who == "platform" {
		r.Header.Set("Authorization", n.auth[who])
	} else if who != "" {
		r.Header.Set("Cookie", n.auth[who])
		r.Header.Set("X-CSRF-Token", n.csrf[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	n.s.ServeHTTP(w, r)
	n.sent++
	n.status[w.Code]++
	raw := w.Body.Bytes()
	cut := func(s string) string { return s[:min(len(s), 300)] }
	if w.Code >= 500 || bytes.Contains(raw, []byte("goroutine ")) || bytes.Contains(raw, []byte(".go:")) || bytes.Contains(raw, []byte("SQL")) {
		n.t.Errorf("%s: %s %s %s: %d %s", who, o.method, cut(address), cut(body), w.Code, cut(string(raw)))
	}
	if w.Code >= 400 && w.Code != http.StatusMethodNotAllowed && o.method != http.MethodHead && !strings.HasPrefix(o.path, "/v1/uploads") {
		var p Problem
		if err := json.Unmarshal(raw, &p); err != nil || p.Code == "" || p.Title == "" {
			n.t.Errorf("%s: %s %s %s: %d is no problem: %s", who, o.method, cut(address), cut(body), w.Code, cut(string(raw)))
		}
	}
	return w.Code
}

// address fills the path in; what replaces one parameter's value.
func (n *nonsense) address(o operation, replace, with string) string {
	segments := strings.Split(o.path, "/")
	for i, s := range segments {
		if !strings.HasPrefix(s, "{") {
			continue
		}
		name := strings.Trim(s, "{}")
		switch {
		case name == replace:
			segments[i] = with
		case i == 3 && n.ids[segments[2]] != "":
			segments[i] = n.ids[segments[2]]
		default:
			segments[i] = "none"
		}
	}
	return strings.Join(segments, "/")
}

// TestNonsenseBreaksNothing walks every operation of the description: each place
// of its body, each parameter, each piece of its path, with each hostile value.
// make test takes a part of them, evenly; EVENHAND_LONG=1 all.
func TestNonsenseBreaksNothing(t *testing.T) {
	m := newMarket(t)
	order := m.order()
	filed := m.ok("platform", "POST", "/v1/claims", `{"order_id":"`+order+`","kind":"refund_only","reason":"not_received","story":"never came","submit":true}`)
	source, _ := json.Marshal(map[string]string{"source": string(policy.Default()) + "\n# another version\n"}) // of strings alone
	rules := m.ok("opal", "POST", "/v1/policies", string(source))
	id := func(v map[string]any) string {
		if inner, ok := v["claim"].(map[string]any); ok {
			v = inner
		}
		s, _ := v["id"].(string)
		return s
	}
	n := &nonsense{market: m, t: t, status: map[int]int{}, ids: map[string]string{"claims": id(filed), "orders": order, "merchants": "m1", "buyers": "b9", "policies": id(rules)}}
	if n.ids["claims"] == "" || n.ids["policies"] == "" {
		t.Fatalf("no claim or rules to spoil: %v %v", filed, rules)
	}
	every := 3 // coprime to the number of hostile values, so that all of them are tried
	if os.Getenv("EVENHAND_LONG") != "" {
		every = 1
	}
	operations, sample := described(t, m.s)
	tried := 0
	turn := func() bool { tried++; return tried%every == 0 }
	for i, o := range operations {
		who := n.callers(o)
		if o.streams || strings.HasSuffix(o.path, "/live") || o.path == "/v1/events" {
			continue
		}
		plain := n.address(o, "", "")
		for k, body := range hostileBodies {
			if o.body != nil || k%4 == 0 {
				n.send(who[k%len(who)], o, plain, body)
			}
		}
		for _, p := range o.params {
			for k, text := range hostileText {
				if !turn() {
					continue
				}
				switch p.In {
				case "path":
					n.send(who[k%len(who)], o, n.address(o, p.Name, text), "")
				case "query":
					n.send(who[k%len(who)], o, plain+"?"+p.Name+"="+text, "")
				case "header":
					if text = strings.ReplaceAll(text, "%00", "x"); text != "" {
						n.send(who[k%len(who)], o, plain, "{}", p.Name, text)
					}
				}
			}
		}
		if o.body == nil {
			continue
		}
		sound := sample.value(o.body, 0)
		for k, body := range spoiled(sound) {
			if k == 0 || turn() {
				n.send(who[(i+k)%len(who)], o, plain, body, "If-Match", `"1"`)
			}
		}
		n.repeated(o, plain, sound)
	}
	t.Logf("%d requests to %d operations; answers by status: %v", n.sent, len(operations), n.status)
	if n.status[422]+n.status[400] < n.sent/4 {
		t.Errorf("only %d of %d were refused as nonsense: the test does not reach the operations", n.status[422]+n.status[400], n.sent)
	}
}

// callers are those who may call an operation, three times each, and two who
// may not: nonsense is to reach what lies behind the gate.
func (n *nonsense) callers(o operation) []string {
	var may []string
	for _, r := range n.s.Routes() {
		if r.Method != o.method || r.Path != o.path {
			continue
		}
		if r.Access.Scope != "" {
			may = append(may, "platform")
		}
		for _, login := range slices.Sorted(maps.Keys(cast)) {
			c := desk.Caller{ID: "x", Kind: desk.CallerSession, Roles: cast[login].Roles}
			if r.Access.Public || r.Access.SignedIn || c.HasAny(r.Access.Roles...) {
				may = append(may, login)
			}
		}
	}
	if len(may) == 0 {
		n.t.Errorf("nobody may call %s %s", o.method, o.path)
	}
	return append(slices.Repeat(may, 3), "buyer", "")
}

// repeated sends an idempotency key again with another body: the second must
// not pass as the first.
func (n *nonsense) repeated(o operation, address string, sound any) {
	key := fmt.Sprintf("again-%s-%s", o.method, o.path)
	raw, _ := json.Marshal(sound) // made from JSON
	first := n.send("platform", o, address, string(raw), "Idempotency-Key", key)
	object, _ := sound.(map[string]any)
	other := maps.Clone(object)
	if other == nil {
		return
	}
	other["nobody_knows_this"] = 2
	raw, _ = json.Marshal(other)
	if second := n.send("platform", o, address, string(raw), "Idempotency-Key", key); first < 300 && second < 300 {
		n.t.Errorf("%s %s: a key was used again with another body: %d, then %d", o.method, address, first, second)
	}
}
