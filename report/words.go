package report

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// FindingTitle names one finding in a few words.
func FindingTitle(f evidence.Finding) text.Text {
	if f.Code != evidence.ReferenceSameCapture {
		return originTitle(f)
	}
	name := ShortName(f.Reference)
	switch strong := f.Strength.Rank() >= evidence.Strong.Rank(); {
	case f.Measured[evidence.Redrawn] != 0 && strong:
		return text.Text{EN: "Very likely " + name + ", redrawn whole", ZH: "很可能由 " + name + " 整幅重绘而成"}
	case f.Measured[evidence.Redrawn] != 0:
		return text.Text{EN: "Composed much like " + name, ZH: "构图与 " + name + " 接近"}
	case f.Measured[evidence.Bent] != 0 && strong:
		return text.Text{EN: "Very likely made from " + name + ", then bent", ZH: "很可能由 " + name + " 变形而成"}
	case f.Strength == evidence.Conclusive:
		return text.Text{EN: "Made from " + name, ZH: "由 " + name + " 制作而成"}
	case strong:
		return text.Text{EN: "Very likely made from " + name, ZH: "很可能由 " + name + " 制作而成"}
	}
	return text.Text{EN: "Has something in common with " + name, ZH: "与 " + name + " 有相似之处"}
}

// originTitle names a finding about what the file says of itself, or shows in
// its pixels.
func originTitle(f evidence.Finding) text.Text {
	switch f.Code {
	case evidence.ReferenceSharedGraphics:
		return text.Text{EN: "Shares drawn graphics with " + ShortName(f.Reference), ZH: "与 " + ShortName(f.Reference) + " 使用相同的图形"}
	case evidence.ReferenceBeside:
		return text.Text{EN: "Holds " + ShortName(f.Reference) + " beside another picture", ZH: "内含 " + ShortName(f.Reference) + "，与另一张图并列"}
	case evidence.ProvenanceC2PAAI:
		return text.Text{EN: "Content Credentials declare AI", ZH: "内容凭证声明使用了 AI"}
	case evidence.ProvenanceC2PAInvalid:
		return text.Text{EN: "Content Credentials do not hold", ZH: "内容凭证未通过校验"}
	case evidence.ProvenanceC2PACamera:
		return text.Text{EN: "Signed by a camera, unedited", ZH: "相机签名的原始照片"}
	case evidence.ProvenanceAIGCLabel:
		return text.Text{EN: "Carries an AI-content label", ZH: "带有人工智能生成合成内容标识"}
	case evidence.ProvenanceGeneratorTrace:
		if f.Strength == evidence.Note {
			return text.Text{EN: "Saved by an editor or service", ZH: "经编辑软件或平台保存"}
		}
		return text.Text{EN: "Trace of an AI tool in the file", ZH: "文件中有 AI 工具的痕迹"}
	case evidence.ProvenanceAIWatermark:
		return text.Text{EN: "Invisible mark of an image generator", ZH: "含图像生成器的隐形水印"}
	case evidence.AngleConsistent:
		return text.Text{EN: "The same from another side in " + ShortName(f.Reference), ZH: "与从另一角度拍摄的 " + ShortName(f.Reference) + " 一致"}
	case evidence.AngleInconsistent:
		return text.Text{EN: "Not there in " + ShortName(f.Reference), ZH: "在 " + ShortName(f.Reference) + " 中不存在"}
	case evidence.AngleUnseen:
		return text.Text{EN: "No second angle on the place", ZH: "该处没有可用的另一角度"}
	case evidence.MetadataInconsistent:
		if f.Strength == evidence.Note {
			return text.Text{EN: "About the file's data", ZH: "文件信息说明"}
		}
		return text.Text{EN: "The file's data do not fit together", ZH: "文件信息前后不一致"}
	case evidence.TraceForeignGrid:
		return text.Text{EN: "A part lies on another JPEG grid", ZH: "局部 JPEG 网格错位"}
	case evidence.TraceModelSize:
		return text.Text{EN: "Exactly a size that image models give", ZH: "尺寸与图像生成模型的输出相同"}
	case evidence.TraceCopyMove:
		return text.Text{EN: "A part is there twice", ZH: "同一块画面出现两次"}
	case evidence.TraceCompressedOnce:
		return text.Text{EN: "A part was changed after the photo was saved", ZH: "局部在照片保存后被改动"}
	}
	if isDetector(f.Code) {
		name := Clean(strings.TrimPrefix(string(f.Code), detectorArea))
		return text.Text{EN: "Answer of the detector " + name, ZH: "检测器 " + name + " 的结果"}
	}
	return text.Text{EN: string(f.Code), ZH: string(f.Code)}
}

