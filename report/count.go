package report

import (
	"fmt"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// Count sums up an inspection in numbers.
type Count struct {
	Claims, References int
	CutShort           int // inspected as far as they go
	Unreadable         int
	ByOutcome          map[Outcome]int
}

// Counts counts in.
func Counts(in *screening.Inspection) Count {
	c := Count{Claims: len(in.Claim), References: len(in.References), ByOutcome: map[Outcome]int{}}
	inspected := map[string]bool{}
	for _, r := range in.References {
		inspected[r.File] = true
	}
	for i, claim := range in.Claim {
		inspected[claim.File] = true
		c.ByOutcome[OutcomeOf(claim, comparedWith(in, i))]++
	}
	for _, e := range in.Errors {
		if inspected[e.File] {
			c.CutShort++
		} else {
			c.Unreadable++
		}
	}
	return c
}

// Given says how much was looked at.
func (c Count) Given() text.Text {
	return text.Text{
		EN: fmt.Sprintf("%s · %s", plural(c.Claims, "claim photo"), plural(c.References, "reference")),
		ZH: fmt.Sprintf("申请照片 %d 张 · 对照图 %d 张", c.Claims, c.References),
	}
}

// Found says in one line what came of it.
func (c Count) Found() text.Text {
	var en, zh []string
	add := func(n int, e, z string) {
		if n > 0 {
			en = append(en, fmt.Sprintf(e, n))
			zh = append(zh, fmt.Sprintf(z, n))
		}
	}
	add(c.ByOutcome[Matched], "%d made from a reference", "%d 张由对照图制作而成")
	add(c.ByOutcome[Declared], "%d with a declaration or trace of AI or of tampering", "%d 张自带 AI 或篡改的声明或痕迹")
	add(c.ByOutcome[LikelyMatch], "%d very likely made from a reference", "%d 张很可能由对照图制作而成")
	add(c.ByOutcome[Redrawn], "%d very likely redrawn from a reference", "%d 张很可能由对照图重绘而成")
	add(c.ByOutcome[Contradicted], "%d that another photo contradicts", "%d 张与同一商品的另一张照片不符")
	add(c.ByOutcome[Hint], "%d with weak hints only", "%d 张仅有微弱线索")
	add(c.ByOutcome[Supported], "%d with findings for the claim", "%d 张的发现支持申请")
	add(c.ByOutcome[NotesOnly], "%d with notes only", "%d 张仅有备注")
	add(c.ByOutcome[NothingFound], "%d with nothing found", "%d 张未发现问题")
	add(c.ByOutcome[NotCompared], "%d not compared", "%d 张未做比对")
	add(c.CutShort, "%d cut short", "%d 个文件不完整")
	add(c.Unreadable, "%d unreadable", "%d 个文件无法读取")
	if en == nil {
		return text.Text{EN: "Nothing to inspect", ZH: "没有可检查的内容"}
	}
	return text.Text{EN: strings.Join(en, ", "), ZH: strings.Join(zh, "，")}
}

// Gravest is the outcome the summary is coloured by.
func (c Count) Gravest() Outcome {
	for o := Matched; o < NotCompared; o++ {
		if c.ByOutcome[o] > 0 {
			return o
		}
	}
	return NotCompared
}

func (c Count) ink() ink {
	_, colour := symbol(c.Gravest())
	return colour
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func outcomeOfFinding(f evidence.Finding) Outcome {
	return OutcomeOf(screening.ClaimFile{Findings: []evidence.Finding{f}}, Compared{References: 1})
}

// FormatName is the name of a container as people write it.
func FormatName(format string) string {
	if format == "webp" {
		return "WebP"
	}
	return strings.ToUpper(format)
}
