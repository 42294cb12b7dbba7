package aigc

import (
	"slices"
	"strings"
)

// fieldNames are the names looked for in text that is no JSON.
var fieldNames = []string{
	"Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
	"ReserveCode1", "ReserveCode2", "ServiceProvider", "ServiceUser",
}

// quotes open and close values in text by careless hands.
const quotes = "\"'“”‘’＂＇`\\"

// parseLoose reads fields from text that resembles an object: single, typed or
// missing quotation marks, commas too many or none, equals signs for colons.
func parseLoose(text string) (value, bool) {
	if !strings.ContainsAny(text, "{:=：") {
		return value{}, false
	}
	type hit struct {
		name     string
		at, from int // where the name begins, where its value may begin
	}
	var hits []hit
	for _, name := range fieldNames {
		if at, from := findField(text, name); at >= 0 {
			hits = append(hits, hit{name, at, from})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return a.at - b.at })
	var v value
	for i, h := range hits {
		end := len(text)
		if i+1 < len(hits) {
			end = hits[i+1].at
		}
		v.set(h.name, looseValue(text[h.from:max(end, h.from)]))
	}
	v.wrapped = strings.Contains(text[:min(len(text), 16)], Name)
	v.finish()
	return v, v.convincing()
}

// findField finds a name that is followed by a colon or an equals sign and not
// preceded by a letter; from is behind that sign.
func findField(text, name string) (at, from int) {
	for start := 0; ; {
		i := strings.Index(text[start:], name)
		if i < 0 {
			return -1, 0
		}
		i += start
		start = i + len(name)
		if i > 0 && isLetter(text[i-1]) {
			continue
		}
		rest := strings.TrimLeft(text[start:], quotes+" \t\r\n")
		for _, sign := range []string{":", "=", "："} {
			if after, ok := strings.CutPrefix(rest, sign); ok {
				return i, len(text) - len(after)
			}
		}
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// looseValue reads up to the closing quotation mark, or, where there was no
// opening one, to the comma, brace or line's end.
func looseValue(s string) string {
	s = strings.TrimLeft(s, " \t\r\n")
	if bare := strings.TrimLeft(s, quotes); bare != s {
		if end := strings.IndexAny(bare, quotes); end >= 0 {
			return bare[:end]
		}
		s = bare
	}
	if end := strings.IndexAny(s, ",}\r\n，；;"); end >= 0 {
		s = s[:end]
	}
	return strings.Trim(s, quotes+" \t")
}