// detectorArea begins the codes of learned detectors that an operator added.
const detectorArea = "detector."

func isDetector(code evidence.Code) bool { return strings.HasPrefix(string(code), detectorArea) }

// ShortName is a file's name without its folders, safe to print.
func ShortName(file string) string { return Clean(filepath.Base(file)) }

// StrengthWord names a strength for people.
func StrengthWord(s evidence.Strength) text.Text {
	switch s {
	case evidence.Conclusive:
		return text.Text{EN: "conclusive", ZH: "确凿"}
	case evidence.Strong:
		return text.Text{EN: "strong", ZH: "有力"}
	case evidence.Weak:
		return text.Text{EN: "weak", ZH: "较弱"}
	case evidence.Note:
		return text.Text{EN: "note", ZH: "备注"}
	}
	return text.Text{EN: string(s), ZH: string(s)}
}

// Limits says what an outcome does not prove. It is part of every report,
// because a match is about a picture and a claim is about goods.
func Limits(o Outcome) text.Text {
	switch o {
	case Matched, LikelyMatch, Hint:
		return text.Text{
			EN: "Who changed the picture, or that the goods are undamaged. The buyer may have sent the wrong file, or marked up your picture to point at a real fault.",
			ZH: "不能证明是谁改的图，也不能证明货物没有损坏。买家也可能只是发错了文件，或者在商品图上做标记来指出真实的问题。",
		}
	case Redrawn:
		return text.Text{
			EN: "Who had the picture redrawn, with what, or that the goods are undamaged. Apps that brighten or sharpen a photo can redraw it whole as well, and a fresh photo of the same goods from the same spot is composed alike.",
			ZH: "不能证明是谁重绘了图片、用了什么工具，也不能证明货物没有损坏。美化、增强清晰度的应用也可能把照片整幅重绘；在同一位置另拍同一商品，构图也会相同。",
		}
	case NotesOnly:
		return text.Text{
			EN: "That the photo is genuine, or that it is not. A note tells what was seen and speaks for neither side.",
			ZH: "不能证明照片真实，也不能证明它不真实。备注只记录所见，对双方都不构成不利。",
		}
	case Declared:
		return text.Text{
			EN: "That the goods are undamaged, or who used the tool. Unless it is signed and intact, what a file says of itself can be typed by anyone.",
			ZH: "不能证明货物没有损坏，也不能证明是谁使用了工具。除非带有完好的签名，文件自带的说明任何人都能写入。",
		}
	case Contradicted:
		return text.Text{
			EN: "Which of the two photos was changed, or by whom. Between two photos a drop can be wiped off, and the goods can be damaged further.",
			ZH: "不能证明两张照片中哪一张被改过、由谁所改。两次拍摄之间，水渍可能被擦掉，商品也可能又有新的损坏。",
		}
	case NothingFound:
		return text.Text{
			EN: "That the photo is genuine. It may come from a picture that was not given here, or be generated from nothing.",
			ZH: "不能证明照片一定真实。它可能取自这里没有提供的图片，也可能是凭空生成的。",
		}
	case NotCompared:
		return text.Text{EN: "Anything about the photo: no comparison was made.", ZH: "没有做任何比对，所以对这张照片什么也说明不了。"}
	}
	return text.Text{EN: "That the claim is right in every point.", ZH: "不能证明申请的每一点都属实。"}
}

