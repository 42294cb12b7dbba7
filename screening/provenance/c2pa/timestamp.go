package c2pa

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// stamp is a verified RFC 3161 time stamp.
type stamp struct {
	at    time.Time
	chain []*x509.Certificate // the authority's, signer first
	tidy  bool                // nothing in the token that does not belong to the chain
	named bool                // what is signed names the signer's certificate by its hash
}

// Ways a time stamp can fail; each has its own status code.
var (
	errStampMalformed = errors.New("malformed time stamp")
	errStampMismatch  = errors.New("time stamp is for other bytes or its signature is broken")
	errStampValidity  = errors.New("time stamp outside the validity of its certificate")
)

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCert2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// timeStamp reads the first token of sigTst (version 1: over a COSE
// countersignature structure) or sigTst2 (over the signature's own bytes).
// Both results are nil where there is no time stamp.
func (s *sign1) timeStamp(claim []byte) (*stamp, error) {
	container, imprints := s.unprotected.get("sigTst2"), [][]byte{s.signature}
	if container.exists() {
		wrapped, err := cbor.Marshal(s.signature)
		if err != nil {
			return nil, err
		}
		imprints = append(imprints, wrapped)
	} else {
		if container = s.unprotected.get("sigTst"); !container.exists() {
			return nil, nil
		}
		signed, err := sigStructure("CounterSignature", s.protected, claim)
		if err != nil {
			return nil, err
		}
		imprints = [][]byte{signed}
	}
	tokens := container.get("tstTokens").list()
	if len(tokens) == 0 {
		return nil, errStampMalformed
	}
	return verifyToken(tokens[0].get("val").bytes(), imprints)
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      asn1.RawValue `asn1:"set"`
	Encap        encapsulated
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type encapsulated struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"optional,explicit,tag:0"`
}

type signerInfo struct {
	Version     int
	SID         asn1.RawValue
	Digest      pkix.AlgorithmIdentifier
	SignedAttrs asn1.RawValue `asn1:"optional,tag:0"`
	SigAlg      pkix.AlgorithmIdentifier
	Signature   []byte
	Unsigned    asn1.RawValue `asn1:"optional,tag:1"`
}

type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Alg    pkix.AlgorithmIdentifier
		Hashed []byte
	}
	Serial *big.Int
	Time   time.Time `asn1:"generalized"`
}

// tokenOf strips the response wrapper that sigTst has and sigTst2 has not.
// plain is true where the wrapper holds nothing but the token.
func tokenOf(der []byte) (token []byte, plain bool, err error) {
	var resp struct {
		Status asn1.RawValue
		Token  asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(der, &resp); err != nil {
		return nil, false, fmt.Errorf("%w: %w", errStampMalformed, err)
	}
	if resp.Status.Tag == asn1.TagOID {
		return der, true, nil
	}
	return resp.Token.FullBytes, plainlyGranted(resp.Status.Bytes) && same(der, resp), nil
}

// plainlyGranted reads a response's status (RFC 3161, 2.4.2): granted, or
// granted with changes, and nothing said beside it but what some authorities
// always say.
func plainlyGranted(status []byte) bool {
	const okay = "Operation Okay"
	texts := []string{"", "\x30\x10\x0c\x0e" + okay, "\x30\x11\x0c\x0f" + okay + "."}
	return len(status) >= 3 && (bytes.HasPrefix(status, []byte{2, 1, 0}) || bytes.HasPrefix(status, []byte{2, 1, 1})) &&
		slices.Contains(texts, string(status[3:]))
}

// verifyToken checks a time-stamp token (RFC 3161, 2.4.2, in CMS, RFC 5652)
// against any of the byte strings it may stand for.
func verifyToken(der []byte, imprints [][]byte) (*stamp, error) {
	der, plain, err := tokenOf(der)
	if err != nil {
		return nil, err
	}
	var ci contentInfo
	var sd signedData
	if _, err := asn1.Unmarshal(der, &ci); err != nil || !ci.Type.Equal(oidSignedData) {
		return nil, errStampMalformed
	}
	if _, err := asn1.Unmarshal(ci.Content.Bytes, &sd); err != nil || len(sd.Signers) == 0 || !sd.Encap.Type.Equal(oidTSTInfo) {
		return nil, errStampMalformed
	}
	var content []byte
	if _, err := asn1.Unmarshal(sd.Encap.Content.Bytes, &content); err != nil {
		return nil, errStampMalformed
	}
	var info tstInfo
	if _, err := asn1.Unmarshal(content, &info); err != nil {
		return nil, errStampMalformed
	}
	if !imprintMatches(info, imprints) {
		return nil, errStampMismatch
	}
	certs, n, err := tokenCertificates(sd.Certificates.Bytes)
	if err != nil {
		return nil, err
	}
	signer, err := verifySigner(sd.Signers[0], content, certs)
	if err != nil {
		return nil, err
	}
	if !validAt(signer, info.Time) {
		return nil, errStampValidity
	}
	chain := orderChain(signer, certs)
	plain = plain && tagged(ci.Content, 0xa0) && same(der, ci) && same(ci.Content.Bytes, sd) && same(sd.Encap.Content.Bytes, content) && plainSignedData(sd)
	named, fits := namedSigner(sd.Signers[0].SignedAttrs.Bytes, signer)
	return &stamp{at: info.Time.UTC(), chain: chain, tidy: plain && fits && len(chain) == n, named: named && fits}, nil
}

// same reports whether a structure that was read from der is all there is in
// it, written in DER.
func same(der []byte, v any) bool {
	again, err := asn1.Marshal(v)
	return err == nil && bytes.Equal(der, again)
}

// plainSignedData checks those fields of a token that no signature covers:
// versions, one digest algorithm, a signature algorithm that is known, and
// neither revocation lists nor unsigned attributes (RFC 5652, 5.1 and 5.3).
func plainSignedData(sd signedData) bool {
	si := sd.Signers[0]
	byKey := si.SID.Class == asn1.ClassContextSpecific
	switch {
	case len(sd.Signers) != 1, sd.Version != 3, byKey && si.Version != 3, !byKey && si.Version != 1:
		return false
	case len(sd.CRLs.FullBytes) > 0, len(si.Unsigned.FullBytes) > 0, !plainNull(si.Digest.Parameters):
		return false
	case !tagged(sd.Digests, 0x31), !tagged(sd.Encap.Content, 0xa0), !tagged(sd.Certificates, 0xa0), !tagged(si.SignedAttrs, 0xa0):
		return false // the library reads these whatever their tags are
	}
	var digests pkix.AlgorithmIdentifier
	if rest, err := asn1.Unmarshal(sd.Digests.Bytes, &digests); err != nil || len(rest) > 0 ||
		!digests.Algorithm.Equal(si.Digest.Algorithm) || !plainNull(digests.Parameters) || !same(sd.Digests.Bytes, digests) {
		return false
	}
	oid := si.SigAlg.Algorithm
	switch {
	case oid.Equal(oidPSS):
		return true
	case oid.Equal(oidRSA), oid.Equal(oidEC), oid.Equal(oidEd25519), signatureHash(oid) != 0:
		return plainNull(si.SigAlg.Parameters)
	}
	return false
}

func tagged(v asn1.RawValue, tag byte) bool { return len(v.FullBytes) > 0 && v.FullBytes[0] == tag }

// plainNull accepts absent parameters of an algorithm and NULL.
func plainNull(p asn1.RawValue) bool {
	return len(p.FullBytes) == 0 || bytes.Equal(p.FullBytes, []byte{5, 0})
}

func imprintMatches(info tstInfo, imprints [][]byte) bool {
	h := hashOID(info.Imprint.Alg.Algorithm)
	return h != 0 && slices.ContainsFunc(imprints, func(p []byte) bool {
		return bytes.Equal(digest(h, p), info.Imprint.Hashed)
	})
}

// tokenCertificates reads the n certificates of a CMS structure; those the
// standard library cannot read are left out.
func tokenCertificates(der []byte) (certs []*x509.Certificate, n int, err error) {
	for ; len(der) > 0 && n <= maxChain; n++ {
		var raw asn1.RawValue
		if der, err = asn1.Unmarshal(der, &raw); err != nil {
			return nil, 0, errStampMalformed
		}
		if c, err := parseCertificate(raw.FullBytes); err == nil {
			certs = append(certs, c)
		}
	}
	if len(certs) == 0 {
		return nil, 0, fmt.Errorf("%w: no certificate", errStampMalformed)
	}
	return certs, n, nil
}

// verifySigner finds the signer's certificate and checks the signature over
// the signed attributes, which in turn hold the digest of the content.
func verifySigner(si signerInfo, content []byte, certs []*x509.Certificate) (*x509.Certificate, error) {
	signer := findSigner(si.SID, certs)
	h := hashOID(si.Digest.Algorithm)
	if signer == nil || h == 0 {
		return nil, errStampMalformed
	}
	if !slices.Contains(signer.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return nil, fmt.Errorf("%w: certificate is not for time stamps", errStampMismatch)
	}
	signed := content
	if attrs := si.SignedAttrs; len(attrs.FullBytes) > 0 {
		md, ok := signedDigest(attrs.Bytes)
		if !ok || !bytes.Equal(md, digest(h, content)) {
			return nil, errStampMismatch
		}
		signed = bytes.Clone(attrs.FullBytes)
		signed[0] = 0x31 // signed as a SET, sent with a context tag (RFC 5652, 5.4)
	}
	key, err := publicKey(signer.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, errStampMalformed
	}
	if sh := signatureHash(si.SigAlg.Algorithm); sh != 0 {
		h = sh
	}
	if err := verifyDER(key, h, si.SigAlg.Algorithm.Equal(oidPSS), signed, si.Signature); err != nil {
		return nil, errStampMismatch
	}
	return signer, nil
}

// signedDigest returns the message digest attribute, if the content type is
// that of a time stamp.
func signedDigest(der []byte) (md []byte, ok bool) {
	for len(der) > 0 {
		var attr struct {
			Type   asn1.ObjectIdentifier
			Values asn1.RawValue `asn1:"set"`
		}
		rest, err := asn1.Unmarshal(der, &attr)
		if err != nil {
			return nil, false
		}
		der = rest
		switch {
		case attr.Type.Equal(oidMessageDigest):
			if _, err := asn1.Unmarshal(attr.Values.Bytes, &md); err != nil {
				return nil, false
			}
		case attr.Type.Equal(oidContentType):
			var t asn1.ObjectIdentifier
			if _, err := asn1.Unmarshal(attr.Values.Bytes, &t); err != nil || !t.Equal(oidTSTInfo) {
				return nil, false
			}
			ok = true
		}
	}
	return md, ok && md != nil
}

// findSigner matches a SignerIdentifier: issuer and serial, or key identifier.
func findSigner(sid asn1.RawValue, certs []*x509.Certificate) *x509.Certificate {
	var by struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	if sid.Class == asn1.ClassContextSpecific && sid.Tag == 0 {
		for _, c := range certs {
			if len(c.SubjectKeyId) > 0 && bytes.Equal(c.SubjectKeyId, sid.Bytes) {
				return c
			}
		}
		return nil
	}
	if _, err := asn1.Unmarshal(sid.FullBytes, &by); err != nil {
		return nil
	}
	for _, c := range certs {
		if c.SerialNumber.Cmp(by.Serial) == 0 && bytes.Equal(c.RawIssuer, by.Issuer.FullBytes) {
			return c
		}
	}
	return nil
}

// orderChain puts certificates in order from the signer upwards.
func orderChain(signer *x509.Certificate, certs []*x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{signer}
	for len(chain) <= len(certs) {
		last := chain[len(chain)-1]
		i := slices.IndexFunc(certs, func(c *x509.Certificate) bool {
			return !slices.Contains(chain, c) && signedBy(last, c) == nil
		})
		if i < 0 {
			break
		}
		chain = append(chain, certs[i])
	}
	return chain
}

func hashOID(oid asn1.ObjectIdentifier) crypto.Hash {
	switch oid.String() {
	case "2.16.840.1.101.3.4.2.1":
		return crypto.SHA256
	case "2.16.840.1.101.3.4.2.2":
		return crypto.SHA384
	case "2.16.840.1.101.3.4.2.3":
		return crypto.SHA512
	}
	return 0
}

// signatureHash returns the digest that a signature algorithm names itself.
func signatureHash(oid asn1.ObjectIdentifier) crypto.Hash {
	switch oid.String() {
	case "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2":
		return crypto.SHA256
	case "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3":
		return crypto.SHA384
	case "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4":
		return crypto.SHA512
	}
	return 0
}
