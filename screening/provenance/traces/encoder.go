package traces

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging/jpeg"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/text"
)

// EncoderRow is one line of the table of encoders: the sums of the luma and
// the chroma quantisation table, and luma's sampling factors. Two sums tell the
// listed settings apart from each other and from all of libjpeg's; that they
// tell them from every camera ever made is not known, which is one reason why
// no row alone is more than a note.
type EncoderRow struct {
	Name         string
	Luma, Chroma int
	H, V         int
	// Source and Date are as in Row.
	Source, Date string
}

// Encoders returns the rows: Adobe's save qualities, whose tables are no
// scaled copies of annex K's.
func Encoders() []EncoderRow {
	const gimp = "table sums published with GIMP, plug-ins/file-jpeg/jpegqual.c; the idea: Kornblum 2008"
	const seen = "the same, and files in the project's test data"
	row := func(name, source string, luma, chroma, h, v int) EncoderRow {
		return EncoderRow{name, luma, chroma, h, v, source, "2026-11"}
	}
	save, web := "Adobe Photoshop", "Adobe Photoshop, Save for Web"
	return []EncoderRow{
		row(save, gimp, 95, 166, 1, 1), row(save, gimp, 232, 443, 1, 1), row(save, gimp, 406, 722, 1, 1),
		row(save, gimp, 539, 801, 1, 1), row(save, gimp, 649, 853, 1, 1), row(save, gimp, 786, 926, 1, 1),
		row(save, gimp, 717, 782, 2, 2), row(save, gimp, 844, 849, 2, 2), row(save, gimp, 962, 892, 2, 2),
		row(save, seen, 1068, 941, 2, 2), row(save, gimp, 1281, 998, 2, 2), row(save, gimp, 1484, 1083, 2, 2),
		row(save, gimp, 1582, 1108, 2, 2), row(save, gimp, 109, 171, 1, 1), row(save, gimp, 303, 466, 1, 1),
		row(save, gimp, 535, 750, 1, 1), row(save, gimp, 668, 830, 1, 1), row(save, seen, 794, 895, 1, 1),
		row(save, gimp, 971, 950, 1, 1), row(save, gimp, 884, 831, 2, 2), row(save, gimp, 1032, 889, 2, 2),
		row(save, gimp, 1126, 940, 2, 2), row(save, gimp, 1216, 977, 2, 2),
		row(web, gimp, 95, 168, 1, 1), row(web, gimp, 234, 445, 1, 1), row(web, seen, 406, 724, 1, 1),
		row(web, gimp, 646, 1149, 1, 1), row(web, gimp, 974, 1769, 1, 1), row(web, gimp, 1221, 1348, 2, 2),
		row(web, gimp, 1821, 1997, 2, 2), row(web, gimp, 2223, 2464, 2, 2), row(web, gimp, 2575, 2903, 2, 2),
		row(web, gimp, 3514, 3738, 2, 2),
	}
}

// encoderOf returns the row that a header's tables and sampling match.
func encoderOf(h *jpeg.Header) (EncoderRow, bool) {
	luma, chroma := h.Quant(0), h.Quant(1)
	if luma == nil || chroma == nil {
		return EncoderRow{}, false
	}
	if _, ijg := jpeg.IJGQuality(luma, chroma); ijg {
		return EncoderRow{}, false
	}
	for _, r := range Encoders() {
		if r.Luma == sum(luma) && r.Chroma == sum(chroma) && r.H == h.Components[0].H && r.V == h.Components[0].V {
			return r, true
		}
	}
	return EncoderRow{}, false
}

func sum(t *[64]uint16) (n int) {
	for _, v := range t {
		n += int(v)
	}
	return n
}

// CameraRow is one line of the table of cameras: how their files are not coded.
type CameraRow struct {
	// Make and Model are regular expressions on EXIF's fields, whatever their case.
	Make, Model string
	// IJG is true where the camera never uses libjpeg's scaled tables.
	IJG bool
	// H and V are luma's only sampling factors, 0 where there is no rule.
	H, V         int
	Source, Date string
}

// Cameras returns the rows. Makers whose phones use libjpeg's own tables, most
// on Android, have none: nothing can be said of them.
func Cameras() []CameraRow {
	return []CameraRow{
		{Make: `^Apple$`, Model: `^i(Phone|Pad|Pod)\b`, IJG: true, Source: "five iPhone 12 photos in the project's test data, and Apple's five encoder tables listed with GIMP: none is a scaled annex K table", Date: "2026-11"},
		{Make: `^Canon$`, Model: `^Canon EOS\b`, H: 2, V: 1, Source: "JPEGsnoop's list of signatures: every EOS model is there with 2x1 only; GIMP's list agrees", Date: "2026-11"},
	}
}

// cameras are the rows with their expressions, compiled once.
var cameras = sync.OnceValue(func() []compiledCamera {
	var out []compiledCamera
	for _, row := range Cameras() {
		out = append(out, compiledCamera{row, regexp.MustCompile("(?i)" + row.Make), regexp.MustCompile("(?i)" + row.Model)})
	}
	return out
})

