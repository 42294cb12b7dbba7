package c2pa

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // ESSCertID of the first version names certificates by SHA-1
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// namedSigner looks among the signed attributes of a time stamp for the hash of
// its signer's certificate (RFC 2634, 5.4, and RFC 5035, 3), which RFC 3161
// asks for. named says whether one is there, fits whether none is another
// certificate's.
func namedSigner(attrs []byte, signer *x509.Certificate) (named, fits bool) {
	fits = true
	for len(attrs) > 0 {
		var attr struct {
			Type   asn1.ObjectIdentifier
			Values asn1.RawValue `asn1:"set"`
		}
		rest, err := asn1.Unmarshal(attrs, &attr)
		if err != nil {
			return named, false
		}
		attrs = rest
		first := attr.Type.Equal(oidSigningCert)
		if !first && !attr.Type.Equal(oidSigningCert2) {
			continue
		}
		h, sum, ok := essHash(attr.Values.Bytes, first)
		named, fits = true, fits && ok && bytes.Equal(digest(h, signer.Raw), sum)
	}
	return named, fits
}

// essHash reads the first certificate identifier of a signing-certificate
// attribute: an optional algorithm, SHA-256 where absent, and the hash.
func essHash(der []byte, first bool) (crypto.Hash, []byte, bool) {
	var outer struct{ Certs []asn1.RawValue }
	if _, err := asn1.Unmarshal(der, &outer); err != nil || len(outer.Certs) == 0 {
		return 0, nil, false
	}
	body, h := outer.Certs[0].Bytes, crypto.SHA256
	if first {
		h = crypto.SHA1
	} else if len(body) > 0 && body[0] == 0x30 {
		var alg pkix.AlgorithmIdentifier
		rest, err := asn1.Unmarshal(body, &alg)
		if h = hashOID(alg.Algorithm); err != nil || h == 0 {
			return 0, nil, false
		}
		body = rest
	}
	var sum []byte
	_, err := asn1.Unmarshal(body, &sum)
	return h, sum, err == nil
}
