package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// Style is how a terminal wants to be written to.
type Style struct {
	Lang   string // "en" or "zh"
	Colour bool
	Width  int // in columns; 0 means 80
}

// Widest line that is still read with ease, and the narrowest that is tried.
const (
	widestLine    = 92
	narrowestLine = 40
)

// Terminal writes the inspection for a person at a terminal.
func Terminal(w io.Writer, in *screening.Inspection, style Style) error {
	t := &terminal{style: style, width: style.Width}
	if t.width == 0 {
		t.width = 80
	}
	t.width = min(widestLine, max(narrowestLine, t.width))
	t.summary(in)
	for i, c := range in.Claim {
		t.claim(c, comparedWith(in, i))
	}
	t.advice(in)
	t.errors(in.Errors)
	_, err := io.WriteString(w, t.out.String())
	return err
}

type terminal struct {
	style Style
	width int
	out   strings.Builder
}

// ink is an SGR colour sequence. Only the sixteen colours that follow the
// reader's own theme are used, so that text is readable on dark and light.
type ink string

const (
	bold   ink = "1"
	dim    ink = "2"
	red    ink = "1;31"
	yellow ink = "1;33"
	green  ink = "1;32"
)

func (t *terminal) paint(c ink, s string) string {
	if !t.style.Colour || c == "" || s == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

func (t *terminal) say(s text.Text) string { return In(t.style.Lang, s) }

func (t *terminal) line(s string) { t.out.WriteString(strings.TrimRight(s, " ") + "\n") }

// summary counts what came in and what came out.
func (t *terminal) summary(in *screening.Inspection) {
	count := Counts(in)
	t.line("")
	head := t.paint(bold, "Evenhand")
	if t.style.Lang == "zh" {
		head = t.paint(bold, "持平 Evenhand")
	}
	t.line("  " + head + t.paint(dim, "  "+t.say(count.Given())))
	for _, l := range wrap(t.say(count.Found()), t.width-2) {
		t.line("  " + t.paint(count.ink(), l))
	}
}

// symbol marks a picture in the margin; its shape differs as well as its
// colour, for those who see no colours.
func symbol(o Outcome) (string, ink) {
	switch o {
	case Matched:
		return "●", red
	case Declared, LikelyMatch, Redrawn, Contradicted:
		return "◐", yellow
	case Hint:
		return "◌", ""
	case NotCompared:
		return "–", dim
	}
	return "○", green
}

func (t *terminal) claim(c screening.ClaimFile, with Compared) {
	outcome := OutcomeOf(c, with)
	mark, colour := symbol(outcome)
	facts := fmt.Sprintf("%d × %d %s", c.Width, c.Height, FormatName(c.Format))
	t.line("")
	t.heading(mark, colour, Clean(c.File), facts)
	if outcome == NothingFound || outcome == NotCompared {
		t.line("    " + t.paint(colour, t.say(Headline(c, with))))
	}
	for _, f := range c.Findings {
		t.finding(f)
	}
	if duty := dutyText(c); duty.EN != "" {
		t.row(text.Text{EN: "Publishing", ZH: "对外发布"}, t.say(duty))
	}
}

// advice says what the findings do not prove and what to do, once an outcome
// and not once a picture: a folder of a hundred is read to the end that way.
func (t *terminal) advice(in *screening.Inspection) {
	count := Counts(in)
	var limits, next text.Text // told last
	asAbove := text.Text{EN: "As above.", ZH: "同上。"}
	for o := Matched; o <= NotCompared; o++ {
		n := count.ByOutcome[o]
		if n == 0 {
			continue
		}
		if len(in.Claim) > 1 {
			mark, colour := symbol(o)
			t.line("")
			t.heading(mark, colour, t.say(Badge(o)), t.say(photos(n)))
		}
		if l := Limits(o); l != limits {
			t.row(text.Text{EN: "Not proven", ZH: "未能证明"}, t.say(l))
			limits = l
		}
		step := NextStep(o)
		if step == next {
			step = asAbove
		} else {
			next = step
		}
		t.row(text.Text{EN: "Next", ZH: "下一步"}, t.say(step))
	}
}

func photos(n int) text.Text {
	return text.Text{EN: plural(n, "photo"), ZH: fmt.Sprintf("%d 张", n)}
}

// heading puts a name at the left and facts at the right of one line, or the
// facts below where both do not fit.
func (t *terminal) heading(mark string, colour ink, name, facts string) {
	left := "  " + t.paint(colour, mark) + " "
	gap := t.width - 4 - columns(name) - columns(facts)
	if gap >= 2 {
		t.line(left + t.paint(bold, name) + strings.Repeat(" ", gap) + t.paint(dim, facts))
		return
	}
	for i, part := range wrap(name, t.width-4) {
		if i > 0 {
			left = "    "
		}
		t.line(left + t.paint(bold, part))
	}
	if facts != "" {
		t.line("    " + t.paint(dim, facts))
	}
}

func (t *terminal) finding(f evidence.Finding) {
	_, colour := symbol(outcomeOfFinding(f))
	if f.Strength == evidence.Note {
		colour = dim
	}
	title := t.say(FindingTitle(f))
	strength := t.say(StrengthWord(f.Strength))
	lines := wrap(title, t.width-4-columns(strength)-3)
	for i, l := range lines {
		l = t.paint(colour, l)
		if i == len(lines)-1 {
			l += t.paint(dim, " · ") + t.paint(colour, strength)
		}
		t.line("    " + l)
	}
	if name := Clean(f.Reference); name != ShortName(f.Reference) {
		label := text.Text{EN: "Reference", ZH: "对照图"}
		if isAngle(f.Code) {
			label = text.Text{EN: "Other photo", ZH: "另一照片"}
		}
		t.row(label, name)
	}
	t.row(text.Text{EN: "Why", ZH: "依据"}, t.say(evidence.WithoutPlaces(f.Text))) // nothing is drawn here
	places := Altered(f)
	for i, r := range places[:min(len(places), namedPlaces)] {
		label := text.Text{}
		if i == 0 {
			label = text.Text{EN: "Altered", ZH: "改动处"}
		}
		t.row(label, t.say(Where(r)))
	}
	t.row(text.Text{}, t.say(MorePlaces(len(places))))
	for i, r := range besides(f) {
		label := text.Text{EN: "Place", ZH: "位置"}
		if i > 0 {
			label = text.Text{}
		}
		t.row(label, t.say(Where(r)))
	}
}

// row writes a label and wrapped text beside it; a row without text is left
// out.
func (t *terminal) row(label text.Text, text string) {
	if text == "" {
		return
	}
	const labelColumns = 12
	for i, l := range wrap(text, t.width-4-labelColumns) {
		head := ""
		if i == 0 {
			head = t.say(label)
		}
		t.line("    " + t.paint(dim, pad(head, labelColumns)) + l)
	}
}

func (t *terminal) errors(problems []screening.FileError) {
	for _, p := range problems {
		t.line("")
		t.heading("✗", red, Clean(p.File), "")
		for _, l := range wrap(t.say(p.Text), t.width-4) {
			t.line("    " + l)
		}
	}
	t.line("")
}
