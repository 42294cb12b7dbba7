package c2pa

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
)

// This file holds the rules that go beyond the specification's status codes:
// what no hash and no signature covers must still be written the one way that
// signers' software writes it, or the file is not called trusted. None of them
// changes `validation`.

// plainCBOR says whether data is one CBOR item (RFC 8949) in its plainest
// form: lengths as short as they can be, none indefinite, and of the simple
// values only false, true and null. It returns the bytes after the item.
func plainCBOR(data []byte, depth int) (rest []byte, ok bool) {
	if len(data) == 0 || depth > 32 {
		return nil, false
	}
	major, low := data[0]>>5, uint64(data[0]&31)
	n, rest, ok := cborCount(low, data[1:])
	if !ok {
		return nil, false
	}
	items := uint64(0)
	switch major {
	case 2, 3:
		if n > uint64(len(rest)) {
			return nil, false
		}
		return rest[n:], true
	case 4:
		items = n
	case 5:
		items = 2 * n
	case 6:
		items = 1
	case 7:
		return rest, low >= 20 && low <= 22
	}
	if items > uint64(len(rest)) {
		return nil, false
	}
	for range items {
		if rest, ok = plainCBOR(rest, depth+1); !ok {
			return nil, false
		}
	}
	return rest, true
}

// cborCount reads the number in an item's head and insists on its shortest
// form.
func cborCount(low uint64, data []byte) (n uint64, rest []byte, ok bool) {
	if low < 24 {
		return low, data, true
	}
	if low > 27 {
		return 0, nil, false
	}
	size := 1 << (low - 24)
	if len(data) < size {
		return 0, nil, false
	}
	var wide [8]byte
	copy(wide[8-size:], data)
	n = binary.BigEndian.Uint64(wide[:])
	least := []uint64{24, 1 << 8, 1 << 16, 1 << 32}[low-24]
	return n, data[size:], n >= least
}

// tidy reports whether a signature box is as a writer leaves it: plain CBOR
// with nothing after it, and in the unprotected header, which no signature
// covers, known entries only, each of the form it is defined with.
func (s *sign1) tidy(raw []byte) bool {
	rest, ok := plainCBOR(raw, 0)
	if !ok || !allZero(rest) {
		return false
	}
	m, ok := s.unprotected.plain().(map[any]any)
	if !ok {
		return false
	}
	for k, v := range m {
		switch k {
		case "pad", "pad2", "cpad":
			if b, ok := v.([]byte); !ok || !allZero(b) {
				return false
			}
		case "sigTst", "sigTst2":
			if !onlyToken(value{v}) {
				return false
			}
		case "rVals": // what is in it is judged by examineRevocation
			if inner, ok := v.(map[any]any); !ok || len(inner) != 1 {
				return false
			}
		case "x5chain", uint64(headerX5Chain):
		default:
			return false
		}
	}
	return true
}

// onlyToken says whether a time-stamp container holds one token and nothing
// else, so that all there is has been verified.
func onlyToken(container value) bool {
	outer, ok := container.plain().(map[any]any)
	tokens := container.get("tstTokens").list()
	if !ok || len(outer) != 1 || len(tokens) != 1 {
		return false
	}
	inner, ok := tokens[0].plain().(map[any]any)
	return ok && len(inner) == 1 && tokens[0].get("val").bytes() != nil
}

// linked reports whether each certificate is signed by the next, and the last,
// if it names itself as its issuer, by itself.
func linked(chain []*x509.Certificate) bool {
	for i, c := range chain {
		switch {
		case i+1 < len(chain):
			if signedBy(c, chain[i+1]) != nil {
				return false
			}
		case bytes.Equal(c.RawIssuer, c.RawSubject):
			return signedBy(c, c) == nil
		}
	}
	return true
}

// settled reports whether a chain is linked and its last certificate is
// vouched for too: by itself, or by being on the list or issued by one that
// is. A chain that ends in the open could have been changed at its end.
func (t *TrustList) settled(chain []*x509.Certificate) bool {
	if len(chain) == 0 || !linked(chain) {
		return false
	}
	last := chain[len(chain)-1]
	if bytes.Equal(last.RawIssuer, last.RawSubject) {
		return true
	}
	return t != nil && slices.ContainsFunc(t.anchors, func(a *x509.Certificate) bool {
		return a.Equal(last) || signedBy(last, a) == nil
	})
}

// clockRoot is a public time-stamping root by its key, with every certificate
// that is known to carry that key.
type clockRoot struct {
	key   string   // SHA-256 of the SubjectPublicKeyInfo, hexadecimal
	certs []string // SHA-256 of each certificate
}

