package c2pa

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Summary is what `evenhand inspect --json` prints under "c2pa".
type Summary struct {
	// Active is the label of the active manifest, "" where none could be read.
	Active    string `json:"active"`
	Manifests int    `json:"manifests"` // in the file's store
	// Validation holds the failure codes, sorted, each once; failures that an
	// ingredient assertion had recorded are left out. Empty means valid.
	Validation []string `json:"validation"`
	// Signer is the organisation the certificate names, else its common name.
	Signer string `json:"signer"`
	// Trusted is true where the signer leads to the trust list, nothing failed
	// and the file is bound to the claim.
	Trusted bool `json:"trusted"`
	// AI is true where the active manifest or another in the store declares
	// generative AI. It says nothing of whether that declaration is intact.
	AI      bool     `json:"ai"`
	Actions []string `json:"actions"` // of the active manifest, in order

	Generator string     `json:"generator,omitempty"`
	SignedAt  *time.Time `json:"signed_at,omitempty"` // by a time stamp whose signature holds
	// Remote is where XMP says a manifest is kept; it was not fetched.
	Remote string `json:"remote,omitempty"`
	// OCSP is true where the file carries answers on the certificate's status
	// that were looked at; none were asked for.
	OCSP bool `json:"ocsp,omitempty"`
	// Unsigned is how many bytes of the file its data hash leaves out besides
	// the store itself: some capture apps leave out EXIF. Nothing tells whether
	// they were changed.
	Unsigned int    `json:"unsigned_bytes,omitempty"`
	Problem  string `json:"problem,omitempty"` // why the store cannot be read
	// History lists the manifests from the active one back to its sources.
	History []Step `json:"history,omitempty"`
}

// Step is one manifest or ingredient in a file's history.
type Step struct {
	Depth        int        `json:"depth"` // 0 for the active manifest
	Manifest     string     `json:"manifest,omitempty"`
	Title        string     `json:"title,omitempty"`
	Relationship string     `json:"relationship,omitempty"` // to the step above: parentOf, componentOf, inputTo
	Generator    string     `json:"generator,omitempty"`
	Signer       string     `json:"signer,omitempty"`
	SignedAt     *time.Time `json:"signed_at,omitempty"`
	Actions      []string   `json:"actions,omitempty"`
	Sources      []string   `json:"sources,omitempty"` // digital source types, last part
	AI           bool       `json:"ai,omitempty"`
	Failures     []string   `json:"failures,omitempty"` // also those recorded
}

// Digital source types (IPTC NewsCodes) by what they mean here, in lower case.
// algorithmicMedia is deliberately absent: it is made by formulas, not by
// machine learning.
var (
	aiSources      = []string{"trainedalgorithmicmedia", "compositewithtrainedalgorithmicmedia", "compositesynthetic"}
	captureSources = []string{"digitalcapture", "computationalcapture"}
)

// maxHistory bounds the steps that are reported.
const maxHistory = 200

func signerName(c *x509.Certificate) string {
	if o := c.Subject.Organization; len(o) > 0 {
		return o[len(o)-1]
	}
	return c.Subject.CommonName
}

// report sums up what validation found.
func (v *validator) report(active *manifest) *Report {
	r := &Report{Statuses: v.statuses, Bound: v.bound}
	s := &r.Summary
	s.Active, s.Manifests = active.label, len(v.store.manifests)
	s.Validation = []string{}
	for _, st := range v.statuses {
		if st.Failure && !st.Recorded {
			s.Validation = append(s.Validation, st.Code)
		}
	}
	slices.Sort(s.Validation)
	s.Validation = slices.Compact(s.Validation)
	s.Unsigned = v.unsigned
	e := v.seen[active.label]
	s.Signer, s.OCSP, s.SignedAt = e.signer, e.ocsp, stampTime(e)
	s.Trusted = len(s.Validation) == 0 && v.bound && e.trusted && e.verified && !v.flawed()
	s.Actions = active.actions()
	s.Generator = active.generator()
	v.history(active, "", "", 0, map[string]bool{}, &s.History)
	// Over the whole store, not the history alone: a broken reference must not
	// hide what a source declares.
	s.AI = slices.ContainsFunc(v.store.manifests, func(m *manifest) bool { _, ai := m.sources(); return ai })
	r.unread = !slices.ContainsFunc(v.statuses, func(st Status) bool {
		return st.Failure && !st.Recorded && st.Code == codeSignatureBad && !strings.HasPrefix(st.Explanation, notVerified)
	})
	r.camera = s.Trusted && len(v.store.manifests) == 1 && active.plainCapture()
	return r
}

