package c2pa

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// stated is what the reference tool's own tests say of one of its fixtures,
// read in c2pa-rs 0.91.0-dev at commit 24d1755 (20 August 2026).
type stated struct {
	file string // in its repository
	test string // that says so
	// none is true where the file has no credentials to read.
	none bool
	// failures are those the tests name, and no others; nil for none at all.
	failures []string
	info     []string // successes and information that the tests name
	// more are failures reported here that its tests do not speak of.
	more []string
	// instead are reported here for a code of the tool's that this package
	// does not know; why stands in docs/c2pa.md.
	instead []string
}

const (
	sdkFixtures      = "sdk/tests/fixtures/"
	cliFixtures      = "cli/tests/fixtures/"
	identityFixtures = "sdk/src/identity/tests/fixtures/"
)

func statedOutcomes() []stated {
	good := []string{codeStampOK, codeSignatureInside, codeSignatureOK, codeAssertionMatch, "assertion.dataHash.match"}
	list := []stated{
		{file: sdkFixtures + "C.jpg", test: "test_reader.rs test_reader_c_jpg, known_good/C.json", info: good},
		{file: sdkFixtures + "CA.jpg", test: "test_reader.rs test_reader_ca_jpg, known_good/CA.json", info: append(slices.Clone(good), codeIngredientUnknown)},
		{
			file: sdkFixtures + "XCA.jpg", test: "test_reader.rs test_reader_xca_jpg, known_good/XCA.json; store.rs test_detect_byte_change",
			failures: []string{"assertion.dataHash.mismatch"}, info: append(slices.Clone(good[:4]), codeIngredientUnknown),
		},
		{file: sdkFixtures + "CA_ct.jpg", test: "test_failures.rs test_reader_ts_changed", info: []string{codeStampMalformed}},
		{file: sdkFixtures + "E-sig-CA.jpg", test: "ingredient.rs test_jpg_bad_signature", failures: []string{codeSignatureBad}, info: []string{codeStampMismatch}},
		{file: sdkFixtures + "CIE-sig-CA.jpg", test: "ingredient.rs test_jpg_nested_err", info: good},
		{
			file: sdkFixtures + "no_alg.jpg", test: "store.rs test_no_alg", failures: []string{codeAlgorithm},
			more: []string{codeActionMalformed, "assertion.dataHash.mismatch", codeSignatureBad, codeSignerInvalid},
		},
		{
			file: sdkFixtures + "prerelease.jpg", test: "ingredient.rs test_jpg_prerelease; store.rs test_bad_jumbf, test_old_manifest",
			failures: []string{"com.adobe.prerelease"}, instead: []string{codeAssertionMissing, codeAssertionUndeclared, codeSignatureMissing, codeSignerExpired},
		},
		{file: sdkFixtures + "legacy_ingredient_hash.jpg", test: "store.rs test_legacy_ingredient_hash", info: good},
		{file: sdkFixtures + "CACA.jpg", test: "reader.rs test_resource_to_stream_retrieve_deferred_manifest_data", info: []string{codeSignatureOK, "assertion.dataHash.match"}},
		{file: sdkFixtures + "CACAE-uri-CA.jpg", test: "reader.rs test_reader_detailed_json", info: good},
		{file: sdkFixtures + "C_with_CAWG_data.jpg", test: "crjson.rs test_cawg_identity_x509_signature_decoding; integration.rs tool_read_image_with_cawg_data", info: []string{codeSignatureOK}},
		{
			file: sdkFixtures + "adobe-20220124-E-clm-CAICAI.jpg", test: "c_api.rs test_reader_file_with_wrong_label: it is read",
			more: []string{codeAssertionMismatch, codeClaimMissing}, info: []string{codeSignatureOK},
		},
		{file: cliFixtures + "verify.jpeg", test: "integration.rs tool_fs_output_report", info: good},
		{file: cliFixtures + "C.jpg", test: "integration.rs", info: []string{codeSignatureOK}},
		{file: identityFixtures + "claim_aggregation/adobe_connected_identities.jpg", test: "claim_aggregation/interop.rs adobe_connected_identities", info: []string{codeSignatureOK}},
		{file: identityFixtures + "claim_aggregation/ims_multiple_manifests.jpg", test: "claim_aggregation/interop.rs ims_multiple_manifests", info: []string{codeSignatureOK}},
	}
	for _, name := range []string{"earth_apollo17.jpg", "libpng-test.png", "sample1.png"} {
		list = append(list, stated{file: sdkFixtures + name, test: "ingredient.rs test_no_manifest_jpg, test_png_no_claim; test_reader.rs test_reader_no_jumbf", none: true})
	}
	for _, name := range []string{
		"IMG_0003.jpg", "no_manifest.jpg", "P1000827.jpg", "mars.webp", "test.webp", "test_lossless.webp", "test_xmp.webp", "sample1.webp",
		"sample1.gif", "sample1.heic", "sample1.heif", "sample1.avif", "TUSCANY.TIF", "test.tiff", "MultiPage.tif", "tiff_poc.tiff", "nested_moov_1000.mp4",
		"video1_no_manifest.mp4", "c.mov", "thumbnail.jpg",
	} {
		list = append(list, stated{file: sdkFixtures + name, test: "builder.rs, asset_handlers: sources that are yet to be signed", none: true})
	}
	for _, name := range []string{
		"did_doc_without_assertion_method", "invalid_content_type", "invalid_content_type_assigned", "invalid_cose_sign1", "invalid_cose_sign_alg",
		"invalid_issuer_did", "invalid_time_stamp", "invalid_vc", "missing_content_type", "missing_cose_sign_alg", "missing_vc", "signature_mismatch",
		"signer_payload_mismatch", "success", "unresolvable_did", "unsupported_did_method", "valid_from_after_time_stamp", "valid_from_in_future",
		"valid_from_missing", "valid_time_stamp", "valid_until_in_future", "valid_until_in_past",
	} {
		list = append(list, stated{file: identityFixtures + "claim_aggregation/ica_validation/" + name + ".jpg", test: "claim_aggregation/validation.rs " + name + ": validation_status None", info: []string{codeSignatureOK}})
	}
	for _, name := range []string{"duplicate_assertion_reference", "extra_assertion_claim_v1", "extra_field", "invalid_sig_type", "malformed_cbor", "pad1_invalid", "pad2_invalid"} {
		list = append(list, stated{file: identityFixtures + "validation_method/" + name + ".jpg", test: "validation_method/continue_when_possible.rs: validation_status None", info: []string{codeSignatureOK}})
	}
	// That an identity names no hard binding is a matter of the identity
	// assertion (CAWG), which is not judged here.
	return append(list, stated{
		file: identityFixtures + "validation_method/no_hard_binding.jpg", test: "validator.rs test_cawg_validate_with_hard_binding_missing",
		failures: []string{"cawg.identity.hard_binding_missing"}, instead: []string{},
	})
}

