package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/evenhand/evenhand/access"
)

// The kinds of nonsense that each operation is sent, wherever it has a place for it.
const (
	wrongType   = "wrong type"
	huge        = "huge"
	missing     = "missing"
	unknown     = "unknown field"
	brokenUTF8  = "broken UTF-8"
	sqlTrick    = "SQL"
	pathTrick   = "path"
	noJSON      = "no JSON"
	forgedLink  = "forged link"
	expiredLink = "expired link"
	replayedKey = "replayed key"
)

// operation is one of the description's, as far as nonsense needs it.
type operation struct {
	Parameters []struct {
		Name, In string
		Schema   map[string]any
	}
	RequestBody struct {
		Content map[string]struct{ Schema map[string]any }
	}
	method, path string
}

// nonsense sends to every operation of the description everything that no
// client should send, as somebody whom the operation would listen to.
type nonsense struct {
	*market
	of      scene
	schemas map[string]map[string]any
	dice    *rand.Rand
	sent    map[string]map[string]int // by operation and kind
	heard   map[string]int            // by operation: answers that are not about who asks
	replays int                       // keys whose first request was taken
	n       int
}

// notWalked have tests of their own: one streams without end, and the other
// would sign the walkers out.
var notWalked = []string{"GET /v1/live", "DELETE /v1/session"}

func TestEveryOperationIsSentNonsense(t *testing.T) {
	m := newMarket(t)
	x := &nonsense{market: m, of: m.scene(), dice: rand.New(rand.NewPCG(3, 4)), sent: map[string]map[string]int{}, heard: map[string]int{}}
	raw, err := m.s.Description()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	x.schemas = doc.Components.Schemas
	forged, expired := x.badLinks()
	walked := 0
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			o := doc.Paths[path][method]
			o.method, o.path = strings.ToUpper(method), path
			if slices.Contains(notWalked, o.name()) {
				continue
			}
			walked++
			x.sent[o.name()] = map[string]int{}
			x.parameters(o)
			x.body(o)
			x.links(o, forged, expired)
			x.replay(o)
			x.lacks(o)
			if len(o.RequestBody.Content) > 0 && x.heard[o.name()] == 0 {
				t.Errorf("%s: nonsense never got past who may ask", o.name())
			}
		}
	}
	if x.replays < 5 {
		t.Errorf("only %d operations took a first request with a key", x.replays)
	}
	if walked < 100 {
		t.Errorf("only %d operations were walked", walked)
	}
	if m.tag("opal", x.of.claim) == "" {
		t.Error("the claim is gone")
	}
	x.sum()
}

// lacks says which kinds an operation with a JSON body was not sent, though it has a place for them.
func (x *nonsense) lacks(o operation) {
	c, ok := o.RequestBody.Content["application/json"]
	if !ok {
		return
	}
	want := []string{unknown, noJSON, forgedLink, expiredLink}
	for _, p := range x.places(c.Schema, nil, 0) {
		want = append(want, wrongType, huge)
		if p.required {
			want = append(want, missing)
		}
		if p.kind == "string" {
			want = append(want, brokenUTF8, sqlTrick, pathTrick)
		}
	}
	for _, kind := range want {
		if x.sent[o.name()][kind] == 0 {
			x.t.Errorf("%s was sent nothing of the kind %q", o.name(), kind)
			return
		}
	}
}

func (o operation) name() string { return o.method + " " + o.path }

// sum says how many requests of each kind there were.
func (x *nonsense) sum() {
	kinds, ops := map[string]int{}, map[string]int{}
	for _, by := range x.sent {
		for k, n := range by {
			kinds[k] += n
			ops[k]++
		}
	}
	for _, k := range []string{wrongType, huge, missing, unknown, brokenUTF8, sqlTrick, pathTrick, noJSON, forgedLink, expiredLink, replayedKey} {
		x.t.Logf("%s: %d requests to %d operations", k, kinds[k], ops[k])
		if kinds[k] == 0 {
			x.t.Errorf("nothing of the kind %q was sent", k)
		}
	}
}

