package client

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/server"
	"github.com/evenhand/evenhand/store"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// newServer is a whole server on an empty store, and a key for it.
func newServer(t testing.TB) (s *server.Server, key string) {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d := desk.New(desk.Options{Store: server.IdempotentStore(db), Blobs: db.Blobs()})
	if err := d.FirstPolicy(ctx, policy.Default()); err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(db, account.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err = server.New(server.Options{Desk: d, Accounts: accounts, Store: db, Uploads: server.DeskUploads(d, t.TempDir()), Webhooks: webhook.NewSender(webhook.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	_, key, err = accounts.IssueKey(ctx, access.Caller{ID: "test"}, account.KeyWish{Name: "test", Scopes: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	return s, key
}

// forKeys is the part of a description that an API key can call and that is
// not tus. All refusals are of one shape, and so are one answer here.
func forKeys(t *testing.T, description []byte) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	paths := doc["paths"].(map[string]any)
	for path, item := range paths {
		ops := item.(map[string]any)
		for method, op := range ops {
			op := op.(map[string]any)
			if _, keys := op["x-scope"]; !keys || op["tags"].([]any)[0] == "uploads" || method == "parameters" {
				delete(ops, method)
				continue
			}
			answers := op["responses"].(map[string]any)
			for status, answer := range answers {
				content, _ := answer.(map[string]any)["content"].(map[string]any)
				if _, refusal := content["application/problem+json"]; refusal {
					delete(answers, status)
				}
			}
			answers["default"] = map[string]any{"description": "A problem", "content": map[string]any{
				"application/problem+json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Problem"}},
			}}
		}
		if len(ops) == 0 {
			delete(paths, path)
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(doc); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDescription(t *testing.T) {
	s, _ := newServer(t)
	all, err := s.Description()
	if err != nil {
		t.Fatal(err)
	}
	want := forKeys(t, all)
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the server's description has changed: run go generate ./client")
	}
}

// TestConsoleDescription keeps what the console's types are made from; that the
// types are those is tested there (web/src/api/schema.test.ts).
func TestConsoleDescription(t *testing.T) {
	s, _ := newServer(t)
	all, err := s.Description()
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Indent(&want, all, "", " "); err != nil {
		t.Fatal(err)
	}
	want.WriteByte('\n')
	const kept = "../web/openapi.json"
	if *update {
		if err := os.WriteFile(kept, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(kept); err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("the server's description has changed (%v): run go generate ./client and npm run api in web", err)
	}
}

func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the generator")
	}
	fresh := filepath.Join(t.TempDir(), "client.gen.go")
	tool := []string{"tool", "-modfile=../tools/go.mod", "oapi-codegen"}
	if out, err := exec.CommandContext(t.Context(), "go", append(tool, "-version")...).CombinedOutput(); err != nil {
		t.Skipf("the generator cannot be had here: %s", out)
	}
	if out, err := exec.CommandContext(t.Context(), "go", append(tool, "-config", "oapi-codegen.yaml", "-o", fresh, "openapi.json")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("client.gen.go is not what would be generated now: run go generate ./client")
	}
}

func TestRefusal(t *testing.T) {
	s, _ := newServer(t)
	h := httptest.NewServer(s)
	defer h.Close()
	c, err := NewClientWithResponses(h.URL, WithKey("ehk_nobody"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.ClaimWithResponse(t.Context(), "none")
	if err != nil {
		t.Fatal(err)
	}
	if p := res.ApplicationProblemJSONDefault; res.StatusCode() != 401 || res.JSON200 != nil || p == nil || p.Code != "signed_out" || p.Detail == nil && p.Title == "" {
		t.Errorf("%d %s", res.StatusCode(), res.Body)
	}
}
