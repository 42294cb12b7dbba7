package policy

import (
	"fmt"
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
)

// Bounds of one condition. A condition that a person can follow stays far
// below them; they keep a hostile text from stopping the desk.
const (
	maxExpression = 2000 // characters
	maxNodes      = 400
	maxNesting    = 40
	maxPattern    = 200 // instructions of a compiled regular expression
	// maxCost is in CEL's units, about one a look-up or comparison; at some
	// 20 ns each it bounds one condition to about a millisecond.
	maxCost = 50_000
)

// vocabulary is what one policy's conditions may speak of: the subjects, and
// the amounts and lists that the text itself names.
type vocabulary struct {
	amounts map[string]limit
	lists   map[string][]string
	// spoken holds the amounts written out in conditions, filled while they
	// are checked and only read afterwards.
	spoken map[[2]string]limit
}

// object is a value with fields: a subject of the facts, a finding, or the
// policy's own amounts and lists.
type object struct {
	kind *types.Type
	of   any // what the fields' getters take
}

func (o object) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("%s is no %s", o.kind.TypeName(), t)
}

func (o object) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("%s is no %s", o.kind.TypeName(), t.TypeName())
}

func (o object) Equal(other ref.Val) ref.Val {
	p, ok := other.(object)
	return types.Bool(ok && p.kind == o.kind && p.of == o.of)
}
func (o object) Type() ref.Type { return o.kind }
func (o object) Value() any     { return o.of }

// kinds are the object types of one environment: by name, their fields.
type kinds struct {
	types.Provider
	types  map[string]*types.Type
	fields map[string]map[string]*types.FieldType
}

// declare adds an object type.
func (k *kinds) declare(name string) *types.Type {
	t := types.NewObjectType(name)
	k.types[name], k.fields[name] = t, map[string]*types.FieldType{}
	return t
}

func (k *kinds) give(name, field string, t *types.Type, get func(any) ref.Val) {
	k.fields[name][field] = &types.FieldType{
		Type:    t,
		IsSet:   func(any) bool { return true },
		GetFrom: func(target any) (any, error) { return get(target), nil },
	}
}

// FindStructType is part of types.Provider.
func (k *kinds) FindStructType(name string) (*types.Type, bool) {
	if t, ok := k.types[name]; ok {
		return types.NewTypeTypeWithParam(t), true
	}
	return nil, false
}

// FindStructFieldNames is part of types.Provider.
func (k *kinds) FindStructFieldNames(name string) ([]string, bool) {
	fields, ok := k.fields[name]
	if !ok {
		return nil, false
	}
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, true
}

// FindStructFieldType is part of types.Provider.
func (k *kinds) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	t, ok := k.fields[name][field]
	return t, ok
}

// NewValue is part of types.Provider; conditions read facts and make none.
func (k *kinds) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("a condition cannot make a %s", name)
}

// Names of the object types, as messages show them.
const (
	findingKind = "Finding"
	amountsKind = "amounts"
	listsKind   = "lists"
)

// language is one policy's compiled vocabulary.
type language struct {
	env      *cel.Env
	kinds    *kinds
	subjects []subject
	amounts  object
	lists    object
}

// environment builds the CEL environment of one policy.
func (v *vocabulary) environment() (*language, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("preparing the conditions' types: %w", err)
	}
	k := &kinds{Provider: registry, types: map[string]*types.Type{}, fields: map[string]map[string]*types.FieldType{}}
	l := &language{kinds: k, subjects: subjects()}
	opts := []cel.EnvOption{
		cel.CustomTypeProvider(k), cel.CustomTypeAdapter(registry),
		cel.ParserExpressionSizeLimit(maxExpression), cel.ExpressionNodeLimit(maxNodes), cel.ExpressionNestingDepthLimit(maxNesting),
		cel.ParserRecursionLimit(maxNesting), cel.ParserErrorRecoveryLimit(5), cel.RegexProgramSizeLimit(maxPattern),
	}
	for _, s := range l.subjects {
		t := k.declare(s.name)
		for _, f := range s.fields {
			if !f.inner {
				k.give(s.name, f.name, f.kind(), func(target any) ref.Val { return f.value(target.(*claim.Facts)) })
			}
		}
		opts = append(opts, cel.Variable(s.name, t))
	}
	l.amounts = object{k.declare(amountsKind), v}
	for name, amount := range v.amounts {
		k.give(amountsKind, name, limitType, func(any) ref.Val { return amount })
	}
	l.lists = object{k.declare(listsKind), v}
	for name, list := range v.lists {
		k.give(listsKind, name, types.NewListType(types.StringType), func(any) ref.Val { return types.NewStringList(registry, list) })
	}
	finding := k.declare(findingKind)
	for _, f := range findingFields() {
		k.give(findingKind, f.name, types.StringType, func(target any) ref.Val { return types.String(*f.at(target.(*claim.FindingFact))) })
	}
	opts = append(
		opts, cel.Variable(amountsKind, l.amounts.kind), cel.Variable(listsKind, l.lists.kind),
		cel.Variable("findings", types.NewListType(finding)), cel.Variable("stage", types.StringType),
		cel.Variable("against", types.IntType), cel.Variable("for_", types.IntType),
	)
	for _, s := range strengths {
		opts = append(opts, cel.Constant(s, types.IntType, types.Int(evidence.Strength(s).Rank())))
	}
	opts = append(opts, v.functions(finding)...)
	if l.env, err = cel.NewEnv(opts...); err != nil {
		return nil, fmt.Errorf("preparing the conditions' language: %w", err)
	}
	return l, nil
}