// caller is somebody whom the operation listens to.
func (x *nonsense) caller(o operation) string {
	for _, r := range x.s.Routes() {
		if r.Method != o.method || r.Path != o.path {
			continue
		}
		var may []string
		for who, p := range cast {
			c := access.Caller{ID: "x", Kind: access.CallerSession, Roles: p.Roles}
			if r.Access.Public || r.Access.SignedIn || c.HasAny(r.Access.Roles...) {
				may = append(may, who)
			}
		}
		if slices.Contains(r.Access.Roles, access.RoleIntegrator) {
			may = append(may, "platform")
		}
		slices.Sort(may)
		if len(may) > 0 {
			return may[x.dice.IntN(len(may))]
		}
	}
	return "opal"
}

// address fills an operation's path with things that exist, where there are any.
func (x *nonsense) address(o operation) string {
	parts := strings.Split(o.path, "/")
	id := "none"
	if len(parts) > 2 {
		if v, ok := map[string]string{"claims": x.of.claim, "orders": x.of.order, "evidence": x.of.item, "webhooks": x.of.hook, "merchants": "m1", "buyers": "b1"}[parts[2]]; ok {
			id = v
		}
	}
	return strings.NewReplacer("{id}", id, "{kind}", "review_due", "{delivery}", x.of.delivery, "{level}", "0", "{x}", "0", "{y}", "0").Replace(o.path)
}

// send makes one request and looks at what came back; refuse says that it may
// not be taken.
func (x *nonsense) send(o operation, kind, path, body string, refuse bool, header ...string) *http.Response {
	x.t.Helper()
	who := x.caller(o)
	if kind == forgedLink || kind == expiredLink {
		who = ""
	}
	x.n++
	header = append([]string{"If-Match", `"1"`, "X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", x.n>>8&255, x.n&255)}, header...)
	res, raw := x.do(who, o.method, path, body, header...)
	x.sent[o.name()][kind]++
	where := fmt.Sprintf("%s as %q, %s: %s %.200q: %d %.300q", kind, who, o.name(), path, body, res.StatusCode, raw)
	low := bytes.ToLower(raw)
	switch {
	case res.StatusCode >= 500 && res.StatusCode != http.StatusNotImplemented && res.StatusCode != http.StatusServiceUnavailable:
		x.t.Error(where)
	case bytes.Contains(raw, []byte("goroutine ")) || bytes.Contains(raw, []byte(".go:")) || bytes.Contains(low, []byte("sqlite")) || bytes.Contains(low, []byte("sqlstate")) || bytes.Contains(low, []byte("root:x:")):
		x.t.Errorf("what is inside shows: %s", where)
	case refuse && res.StatusCode < 400:
		x.t.Errorf("taken: %s", where)
	case strings.Contains(res.Header.Get("Content-Type"), "json") && len(raw) > 0 && (!utf8.Valid(raw) || !json.Valid(raw)):
		x.t.Errorf("no JSON: %s", where)
	}
	if res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusForbidden {
		x.heard[o.name()]++
	}
	return res
}

// tricks are texts by kind, for parameters and strings of bodies.
var tricks = map[string][]string{
	sqlTrick:  {"'; DROP TABLE claim; --", "' OR 1=1 --", "1 UNION SELECT secret FROM webhook", `"; DELETE FROM event; --`},
	pathTrick: {"../../etc/passwd", `..\..\windows\win.ini`, "%2e%2e%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "C:\\x", "a\x00b"},
	huge:      {strings.Repeat("9", 400), "99999999999999999999", "1e400", strings.Repeat("长", 5000)},
}

// parameters puts nonsense where paths and queries have a place.
func (x *nonsense) parameters(o operation) {
	for _, p := range o.Parameters {
		values := maps.Clone(tricks)
		values[brokenUTF8] = []string{"\xff\xfe", "a\xc3"}
		if kind := kindOf(p.Schema); kind != "string" {
			values[wrongType] = []string{"x", "1.5", "[]", "null"}
		}
		for _, kind := range slices.Sorted(maps.Keys(values)) {
			list := values[kind]
			v := list[x.dice.IntN(len(list))]
			switch p.In {
			case "path":
				before, after, ok := strings.Cut(o.path, "{"+p.Name+"}")
				if !ok {
					x.t.Fatalf("%s has no %s", o.name(), p.Name)
				}
				rest := operation{method: o.method, path: before + "\x01" + after}
				x.send(o, kind, strings.Replace(x.address(rest), "\x01", url.PathEscape(v), 1), x.sampled(o), false)
			case "query":
				x.send(o, kind, x.address(o)+"?"+p.Name+"="+url.QueryEscape(v), "", false)
			case "header":
				if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) || len(v) > 4000 {
					continue // no client can send it
				}
				x.send(o, kind, x.address(o), x.sampled(o), false, p.Name, v)
			}
		}
	}
}

