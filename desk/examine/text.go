package examine

import (
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

func detectorFailed() *text.Text {
	return &text.Text{
		EN: "This file could not be examined: a detector failed on it. A person should look at it.",
		ZH: "该文件未能完成鉴定：检测程序处理时出错，请人工查看。",
	}
}

func missingBytes() *text.Text {
	return &text.Text{
		EN: "The file is not in the evidence store, so it could not be examined.",
		ZH: "证据库中找不到该文件，未能鉴定。",
	}
}

// whatItIs is how a reference is called in a finding's words: by what it is,
// for its file's name is its sender's own and both sides read the finding. Which
// one it is stands in the finding's Reference.
func whatItIs(r evidence.Item) text.Text {
	if r.Purpose == evidence.Packing {
		return text.Text{EN: "a packing picture of the order", ZH: "该订单的一份打包影像"}
	}
	return text.Text{EN: "a listing picture of the order", ZH: "该订单的一张商品图"}
}

func note(code evidence.Code, en, zh string) evidence.Finding {
	return evidence.Finding{Code: code, Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{EN: en, ZH: zh}}
}

func referenceUnreadable(r evidence.Item) evidence.Finding {
	what := whatItIs(r)
	f := note(evidence.ReferenceUnreadable, "This one could not be compared with "+what.EN+", which could not be read.", "未能与"+what.ZH+"比对，因为后者无法读取。")
	f.Reference = r.ID
	return f
}

func noFFmpeg() evidence.Finding {
	return note(evidence.VideoUnseen,
		"The pictures of this video were not looked at, because no video decoder is installed here. A person should watch it.",
		"本机未安装视频解码程序，未查看该视频的画面，请人工观看。")
}

func videoBroken() evidence.Finding {
	return note(evidence.VideoUnseen,
		"The pictures of this video could not be decoded, so they were not looked at. A person should watch it.",
		"该视频的画面无法解码，未能查看，请人工观看。")
}

func videoTooLarge() evidence.Finding {
	return note(evidence.VideoUnseen,
		"This video is too long or too large to be looked at by machine. A person should watch it.",
		"该视频过长或过大，未由程序查看画面，请人工观看。")
}

func framesSeen(n int, first, last float64) evidence.Finding {
	f := note(evidence.VideoFrames,
		fmt.Sprintf("%d key frames between second %.1f and second %.1f were looked at; what lies between them was not.", n, first, last),
		fmt.Sprintf("已查看第 %.1f 秒至第 %.1f 秒之间的 %d 个关键帧，其余画面未查看。", first, last, n))
	f.Measured = map[string]float64{"frames": float64(n), "first_s": first, "last_s": last}
	return f
}

// atSecond says at which time of a video a finding was made.
func atSecond(f evidence.Finding, s float64) evidence.Finding {
	f.Text.EN = fmt.Sprintf("At second %.1f of the video: ", s) + f.Text.EN
	f.Text.ZH = fmt.Sprintf("视频第 %.1f 秒：", s) + f.Text.ZH
	measured := map[string]float64{"second": s}
	for k, v := range f.Measured {
		measured[k] = v
	}
	f.Measured = measured
	return f
}

// relation is whose the other filing is: the buyer that a claim belongs to
// counts, not who carried the file to the desk. A platform files for all of its
// buyers with one key, and one buyer comes by a link today and signed in tomorrow.
type relation int

// The relations, the gravest first.
const (
	otherBuyer relation = iota
	ownOther            // the same buyer, about another order
	shopPicture
	shopAnswer // the shop's, in another claim about the same order
	ownParcel  // the same buyer and order, other goods of it
	ownSame    // the same buyer, about the same goods
	relations
)

// usual is true where the same photo may well be filed again.
func (r relation) usual() bool { return r == ownParcel || r == ownSame }

// places say where a picture was filed, without naming anyone.
var places = [relations]text.Text{
	otherBuyer:  {EN: "in another buyer's claim", ZH: "另一位买家的售后申请"},
	ownOther:    {EN: "in another claim of this buyer, about another order", ZH: "该买家针对另一笔订单的售后申请"},
	shopPicture: {EN: "as a shop's picture with another order", ZH: "另一笔订单的商家图片"},
	shopAnswer:  {EN: "by the shop, in another claim about the same order", ZH: "商家就同一笔订单的另一份售后申请所提交的材料"},
	ownParcel:   {EN: "in another claim of this buyer, about other goods of the same order", ZH: "该买家就同一笔订单中其他商品提交的售后申请"},
	ownSame:     {EN: "in another claim of this buyer about the same goods of the same order", ZH: "该买家就同一笔订单的同一商品提交的另一份售后申请"},
}

// endings say what each does not prove.
func (r relation) ending() text.Text {
	switch r {
	case ownSame:
		return text.Text{EN: " Filing a photo again about the same goods is nothing unusual.", ZH: "就同一商品再次提交同一照片属正常情况。"}
	case ownParcel:
		return text.Text{EN: " One photo often shows several goods of a parcel; see whether it shows these.", ZH: "一张照片常会拍到同一包裹中的多件商品，请核对其中是否有本次申请的商品。"}
	}
	return text.Text{EN: " It does not show who took it first, nor why it is there.", ZH: "这一结果不能说明照片由谁先拍摄，也不能说明缘由。"}
}

// reuseText says where else the picture was filed and what it does not prove.
func reuseText(rel relation, exact bool, strength evidence.Strength) text.Text {
	where := places[rel]
	var t text.Text
	switch {
	case exact:
		t.EN = fmt.Sprintf("The very same file, byte for byte, was also filed %s.", where.EN)
		t.ZH = fmt.Sprintf("与%s中的文件逐字节完全相同。", where.ZH)
	case strength == evidence.Conclusive:
		t.EN = fmt.Sprintf("This photo and one filed %s are one and the same capture: fine texture lies in the same places, to a fraction of a pixel.", where.EN)
		t.ZH = fmt.Sprintf("这张照片与%s中的一张出自同一次拍摄：细微纹理逐一重合，误差不到一个像素。", where.ZH)
	case strength == evidence.Strong:
		t.EN = fmt.Sprintf("This photo and one filed %s very likely are one and the same capture; the common part is too small or too plain to be sure. A person should look.", where.EN)
		t.ZH = fmt.Sprintf("这张照片与%s中的一张很可能出自同一次拍摄，但相同部分较小或较平淡，不能完全确定，需要人工查看。", where.ZH)
	default:
		t.EN = fmt.Sprintf("Parts of this photo fit one filed %s unusually well, but not well enough to call them one capture.", where.EN)
		t.ZH = fmt.Sprintf("这张照片有部分内容与%s中的一张异常吻合，但尚不足以认定为同一次拍摄。", where.ZH)
	}
	end := rel.ending()
	return text.Text{EN: t.EN + end.EN, ZH: t.ZH + end.ZH}
}
