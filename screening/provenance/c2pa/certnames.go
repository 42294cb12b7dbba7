package c2pa

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
)

// parseCertificate reads a certificate as the standard library does, and also
// one whose names hold characters that a PrintableString may not (X.680, 41.4):
// time-stamp authorities in wide use have an underscore there.
func parseCertificate(der []byte) (*x509.Certificate, error) {
	c, err := x509.ParseCertificate(der)
	if err == nil {
		return c, nil
	}
	eased := bytes.Clone(der)
	if !easeNames(eased) {
		return nil, err
	}
	c, again := x509.ParseCertificate(eased)
	if again != nil {
		return nil, err
	}
	// Lengths are as they were, so that what is signed can be taken from the
	// certificate as it came.
	at := 0
	original := func(part []byte) []byte {
		at += bytes.Index(eased[at:], part)
		return der[at : at+len(part) : at+len(part)]
	}
	c.Raw, c.RawTBSCertificate = original(c.Raw), original(c.RawTBSCertificate)
	c.RawIssuer = original(c.RawIssuer)
	at += len(c.RawIssuer)
	c.RawSubject = original(c.RawSubject)
	return c, nil
}

// easeNames calls odd PrintableStrings of a certificate's names UTF8Strings, in
// place, and says whether there were any.
func easeNames(der []byte) (changed bool) {
	var cert, tbs asn1.RawValue
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		return false
	}
	if _, err := asn1.Unmarshal(cert.Bytes, &tbs); err != nil {
		return false
	}
	rest := tbs.Bytes
	for sequences := 0; len(rest) > 0; {
		var field asn1.RawValue
		after, err := asn1.Unmarshal(rest, &field)
		if err != nil {
			return changed
		}
		if field.Class == asn1.ClassUniversal && field.Tag == asn1.TagSequence {
			// Algorithm, issuer, validity, subject (RFC 5280, 4.1).
			if sequences++; sequences == 2 || sequences == 4 {
				changed = easeStrings(field.Bytes, 0) || changed
			}
		}
		rest = after
	}
	return changed
}

func easeStrings(der []byte, depth int) (changed bool) {
	for len(der) > 0 && depth < 4 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return changed
		}
		switch {
		case v.IsCompound:
			changed = easeStrings(v.Bytes, depth+1) || changed
		case v.Class == asn1.ClassUniversal && v.Tag == asn1.TagPrintableString && ascii(v.Bytes):
			der[0] = asn1.TagUTF8String
			changed = true
		}
		der = rest
	}
	return changed
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}
