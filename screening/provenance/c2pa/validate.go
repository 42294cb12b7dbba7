package c2pa

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"
)

// validator walks one store. Each manifest is examined once, however often
// ingredients refer to it.
type validator struct {
	opts    Options
	data    []byte
	carrier string
	alone   bool // a .c2pa file without the file it is about
	// oddCarrier is true where the store's place in the file is not written
	// as a writer does it.
	oddCarrier bool
	store      *store

	statuses []Status
	seen     map[string]*examined
	hashes   map[string][]byte // of manifest boxes, by algorithm and label
	bound    bool
	place    place
	unsigned int  // bytes of the file that its binding leaves out besides the store
	doubtful bool // what the binding leaves out might change what is shown
}

// examined is what was learnt of one manifest's signature.
type examined struct {
	signer   string
	at       time.Time // of a valid time stamp, else zero
	trusted  bool
	clock    bool // the trust list vouches for the time stamp's authority
	flawed   bool // something no signature covers is not as it should be
	ocsp     bool
	verified bool
}

func (v *validator) fail(m *manifest, code, path, why string) {
	v.add(m, code, path, why, true)
}

func (v *validator) add(m *manifest, code, path, why string, failure bool) {
	v.statuses = append(v.statuses, Status{
		Code: code, URL: target{m.label, path}.absolute(), Explanation: why, Manifest: m.label, Failure: failure,
	})
}

// run validates the active manifest, its binding to the file, and its
// ingredients, and sums up.
func (v *validator) run() *Report {
	active := v.store.active()
	if active == nil {
		return unreadable(errors.New("the store holds no manifest"), "")
	}
	v.examine(active)
	v.bind(active)
	v.ingredients(active)
	v.markRecorded(active)
	return v.report(active)
}

// examine validates everything of a manifest that does not depend on the
// file or on other manifests.
func (v *validator) examine(m *manifest) {
	e := &examined{}
	v.seen[m.label] = e
	if m.packed != nil {
		v.fail(m, codeCompressed, "", m.packed.Error())
		return
	}
	switch {
	case m.claims == 0 || m.claimBytes == nil:
		v.fail(m, codeClaimMissing, "", "the manifest has no claim")
		return
	case m.claims > 1:
		v.fail(m, codeClaimMultiple, m.claimLabel, "the manifest has more than one claim")
	}
	if m.claimErr != nil {
		v.fail(m, codeClaimCBOR, m.claimLabel, m.claimErr.Error())
	} else if !m.claim.isMap() || m.claim.get("signature").str() == "" || len(m.claimed) == 0 || len(m.claimed) > maxClaimed {
		v.fail(m, codeClaimMalformed, m.claimLabel, "the claim lacks fields it must have")
	}
	if m.claimErr == nil && m.claim.get("alg").str() == "" {
		v.fail(m, codeAlgorithm, m.claimLabel, "the claim names no hash algorithm")
	}
	v.examineSignature(m, e)
	v.examineRedactions(m)
	v.examineAssertions(m)
	v.examineCloudData(m)
	if m.version >= 2 && !m.update {
		v.examineActions(m)
	}
}

func (v *validator) examineSignature(m *manifest, e *examined) {
	const path = "c2pa.signature"
	at, ok := resolve(m.claim.get("signature").str(), m.label)
	if m.claimErr == nil && (!ok || at.manifest != m.label || m.find(at.path) != m.signature) || m.cose == nil {
		v.fail(m, codeSignatureMissing, path, "the claim's signature is not there")
	}
	if m.cose == nil {
		return
	}
	s, err := parseSign1(m.cose)
	switch {
	case err != nil:
		v.fail(m, codeSignatureBad, path, err.Error())
		return
	case algName(s.alg) == "":
		v.fail(m, codeAlgorithm, path, "unknown or forbidden signature algorithm")
		v.fail(m, codeSignatureBad, path, notVerified+"the algorithm is not supported")
		return
	case s.chainErr != nil:
		if !errors.Is(s.chainErr, errNoChain) {
			v.fail(m, codeSignerInvalid, path, s.chainErr.Error())
		}
		v.fail(m, codeSignatureBad, path, notVerified+s.chainErr.Error())
		return
	case s.derSignature():
		v.fail(m, codeSignerInvalid, path, "the signature is written as DER, not as r and s side by side")
		v.fail(m, codeSignatureBad, path, notVerified+"the signature is written as DER")
		return
	}
	e.signer = signerName(s.chain[0])
	e.flawed = !s.tidy(m.cose) || s.openChain && v.opts.Trust != nil && !v.opts.Trust.settled(s.chain)
	st := v.examineStamp(m, s, e)
	valid := v.examineCredential(m, s, st, e)
	v.examineRevocation(m, s, st, e)
	// Whatever is the matter with the certificate or the time stamp, the
	// signature itself holds or it does not.
	if err := s.verify(m.claimBytes); err != nil {
		v.fail(m, codeSignatureBad, path, err.Error())
		return
	}
	e.verified = true
	if valid {
		v.add(m, codeSignatureInside, path, "", false)
	}
	v.add(m, codeSignatureOK, path, "", false)
}

