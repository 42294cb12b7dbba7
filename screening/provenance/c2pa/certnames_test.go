package c2pa

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestOddNames: a name with an underscore in a PrintableString is read, and
// what is signed about it is what came.
func TestOddNames(t *testing.T) {
	ca := newAuthority()
	name := derSeq(derSet(derSeq(der(asn1.ObjectIdentifier{2, 5, 4, 3}), der(asn1.RawValue{Tag: asn1.TagPrintableString, Bytes: []byte("Clock_1")}))))
	tpl := &x509.Certificate{SerialNumber: big.NewInt(7), RawSubject: name, NotBefore: testNow.AddDate(-1, 0, 0), NotAfter: testNow.AddDate(1, 0, 0)}
	raw := must(x509.CreateCertificate(rand.Reader, tpl, ca.cert, keyFor(algES256).Public(), ca.key))
	if _, err := x509.ParseCertificate(raw); err == nil {
		t.Skip("the standard library reads it by now")
	}
	c, err := parseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	if c.Subject.CommonName != "Clock_1" || !bytes.Equal(c.Raw, raw) || !bytes.Equal(c.RawSubject, name) {
		t.Errorf("read as %v", c.Subject)
	}
	if err := signedBy(c, ca.cert); err != nil {
		t.Error(err)
	}
	if _, err := parseCertificate(raw[:len(raw)-9]); err == nil {
		t.Error("half a certificate is read")
	}
}
