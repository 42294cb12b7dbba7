package c2pa

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"github.com/fxamacker/cbor/v2"
)

// sign1 is a COSE_Sign1 structure (RFC 9052, 4.2) with a detached payload.
type sign1 struct {
	protected   []byte
	payload     []byte // nil where detached, as C2PA asks
	signature   []byte
	alg         int64
	chain       []*x509.Certificate
	chainErr    error
	openChain   bool // the chain stands where no signature covers it
	unprotected value
}

// COSE header labels and algorithm numbers (IANA "COSE" registry).
const (
	coseSign1Tag  = 18
	headerAlg     = 1
	headerX5Chain = 33

	algES256, algES384, algES512 = -7, -35, -36
	algPS256, algPS384, algPS512 = -37, -38, -39
	algEdDSA, algEd25519         = -8, -19
)

var (
	errCOSE    = errors.New("malformed COSE_Sign1")
	errNoChain = errors.New("no certificate chain")
)

// parseSign1 reads a claim signature.
func parseSign1(data []byte) (*sign1, error) {
	top, err := decodeCBOR(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCOSE, err)
	}
	// The tag says what the four parts are (RFC 9052, 4.2); the reference tool
	// takes nothing without it.
	if tag, ok := top.v.(cbor.Tag); !ok || tag.Number != coseSign1Tag {
		return nil, errCOSE
	}
	parts := top.list()
	if len(parts) != 4 {
		return nil, errCOSE
	}
	protected, ok := parts[0].v.([]byte)
	signature, ok2 := parts[3].v.([]byte)
	if !ok || !ok2 {
		return nil, errCOSE
	}
	s := &sign1{protected: protected, signature: signature, unprotected: parts[1]}
	s.payload, _ = parts[2].v.([]byte)
	if parts[2].exists() && s.payload == nil {
		return nil, errCOSE
	}
	header := value{map[any]any{}}
	if len(protected) > 0 {
		if header, err = decodeCBOR(protected); err != nil {
			return nil, fmt.Errorf("%w: protected header: %w", errCOSE, err)
		}
	}
	if s.alg, ok = header.at(headerAlg).integer(); !ok {
		s.alg = 0
	}
	s.chain, s.chainErr = certificates(header, s.unprotected)
	s.openChain = !header.at(headerX5Chain).exists() && !header.get("x5chain").exists()
	return s, nil
}

// certificates reads x5chain, by its number or, as early writers did, by its
// name, from the protected header or else the other.
func certificates(headers ...value) ([]*x509.Certificate, error) {
	for _, h := range headers {
		for _, v := range []value{h.at(headerX5Chain), h.get("x5chain")} {
			if !v.exists() {
				continue
			}
			ders := v.list()
			if ders == nil {
				ders = []value{v}
			}
			if len(ders) > maxChain {
				return nil, errors.New("certificate chain too long")
			}
			var chain []*x509.Certificate
			for _, d := range ders {
				cert, err := parseCertificate(d.bytes())
				if err != nil {
					return nil, fmt.Errorf("certificate: %w", err)
				}
				chain = append(chain, cert)
			}
			return chain, nil
		}
	}
	return nil, errNoChain
}

// sigStructure builds what is signed or countersigned (RFC 9052, 4.4).
func sigStructure(context string, protected, payload []byte) ([]byte, error) {
	return cbor.Marshal([]any{context, protected, []byte{}, payload})
}

// algName returns the name c2pa gives an algorithm, "" if it is not allowed.
func algName(alg int64) string {
	switch alg {
	case algES256:
		return "es256"
	case algES384:
		return "es384"
	case algES512:
		return "es512"
	case algPS256:
		return "ps256"
	case algPS384:
		return "ps384"
	case algPS512:
		return "ps512"
	case algEdDSA, algEd25519:
		return "ed25519"
	}
	return ""
}

