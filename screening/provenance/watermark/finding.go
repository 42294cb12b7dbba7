package watermark

import (
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Findings words the marks for people. A mark is strong and never conclusive,
// however small its bound: the bound says that the mark is there, not who put
// it there, and anyone can.
func Findings(marks []Mark) []evidence.Finding {
	var out []evidence.Finding
	for _, m := range marks {
		out = append(out, evidence.Finding{
			Code:       evidence.ProvenanceAIWatermark,
			Strength:   evidence.Strong,
			Stance:     evidence.Against,
			FalseAlarm: m.FalseAlarm,
			Text: text.Text{
				EN: fmt.Sprintf("The pixels carry the invisible watermark that %s puts into pictures it makes (%d of %d bits agree; a picture without the mark reads so at most once in a hundred thousand). It does not prove who made the picture or how much of it is generated: the method is public, and a photo run through such a program for a small retouch carries the mark too.", m.Generator, m.Agreeing, m.Counted),
				ZH: fmt.Sprintf("像素中带有 %s 生成图片时写入的隐形水印（%d/%d 位一致；没有水印的图片被误读的概率不超过十万分之一）。这不能证明图片由谁制作、有多少内容是生成的：水印方法是公开的，照片只经此类程序小幅修饰也会带上水印。", m.Generator, m.Agreeing, m.Counted),
			},
			Measured: map[string]float64{"bits_agreeing": float64(m.Agreeing), "bits_counted": float64(m.Counted)},
		})
	}
	return out
}
