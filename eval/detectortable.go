package eval

import (
	"fmt"
	"io"
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// Terminal writes for a person how the detector did and what its findings can be.
func (r *DetectorReport) Terminal(w io.Writer, style report.Style) error {
	t := &terminal{style: style}
	switch {
	case r.GaveUp:
		t.line(t.paint("1;31", t.sayf("The detector failed so often that it was asked no more: the figures are of what was measured until then.",
			"检测器连续失败，已停止使用：以下为已测部分的数据。")))
	case r.Partial:
		t.line(t.paint("1;33", t.sayf("Stopped early: the figures are of what was measured until then.", "提前停止：以下为已测部分的数据。")))
	}
	t.line(t.paint("1", t.sayf("Detector %s", "检测器 %s", report.Clean(r.Name()))))
	t.line("  " + t.sayf("%d honest pictures of %d sources, %d edited ones of %d; an edited one scores higher than an honest one %.1f times in 100 (50 is chance)",
		"诚实图片 %d 张（%d 个来源），改过的 %d 张（%d 个来源）；改过的得分高于诚实的，100 次里有 %.1f 次（50 次即为碰运气）",
		r.Honest.Pictures, r.Honest.Sources, r.Edited.Pictures, r.Edited.Sources, 100*r.Ranked))
	lines := [][]cell{t.headCells([]text.Text{
		{EN: "at a rate of", ZH: "误报率"},
		{EN: "from score", ZH: "分数不低于"},
		{EN: "edited found", ZH: "发现改图"},
		{EN: "honest told, halves crossed", ZH: "误报（两半互验）"},
	})}
	for _, at := range r.At {
		threshold := t.say(text.Text{EN: "too few sources", ZH: "来源太少"})
		if at.Threshold != nil {
			threshold = fmt.Sprintf("%.6f", *at.Threshold)
		}
		told := t.say(text.Text{EN: "too few sources", ZH: "来源太少"})
		if at.Told != nil {
			told = t.rate(*at.Told)
		}
		lines = append(lines, []cell{{fmt.Sprintf("%.4g %%", 100*at.Rate), ""}, {threshold, ""}, {t.rate(at.Found), ""}, {told, ""}})
	}
	t.grid(lines)
	t.line("  " + t.say(r.worth()))
	t.line(t.paint("2", t.sayf("In brackets: the 95 %% interval, pictures of one source counted as related. %.1f s.", "括号内为 95%% 区间，同一来源的图片按相关计算。用时 %.1f 秒。", r.Seconds)))
	if r.Again > 0 {
		t.line(t.paint("2", t.sayf("%d more files show pictures that were there already: each counts once.", "另有 %d 个文件与已有图片相同，只计一次。", r.Again)))
	}
	t.errors(r.Errors)
	if len(r.LeftOut) > 0 {
		t.line("")
		t.line(t.paint("1", t.sayf("Left out, being no pictures (%d)", "不是图片，未计入（%d）", len(r.LeftOut))))
		for _, e := range r.LeftOut {
			t.line("  " + report.Clean(e.Folder) + "  " + t.say(e.Text))
		}
	}
	_, err := io.WriteString(w, t.out.String())
	return err
}

// worth says what the findings can be after this measurement.
func (r *DetectorReport) worth() text.Text {
	fewest := int(math.Round(1/detector.WeakRate)) - 1
	switch {
	case r.Strongest == "":
		return text.Text{
			EN: fmt.Sprintf("It would find nothing: no score is rarer than one in a hundred until %d honest sources were measured (%d are).", fewest, r.Honest.Sources),
			ZH: fmt.Sprintf("它不会给出任何鉴定发现：至少测过 %d 个诚实来源，才可能有百里挑一的分数（现有 %d 个）。", fewest, r.Honest.Sources),
		}
	case r.Strongest == evidence.Strong:
		return text.Text{EN: "Its findings can be strong; never conclusive.", ZH: "它的鉴定发现最强可为“有力”，不会是“确凿”。"}
	case r.Strongest == evidence.Weak && r.Honest.Pictures < detector.EnoughFor:
		return text.Text{
			EN: fmt.Sprintf("Its findings can be weak: strong ones need %d honest pictures.", detector.EnoughFor),
			ZH: fmt.Sprintf("它的鉴定发现最强可为“较弱”；要达到“有力”需测量 %d 张诚实图片。", detector.EnoughFor),
		}
	case r.Strongest == evidence.Weak:
		return text.Text{EN: "Its findings can be weak.", ZH: "它的鉴定发现最强可为“较弱”。"}
	}
	return text.Text{
		EN: "Its findings can be notes alone: it does not tell edited pictures from honest ones well enough, or too few edited ones were measured.",
		ZH: "它的鉴定发现只能作为备注：区分改过与诚实图片的能力不够，或测量的改过图片太少。",
	}
}
