package eval

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

// Terminal writes the tables for a person: those of copies, those of honest
// pairs, how both differ from an earlier report where there is one, what could
// not be measured, and with lists also each miss and each false accusation.
func (r *Report) Terminal(w io.Writer, style report.Style, lists bool) error {
	t := &terminal{style: style}
	if r.Partial {
		t.line(t.paint("1;33", t.sayf("Stopped early: %d of %d comparisons were made; the figures are of those.",
			"提前停止：%[2]d 次比对中完成了 %[1]d 次，以下为已完成部分的数据。", r.Done, r.Total)))
	}
	for _, set := range setOrder {
		for _, by := range []struct {
			rows []Row
			head text.Text
		}{
			{r.Kinds, text.Text{EN: "kind", ZH: "类别"}},
			{r.Tools, text.Text{EN: "tool", ZH: "工具"}},
			{r.Sources, text.Text{EN: "source", ZH: "来源"}},
		} {
			t.table(set, by.head, by.rows, r.Totals)
		}
	}
	t.comparison(r.Comparison)
	t.notes(r, lists)
	if lists {
		t.cases(text.Text{EN: "Missed", ZH: "漏判"}, r.Misses)
		t.cases(text.Text{EN: "Falsely accused", ZH: "误判"}, r.Accusations)
	}
	t.errors(r.Errors)
	_, err := io.WriteString(w, t.out.String())
	return err
}

type terminal struct {
	style report.Style
	out   strings.Builder
}

func (t *terminal) line(s string) { t.out.WriteString(strings.TrimRight(s, " ") + "\n") }

func (t *terminal) say(x text.Text) string { return report.In(t.style.Lang, x) }

func (t *terminal) sayf(en, zh string, args ...any) string {
	return fmt.Sprintf(t.say(text.Text{EN: en, ZH: zh}), args...)
}

// paint puts s in an SGR colour where the style has colours.
func (t *terminal) paint(sgr, s string) string {
	if !t.style.Colour || sgr == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// cell is one field of a table with its colour.
type cell struct{ text, ink string }

// titles are those of the sets' tables.
var titles = map[string]text.Text{
	Same:  {EN: "Copies (to be found)", ZH: "由对照图改成的（应当发现）"},
	Hard:  {EN: "Copies with another pose, view or style (for figures)", ZH: "改了姿势、视角或风格的（仅供参考）"},
	Other: {EN: "Separate pictures (to be left alone)", ZH: "独立拍摄的（不应误判）"},
	Cross: {EN: "Claims against other pairs' pictures (to be left alone)", ZH: "与其他对的对照图交叉比对（不应误判）"},
}

// table prints the rows of one set, with the set's totals below.
func (t *terminal) table(set string, by text.Text, rows, totals []Row) {
	lines := [][]cell{t.heads(set, by)}
	for _, row := range rows {
		if row.Set == set {
			lines = append(lines, t.row(row))
		}
	}
	if len(lines) == 1 {
		return
	}
	for _, row := range totals {
		if row.Set == set {
			lines = append(lines, t.row(row))
		}
	}
	t.line(t.paint("1", t.say(titles[set])))
	t.grid(lines)
	t.line("")
}

func (t *terminal) heads(set string, by text.Text) []cell {
	conclusive, strong := report.StrengthWord(evidence.Conclusive), report.StrengthWord(evidence.Strong)
	names := []text.Text{
		by,
		{EN: "pairs", ZH: "图片对"},
		{EN: "sources", ZH: "来源数"},
		conclusive, strong, report.StrengthWord(evidence.Weak),
		{EN: "at " + conclusive.EN, ZH: conclusive.ZH + "的比例"},
		{EN: "at " + strong.EN + " or more", ZH: strong.ZH + "及以上的比例"},
		{EN: "s a pair", ZH: "秒/对"},
	}
	if copied(set) {
		names = append(names, text.Text{EN: "IoU / covered", ZH: "区域重合 / 覆盖"})
	}
	return t.headCells(names)
}

func (t *terminal) headCells(names []text.Text) []cell {
	out := make([]cell, len(names))
	for i, n := range names {
		out[i] = cell{t.say(n), "2"}
	}
	return out
}

func (t *terminal) row(row Row) []cell {
	name := report.Clean(row.Kind + row.Tool + row.Source)
	bold := ""
	if name == "" {
		name, bold = t.say(text.Text{EN: "all", ZH: "合计"}), "1"
	}
	if row.Travelled {
		name += t.say(text.Text{EN: ", travelled", ZH: "（转发后）"})
	}
	sources := ""
	if row.AtStrong.BySource != nil {
		sources = fmt.Sprint(row.AtStrong.BySource.Sources)
	}
	out := []cell{
		{name, bold},
		{fmt.Sprint(row.Pairs), bold},
		{sources, bold},
		{fmt.Sprint(row.Conclusive), bold},
		{fmt.Sprint(row.Strong), bold},
		{fmt.Sprint(row.Weak), bold},
		{t.rate(row.AtConclusive), rateInk(row.Set, row.AtConclusive, 0)},
		{t.rate(row.AtStrong), rateInk(row.Set, row.AtStrong, 0.01)},
		{fmt.Sprintf("%.3f", row.MedianSeconds), ""},
	}
	if row.Overlap != nil {
		out = append(out, cell{fmt.Sprintf("%.2f / %.2f", row.Overlap.IoU, row.Overlap.Covered), ""})
	}
	return out
}

// roomForIntervals is the width, in columns, from which a terminal has room for
// the intervals; what is no terminal always has.
const roomForIntervals = 127

// rate shows a share with the interval that its sources leave, or the bound
// where none was found; on a narrow terminal the share alone.
func (t *terminal) rate(r Rate) string {
	if t.style.Width > 0 && t.style.Width < roomForIntervals {
		return fmt.Sprintf("%.1f %%", 100*r.Share)
	}
	low, high, zero := r.Low, r.High, r.ZeroBound
	if by := r.BySource; by != nil {
		low, high, zero = by.Low, by.High, by.ZeroBound
	}
	if r.Count == 0 && r.Of > 0 {
		return fmt.Sprintf("0.0 %% (< %.2g)", 100*zero)
	}
	return fmt.Sprintf("%.1f %% (%.1f-%.1f)", 100*r.Share, 100*low, 100*high)
}

// rateInk is green where the rate is as it should be and red where not: copies
// are found 99 times in 100, and honest pairs accused at most at the allowed
// rate. Of hard copies nothing is asked.
func rateInk(set string, r Rate, allowed float64) string {
	good := r.Share <= allowed
	switch set {
	case Hard:
		return ""
	case Same:
		good = r.Share >= 0.99
	}
	if good {
		return "32"
	}
	return "31"
}

// grid prints lines with columns aligned, the first to the left and the others
// to the right.
func (t *terminal) grid(lines [][]cell) {
	var wide []int
	for _, l := range lines {
		for i, c := range l {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], columns(c.text))
		}
	}
	for _, l := range lines {
		var b strings.Builder
		for i, c := range l {
			fill := strings.Repeat(" ", wide[i]-columns(c.text))
			if i == 0 {
				b.WriteString("  " + t.paint(c.ink, c.text) + fill)
			} else {
				b.WriteString("  " + fill + t.paint(c.ink, c.text))
			}
		}
		t.line(b.String())
	}
}

