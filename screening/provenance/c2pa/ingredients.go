package c2pa

import (
	"bytes"
	"crypto"
	"errors"
	"strings"
)

// bind checks the hard binding between a manifest and the file. An update
// manifest has none of its own: its parent's must hold.
func (v *validator) bind(active *manifest) {
	m, updated := active, false
	for range maxManifests {
		if !m.update {
			break
		}
		updated = true
		parent := v.parent(m)
		if parent == nil {
			return // wrongParents or claim.missing is reported with the ingredients
		}
		m = parent
	}
	if m.packed != nil {
		return // what it is bound to cannot be read
	}
	found := 0
	for _, a := range m.assertions {
		codes, ok := bindings(a.label)
		if !ok {
			continue
		}
		if found++; v.alone || found > maxBindings {
			continue
		}
		v.checkBinding(m, a, codes, updated)
	}
	switch {
	case found == 0:
		v.fail(m, codeBindingMissing, "", "nothing ties the claim to the file")
	case found > 1 && m.version >= 2, found > maxBindings:
		v.fail(m, codeBindingMultiple, "", "more than one hard binding")
	}
}

func (v *validator) checkBinding(m *manifest, a *assertion, codes bindingCodes, updated bool) {
	path := "c2pa.assertions/" + a.label
	var left loose
	var err error
	switch base(a.label) {
	case "c2pa.hash.data":
		left, err = v.place.checkDataHash(a.val, v.data, m.alg(), updated)
		if len(a.val.get("exclusions").list()) > 1 {
			v.add(m, codeMoreExclusions, path, "", false)
		}
	case "c2pa.hash.collection.data":
		err = checkCollectionHash(a.val, v.data, m.alg())
	case "c2pa.hash.boxes":
		left, err = v.place.checkBoxHash(a.val, v.data, m.alg())
	default:
		version := 1
		if strings.Contains(a.label, ".v2") {
			version = 2
		} else if strings.Contains(a.label, ".v3") {
			version = 3
		}
		left, err = v.place.checkBMFFHash(a.val, v.data, version, m.alg())
	}
	v.unsigned += left.bytes
	if err == nil && left.doubt == "" && left.bytes > 0 && !v.sameView(m, left) {
		left.doubt = "metadata that no hash covers shows the picture otherwise, or there is nothing to compare it with"
	}
	if left.doubt != "" {
		v.doubtful = true
		v.add(m, codeUncovered, path, left.doubt, false)
	}
	switch {
	case err == nil:
		v.bound = true
		v.add(m, codes.match, path, "", false)
	case errors.Is(err, errAlgorithm):
		v.fail(m, codeAlgorithm, path, err.Error())
	case errors.Is(err, errMalformed):
		v.fail(m, codes.malformed, path, err.Error())
	case errors.Is(err, errUnknown):
		v.fail(m, codes.unknown, path, err.Error())
	default:
		v.fail(m, codes.mismatch, path, err.Error())
	}
}

// parent returns the manifest of the ingredient a manifest was made from.
func (v *validator) parent(m *manifest) *manifest {
	for _, in := range m.ingredients() {
		if at, ok := resolve(in.manifest.url, m.label); ok && in.relationship == "parentOf" {
			return v.store.byLabel[at.manifest]
		}
	}
	return nil
}

// ingredients validates the manifests that a manifest's ingredients bring
// along, and theirs in turn.
func (v *validator) ingredients(m *manifest) {
	list := m.ingredients()
	parents := 0
	for _, in := range list {
		if in.relationship == "parentOf" && (m.version >= 2 || in.manifest.url != "") {
			parents++
		}
		if in.manifest.url == "" {
			v.add(m, codeIngredientUnknown, "c2pa.assertions/"+in.label, "the ingredient has no credentials of its own", false)
		}
		if in.manifest.url == "" || in.relationship == "inputTo" {
			continue
		}
		at, ok := resolve(in.manifest.url, m.label)
		child := v.store.byLabel[at.manifest]
		if !ok || child == nil {
			code := codeClaimMissing
			if in.version3 {
				code = codeIngredientMissing
			}
			v.fail(m, code, "c2pa.assertions/"+in.label, "the ingredient's manifest is not in the store: "+in.manifest.url)
			continue
		}
		if in.version3 && !in.validated {
			v.fail(m, codeIngredientMalformed, "c2pa.assertions/"+in.label, "an ingredient with a manifest must say how it was validated")
		}
		v.ingredientHash(m, in, child)
		if v.seen[child.label] != nil {
			continue
		}
		v.examine(child)
		v.ingredients(child)
	}
	switch {
	case m.update && (parents != 1 || len(list) != 1):
		v.fail(m, codeUpdateParents, "", "an update manifest has one parent and nothing else")
	case !m.update && parents > 1:
		v.fail(m, codeMultipleParents, "", "more than one parent")
	}
	if m.update {
		v.updateContent(m)
	}
}

