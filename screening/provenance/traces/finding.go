package traces

import (
	"fmt"

	"github.com/evenhand/evenhand/evidence"
)

// Findings words traces and contradictions for people.
//
// Why no trace is more than strong: any of these fields can be typed with a
// free tool, into any picture, by anyone, a rival of the buyer included. Why
// an editor's name is a note: honest people crop and brighten.
func Findings(traces []Trace, odd []Contradiction) []evidence.Finding {
	var out []evidence.Finding
	for _, t := range traces {
		out = append(out, t.finding())
	}
	for _, c := range odd {
		out = append(out, evidence.Finding{Code: evidence.MetadataInconsistent, Strength: c.Strength, Stance: c.Stance, Text: c.Text, Measured: c.Measured, Regions: c.Regions})
	}
	return out
}

func (t Trace) finding() evidence.Finding {
	f := evidence.Finding{Code: evidence.ProvenanceGeneratorTrace, Strength: evidence.Strong, Stance: evidence.Against}
	where := t.Where.Carrier
	if where == "" {
		where = t.Field
	}
	switch t.Kind {
	case Generated:
		f.Text.EN = fmt.Sprintf("The file itself says that AI made the picture: %s (%s, in %s). Such notes can be typed into any file, so they are no proof; they are rarely there by accident.", t.Name, t.Field, where)
		f.Text.ZH = fmt.Sprintf("文件自身写明图片由 AI 生成：%s（%s，位于 %s）。这类信息任何人都能写入，不构成证明；但很少会无故出现。", t.Name, t.Field, where)
	case AIEdited:
		f.Text.EN = fmt.Sprintf("The file itself says that an AI tool changed part of the picture: %s (%s, in %s). It does not say what: removing a passer-by or a name on a label leaves the same note. Ask for the unedited photo.", t.Name, t.Field, where)
		f.Text.ZH = fmt.Sprintf("文件自身写明图片有部分经 AI 工具修改：%s（%s，位于 %s）。它不说明改了什么：抹去路人或面单上的姓名也会留下同样记录。可请买家提供未修改的原图。", t.Name, t.Field, where)
	case Labelled:
		f.Text.EN = fmt.Sprintf("A service's own field says that this is AI content: %s (in %s). It is written where a model made the picture, and where its user or an effect declared it; it can be typed, too.", t.Name, where)
		f.Text.ZH = fmt.Sprintf("文件中有服务方自有字段，标明这是 AI 内容：%s（位于 %s）。模型生成时会写入，用户自行声明或使用特效时也会写入；该字段也可以人为填写。", t.Name, where)
	case Hinted:
		f.Strength, f.Stance = evidence.Note, evidence.Neutral
		f.Text.EN = fmt.Sprintf("The file passed through a service that marks AI content in this field (%s, in %s); the field is written for ordinary content too.", t.Name, where)
		f.Text.ZH = fmt.Sprintf("文件经过会在此字段标记 AI 内容的服务（%s，位于 %s）；普通内容也会写入该字段。", t.Name, where)
	default:
		f.Strength, f.Stance = evidence.Note, evidence.Neutral
		f.Text.EN = fmt.Sprintf("The file was saved by an editor: %s (%s). Honest people crop and brighten; it says nothing of what was changed.", t.Name, t.Field)
		f.Text.ZH = fmt.Sprintf("文件由图片编辑软件保存：%s（%s）。普通用户也会裁剪、调亮；这不说明改动了什么。", t.Name, t.Field)
	}
	return f
}
