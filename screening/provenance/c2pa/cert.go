package c2pa

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// TrustList holds the certificates a validator trusts to sign for others.
type TrustList struct{ anchors []*x509.Certificate }

// NewTrustList makes a list of the given certificates.
func NewTrustList(anchors ...*x509.Certificate) *TrustList {
	return &TrustList{anchors: slices.Clone(anchors)}
}

// LoadTrustList reads a PEM file, or every .pem, .crt and .cer file of a
// folder. What is not a certificate in a PEM file is passed over; a list
// without any certificate is an error.
func LoadTrustList(path string) (*TrustList, error) {
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("reading trust list: %w", err)
	} else if info.IsDir() {
		files = nil
		for _, pattern := range []string{"*.pem", "*.crt", "*.cer"} {
			found, err := filepath.Glob(filepath.Join(path, pattern))
			if err != nil {
				return nil, fmt.Errorf("reading trust list: %w", err)
			}
			files = append(files, found...)
		}
	}
	t := &TrustList{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("reading trust list: %w", err)
		}
		t.AppendPEM(data)
	}
	if len(t.anchors) == 0 {
		return nil, fmt.Errorf("reading trust list: no certificate in %s", path)
	}
	return t, nil
}

// AppendPEM adds every certificate in data and returns how many there were.
func (t *TrustList) AppendPEM(data []byte) int {
	n := 0
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return n
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if cert, err := parseCertificate(block.Bytes); err == nil {
			t.anchors = append(t.anchors, cert)
			n++
		}
	}
}

// trusts follows the chain from its first certificate to an anchor: each
// certificate signed by the next, each issuer an authority, all of them valid
// at the time given.
func (t *TrustList) trusts(chain []*x509.Certificate, at time.Time) bool {
	return t.follows(chain, func(c *x509.Certificate) bool { return validAt(c, at) })
}

// leads is trusts without regard to dates.
func (t *TrustList) leads(chain []*x509.Certificate) bool {
	return t.follows(chain, func(*x509.Certificate) bool { return true })
}

func (t *TrustList) follows(chain []*x509.Certificate, valid func(*x509.Certificate) bool) bool {
	if t == nil {
		return false
	}
	for i, cert := range chain {
		if !valid(cert) || i > 0 && !isAuthority(cert) {
			return false
		}
		for _, anchor := range t.anchors {
			if cert.Equal(anchor) {
				return true
			}
			if isAuthority(anchor) && valid(anchor) && signedBy(cert, anchor) == nil {
				return true
			}
		}
		if i+1 == len(chain) || signedBy(cert, chain[i+1]) != nil {
			return false
		}
	}
	return false
}

// vouches says whether a time-stamp authority is trusted: it leads to an
// anchor, or an anchor is itself certified by one of its chain, so that both
// stand under one root though only a lower certificate is on the list.
func (t *TrustList) vouches(st *stamp) bool {
	if t == nil {
		return false
	}
	return t.trusts(st.chain, st.at) || linked(st.chain) && slices.ContainsFunc(t.anchors, func(a *x509.Certificate) bool {
		return slices.ContainsFunc(st.chain[1:], func(c *x509.Certificate) bool {
			return isAuthority(c) && validAt(a, st.at) && signedBy(a, c) == nil
		})
	})
}

func validAt(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

func isAuthority(c *x509.Certificate) bool {
	return c.BasicConstraintsValid && c.IsCA && (c.KeyUsage == 0 || c.KeyUsage&x509.KeyUsageCertSign != 0)
}

// signedBy checks one certificate's signature with another's key. The
// standard library's own check does not know PSS-only keys.
func signedBy(c, issuer *x509.Certificate) error {
	if !bytes.Equal(c.RawIssuer, issuer.RawSubject) {
		return errors.New("issued by another")
	}
	key, err := publicKey(issuer.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	var h crypto.Hash
	switch c.SignatureAlgorithm {
	case x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256:
		h = crypto.SHA256
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		h = crypto.SHA384
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		h = crypto.SHA512
	case x509.PureEd25519:
		if k, ok := key.(ed25519.PublicKey); ok && ed25519.Verify(k, c.RawTBSCertificate, c.Signature) {
			return nil
		}
		return errors.New("signature does not verify")
	default:
		return errors.New("signature algorithm not allowed")
	}
	pss := c.SignatureAlgorithm == x509.SHA256WithRSAPSS || c.SignatureAlgorithm == x509.SHA384WithRSAPSS ||
		c.SignatureAlgorithm == x509.SHA512WithRSAPSS
	return verifyDER(key, h, pss, c.RawTBSCertificate, c.Signature)
}

// verifyDER checks a signature as X.509 and CMS write it.
func verifyDER(key crypto.PublicKey, h crypto.Hash, pss bool, signed, signature []byte) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if pss {
			return verifyPSS(k, h, signed, signature)
		}
		return rsa.VerifyPKCS1v15(k, h, digest(h, signed), signature)
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(k, digest(h, signed), signature) {
			return nil
		}
	case ed25519.PublicKey:
		if ed25519.Verify(k, signed, signature) {
			return nil
		}
	}
	return errors.New("signature does not verify")
}

// Extended key usages that a claim signer may have (C2PA 2.1, 14.5.1.1, and
// those the reference implementation accepts by default).
var (
	ekuDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
	ekuMicrosoftC2PA   = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 76, 59, 1, 9}
	ekuC2PA            = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 62558, 2, 1}
	oidAuthorityKeyID  = asn1.ObjectIdentifier{2, 5, 29, 35}
)

// checkProfile applies the certificate profile for claim signers
// (C2PA 2.1, 14.5.1); expiry is checked apart.
func checkProfile(c *x509.Certificate) error {
	switch {
	case c.Version != 3:
		return errors.New("not an X.509 version 3 certificate")
	case !allowedSignature(c.SignatureAlgorithm):
		return errors.New("certificate signed with an algorithm that is not allowed")
	case c.IsCA:
		return errors.New("signed with an authority's own certificate")
	case c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return errors.New("key usage lacks digital signature")
	case c.KeyUsage&x509.KeyUsageCertSign != 0:
		return errors.New("key usage allows signing certificates")
	case !slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidAuthorityKeyID) }) &&
		!bytes.Equal(c.RawIssuer, c.RawSubject):
		return errors.New("no authority key identifier")
	}
	key, err := publicKey(c.RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	if k, ok := key.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
		return errors.New("RSA key shorter than 2048 bits")
	}
	return checkEKU(c)
}

func checkEKU(c *x509.Certificate) error {
	has := func(u x509.ExtKeyUsage) bool { return slices.Contains(c.ExtKeyUsage, u) }
	other := slices.ContainsFunc(c.UnknownExtKeyUsage, func(o asn1.ObjectIdentifier) bool {
		return o.Equal(ekuDocumentSigning) || o.Equal(ekuMicrosoftC2PA) || o.Equal(ekuC2PA)
	})
	stamp, ocsp := has(x509.ExtKeyUsageTimeStamping), has(x509.ExtKeyUsageOCSPSigning)
	switch {
	case has(x509.ExtKeyUsageAny):
		return errors.New("extended key usage allows anything")
	case !has(x509.ExtKeyUsageEmailProtection) && !other && !stamp && !ocsp:
		return errors.New("extended key usage does not allow signing claims")
	case (stamp || ocsp) && len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 1:
		return errors.New("extended key usage mixes time stamping or OCSP with others")
	}
	return nil
}

func allowedSignature(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512, x509.PureEd25519:
		return true
	}
	return false
}