// sampled is a body that the description allows, "" where there is none.
func (x *nonsense) sampled(o operation) string {
	c, ok := o.RequestBody.Content["application/json"]
	if !ok {
		return ""
	}
	data, err := json.Marshal(x.sample(c.Schema, 0))
	if err != nil {
		x.t.Fatal(err)
	}
	return string(data)
}

// body sends broken bodies of the operation's type.
func (x *nonsense) body(o operation) {
	for media, c := range o.RequestBody.Content {
		switch media {
		case "application/json":
			x.json(o, c.Schema)
		case "multipart/form-data":
			x.forms(o)
		default:
			for _, body := range []string{"x", "PK\x03\x04\xff\xff", strings.Repeat("\x00", 1<<16)} {
				x.send(o, wrongType, x.address(o), body, false, "Content-Type", media)
			}
		}
	}
}

// json takes a body that is allowed and breaks it at each of its places, with
// two values of each kind; EVENHAND_LONG=1 tries all of them.
func (x *nonsense) json(o operation, schema map[string]any) {
	to := x.address(o)
	for _, body := range []string{"{", "[]", `"x"`, "null", "{}{}", "\xef\xbb\xbf{}", strings.Repeat("[", 100_000), `{"a":` + strings.Repeat(" ", 1<<20) + "1}"} {
		x.send(o, noJSON, to, body, body != "null" && !strings.HasPrefix(body, "\xef"))
	}
	x.send(o, wrongType, to, x.sampled(o), true, "Content-Type", "text/plain")
	places := x.places(schema, nil, 0)
	x.send(o, unknown, to, strings.Replace(x.sampled(o), "{", `{"none":1,`, 1), len(places) > 0)
	for _, kind := range []string{wrongType, huge, missing, brokenUTF8, sqlTrick, pathTrick} {
		fit := slices.DeleteFunc(slices.Clone(places), func(p place) bool {
			return kind == missing && !p.required || (kind == brokenUTF8 || kind == sqlTrick || kind == pathTrick) && p.kind != "string"
		})
		for _, p := range fit {
			bad := x.bad(kind, p)
			if os.Getenv("EVENHAND_LONG") == "" {
				x.dice.Shuffle(len(bad), func(i, j int) { bad[i], bad[j] = bad[j], bad[i] })
				bad = bad[:min(2, len(bad))]
			}
			for _, v := range bad {
				x.spoil(o, kind, schema, p, v)
			}
		}
	}
}

// spoil sends a body that is allowed but for one place.
func (x *nonsense) spoil(o operation, kind string, schema map[string]any, p place, bad string) {
	whole := x.sample(schema, 0)
	const here = "\x02here\x02"
	var put any = here
	if kind == missing {
		put = nil
	}
	if !set(whole, p.path, put) {
		return
	}
	data, err := json.Marshal(whole)
	if err != nil {
		x.t.Fatal(err)
	}
	body := strings.Replace(string(data), `"\u0002here\u0002"`, bad, 1)
	// Of a list's elements some operations tell one by one, and take the rest.
	x.send(o, kind, x.address(o), body, kind == missing || kind == wrongType && (bad == "[]" || !strings.HasPrefix(bad, "[")))
}

