package c2pa

import (
	"bytes"
	"testing"

	"golang.org/x/crypto/ocsp"
)

// seedFiles are small files of every container, some of them broken.
func seedFiles() [][]byte {
	k := newMaker(newAuthority())
	hash := part{label: "c2pa.hash.data", val: map[string]any{
		"alg": "sha256", "hash": make([]byte, 32),
		"exclusions": []any{map[string]any{"start": 20, "length": 4000}},
	}}
	bmff := part{label: "c2pa.hash.bmff.v3", val: map[string]any{
		"alg": "sha256", "hash": make([]byte, 32), "exclusions": []any{
			map[string]any{"xpath": "/moov/trak[1]", "flags": []byte{0, 0, 7}, "subset": []any{map[string]any{"offset": 12, "length": 0}}},
		},
		"merkle": []any{map[string]any{"localId": 0, "count": 1, "hashes": []any{[]byte{1}}}},
	}}
	boxes := part{label: "c2pa.hash.boxes", val: map[string]any{"boxes": []any{map[string]any{"names": []string{"SOI"}, "hash": []byte{1}}}}}
	in := part{label: "c2pa.ingredient.v3", val: map[string]any{
		"relationship":   "parentOf",
		"activeManifest": map[string]any{"url": "self#jumbf=/c2pa/a", "hash": []byte{1}},
	}}
	packed := pack(&testing.T{}, "c", k.manifest("c", "c2ma", nil, created, hash), true)
	store := storeOf(packed, k.manifest("a", "c2ma", nil, created, hash, bmff, boxes), k.manifest("b", "c2um", nil, in))
	files := [][]byte{store, []byte("\xff\xd8<x dcterms:provenance=\"https://example.org/m\"/>")}
	for _, e := range []embed{inJPEG, inPNG, inWebP, inTIFF, inGIF, inBMFF} {
		f, _ := e(store)
		files = append(files, f, f[:len(f)/2])
	}
	return files
}

// FuzzRead: any bytes give a report or an error, and no stranger is trusted.
func FuzzRead(f *testing.F) {
	for _, s := range seedFiles() {
		f.Add(s)
	}
	trust := NewTrustList(newAuthority().cert)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(data, Options{Now: testNow, Trust: trust})
		if err != nil {
			return
		}
		if r.Summary.Trusted {
			t.Error("trusted without a chain to the list")
		}
		if r.Summary.Validation == nil || r.Summary.Actions == nil {
			t.Error("lists must be there, if empty")
		}
		r.Findings()
	})
}

func FuzzStore(f *testing.F) {
	for _, s := range seedFiles()[:1] {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if root, err := parseStore(data); err == nil {
			for _, m := range parseManifests(root).manifests {
				m.ingredients()
				m.sources()
			}
		}
	})
}

func FuzzSignature(f *testing.F) {
	ca := newAuthority()
	k := newMaker(ca)
	k.stamp = newTSA(ca, testNow).v2
	f.Add(k.sign([]byte("claim")))
	k.stamp = newTSA(ca, testNow).v1
	f.Add(k.sign([]byte("claim")))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseSign1(data)
		if err != nil {
			return
		}
		_, _ = s.timeStamp([]byte("claim"))
		if s.chainErr == nil {
			_ = s.verify([]byte("claim"))
			_ = checkProfile(s.chain[0])
		}
	})
}

func FuzzTimeStamp(f *testing.F) {
	a := newTSA(newAuthority(), testNow)
	f.Add(a.token([]byte("x")))
	_, resp := a.v1(nil, []byte("x"), nil)
	f.Add(resp)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = verifyToken(data, [][]byte{[]byte("x")})
	})
}

// FuzzStaple: no bytes but the issuer's own make an answer on a certificate.
func FuzzStaple(f *testing.F) {
	ca := newAuthority()
	k := newMaker(ca)
	f.Add(newAuthority().answer(k.chain[0], ocsp.Response{Status: ocsp.Good, ThisUpdate: testNow, NextUpdate: testNow}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := readStaple(data, k.chain, NewTrustList(ca.cert)); err == nil {
			t.Error("an answer that the issuer did not sign is taken for one")
		}
	})
}

func FuzzBindings(f *testing.F) {
	pixels, _ := inBMFF([]byte("store"))
	for _, s := range seedFiles()[2:] {
		f.Add(enc(map[string]any{"hash": []byte{1}, "boxes": []any{}}), s)
	}
	f.Add(enc(map[string]any{"hash": []byte{1}, "exclusions": []any{map[string]any{"xpath": "/mdat", "start": 1, "length": 2}}}), pixels)
	f.Fuzz(func(t *testing.T, assertion, data []byte) {
		v, err := decodeCBOR(assertion)
		if err != nil {
			return
		}
		store, carrier, err := extract(data)
		p := placeOf(data, carrier)
		_, _ = p.checkBMFFHash(v, data, 3, "sha256")
		_, _ = p.checkDataHash(v, data, "sha256", true)
		if err == nil {
			_ = oddCarrier(data, store, carrier)
			_, _ = p.checkBoxHash(v, data, "sha256")
		}
	})
}

// FuzzLeftOut: whatever a hash leaves out, nothing panics, and no range passes
// that holds the first bytes of a scan.
func FuzzLeftOut(f *testing.F) {
	for _, s := range seedFiles()[2:] {
		f.Add(s, 0, 200)
	}
	f.Add(append([]byte("\xff\xd8"), segment(0xe1, 200, []byte(exifHead), exifBlock(6, []byte("\xff\xd8\xff")))...), 2, 200)
	f.Fuzz(func(t *testing.T, data []byte, start, length int) {
		if start < 0 || length < 0 || start > len(data) || length > len(data)-start {
			return
		}
		_, carrier, _ := extract(data)
		left, err := placeOf(data, carrier).leftOut(data, []span{{start, start + length}})
		if err != nil || carrier != carrierJPEG {
			return
		}
		for _, s := range jpegSegments(data, true) {
			if s.marker == 0xda && s.start < start+length && s.end > start && length > 0 {
				t.Errorf("a scan is left out: %+v", left)
			}
		}
	})
}

// FuzzCertificate: what is read eased is, byte for byte, what came.
func FuzzCertificate(f *testing.F) {
	f.Add(newAuthority().cert.Raw)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := parseCertificate(data); err == nil && !bytes.HasPrefix(data, c.Raw) {
			t.Error("another certificate than came")
		}
	})
}
