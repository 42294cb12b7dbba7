package money

import (
	"math"
	"regexp"
	"strings"
)

var decimal = regexp.MustCompile(`^([0-9]{1,12})(?:\.([0-9]{1,3}))?$`)

// Parse reads an amount in main units, such as "500.00" or "500", into minor
// units: exactly, or not at all. ok is false for anything else, for more
// decimals than the currency has, and beyond Max.
func Parse(amount, code string) (units int64, ok bool) {
	parts := decimal.FindStringSubmatch(amount)
	decimals := Exponent(code)
	if parts == nil || !ValidCurrency(code) || len(parts[2]) > decimals {
		return 0, false
	}
	for _, digit := range parts[1] + parts[2] + strings.Repeat("0", decimals-len(parts[2])) {
		if units > (math.MaxInt64-9)/10 {
			return 0, false
		}
		units = units*10 + int64(digit-'0')
	}
	return units, units <= Max
}
