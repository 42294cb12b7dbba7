package policy

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// testCase is a test that stands beside the rules.
type testCase struct {
	name   string
	line   int
	facts  claim.Facts
	rule   string
	action claim.Action
}

// TestResult is how one of the text's own tests went.
type TestResult struct {
	Name string `json:"name"`
	Line int    `json:"line"`
	OK   bool   `json:"ok"`
	// Rule and Action are what came out, WantRule and WantAction what the
	// test expects ("" expects anything).
	Rule       string       `json:"rule"`
	Action     claim.Action `json:"action"`
	WantRule   string       `json:"want_rule,omitempty"`
	WantAction claim.Action `json:"want_action,omitempty"`
	// Error is set where a condition could not be computed.
	Error string `json:"error,omitempty"`
}

// Test runs the tests that stand beside the rules, in their order.
func (p *Policy) Test() []TestResult {
	results := make([]TestResult, 0, len(p.cases))
	for _, c := range p.cases {
		got, err := p.Route(c.facts)
		r := TestResult{Name: c.name, Line: c.line, Rule: got.Rule, Action: got.Action, WantRule: c.rule, WantAction: c.action}
		if err != nil {
			r.Error = err.Error()
		}
		r.OK = err == nil && (c.rule == "" || c.rule == got.Rule) && (c.action == "" || c.action == got.Action)
		results = append(results, r)
	}
	return results
}

// Untested lists the rules that no test of the text ends in.
func (p *Policy) Untested() []string {
	hit := map[string]bool{}
	for _, r := range p.Test() {
		hit[r.Rule] = hit[r.Rule] || r.OK
	}
	var out []string
	for _, r := range p.Rules() {
		if !hit[r.Name] {
			out = append(out, r.Name)
		}
	}
	return out
}

// usual are the facts of a test that says nothing: an ordinary claim for the
// return of goods worth 100.00 CNY, a day after delivery, with the photos that
// it needs, by a buyer of a dozen orders, nothing found, nobody asked.
func usual() claim.Facts {
	var f claim.Facts
	f.Stage = claim.StageFiled
	f.Claim.ID, f.Claim.Kind, f.Claim.Reason = "C1", claim.ReturnRefund, claim.Damaged
	f.Claim.Amount, f.Claim.Currency = 100_00, "CNY"
	f.Claim.Categories, f.Claim.Missing = []string{}, []string{}
	f.Claim.AgeHours, f.Claim.Share, f.Claim.Photos, f.Claim.Round = 24, 1, 3, 1
	f.Order.Delivered = true
	f.Merchant.ID, f.Buyer.ID, f.Buyer.Orders = "M1", "B1", 12
	f.Findings = []claim.FindingFact{}
	return f
}

func (c *compiler) tests(e entry) {
	values, ok := c.list(e, maxTests)
	if !ok {
		return
	}
	for i, v := range values {
		path := e.path + "[" + strconv.Itoa(i) + "]"
		found, ok := c.fields(v, path, []string{"name", "facts", "expect"}, []string{"name", "expect"})
		if !ok {
			continue
		}
		t := testCase{line: c.place(v).line, facts: usual()}
		if e, there := found["name"]; there {
			t.name, _ = c.text(e)
		}
		if e, there := found["facts"]; there {
			c.facts(&t.facts, e)
		}
		if t.facts.Order.Total == 0 {
			t.facts.Order.Total = t.facts.Claim.Amount
		}
		t.facts.Against, t.facts.For = Strongest(t.facts.Findings)
		if e, there := found["expect"]; there {
			c.expectation(&t, e)
		}
		c.policy.cases = append(c.policy.cases, t)
	}
}

func (c *compiler) expectation(t *testCase, e entry) {
	found, ok := c.fields(e.value, e.path, []string{"rule", "action"}, nil)
	if !ok {
		return
	}
	if e, there := found["rule"]; there {
		s, ok := c.text(e)
		names := []string{Otherwise}
		for _, r := range c.policy.rules {
			names = append(names, r.Name)
		}
		if ok && !slices.Contains(names, s) {
			c.unknown(c.valuePlace(e), e.path, s, names)
		}
		t.rule = s
	}
	if e, there := found["action"]; there {
		s, ok := c.text(e)
		if ok && !slices.Contains(claim.Actions, claim.Action(s)) {
			c.unknown(c.valuePlace(e), e.path, s, words(claim.Actions))
		}
		t.action = claim.Action(s)
	}
	if len(found) == 0 {
		c.wrong(c.valuePlace(e), e.path, text.Text{EN: "expects nothing: name a rule or an action", ZH: "没有写期望：请写出规则或动作"})
	}
}

