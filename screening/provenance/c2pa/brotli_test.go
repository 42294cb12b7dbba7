package c2pa

import (
	"bytes"
	"testing"

	"github.com/andybalholm/brotli"
)

// pack compresses a finished manifest box the way claim generators do.
func pack(t testing.TB, label string, manifest []byte, whole bool) []byte {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriter(&out)
	if !whole {
		manifest = manifest[8:]
	}
	must(w.Write(manifest))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return super(kindCompressed, label, jbox("brob", append([]byte("jumb"), out.Bytes()...)))
}

func TestCompressedManifest(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	pixels := []byte("\xff\xd8\xff\xd9")
	hash := part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": sha(pixels)}}
	m := k.manifest("urn:c2pa:1", "c2ma", nil, created, hash)
	read := func(name string, box []byte, codes ...string) *Report {
		return expect(t, name, pixels, Options{Trust: NewTrustList(ca.cert), Sidecar: storeOf(box)}, codes...)
	}
	for name, whole := range map[string]bool{"whole box": true, "its content": false} {
		packed := pack(t, "urn:c2pa:1", m, whole)
		if r := read(name, packed); !r.Summary.Trusted || r.Summary.Active != "urn:c2pa:1" || len(r.Summary.Actions) != 1 {
			t.Errorf("%s: %+v", name, r.Summary)
		}
		for at := range packed {
			packed[at] ^= 1 << (at % 8)
			if r, err := Read(pixels, Options{Now: testNow, Trust: NewTrustList(ca.cert), Sidecar: storeOf(packed)}); err == nil && r.Summary.Trusted {
				// Two streams may unfold to the same manifest: then it is the
				// manifest that is trusted.
				if root, err := parseStore(storeOf(packed)); err != nil || !bytes.Equal(parseManifests(root).manifests[0].box.payload, m[8:]) {
					t.Errorf("%s: byte %d flipped, and trusted", name, at)
				}
			}
			packed[at] ^= 1 << (at % 8)
		}
	}
	tampered := bytes.Replace(m, []byte("c2pa.created"), []byte("c2pa.drawing"), 1)
	read("changed before packing", pack(t, "urn:c2pa:1", tampered, true), codeAssertionMismatch)
	read("another's label", pack(t, "urn:c2pa:2", m, true), codeCompressed)
	read("not Brotli", super(kindCompressed, "urn:c2pa:1", jbox("brob", []byte("jumbnothing"))), codeCompressed)
	read("a bomb", pack(t, "urn:c2pa:1", make([]byte, maxInflated+9), true), codeCompressed)
}
