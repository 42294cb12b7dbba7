package c2pa

import (
	"slices"
	"testing"
)

func TestCollectionHash(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	pixels := []byte("\xff\xd8\xff\xd9")
	entry := func(uri string, hash []byte) any { return map[string]any{"uri": uri, "hash": hash} }
	for name, c := range map[string]struct {
		uris  []any
		codes []string
	}{
		"one of them":      {[]any{entry("a/b.txt", sha([]byte("b"))), entry("a.jpg", sha(pixels))}, nil},
		"none of them":     {[]any{entry("a/b.txt", sha([]byte("b")))}, []string{"assertion.collectionHash.mismatch"}},
		"out of the house": {[]any{entry("../a.jpg", sha(pixels))}, []string{"assertion.collectionHash.invalidURI"}},
		"no hash":          {[]any{entry("a.jpg", nil)}, []string{"assertion.collectionHash.malformed"}},
		"empty":            {nil, []string{"assertion.collectionHash.malformed"}},
	} {
		store := k.simple(part{label: "c2pa.hash.collection.data", val: map[string]any{"alg": "sha256", "uris": c.uris}})
		r := expect(t, name, pixels, Options{Trust: NewTrustList(ca.cert), Sidecar: store}, c.codes...)
		if r.Summary.Trusted != (c.codes == nil) {
			t.Errorf("%s: %+v", name, r.Summary)
		}
	}
}

// TestCloudData: what is kept elsewhere is named, and never fetched.
func TestCloudData(t *testing.T) {
	k := newMaker(newAuthority())
	pixels := []byte("\xff\xd8\xff\xd9")
	hash := part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": sha(pixels)}}
	at := map[string]any{"url": "https://example.org/x", "hash": make([]byte, 32), "alg": "sha256"}
	for name, c := range map[string]struct {
		val   map[string]any
		codes []string
	}{
		"a thumbnail": {map[string]any{"label": "c2pa.thumbnail.claim", "size": 9, "location": at, "content_type": "image/jpeg"}, nil},
		"a binding":   {map[string]any{"label": "c2pa.hash.data", "size": 9, "location": at}, []string{codeCloudBinding}},
		"actions":     {map[string]any{"label": "c2pa.actions.v2", "size": 9, "location": at}, []string{codeCloudActions}},
		"no place":    {map[string]any{"label": "c2pa.thumbnail.claim", "size": 9}, []string{codeCloudMalformed}},
	} {
		store := storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, hash, part{label: "c2pa.cloud-data", val: c.val}))
		r := expect(t, name, pixels, Options{Sidecar: store}, c.codes...)
		named := slices.ContainsFunc(r.Statuses, func(s Status) bool { return s.Code == codeInaccessible && !s.Failure })
		if named != (c.codes == nil) {
			t.Errorf("%s: %+v", name, r.Statuses)
		}
	}
}