// NextStep says what to do with a picture of outcome o.
func NextStep(o Outcome) text.Text {
	switch o {
	case Matched, LikelyMatch, Redrawn:
		return text.Text{
			EN: "Compare the two pictures yourself. Then ask the buyer for a new photo from another side, or a short video, and let a person decide.",
			ZH: "请亲自对照两张图片，再请买家从另一个角度重新拍照或补一段短视频，最后由专人裁决。",
		}
	case Declared:
		return text.Text{
			EN: "Ask the buyer how the picture was made, and for a new photo straight from the camera. A person decides.",
			ZH: "请向买家询问图片的来历，并请其用相机直接重新拍摄。最后由专人裁决。",
		}
	case Contradicted:
		return text.Text{
			EN: "Look at that place in both photos. Ask the buyer about it, and for a short video that goes round the goods; a person decides.",
			ZH: "请对照两张照片中的该处，向买家问明情况，并请其绕着商品补拍一段短视频。最后由专人裁决。",
		}
	case Hint:
		return text.Text{
			EN: "Too little to act on alone. Read it together with the rest of the case.",
			ZH: "单凭这一点不足以采取行动，请结合其他情况一起判断。",
		}
	case NothingFound, NotesOnly:
		return text.Text{
			EN: "Handle the claim as you would any other. Packing photos and video frames make good further references.",
			ZH: "按正常流程处理这笔售后。打包照片和视频截图也可以作为对照图，多一张多一分把握。",
		}
	case NotCompared:
		return text.Text{
			EN: "Name the listing or packing photos with --reference FILE and run it again.",
			ZH: "请用 --reference 文件名 指定商品图或打包照片，然后重新运行。",
		}
	}
	return text.Text{EN: "Handle the claim as you would any other.", ZH: "按正常流程处理这笔售后。"}
}

// Where says in words which part of the picture r covers.
func Where(r evidence.Region) text.Text {
	share := r.Width * r.Height
	size := percent(share)
	if share >= 0.6 {
		return text.Text{EN: "most of the picture, about " + size.EN, ZH: "大部分画面，约占" + size.ZH}
	}
	place := [3][3]text.Text{
		{{EN: "upper left", ZH: "左上"}, {EN: "top", ZH: "上方"}, {EN: "upper right", ZH: "右上"}},
		{{EN: "left", ZH: "左侧"}, {EN: "centre", ZH: "中央"}, {EN: "right", ZH: "右侧"}},
		{{EN: "lower left", ZH: "左下"}, {EN: "bottom", ZH: "下方"}, {EN: "lower right", ZH: "右下"}},
	}[third(r.Y+r.Height/2)][third(r.X+r.Width/2)]
	return text.Text{EN: place.EN + ", " + size.EN + " of the picture", ZH: place.ZH + "，占画面" + size.ZH}
}

func third(x float64) int { return min(2, max(0, int(3*x))) }

func percent(share float64) text.Text {
	if share < 0.01 {
		return text.Text{EN: "less than 1%", ZH: "不到 1%"}
	}
	n := strconv.Itoa(int(math.Round(100 * share)))
	return text.Text{EN: n + "%", ZH: " " + n + "%"}
}

// Altered returns the regions of f that were changed after copying, the
// largest first.
func Altered(f evidence.Finding) []evidence.Region {
	found := regions(f, evidence.Altered)
	slices.SortStableFunc(found, func(a, b evidence.Region) int {
		return cmp.Compare(b.Width*b.Height, a.Width*a.Height)
	})
	return found
}

// namedPlaces is how many altered regions are told in words. A painted crack
// may fall into dozens; the outlines show them all.
const namedPlaces = 4

// MorePlaces says how many altered regions were not put into words; it is
// empty where all were.
func MorePlaces(regions int) text.Text {
	more := regions - namedPlaces
	switch {
	case more <= 0:
		return text.Text{}
	case more == 1:
		return text.Text{EN: "and one smaller place", ZH: "以及另外 1 处较小的改动"}
	}
	return text.Text{EN: fmt.Sprintf("and %d smaller places", more), ZH: fmt.Sprintf("以及另外 %d 处较小的改动", more)}
}

// besides are the places of f that it says nothing was changed at: what another
// photo was asked about, and what is the reference's own.
func besides(f evidence.Finding) []evidence.Region {
	if f.Code == evidence.ReferenceSameCapture || !ofComparison(f) {
		return nil // there the whole picture is the reference's, but for what was altered
	}
	return slices.Concat(regions(f, evidence.Asked), regions(f, evidence.Copied))
}

func regions(f evidence.Finding, kind evidence.RegionKind) []evidence.Region {
	var out []evidence.Region
	for _, r := range f.Regions {
		if r.Kind == kind {
			out = append(out, r)
		}
	}
	return out
}