// bad are JSON values of a kind of nonsense for a place.
func (x *nonsense) bad(kind string, p place) []string {
	switch kind {
	case missing:
		return []string{""} // nothing stands there
	case wrongType:
		return map[string][]string{
			"string": {"7", "{}", "[]", "true"}, "integer": {`"7"`, "1.5", "{}", "true"}, "number": {`"x"`, "[]"}, "boolean": {`"true"`, "0"},
			"array": {"{}", `"x"`, "7", `[[[]]]`, `[{"$ne":null}]`}, "object": {"[]", `"x"`, "7"},
		}[p.kind]
	case huge:
		switch p.kind {
		case "string":
			return []string{`"` + strings.Repeat("a", 70_000) + `"`, `"` + strings.Repeat("长", 30_000) + `"`}
		case "array":
			return []string{"[" + strings.Repeat("null,", 20_000) + "null]"}
		}
		return []string{"1e308", "1e400", "99999999999999999999", "-9223372036854775808"}
	case brokenUTF8:
		return []string{"\"\xff\xfe\"", "\"a\xc3\"", `"\ud800"`, `"\u0000"`}
	}
	var out []string
	for _, v := range tricks[kind] {
		data, err := json.Marshal(v)
		if err != nil {
			x.t.Fatal(err)
		}
		out = append(out, string(data))
	}
	return out
}

// forms sends an upload by form, broken.
func (x *nonsense) forms(o operation) {
	form := func(kind string, refuse bool, file string, fields ...string) {
		b := &bytes.Buffer{}
		w := multipart.NewWriter(b)
		for i := 0; i+1 < len(fields); i += 2 {
			_ = w.WriteField(fields[i], fields[i+1]) // a buffer takes everything
		}
		if file != "" {
			f, _ := w.CreateFormFile("file", file)
			_, _ = f.Write([]byte("\xff\xd8\xff\xe0 nonsense"))
		}
		_ = w.Close()
		x.send(o, kind, x.address(o), b.String(), refuse, "Content-Type", w.FormDataContentType())
	}
	form(missing, true, "", "purpose", "other")
	form(missing, true, "x.jpg")
	form(wrongType, true, "x.jpg", "purpose", "7")
	form(unknown, false, "x.jpg", "purpose", "packing", "none", "1")
	form(huge, true, "x.jpg", "purpose", strings.Repeat("a", 70_000))
	form(huge, false, strings.Repeat("长", 3000)+".jpg", "purpose", "packing")
	form(brokenUTF8, false, "\xff\xfe.jpg", "purpose", "packing")
	form(brokenUTF8, true, "x.jpg", "purpose", "\xff\xfe")
	for _, v := range tricks[sqlTrick] {
		form(sqlTrick, true, "x.jpg", "purpose", v)
	}
	for _, v := range tricks[pathTrick] {
		form(pathTrick, false, v, "purpose", "packing")
	}
	x.send(o, noJSON, x.address(o), "--x\r\n", true, "Content-Type", "multipart/form-data; boundary=x")
	x.send(o, noJSON, x.address(o), "x", true, "Content-Type", "multipart/form-data")
}

