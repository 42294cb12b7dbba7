package aigc

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Findings says what the labels mean for a claim: one finding, whatever their
// number, because they are one declaration.
//
// Strength: anyone can type a label, so never conclusive. Nobody who wants to
// pass a fake as real adds one, so a plain "generated" that names its producer
// is strong. "Possibly" and "suspected" repeat somebody's guess, and a label
// without producer or degree may be a programmer's trial: weak.
func (l Labels) Findings() []evidence.Finding {
	if len(l) == 0 {
		return nil
	}
	first := l[0]
	for _, f := range l { // the most definite one speaks
		if f.Label.Label == l.Degree() {
			first = f
			break
		}
	}
	strength := evidence.Weak
	if l.Degree() == Generated && first.Producer() != "" || first.Service != "" && first.Label.Label == Unstated {
		strength = evidence.Strong
	}
	return []evidence.Finding{{
		Code: evidence.ProvenanceAIGCLabel, Strength: strength, Stance: evidence.Against,
		Text:     l.text(first),
		Measured: l.measured(first),
	}}
}

func (l Labels) measured(f Found) map[string]float64 {
	m := map[string]float64{"labels": float64(len(l)), "departures": float64(len(f.Departures))}
	if d := f.Label.Label; d != Unstated {
		m["label"] = float64(d[0] - '0')
	}
	if c := ParseCode(f.ContentProducer); c.Credit != "" {
		m["producer_code_valid"] = 0
		if c.Problem == CodeFine {
			m["producer_code_valid"] = 1
		}
	}
	return m
}

// degreeTexts say what a degree declares.
var degreeTexts = map[Degree]text.Text{
	Generated: {EN: "declares this file to be made or altered by AI", ZH: "声明该文件由人工智能生成合成"},
	Possible:  {EN: "declares this file to be possibly made by AI, as its uploader had said", ZH: "声明该文件可能由人工智能生成合成（由上传者自行声明）"},
	Suspected: {EN: "says that a platform suspected this file to be made by AI", ZH: "表明某平台曾识别该文件疑似由人工智能生成合成"},
	Unstated:  {EN: "marks this file as AI content without a degree that can be read", ZH: "将该文件标为人工智能内容，但未写明可识别的属性"},
}

// text words the finding: what is declared, by whom, where it stands, what it
// does not prove.
func (l Labels) text(f Found) text.Text {
	d := degreeTexts[f.Label.Label]
	en, zh := "China's AIGC metadata label "+d.EN, "文件元数据中的 AIGC 隐式标识"+d.ZH
	if p := clean(f.Producer()); p != "" {
		en += "; producer: " + p
		zh += "，生成服务提供者：" + p
		note := codeText(ParseCode(f.ContentProducer))
		en, zh = en+note.EN, zh+note.ZH
	}
	en += ". Read from " + f.Where.Carrier + placeEN(f) + "."
	zh += "。读取位置：" + f.Where.Carrier + placeZH(f) + "。"
	if len(l) > 1 && l.Disagree() {
		en += fmt.Sprintf(" The file holds %d labels that disagree.", len(l))
		zh += fmt.Sprintf("文件中有 %d 处标识，且内容不一致。", len(l))
	}
	en += " The label is a declaration that nothing signs: it does not say which part is generated (services also write it for cutting out a background or sharpening), and it can be added to a real photo."
	zh += "该标识只是未经签名的声明：它不说明哪一部分是生成的（抠图、增强等功能也会写入），也可能被人为添加到真实照片上。"
	return text.Text{EN: en, ZH: zh}
}

func placeEN(f Found) string {
	s := fmt.Sprintf(", byte %d", f.Where.Offset)
	if f.Departed(NotJSON) || f.Departed(OtherPlace) || f.Departed(Escaped) || f.Departed(Quoted) {
		s += ", though not as the standard writes it"
	}
	return s
}

func placeZH(f Found) string {
	s := fmt.Sprintf("，第 %d 字节", f.Where.Offset)
	if f.Departed(NotJSON) || f.Departed(OtherPlace) || f.Departed(Escaped) || f.Departed(Quoted) {
		s += "（写法与标准不符）"
	}
	return s
}

// codeText comments on a producer code.
func codeText(c Code) text.Text {
	switch {
	case c.Credit == "":
		return text.Text{}
	case c.Problem == CodeCheckDigit:
		return text.Text{EN: " (its social credit code has a wrong check digit: mistyped or made up)", ZH: "（其中统一社会信用代码的校验码不正确，可能录入有误或系编造）"}
	}
	return text.Text{
		EN: " (unified social credit code " + c.Credit + ", check digit correct)",
		ZH: "（统一社会信用代码 " + c.Credit + "，校验码正确）",
	}
}

// clean makes a stranger's text fit for one line: no control or steering
// characters, no more than 80 characters.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 80 {
		s = string(runes[:79]) + "…"
	}
	return strings.TrimSpace(s)
}
