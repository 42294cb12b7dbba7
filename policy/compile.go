package policy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// compiler reads one text into a policy, gathering problems on the way.
type compiler struct {
	reader
	policy *Policy
}

// Compile reads and checks a policy. The error is Problems: all that is wrong
// with the text, as far as one mistake does not hide another.
func Compile(source []byte) (*Policy, error) {
	c := &compiler{
		reader: reader{source: string(source)},
		policy: &Policy{id: identify(source), words: vocabulary{amounts: map[string]limit{}, lists: map[string][]string{}, spoken: map[[2]string]limit{}}},
	}
	if root := c.parse(); root != nil {
		if err := c.document(root); err != nil {
			return nil, err
		}
	}
	if len(c.problems) > 0 {
		return nil, c.problems.sorted()
	}
	return c.policy, nil
}

var topFields = []string{"name", "notes", "terms", "amounts", "lists", "rules", "otherwise", "tests"}

func (c *compiler) document(root *yaml.Node) error {
	top, ok := c.fields(root, "", topFields, []string{"name", "terms", "rules", "otherwise"})
	if !ok {
		return nil
	}
	if e, there := top["name"]; there {
		if s, ok := c.text(e); ok {
			if c.policy.name = strings.TrimSpace(s); c.policy.name == "" || len([]rune(c.policy.name)) > 100 {
				c.wrong(c.valuePlace(e), e.path, text.Text{EN: "must have 1 to 100 characters", ZH: "须为 1 到 100 个字符"})
			}
		}
	}
	if e, there := top["notes"]; there {
		c.policy.notes = c.bilingual(e)
	}
	if e, there := top["terms"]; there {
		c.terms(e)
	}
	if e, there := top["amounts"]; there {
		c.amounts(e)
	}
	if e, there := top["lists"]; there {
		c.lists(e)
	}
	var err error
	if c.policy.language, err = c.policy.words.environment(); err != nil {
		return err
	}
	if e, there := top["rules"]; there {
		c.rules(e)
	}
	if e, there := top["otherwise"]; there {
		c.otherwise(e)
	}
	if e, there := top["rules"]; there {
		c.whole(e)
	}
	if e, there := top["tests"]; there {
		c.tests(e)
	}
	return nil
}

// windows are the terms that are times, with the least that they may be.
var windows = []struct {
	name string
	at   func(*claim.Terms) *time.Duration
	min  time.Duration
}{
	{"merchant_window", func(t *claim.Terms) *time.Duration { return &t.MerchantWindow }, claim.MinMerchantWindow},
	{"buyer_window", func(t *claim.Terms) *time.Duration { return &t.BuyerWindow }, claim.MinBuyerWindow},
	{"offer_window", func(t *claim.Terms) *time.Duration { return &t.OfferWindow }, claim.MinOfferWindow},
	{"review_window", func(t *claim.Terms) *time.Duration { return &t.ReviewWindow }, time.Hour},
	{"visit_window", func(t *claim.Terms) *time.Duration { return &t.VisitWindow }, 24 * time.Hour},
	{"appeal_window", func(t *claim.Terms) *time.Duration { return &t.AppealWindow }, claim.MinAppealWindow},
}

func (c *compiler) terms(e entry) {
	var names []string
	for _, w := range windows {
		names = append(names, w.name)
	}
	names = append(names, "four_eyes", "hold_from", "video_from", "second_reading")
	found, ok := c.fields(e.value, e.path, names, names)
	if !ok {
		return
	}
	for _, w := range windows {
		if e, there := found[w.name]; there {
			*w.at(&c.policy.terms) = c.window(e, w.min)
		}
	}
	if e, there := found["four_eyes"]; there {
		c.policy.terms.FourEyes = c.sums(e)
	}
	if e, there := found["hold_from"]; there {
		c.policy.terms.HoldFrom = c.sums(e)
	}
	if e, there := found["video_from"]; there {
		c.policy.videoFrom = c.sums(e)
	}
	if e, there := found["second_reading"]; there {
		c.policy.terms.SecondReading = c.share(e)
	}
}

var span = regexp.MustCompile(`^([0-9]{1,5}) ?(m|h|d)$`)

