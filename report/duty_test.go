package report

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/screening/provenance/aigc"
)

// TestDutyIsShown: each case of article 6 is told on the terminal, on the page
// and in the JSON, in the reader's language, and nothing where nothing is due.
func TestDutyIsShown(t *testing.T) {
	possible := aigc.Labels{{Label: aigc.Label{Label: aigc.Possible}}}
	generated := aigc.Labels{{Label: aigc.Label{Label: aigc.Generated}}}
	for _, tt := range []struct {
		name   string
		duty   aigc.Duty
		en, zh string
		number string
	}{
		{"labelled", aigc.DutyFor(generated, false, false), "article 6(1)", "第六条第一项", `"case":1`},
		{"declared", aigc.DutyFor(possible, false, false), "article 6(2)", "第六条第二项", `"case":2`},
		{"declared by the user", aigc.DutyFor(nil, true, true), "article 6(2)", "第六条第二项", `"case":2`},
		{"traced", aigc.DutyFor(nil, false, true), "article 6(3)", "第六条第三项", `"case":3`},
		{"nothing", aigc.DutyFor(nil, false, false), "", "", ""},
	} {
		in := &screening.Inspection{Claim: []screening.ClaimFile{{File: "a.jpg", Format: "jpeg", Width: 4, Height: 3, Findings: []evidence.Finding{}}}}
		if tt.duty.Case != aigc.NoCase {
			in.Claim[0].Duty = &tt.duty
		}
		for lang, want := range map[string]string{"en": tt.en, "zh": tt.zh} {
			var out bytes.Buffer
			if err := Terminal(&out, in, Style{Lang: lang, Width: 400}); err != nil {
				t.Fatal(err)
			}
			flat := strings.Join(strings.Fields(out.String()), " ")
			if lang == "zh" {
				flat = strings.ReplaceAll(flat, " ", "")
			}
			told(t, tt.name+", terminal, "+lang, flat, want, "article 6(", "第六条")
		}
		v, err := newClaimView(context.Background(), &painter{}, in, &screening.Details{Claim: make([]screening.FileFacts, 1)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		told(t, tt.name+", page", v.Duty.EN, tt.en, "article 6(", "第六条")
		data, err := json.Marshal(in.Claim[0])
		if err != nil {
			t.Fatal(err)
		}
		told(t, tt.name+", JSON", string(data), tt.number, `"duty"`, `"duty"`)
	}
}

func told(t *testing.T, where, got, want string, never ...string) {
	t.Helper()
	if want != "" && !strings.Contains(got, want) {
		t.Errorf("%s: %q lacks %q", where, got, want)
	}
	for _, n := range never {
		if want == "" && strings.Contains(got, n) {
			t.Errorf("%s: %q speaks of a duty", where, got)
		}
	}
}