// notVerified begins the explanation of a claimSignature.mismatch of a signature
// that was not looked at: it may well hold.
const notVerified = "not verified: "

// examineStamp verifies the time stamp; nil where there is none that holds. A
// bad stamp is no failure (C2PA 2.1, 15.8), but such a signature is never called
// trusted.
func (v *validator) examineStamp(m *manifest, s *sign1, e *examined) *stamp {
	const path = "c2pa.signature"
	st, err := s.timeStamp(m.claimBytes)
	if st == nil && err == nil {
		st, err = v.assertedStamp(m, s)
	}
	e.flawed = e.flawed || err != nil || st != nil && !(st.tidy && v.opts.Trust.clockSettled(st))
	switch {
	case st != nil:
		e.at = st.at
		v.add(m, codeStampOK, path, signerName(st.chain[0]), false)
		if e.clock = v.opts.Trust.vouches(st); e.clock {
			v.add(m, codeStampTrusted, path, "", false)
		} else if v.opts.Trust != nil {
			v.add(m, codeStampUntrusted, path, signerName(st.chain[0]), false)
		}
	case errors.Is(err, errStampMismatch):
		v.add(m, codeStampMismatch, path, err.Error(), false)
	case errors.Is(err, errStampValidity):
		v.add(m, codeStampValidity, path, err.Error(), false)
	case err != nil:
		v.add(m, codeStampMalformed, path, err.Error(), false)
	}
	return st
}

// assertedStamp looks for a stamp that a later manifest added in a
// c2pa.time-stamp assertion: a map from manifest label to token.
func (v *validator) assertedStamp(m *manifest, s *sign1) (*stamp, error) {
	for _, other := range v.store.manifests {
		for _, a := range other.assertions {
			if base(a.label) != "c2pa.time-stamp" {
				continue
			}
			if token := a.val.get(m.label).bytes(); token != nil {
				return verifyToken(token, [][]byte{s.signature})
			}
		}
	}
	return nil, nil
}

// examineCredential checks the signer's certificate: profile, validity at the
// time of signing, and trust where a list is given. A time stamp tells when
// that was, unless a list is given and vouches for no such clock: anybody can
// run one, and could revive a certificate that has run out. valid is true where
// the certificate was so at that time.
func (v *validator) examineCredential(m *manifest, s *sign1, st *stamp, e *examined) (valid bool) {
	const path = "c2pa.signature"
	at := v.opts.Now
	if st != nil && (e.clock || v.opts.Trust == nil) {
		at = st.at
	}
	cert := s.chain[0]
	if valid = validAt(cert, at); !valid {
		v.fail(m, codeSignerExpired, path, "the certificate was not valid at the time of signing")
	} else if err := checkProfile(cert); err != nil {
		v.fail(m, codeSignerInvalid, path, err.Error())
	}
	switch {
	case v.opts.Trust == nil:
	case v.opts.Trust.trusts(s.chain, at):
		e.trusted = true
		v.add(m, codeSignerTrusted, path, "", false)
	case !valid && v.opts.Trust.leads(s.chain):
		// That it has run out is said; whose it is, is known.
		v.add(m, codeSignerTrusted, path, "", false)
	default:
		v.fail(m, codeSignerUntrusted, path, "the certificate does not lead to a trusted one")
	}
	return valid
}

