package c2pa

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

func TestFindings(t *testing.T) {
	ai := Summary{AI: true, Signer: "Maker", History: []Step{{AI: true}}}
	trusted := ai
	trusted.Trusted = true
	broken := ai
	broken.Validation = []string{"assertion.dataHash.mismatch"}
	for name, c := range map[string]struct {
		r    Report
		want []string
	}{
		"nothing to say":      {Report{}, nil},
		"AI, trusted":         {Report{Summary: trusted}, []string{"provenance.c2pa_ai conclusive against"}},
		"AI, a stranger":      {Report{Summary: ai}, []string{"provenance.c2pa_ai strong against"}},
		"AI, moved":           {Report{Summary: broken}, []string{"provenance.c2pa_ai strong against", "provenance.c2pa_invalid weak against"}},
		"tampered":            {Report{Summary: Summary{Validation: []string{codeAssertionMismatch}}}, []string{"provenance.c2pa_invalid strong against"}},
		"re-saved":            {Report{Summary: Summary{Validation: []string{"assertion.bmffHash.mismatch"}}}, []string{"provenance.c2pa_invalid weak against"}},
		"source lost":         {Report{Summary: Summary{Validation: []string{codeClaimMissing}}}, []string{"provenance.c2pa_invalid weak neutral"}},
		"certificate expired": {Report{Summary: Summary{Validation: []string{codeSignerExpired}}}, []string{"provenance.c2pa_invalid note neutral"}},
		"cut short":           {*unreadable(errJUMBF, ""), []string{"provenance.c2pa_invalid note neutral"}},
		"camera":              {Report{camera: true}, []string{"provenance.c2pa_camera strong for"}},
	} {
		var got []string
		for _, f := range c.r.Findings() {
			got = append(got, string(f.Code)+" "+string(f.Strength)+" "+string(f.Stance))
			if f.Text.EN == "" || f.Text.ZH == "" || strings.Contains(f.Text.EN+f.Text.ZH, "%!") {
				t.Errorf("%s: text %+v", name, f.Text)
			}
			if (f.Strength == evidence.Conclusive) != (f.FalseAlarm > 0) {
				t.Errorf("%s: a bound goes with conclusive, and only with it", name)
			}
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestJSON fixes the shape that --json promises.
func TestJSON(t *testing.T) {
	file := dataBound(t, inJPEG, newMaker(newAuthority()).simple)
	r, err := Read(file, Options{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	r.Summary.History = nil
	got, err := json.Marshal(r.Summary)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"active":"urn:c2pa:1","manifests":1,"validation":[],"signer":"Test Signer","trusted":false,"ai":false,"actions":["c2pa.created"],"generator":"Test 1"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRemote: a manifest kept elsewhere is named and not fetched.
func TestRemote(t *testing.T) {
	file := []byte("\xff\xd8 <rdf:Description dcterms:provenance=\"https://example.org/a.c2pa\"/>")
	r, err := Read(file, Options{Now: testNow})
	if err != nil || r.Summary.Remote != "https://example.org/a.c2pa" || r.Summary.Manifests != 0 || len(r.Findings()) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Read([]byte("\xff\xd8 dcterms:provenance=\"self#jumbf=c2pa\""), Options{Now: testNow}); err != ErrNone {
		t.Error(err)
	}
}
