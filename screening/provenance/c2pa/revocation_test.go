package c2pa

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// answer signs an OCSP answer about a certificate.
func (a authority) answer(about *x509.Certificate, r ocsp.Response) []byte {
	r.SerialNumber, r.ProducedAt = about.SerialNumber, r.ThisUpdate
	if r.Certificate == nil {
		return must(ocsp.CreateResponse(a.cert, a.cert, r, a.key))
	}
	panic("use answerBy")
}

// answerBy signs it with another key that the authority certified.
func (a authority) answerBy(about *x509.Certificate, r ocsp.Response, change func(*x509.Certificate)) []byte {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	r.Certificate = a.issue(key.Public(), change)
	r.SerialNumber, r.ProducedAt = about.SerialNumber, r.ThisUpdate
	return must(ocsp.CreateResponse(a.cert, r.Certificate, r, key))
}

func staple(ders ...[]byte) map[any]any {
	return map[any]any{"rVals": map[any]any{"ocspVals": ders}}
}

func TestStapledOCSP(t *testing.T) {
	ca, stranger := newAuthority(), newAuthority()
	day := 24 * time.Hour
	signed := testNow.Add(-10 * day)
	good := ocsp.Response{Status: ocsp.Good, ThisUpdate: signed.Add(-day), NextUpdate: signed.Add(day)}
	stale := ocsp.Response{Status: ocsp.Good, ThisUpdate: signed.Add(-9 * day), NextUpdate: signed.Add(-8 * day)}
	revoked := ocsp.Response{Status: ocsp.Revoked, ThisUpdate: signed, NextUpdate: signed.Add(day), RevokedAt: signed.Add(-day), RevocationReason: ocsp.KeyCompromise}
	later := revoked
	later.RevokedAt = signed.Add(day)
	lifted := revoked
	lifted.RevocationReason = ocsp.RemoveFromCRL
	unknown := ocsp.Response{Status: ocsp.Unknown, ThisUpdate: signed, NextUpdate: signed.Add(day)}
	responder := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }

	for name, c := range map[string]struct {
		header  func(k *maker) map[any]any
		version int
		stamped bool
		trusted bool
		note    string // a status that is no failure
		codes   []string
	}{
		"good":                 {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], good)) }, 2, true, true, codeOCSPGood, nil},
		"good, by a responder": {func(k *maker) map[any]any { return staple(ca.answerBy(k.chain[0], good, responder)) }, 2, true, true, codeOCSPGood, nil},
		"by a mere signer":     {func(k *maker) map[any]any { return staple(ca.answerBy(k.chain[0], good, nil)) }, 2, true, false, codeOCSPSkipped, nil},
		"by a stranger":        {func(k *maker) map[any]any { return staple(stranger.answer(k.chain[0], good)) }, 2, true, false, codeOCSPSkipped, nil},
		"too old":              {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], stale)) }, 2, true, true, codeOCSPSkipped, nil},
		"good, no time stamp":  {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], good)) }, 2, false, true, codeOCSPSkipped, nil},
		"revoked":              {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], revoked)) }, 2, true, false, "", []string{codeOCSPRevoked}},
		"revoked, version 1":   {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], revoked)) }, 1, true, false, "", []string{codeRevoked}},
		"revoked, no stamp":    {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], revoked)) }, 2, false, false, codeOCSPRevoked, nil},
		"revoked afterwards":   {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], later)) }, 2, true, true, codeOCSPGood, nil},
		"taken off the list":   {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], lifted)) }, 2, true, true, codeOCSPGood, nil},
		"unknown":              {func(k *maker) map[any]any { return staple(ca.answer(k.chain[0], unknown)) }, 2, true, false, codeOCSPSkipped, nil},
		"about another":        {func(*maker) map[any]any { return staple(ca.answer(ca.cert, good)) }, 2, true, false, codeOCSPSkipped, nil},
		"unreadable":           {func(*maker) map[any]any { return staple([]byte{1}) }, 2, true, false, codeOCSPSkipped, nil},
		"empty":                {func(*maker) map[any]any { return staple() }, 2, true, false, "", nil},
	} {
		k := newMaker(ca)
		k.version, k.header = c.version, c.header(k)
		if c.stamped {
			k.stamp = newTSA(ca, signed).v2
		}
		pixels, store := stampedFile(k)
		r := expect(t, name, pixels, Options{Trust: NewTrustList(ca.cert), Sidecar: store}, c.codes...)
		if r.Summary.Trusted != c.trusted || !r.Summary.OCSP {
			t.Errorf("%s: trusted %v, ocsp %v: %+v", name, r.Summary.Trusted, r.Summary.OCSP, r.Statuses)
		}
		noted := func(s Status) bool { return s.Code == c.note && !s.Failure }
		if c.note != "" && !slices.ContainsFunc(r.Statuses, noted) {
			t.Errorf("%s: no %s in %+v", name, c.note, r.Statuses)
		}
	}
}

// TestAssertedOCSP: an answer may stand in an assertion of its own.
func TestAssertedOCSP(t *testing.T) {
	ca := newAuthority()
	signed := testNow.AddDate(0, 0, -10)
	k := newMaker(ca)
	k.version, k.stamp = 2, newTSA(ca, signed).v2
	pixels := []byte("\xff\xd8\xff\xd9")
	for code, status := range map[string]int{"": ocsp.Good, codeOCSPRevoked: ocsp.Revoked} {
		r := ocsp.Response{Status: status, ThisUpdate: signed, NextUpdate: signed.AddDate(0, 0, 1), RevokedAt: signed.AddDate(0, 0, -1)}
		store := storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created,
			part{label: "c2pa.hash.data", val: map[string]any{"hash": sha(pixels)}},
			part{label: "c2pa.certificate-status", val: map[string]any{"ocspVals": [][]byte{ca.answer(ca.cert, r), ca.answer(k.chain[0], r)}}}))
		want := slices.DeleteFunc([]string{code}, func(s string) bool { return s == "" })
		if got := expect(t, "asserted", pixels, Options{Trust: NewTrustList(ca.cert), Sidecar: store}, want...); got.Summary.Trusted != (status == ocsp.Good) {
			t.Errorf("%q: %+v", code, got.Statuses)
		}
	}
}