func (t *terminal) notes(r *Report, listed bool) {
	t.line(t.paint("2", t.sayf("In brackets: the 95 %% interval, or where nothing was found the bound that holds with 95 %% confidence. Pairs made from one source count as related. %d comparisons in %.1f s.",
		"括号内为 95%% 区间；未出现时为 95%% 置信上限。出自同一来源的图片对按相关计算。共 %d 次比对，用时 %.1f 秒。", r.Done, r.Seconds)))
	if n := len(r.Misses) + len(r.Accusations); n > 0 && !listed {
		t.line(t.sayf("%d missed, %d falsely accused; --misses lists them.", "漏判 %d 对，误判 %d 对；加 --misses 查看明细。", len(r.Misses), len(r.Accusations)))
	}
}

func (t *terminal) cases(title text.Text, cases []Case) {
	if len(cases) == 0 {
		return
	}
	t.line("")
	t.line(t.paint("1", fmt.Sprintf("%s (%d)", t.say(title), len(cases))))
	for _, c := range cases {
		strength := strengthOf(c.Strength)
		t.line("  " + nameOf(c.Folder, c.Against) + "  " + t.say(strength))
		if c.Copy > 0 {
			t.line(t.paint("2", fmt.Sprintf("      #%d %s", c.Copy, c.Trip)))
		}
		if len(c.Measured) > 0 {
			t.line(t.paint("2", "      "+numbers(c.Measured)))
		}
	}
}

// nameOf names a pair, or a claim and the pair whose reference it met.
func nameOf(folder, against string) string {
	if against == "" {
		return report.Clean(folder)
	}
	return report.Clean(folder) + " × " + report.Clean(against)
}

func strengthOf(s evidence.Strength) text.Text {
	if s == "" {
		return text.Text{EN: "nothing", ZH: "无发现"}
	}
	return report.StrengthWord(s)
}

// errors tells what was not measured, whatever the caller asked to list.
func (t *terminal) errors(errs []CaseError) {
	if len(errs) == 0 {
		return
	}
	t.line("")
	t.line(t.paint("1;31", t.sayf("Not measured (%d)", "未能评测（%d）", len(errs))))
	for _, e := range errs {
		t.line("  " + report.Clean(e.Folder) + "  " + t.say(e.Text))
	}
}

// columns is the width of s on a terminal: two for East Asian wide forms.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
	}
	return n
}
