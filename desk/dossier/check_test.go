package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/desk/dossier"
)

// part is one file to be packed.
type part struct {
	name   string
	data   []byte
	method uint16
}

func parts(t testing.TB, data []byte) (out []part) {
	t.Helper()
	files := unpack(t, data)
	z, _ := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	for _, f := range z.File {
		out = append(out, part{f.Name, files[f.Name], zip.Store})
	}
	return out
}

func pack(t testing.TB, list []part) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range list {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: p.method})
		if err == nil {
			_, err = w.Write(p.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func at(list []part, prefix string) int {
	return slices.IndexFunc(list, func(p part) bool { return strings.HasPrefix(p.name, prefix) })
}

// resigned is the list with a manifest that says what m does to it, signed by key.
func resigned(t testing.TB, list []part, key ed25519.PrivateKey, change func(*dossier.Manifest)) []part {
	t.Helper()
	list = slices.Clone(list)
	i, j := at(list, "manifest.json"), at(list, "manifest.sig")
	var m dossier.Manifest
	if err := json.Unmarshal(list[i].data, &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	list[i].data, _ = json.Marshal(m)
	list[j].data = ed25519.Sign(key, list[i].data)
	return list
}

func TestTampering(t *testing.T) {
	h := newHouse(t)
	whole := parts(t, h.make(ann))
	own, err := dossier.SigningKey(t.Context(), h.db)
	h.must(err)
	_, forger, _ := ed25519.GenerateKey(nil)
	sum := func(data []byte) string { s := sha256.Sum256(data); return hex.EncodeToString(s[:]) }
	edit := func(f func(list []part) []part) []byte { return pack(t, f(slices.Clone(whole))) }
	raw := pack(t, whole)
	tests := []struct {
		name string
		data []byte
		want string // problems; "" with whole
	}{
		{"packed again", raw, ""},
		{"packed again, smaller", edit(func(l []part) []part {
			for i := range l {
				l[i].method = zip.Deflate
			}
			return l
		}), ""},
		{"a picture changed", edit(func(l []part) []part { l[at(l, "evidence/")].data = []byte("another"); return l }), "changed"},
		{"a picture taken out", edit(func(l []part) []part { i := at(l, "evidence/"); return slices.Delete(l, i, i+1) }), "missing"},
		{"a picture added", edit(func(l []part) []part { return append(l, part{"evidence/99.jpg", []byte("x"), 0}) }), "extra"},
		{"the manifest changed", edit(func(l []part) []part {
			i := at(l, "manifest.json")
			l[i].data = bytes.Replace(l[i].data, []byte("reviewer"), []byte("merchant"), 1)
			return l
		}), "signature"},
		{"the signature of another", edit(func(l []part) []part { l[at(l, "manifest.sig")].data = make([]byte, 64); return l }), "signature"},
		{"a long signature", edit(func(l []part) []part { l[at(l, "manifest.sig")].data = make([]byte, 1<<20); return l }), "signature"},
		{"no signature", edit(func(l []part) []part { i := at(l, "manifest.sig"); return slices.Delete(l, i, i+1) }), "not_a_dossier"},
		{"another's key in the manifest", pack(t, resigned(t, whole, forger, func(m *dossier.Manifest) { m.Key.PublicKey = "AAAA" })), "key other_key"},
		{"events in another order, signed by us", pack(t, resigned(t, func() []part {
			l := slices.Clone(whole)
			i := at(l, "events.jsonl")
			lines := bytes.SplitAfter(l[i].data, []byte("\n"))
			lines[0], lines[1] = lines[1], lines[0]
			l[i].data = bytes.Join(lines, nil)
			return l
		}(), own, func(m *dossier.Manifest) {
			for i, f := range m.Files {
				if f.Name == "events.jsonl" {
					lines := bytes.SplitAfter(whole[at(whole, "events.jsonl")].data, []byte("\n"))
					lines[0], lines[1] = lines[1], lines[0]
					m.Files[i].SHA256 = sum(bytes.Join(lines, nil))
				}
			}
		})), "record"},
		{"a manifest that leads elsewhere", pack(t, resigned(t, whole, own, func(m *dossier.Manifest) { m.Files[0].Name = "../x" })), "not_a_dossier"},
		{"a claim of any name", pack(t, resigned(t, whole, own, func(m *dossier.Manifest) { m.ClaimID = "<script>" })), "not_a_dossier"},
		{"a path upwards", edit(func(l []part) []part { return append(l, part{"../../etc/cron.d/x", []byte("x"), 0}) }), "name"},
		{"an absolute path", edit(func(l []part) []part { return append(l, part{"/etc/x", []byte("x"), 0}) }), "name"},
		{"a path of Windows", edit(func(l []part) []part { return append(l, part{`evidence\..\x`, []byte("x"), 0}) }), "name"},
		{"one name twice", edit(func(l []part) []part { return append(l, part{"claim.json", []byte("{}"), 0}) }), "name"},
		{"one name twice, in capitals", edit(func(l []part) []part { return append(l, part{"CLAIM.JSON", []byte("{}"), 0}) }), "name"},
		{"a bomb", edit(func(l []part) []part {
			i := at(l, "evidence/")
			l[i].data, l[i].method = make([]byte, 8<<20), zip.Deflate
			return resigned(t, l, own, func(m *dossier.Manifest) {
				for j, f := range m.Files {
					if f.Name == l[i].name {
						m.Files[j].Size, m.Files[j].SHA256 = 8<<20, sum(l[i].data)
					}
				}
			})
		}), "too_large changed"},
		{"something before it", append([]byte("#!/bin/sh\n"), raw...), "not_a_dossier"},
		{"something after it", append(slices.Clone(raw), "tail"...), "not_a_dossier"},
		{"cut off", raw[:len(raw)-30], "not_a_dossier"},
		{"nothing", nil, "not_a_dossier"},
		{"another ZIP", pack(t, []part{{"x.txt", []byte("x"), 0}}), "not_a_dossier"},
		{"two names for one file", func() []byte { // in the header before it another than in the directory
			data := slices.Clone(raw)
			i := bytes.Index(data, []byte("claim.json"))
			copy(data[i:], "clain")
			return data
		}(), "layout"},
		{"more files than there are", func() []byte {
			data := slices.Clone(raw)
			binary.LittleEndian.PutUint16(data[len(data)-12:], 9999)
			binary.LittleEndian.PutUint16(data[len(data)-14:], 9999)
			return data
		}(), "too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := check(t, tt.data, own.Public().(ed25519.PublicKey))
			if codes(r) != tt.want || r.Whole != (tt.want == "") {
				t.Errorf("whole %v, problems %q, want %q", r.Whole, codes(r), tt.want)
			}
		})
	}
	theirs := pack(t, resigned(t, whole, forger, func(m *dossier.Manifest) { m.Key = keyOf(t, forger) }))
	if r := check(t, theirs, own.Public().(ed25519.PublicKey)); !r.Whole || r.Ours || codes(r) != "other_key" {
		t.Errorf("signed by somebody else: %+v", r)
	}
}

// keyOf describes a key as a manifest does.
func keyOf(t testing.TB, private ed25519.PrivateKey) dossier.Key {
	t.Helper()
	public := private.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(public)
	return dossier.Key{ID: hex.EncodeToString(sum[:8]), Algorithm: "Ed25519", PublicKey: base64.StdEncoding.EncodeToString(public)}
}

func TestCheckStops(t *testing.T) {
	h := newHouse(t)
	data := h.make(ann)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := dossier.Check(ctx, bytes.NewReader(data), int64(len(data)), nil, 1<<20); err == nil {
		t.Errorf("a check that nobody waits for: %+v", r)
	}
}

func FuzzCheck(f *testing.F) {
	h := newHouse(f)
	data := h.make(ann)
	f.Add(data)
	f.Add(pack(f, parts(f, data)))
	f.Add([]byte("PK\x05\x06"))
	whole := unpack(f, data)
	key := h.key()
	f.Fuzz(func(t *testing.T, data []byte) {
		r := check(t, data, key)
		if !r.Whole || !r.Ours {
			return
		}
		for name, got := range unpackLoose(data) {
			if want, ok := whole[name]; !ok || !bytes.Equal(got, want) {
				t.Fatalf("%s is forged and nobody sees it", name)
			}
		}
	})
}
