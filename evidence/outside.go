package evidence

import (
	"regexp"

	"github.com/evenhand/evenhand/text"
)

// Outside is a finding as it is told beyond the reviewers' desk: without its
// places and its numbers, which would teach evasion, and so in a sentence that
// points to no place. Of the numbers only those stay that tell one way of being
// found from another, which the sentence tells as well.
func (f Finding) Outside() Finding {
	f.Text, f.Regions = WithoutPlaces(f.Text), nil
	var ways map[string]float64
	for _, name := range []string{Redrawn, Bent} {
		if v := f.Measured[name]; v != 0 {
			if ways == nil {
				ways = map[string]float64{}
			}
			ways[name] = v
		}
	}
	f.Measured = ways
	return f
}

// Names of Measured that say in which way a picture is another's: not 0 where
// it was drawn anew, so that no fine texture is shared, and where it was bent.
const (
	Redrawn = "redrawn"
	Bent    = "bent"
)

// pointing lists what sentences of findings say of places that are drawn beside
// them, and what they say where nothing is drawn. Findings are kept as they were
// worded, so what earlier versions wrote stays in the list.
var pointing = []struct {
	clause  *regexp.Regexp
	without string
}{
	// English
	{regexp.MustCompile(`What differs beyond that is outlined \(1\)\.`), "Beyond that it differs in one place."},
	{regexp.MustCompile(`What differs beyond that is outlined \((\d+)\)\.`), "Beyond that it differs in $1 places."},
	{regexp.MustCompile(`, outlined(?: as well)?\b|,? \(outlined\)|, in the outlined place\b`), ""},
	{regexp.MustCompile(`the outlined place\b|the place outlined here\b|the marked place\b`), "one place"},
	{regexp.MustCompile(`\b(\d+) marked places\b`), "$1 places"},
	{regexp.MustCompile(`but for the marked places\b`), "but for some places"},
	{regexp.MustCompile(`look at (?:the places?|both), and ask `), "ask "},
	// Chinese
	{regexp.MustCompile(`改动已框出，共`), "改动共"},
	{regexp.MustCompile(`，(?:也)?已框出|（已框出）|（见标出部位）|请查看(?:标出部位|两处)，并`), ""},
	{regexp.MustCompile(`照片框出处的`), "照片某处的"},
	{regexp.MustCompile(`照片框出处`), "照片中"},
	{regexp.MustCompile(`在框出位置所示`), "某处所示"},
	{regexp.MustCompile(`框内内容`), "该处内容"},
	{regexp.MustCompile(`标出的部位除外`), "个别部位除外"},
}

// WithoutPlaces is a finding's text for whoever is shown none of its places.
func WithoutPlaces(t text.Text) text.Text {
	for _, p := range pointing {
		t.EN, t.ZH = p.clause.ReplaceAllString(t.EN, p.without), p.clause.ReplaceAllString(t.ZH, p.without)
	}
	return t
}