// flawed says whether anything that no signature covers is out of order, in
// the active manifest or one it builds on. That breaks no rule of the
// specification, but such a file is not one that a signer's software wrote.
func (v *validator) flawed() bool {
	for _, m := range v.store.manifests {
		if e := v.seen[m.label]; m.odd || e != nil && e.flawed {
			return true
		}
	}
	return v.store.odd || v.oddCarrier || v.doubtful || v.strayLabel()
}

func stampTime(e *examined) *time.Time {
	if e == nil || e.at.IsZero() {
		return nil
	}
	return &e.at
}

// history lists a manifest and, indented under it, its ingredients.
func (v *validator) history(m *manifest, title, relationship string, depth int, on map[string]bool, out *[]Step) {
	if on[m.label] || len(*out) >= maxHistory {
		return
	}
	on[m.label] = true
	defer delete(on, m.label)
	sources, ai := m.sources()
	step := Step{
		Depth: depth, Manifest: m.label, Title: firstOf(title, m.claim.get("dc:title").str()), Relationship: relationship,
		Generator: m.generator(), Actions: m.actions(), Sources: sources, AI: ai,
	}
	if e := v.seen[m.label]; e != nil {
		step.Signer, step.SignedAt = e.signer, stampTime(e)
	}
	for _, st := range v.statuses {
		if st.Failure && st.Manifest == m.label && !slices.Contains(step.Failures, st.Code) {
			step.Failures = append(step.Failures, st.Code)
		}
	}
	*out = append(*out, step)
	for _, in := range m.ingredients() {
		at, ok := resolve(in.manifest.url, m.label)
		if child := v.store.byLabel[at.manifest]; ok && child != nil {
			v.history(child, in.title, in.relationship, depth+1, on, out)
		} else if len(*out) < maxHistory {
			*out = append(*out, Step{Depth: depth + 1, Title: in.title, Relationship: in.relationship})
		}
	}
}

// generator returns the name and version of what made the claim.
func (m *manifest) generator() string {
	info := m.claim.get("claim_generator_info")
	if l := info.list(); len(l) > 0 {
		info = l[0]
	}
	if name := info.get("name").str(); name != "" {
		return strings.TrimSpace(name + " " + info.get("version").str())
	}
	return m.claim.get("claim_generator").str()
}

// actions returns the names of all actions in order.
func (m *manifest) actions() []string {
	names := []string{}
	for _, a := range m.assertions {
		if base(a.label) != "c2pa.actions" {
			continue
		}
		for _, act := range a.val.get("actions").list() {
			if n := act.get("action").str(); n != "" {
				names = append(names, n)
			}
		}
	}
	return names
}

// sources returns the digital source types that assertions of the manifest
// declare, and whether any of them, or an action, means generative AI. What an
// ingredient assertion says is about the ingredient and counts as well: it
// went into the picture.
func (m *manifest) sources() (types []string, ai bool) {
	for _, a := range m.assertions {
		if base(a.label) == "com.adobe.generative-ai" {
			ai = true
		}
		a.val.walk(0, func(key string, member value) {
			lower := strings.ToLower(key)
			if !strings.HasSuffix(lower, "digitalsourcetype") {
				return
			}
			s := member.str()
			if s == "" {
				s = member.get("@id").str()
			}
			s = s[strings.LastIndexByte(s, '/')+1:]
			if s == "" || slices.Contains(types, s) {
				return
			}
			types = append(types, s)
			ai = ai || slices.Contains(aiSources, strings.ToLower(s))
		})
	}
	for _, name := range m.actions() {
		ai = ai || strings.Contains(strings.ToLower(name), "generativ")
	}
	slices.Sort(types)
	return types, ai
}

// plainCapture says whether a manifest describes one capture by a camera and
// nothing after it: no ingredients, no action but creation, and either a
// source type of capture or, as capture apps before source types did it, a
// signed make and model.
func (m *manifest) plainCapture() bool {
	if len(m.ingredients()) > 0 || m.update {
		return false
	}
	for _, name := range m.actions() {
		if name != "c2pa.created" {
			return false
		}
	}
	types, ai := m.sources()
	if ai {
		return false
	}
	if len(types) > 0 {
		return !slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(captureSources, strings.ToLower(t)) })
	}
	hasMake, hasModel := false, false
	for _, a := range m.assertions {
		if b := base(a.label); b != "stds.exif" && b != "c2pa.metadata" {
			continue
		}
		hasMake = hasMake || firstOf(a.val.get("EXIF:Make").str(), a.val.get("exif:Make").str(), a.val.get("tiff:Make").str()) != ""
		hasModel = hasModel || firstOf(a.val.get("EXIF:Model").str(), a.val.get("exif:Model").str(), a.val.get("tiff:Model").str()) != ""
	}
	return hasMake && hasModel
}
