package c2pa

import (
	"bytes"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

var created = part{label: "c2pa.actions.v2", val: map[string]any{"actions": []any{
	map[string]any{"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"},
}}}

func (k *maker) simple(hash part) []byte {
	return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, hash))
}

// expect validates a file and compares failure codes.
func expect(t *testing.T, name string, file []byte, opts Options, codes ...string) *Report {
	t.Helper()
	opts.Now = testNow
	slices.Sort(codes)
	r, err := Read(file, opts)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return &Report{}
	}
	if !slices.Equal(r.Summary.Validation, codes) && len(r.Summary.Validation)+len(codes) > 0 {
		t.Errorf("%s: got %v, want %v\n%+v", name, r.Summary.Validation, codes, r.Statuses)
	}
	if len(codes) > 0 && r.Summary.Trusted {
		t.Errorf("%s: trusted in spite of failures", name)
	}
	return r
}

func TestContainers(t *testing.T) {
	ca := newAuthority()
	trust := Options{Trust: NewTrustList(ca.cert)}
	for name, in := range map[string]embed{"jpeg": inJPEG, "png": inPNG, "webp": inWebP, "tiff": inTIFF, "gif": inGIF} {
		file := dataBound(t, in, newMaker(ca).simple)
		if r := expect(t, name, file, trust); !r.Summary.Trusted || !r.camera || r.Summary.Signer != "Test Signer" {
			t.Errorf("%s: %+v", name, r.Summary)
		}
		expect(t, name, file, Options{})
		expect(t, name, file, Options{Trust: NewTrustList(newAuthority().cert)}, codeSignerUntrusted)
		bad := bytes.Clone(file)
		bad[len(bad)-1] ^= 1
		expect(t, name+" changed", bad, trust, "assertion.dataHash.mismatch")
		expect(t, name+" grown", append(bytes.Clone(file), 0), trust, "assertion.dataHash.mismatch")
	}
}

func TestLongStoreInJPEG(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	file := dataBound(t, inJPEG, func(hash part) []byte {
		thumb := part{label: "c2pa.thumbnail.claim.jpeg", val: make([]byte, 200_000)}
		return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, thumb, hash))
	})
	expect(t, "several segments", file, Options{})
}

func TestSidecar(t *testing.T) {
	pixels := []byte("\xff\xd8\xff\xd9")
	hash := part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": sha(pixels)}}
	ca := newAuthority()
	store := newMaker(ca).simple(hash)
	trust := NewTrustList(ca.cert)
	if r := expect(t, "with its file", pixels, Options{Sidecar: store, Trust: trust}); !r.Summary.Trusted || !r.Bound {
		t.Errorf("%+v", r.Summary)
	}
	expect(t, "with another file", []byte("\xff\xd8\xff\xd8"), Options{Sidecar: store}, "assertion.dataHash.mismatch")
	if r := expect(t, "alone", store, Options{Trust: trust}); r.Summary.Trusted || r.Bound {
		t.Errorf("trusted without the file it is about: %+v", r.Summary)
	}
}

func TestAlgorithms(t *testing.T) {
	ca := newAuthority()
	for _, alg := range []int64{algES256, algES384, algES512, algPS256, algPS384, algPS512, algEdDSA} {
		k := newMaker(ca)
		k.alg, k.key = alg, keyFor(alg)
		k.chain[0] = ca.issue(k.key.Public(), nil)
		file := dataBound(t, inJPEG, k.simple)
		expect(t, algName(alg), file, Options{})

		other := newMaker(ca) // the certificate of another key
		k.chain[0] = ca.issue(keyFor(alg).Public(), nil)
		other.alg, other.key, other.chain = alg, k.key, k.chain
		expect(t, algName(alg)+" by another", dataBound(t, inJPEG, other.simple), Options{}, codeSignatureBad)
	}
	k := newMaker(ca)
	k.der = true
	pixels, store := stampedFile(k)
	expect(t, "written as DER", pixels, Options{Sidecar: store}, codeSignerInvalid, codeSignatureBad)
	k = newMaker(ca)
	k.alg = -999
	r := expect(t, "unknown", dataBound(t, inJPEG, func(h part) []byte { return k.simple(h) }), Options{}, codeAlgorithm, codeSignatureBad)
	if f := r.Findings(); len(f) != 1 || f[0].Stance != evidence.Neutral {
		t.Errorf("a signature that cannot be checked here is held against somebody: %+v", f)
	}
}

