package c2pa

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// chainTrust trusts the topmost certificate that a file's active signature
// brings along: what an operator's trust list would hold.
func chainTrust(t testing.TB, data []byte) *TrustList {
	t.Helper()
	raw, _, err := extract(data)
	if err != nil {
		t.Fatal(err)
	}
	root, err := parseStore(raw)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseSign1(parseManifests(root).active().cose)
	if err != nil || s.chainErr != nil {
		t.Fatal(err, s.chainErr)
	}
	return NewTrustList(s.chain[len(s.chain)-1])
}

func TestTrusted(t *testing.T) {
	for _, file := range sharedFiles(t) {
		data := readFile(t, file)
		if _, _, err := extract(data); err == ErrNone {
			continue
		}
		r, err := Read(data, Options{Now: testNow, Trust: chainTrust(t, data), Picture: pictured(t, data)})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(filepath.Base(file), r.Summary.Trusted, r.camera, r.Summary.Signer, r.Summary.SignedAt)
		if intact := len(r.Summary.Validation) == 0; r.Summary.Trusted != intact {
			t.Errorf("%s: trusted %v, failures %v", filepath.Base(file), r.Summary.Trusted, r.Summary.Validation)
		}
		if camera := filepath.Base(file) == "truepic-20230212-camera.jpg"; r.camera != camera {
			t.Errorf("%s: camera %v", filepath.Base(file), r.camera)
		}
		stranger, err := Read(data, Options{Now: testNow, Trust: NewTrustList()})
		if err != nil || stranger.Summary.Trusted || stranger.Summary.Validation[len(stranger.Summary.Validation)-1] == "" {
			t.Errorf("%s: an empty trust list trusts", filepath.Base(file))
		}
	}
}

// TestDamaged cuts and flips every test file. Whatever comes of it, nothing
// panics and nothing is called trusted.
func TestDamaged(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	rng := rand.New(rand.NewPCG(3, 1))
	for _, file := range sharedFiles(t) {
		data := readFile(t, file)
		raw, _, err := extract(data)
		if err != nil {
			continue
		}
		trust, picture := chainTrust(t, data), pictured(t, data)
		whole, err := Read(data, Options{Now: testNow, Trust: trust, Picture: picture})
		if err != nil {
			t.Fatal(err)
		}
		free := leftOut(t, data)
		check := func(what string, at int, bad []byte) {
			r, err := Read(bad, Options{Now: testNow, Trust: trust, Picture: picture})
			if err != nil || !r.Summary.Trusted {
				return
			}
			// What the signer left out of the hash cannot be told from
			// untouched: then nothing that is reported may differ.
			outside := slices.ContainsFunc(free, func(s span) bool { return at >= s.start && at < s.end })
			if what == "cut" || !outside || !reflect.DeepEqual(r, whole) {
				t.Errorf("%s: %s at %d of %d is still trusted", filepath.Base(file), what, at, len(data))
			}
		}
		for range rounds {
			at := rng.IntN(len(data))
			check("cut", at, data[:at])
			bad := bytes.Clone(data)
			at = rng.IntN(min(len(data), len(raw)+4000))
			bad[at] ^= 1 << rng.IntN(8)
			check("flip", at, bad)
			bad = bytes.Clone(data)
			at = rng.IntN(len(data))
			bad[at] ^= 1 << rng.IntN(8)
			check("flip", at, bad)
		}
	}
}