// clockRoots are keys that time-stamp tokens often end in while the issuer of
// the certificate is not sent along, so that its signature cannot be checked:
// the certificate has to be one that is known. Checked November 2026 against
// Debian's ca-certificates (self-signed) and tokens in circulation (cross-signed).
func clockRoots() []clockRoot {
	return []clockRoot{{ // DigiCert Trusted Root G4
		"59df317bfa9f4f0ab7ca514d7772296aa2c765b87664d08b96e57399e364729c",
		[]string{
			"552f7bdcf1a7af9e6ce672017f4f12abf77240c78e761ac203d1d9d20ac89988", // self-signed
			"33846b545a49c9be4903c60e01713c1bd4e4ef31ea65cd95d69e62794f30b941", // by DigiCert Assured ID Root CA
		},
	}}
}

// clockSettled is settled for a time-stamp authority. Its chain may end in
// the open, since authorities leave out roots and are on nobody's list; then
// a known root must at least be the certificate it is known by, and a signer
// that comes alone be named by its hash in what it signed.
func (t *TrustList) clockSettled(st *stamp) bool {
	chain := st.chain
	if t.settled(chain) {
		return true
	}
	if !linked(chain) || len(chain) == 1 && !st.named {
		return false
	}
	last := chain[len(chain)-1]
	key, cert := sha256.Sum256(last.RawSubjectPublicKeyInfo), sha256.Sum256(last.Raw)
	for _, r := range clockRoots() {
		if r.key == hex.EncodeToString(key[:]) {
			return slices.Contains(r.certs, hex.EncodeToString(cert[:]))
		}
	}
	return !bytes.Equal(last.RawIssuer, last.RawSubject)
}

// strange says whether a store holds anything that is not a manifest, or two
// manifests of one name: only one of them would be looked at.
func (s *store) strange(root *box) bool {
	if root.odd || len(s.manifests) != len(root.children) || len(s.byLabel) != len(s.manifests) {
		return true
	}
	return slices.ContainsFunc(s.manifests, func(m *manifest) bool { return m.odd || looseData(m) })
}

// oddManifest says whether a manifest's boxes, which no hash covers in the
// active manifest, are others than a writer leaves: one claim, one signature
// and one assertion store, each once, and beside them only the stores for
// data and credentials that the specification knows.
func oddManifest(b *box) bool {
	seen := map[string]int{}
	for _, c := range b.children {
		if c.typ != "jumb" || c.odd {
			return true
		}
		seen[c.kind]++
		want := ""
		switch c.kind {
		case kindClaim:
			want = base(c.label)
		case kindSignature, kindAssertions:
			want = c.label
		case kindCredentials, kindData:
			continue
		default:
			return true
		}
		if want != map[string]string{kindClaim: "c2pa.claim", kindSignature: "c2pa.signature", kindAssertions: "c2pa.assertions"}[c.kind] {
			return true
		}
		if c.kind != kindAssertions && (len(c.children) != 1 || c.children[0].typ != "cbor") {
			return true
		}
	}
	return b.odd || seen[kindClaim] != 1 || seen[kindSignature] != 1 || seen[kindAssertions] != 1
}

// strayLabel says whether the file's own XMP names an embedded manifest that
// the store does not hold. A manifest's label is signed only where its claim
// refers to itself by it; XMP, which the hash covers, often tells as well.
func (v *validator) strayLabel() bool {
	const key = `dcterms:provenance="self#jumbf=/c2pa/`
	i := bytes.Index(v.data, []byte(key))
	if i < 0 {
		return false
	}
	rest := v.data[i+len(key):]
	label, _, ok := strings.Cut(string(rest[:min(len(rest), 300)]), "/")
	return ok && v.store.byLabel[label] == nil
}

// looseData says whether a manifest's stores for data and credentials hold
// anything that the claim or an assertion does not name with its right hash.
func looseData(m *manifest) bool {
	named := map[string]bool{}
	for _, v := range append([]value{m.claim}, values(m.assertions)...) {
		v.walk(0, func(_ string, member value) {
			for _, x := range append(member.list(), member) {
				h, ok := x.hashedURI()
				at, inside := resolve(h.url, m.label)
				alg := hashFor(firstOf(h.alg, m.alg()))
				if !ok || !inside || at.manifest != m.label || alg == 0 {
					continue
				}
				if b := m.find(at.path); b != nil && (at.within("c2pa.databoxes") || at.within("c2pa.credentials")) {
					named[at.path] = bytes.Equal(digest(alg, b.payload), h.hash)
				}
			}
		})
	}
	for _, c := range m.box.children {
		if c.kind != kindCredentials && c.kind != kindData {
			continue
		}
		for _, b := range c.children {
			if b.typ != "jumb" || !named[c.label+"/"+b.label] {
				return true
			}
		}
	}
	return false
}

func (t target) within(part string) bool { return strings.HasPrefix(t.path, part+"/") }

func values(list []*assertion) []value {
	out := make([]value, len(list))
	for i, a := range list {
		out[i] = a.val
	}
	return out
}
