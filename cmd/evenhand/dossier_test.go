package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/dossier"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
)

// writeDossier makes a desk's dossier of one claim, and its key as PEM.
func writeDossier(t *testing.T, dir string) (file, key string) {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs()})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.FirstPolicy(ctx, policy.Default()))
	platform := access.Caller{ID: "k", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeAll}}
	buyer := access.Caller{ID: "u", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b1"}
	money := money.Money{Amount: 20_000, Currency: "CNY"}
	must(d.PutOrder(ctx, platform, order.Order{ID: "o1", MerchantID: "m1", BuyerID: "b1", Total: money, PlacedAt: time.Now().Add(-72 * time.Hour), Lines: []order.Line{{ID: "1", Title: "Mug", Quantity: 1, Price: money}}}))
	f, err := d.File(ctx, buyer, desk.Filing{OrderID: "o1", Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "x", Submit: true})
	must(err)
	made, err := dossier.Prepare(ctx, d, db, nil, buyer, f.Claim.ID, "")
	must(err)
	var out bytes.Buffer
	must(made.Write(ctx, &out))
	k, err := dossier.PublicKey(ctx, db)
	must(err)
	file, key = filepath.Join(dir, "d.zip"), filepath.Join(dir, "desk.pem")
	must(os.WriteFile(file, out.Bytes(), 0o600))
	must(os.WriteFile(key, []byte(k.PEM), 0o600))
	return file, key
}

func TestVerifyDossier(t *testing.T) {
	dir := t.TempDir()
	file, key := writeDossier(t, dir)
	_, other := writeDossier(t, t.TempDir())
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.zip")
	if err := os.WriteFile(broken, bytes.Replace(data, []byte(`"CNY"`), []byte(`"USD"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"ours", []string{file, "--key", key}, exitOK, "signed by this key"},
		{"ours, in Chinese", []string{"--lang", "zh", file, "--key", key}, exitOK, "由该密钥签名"},
		{"without a key", []string{file}, exitOK, "Who made it is not shown"},
		{"as JSON", []string{file, "--key", key, "--json"}, exitOK, `"ours": true`},
		{"another desk's", []string{file, "--key", other}, exitProblems, "signed by another key"},
		{"changed", []string{broken, "--key", key}, exitProblems, "changed: claim.json"},
		{"changed, in Chinese", []string{"--lang", "zh", broken}, exitProblems, "请勿采信"},
		{"no dossier", []string{key}, exitProblems, "no dossier"},
		{"no file", []string{filepath.Join(dir, "none")}, exitBadInput, ""},
		{"a folder", []string{dir}, exitBadInput, ""},
		{"no key", []string{file, "--key", "x"}, exitBadInput, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			a := &app{ctx: t.Context(), out: &out, errOut: &errOut, getenv: func(string) string { return "" }}
			if status := run(a, append([]string{"verify-dossier"}, tt.args...)); status != tt.status || !strings.Contains(out.String(), tt.says) || (status == exitBadInput) != (errOut.Len() > 0) {
				t.Errorf("status %d, says %q and %q", status, out.String(), errOut.String())
			}
		})
	}
}