func TestCredentials(t *testing.T) {
	ca := newAuthority()
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		code   string
	}{
		"expired":        {func(c *x509.Certificate) { c.NotAfter = testNow.AddDate(0, 0, -1) }, codeSignerExpired},
		"not yet valid":  {func(c *x509.Certificate) { c.NotBefore = testNow.AddDate(0, 0, 1) }, codeSignerExpired},
		"no usage":       {func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, codeSignerInvalid},
		"server":         {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, codeSignerInvalid},
		"anything":       {func(c *x509.Certificate) { c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsageAny) }, codeSignerInvalid},
		"mixed stamping": {func(c *x509.Certificate) { c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) }, codeSignerInvalid},
		"an authority":   {func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }, codeSignerInvalid},
	} {
		k := newMaker(ca)
		k.chain[0] = ca.issue(k.key.Public(), c.change)
		trust := Options{Trust: NewTrustList(ca.cert)}
		for version := 1; version <= 2; version++ {
			k.version = version
			r := expect(t, name, dataBound(t, inJPEG, k.simple), trust, c.code)
			if f := r.Findings(); len(f) != 1 || f[0].Strength != evidence.Note || f[0].Stance != evidence.Neutral {
				t.Errorf("%s: an intact signature under a bad certificate is held against somebody: %+v", name, f)
			}
		}
	}
}

// TestAttachedPayload: a signature over something else, brought along as the
// COSE payload, does not make the claim signed.
func TestAttachedPayload(t *testing.T) {
	k := newMaker(newAuthority())
	s, err := parseSign1(k.sign([]byte("one")))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.verify([]byte("one")); err != nil {
		t.Error(err)
	}
	s.payload = []byte("one")
	if s.verify([]byte("two")) == nil {
		t.Error("a signature over other bytes is taken for the claim's")
	}
}

func TestAssertionFailures(t *testing.T) {
	k := newMaker(newAuthority())
	build := func(change func(m []byte) []byte) []byte {
		return dataBound(t, inPNG, func(h part) []byte {
			return storeOf(change(k.manifest("urn:c2pa:1", "c2ma", nil, created, h)))
		})
	}
	swap := func(from, to string) func([]byte) []byte {
		return func(m []byte) []byte { return bytes.Replace(m, []byte(from), []byte(to), 1) }
	}
	expect(t, "unchanged", build(swap("nothing", "")), Options{})
	expect(t, "action changed", build(swap("c2pa.created", "c2pa.drawing")), Options{}, codeAssertionMismatch)
	expect(t, "assertion renamed", build(swap("c2pa.actions.v2\x00", "c2pa.actions.v9\x00")), Options{}, codeAssertionMissing, codeAssertionUndeclared)
	expect(t, "signature gone", build(swap("c2pa.signature\x00", "c2pa.signaturf\x00")), Options{}, codeSignatureMissing)
	expect(t, "no binding", func() []byte {
		file, _ := inPNG(storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created)))
		return file
	}(), Options{}, codeBindingMissing)
	expect(t, "empty store", func() []byte { f, _ := inPNG(storeOf()); return f }(), Options{}, codeGeneral)
	expect(t, "garbage in the unsigned header", func() []byte {
		k.header = map[any]any{"pad": []byte{0, 0, 1}}
		return dataBound(t, inPNG, k.simple)
	}(), Options{})
}

func TestActionsOfVersion2(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	k.version = 2
	with := func(actions ...any) []byte {
		return dataBound(t, inJPEG, func(h part) []byte {
			return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, part{label: "c2pa.actions.v2", val: map[string]any{"actions": actions}}, h))
		})
	}
	source := "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
	expect(t, "created", with(map[string]any{"action": "c2pa.created", "digitalSourceType": source}), Options{})
	expect(t, "created of nothing", with(map[string]any{"action": "c2pa.created"}), Options{}, codeActionMalformed)
	expect(t, "starts with an edit", with(map[string]any{"action": "c2pa.cropped"}), Options{}, codeActionMalformed)
	expect(t, "two lists", dataBound(t, inJPEG, func(h part) []byte {
		edit := part{label: "c2pa.actions.v2__1", val: map[string]any{"actions": []any{map[string]any{"action": "c2pa.cropped"}}}}
		return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, edit, h))
	}), Options{})
	expect(t, "opens nothing", with(map[string]any{"action": "c2pa.opened"}), Options{}, codeActionIngredient)
}

func TestAI(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	for source, ai := range map[string]bool{
		"trainedAlgorithmicMedia": true, "compositeWithTrainedAlgorithmicMedia": true, "compositeSynthetic": true,
		"algorithmicMedia": false, "digitalCapture": false, "humanEdits": false,
	} {
		act := part{label: "c2pa.actions", val: map[string]any{"actions": []any{map[string]any{
			"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/" + source,
		}}}}
		file := dataBound(t, inJPEG, func(h part) []byte {
			return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, act, h))
		})
		r := expect(t, source, file, Options{Trust: NewTrustList(ca.cert)})
		if r.Summary.AI != ai || r.camera != (source == "digitalCapture") {
			t.Errorf("%s: AI %v, camera %v", source, r.Summary.AI, r.camera)
		}
	}
}

// TestHashAsList: a hash may be written as a list of numbers.
func TestHashAsList(t *testing.T) {
	pixels := []byte("\xff\xd8\xff\xd9")
	var list []int
	for _, b := range sha(pixels) {
		list = append(list, int(b))
	}
	store := newMaker(newAuthority()).simple(part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": list}})
	expect(t, "list", pixels, Options{Sidecar: store})
	expect(t, "list, changed", append(pixels, 0), Options{Sidecar: store}, "assertion.dataHash.mismatch")
}
