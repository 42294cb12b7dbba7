package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// condition compiles a rule's CEL text and checks what its types cannot say.
func (c *compiler) condition(r *Rule, e entry) {
	s, ok := c.text(e)
	if !ok {
		return
	}
	r.When = strings.TrimSpace(s)
	if r.When == "" {
		c.wrong(c.valuePlace(e), e.path, text.Text{EN: "the condition is empty; leave when out to take every claim", ZH: "条件为空；若要接收全部申请，请去掉 when"})
		return
	}
	r.broken = true // until it is found to be whole
	locate := c.locate(e.value)
	if n := len([]rune(s)); n > maxExpression {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("the condition has %d characters; at most %d are allowed", "条件有 %d 个字符，最多 %d 个", n, maxExpression))
		return
	}
	tree, issues := c.policy.language.env.Compile(s)
	if issues.Err() != nil {
		for _, issue := range issues.Errors() {
			at := c.valuePlace(e)
			if issue.Location.Line() > 0 {
				at = locate(offset(s, issue.Location.Line(), issue.Location.Column()))
			}
			c.wrong(at, e.path, c.explain(issue.Message))
		}
		return
	}
	if !tree.OutputType().IsExactType(types.BoolType) {
		c.wrong(c.valuePlace(e), e.path, text.Bothf("the condition gives a %s; it must be true or false", "条件的结果是 %s，必须是真或假", cel.FormatCELType(tree.OutputType())))
		return
	}
	w := &walk{compiler: c, tree: tree.NativeRep(), path: e.path, locate: func(id int64) place {
		l := tree.NativeRep().SourceInfo().GetStartLocation(id)
		return locate(offset(s, l.Line(), l.Column()))
	}}
	celast.PreOrderVisit(w.tree.Expr(), celast.NewExprVisitor(w.visit))
	r.tree = w.tree
	program, err := c.policy.language.env.Program(tree, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(maxCost))
	if err != nil {
		c.wrong(c.valuePlace(e), e.path, c.explain(err.Error()))
		return
	}
	r.program, r.broken = program, false
}

// offset turns a line (from 1) and column (from 0) of a text into characters
// from its start.
func offset(text string, line, column int) int {
	at := 0
	for l := range strings.Lines(text) {
		if line--; line <= 0 {
			break
		}
		at += len([]rune(l))
	}
	return at + column
}

// walk checks the words in a condition.
type walk struct {
	compiler *compiler
	tree     *celast.AST
	path     string
	locate   func(id int64) place
}

func (w *walk) visit(e celast.Expr) {
	if e.Kind() != celast.CallKind {
		return
	}
	call := e.AsCall()
	args := call.Args()
	switch call.FunctionName() {
	case operators.Equals, operators.NotEquals:
		w.compared(args[0], args[1])
		w.compared(args[1], args[0])
	case operators.In:
		if args[1].Kind() == celast.ListKind {
			for _, element := range args[1].AsList().Elements() {
				w.compared(args[0], element)
			}
		}
	case "money":
		w.spoken(args)
	case anyFinding:
		w.named(args)
	}
}

// compared checks a word that is compared with a fact that can only be one of
// a few.
func (w *walk) compared(fact, literal celast.Expr) {
	s, isText := asText(literal)
	known := w.oneOf(fact)
	if !isText || known == nil || contains(known, s) {
		return
	}
	if meant := Nearest(s, known); meant != "" {
		w.compiler.wrong(w.locate(literal.ID()), w.path, text.Bothf("it is never %q; did you mean %q?", "不会是 %q，您要写的是 %q 吗？", clip(s), meant))
		return
	}
	quoted := make([]string, len(known))
	for i, k := range known {
		quoted[i] = fmt.Sprintf("%q", k)
	}
	w.compiler.wrong(w.locate(literal.ID()), w.path, text.Text{
		EN: fmt.Sprintf("it is never %q; it can be %s", clip(s), strings.Join(quoted, ", ")),
		ZH: fmt.Sprintf("不会是 %q，可以是：%s", clip(s), strings.Join(quoted, "、")),
	})
}

// oneOf lists what a fact can be; nil where it can be anything.
func (w *walk) oneOf(fact celast.Expr) []string {
	if fact.Kind() == celast.IdentKind && fact.AsIdent() == "stage" {
		return words(claim.Stages)
	}
	if fact.Kind() != celast.SelectKind {
		return nil
	}
	s := fact.AsSelect()
	kind := w.tree.GetType(s.Operand().ID())
	if kind == nil {
		return nil
	}
	if kind.TypeName() == findingKind {
		for _, f := range findingFields() {
			if f.name == s.FieldName() {
				return f.oneOf
			}
		}
	}
	for _, subject := range w.compiler.policy.language.subjects {
		for _, f := range subject.fields {
			if subject.name == kind.TypeName() && f.name == s.FieldName() {
				return f.oneOf
			}
		}
	}
	return nil
}

// spoken reads an amount written out as money("50.00", "CNY").
func (w *walk) spoken(args []celast.Expr) {
	amount, ok := asText(args[0])
	code, ok2 := asText(args[1])
	if !ok || !ok2 {
		w.compiler.wrong(w.locate(args[0].ID()), w.path, text.Text{
			EN: `money takes an amount and a currency written out: money("50.00", "CNY")`,
			ZH: `money 的金额和币种必须直接写出：money("50.00", "CNY")`,
		})
		return
	}
	units, ok := money.Parse(amount, code)
	if !ok {
		w.compiler.wrong(w.locate(args[0].ID()), w.path, badAmount(amount, code))
		return
	}
	w.compiler.policy.words.spoken[[2]string{amount, code}] = limit{code: units}
}