// functions are the helpers of conditions, and the comparisons of money.
func (v *vocabulary) functions(finding *types.Type) []cel.EnvOption {
	findings, text, list := types.NewListType(finding), types.StringType, types.NewListType(types.StringType)
	opts := []cel.EnvOption{
		cel.Function("money", cel.Overload("money_string_string", []*types.Type{text, text}, limitType, cel.BinaryBinding(v.money))),
		// any_finding(…) is written without saying of what; the macro says it.
		cel.Macros(
			cel.GlobalMacro("any_finding", 2, expandAnyFinding),
			cel.GlobalMacro("any_finding", 3, expandAnyFinding),
		),
		cel.Function(anyFinding,
			cel.MemberOverload("findings_any", []*types.Type{findings, text, text}, types.BoolType, cel.FunctionBinding(hasFinding)),
			cel.MemberOverload("findings_any_party", []*types.Type{findings, text, text, text}, types.BoolType, cel.FunctionBinding(hasFinding)),
		),
		cel.Function("within", cel.MemberOverload("list_within_list", []*types.Type{list, list}, types.BoolType, cel.BinaryBinding(within))),
	}
	for i, op := range []string{operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals} {
		opts = append(opts, cel.Function(
			op,
			cel.Overload(fmt.Sprintf("money_%d_limit", i), []*types.Type{sumType, limitType}, types.BoolType),
			cel.Overload(fmt.Sprintf("limit_%d_money", i), []*types.Type{limitType, sumType}, types.BoolType),
			cel.Overload(fmt.Sprintf("money_%d_money", i), []*types.Type{sumType, sumType}, types.BoolType),
		))
	}
	return opts
}

// money is a limit written out in a condition; the check of the condition has
// read it already.
func (v *vocabulary) money(amount, code ref.Val) ref.Val {
	a, ok := amount.(types.String)
	c, ok2 := code.(types.String)
	if l, found := v.spoken[[2]string{string(a), string(c)}]; ok && ok2 && found {
		return l
	}
	return types.NewErr("money needs an amount and a currency written out")
}

const anyFinding = "any_finding"

func expandAnyFinding(eh cel.MacroExprFactory, _ celast.Expr, args []celast.Expr) (celast.Expr, *cel.Error) {
	return eh.NewMemberCall(anyFinding, eh.NewIdent("findings"), args...), nil
}

// hasFinding says whether there is a finding of a code, at least of a strength,
// about a party's evidence (the buyer's, where none is named).
func hasFinding(args ...ref.Val) ref.Val {
	list, ok := args[0].(traits.Lister)
	code, ok2 := args[1].(types.String)
	strength, ok3 := args[2].(types.String)
	party := types.String(claim.Buyer)
	ok4 := true
	if len(args) > 3 {
		party, ok4 = args[3].(types.String)
	}
	if !ok || !ok2 || !ok3 || !ok4 {
		return types.NewErr("any_finding takes a code, a strength and a party, as strings")
	}
	least := evidence.Strength(strength).Rank()
	for it := list.Iterator(); it.HasNext() == types.True; {
		o, ok := it.Next().(object)
		if !ok {
			continue
		}
		f, ok := o.of.(*claim.FindingFact)
		if ok && f.Code == string(code) && f.Party == string(party) && evidence.Strength(f.Strength).Rank() >= least {
			return types.True
		}
	}
	return types.False
}

// within says whether there is something in the first list, and all of it is
// in the second.
func within(some, all ref.Val) ref.Val {
	list, ok := some.(traits.Lister)
	whole, ok2 := all.(traits.Lister)
	if !ok || !ok2 {
		return types.NewErr("within compares two lists of words")
	}
	if list.Size() == types.IntZero {
		return types.False
	}
	for it := list.Iterator(); it.HasNext() == types.True; {
		if whole.Contains(it.Next()) != types.True {
			return types.False
		}
	}
	return types.True
}

// scene is the facts as one run of the rules sees them: each variable is made
// once, however many conditions read it. It is used by one goroutine.
type scene struct {
	claim, order, merchant, buyer any
	findings, stage               any
	against, for_                 any
	amounts, lists                any
}

func (l *language) scene(f *claim.Facts) *scene {
	values := make([]ref.Val, len(f.Findings))
	for i := range f.Findings {
		values[i] = object{l.kinds.types[findingKind], &f.Findings[i]}
	}
	of := func(name string) any { return object{l.kinds.types[name], f} }
	return &scene{
		claim: of("claim"), order: of("order"), merchant: of("merchant"), buyer: of("buyer"),
		findings: types.NewRefValList(types.DefaultTypeAdapter, values), stage: types.String(f.Stage),
		against: types.Int(f.Against), for_: types.Int(f.For), amounts: l.amounts, lists: l.lists,
	}
}

// ResolveName is part of interpreter.Activation.
func (s *scene) ResolveName(name string) (any, bool) {
	switch name {
	case "claim":
		return s.claim, true
	case "order":
		return s.order, true
	case "merchant":
		return s.merchant, true
	case "buyer":
		return s.buyer, true
	case "findings":
		return s.findings, true
	case "stage":
		return s.stage, true
	case "against":
		return s.against, true
	case "for_":
		return s.for_, true
	case amountsKind:
		return s.amounts, true
	case listsKind:
		return s.lists, true
	}
	return nil, false
}

// Parent is part of interpreter.Activation.
func (s *scene) Parent() interpreter.Activation { return nil }
