package policy

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
)

var update = flag.Bool("update", false, "write the golden files anew")

func mustCompile(t testing.TB, source string) *Policy {
	t.Helper()
	p, err := Compile([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDefault runs the default's own tests and wants each rule reached.
func TestDefault(t *testing.T) {
	p := mustCompile(t, string(Default()))
	for _, r := range p.Test() {
		if !r.OK {
			t.Errorf("%+v", r)
		}
	}
	if u := p.Untested(); len(u) > 0 {
		t.Errorf("no test ends in %v", u)
	}
	if n := len(p.Test()); n < 25 {
		t.Errorf("%d tests beside the rules, want at least 25", n)
	}
	notes := 0
	for _, r := range p.Rules() {
		if (r.Note == "") != (r.NoteZH == "") {
			t.Errorf("the note of %s is in one language: %q, %q", r.Name, r.Note, r.NoteZH)
		}
		if r.Note != "" {
			notes++
		}
	}
	if notes == 0 {
		t.Error("no rule has a note")
	}
	// Whoever writes for readers of one language writes one text.
	one := strings.Replace(string(Default()), "    note:\n      en: Strong or", "    note: Strong or", 1)
	one = strings.Replace(one, "\n      zh: 有“有力”", "\n    # ", 1)
	if r := mustCompile(t, one).Rules()[1]; !strings.HasPrefix(r.Note, "Strong or") || r.NoteZH != "" {
		t.Errorf("%q, %q", r.Note, r.NoteZH)
	}
}

// TestProblems changes one thing in the default and wants it told where it is.
func TestProblems(t *testing.T) {
	base := string(Default())
	tests := []struct{ name, from, to, at, want string }{
		{"unknown fact", `claim.reason == "not_received"` + "\n", `claim.reson == "not_received"` + "\n", "claim.reson", `did you mean "reason"`},
		{"unknown word", `claim.reason == "not_received"` + "\n", `claim.reason == "not_recieved"` + "\n", `"not_recieved"`, `did you mean "not_received"`},
		{"bare number for money", "claim.amount <= amounts.small\n", "claim.amount <= 5000\n", "<= 5000", "<= does not work on (Money, int)"},
		{"breaks off", "buyer.refunds < 5", "buyer.refunds <", "", "breaks off"},
		{"folded text", "&& claim.videos == 0 && claim.asked", "&& claim.vidoes == 0 && claim.asked", "claim.vidoes", `did you mean "videos"`},
		{"unknown list", "within(lists.fresh)\n      && claim.amount", "within(lists.frsh)\n      && claim.amount", "lists.frsh", `did you mean "fresh"`},
		{"window below the floor", "merchant_window: 48h", "merchant_window: 12h", "12h", "at least 24h"},
		{"unknown field", "  merchant_window: 48h", "  merchant_windw: 48h", "merchant_windw", `did you mean "merchant_window"`},
		{"lapse where the buyer speaks", "then: visit\n    why:\n      en: A", "then: lapse\n    why:\n      en: A", "lapse", "lapse is not possible at the stage filed"},
		{"settle past the merchant", "when: |\n      merchant.consent && merchant.answer == \"\"\n      && claim.kind in [\"return_refund\"", "when: |\n      merchant.answer == \"\"\n      && claim.kind in [\"return_refund\"", "", "before the merchant was heard"},
		{"consent as one of two ways", "merchant.consent && merchant.answer == \"\"\n      && claim.kind in [\"return_refund\"", "(merchant.consent || against < weak) && merchant.answer == \"\"\n      && claim.kind in [\"return_refund\"", "", "before the merchant was heard"},
		{"asking without end", "when: merchant.packing > 0 && claim.asked == 0", "when: merchant.packing > 0", "", "ask the buyer without end"},
		{"silence without an outcome", "  - name: silent\n", "  - name: silent\n    when: against < weak\n", "", "silence must have an outcome"},
		{"otherwise is a person", "otherwise:\n  then: review", "otherwise:\n  then: settle", "settle", "must be review"},
		{"an anchor", "name: Evenhand default", "name: &x Evenhand default", "&x", "must be a text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := strings.Replace(base, tt.from, tt.to, 1)
			if source == base {
				t.Fatalf("%q is not in the default", tt.from)
			}
			_, err := Compile([]byte(source))
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			for _, p := range problems {
				if !strings.Contains(p.Text.EN, tt.want) {
					continue
				}
				if p.Text.ZH == "" || p.Line < 1 || p.Column < 1 {
					t.Errorf("half told: %+v", p)
				}
				word, _, _ := strings.Cut(tt.at, ".") // CEL points at the dot of a field
				line := strings.Split(source, "\n")[p.Line-1]
				if tt.at != "" && (!strings.Contains(line, tt.at) || p.Column <= strings.Index(line, word)) {
					t.Errorf("told at %d:%d, %q", p.Line, p.Column, line)
				}
				return
			}
			t.Errorf("got %v, want %q", problems, tt.want)
		})
	}
}

// TestCostLimitTrips evaluates a condition that would run for hours.
func TestCostLimitTrips(t *testing.T) {
	source := strings.Replace(string(Default()), `when: claim.reason == "not_received"`,
		`when: findings.all(a, findings.all(b, findings.all(c, a.code != "x" || b.code != "y" || c.code != "z")))`, 1)
	p := mustCompile(t, source)
	f := usual()
	for range 400 {
		f.Findings = append(f.Findings, claim.FindingFact{Code: "trace.x", Strength: "note", Stance: "neutral", Party: "buyer"})
	}
	routing, err := p.Route(f)
	var failed *RouteError
	if !errors.As(err, &failed) || failed.Rule != "not-arrived" || !strings.Contains(err.Error(), "cost limit") {
		t.Errorf("got %v, want the cost limit of not-arrived", err)
	}
	if routing.Action != claim.ActReview {
		t.Errorf("got %s beside the error, want review", routing.Action)
	}
}

func drawFacts(t *rapid.T) claim.Facts {
	f := usual()
	f.Stage = rapid.SampledFrom(claim.Stages).Draw(t, "stage")
	f.Claim.Kind = rapid.SampledFrom(claim.Kinds).Draw(t, "kind")
	f.Claim.Reason = rapid.SampledFrom(claim.Reasons).Draw(t, "reason")
	f.Claim.Amount = rapid.Int64Range(0, 1_000_000).Draw(t, "amount")
	f.Claim.Currency = rapid.SampledFrom([]string{"CNY", "USD", "JPY", "XTS", ""}).Draw(t, "currency")
	f.Claim.Categories = rapid.SliceOfN(rapid.SampledFrom([]string{"fresh", "生鲜", "toys", ""}), 0, 3).Draw(t, "categories")
	f.Claim.Asked = rapid.IntRange(0, 3).Draw(t, "asked")
	f.Claim.AgeHours = rapid.Int64Range(-1, 1000).Draw(t, "age")
	f.Claim.Videos = rapid.IntRange(0, 2).Draw(t, "videos")
	f.Merchant.Consent = rapid.Bool().Draw(t, "consent")
	f.Merchant.Answer = rapid.SampledFrom([]string{"", "contest", "offer"}).Draw(t, "answer")
	f.Buyer.Confirmed = rapid.IntRange(0, 2).Draw(t, "confirmed")
	for range rapid.IntRange(0, 4).Draw(t, "findings") {
		f.Findings = append(f.Findings, claim.FindingFact{
			Code: rapid.SampledFrom(codes()).Draw(t, "code"), Strength: rapid.SampledFrom(strengths).Draw(t, "strength"),
			Stance: rapid.SampledFrom(stances).Draw(t, "stance"), Party: rapid.SampledFrom(parties).Draw(t, "party"),
		})
	}
	f.Against, f.For = Strongest(f.Findings)
	return f
}

// TestRouteIsTotalAndAlike routes random facts: without an error, the same
// from a policy compiled anew and from facts read back from their JSON, and
// never to money past an unheard merchant.
func TestRouteIsTotalAndAlike(t *testing.T) {
	p, again := mustCompile(t, string(Default())), mustCompile(t, string(Default()))
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		first, err := p.Route(f)
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := json.Marshal(f)
		var back claim.Facts
		if err := json.Unmarshal(kept, &back); err != nil {
			t.Fatal(err)
		}
		second, err := again.Route(back)
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Fatalf("%+v, then %+v, %v", first, second, err)
		}
		if first.Action == claim.ActSettle && !f.Merchant.Consent && f.Stage != claim.StageMerchantSilent {
			t.Fatalf("settled unheard by %s", first.Rule)
		}
		if first.Action == claim.ActSettle && f.Against >= evidence.Strong.Rank() && first.Rule != "silent-undelivered" {
			t.Fatalf("settled in doubt by %s", first.Rule)
		}
	})
}

