package money_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

func TestMoneyInMainUnits(t *testing.T) {
	for want, m := range map[string]money.Money{"19.99 CNY": {1999, "CNY"}, "0.05 USD": {5, "USD"}, "300 JPY": {300, "JPY"}, "-1.20 CNY": {-120, "CNY"}, "1.234 KWD": {1234, "KWD"}} {
		if m.String() != want {
			t.Errorf("%+v is written %q, want %q", m, m.String(), want)
		}
	}
}

func TestMoneyAsShown(t *testing.T) {
	for want, m := range map[string]money.Money{"¥19.99": {1999, "CNY"}, "¥0.05": {5, "CNY"}, "19.99 USD": {1999, "USD"}, "500 JPY": {500, "JPY"}, "-0.05 CNY": {-5, "CNY"}} {
		if got := m.Shown(); got != want {
			t.Errorf("%+v is shown as %q, want %q", m, got, want)
		}
	}
}

// TestValidate: what is wrong with an amount from outside is said in both
// languages.
func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		m    money.Money
		want string // in the English; empty: nothing is wrong
	}{
		{money.Money{Amount: 0, Currency: "CNY"}, ""},
		{money.Money{Amount: money.Max, Currency: "JPY"}, ""},
		{money.Money{Amount: money.Max + 1, Currency: "CNY"}, "minor units"},
		{money.Money{Amount: -1, Currency: "CNY"}, "minor units"},
		{money.Money{Amount: 1, Currency: "cny"}, "capital letters"},
		{money.Money{Amount: 1, Currency: "CNYY"}, "capital letters"},
		{money.Money{Amount: 1, Currency: "ÄÖ"}, "capital letters"}, // four bytes
		{money.Money{Amount: 1, Currency: "C1Y"}, "capital letters"},
	} {
		err := tt.m.Validate()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.m, err, tt.want)
		}
		var f text.Fault
		if err != nil && (!errors.As(err, &f) || !strings.Contains(f.ZH, "须为")) {
			t.Errorf("%+v: %+v has no Chinese", tt.m, f)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		amount, code string
		want         int64
		ok           bool
	}{
		{"500", "CNY", 500_00, true},
		{"500.5", "CNY", 500_50, true},
		{"0.05", "CNY", 5, true},
		{"300", "JPY", 300, true},
		{"1.234", "KWD", 1234, true},
		{"10000000000.00", "CNY", money.Max, true},
		{"10000000000.01", "CNY", 0, false}, // above Max
		{"300.0", "JPY", 0, false},          // yen have no decimals
		{"1.234", "CNY", 0, false},
		{"1.", "CNY", 0, false},
		{".5", "CNY", 0, false},
		{"", "CNY", 0, false},
		{"-1", "CNY", 0, false},
		{"1,000", "CNY", 0, false},
		{"１", "CNY", 0, false},
		{" 1", "CNY", 0, false},
		{"1", "yuan", 0, false},
	} {
		got, ok := money.Parse(tt.amount, tt.code)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%q %s: %d, %v; want %d, %v", tt.amount, tt.code, got, ok, tt.want, tt.ok)
		}
	}
}

// TestParseReadsWhatStringWrites, for every amount that is allowed.
func TestParseReadsWhatStringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := money.Money{Amount: rapid.Int64Range(0, money.Max).Draw(t, "amount"), Currency: rapid.SampledFrom([]string{"CNY", "JPY", "KWD"}).Draw(t, "currency")}
		amount, code, _ := strings.Cut(m.String(), " ")
		// Of yen and dinars fewer or more digits stand before the point than Parse reads.
		if got, ok := money.Parse(amount, code); !ok && len(strings.SplitN(amount, ".", 2)[0]) <= 12 || ok && got != m.Amount {
			t.Fatalf("%s was read as %d, %v", m, got, ok)
		}
	})
}

// TestApportion: the shares add up, nobody is more than one unit from the exact
// share, and who weighs more never gets less.
func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(1, money.Max).Draw(t, "amount")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<62), 1, 20).Draw(t, "weights")
		weights[0]++ // somebody weighs something
		list, total := make([]*big.Int, len(weights)), new(big.Int)
		for i, w := range weights {
			list[i] = big.NewInt(w)
			total.Add(total, list[i])
		}
		shares, sum := money.Apportion(amount, list), int64(0)
		for i, s := range shares {
			sum += s
			exact := new(big.Int).Div(new(big.Int).Mul(big.NewInt(amount), list[i]), total).Int64()
			if s != exact && s != exact+1 {
				t.Fatalf("%d of %d for %d of %v", s, amount, weights[i], weights)
			}
			for j := range shares {
				if weights[i] > weights[j] && s < shares[j] {
					t.Fatalf("%v: the heavier gets less: %v", weights, shares)
				}
			}
		}
		if sum != amount {
			t.Fatalf("%v add up to %d, not to %d", shares, sum, amount)
		}
	})
	for _, got := range [][]int64{money.Apportion(10, []*big.Int{new(big.Int), new(big.Int)}), money.Apportion(0, []*big.Int{big.NewInt(1), big.NewInt(2)})} {
		if got[0] != 0 || got[1] != 0 {
			t.Errorf("%v", got)
		}
	}
}

// TestOfUnits: units are told apart by at most one fen, and all of them are
// worth the whole.
func TestOfUnits(t *testing.T) {
	for n, want := range []int64{0, 34, 67, 100, 100} {
		if got := money.OfUnits(100, 3, n); got != want {
			t.Errorf("%d of 3 are worth %d of 100, want %d", n, got, want)
		}
	}
	if got := money.OfUnits(100, 3, -1); got != 0 {
		t.Errorf("-1 units are worth %d", got)
	}
}