// TestAgainstReferenceTests checks every fixture of the reference tool that is
// at hand: in ../shared/data/c2pa-rs, or in a checkout that EVENHAND_C2PA_RS
// names. Its tests judge no trust, and neither do we here.
func TestAgainstReferenceTests(t *testing.T) {
	const beside = "../../../../shared/data/c2pa-rs"
	checkout := os.Getenv("EVENHAND_C2PA_RS")
	checked, absent := 0, 0
	for _, row := range statedOutcomes() {
		data, err := os.ReadFile(filepath.Join(checkout, filepath.FromSlash(row.file)))
		if err != nil || checkout == "" {
			if data, err = os.ReadFile(filepath.Join(beside, filepath.Base(row.file))); err != nil || filepath.Dir(row.file)+"/" == cliFixtures && filepath.Base(row.file) == "C.jpg" {
				absent++
				continue
			}
		}
		checked++
		row.check(t, data)
	}
	if checked == 0 {
		t.Skip("the fixtures of c2pa-rs (../shared/data/c2pa-rs, or EVENHAND_C2PA_RS) are not here")
	}
	t.Logf("%d fixtures checked, %d not at hand", checked, absent)
}

func (row stated) check(t *testing.T, data []byte) {
	t.Helper()
	name := filepath.Base(row.file)
	r, err := Read(data, Options{Now: testNow})
	if row.none {
		if !errors.Is(err, ErrNone) {
			t.Errorf("%s: %+v, %v, but %s says there is nothing", name, r, err, row.test)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	want := append(slices.Clone(row.failures), row.more...)
	if row.instead != nil {
		want = slices.Clone(row.instead)
	}
	slices.Sort(want)
	if !slices.Equal(r.Summary.Validation, want) && len(want)+len(r.Summary.Validation) > 0 {
		t.Errorf("%s: failures %v, want %v\n%s", name, r.Summary.Validation, want, row.test)
	}
	for _, code := range row.info {
		if !slices.ContainsFunc(r.Statuses, func(s Status) bool { return s.Code == code && !s.Failure }) {
			t.Errorf("%s: no %s, but %s", name, code, row.test)
		}
	}
}
