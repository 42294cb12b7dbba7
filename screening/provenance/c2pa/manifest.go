package c2pa

import (
	"crypto"
	_ "crypto/sha256" // registers SHA-256 for crypto.Hash
	_ "crypto/sha512" // registers SHA-384 and SHA-512
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Kinds of superbox, by the first four bytes of their UUID (C2PA 2.1, 11.1.4).
const (
	kindManifest    = "c2ma"
	kindUpdate      = "c2um"
	kindCompressed  = "c2cm"
	kindClaim       = "c2cl"
	kindSignature   = "c2cs"
	kindAssertions  = "c2as"
	kindCredentials = "c2vc"
	kindData        = "c2db"
)

// store is a parsed manifest store; the active manifest is the last.
type store struct {
	manifests []*manifest
	byLabel   map[string]*manifest
	redacted  map[target]bool // every box that some claim redacts
	touched   map[string]bool // labels of manifests with something redacted
	odd       bool            // the outermost box is not written as it should be
}

// manifest is one manifest with its claim taken apart. Parts that are missing
// or unreadable are nil or empty; validation says so.
type manifest struct {
	label  string
	box    *box
	update bool
	packed error // why a compressed manifest could not be unfolded

	claims     int    // claim boxes found
	claimBytes []byte // the CBOR the signature covers
	claimLabel string
	claim      value
	claimErr   error
	version    int // of the claim: 1 or 2

	signature *box
	cose      []byte

	assertions []*assertion // in the order of the assertion store
	claimed    []hashedURI  // what the claim lists
	redacts    []string     // URIs of assertions this claim redacts

	odd bool // a box no signature covers is not written as it should be
}

// assertion is one box of an assertion store.
type assertion struct {
	label string
	box   *box
	val   value // of CBOR and JSON assertions
	err   error
	isCBR bool
}

// parseManifests reads every manifest of a store.
func parseManifests(root *box) *store {
	s := &store{byLabel: map[string]*manifest{}, redacted: map[target]bool{}, touched: map[string]bool{}}
	left := maxInflated
	for _, b := range root.children {
		if b.typ != "jumb" || len(s.manifests) >= maxManifests {
			continue
		}
		var failed error
		switch b.kind {
		case kindManifest, kindUpdate, "c2md":
		case kindCompressed:
			inner, err := inflate(b, &left)
			if failed = err; err == nil {
				b = inner
			}
		default:
			continue
		}
		m := parseManifest(b)
		m.packed = failed
		s.manifests = append(s.manifests, m)
		if _, twice := s.byLabel[m.label]; !twice {
			s.byLabel[m.label] = m
		}
		for _, url := range m.redacts {
			if at, ok := resolve(url, m.label); ok {
				s.redacted[at] = true
				s.touched[at.manifest] = true
			}
		}
	}
	s.odd = s.strange(root)
	return s
}

func (s *store) active() *manifest {
	if len(s.manifests) == 0 {
		return nil
	}
	return s.manifests[len(s.manifests)-1]
}

func parseManifest(b *box) *manifest {
	m := &manifest{label: b.label, box: b, update: b.kind == kindUpdate, version: 1}
	m.odd = oddManifest(b)
	for _, c := range b.children {
		switch {
		case c.kind == kindClaim:
			if m.claims++; m.claims == 1 {
				m.readClaim(c)
			}
		case c.kind == kindSignature && m.signature == nil:
			m.signature = c
			m.cose, _ = c.content("cbor")
		case c.kind == kindAssertions:
			m.readAssertions(c)
		}
	}
	return m
}

func (m *manifest) readClaim(b *box) {
	m.claimLabel = b.label
	data, ok := b.content("cbor")
	if !ok {
		return
	}
	m.claimBytes = data
	if m.claim, m.claimErr = decodeCBOR(data); m.claimErr != nil {
		return
	}
	if base(b.label) != "c2pa.claim" {
		m.claimErr = errors.New("claim box with the label " + strconv.Quote(b.label))
		return
	}
	if strings.HasPrefix(b.label, "c2pa.claim.v2") {
		m.version = 2
	}
	for _, key := range []string{"assertions", "created_assertions", "gathered_assertions"} {
		for _, v := range m.claim.get(key).list() {
			if h, ok := v.hashedURI(); ok {
				m.claimed = append(m.claimed, h)
			}
		}
	}
	for _, v := range m.claim.get("redacted_assertions").list() {
		m.redacts = append(m.redacts, v.str())
	}
}

func (m *manifest) readAssertions(b *box) {
	for _, c := range b.children {
		if c.typ != "jumb" {
			continue
		}
		a := &assertion{label: c.label, box: c}
		if data, ok := c.content("cbor"); ok {
			a.isCBR = true
			a.val, a.err = decodeCBOR(data)
		} else if data, ok := c.content("json"); ok {
			a.val, a.err = decodeJSON(data)
		}
		m.assertions = append(m.assertions, a)
	}
}

// inClaimOrder returns the assertions of one kind in the order in which the
// claim lists them, created ones before gathered ones.
func (m *manifest) inClaimOrder(kind string) []*assertion {
	byLabel := map[string]*assertion{}
	for _, a := range m.assertions {
		if base(a.label) == kind {
			byLabel[a.label] = a
		}
	}
	var out []*assertion
	for _, h := range m.claimed {
		label := h.url[strings.LastIndexByte(h.url, '/')+1:]
		if a := byLabel[label]; a != nil {
			out = append(out, a)
			delete(byLabel, label)
		}
	}
	return out
}

// find returns the box a path inside the manifest points at.
func (m *manifest) find(path string) *box {
	b := m.box
	for part := range strings.SplitSeq(path, "/") {
		if b = b.child(part); b == nil {
			return nil
		}
	}
	return b
}

// alg returns the claim's default hash algorithm.
func (m *manifest) alg() string {
	if a := m.claim.get("alg").str(); a != "" {
		return a
	}
	return "sha256"
}

// hashFor returns the digest a C2PA algorithm name stands for, 0 if unknown.
func hashFor(name string) crypto.Hash {
	switch strings.ToLower(name) {
	case "sha256", "sha2-256":
		return crypto.SHA256
	case "sha384", "sha2-384":
		return crypto.SHA384
	case "sha512", "sha2-512":
		return crypto.SHA512
	}
	return 0
}

// firstOf returns the first name that is not empty.
func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

var (
	instanceSuffix = regexp.MustCompile(`__\d+$`)
	versionSuffix  = regexp.MustCompile(`\.v\d+$`)
)

// base strips the instance number and version of an assertion label:
// "c2pa.ingredient.v3__2" is a "c2pa.ingredient".
func base(label string) string {
	return versionSuffix.ReplaceAllString(instanceSuffix.ReplaceAllString(label, ""), "")
}

// ingredient is one ingredient assertion, of version 1, 2 or 3.
type ingredient struct {
	label        string // of the assertion
	title        string
	relationship string
	version3     bool
	validated    bool      // it says with what result the ingredient was validated
	manifest     hashedURI // of the ingredient's own manifest, if it has one
	signature    hashedURI // version 3: its claim signature
	recorded     []recordedStatus
}

// recordedStatus is a failure that an ingredient assertion itself reports.
type recordedStatus struct{ code, url string }

// ingredients returns the ingredient assertions the manifest holds.
func (m *manifest) ingredients() []ingredient {
	var out []ingredient
	for _, a := range m.assertions {
		if base(a.label) != "c2pa.ingredient" || !a.val.isMap() {
			continue
		}
		in := ingredient{
			label:        a.label,
			title:        a.val.get("dc:title").str(),
			relationship: a.val.get("relationship").str(),
		}
		in.manifest, _ = a.val.get("c2pa_manifest").hashedURI()
		if h, ok := a.val.get("activeManifest").hashedURI(); ok {
			in.manifest, in.version3 = h, true
		}
		in.signature, _ = a.val.get("claimSignature").hashedURI()
		in.validated = a.val.get("validationResults").exists()
		in.recorded = recorded(a.val)
		out = append(out, in)
	}
	return out
}

// recorded collects the failures an ingredient assertion reports: a flat
// validationStatus list in versions 1 and 2, results by manifest in version 3.
func recorded(v value) []recordedStatus {
	var out []recordedStatus
	add := func(list []value) {
		for _, s := range list {
			out = append(out, recordedStatus{s.get("code").str(), s.get("url").str()})
		}
	}
	add(v.get("validationStatus").list())
	add(v.get("validation_status").list())
	results := v.get("validationResults")
	add(results.get("activeManifest").get("failure").list())
	for _, d := range results.get("ingredientDeltas").list() {
		add(d.get("validationDeltas").get("failure").list())
	}
	return out
}
