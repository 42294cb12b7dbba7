package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/dossier"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

var (
	platform = access.Caller{ID: "key1", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeAll}}
	shop     = access.Caller{ID: "u-shop", Kind: access.CallerSession, Roles: []access.Role{access.RoleMerchant}, Party: "m1"}
	buyer    = access.Caller{ID: "u-buyer", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b1"}
	stranger = access.Caller{ID: "u-other", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b2"}
	ann      = access.Caller{ID: "u-ann", Kind: access.CallerSession, Roles: []access.Role{access.RoleReviewer}}
)

// house is a desk with one claim that has evidence of both sides.
type house struct {
	t  testing.TB
	db *store.DB
	d  *desk.Desk
	id string
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h := &house{t: t, db: db, d: desk.New(desk.Options{Store: db, Blobs: db.Blobs()})}
	h.must(h.d.FirstPolicy(ctx, policy.Default()))
	h.must(h.d.PutMerchant(ctx, platform, order.Merchant{ID: "m1", Name: "Shop"}))
	money := money.Money{Amount: 20_000, Currency: "CNY"}
	delivered := time.Now().Add(-10 * time.Hour).UTC()
	lat, lon := 31.2, 121.4
	h.must(h.d.PutOrder(ctx, platform, order.Order{
		ID: "o1", MerchantID: "m1", BuyerID: "b1", Total: money, PlacedAt: delivered.Add(-72 * time.Hour), DeliveredAt: &delivered,
		Lines: []order.Line{{ID: "1", Title: "Mug", Category: "home", Quantity: 1, Price: money}}, Shipment: &order.Shipment{Lat: &lat, Lon: &lon, Tracking: "TRACK1"},
	}))
	_, err = h.d.AddOrderMedia(ctx, shop, "o1", desk.Upload{Purpose: evidence.Listing, Medium: evidence.Photo, Data: strings.NewReader("\xff\xd8\xff\xe0 listing")})
	h.must(err)
	f, err := h.d.File(ctx, buyer, desk.Filing{OrderID: "o1", Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "It <never> came.", Submit: true})
	h.must(err)
	h.id = f.Claim.ID
	for _, words := range []string{"photo one", "photo two"} {
		_, err = h.d.AddEvidence(ctx, buyer, h.id, desk.Upload{Purpose: evidence.Other, Medium: evidence.Photo, Name: "../../x.jpg", Data: strings.NewReader("\xff\xd8\xff\xe0 " + words)})
		h.must(err)
	}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// make is a dossier as somebody gets it.
func (h *house) make(by access.Caller) []byte {
	h.t.Helper()
	d, err := dossier.Prepare(context.Background(), h.d, h.db, gallery.New(gallery.Options{Blobs: h.d.Blobs()}), by, h.id, "https://desk.example.com")
	h.must(err)
	var out bytes.Buffer
	h.must(d.Write(context.Background(), &out))
	return out.Bytes()
}

func (h *house) key() ed25519.PublicKey {
	h.t.Helper()
	k, err := dossier.SigningKey(context.Background(), h.db)
	h.must(err)
	return k.Public().(ed25519.PublicKey)
}

func check(t testing.TB, data []byte, key ed25519.PublicKey) dossier.Report {
	t.Helper()
	r, err := dossier.Check(context.Background(), bytes.NewReader(data), int64(len(data)), key, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func codes(r dossier.Report) string {
	var out []string
	for _, p := range r.Problems {
		if p.Text.EN == "" || p.Text.ZH == "" {
			out = append(out, "(no words)")
		}
		out = append(out, p.Code)
	}
	return strings.Join(out, " ")
}

// unpack reads a dossier with the standard library, as outsiders do.
func unpack(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestDossierIsWholeAndOurs(t *testing.T) {
	h := newHouse(t)
	for by, depth := range map[*access.Caller]desk.Depth{&ann: desk.DepthReviewer, &shop: desk.DepthMerchant, &buyer: desk.DepthBuyer, &platform: desk.DepthMerchant} {
		data := h.make(*by)
		r := check(t, data, h.key())
		if !r.Whole || !r.Ours || r.ClaimID != h.id || r.MadeAt.IsZero() || codes(r) != "" {
			t.Fatalf("%s: %+v", by.ID, r)
		}
		files := unpack(t, data)
		for _, name := range []string{"claim.json", "order.json", "events.jsonl", "explanation.json", "README.txt", "说明.txt", "manifest.json", "manifest.sig"} {
			if len(files[name]) == 0 {
				t.Errorf("%s: no %s", by.ID, name)
			}
		}
		var evidence, references int
		for name, data := range files {
			if strings.HasPrefix(name, "evidence/") && strings.HasSuffix(name, ".jpg") && bytes.HasPrefix(data, []byte("\xff\xd8\xff\xe0 photo")) {
				evidence++
			}
			if strings.HasPrefix(name, "references/01-") && string(data) == "\xff\xd8\xff\xe0 listing" {
				references++
			}
		}
		// These are no pictures of which a copy could be made: a side has its
		// own, and of the other's it is told that they are withheld.
		want := map[string][2]int{ann.ID: {2, 1}, shop.ID: {0, 1}, buyer.ID: {2, 0}, platform.ID: {0, 0}}[by.ID]
		withheld := 3 - want[0] - want[1]
		if evidence != want[0] || references != want[1] || len(files) != 8+3-withheld || len(r.Files) != 6+3-withheld || strings.Count(string(files["claim.json"]), `"withheld": true`) != withheld {
			t.Errorf("%s: %d and %d files of evidence among %d, %d checked", by.ID, evidence, references, len(files), len(r.Files))
		}
		var m dossier.Manifest
		if err := json.Unmarshal(files["manifest.json"], &m); err != nil || m.Depth != depth || m.Desk != "https://desk.example.com" {
			t.Errorf("%s: %+v, %v", by.ID, m, err)
		}
		// A party's dossier tells no more than the party may see.
		if whole := bytes.Contains(files["order.json"], []byte("TRACK1")); whole != (depth == desk.DepthReviewer) {
			t.Errorf("%s: the tracking number is there: %v", by.ID, whole)
		}
		if bodies := bytes.Contains(files["events.jsonl"], []byte(`"body":{`)); bodies != (depth == desk.DepthReviewer) {
			t.Errorf("%s: events have bodies: %v", by.ID, bodies)
		}
		if !bytes.Contains(files["README.txt"], []byte("BEGIN PUBLIC KEY")) || bytes.Contains(files["说明.txt"], []byte("{{")) {
			t.Errorf("%s: %s", by.ID, files["README.txt"])
		}
	}
	_, err := dossier.Prepare(t.Context(), h.d, h.db, nil, stranger, h.id, "")
	if e, ok := text.AsRefusal(err); !ok || e.Code != text.CodeNotFound {
		t.Errorf("a stranger: %v", err)
	}
	if r := check(t, h.make(ann), nil); !r.Whole || r.Ours {
		t.Errorf("with no key to compare: %+v", r)
	}
}

func TestOneKeyForEver(t *testing.T) {
	h := newHouse(t)
	first := h.key()
	if again := h.key(); !first.Equal(again) {
		t.Error("another key the second time")
	}
	k, err := dossier.PublicKey(t.Context(), h.db)
	if err != nil || len(k.ID) != 16 {
		t.Fatalf("%+v, %v", k, err)
	}
	for _, text := range []string{k.PEM, k.PublicKey, " " + k.PublicKey + "\n"} {
		if got, err := dossier.ParseKey(text); err != nil || !first.Equal(got) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "x", k.PEM[:40], base64.StdEncoding.EncodeToString([]byte("short")), strings.Replace(k.PEM, "MC", "MD", 1)} {
		if _, err := dossier.ParseKey(text); err == nil {
			t.Errorf("%q is taken as a key", text)
		}
	}
}

// TestOpenSSLAgrees runs the commands that README.txt gives.
func TestOpenSSLAgrees(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	h := newHouse(t)
	dir := t.TempDir()
	files := unpack(t, h.make(shop))
	k, err := dossier.PublicKey(t.Context(), h.db)
	h.must(err)
	h.must(os.WriteFile(filepath.Join(dir, "desk.pem"), []byte(k.PEM), 0o600))
	verify := func() error {
		for _, name := range []string{"manifest.json", "manifest.sig"} {
			h.must(os.WriteFile(filepath.Join(dir, name), files[name], 0o600))
		}
		cmd := exec.CommandContext(t.Context(), "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "desk.pem", "-rawin", "-in", "manifest.json", "-sigfile", "manifest.sig")
		cmd.Dir = dir
		return cmd.Run()
	}
	if err := verify(); err != nil {
		t.Errorf("as it was made: %v", err)
	}
	files["manifest.json"][50] ^= 1
	if verify() == nil {
		t.Error("a changed manifest passes")
	}
}

// TestAnyChangedByteIsSeen flips bits all over a dossier.
func TestAnyChangedByteIsSeen(t *testing.T) {
	h := newHouse(t)
	data, key := h.make(ann), h.key()
	unseen := 0
	for at := 0; at < len(data); at += 7 {
		changed := slices.Clone(data)
		changed[at] ^= 1 << (at % 8)
		r := check(t, changed, key)
		if r.Whole && r.Ours {
			// What an unpacker heeds little: times, versions, checksums, extras.
			unseen++
			same := unpackLoose(changed)
			for name, want := range unpack(t, data) {
				if got, ok := same[name]; ok && !bytes.Equal(got, want) {
					t.Fatalf("byte %d changes %s and nobody sees it", at, name)
				}
			}
			if len(same) > len(unpack(t, data)) {
				t.Fatalf("byte %d adds a file and nobody sees it", at)
			}
		}
	}
	t.Logf("%d of %d changes are of no consequence", unseen, len(data)/7)
}

// unpackLoose is unpack without complaints: what some program may make of it.
func unpackLoose(data []byte) map[string][]byte {
	out := map[string][]byte{}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return out
	}
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			out[f.Name], _ = io.ReadAll(r)
		}
	}
	return out
}

// TestEvidenceThatIsGoneOrChanged: what is gone is noted, what was changed
// makes no dossier.
func TestEvidenceThatIsGoneOrChanged(t *testing.T) {
	h := newHouse(t)
	c, err := h.d.Case(t.Context(), ann, h.id)
	h.must(err)
	sha := c.Evidence[0].SHA256
	lossy := desk.New(desk.Options{Store: h.db, Blobs: without{h.db.Blobs(), sha, ""}})
	d, err := dossier.Prepare(t.Context(), lossy, h.db, nil, ann, h.id, "")
	h.must(err)
	var out bytes.Buffer
	h.must(d.Write(t.Context(), &out))
	files := unpack(t, out.Bytes())
	if r := check(t, out.Bytes(), h.key()); !r.Whole || !bytes.Contains(files["manifest.json"], []byte(sha)) || len(r.Files) != 8 {
		t.Errorf("bytes that are gone: %+v", r)
	}
	forged := desk.New(desk.Options{Store: h.db, Blobs: without{h.db.Blobs(), sha, "forged"}})
	d, err = dossier.Prepare(t.Context(), forged, h.db, nil, ann, h.id, "")
	h.must(err)
	if err := d.Write(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("bytes that were changed: %v", err)
	}
}

// without is a store of bytes that has lost one, or has others in its place.
type without struct {
	desk.Blobs
	sha, instead string
}

func (b without) Size(ctx context.Context, sha string) (int64, error) {
	switch {
	case sha != b.sha:
		return b.Blobs.Size(ctx, sha)
	case b.instead == "":
		return 0, work.ErrNotFound
	}
	return int64(len(b.instead)), nil
}

func (b without) Open(ctx context.Context, sha string, at, n int64) (io.ReadCloser, error) {
	if sha == b.sha {
		return io.NopCloser(strings.NewReader(b.instead)), nil
	}
	return b.Blobs.Open(ctx, sha, at, n)
}
