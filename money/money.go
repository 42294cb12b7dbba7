// Package money holds amounts: in which unit they are kept, how people read and
// write them, and how one is shared out so that nothing is lost and nothing
// made. It knows no exchange rates, and nothing of what is paid for.
package money

import (
	"fmt"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// Money is an amount in the currency's smallest unit: 1999 CNY is 19.99 yuan.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"` // ISO 4217, three capital letters
}

// Max bounds one amount, in minor units, so that sums of an order's
// lines cannot overflow.
const Max = 1_000_000_000_000

// Validate checks an amount from outside: not negative, not beyond Max,
// with a currency code of three capital letters.
func (m Money) Validate() error {
	if f := m.Fault(); f != nil {
		return *f
	}
	return nil
}

// Fault is what Validate finds wrong; nil: nothing.
func (m Money) Fault() *text.Fault {
	var f text.Fault
	switch {
	case m.Amount < 0 || m.Amount > Max:
		f = text.Faultf("amount must be 0 to %d, in minor units", "amount 须为 0 至 %d，以最小货币单位计", int64(Max))
	case !ValidCurrency(m.Currency):
		f = text.Fault{Text: text.Text{EN: `currency must be three capital letters, such as "CNY"`, ZH: `currency 须为三个大写字母，如 "CNY"`}}
	default:
		return nil
	}
	return &f
}

// ValidCurrency is whether code has the form of ISO 4217: three capital letters.
func ValidCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Exponent is the number of decimals of a currency's main unit (ISO 4217).
func Exponent(currency string) int {
	switch currency {
	case "JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF", "KMF", "GNF", "DJF", "BIF", "VUV":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// String writes the amount in main units: "19.99 CNY".
func (m Money) String() string {
	e := Exponent(m.Currency)
	sign, a := "", m.Amount
	if a < 0 {
		sign, a = "-", -a
	}
	unit := int64(1)
	for range e {
		unit *= 10
	}
	if e == 0 {
		return fmt.Sprintf("%s%d %s", sign, a, m.Currency)
	}
	return fmt.Sprintf("%s%d.%0*d %s", sign, a/unit, e, a%unit, m.Currency)
}

// Shown writes the amount as people read it: yuan as "¥19.99", the rest as
// String does.
func (m Money) Shown() string {
	if m.Currency == "CNY" && m.Amount >= 0 {
		return "¥" + strings.TrimSuffix(m.String(), " CNY")
	}
	return m.String()
}
