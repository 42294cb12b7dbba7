package report

import (
	"slices"
	"strings"

	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/text"
)

// mostSteps bounds how much of a credential's history a page shows.
const mostSteps = 24

// credentialView is a file's Content Credentials as a chain, newest first.
type credentialView struct {
	State text.Text
	Class string // for colour: "good", "bad" or ""
	Steps []stepView
	More  bool
}

type stepView struct {
	Depth               int
	Title, Signer, When string
	Did                 string
	AI                  bool
	Failures            string
}

// newCredentialView is nil where there are no credentials to show.
func newCredentialView(s *c2pa.Summary) *credentialView {
	if s == nil || len(s.History) == 0 && s.Problem == "" && len(s.Validation) == 0 {
		return nil
	}
	v := &credentialView{}
	switch {
	case len(s.Validation) > 0:
		v.Class = "bad"
		v.State = text.Text{EN: "Does not hold: " + strings.Join(s.Validation, ", "), ZH: "未通过校验：" + strings.Join(s.Validation, "、")}
	case s.Trusted:
		v.Class = "good"
		v.State = text.Text{EN: "Intact, signed by " + Clean(s.Signer) + ", who is on your trust list", ZH: "完好，由可信名单中的 " + Clean(s.Signer) + " 签名"}
	default:
		v.State = text.Text{EN: "Intact, signed by " + Clean(s.Signer) + "; nobody here vouches for that signer", ZH: "完好，由 " + Clean(s.Signer) + " 签名；该签名者不在可信名单中"}
	}
	for _, h := range s.History[:min(len(s.History), mostSteps)] {
		step := stepView{Depth: min(h.Depth, 4), Title: Clean(firstOf(h.Title, h.Generator, h.Manifest)), Signer: Clean(h.Signer), AI: h.AI}
		if h.SignedAt != nil {
			step.When = h.SignedAt.UTC().Format("2006-01-02 15:04 UTC")
		}
		step.Did = Clean(strings.Join(shortActions(h.Actions), ", "))
		step.Failures = Clean(strings.Join(h.Failures, ", "))
		v.Steps = append(v.Steps, step)
	}
	v.More = len(s.History) > mostSteps
	return v
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return "?"
}

// shortActions drops the common prefix and repetitions.
func shortActions(actions []string) []string {
	var out []string
	for _, a := range actions {
		if a = strings.TrimPrefix(a, "c2pa."); !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}
