package c2pa

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

// maxStaples bounds the answers on certificate status that are looked at.
const maxStaples = 8

// revocation is what a stapled answer says of the signer's certificate.
type revocation struct {
	revoked  bool
	at       time.Time // of revocation
	from, to time.Time // the answer's own validity; to is zero where it names none
}

// readStaple verifies one OCSP answer (RFC 6960) for the first certificate of
// a chain. Who answers must be the issuer, or be certified by it for that.
func readStaple(der []byte, chain []*x509.Certificate, trust *TrustList) (revocation, error) {
	issuer := issuerOf(chain, trust)
	if issuer == nil {
		return revocation{}, errors.New("the certificate's issuer is not at hand")
	}
	if !plainAnswer(der) {
		return revocation{}, errors.New("the OCSP answer is not written in DER")
	}
	r, err := ocsp.ParseResponseForCert(der, chain[0], issuer)
	if err != nil {
		return revocation{}, fmt.Errorf("reading OCSP answer: %w", err)
	}
	if c := r.Certificate; c != nil && !c.Equal(issuer) &&
		(!slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) || !validAt(c, r.ProducedAt)) {
		return revocation{}, errors.New("the OCSP answer's signer may not sign such answers")
	}
	switch r.Status {
	case ocsp.Good:
		return revocation{from: r.ThisUpdate, to: r.NextUpdate}, nil
	case ocsp.Revoked:
		// A certificate taken off the list again counts as never revoked.
		return revocation{revoked: r.RevocationReason != ocsp.RemoveFromCRL, at: r.RevokedAt, from: r.ThisUpdate, to: r.NextUpdate}, nil
	}
	return revocation{}, errors.New("the OCSP responder does not know the certificate")
}

// plainAnswer says whether an answer's frame, which its signature does not
// cover, is written in DER with nothing beside what is read (RFC 6960, 4.2.1).
func plainAnswer(der []byte) bool {
	var answer struct {
		Status   asn1.Enumerated
		Response struct {
			Type  asn1.ObjectIdentifier
			Basic []byte
		} `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &answer); err != nil || !same(der, answer) {
		return false
	}
	var basic struct {
		Data      asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
		Certs     []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	_, err := asn1.Unmarshal(answer.Response.Basic, &basic)
	return err == nil && same(answer.Response.Basic, basic)
}

// issuerOf returns the certificate that issued the first of a chain.
func issuerOf(chain []*x509.Certificate, trust *TrustList) *x509.Certificate {
	if len(chain) > 1 && signedBy(chain[0], chain[1]) == nil {
		return chain[1]
	}
	if trust == nil {
		return nil
	}
	for _, a := range trust.anchors {
		if bytes.Equal(a.RawSubject, chain[0].RawIssuer) && signedBy(chain[0], a) == nil {
			return a
		}
	}
	return nil
}

// examineRevocation evaluates the answers on certificate status that a
// signature or a c2pa.certificate-status assertion brings along; none is ever
// asked for. An answer counts for a signature with a time stamp, as in the
// reference tool; without one, or where it cannot be verified, it fails
// nothing, but what cannot be verified is not trusted.
func (v *validator) examineRevocation(m *manifest, s *sign1, st *stamp, e *examined) {
	const path = "c2pa.signature"
	header := s.unprotected.get("rVals")
	own := header.get("ocspVals").list()
	e.ocsp = header.exists()
	if e.ocsp && (len(own) == 0 || len(own) > maxStaples) {
		e.flawed = true
	}
	for i, staple := range append(own, v.assertedStaples()...) {
		if i >= maxStaples {
			return
		}
		r, err := readStaple(staple.bytes(), s.chain, v.opts.Trust)
		switch {
		case err != nil && i < len(own):
			e.flawed = true
			v.add(m, codeOCSPSkipped, path, err.Error(), false)
		case err != nil: // an assertion may hold answers for others
		case r.revoked && (st == nil || !st.at.Before(r.at)):
			e.ocsp, e.flawed = true, true
			code := codeOCSPRevoked
			if m.version < 2 {
				code = codeRevoked
			}
			v.add(m, code, path, "revoked "+r.at.UTC().Format(time.RFC3339), st != nil)
		case st != nil && (r.to.IsZero() || !st.at.After(r.to)):
			e.ocsp = true
			v.add(m, codeOCSPGood, path, "", false)
		default: // older than the signature, or none knows when it was signed
			e.ocsp = true
			v.add(m, codeOCSPSkipped, path, "the answer does not cover the time of signing", false)
		}
	}
}

// assertedStaples collects the answers of all c2pa.certificate-status
// assertions; they are signed with the manifest they stand in.
func (v *validator) assertedStaples() []value {
	var out []value
	for _, m := range v.store.manifests {
		for _, a := range m.assertions {
			if base(a.label) == "c2pa.certificate-status" {
				out = append(out, a.val.get("ocspVals").list()...)
			}
		}
	}
	return out
}
