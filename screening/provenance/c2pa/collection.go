package c2pa

import (
	"bytes"
	"fmt"
	"strings"
)

// checkCollectionHash verifies c2pa.hash.collection.data (C2PA 2.1, 18.8) as
// far as one file can: the assertion lists the files of a collection, each with
// its hash, and this file must be one of them. The others are not looked at.
func checkCollectionHash(v value, data []byte, alg string) error {
	list := v.get("uris").list()
	h := hashFor(firstOf(v.get("alg").str(), alg))
	switch {
	case h == 0:
		return errAlgorithm
	case len(list) == 0 || len(list) > maxBoxes:
		return errMalformed
	}
	found := false
	sum := digest(h, data)
	for _, entry := range list {
		uri, hash := entry.get("uri").str(), entry.get("hash").bytes()
		if uri == "" || len(hash) == 0 {
			return errMalformed
		}
		for step := range strings.SplitSeq(uri, "/") {
			if step == "." || step == ".." {
				return fmt.Errorf("%w: %q leaves the collection", errUnknown, uri)
			}
		}
		found = found || bytes.Equal(hash, sum)
	}
	if !found {
		return fmt.Errorf("%w: the collection does not list this file", errMismatch)
	}
	return nil
}

// examineCloudData reports assertions whose content is kept elsewhere
// (C2PA 2.1, 18.10): it is never fetched. Bindings and actions may not be kept
// that way.
func (v *validator) examineCloudData(m *manifest) {
	for _, a := range m.assertions {
		if base(a.label) != "c2pa.cloud-data" || a.err != nil {
			continue
		}
		path := "c2pa.assertions/" + a.label
		label, size := a.val.get("label").str(), a.val.get("size")
		at, ok := a.val.get("location").hashedURI()
		_, binding := bindings(label)
		switch {
		case label == "" || !ok || len(at.hash) == 0 || !size.exists():
			v.fail(m, codeCloudMalformed, path, "it does not say what is kept where")
		case binding:
			v.fail(m, codeCloudBinding, path, label)
		case base(label) == "c2pa.actions":
			v.fail(m, codeCloudActions, path, label)
		default:
			v.add(m, codeInaccessible, path, label+" is kept at "+at.url+" and was not fetched", false)
		}
	}
}
