package reference

import (
	"fmt"
	"path/filepath"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Finding words r for people; ok is false where there is nothing to say.
func (r Result) Finding(referenceName string) (f evidence.Finding, ok bool) {
	if r.Strength == "" {
		return evidence.Finding{}, false
	}
	name := filepath.Base(referenceName)
	code, stance := evidence.ReferenceSameCapture, evidence.Against
	if r.Code != "" {
		code, stance = r.Code, evidence.Neutral
	}
	return evidence.Finding{
		Code:       code,
		Strength:   r.Strength,
		Stance:     stance,
		Reference:  referenceName,
		FalseAlarm: r.FalseAlarm,
		Regions:    r.Regions,
		Text:       r.text(text.Text{EN: "the picture “" + name + "”", ZH: "「" + name + "」"}),
		Measured:   r.Measured,
	}, true
}

// FindingOn is Finding for a picture that has an id, and words instead of a
// name: "the order's listing picture".
func (r Result) FindingOn(id string, called text.Text) (f evidence.Finding, ok bool) {
	if f, ok = r.Finding(id); ok {
		f.Text = r.text(called)
	}
	return f, ok
}

// text says what was seen, what was changed, and what it does not prove.
func (r Result) text(name text.Text) text.Text {
	if r.Code != "" {
		return r.noteText(name)
	}
	hits, near := r.Measured["hits"], r.Measured["residual"]
	var t text.Text
	switch {
	case r.Measured[evidence.Redrawn] != 0:
		t = r.redrawnText(name)
	case r.Measured[evidence.Bent] != 0:
		t = r.bentText(name)
	case r.Strength == evidence.Conclusive:
		t.EN = fmt.Sprintf("This photo was made from %s: %.0f patches of fine texture lie where they lie there, to %s of a pixel, "+
			"under one shift and scale. A second photograph from the hand, even of a flat print, does not do that (at most 1 in %s).",
			name.EN, hits, fraction(near), evidence.OneIn(r.FalseAlarm))
		t.ZH = fmt.Sprintf("这张照片由%s制作而成：%.0f 处细微纹理经同一平移和缩放后逐一重合，误差约 %s 像素。"+
			"手持另拍的照片，哪怕翻拍平面印刷品，也做不到这一点（误判概率不超过 %s 分之一）。", name.ZH, hits, decimal(near), evidence.OneIn(r.FalseAlarm))
	case r.Strength == evidence.Strong:
		en, zh := r.reserve()
		t.EN = fmt.Sprintf("This photo very likely was made from %s: %.0f patches of fine texture lie where they lie there. %s: "+
			"a person should look.", name.EN, hits, en)
		t.ZH = fmt.Sprintf("这张照片很可能由%s制作而成：%.0f 处细微纹理位置一致。但%s，需要人工查看。", name.ZH, hits, zh)
	default:
		t.EN = fmt.Sprintf("Parts of this photo fit %s unusually well (%.0f patches), but not well enough to say that it was made "+
			"from it.", name.EN, hits)
		t.ZH = fmt.Sprintf("这张照片有部分内容与%s异常吻合（%.0f 处），但尚不足以认定由其制作。", name.ZH, hits)
	}
	en, zh := r.changes()
	t.EN += en
	t.ZH += zh
	if r.Strength.Rank() >= evidence.Strong.Rank() {
		// The bounds are of a hand, and of light as it falls.
		t.EN += " Something flat that was scanned, or photographed in a phone's document mode, is squared and evenly lit " +
			"by that, and can look the same."
		t.ZH += "平面物品若经扫描，或用手机“文档模式”拍摄，会被自动拉正、匀光，结果可能与此相同。"
	}
	return t
}

// reserve is why a copy that the fine look found is strong and not conclusive.
func (r Result) reserve() (en, zh string) {
	m, odds := r.Measured, evidence.OneIn(r.FalseAlarm)
	switch {
	case r.FalseAlarm > conclusiveBelow:
	case m["beside_altered"] > 0 && m["beside_altered"] <= panelAltered:
		return "It stands beside another picture, and so small a change to it may be a mark that the buyer drew",
			"它旁边另有一张图片，而这样小的改动可能只是买家画的记号"
	case unevenLight(m):
		return "The light on it falls off from side to side, as on a second photograph or under a filter",
			"亮度由一侧向另一侧渐变，像是另拍的照片，也可能是加了滤镜"
	case m["photographed"] < photographedSure*m["kept"]:
		return "Most of what agrees is lettering, lines or other flat artwork, which unrelated pictures share",
			"吻合之处多为文字、线条等平面图案，毫不相干的图片也会相同"
	case m["residual"] > conclusiveMiss:
		return "They lie there less exactly than a plain copy's do", "吻合得不如直接复制的那样精确"
	}
	return fmt.Sprintf("The common part is too small or too plain to rule out a second photograph, held square by hand (at most 1 in %s)", odds),
		fmt.Sprintf("两图相同的部分较小或较平淡，不能完全排除手持端正翻拍的可能（误判概率不超过 %s 分之一）", odds)
}

// redrawnText says that the composition is the reference's while the texture is
// not, and what else could look so.
func (r Result) redrawnText(name text.Text) text.Text {
	hits, of := r.Measured["hits"], r.Measured["agreeing"]
	if r.Strength.Rank() < evidence.Strong.Rank() {
		return text.Text{
			EN: fmt.Sprintf("This photo is composed much like %s (%.0f of %.0f patches are in the same place), but not closely "+
				"enough to say that it was redrawn from it.", name.EN, hits, of),
			ZH: fmt.Sprintf("这张照片的构图与%s十分接近（%.0f 处可比的局部中有 %.0f 处位置相同），但尚不足以认定由其重绘而成。", name.ZH, of, hits),
		}
	}
	return text.Text{
		EN: fmt.Sprintf("This photo very likely is %s redrawn whole, as an editor does that paints a picture anew on an instruction: "+
			"the composition is the same (%.0f of %.0f patches lie in their place, to about %s of a pixel, under one plain transform), "+
			"while the fine texture is not that picture's. A print, or another flat thing, photographed from the hand lies so by "+
			"chance at most once in %s. Fine texture cannot settle it here, so a person should look.",
			name.EN, hits, of, fraction(r.Measured["residual"]), evidence.OneIn(r.FalseAlarm)),
		ZH: fmt.Sprintf("这张照片很可能是把%s整幅重绘得到的，按指令重画图片的修图工具就会留下这种结果：构图相同（可比的 %.0f 处局部中有 %.0f 处"+
			"经同一简单变换后落在原位，误差约 %s 像素），细微纹理却已不是原图的纹理。手持拍摄印刷品或其他平面物，偶然达到这种吻合的概率"+
			"不超过 %s 分之一。此处无法靠细微纹理下定论，需要人工查看。",
			name.ZH, of, hits, decimal(r.Measured["residual"]), evidence.OneIn(r.FalseAlarm)),
	}
}

// bentText says that the picture was bent, and what a print could do.
func (r Result) bentText(name text.Text) text.Text {
	hits, of, weave := r.Measured["hits"], r.Measured["agreeing"], r.Measured["weave"]
	return text.Text{
		EN: fmt.Sprintf("This photo very likely was made from %s and then bent a little, by a change of perspective, a slant, a lens "+
			"correction or a push: %.0f of %.0f patches of texture follow one smooth bend, and the finest texture is that picture's "+
			"(correlation %.2f). A sharp photograph of a print, from the hand and in very even light, could look so (at most 1 in %s): "+
			"a person should look.", name.EN, hits, of, weave, evidence.OneIn(r.FalseAlarm)),
		ZH: fmt.Sprintf("这张照片很可能由%s制作而成，之后又略加变形（调整透视、斜切、镜头校正或局部推移）：%.0f 处纹理中有 %.0f 处顺着同一平滑变形移位，"+
			"最细的纹理就是该图的纹理（相关 %.2f）。在十分均匀的光线下手持清晰翻拍的印刷品也可能如此（误判概率不超过 %s 分之一），需要人工查看。",
			name.ZH, of, hits, weave, evidence.OneIn(r.FalseAlarm)),
	}
}

// changes says how much of the picture is altered.
func (r Result) changes() (en, zh string) {
	redrawn := r.Measured[evidence.Redrawn] != 0
	switch n := len(r.Regions); {
	case r.Strength.Rank() < evidence.Strong.Rank():
		return "", ""
	case redrawn && n == 0:
		return " Nothing in it stands out beyond what the redrawing changed everywhere. It does not show who made it.",
			"除重绘造成的普遍细微差别外，未见其他明显改动。这一结果不能说明由谁制作。"
	case redrawn:
		return fmt.Sprintf(" What differs beyond that is outlined (%d). It does not show who changed it, nor with what, nor that the goods are sound.", n),
			fmt.Sprintf("超出普遍细微差别的改动已框出，共 %d 处。这一结果不能说明由谁、用什么工具改动，也不能说明商品完好。", n)
	case n == 0:
		return " Nothing in the common part was visibly changed. It does not show who made it.",
			"两图相同的部分未见明显改动。这一结果不能说明由谁制作。"
	case n == 1:
		return " It differs from that picture in one place, outlined. It does not show who changed it, nor with what.",
			"与该图相比有 1 处不同，已框出。这一结果不能说明由谁、用什么工具改动。"
	default:
		return fmt.Sprintf(" It differs from that picture in %d places, outlined. It does not show who changed it, nor with what.", n),
			fmt.Sprintf("与该图相比有 %d 处不同，已框出。这一结果不能说明由谁、用什么工具改动。", n)
	}
}

// fraction words a deviation in pixels for English readers.
func fraction(v float64) string {
	if v < 0.01 {
		return "less than a hundredth"
	}
	return decimal(v)
}

func decimal(v float64) string { return fmt.Sprintf("%.2f", max(v, 0.01)) }
