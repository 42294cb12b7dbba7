package evidence_test

import (
	"maps"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// TestOutside: whoever is shown no places reads of none, in whole sentences.
func TestOutside(t *testing.T) {
	for _, tt := range []struct{ en, zh, wantEN, wantZH string }{
		{
			"It differs from that picture in one place, outlined. It does not show who changed it.", "与该图相比有 1 处不同，已框出。这一结果不能说明由谁改动。",
			"It differs from that picture in one place. It does not show who changed it.", "与该图相比有 1 处不同。这一结果不能说明由谁改动。",
		},
		{
			"What differs beyond that is outlined (1). It", "超出普遍细微差别的改动已框出，共 1 处。",
			"Beyond that it differs in one place. It", "超出普遍细微差别的改动共 1 处。",
		},
		{"What differs beyond that is outlined (12).", "", "Beyond that it differs in 12 places.", ""},
		{
			"About 48% of this photo is the listing itself, unaltered and with straight edges (outlined); the other", "约 48% 的面积就是商品主图（已框出），边缘平直",
			"About 48% of this photo is the listing itself, unaltered and with straight edges; the other", "约 48% 的面积就是商品主图，边缘平直",
		},
		{
			"What this photo shows in the outlined place is not there", "这张照片框出处的内容，在另一张照片中并不存在，而框内内容的 93% 找不到对应。",
			"What this photo shows in one place is not there", "这张照片某处的内容，在另一张照片中并不存在，而该处内容的 93% 找不到对应。",
		},
		{
			"What it shows at the place outlined here is not there", "另一张照片在框出位置所示的内容，在这张照片中并不存在。",
			"What it shows at one place is not there", "另一张照片某处所示的内容，在这张照片中并不存在。",
		},
		{
			"is also there in this photo, in the outlined place, seen from elsewhere", "在这张从另一位置拍摄的照片框出处同样存在",
			"is also there in this photo, seen from elsewhere", "在这张从另一位置拍摄的照片中同样存在",
		},
		{
			"names do that too: look at the place, and ask for the photo.", "有 1 处（见标出部位）早先。请查看标出部位，并请买家提供原图。",
			"names do that too: ask for the photo.", "有 1 处早先。请买家提供原图。",
		},
		{
			"with straight edges (outlined), but it differs in 3 places, outlined as well: a circle", "（已框出），但有 3 处不同，也已框出：可能是圈",
			"with straight edges, but it differs in 3 places: a circle", "，但有 3 处不同：可能是圈",
		},
		{"Sound.", "完好。", "Sound.", "完好。"},
	} {
		f := evidence.Finding{
			Text: text.Text{EN: tt.en, ZH: tt.zh}, Regions: []evidence.Region{{Width: 1, Height: 1}},
			Measured: map[string]float64{"redrawn": 1, "hits": 40},
		}
		out := f.Outside()
		if out.Text.EN != tt.wantEN || out.Text.ZH != tt.wantZH {
			t.Errorf("%q, %q; want %q, %q", out.Text.EN, out.Text.ZH, tt.wantEN, tt.wantZH)
		}
		if out.Regions != nil || !maps.Equal(out.Measured, map[string]float64{"redrawn": 1}) {
			t.Errorf("%+v leaves the desk", out)
		}
		if len(f.Regions) != 1 || len(f.Measured) != 2 {
			t.Errorf("the finding itself was changed: %+v", f)
		}
	}
}