// named checks the code, strength and party that any_finding asks for.
func (w *walk) named(args []celast.Expr) {
	for i, known := range [][]string{codes(), strengths, parties} {
		if i >= len(args) {
			return
		}
		s, isText := asText(args[i])
		switch {
		case !isText:
			w.compiler.wrong(w.locate(args[i].ID()), w.path, text.Text{
				EN: `any_finding takes words written out: any_finding("reference.same_capture", "strong")`,
				ZH: `any_finding 的参数必须直接写出：any_finding("reference.same_capture", "strong")`,
			})
		case i == 0 && knownCode(s) || i > 0 && slices.Contains(known, s):
		default:
			w.compiler.unknown(w.locate(args[i].ID()), w.path, s, known)
		}
	}
}

func asText(e celast.Expr) (string, bool) {
	if e.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// demands says whether the condition cannot hold without a fact being true:
// one of the parts that && joins is subject.field itself.
func (r *Rule) demands(subject, field string) bool {
	if r.tree == nil {
		return false
	}
	var parts func(e celast.Expr) bool
	parts = func(e celast.Expr) bool {
		if e.Kind() == celast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
			return slices.ContainsFunc(e.AsCall().Args(), parts)
		}
		return isFact(e, subject, field)
	}
	return parts(r.tree.Expr())
}

// mentions says whether the condition reads a fact.
func (r *Rule) mentions(subject, field string) bool {
	found := false
	if r.tree != nil {
		celast.PreOrderVisit(r.tree.Expr(), celast.NewExprVisitor(func(e celast.Expr) {
			found = found || isFact(e, subject, field)
		}))
	}
	return found
}

func isFact(e celast.Expr, subject, field string) bool {
	if e.Kind() != celast.SelectKind || e.AsSelect().IsTestOnly() || e.AsSelect().FieldName() != field {
		return false
	}
	o := e.AsSelect().Operand()
	return o.Kind() == celast.IdentKind && o.AsIdent() == subject
}

// wording words one kind of CEL's complaints, which have no types: they are
// told apart by their text. What is not known here is passed on in English, and
// only named in Chinese.
type wording struct {
	pattern *regexp.Regexp
	en, zh  string // with $1, $2 for the pattern's groups
}

var wordings = []wording{
	{regexp.MustCompile(`^undeclared reference to '([^']*)'.*$`), `there is no "$1"`, `没有“$1”`},
	{regexp.MustCompile(`^undefined field '([^']*)'$`), `there is no field "$1"`, `没有字段“$1”`},
	{regexp.MustCompile(`^found no matching overload for '_?([^']*?)_?' applied to '\((.*)\)'.*$`), `$1 does not work on ($2)`, `$1 不能用于（$2）`},
	{regexp.MustCompile(`^expression of type '(.*)' cannot be range of a comprehension.*$`), `$1 holds nothing to go through`, `$1 不是可以逐项检查的内容`},
	{regexp.MustCompile(`^type '(.*)' does not support field selection$`), `$1 has no fields`, `$1 没有字段`},
	{regexp.MustCompile(`^incompatible types: (.*)$`), `these do not go together: $1`, `类型不一致`},
	{regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`), `this must be $1, not $2`, `这里必须是 $1，而不是 $2`},
	{regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous) input '<EOF>'.*$`), `the condition breaks off here`, `条件到此中断，不完整`},
	{regexp.MustCompile(`^Syntax error: missing (.*) at '<EOF>'$`), `$1 is missing at the end`, `结尾缺少 $1`},
	{regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous) input '(.*)' expecting .*$`), `"$1" cannot stand here`, `“$1”不能出现在这里`},
	{regexp.MustCompile(`^Syntax error: no viable alternative at input '(.*)'$`), `"$1" cannot be read`, `“$1”无法理解`},
	{regexp.MustCompile(`^Syntax error: token recognition error at: '(.*)'$`), `"$1" cannot be read`, `“$1”无法理解`},
	{regexp.MustCompile(`^Syntax error: (.*)$`), `this cannot be read: $1`, `写法有误`},
}

// explain words a complaint of CEL's, with the word that was probably meant.
func (c *compiler) explain(message string) text.Text {
	t := text.Text{EN: message, ZH: "条件有误，无法编译"}
	for i, w := range wordings {
		m := w.pattern.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		t = text.Text{EN: w.pattern.ReplaceAllString(message, w.en), ZH: w.pattern.ReplaceAllString(message, w.zh)}
		if i < 2 {
			if meant := Nearest(m[1], c.vocabulary(i == 1)); meant != "" {
				t.EN += `; did you mean "` + meant + `"?`
				t.ZH += `，您要写的是“` + meant + `”吗？`
			}
		}
		break
	}
	return t
}

// vocabulary lists the names that conditions know: fields, or variables and
// functions.
func (c *compiler) vocabulary(fields bool) []string {
	names := []string{"findings", "stage", "against", "for_", "money", anyFinding, "within", amountsKind, listsKind}
	if fields {
		names = nil
	}
	for name, of := range c.policy.language.kinds.fields {
		if !fields {
			names = append(names, name)
			continue
		}
		for f := range of {
			names = append(names, f)
		}
	}
	slices.Sort(names)
	return names
}
