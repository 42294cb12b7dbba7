package c2pa

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"
)

// tsa issues RFC 3161 tokens for tests.
type tsa struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	at   time.Time
}

func newTSA(ca authority, at time.Time) *tsa {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	cert := ca.issue(key.Public(), func(c *x509.Certificate) {
		c.Subject = pkix.Name{Organization: []string{"Test Clock"}}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}
		c.NotBefore, c.NotAfter = testNow.AddDate(-4, 0, 0), testNow.AddDate(4, 0, 0)
	})
	return &tsa{key, cert, at}
}

func der(v any) []byte                      { return must(asn1.Marshal(v)) }
func derTag(tag int, body ...[]byte) []byte { return derRaw(2, tag, body...) }
func derSet(body ...[]byte) []byte          { return derRaw(0, asn1.TagSet, body...) }
func derSeq(body ...[]byte) []byte          { return derRaw(0, asn1.TagSequence, body...) }
func derRaw(class, tag int, body ...[]byte) []byte {
	return der(asn1.RawValue{Class: class, Tag: tag, IsCompound: true, Bytes: bytes.Join(body, nil)})
}

// token stamps the given bytes.
func (a *tsa) token(over []byte) []byte {
	sha256ID := derSeq(der(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}))
	when := der(asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte(a.at.UTC().Format("20060102150405Z"))})
	info := derSeq(der(1), der(asn1.ObjectIdentifier{1, 2, 3}), derSeq(sha256ID, der(sha(over))), der(7), when)
	attrs := [][]byte{
		derSeq(der(oidContentType), derSet(der(oidTSTInfo))),
		derSeq(der(oidMessageDigest), derSet(der(sha(info)))),
	}
	sig := must(ecdsa.SignASN1(rand.Reader, a.key, sha(derSet(attrs...))))
	signer := derSeq(der(1), derSeq(a.cert.RawIssuer, der(a.cert.SerialNumber)), sha256ID, derTag(0, attrs...),
		derSeq(der(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2})), der(sig))
	signed := derSeq(der(3), derSet(sha256ID), derSeq(der(oidTSTInfo), derTag(0, der(info))),
		derTag(0, a.cert.Raw), derSet(signer))
	return derSeq(der(oidSignedData), derTag(0, signed))
}

// v1 and v2 are the two ways of putting a token into a signature.
func (a *tsa) v1(protected, claim, _ []byte) (string, []byte) {
	over := enc([]any{"CounterSignature", protected, []byte{}, claim})
	return "sigTst", derSeq(derSeq(der(0)), a.token(over))
}

func (a *tsa) v2(_, _, signature []byte) (string, []byte) { return "sigTst2", a.token(enc(signature)) }

// stampedFile makes a sidecar pair, where sizes need not settle.
func stampedFile(k *maker) (pixels, store []byte) {
	pixels = []byte("\xff\xd8\xff\xd9")
	return pixels, k.simple(part{label: "c2pa.hash.data", val: map[string]any{"hash": sha(pixels)}})
}

func TestTimeStamps(t *testing.T) {
	ca := newAuthority()
	old := testNow.AddDate(-2, 0, 0)
	// A signer whose certificate has run out since it signed.
	expired := func() *maker {
		k := newMaker(ca)
		k.chain[0] = ca.issue(k.key.Public(), func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = testNow.AddDate(-3, 0, 0), testNow.AddDate(-1, 0, 0)
		})
		return k
	}
	other := func(stamp func(_, _, _ []byte) (string, []byte)) func(_, _, _ []byte) (string, []byte) {
		return func(p, _, _ []byte) (string, []byte) { return stamp(p, []byte("other"), []byte("other")) }
	}
	forged := newTSA(ca, old)
	forged.key = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	late := newTSA(ca, testNow.AddDate(6, 0, 0))
	now := newTSA(ca, testNow.AddDate(0, 0, -1))
	past := newTSA(ca, old)
	worded := func(text string) func(_, _, _ []byte) (string, []byte) {
		return func(protected, claim, _ []byte) (string, []byte) {
			over := enc([]any{"CounterSignature", protected, []byte{}, claim})
			words := derSeq(der(asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(text)}))
			return "sigTst", derSeq(derSeq(der(0), words), past.token(over))
		}
	}
	server := newTSA(ca, old)
	server.cert = ca.issue(server.key.Public(), nil)
	for name, c := range map[string]struct {
		maker   *maker
		stamp   func(_, _, _ []byte) (string, []byte)
		version int
		trusted bool
		codes   []string
	}{
		"none":              {expired(), nil, 1, false, []string{codeSignerExpired}},
		"in time":           {expired(), past.v1, 1, true, nil},
		"in time, second":   {expired(), past.v2, 1, true, nil},
		"with a word":       {expired(), worded("Operation Okay"), 1, true, nil},
		"with other words":  {expired(), worded("Operation Odd."), 1, false, nil},
		"too late":          {expired(), now.v1, 1, false, []string{codeSignerExpired}},
		"for other bytes":   {newMaker(ca), other(past.v1), 1, false, nil},
		"the same, second":  {newMaker(ca), other(past.v2), 1, false, nil},
		"only information":  {newMaker(ca), other(past.v2), 2, false, nil},
		"forged":            {newMaker(ca), forged.v1, 1, false, nil},
		"not for stamping":  {newMaker(ca), server.v1, 1, false, nil},
		"by a dead clock":   {newMaker(ca), late.v1, 1, false, nil},
		"not a time stamp":  {newMaker(ca), func(_, _, _ []byte) (string, []byte) { return "sigTst", []byte{1} }, 1, false, nil},
		"not, information":  {newMaker(ca), func(_, _, _ []byte) (string, []byte) { return "sigTst2", []byte{1} }, 2, false, nil},
		"before it existed": {newMaker(ca), newTSA(ca, testNow.AddDate(-3, 0, 0)).v1, 1, false, []string{codeSignerExpired}},
	} {
		c.maker.stamp, c.maker.version = c.stamp, c.version
		pixels, store := stampedFile(c.maker)
		r := expect(t, name, pixels, Options{Trust: NewTrustList(ca.cert), Sidecar: store}, c.codes...)
		if r.Summary.Trusted != c.trusted {
			t.Errorf("%s: trusted %v: %+v", name, r.Summary.Trusted, r.Statuses)
		}
		if c.trusted && (r.Summary.SignedAt == nil || !r.Summary.SignedAt.Equal(old)) {
			t.Errorf("%s: signed at %v", name, r.Summary.SignedAt)
		}
	}
}

// TestChains: trust goes up through intermediates that are authorities, and
// only through those.
func TestChains(t *testing.T) {
	root := newAuthority()
	for name, c := range map[string]struct {
		ca      bool
		trusted bool
	}{"an authority": {true, true}, "a mere signer": {false, false}} {
		key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
		middle := authority{root.issue(key.Public(), func(x *x509.Certificate) {
			x.SerialNumber, x.Subject = big.NewInt(9), pkix.Name{CommonName: "Middle"}
			x.SubjectKeyId = []byte{7}
			if c.ca {
				x.IsCA, x.BasicConstraintsValid, x.KeyUsage = true, true, x509.KeyUsageCertSign
			}
		}), key}
		k := newMaker(middle)
		k.chain = append(k.chain, middle.cert)
		pixels, store := stampedFile(k)
		r, err := Read(pixels, Options{Now: testNow, Trust: NewTrustList(root.cert), Sidecar: store})
		if err != nil || r.Summary.Trusted != c.trusted {
			t.Errorf("signed under %s: %v, %+v", name, err, r.Statuses)
		}
	}
}