// verify checks the signature over the claim's bytes with the chain's first
// certificate. An attached payload must be the claim itself: otherwise the
// signature would cover bytes that nobody reads.
func (s *sign1) verify(claim []byte) error {
	if s.payload != nil && !bytes.Equal(s.payload, claim) {
		return errors.New("the signature covers other bytes than the claim")
	}
	signed, err := sigStructure("Signature1", s.protected, claim)
	if err != nil {
		return err
	}
	key, err := publicKey(s.chain[0].RawSubjectPublicKeyInfo)
	if err != nil {
		return err
	}
	switch s.alg {
	case algES256:
		return verifyECDSA(key, crypto.SHA256, signed, s.signature)
	case algES384:
		return verifyECDSA(key, crypto.SHA384, signed, s.signature)
	case algES512:
		return verifyECDSA(key, crypto.SHA512, signed, s.signature)
	case algPS256:
		return verifyPSS(key, crypto.SHA256, signed, s.signature)
	case algPS384:
		return verifyPSS(key, crypto.SHA384, signed, s.signature)
	case algPS512:
		return verifyPSS(key, crypto.SHA512, signed, s.signature)
	}
	ed, ok := key.(ed25519.PublicKey)
	if !ok {
		return errors.New("key does not fit the algorithm")
	}
	if !ed25519.Verify(ed, signed, s.signature) {
		return errors.New("signature does not verify")
	}
	return nil
}

// derSignature says whether an ECDSA signature is written as X.509 writes it
// (SEQUENCE of r and s), which COSE forbids (RFC 9053, 2.1).
func (s *sign1) derSignature() bool {
	if s.alg != algES256 && s.alg != algES384 && s.alg != algES512 {
		return false
	}
	var pair struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(s.signature, &pair)
	return err == nil && len(rest) == 0
}

func digest(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

// verifyECDSA takes the signature as COSE writes it: r and s side by side.
func verifyECDSA(key crypto.PublicKey, h crypto.Hash, signed, signature []byte) error {
	ec, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return errors.New("key does not fit the algorithm")
	}
	n := (ec.Curve.Params().BitSize + 7) / 8
	if len(signature) != 2*n {
		return errors.New("signature has the wrong length")
	}
	r, s := new(big.Int).SetBytes(signature[:n]), new(big.Int).SetBytes(signature[n:])
	if !ecdsa.Verify(ec, digest(h, signed), r, s) {
		return errors.New("signature does not verify")
	}
	return nil
}

func verifyPSS(key crypto.PublicKey, h crypto.Hash, signed, signature []byte) error {
	k, ok := key.(*rsa.PublicKey)
	if !ok {
		return errors.New("key does not fit the algorithm")
	}
	return rsa.VerifyPSS(k, h, digest(h, signed), signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: h})
}

var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidPSS     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidP256    = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidP384    = asn1.ObjectIdentifier{1, 3, 132, 0, 34}
	oidP521    = asn1.ObjectIdentifier{1, 3, 132, 0, 35}
)

// publicKey reads a SubjectPublicKeyInfo. It exists because the standard
// library does not read RSA keys that are marked as good for PSS only
// (RFC 4055, 1.2), which C2PA's own test certificates are.
func publicKey(spki []byte) (crypto.PublicKey, error) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if rest, err := asn1.Unmarshal(spki, &info); err != nil || len(rest) > 0 {
		return nil, errors.New("malformed public key")
	}
	switch oid := info.Algorithm.Algorithm; {
	case oid.Equal(oidRSA), oid.Equal(oidPSS):
		if len(info.Key.Bytes) > maxKeyBits/8+64 {
			return nil, errors.New("RSA key too long")
		}
		return x509.ParsePKCS1PublicKey(info.Key.RightAlign())
	case oid.Equal(oidEd25519):
		if len(info.Key.Bytes) != ed25519.PublicKeySize {
			return nil, errors.New("malformed public key")
		}
		return ed25519.PublicKey(info.Key.Bytes), nil
	case oid.Equal(oidEC):
		return ecKey(info.Algorithm.Parameters.FullBytes, info.Key.RightAlign())
	}
	return nil, errors.New("public key of an unsupported kind")
}

func ecKey(parameters, point []byte) (crypto.PublicKey, error) {
	var name asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(parameters, &name); err != nil {
		return nil, errors.New("malformed public key")
	}
	var curve elliptic.Curve
	switch {
	case name.Equal(oidP256):
		curve = elliptic.P256()
	case name.Equal(oidP384):
		curve = elliptic.P384()
	case name.Equal(oidP521):
		curve = elliptic.P521()
	default:
		return nil, errors.New("public key on an unsupported curve")
	}
	return ecdsa.ParseUncompressedPublicKey(curve, point)
}
