package reference

import (
	"fmt"
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// noteText says what the pictures share where that says nothing against the
// claim.
func (r Result) noteText(name text.Text) text.Text {
	if r.Code == evidence.ReferenceBeside {
		return r.besideText(name)
	}
	hits := r.Measured["kept"]
	return text.Text{
		EN: fmt.Sprintf("This photo shares drawn graphics with %s: %.0f patches of lettering, lines or other flat artwork, "+
			"such as a label, a stamp, a frame or an app's screen, lie where they lie there. Pictures of quite different "+
			"things share such designs. It says nothing about the goods.", name.EN, hits),
		ZH: fmt.Sprintf("这张照片与%s有相同的图形：%.0f 处文字、线条等平面图案（例如面单、相机水印、边框、应用界面）位置一致。"+
			"拍摄内容毫不相干的图片也会使用同一套图形，这不能说明货物本身的任何情况。", name.ZH, hits),
	}
}

// besideText says how much of the picture is the reference, which is not altered
// as far as can be seen. Of the rest it says no more than that the reference was not found.
func (r Result) besideText(name text.Text) text.Text {
	share := percent(r.Measured["beside_share"])
	return text.Text{
		EN: fmt.Sprintf("About %d%% of this photo is %s itself, with straight edges (outlined), and no change to it was seen. "+
			"In the other %d%% the picture was not found again. Buyers make such pictures to compare the listing with what "+
			"they received. It is no sign of forgery, and it does not show whether the other part is genuine.", share, name.EN, 100-share),
		ZH: fmt.Sprintf("这张照片约 %d%% 的面积就是%s（已框出），边缘平直，未见改动；其余约 %d%% 中没有再找到该图。"+
			"买家把商品图与收到的实物拼在一起对比，就会是这样。这不是作假的迹象，也不能说明其余部分是否属实。", share, name.ZH, 100-share),
	}
}

// percent is a share in whole per cent, never none nor all of it.
func percent(share float64) int { return min(max(int(math.Round(100*share)), 1), 99) }
