package policy

import (
	"fmt"
	"maps"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/evenhand/evenhand/money"
)

// Conditions compare sums of money, which belong to a claim, with limits,
// which belong to the policy. They are types of their own, so that a sum cannot
// be compared with a bare number of minor units by mistake.
var (
	sumType   = types.NewOpaqueType("Money").WithTraits(traits.ComparerType)
	limitType = types.NewOpaqueType("Limit").WithTraits(traits.ComparerType)
)

// sum is an amount from the facts.
type sum struct{ money.Money }

// limit is an amount per currency, in minor units. A sum in a currency that it
// does not name counts as above it: what nobody thought of is never small.
type limit map[string]int64

// Compare is negative where the sum is below other, which is a limit or a sum.
func (s sum) Compare(other ref.Val) ref.Val {
	switch o := other.(type) {
	case limit:
		at, named := o[s.Currency]
		if !named {
			return types.IntOne
		}
		return compare(s.Amount, at)
	case sum:
		if s.Currency != o.Currency {
			return types.NewErr("sums in %s and %s cannot be compared", s.Currency, o.Currency)
		}
		return compare(s.Amount, o.Amount)
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Compare turns the comparison of a sum with the limit round.
func (l limit) Compare(other ref.Val) ref.Val {
	s, ok := other.(sum)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	if c, ok := s.Compare(l).(types.Int); ok {
		return -c
	}
	return types.MaybeNoSuchOverloadErr(other)
}

func compare(a, b int64) ref.Val {
	switch {
	case a < b:
		return types.IntNegOne
	case a > b:
		return types.IntOne
	}
	return types.IntZero
}

func (s sum) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a sum of money is no %s", t)
}

func (s sum) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a sum of money is no %s", t.TypeName())
}

func (s sum) Equal(other ref.Val) ref.Val {
	o, ok := other.(sum)
	return types.Bool(ok && o == s)
}
func (s sum) Type() ref.Type { return sumType }
func (s sum) Value() any     { return s.Money }

func (l limit) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a limit is no %s", t)
}

func (l limit) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a limit is no %s", t.TypeName())
}

func (l limit) Equal(other ref.Val) ref.Val {
	o, ok := other.(limit)
	return types.Bool(ok && maps.Equal(l, o))
}
func (l limit) Type() ref.Type { return limitType }
func (l limit) Value() any     { return map[string]int64(l) }