// window reads a length of time such as 48h or 7d, not below min.
func (c *compiler) window(e entry, min time.Duration) time.Duration {
	s, ok := c.text(e)
	if !ok {
		return 0
	}
	parts := span.FindStringSubmatch(s)
	if parts == nil {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("%q is no length of time; write 90m, 48h or 7d", "%q 不是时长，请写成 90m、48h 或 7d", clip(s)))
		return 0
	}
	n, _ := strconv.Atoi(parts[1]) // five digits always fit
	d := time.Duration(n) * map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[parts[2]]
	if d < min || d > claim.MaxWindow {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("%s is not allowed: at least %s, at most %s", "不允许 %s：不得短于 %s，不得长于 %s", s, spell(min), spell(claim.MaxWindow)))
	}
	return d
}

// spell writes a length of time as a policy does.
func spell(d time.Duration) string {
	switch {
	case d >= 72*time.Hour && d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return strconv.Itoa(int(d/time.Minute)) + "m"
}

// sums reads an amount per currency, in main units.
func (c *compiler) sums(e entry) map[string]int64 {
	entries, ok := c.mapping(e.value, e.path)
	if !ok {
		return nil
	}
	out := map[string]int64{}
	for _, e := range entries {
		s, ok := c.text(e)
		if !ok {
			continue
		}
		if !money.ValidCurrency(e.key) {
			c.wrong(e.at, e.path, text.Bothf("%q is no currency; write three capital letters, such as CNY", "%q 不是币种代码，请写三个大写字母，如 CNY", clip(e.key)))
			continue
		}
		units, ok := money.Parse(s, e.key)
		if !ok {
			c.wrong(c.valuePlace(e), e.path, badAmount(s, e.key))
			continue
		}
		out[e.key] = units
	}
	return out
}

func badAmount(s, code string) text.Text {
	return text.Bothf("%q is no amount in %s; write it in main units, such as 500 or 500.00 (yen and others have no decimals)",
		"%q 不是有效的 %s 金额；请用主单位书写，如 500 或 500.00（日元等币种没有小数）", clip(s), clip(code))
}

// share reads a part of a whole: 0.05 or 5%.
func (c *compiler) share(e entry) float64 {
	s, ok := c.text(e)
	if !ok {
		return 0
	}
	number, percent := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("%q is no share; write 0.05 or 5%%", "%q 不是比例，请写 0.05 或 5%%", clip(s)))
		return 0
	}
	return v
}

var ident = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// amounts reads the limits that conditions can name.
func (c *compiler) amounts(e entry) {
	entries, ok := c.mapping(e.value, e.path)
	if !ok {
		return
	}
	for _, e := range entries {
		if c.named(e) {
			c.policy.words.amounts[e.key] = c.sums(e)
		}
	}
}

// lists reads the lists of words that conditions can name.
func (c *compiler) lists(e entry) {
	entries, ok := c.mapping(e.value, e.path)
	if !ok {
		return
	}
	for _, e := range entries {
		if !c.named(e) {
			continue
		}
		values, ok := c.list(e, maxEntries)
		if !ok {
			continue
		}
		words := []string{}
		for i, v := range values {
			if s, ok := c.text(entry{value: v, at: c.place(v), path: e.path + "[" + strconv.Itoa(i) + "]"}); ok {
				words = append(words, s)
			}
		}
		c.policy.words.lists[e.key] = words
	}
}

// named checks a name that conditions will use.
func (c *compiler) named(e entry) bool {
	if ident.MatchString(e.key) {
		return true
	}
	c.wrong(e.at, e.path, text.Bothf("%q cannot be used in a condition: a name has small letters, digits and _, and begins with a letter", "%q 不能用在条件中：名称只能由小写字母、数字和下划线组成，并以字母开头", clip(e.key)))
	return false
}

// note reads what reviewers are told: a text in both languages, or in one, whose
// readers the author knows.
func (c *compiler) note(e entry) (note, zh string) {
	if e.value != nil && e.value.Kind == yaml.MappingNode {
		t := c.bilingual(e)
		return t.EN, t.ZH
	}
	note, _ = c.text(e)
	return strings.TrimSpace(note), ""
}

// bilingual reads a text in both languages; neither may be left out.
func (c *compiler) bilingual(e entry) text.Text {
	found, ok := c.fields(e.value, e.path, []string{"en", "zh"}, []string{"en", "zh"})
	if !ok {
		return text.Text{}
	}
	read := func(name string) string {
		e, there := found[name]
		if !there {
			return ""
		}
		s, ok := c.text(e)
		s = strings.TrimSpace(s)
		if ok && (s == "" || len([]rune(s)) > maxText) {
			c.wrong(c.valuePlace(e), e.path, text.Bothf("must have 1 to %d characters: both sides read it", "须为 1 到 %d 个字符：双方都会看到", maxText))
		}
		return s
	}
	return text.Text{EN: read("en"), ZH: read("zh")}
}

