package visible

import (
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Findings words what was seen: one finding, whatever the number of labels,
// because they are one declaration.
//
// Strength: anyone can draw words into a picture, so never conclusive; nobody
// who wants to pass a fake as real adds them, so words that were clearly read
// are strong. Words read only in part are weak, and so are two letters alone, and
// a name that other things have as well as the service that marks with it.
func Findings(seen []Seen) []evidence.Finding {
	if len(seen) == 0 {
		return nil
	}
	f := evidence.Finding{Code: evidence.ProvenanceAIGCLabel, Strength: evidence.Weak, Stance: evidence.Against, Text: partly(seen[0])}
	switch {
	case seen[0].Sure:
		f.Strength, f.Text = evidence.Strong, clearly(seen[0])
	case seen[0].Name:
		f.Text = named(seen[0])
	case seen[0].Bare:
		f.Text = barely(seen[0])
	}
	for _, s := range seen {
		f.Regions = append(f.Regions, s.Where)
	}
	f.Measured = map[string]float64{"visible_labels": float64(len(seen)), "reading_doubt": seen[0].Doubt}
	return []evidence.Finding{f}
}

// Sure says whether any label was clearly read.
func Sure(seen []Seen) bool {
	return len(seen) > 0 && seen[0].Sure // the surest is first
}

func clearly(s Seen) text.Text {
	at := corner(s.Where)
	return text.Text{
		EN: fmt.Sprintf("The picture carries a visible AI label: “%s”, %s. Services put such words in by themselves; but anyone can write them into a real photo, and they do not say which part is generated.", s.Words, at.EN),
		ZH: fmt.Sprintf("画面%s有人工智能生成合成内容的显式标识，可读到“%s”字样。此类字样通常由生成服务自动添加，但任何人也可以写到真实照片上，且不能说明哪一部分是生成的。", at.ZH, s.Words),
	}
}

func partly(s Seen) text.Text {
	at := corner(s.Where)
	return text.Text{
		EN: fmt.Sprintf("There may be a visible AI label %s: it was read only in part and is most like “%s”. Look at it yourself before you rely on it.", at.EN, s.Words),
		ZH: fmt.Sprintf("画面%s可能有人工智能生成合成内容的显式标识：字样只辨认出一部分，最接近“%s”。请先自行查看该处，再决定是否采信。", at.ZH, s.Words),
	}
}

func named(s Seen) text.Text {
	at := corner(s.Where)
	return text.Text{
		EN: fmt.Sprintf("The name “%s” stands alone %s. A service that generates pictures marks them with it; but it is also a name of other things, and a photo of a screen, an app or a shop may show it. Look at it yourself.", s.Words, at.EN),
		ZH: fmt.Sprintf("画面%s单独出现“%s”字样。有生成服务以此作为角标；但该名称也有其他含义，截屏、应用或店铺的画面也可能带有它，请自行查看。", at.ZH, s.Words),
	}
}

func barely(s Seen) text.Text {
	at := corner(s.Where)
	return text.Text{
		EN: fmt.Sprintf("The letters “AI” stand alone %s. Some services mark what they generate with no more than that; shops, cameras and apps put these letters on honest photos too. Look at it yourself.", at.EN),
		ZH: fmt.Sprintf("画面%s单独出现“AI”两个字母。有的生成服务只加这样的角标，但店铺、相机和应用也会在普通照片上加这两个字母，请自行查看。", at.ZH),
	}
}

// corner says where along the top or the bottom edge a place is.
func corner(r evidence.Region) text.Text {
	across := text.Text{EN: "in the middle", ZH: "中部"}
	switch x := r.X + r.Width/2; {
	case x < 0.4:
		across = text.Text{EN: "on the left", ZH: "左侧"}
	case x > 0.6:
		across = text.Text{EN: "on the right", ZH: "右侧"}
	}
	if r.Y+r.Height/2 < 0.5 {
		return text.Text{EN: "at the top " + across.EN, ZH: "顶部" + across.ZH}
	}
	return text.Text{EN: "at the bottom " + across.EN, ZH: "底部" + across.ZH}
}
