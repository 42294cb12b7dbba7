package eval

import (
	"fmt"

	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

// comparison tells how this report differs from an earlier one: a row a kind or
// tool that changed, then each case that did, what got worse first.
func (t *terminal) comparison(c *Comparison) {
	if c == nil {
		return
	}
	t.line(t.paint("1", t.sayf("Beside %s: %d comparisons that both made", "与 %s 逐对比较：双方都有的 %d 次比对", report.Clean(c.Against), c.Compared)))
	if c.OnlyBefore+c.OnlyNow > 0 {
		t.line("  " + t.sayf("not compared: %d that only the earlier report has, %d that only this one has",
			"未比较：仅前者有的 %d 次，仅本次有的 %d 次", c.OnlyBefore, c.OnlyNow))
	}
	if c.OtherPictures > 0 {
		t.line("  " + t.paint("33", t.sayf("not compared: %d of the same names that hold other pictures than before", "未比较：名称相同而图片已变的 %d 次", c.OtherPictures)))
	}
	if c.ByName > 0 {
		t.line("  " + t.sayf("%d are taken for the same by their names: a report from an earlier version does not say which pictures it was of",
			"其中 %d 次仅凭名称视为相同：较早版本的报告没有记下是哪些图片", c.ByName))
	}
	if c.BeforePartial || c.NowPartial {
		t.line("  " + t.paint("33", t.sayf("not the whole: one of the two was stopped early", "并不完整：两份之一提前停止")))
	}
	if c.ByLists {
		t.line("  " + t.sayf("one report holds its misses and accusations alone: what both had right is counted, and not compared in strength",
			"其中一份报告只保存了漏判和误判：双方都正确的只计数，不比较强弱"))
	}
	t.changes(c.Kinds, text.Text{EN: "kind", ZH: "类别"})
	t.changes(c.Tools, text.Text{EN: "tool", ZH: "工具"})
	t.line("  " + t.sayf("Copies: %d found by both, %d by neither, %d newly found, %d lost. Honest pairs: %d accused by both, %d by neither, %d newly accused, %d no longer accused.",
		"改图：双方都发现 %d，都未发现 %d，新发现 %d，丢失 %d。诚实图片对：双方都误判 %d，都未误判 %d，新误判 %d，不再误判 %d。",
		c.FoundByBoth, c.FoundByNeither, len(c.NewlyFound), len(c.Lost), c.AccusedByBoth, c.AccusedByNeither, len(c.NewlyAccused), len(c.NoLongerAccused)))
	t.changed(text.Text{EN: "Lost", ZH: "丢失"}, "31", c.Lost)
	t.changed(text.Text{EN: "Newly accused", ZH: "新误判"}, "31", c.NewlyAccused)
	t.changed(text.Text{EN: "Accused at more", ZH: "误判程度加重"}, "31", c.AccusedAtMore)
	t.changed(text.Text{EN: "Found at less", ZH: "发现程度减弱"}, "", c.Weaker)
	t.changed(text.Text{EN: "Newly found", ZH: "新发现"}, "32", c.NewlyFound)
	t.changed(text.Text{EN: "Found at more", ZH: "发现程度加强"}, "", c.Stronger)
	t.changed(text.Text{EN: "No longer accused", ZH: "不再误判"}, "32", c.NoLongerAccused)
	t.line("")
}

// changes is the table of the rows in which the versions differ.
func (t *terminal) changes(rows []ChangeRow, by text.Text) {
	lines := [][]cell{append([]cell{{t.say(text.Text{EN: "set", ZH: "集合"}), "2"}}, t.headCells([]text.Text{
		by,
		{EN: "compared", ZH: "比对"},
		{EN: "both", ZH: "双方"},
		{EN: "neither", ZH: "都无"},
		{EN: "gained", ZH: "仅本次"},
		{EN: "gone", ZH: "仅前者"},
	})...)}
	for _, r := range rows {
		if r.Gained+r.Gone == 0 {
			continue
		}
		gained, gone := "32", "31"
		if !copied(r.Set) {
			gained, gone = gone, gained
		}
		ink := func(n int, sgr string) cell {
			if n == 0 {
				sgr = ""
			}
			return cell{fmt.Sprint(n), sgr}
		}
		lines = append(lines, []cell{
			{r.Set, ""},
			{report.Clean(r.Kind + r.Tool), ""},
			{fmt.Sprint(r.Compared), ""},
			{fmt.Sprint(r.Both), ""},
			{fmt.Sprint(r.Neither), ""},
			ink(r.Gained, gained), ink(r.Gone, gone),
		})
	}
	if len(lines) > 1 {
		t.grid(lines)
	}
}

func (t *terminal) changed(title text.Text, sgr string, list []Change) {
	if len(list) == 0 {
		return
	}
	t.line("")
	if sgr != "" {
		sgr = ";" + sgr
	}
	t.line(t.paint("1"+sgr, fmt.Sprintf("%s (%d)", t.say(title), len(list))))
	for _, c := range list {
		name := nameOf(c.Folder, c.Against)
		if c.Tool != "" {
			name += "  " + report.Clean(c.Tool)
		}
		t.line(fmt.Sprintf("  %s  %s → %s", name, t.say(strengthOf(c.Before)), t.say(strengthOf(c.Now))))
		if c.Copy > 0 {
			t.line(t.paint("2", fmt.Sprintf("      #%d %s", c.Copy, report.Clean(c.Trip))))
		}
	}
}