var ruleFields = []string{"name", "about", "at", "when", "then", "ask", "why", "window", "stakes", "note"}

func (c *compiler) rules(e entry) {
	values, ok := c.list(e, maxRules)
	if !ok {
		return
	}
	names := map[string]bool{}
	for i, v := range values {
		path := e.path + "[" + strconv.Itoa(i) + "]"
		found, ok := c.fields(v, path, ruleFields, []string{"name", "about", "at", "then", "why"})
		if !ok {
			continue
		}
		r := Rule{Line: c.place(v).line}
		if e, there := found["name"]; there {
			r.Name = c.ruleName(e, names)
		}
		if e, there := found["at"]; there {
			r.At = c.stages(e)
		}
		c.body(&r, found)
		if e, there := found["when"]; there {
			c.condition(&r, e)
		}
		c.sense(&r, c.place(v), path, found)
		c.policy.rules = append(c.policy.rules, r)
	}
}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

func (c *compiler) ruleName(e entry, taken map[string]bool) string {
	s, ok := c.text(e)
	switch {
	case !ok:
	case !slug.MatchString(s) || s == Otherwise:
		c.wrong(c.valuePlace(e), e.path, text.Bothf("%q cannot be a rule's name: small letters, digits, - and _; %q is taken", "%q 不能作规则名：只能用小写字母、数字、- 和 _；%q 已被占用", clip(s), Otherwise))
	case taken[s]:
		c.wrong(c.valuePlace(e), e.path, text.Bothf("there are two rules named %q", "有两条规则都叫 %q", s))
	}
	taken[s] = true
	return s
}

func (c *compiler) stages(e entry) []claim.Stage {
	values, ok := c.list(e, len(claim.Stages))
	if !ok {
		return nil
	}
	if len(values) == 0 {
		c.wrong(c.valuePlace(e), e.path, text.Text{EN: "must name at least one stage", ZH: "至少要写一个阶段"})
	}
	var out []claim.Stage
	for _, v := range values {
		s, ok := c.text(entry{value: v, at: c.place(v), path: e.path})
		switch {
		case !ok:
		case !slices.Contains(claim.Stages, claim.Stage(s)):
			c.unknown(c.place(v), e.path, s, words(claim.Stages))
		case slices.Contains(out, claim.Stage(s)):
			c.wrong(c.place(v), e.path, text.Bothf("%s is there twice", "%s 出现了两次", s))
		default:
			out = append(out, claim.Stage(s))
		}
	}
	return out
}

func (c *compiler) otherwise(e entry) {
	found, ok := c.fields(e.value, e.path, []string{"about", "then", "why", "stakes", "note"}, []string{"then", "why"})
	if !ok {
		return
	}
	r := Rule{Name: Otherwise, Line: e.at.line, About: text.Text{EN: "every claim that no rule above takes", ZH: "以上规则都不适用的申请"}}
	c.body(&r, found)
	if r.Then != "" && r.Then != claim.ActReview {
		c.wrong(c.valuePlace(found["then"]), join(e.path, "then"), text.Text{
			EN: "must be review: what no rule thought of goes to a person",
			ZH: "只能是 review：没有规则考虑到的情况交由人工",
		})
	}
	c.policy.last = r
}

// body reads what every rule has.
func (c *compiler) body(r *Rule, found map[string]entry) {
	if e, there := found["about"]; there {
		r.About = c.bilingual(e)
	}
	if e, there := found["why"]; there {
		r.Why = c.bilingual(e)
	}
	if e, there := found["ask"]; there {
		r.Ask = c.bilingual(e)
	}
	if e, there := found["note"]; there {
		r.Note, r.NoteZH = c.note(e)
	}
	if e, there := found["then"]; there {
		s, ok := c.text(e)
		if ok && !slices.Contains(claim.Actions, claim.Action(s)) {
			c.unknown(c.valuePlace(e), e.path, s, words(claim.Actions))
			ok = false
		}
		if ok {
			r.Then = claim.Action(s)
		}
	}
	if e, there := found["stakes"]; there {
		s, ok := c.text(e)
		n, err := strconv.Atoi(s)
		if ok && (err != nil || n < 0 || n > 3) {
			c.wrong(c.valuePlace(e), e.path, text.Text{EN: "must be 0 to 3", ZH: "须为 0 到 3"})
		}
		r.Stakes = n
	}
}
