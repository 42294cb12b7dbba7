package aigc

import "strings"

// CodeProblem says what is wrong with a producer or propagator code.
type CodeProblem string

// What can be wrong with a code; CodeFine is nothing.
const (
	CodeFine       CodeProblem = ""
	CodeEmpty      CodeProblem = "empty"
	CodeName       CodeProblem = "name"        // a name or something else, no code
	CodePrefix     CodeProblem = "prefix"      // does not begin with 001
	CodeType       CodeProblem = "type"        // the fourth character is not 1, an organisation
	CodeCredit     CodeProblem = "credit_code" // no unified social credit code follows
	CodeCheckDigit CodeProblem = "check_digit" // the credit code's last character is wrong
	CodeSuffix     CodeProblem = "suffix"      // not five letters or digits at the end
)

// Code is a producer or propagator code: "001", "1" for an organisation, its
// unified social credit code of 18 characters, a suffix of 5 digits that the
// organisation gives to each of its services.
type Code struct {
	// Credit is the unified social credit code, with which the organisation
	// can be looked up; empty where there is none.
	Credit string
	Suffix string
	// Problem is what keeps the code from being one.
	Problem CodeProblem
}

const (
	codeHead   = "0011"
	creditSize = 18
	suffixSize = 5
)

// ParseCode reads a code as far as it is one. Suffixes with letters are known
// in the wild ("1308L"); Problem is then CodeSuffix and Credit is filled.
func ParseCode(s string) Code {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return Code{Problem: CodeEmpty}
	case len(s) == creditSize && CheckCredit(s) == CodeFine:
		return Code{Credit: s, Problem: CodePrefix} // the credit code alone
	case !strings.HasPrefix(s, "001"):
		if len(s) == len(codeHead)+creditSize+suffixSize && allDigitsAndCapitals(s) {
			return Code{Problem: CodePrefix}
		}
		return Code{Problem: CodeName}
	case len(s) < 4 || s[3] != '1':
		return Code{Problem: CodeType}
	case len(s) < len(codeHead)+creditSize:
		return Code{Problem: CodeCredit}
	}
	c := Code{Credit: s[4 : 4+creditSize], Suffix: s[4+creditSize:]}
	if c.Problem = CheckCredit(c.Credit); c.Problem == CodeCredit {
		c.Credit, c.Suffix = "", ""
	}
	if c.Problem == CodeFine && !digits(c.Suffix, suffixSize) {
		c.Problem = CodeSuffix
	}
	return c
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

func allDigitsAndCapitals(s string) bool {
	return strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// creditAlphabet is the 31 characters of a credit code in order of their
// values: no I, O, S, V, Z (GB 32100-2015, annex A).
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckCredit checks an 18-character unified social credit code: characters,
// the area's six digits, and the check character, which makes the sum of
// values weighted by powers of 3 divisible by 31 (GB 32100-2015, 5.5).
func CheckCredit(s string) CodeProblem {
	if len(s) != creditSize || !digits(s[2:8], 6) {
		return CodeCredit
	}
	sum, weight := 0, 1
	for i := range creditSize - 1 {
		v := strings.IndexByte(creditAlphabet, s[i])
		if v < 0 {
			return CodeCredit
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	last := strings.IndexByte(creditAlphabet, s[creditSize-1])
	switch {
	case last < 0:
		return CodeCredit
	case (sum+last)%31 != 0:
		return CodeCheckDigit
	}
	return CodeFine
}