// badLinks are links to the scene's claim that were good, or nearly.
func (x *nonsense) badLinks() (forged, expired string) {
	token := x.link(x.of.claim, "buyer")
	last := "A"
	if token[len(token)-3] == 'A' {
		last = "B"
	}
	forged = token[:len(token)-3] + last + token[len(token)-2:]
	expired, _, err := x.s.opt.Accounts.IssueLink(x.t.Context(), x.of.claim, access.RoleBuyer, time.Millisecond)
	if err != nil {
		x.t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // links end at whole seconds
	return forged, expired
}

// links knocks with links that are no good.
func (x *nonsense) links(o operation, forged, expired string) {
	public := slices.ContainsFunc(x.s.Routes(), func(r Route) bool { return r.Method == o.method && r.Path == o.path && r.Access.Public })
	x.send(o, forgedLink, x.address(o), x.sampled(o), !public, "X-Evenhand-Link", forged)
	x.send(o, expiredLink, x.address(o), x.sampled(o), !public, "X-Evenhand-Link", expired)
}

// replay sends two different requests under one idempotency key.
func (x *nonsense) replay(o operation) {
	if !slices.ContainsFunc(o.Parameters, func(p struct {
		Name, In string
		Schema   map[string]any
	},
	) bool {
		return p.Name == "Idempotency-Key"
	}) {
		return
	}
	first := strings.ReplaceAll(bodies[o.path], "{id}", x.of.claim)
	if first == "" {
		first = x.sampled(o)
	}
	// A key that the same person used elsewhere.
	if who := x.caller(o); who != "platform" {
		key := "used-" + o.name()
		x.ok(who, "POST", "/v1/me/views", `{"place":"claims","name":"`+fmt.Sprint(x.n)+`","query":"q=x"}`, "Idempotency-Key", key)
		x.mismatch(o, who, key, first)
	}
	// A key of the operation itself, where somebody's request is taken.
	for _, who := range []string{"opal", "platform", "ann", "buyer", "shop"} {
		key := fmt.Sprintf("replay-%s-%s", who, o.path)
		res, _ := x.do(who, o.method, x.address(o), first, "Idempotency-Key", key, "If-Match", x.tag("opal", x.of.claim))
		if res.StatusCode >= 500 {
			x.t.Errorf("%s as %s: %d", o.name(), who, res.StatusCode)
		}
		x.sent[o.name()][replayedKey]++
		if res.StatusCode > 299 {
			continue
		}
		x.replays++
		x.mismatch(o, who, key, first+" ")
		break
	}
}

// mismatch sends a key that was used for another request.
func (x *nonsense) mismatch(o operation, who, key, body string) {
	res, raw := x.do(who, o.method, x.address(o), body, "Idempotency-Key", key, "If-Match", x.tag("opal", x.of.claim))
	x.sent[o.name()][replayedKey]++
	if res.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(raw, []byte(codeMismatch)) {
		x.t.Errorf("%s as %s: a key of another request: %d %.300s", o.name(), who, res.StatusCode, raw)
	}
}

// place is somewhere in a body.
type place struct {
	path     []string // names of fields; "0" is the first of a list
	kind     string
	required bool
}

// resolved follows a reference.
func (x *nonsense) resolved(schema map[string]any) map[string]any {
	if ref, ok := schema["$ref"].(string); ok {
		return x.schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	return schema
}

// kindOf is a schema's type, leaving null aside.
func kindOf(schema map[string]any) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, one := range t {
			if s, ok := one.(string); ok && s != "null" {
				return s
			}
		}
	}
	return ""
}

const deepest = 5

// places lists what of a sample can be broken.
func (x *nonsense) places(schema map[string]any, at []string, depth int) (out []place) {
	schema = x.resolved(schema)
	if depth > deepest {
		return nil
	}
	if kindOf(schema) == "array" {
		items, _ := schema["items"].(map[string]any)
		return x.places(items, append(slices.Clone(at), "0"), depth+1)
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		s, _ := properties[name].(map[string]any)
		path := append(slices.Clone(at), name)
		if kind := kindOf(x.resolved(s)); kind != "" && name != "$schema" {
			out = append(out, place{path, kind, slices.Contains(required, any(name))})
			out = append(out, x.places(s, path, depth+1)...)
		}
	}
	return out
}

// sample is a value that a schema allows, as far as it says.
func (x *nonsense) sample(schema map[string]any, depth int) any {
	schema = x.resolved(schema)
	if list, ok := schema["enum"].([]any); ok && len(list) > 0 {
		return list[0]
	}
	switch kindOf(schema) {
	case "string":
		switch schema["format"] {
		case "date-time":
			return "2027-01-01T00:00:00Z"
		case "uri":
			return "https://93.184.216.34/x"
		}
		return "abcdefghijkl"
	case "integer", "number":
		least, _ := schema["minimum"].(float64)
		return max(least, 1)
	case "boolean":
		return false
	case "array":
		items, ok := schema["items"].(map[string]any)
		if !ok || depth > deepest {
			return []any{}
		}
		return []any{x.sample(items, depth+1)}
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, s := range properties {
			if s, ok := s.(map[string]any); ok && name != "$schema" && depth <= deepest {
				out[name] = x.sample(s, depth+1)
			}
		}
		return out
	}
	return nil
}

// set puts a value at a place of a sample, or takes what is there away; false
// where the sample has no such place.
func set(in any, path []string, v any) bool {
	for _, name := range path[:len(path)-1] {
		switch at := in.(type) {
		case map[string]any:
			in = at[name]
		case []any:
			if len(at) == 0 {
				return false
			}
			in = at[0]
		}
	}
	at, ok := in.(map[string]any)
	if !ok {
		return false
	}
	last := path[len(path)-1]
	if v == nil {
		delete(at, last)
	} else {
		at[last] = v
	}
	return true
}