// examineRedactions checks what a claim says it has redacted.
func (v *validator) examineRedactions(m *manifest) {
	for _, url := range m.redacts {
		at, ok := resolve(url, m.label)
		label := base(at.path[strings.LastIndexByte(at.path, '/')+1:])
		switch {
		case !ok:
		case at.manifest == m.label:
			v.fail(m, codeSelfRedacted, m.claimLabel, url)
		case label == "c2pa.actions":
			v.fail(m, codeActionRedacted, m.claimLabel, url)
		case strings.HasPrefix(label, "c2pa.hash."):
			v.fail(m, codeHashRedacted, m.claimLabel, url)
		}
	}
}

// examineAssertions compares the hash of every assertion the claim lists, and
// looks for assertions it does not list.
func (v *validator) examineAssertions(m *manifest) {
	listed := map[string]bool{}
	for _, h := range m.claimed[:min(len(m.claimed), maxClaimed)] {
		at, ok := resolve(h.url, m.label)
		if !ok || at.manifest != m.label {
			v.fail(m, codeAssertionOutside, m.claimLabel, h.url)
			continue
		}
		if !listed[at.path] {
			listed[at.path] = true
			v.examineHash(m, h, at)
		}
	}
	for _, a := range m.assertions {
		path := "c2pa.assertions/" + a.label
		switch {
		case !listed[path]:
			v.fail(m, codeAssertionUndeclared, path, "the claim does not list this assertion")
		case a.err != nil && strings.HasPrefix(a.label, "c2pa.") && !v.store.redacted[target{m.label, path}]:
			code := codeAssertionJSON
			if a.isCBR {
				code = codeAssertionCBOR
			}
			v.fail(m, code, path, a.err.Error())
		}
	}
}

func (v *validator) examineHash(m *manifest, h hashedURI, at target) {
	b := m.find(at.path)
	gone := v.store.redacted[at]
	switch {
	case b == nil && gone:
		return
	case b == nil:
		v.fail(m, codeAssertionMissing, at.path, "the assertion is not in the manifest")
		return
	case gone:
		for _, c := range b.children {
			if !allZero(c.payload) {
				v.fail(m, codeNotRedacted, at.path, "declared as redacted, yet its content is there")
				return
			}
		}
		return
	}
	alg := hashFor(firstOf(h.alg, m.alg()))
	switch {
	case alg == 0:
		v.fail(m, codeAlgorithm, at.path, "unknown hash algorithm")
	case !bytes.Equal(digest(alg, b.payload), h.hash):
		v.fail(m, codeAssertionMismatch, at.path, "the hash does not match the assertion")
	default:
		v.add(m, codeAssertionMatch, at.path, "", false)
	}
}

// examineActions applies the rules for actions in claims of version 2: the
// first is creation or opening, and what opens, places or removes something
// names the ingredient (C2PA 2.1, 15.10.3.2.1).
func (v *validator) examineActions(m *manifest) {
	first := true
	for _, a := range m.inClaimOrder("c2pa.actions") {
		path := "c2pa.assertions/" + a.label
		for i, act := range a.val.get("actions").list() {
			name := act.get("action").str()
			starts := name == "c2pa.created" || name == "c2pa.opened"
			if name == "" || first && i == 0 && !starts {
				v.fail(m, codeActionMalformed, path, "the first action is neither creation nor opening")
			}
			if name == "c2pa.created" && act.get("digitalSourceType").str() == "" {
				v.fail(m, codeActionMalformed, path, "c2pa.created does not say what kind of source it was")
			}
			if name == "c2pa.translated" && (act.get("parameters").get("sourceLanguage").str() == "" || act.get("parameters").get("targetLanguage").str() == "") {
				v.fail(m, codeActionMalformed, path, "c2pa.translated does not say from which language into which")
			}
			if (name == "c2pa.opened" || name == "c2pa.placed" || name == "c2pa.removed") && !v.namesIngredient(m, act) {
				v.fail(m, codeActionIngredient, path, name+" names no ingredient that is there")
			}
		}
		first = false
	}
	if first {
		v.fail(m, codeActionMalformed, m.claimLabel, "the claim has no actions")
	}
}

func (v *validator) namesIngredient(m *manifest, act value) bool {
	params := act.get("parameters")
	refs := params.get("ingredients").list()
	refs = append(refs, params.get("ingredient"))
	return slices.ContainsFunc(refs, func(r value) bool {
		h, ok := r.hashedURI()
		if !ok {
			return false
		}
		at, ok := resolve(h.url, m.label)
		if !ok {
			return false
		}
		in := v.store.byLabel[at.manifest]
		return in != nil && (in.find(at.path) != nil || v.store.redacted[at])
	})
}