// TestGolden holds the default's routing over a grid of facts.
func TestGolden(t *testing.T) {
	p := mustCompile(t, string(Default()))
	var b strings.Builder
	for _, stage := range claim.Stages {
		for _, kind := range claim.Kinds {
			for _, amount := range []int64{30_00, 150_00, 2000_00} {
				for _, consent := range []bool{false, true} {
					for _, strength := range []evidence.Strength{"", evidence.Weak, evidence.Conclusive} {
						f := usual()
						f.Stage, f.Claim.Kind, f.Claim.Amount, f.Merchant.Consent = stage, kind, amount, consent
						if stage == claim.StageContested {
							f.Merchant.Answer = "contest"
						}
						if strength != "" {
							f.Findings = []claim.FindingFact{{Code: "reference.same_capture", Strength: string(strength), Stance: "against", Party: "buyer"}}
						}
						f.Against, f.For = Strongest(f.Findings)
						r, err := p.Route(f)
						if err != nil {
							t.Fatal(err)
						}
						fmt.Fprintf(&b, "%s %s %d consent=%t against=%s: %s %s\n", stage, kind, amount/100, consent, strength, r.Rule, r.Action)
					}
				}
			}
		}
	}
	const file = "testdata/default.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("the default routes otherwise than %s (%v); go test ./policy -run Golden -update shows how", file, err)
	}
}

