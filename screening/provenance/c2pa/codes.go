package c2pa

// Status codes of the specification (C2PA 2.1, 15.2, and 1.4, 15.2) that this
// package reports.
const (
	codeGeneral = "general.error"

	codeClaimMissing     = "claim.missing"
	codeClaimMultiple    = "claim.multiple"
	codeClaimMalformed   = "claim.malformed"
	codeClaimCBOR        = "claim.cbor.invalid"
	codeBindingMissing   = "claim.hardBindings.missing"
	codeBindingMultiple  = "assertion.multipleHardBindings"
	codeSignatureMissing = "claimSignature.missing"
	codeSignatureBad     = "claimSignature.mismatch"
	codeSignatureInside  = "claimSignature.insideValidity"
	codeSignatureOK      = "claimSignature.validated"

	codeCompressed      = "manifest.compressed.invalid"
	codeMultipleParents = "manifest.multipleParents"
	codeUpdateInvalid   = "manifest.update.invalid"
	codeUpdateParents   = "manifest.update.wrongParents"

	codeSignerTrusted   = "signingCredential.trusted"
	codeSignerUntrusted = "signingCredential.untrusted"
	codeSignerInvalid   = "signingCredential.invalid"
	codeSignerExpired   = "signingCredential.expired"
	codeAlgorithm       = "algorithm.unsupported"

	// The specification renamed the first to the second with claims of version 2.
	codeRevoked     = "signingCredential.revoked"
	codeOCSPRevoked = "signingCredential.ocsp.revoked"
	codeOCSPGood    = "signingCredential.ocsp.notRevoked"
	codeOCSPSkipped = "signingCredential.ocsp.skipped"

	codeStampOK        = "timeStamp.validated"
	codeStampTrusted   = "timeStamp.trusted"
	codeStampUntrusted = "timeStamp.untrusted"
	codeStampMismatch  = "timeStamp.mismatch"
	codeStampMalformed = "timeStamp.malformed"
	codeStampValidity  = "timeStamp.outsideValidity"

	codeAssertionMatch      = "assertion.hashedURI.match"
	codeAssertionMismatch   = "assertion.hashedURI.mismatch"
	codeAssertionMissing    = "assertion.missing"
	codeAssertionUndeclared = "assertion.undeclared"
	codeAssertionOutside    = "assertion.outsideManifest"
	codeAssertionCBOR       = "assertion.cbor.invalid"
	codeAssertionJSON       = "assertion.json.invalid"
	codeNotRedacted         = "assertion.notRedacted"
	codeSelfRedacted        = "assertion.selfRedacted"
	codeActionRedacted      = "assertion.action.redacted"
	codeHashRedacted        = "assertion.dataHash.redacted"
	codeActionMalformed     = "assertion.action.malformed"
	codeActionIngredient    = "assertion.action.ingredientMismatch"

	codeMoreExclusions = "assertion.dataHash.additionalExclusionsPresent"
	// codeUncovered is none of the specification's: information only, where a
	// hash holds but leaves out what might change what is shown.
	codeUncovered = "evenhand.binding.uncovered"

	codeInaccessible        = "assertion.inaccessible"
	codeCloudMalformed      = "assertion.cloud-data.malformed"
	codeCloudBinding        = "assertion.cloud-data.hardBinding"
	codeCloudActions        = "assertion.cloud-data.actions"
	codeIngredientMalformed = "assertion.ingredient.malformed"

	codeIngredientUnknown     = "ingredient.unknownProvenance"
	codeIngredientMismatch    = "ingredient.hashedURI.mismatch"
	codeIngredientManifest    = "ingredient.manifest.mismatch"
	codeIngredientMissing     = "ingredient.manifest.missing"
	codeIngredientSigMissing  = "ingredient.claimSignature.missing"
	codeIngredientSigMismatch = "ingredient.claimSignature.mismatch"
)

// bindingCodes are the status codes of one kind of hard binding.
type bindingCodes struct{ match, mismatch, malformed, unknown string }

// bindings names the hard bindings by the base of their label.
func bindings(label string) (bindingCodes, bool) {
	switch base(label) {
	case "c2pa.hash.data":
		return bindingCodes{"assertion.dataHash.match", "assertion.dataHash.mismatch", "assertion.dataHash.malformed", "assertion.dataHash.mismatch"}, true
	case "c2pa.hash.boxes":
		return bindingCodes{"assertion.boxesHash.match", "assertion.boxesHash.mismatch", "assertion.boxesHash.malformed", "assertion.boxesHash.unknownBox"}, true
	case "c2pa.hash.bmff":
		return bindingCodes{"assertion.bmffHash.match", "assertion.bmffHash.mismatch", "assertion.bmffHash.malformed", "assertion.bmffHash.mismatch"}, true
	case "c2pa.hash.collection.data":
		return bindingCodes{"assertion.collectionHash.match", "assertion.collectionHash.mismatch", "assertion.collectionHash.malformed", "assertion.collectionHash.invalidURI"}, true
	}
	return bindingCodes{}, false
}
