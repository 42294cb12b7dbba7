package aigc

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// maxValue bounds one value in bytes; honest ones have a few hundred.
const maxValue = 64 << 10

// value is what was read from one piece of text.
type value struct {
	Label
	service, serviceUser string
	departures           []Departure
	wrapped              bool // inside {"AIGC":…}
	own                  int  // fields of the standard seen, Label not counted
	hasLabel             bool
	denied               bool // Label says in words that it is not AI's
}

func (v *value) depart(d Departure) {
	for _, have := range v.departures {
		if have == d {
			return
		}
	}
	v.departures = append(v.departures, d)
}

// convincing is true where the fields could hardly be another thing's: a
// Label alone is a word that anybody uses.
func (v value) convincing() bool {
	return !v.denied && (v.own >= 2 || v.own == 1 && v.hasLabel || v.service != "" && v.serviceUser != "")
}

// parseValue reads a label from text. Layers of escapes are taken off one at a
// time, as few as possible; broken JSON is read field by field.
func parseValue(text string) (value, bool) {
	if len(text) > maxValue {
		return value{}, false
	}
	text = strings.Trim(text, "\ufeff\x00 \t\r\n")
	for layer := range 4 {
		if v, ok := parseJSON(text, 0); ok {
			if layer > 0 {
				v.depart(Escaped)
			}
			return v, true
		}
		if v, ok := parseLoose(text); ok && !strings.Contains(text, "&quot;") && !strings.Contains(text, `\"`) {
			v.depart(NotJSON)
			if layer > 0 {
				v.depart(Escaped)
			}
			return v, true
		}
		next := unescape(text)
		if next == text {
			break
		}
		text = strings.TrimSpace(next)
	}
	return value{}, false
}

// unescape takes off one layer: HTML's, URLs', or JSON's.
func unescape(s string) string {
	if t := html.UnescapeString(s); t != s {
		return t
	}
	if strings.Contains(s, "%22") || strings.Contains(s, "%7B") || strings.Contains(s, "%7b") {
		if t, err := url.PathUnescape(s); err == nil && t != s {
			return t
		}
	}
	if strings.Contains(s, `\"`) || strings.Contains(s, `\u`) {
		var t string
		if json.Unmarshal([]byte(`"`+strings.Trim(s, `"`)+`"`), &t) == nil {
			return t
		}
		return strings.ReplaceAll(s, `\"`, `"`)
	}
	return s
}

// parseJSON reads an object, an array's first object, or such a thing inside a
// JSON string, with or without the wrapper.
func parseJSON(text string, depth int) (value, bool) {
	if depth > 4 || text == "" {
		return value{}, false
	}
	var tree any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&tree) != nil {
		return value{}, false
	}
	return fromTree(tree, depth)
}

func fromTree(tree any, depth int) (value, bool) {
	switch t := tree.(type) {
	case string:
		v, ok := parseJSON(strings.TrimSpace(t), depth+1)
		v.depart(Quoted)
		return v, ok
	case []any:
		if len(t) > 0 && depth < 4 {
			return fromTree(t[0], depth+1)
		}
	case map[string]any:
		for key, inner := range t {
			if strings.EqualFold(key, Name) && depth < 4 {
				v, ok := fromTree(inner, depth+1)
				v.wrapped = true
				return v, ok
			}
		}
		var v value
		for key, field := range t {
			v.set(key, field)
		}
		v.finish()
		return v, v.own > 0 || v.hasLabel || v.service != ""
	}
	return value{}, false
}

// canon lists the fields by their names in lower case without separators.
// ReserveCode is a misspelling met in the wild.
var canon = map[string]string{
	"label": "Label", "contentproducer": "ContentProducer", "produceid": "ProduceID",
	"reservedcode1": "ReservedCode1", "reservedcode2": "ReservedCode2", "reservecode1": "ReservedCode1", "reservecode2": "ReservedCode2",
	"contentpropagator": "ContentPropagator", "propagateid": "PropagateID",
	"serviceprovider": "ServiceProvider", "serviceuser": "ServiceUser",
}

// set files one field under its canonical name.
func (v *value) set(key string, field any) {
	name, ok := canon[strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key))]
	if !ok {
		return
	}
	if name != key {
		v.depart(OtherNames)
	}
	text := ""
	switch f := field.(type) {
	case nil:
	case string:
		text = strings.TrimSpace(f)
	case map[string]any, []any:
		if b, err := json.Marshal(f); err == nil {
			text = string(b)
		}
	default:
		text = fmt.Sprint(f)
	}
	switch name {
	case "Label":
		v.setLabel(field, text)
		return
	case "ServiceProvider":
		v.service = text
		v.depart(ServiceFields)
		return
	case "ServiceUser":
		v.serviceUser = text
		v.depart(ServiceFields)
		return
	case "ContentProducer":
		v.ContentProducer = text
	case "ProduceID":
		v.ProduceID = text
	case "ReservedCode1":
		v.ReservedCode1 = text
	case "ReservedCode2":
		v.ReservedCode2 = text
	case "ContentPropagator":
		v.ContentPropagator = text
	case "PropagateID":
		v.PropagateID = text
	}
	v.own++
}

func (v *value) setLabel(field any, text string) {
	v.denied = denies(text)
	v.hasLabel = !v.denied
	if _, isText := field.(string); !isText {
		v.depart(LabelNotText)
	}
	degree, plain := readDegree(text)
	v.Label.Label = degree
	if degree != Unstated && !plain {
		v.depart(LabelSpeltOut)
	}
}

// finish notes what only the whole shows.
func (v *value) finish() {
	if v.Label.Label == Unstated {
		v.depart(LabelUnreadable)
	}
}

// degreeWords are the spellings met or to be expected, the more hesitant
// first: "疑似AI生成" holds 生成 too.
var degreeWords = []struct {
	degree Degree
	words  []string
}{
	{Suspected, []string{"疑似", "suspect"}},
	{Possible, []string{"可能", "possib", "maybe", "potential", "likely"}},
	{Generated, []string{"生成", "合成", "属于", "generat", "synthe", "aigc", "true", "yes"}},
}

// denies is true for words that say the opposite of what a label is for; such
// a value is no label.
func denies(s string) bool {
	t := strings.ToLower(strings.TrimSpace(s))
	switch t {
	case "0", "no", "none", "false", "human", "否", "无", "非":
		return true
	}
	for _, word := range []string{"非", "不是", "不属于", "not ", "not-", "non-", "non "} {
		if strings.HasPrefix(t, word) {
			return true
		}
	}
	return false
}

// readDegree reads a degree; plain is true for the bare digit.
func readDegree(s string) (d Degree, plain bool) {
	t := strings.ToLower(strings.TrimSpace(s))
	switch t {
	case "1", "2", "3":
		return Degree(t), true
	case "1.0", "01", "１", "true", "yes", "ai", "是":
		return Generated, false
	case "2.0", "02", "２":
		return Possible, false
	case "3.0", "03", "３":
		return Suspected, false
	}
	for _, w := range degreeWords {
		for _, word := range w.words {
			if strings.Contains(t, word) {
				return w.degree, false
			}
		}
	}
	return Unstated, false
}