// facts reads a test's facts over the usual ones, by the names that conditions
// use; against and for_ follow from the findings.
func (c *compiler) facts(f *claim.Facts, e entry) {
	known := []string{"stage", "findings"}
	for _, s := range c.policy.language.subjects {
		known = append(known, s.name)
	}
	found, ok := c.fields(e.value, e.path, known, nil)
	if !ok {
		return
	}
	if e, there := found["stage"]; there {
		s, ok := c.text(e)
		if ok && !slices.Contains(claim.Stages, claim.Stage(s)) {
			c.unknown(c.valuePlace(e), e.path, s, words(claim.Stages))
		}
		f.Stage = claim.Stage(s)
	}
	for _, s := range c.policy.language.subjects {
		if e, there := found[s.name]; there {
			c.subject(f, s, e)
		}
	}
	if e, there := found["findings"]; there {
		c.findings(f, e)
	}
}

func (c *compiler) subject(f *claim.Facts, s subject, e entry) {
	var known []string
	for _, field := range s.fields {
		known = append(known, field.name)
	}
	found, ok := c.fields(e.value, e.path, known, nil)
	if !ok {
		return
	}
	// Amounts are read last: their decimals depend on the currency.
	for _, amounts := range []bool{false, true} {
		for i := range s.fields {
			if e, there := found[s.fields[i].name]; there && s.fields[i].money == amounts {
				c.fact(f, &s.fields[i], e)
			}
		}
	}
}

// fact sets one fact from a test.
func (c *compiler) fact(f *claim.Facts, to *field, e entry) {
	if list, isList := to.at(f).(*[]string); isList {
		values, ok := c.list(e, maxEntries)
		if !ok {
			return
		}
		*list = []string{}
		for _, v := range values {
			if s, ok := c.text(entry{value: v, at: c.place(v), path: e.path}); ok {
				*list = append(*list, s)
			}
		}
		return
	}
	s, ok := c.text(e)
	if !ok {
		return
	}
	var err error
	switch p := to.at(f).(type) {
	case *string:
		*p = s
		if to.oneOf != nil && !contains(to.oneOf, s) {
			c.unknown(c.valuePlace(e), e.path, s, to.oneOf)
		}
	case *int:
		*p, err = strconv.Atoi(s)
	case *int64:
		if to.money {
			if *p, ok = money.Parse(s, f.Claim.Currency); !ok {
				c.wrong(c.valuePlace(e), e.path, badAmount(s, f.Claim.Currency))
			}
			return
		}
		*p, err = strconv.ParseInt(s, 10, 64)
	case *bool:
		*p, err = strconv.ParseBool(s)
	case *float64:
		if *p, err = strconv.ParseFloat(s, 64); err == nil && !(*p >= 0 && *p <= 1) {
			err = fmt.Errorf("%v is no share", *p)
		}
	}
	if err != nil {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("%q does not fit here", "%q 不适用于此处", clip(s)))
	}
}

func (c *compiler) findings(f *claim.Facts, e entry) {
	values, ok := c.list(e, maxEntries)
	if !ok {
		return
	}
	for i, v := range values {
		f.Findings = append(f.Findings, c.finding(v, e.path+"["+strconv.Itoa(i)+"]"))
	}
}

// finding reads a test's finding: against the claim and about the buyer's
// evidence, where it does not say otherwise.
func (c *compiler) finding(v *yaml.Node, path string) claim.FindingFact {
	out := claim.FindingFact{Stance: string(evidence.Against), Party: string(claim.Buyer)}
	var known []string
	for _, field := range findingFields() {
		known = append(known, field.name)
	}
	found, ok := c.fields(v, path, known, []string{"code", "strength"})
	if !ok {
		return out
	}
	for _, field := range findingFields() {
		e, there := found[field.name]
		if !there {
			continue
		}
		s, ok := c.text(e)
		switch {
		case !ok:
		case field.oneOf != nil && !contains(field.oneOf, s):
			c.unknown(c.valuePlace(e), e.path, s, field.oneOf)
		case field.name == "code" && !knownCode(s):
			c.unknown(c.valuePlace(e), e.path, s, codes())
		}
		*field.at(&out) = s
	}
	return out
}