type compiledCamera struct {
	CameraRow
	make, model *regexp.Regexp
}

// savedAgain compares the coding with the camera that EXIF names. Where the
// file names its editor there is nothing to add: an editor that says so is told
// of by its own trace.
//
// Why a note: galleries, sites that shrink pictures and tools that carry EXIF
// over all code anew, for honest people too. Why weak for Adobe's tables with
// Adobe's own segment and no word of Adobe: these programs sign their files, so
// somebody took the name out; that is still no statement about the pixels.
func savedAgain(m *meta.Metadata, seen []Trace) (Contradiction, bool) {
	e, h := m.EXIF, m.Coding
	if e == nil || h == nil || e.Make == "" || e.Model == "" || len(seen) > 0 || editorNamed(m) {
		return Contradiction{}, false
	}
	camera := shownName(e.Make, e.Model)
	if row, ok := encoderOf(h); ok {
		c := Contradiction{What: "tables_of_editor", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
			EN: fmt.Sprintf("The file names a camera (%s) and no editor, but it is coded with the tables of %s. It was saved again after it was taken; that does not say what was changed, or whether anything was.", camera, row.Name),
			ZH: fmt.Sprintf("文件只写明相机（%s），未写明编辑软件，但其压缩参数（量化表）与 %s 一致，说明拍摄后另存过；这不说明改了什么，也不说明一定有改动。", camera, row.Name),
		}, Measured: map[string]float64{"luma_sum": float64(row.Luma), "chroma_sum": float64(row.Chroma)}}
		if h.Adobe >= 0 {
			c.Strength, c.Stance = evidence.Weak, evidence.Against
			c.Text.EN += " Such software writes its name; here somebody or some program took it out. Ask for the photo as it lies on the phone."
			c.Text.ZH += "此类软件通常会写入自己的名称，这里已被人工或程序去除。可请买家提供手机里的原始照片。"
		}
		return c, true
	}
	if why, ok := foreignCoding(e, h); ok {
		return Contradiction{What: "saved_again", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
			EN: fmt.Sprintf("The file is not coded as the camera it names (%s) codes: %s. Some program saved it again and kept the camera's data, as galleries and websites do to honest photos too.", camera, why.EN),
			ZH: fmt.Sprintf("文件的编码方式与其写明的相机（%s）不符：%s。说明有程序另存过并保留了相机信息，相册应用和网站处理普通照片时也常如此。", camera, why.ZH),
		}, Measured: codingMeasured(h)}, true
	}
	return Contradiction{}, false
}

// foreignCoding says in what way the coding is not the camera's.
func foreignCoding(e *meta.EXIF, h *jpeg.Header) (text.Text, bool) {
	// Exif 3.0, 4.5.4 has primary pictures in baseline JPEG.
	if h.Progressive {
		return text.Text{EN: "it is progressive, and Exif has cameras write baseline JPEG", ZH: "采用渐进式 JPEG，而 Exif 标准规定相机写入基线 JPEG"}, true
	}
	for _, row := range cameras() {
		if len(h.Components) != 3 || !row.make.MatchString(e.Make) || !row.model.MatchString(e.Model) {
			continue
		}
		if q, ijg := jpeg.IJGQuality(h.Quant(0), h.Quant(1)); row.IJG && ijg && q < 100 {
			return text.Text{
				EN: fmt.Sprintf("its tables are libjpeg's at quality %d", q),
				ZH: fmt.Sprintf("量化表为 libjpeg 质量 %d 的标准表", q),
			}, true
		}
		if c := h.Components[0]; row.H > 0 && (c.H != row.H || c.V != row.V) {
			return text.Text{
				EN: fmt.Sprintf("its chroma sampling is %dx%d", c.H, c.V),
				ZH: fmt.Sprintf("色度采样为 %dx%d", c.H, c.V),
			}, true
		}
	}
	return text.Text{}, false
}

func codingMeasured(h *jpeg.Header) map[string]float64 {
	out := map[string]float64{"sampling_h": float64(h.Components[0].H), "sampling_v": float64(h.Components[0].V), "progressive": 0}
	if h.Progressive {
		out["progressive"] = 1
	}
	if q, ok := jpeg.IJGQuality(h.Quant(0), h.Quant(1)); ok {
		out["ijg_quality"] = float64(q)
	}
	return out
}

// editorNamed is true where any field of the file names software that writes
// XMP or Photoshop's resources: then the file hides nothing.
func editorNamed(m *meta.Metadata) bool {
	for _, x := range m.XMP {
		if bytes.Contains(x.Raw, []byte("Adobe")) || slices.ContainsFunc(x.Properties, func(p meta.Property) bool {
			return p.Name == "CreatorTool" || p.Name == "softwareAgent"
		}) {
			return true
		}
	}
	return false
}

var rxUnshown = regexp.MustCompile(`[^\p{L}\p{N}\p{P}\p{Sm} ]+`)

// shownName is a camera's name fit for one line.
func shownName(maker, model string) string {
	name := []rune(rxUnshown.ReplaceAllString(maker+" "+model, " "))
	return string(name[:min(len(name), 60)])
}
