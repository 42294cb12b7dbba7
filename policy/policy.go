package policy

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
)

//go:embed default.yaml
var defaultSource []byte

// Default is the text of the policy that the product comes with; its comments
// give the reason for each number.
func Default() []byte { return slices.Clone(defaultSource) }

// Otherwise names the last rule in a routing, which takes what no other took.
const Otherwise = "otherwise"

// Policy is a compiled text. It does not change and may be used by any number
// of goroutines.
type Policy struct {
	id, name  string
	notes     text.Text
	terms     claim.Terms
	videoFrom claim.VideoFrom
	words     vocabulary
	language  *language
	rules     []Rule
	last      Rule
	cases     []testCase
}

// Rule is one rule as both sides may read it.
type Rule struct {
	Name string `json:"name"`
	// About says in words which claims it takes.
	About text.Text `json:"about"`
	// At lists the stages it stands at; none means all of them.
	At []claim.Stage `json:"at,omitempty"`
	// When is the condition's text; empty takes every claim.
	When   string        `json:"when,omitempty"`
	Then   claim.Action  `json:"then"`
	Ask    text.Text     `json:"ask,omitzero"`
	Why    text.Text     `json:"why"`
	Note   string        `json:"note,omitempty"`
	NoteZH string        `json:"note_zh,omitempty"` // empty where Note is in one language only
	Window time.Duration `json:"window,omitempty"`
	Stakes int           `json:"stakes,omitempty"`
	// Line is where it stands in the source.
	Line int `json:"line"`

	program cel.Program // nil where When is empty
	tree    *celast.AST // the same
	broken  bool        // When has problems; such a policy does not leave Compile
}

// ID names the version: "P" and the first 16 hex digits of the source's SHA-256.
func (p *Policy) ID() string { return p.id }

// Name is what the operator calls it.
func (p *Policy) Name() string { return p.name }

// Notes is what the operator tells both sides about it; it may be empty.
func (p *Policy) Notes() text.Text { return p.notes }

// Terms are the windows and amounts of the version, for the caller to keep.
func (p *Policy) Terms() claim.Terms {
	t := p.terms
	t.FourEyes, t.HoldFrom = maps.Clone(t.FourEyes), maps.Clone(t.HoldFrom)
	return t
}

// VideoFrom says from which amounts a filing needs a video.
func (p *Policy) VideoFrom() claim.VideoFrom { return maps.Clone(p.videoFrom) }

// Rules lists the rules in their order, the last one, Otherwise, included.
func (p *Policy) Rules() []Rule {
	list := append(slices.Clone(p.rules), p.last)
	for i := range list {
		list[i].At, list[i].program, list[i].tree = slices.Clone(list[i].At), nil, nil
	}
	return list
}

// RouteError says which rule could not be tried on the facts, and why.
type RouteError struct {
	Policy, Rule string
	Err          error
}

func (e *RouteError) Error() string {
	return fmt.Sprintf("policy %s: rule %s: %v", e.Policy, e.Rule, e.Err)
}

// Unwrap gives the cause.
func (e *RouteError) Unwrap() error { return e.Err }

// Route says what happens to a claim with these facts: the first rule that
// stands at their stage and whose condition holds. The same facts give the same
// routing, always. Where a condition cannot be computed (it took too long, or
// divided by zero) the error is a *RouteError, and the routing beside it sends
// the claim to a person.
func (p *Policy) Route(f claim.Facts) (claim.Routing, error) {
	if !slices.Contains(claim.Stages, f.Stage) {
		return p.toPerson(Otherwise), &RouteError{p.id, Otherwise, fmt.Errorf("there is no stage %q", f.Stage)}
	}
	view := p.language.scene(&f)
	for i := range p.rules {
		r := &p.rules[i]
		if len(r.At) > 0 && !slices.Contains(r.At, f.Stage) {
			continue
		}
		holds, err := r.holds(view)
		if err != nil {
			return p.toPerson(r.Name), &RouteError{p.id, r.Name, err}
		}
		if holds {
			return p.routing(r), nil
		}
	}
	return p.routing(&p.last), nil
}

func (r *Rule) holds(view *scene) (bool, error) {
	if r.program == nil {
		return true, nil
	}
	out, _, err := r.program.Eval(view)
	if err != nil {
		return false, err
	}
	b, ok := out.(types.Bool)
	if !ok {
		return false, fmt.Errorf("the condition gave a %s", out.Type().TypeName())
	}
	return bool(b), nil
}

func (p *Policy) routing(r *Rule) claim.Routing {
	return claim.Routing{Policy: p.id, Rule: r.Name, Action: r.Then, Why: r.Why, Note: r.Note, NoteZH: r.NoteZH, Ask: r.Ask, Window: r.Window, Stakes: r.Stakes}
}

// toPerson is the routing where a rule failed.
func (p *Policy) toPerson(rule string) claim.Routing {
	return claim.Routing{
		Policy: p.id, Rule: rule, Action: claim.ActReview, Stakes: 1,
		Why:    text.Text{EN: "A person will look at this claim.", ZH: "这一申请将由人工审核。"},
		Note:   "The rule's condition could not be computed on these facts.",
		NoteZH: "这条规则的条件无法按现有事实计算。",
	}
}

func identify(source []byte) string {
	digest := sha256.Sum256(source)
	return "P" + hex.EncodeToString(digest[:])[:16]
}