// updateContent checks that an update manifest changes nothing of the file.
func (v *validator) updateContent(m *manifest) {
	for _, a := range m.assertions {
		_, binding := bindings(a.label)
		if binding || base(a.label) == "c2pa.actions" && m.version < 2 {
			v.fail(m, codeUpdateInvalid, "c2pa.assertions/"+a.label, "an update manifest may not hold this")
		}
	}
}

// ingredientHash compares the hash an ingredient assertion keeps of its
// manifest. Version 1.0 hashed the claim's CBOR, later ones the manifest box,
// and version 3 the signature box as well. Where something was redacted the
// box cannot match any more, and only the signature's hash can hold.
func (v *validator) ingredientHash(m *manifest, in ingredient, child *manifest) {
	path := "c2pa.assertions/" + in.label
	if v.store.touched[child.label] {
		v.signatureHash(m, in, child)
		return
	}
	alg := hashFor(firstOf(in.manifest.alg, child.alg()))
	switch {
	case alg == 0:
		v.fail(m, codeAlgorithm, path, "unknown hash algorithm")
	case bytes.Equal(v.hashOf("box", alg, child.label, child.box.payload), in.manifest.hash):
	case !in.version3 && bytes.Equal(v.hashOf("claim", alg, child.label, child.claimBytes), in.manifest.hash):
	case in.version3:
		v.fail(m, codeIngredientManifest, path, "the hash does not match the ingredient's manifest")
	default:
		v.fail(m, codeIngredientMismatch, path, "the hash does not match the ingredient's manifest")
	}
	// Without redactions the reference tool leaves it at that. A signature hash
	// that does not fit is still nothing a signer's software writes.
	if in.signature.url != "" && !v.signatureFits(in, child) {
		v.seen[m.label].flawed = true
	}
}

// hashOf hashes a part of a manifest once, however many ingredients name it.
func (v *validator) hashOf(part string, alg crypto.Hash, label string, data []byte) []byte {
	key := part + " " + alg.String() + " " + label
	if v.hashes[key] == nil {
		v.hashes[key] = digest(alg, data)
	}
	return v.hashes[key]
}

func (v *validator) signatureHash(m *manifest, in ingredient, child *manifest) {
	if in.signature.url == "" {
		return
	}
	path := "c2pa.assertions/" + in.label
	switch {
	case child.signature == nil:
		v.fail(m, codeIngredientSigMissing, path, "the ingredient's claim signature is not there")
	case !v.signatureFits(in, child):
		v.fail(m, codeIngredientSigMismatch, path, "the hash does not match the ingredient's claim signature")
	}
}

func (v *validator) signatureFits(in ingredient, child *manifest) bool {
	alg := hashFor(firstOf(in.signature.alg, child.alg()))
	return child.signature != nil && alg != 0 && bytes.Equal(v.hashOf("signature", alg, child.label, child.signature.payload), in.signature.hash)
}

// markRecorded marks the failures of ingredients that some ingredient
// assertion already lists. The active manifest's own are never marked: nobody
// has signed after it.
func (v *validator) markRecorded(active *manifest) {
	type known struct{ code, url string }
	recorded := map[known]bool{}
	for _, m := range v.store.manifests {
		for _, in := range m.ingredients() {
			at, ok := resolve(in.manifest.url, m.label)
			if !ok {
				continue
			}
			for _, r := range in.recorded {
				where, ok := resolve(r.url, "")
				if !ok { // early tools wrote "Cose_Sign1" for the signature
					where = target{at.manifest, "c2pa.signature"}
				}
				recorded[known{r.code, where.absolute()}] = true
			}
		}
	}
	for i := range v.statuses {
		s := &v.statuses[i]
		if !s.Failure || s.Manifest == active.label {
			continue
		}
		at, _ := resolve(s.URL, "")
		at.manifest = "" // early tools wrote relative URLs, whichever manifest they meant
		s.Recorded = recorded[known{s.Code, s.URL}] || recorded[known{s.Code, at.absolute()}]
	}
}