func TestDiff(t *testing.T) {
	old := mustCompile(t, string(Default()))
	for _, tt := range []struct {
		name, from, to string
		major          bool
		changes        int
	}{
		{"nothing", "", "", false, 0},
		{"a comment", "# 48 h:", "# forty-eight:", false, 0},
		{"longer", "merchant_window: 48h", "merchant_window: 72h", false, 1},
		{"shorter", "merchant_window: 48h", "merchant_window: 24h", true, 1},
		{"people later", "review_window: 24h", "review_window: 48h", true, 1},
		{"a lower limit", `small: {CNY: "50.00"`, `small: {CNY: "40.00"`, true, 1},
		{"a video from less", `video_from: {CNY: "500.00"`, `video_from: {CNY: "400.00"`, true, 1},
		{"other words", "zh: 先请", "zh: 请先", false, 0},
		{"another condition", "buyer.refunds < 5", "buyer.refunds < 4", true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changes := Diff(old, mustCompile(t, strings.Replace(string(Default()), tt.from, tt.to, 1)))
			if len(changes) != tt.changes || Major(changes) != tt.major {
				t.Errorf("got %+v", changes)
			}
		})
	}
}

// FuzzCompile wants problems or a policy that routes, never a panic.
// FuzzCompile is best run with -fuzzminimizetime=1x: go's fuzzer otherwise
// spends a minute on shortening each find that came of the default policy, and
// counts no executions meanwhile.
func FuzzCompile(f *testing.F) {
	f.Add(Default())
	f.Add([]byte("name: x\nrules:\n  - {when: 'a.b', then: settle}\n"))
	f.Add([]byte("- - - ? : {[&a *a <<: !!x |\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		p, err := Compile(source)
		if _, told := errors.AsType[Problems](err); err != nil && !told {
			t.Fatal(err)
		}
		if err == nil {
			p.Route(usual())
		}
	})
}

func BenchmarkRoute(b *testing.B) {
	p := mustCompile(b, string(Default()))
	f := usual() // comes to the last rule of its stage
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Route(f); err != nil {
			b.Fatal(err)
		}
	}
}
