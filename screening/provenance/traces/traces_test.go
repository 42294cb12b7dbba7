package traces

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging/jpeg"
	"github.com/evenhand/evenhand/imaging/meta"
)

const uuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

func exif(e meta.EXIF) *meta.Metadata { return &meta.Metadata{Format: "jpeg", EXIF: &e} }

func xmp(name, value string) *meta.Metadata {
	return &meta.Metadata{XMP: []meta.XMP{{Properties: []meta.Property{{Name: name, Value: value}}}}}
}

func words(keyword, value string) *meta.Metadata {
	return &meta.Metadata{Format: "png", Texts: []meta.Text{{Keyword: keyword, Value: value}}}
}

func trailer(body string) *meta.Metadata {
	return &meta.Metadata{Trailer: &meta.Block{Body: []byte(body)}}
}

// specimen is metadata as a product writes it.
type specimen struct {
	name string
	kind Kind
	m    *meta.Metadata
}

func specimens() []specimen {
	const dst = "http://cv.iptc.org/newscodes/digitalsourcetype/"
	list := []specimen{
		{"IPTC digital source type", Generated, xmp("DigitalSourceType", dst+"trainedAlgorithmicMedia")},
		{"IPTC digital source type", AIEdited, xmp("DigitalSourceType", dst+"compositeWithTrainedAlgorithmicMedia")},
		{"IPTC digital source type", AIEdited, xmp("DigitalSourceType", dst+"compositeSynthetic")},
		{"IPTC AI system", Generated, xmp("AISystemUsed", "Some Model 3")},
		{"IPTC AI prompt", Generated, xmp("AIPromptInformation", "a cracked mug")},
		{"Stable Diffusion WebUI", Generated, words("parameters", "a mug\nNegative prompt: ugly\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 99")},
		{"Stable Diffusion WebUI", Generated, exif(meta.EXIF{UserComment: "a mug\nSteps: 20, Sampler: Euler a, CFG scale: 7"})},
		{"Stable Diffusion WebUI", Generated, words("parameters", "a mug\nSteps: 20, Schedule type: Simple, Seed: 1, Version: f2.0.1")},
		{"Fooocus", Generated, words("fooocus_scheme", "fooocus")},
		{"SwarmUI", Generated, words("parameters", `{"sui_image_params": {"prompt": "x"}}`)},
		{"ComfyUI", Generated, words("prompt", `{"3": {"class_type": "KSampler", "inputs": {}}}`)},
		{"ComfyUI", Generated, words("workflow", `{"last_node_id": 9, "nodes": []}`)},
		{"ComfyUI", Generated, exif(meta.EXIF{Make: `workflow:{"last_node_id": 9}`, Model: `prompt:{"3":{"class_type":"KSampler"}}`})},
		{"InvokeAI", Generated, words("invokeai_metadata", `{"app_version":"4"}`)},
		{"NovelAI", Generated, words("Software", "NovelAI")},
		{"Midjourney", Generated, words("Description", "a mug --v 6 Job ID: "+uuid)},
		{"Midjourney", Generated, xmp("CreatorTool", "Midjourney 7")},
		{"Grok", Generated, exif(meta.EXIF{Artist: uuid, ImageDescription: "Signature: " + strings.Repeat("aB3+", 20)})},
		{"Google AI", Generated, xmp("Credit", "Made with Google AI")},
		{"Google AI", AIEdited, &meta.Metadata{IPTC: []meta.IPTC{{Record: 2, Dataset: 110, Value: "Edited with Google AI"}}}},
		{"Magic Editor", AIEdited, exif(meta.EXIF{Software: "Magic Editor"})},
		{"Apple Photos Clean Up", AIEdited, xmp("Credit", "Apple Photos Clean Up")},
		{"Samsung generative edit", AIEdited, trailer(`....PhotoEditor_Re_Edit_Data{"genAIType":2}SEFT`)},
		{"Samsung generative edit", AIEdited, trailer(`PhotoEditor_Re_Edit_Data{"clipInfoValue":"{\"genAIType\":1}"}`)},
		{"Adobe Firefly", Generated, xmp("CreatorTool", "Adobe Firefly")},
		{"ChatGPT or DALL-E", Generated, words("Software", "DALL·E 3")},
		{"FLUX", Generated, exif(meta.EXIF{Software: "AI generated;txt2img;flux", Make: "Black Forest Labs", Model: "flux-dev"})},
		{"Stable Diffusion", Generated, exif(meta.EXIF{Software: "Draw Things"})},
		{"Doubao, Jimeng or Seedream", Generated, exif(meta.EXIF{Software: "豆包"})},
		{"ByteDance aigc_info", Hinted, words("aigc_info", `{"aigc_label_type":0}`)},
		{"ByteDance aigc_info", Labelled, exif(meta.EXIF{UserComment: `{"aigc_info":{"aigc_label_type":2}}`})},
		{"ByteDance aigc_info", Hinted, exif(meta.EXIF{UserComment: `{"aigc_info":{"aigc_label_type":0}}`})},
		{"ByteDance aigc_info", Hinted, words("aigc_info", `{}`)},
		{"ByteDance aigc_info", Labelled, words("aigc_info", `{"aigc_type":1,"source":"jimeng"}`)},
		{"ByteDance aigc_info", Labelled, words("aigc_info", `"{\"aigc_label_type\":2}"`)},
		{"ByteDance aigc_info", Labelled, words("Comment", `aigc_info={"aigc_label_type": 1}`)},
		{"ByteDance aigc_info", Labelled, xmp("aigc_info", `{'aigc_type': '1'}`)},
		{"Samsung photo editor", Edited, trailer(`PhotoEditor_Re_Edit_Data{"genAIType":0}`)},
	}
	for name, software := range map[string]string{
		"Adobe Photoshop": "Adobe Photoshop 25.1 (Windows)", "Adobe Lightroom": "Adobe Lightroom 7.1 (Android)", "GIMP": "GIMP 2.10.36",
		"Meitu": "MeituXiuxiu", "Xingtu": "醒图", "CapCut": "CapCut 11", "Snapseed": "Snapseed 2.0", "Picsart": "PicsArt", "VSCO": "VSCO",
		"Canva": "Canva", "Pixelmator": "Pixelmator Pro 3.5", "paint.net": "paint.net 5.0", "WPS": "WPS 图片", "Affinity Photo": "Affinity Photo 2", "B612": "B612", "Faceu": "轻颜相机",
	} {
		list = append(list, specimen{name, Edited, exif(meta.EXIF{Software: software})})
	}
	for software, name := range map[string]string{
		"Gemini": "Gemini", "Google Gemini 3 Pro": "Gemini", "Made with Gemini": "Gemini", "Imagen": "Imagen", "Google Imagen 4": "Imagen", "imagen-4.0-ultra": "Imagen", "Nano Banana Pro": "Nano Banana",
		"Grok": "Grok", "xAI Grok 4": "Grok", "Grok Imagine": "Grok", "Sora": "Sora", "OpenAI Sora 2": "ChatGPT or DALL-E", "Hunyuan Image 3.0": "Hunyuan or Yuanbao", "腾讯混元": "Hunyuan or Yuanbao",
		"元宝": "Hunyuan or Yuanbao", "Yuanbao": "Hunyuan or Yuanbao", "LiblibAI": "LiblibAI", "哩布哩布AI": "LiblibAI", "豆包": "Doubao, Jimeng or Seedream", "Doubao": "Doubao, Jimeng or Seedream",
		"Jimeng": "Doubao, Jimeng or Seedream", "即梦AI": "Doubao, Jimeng or Seedream", "Seedream 4.5": "Doubao, Jimeng or Seedream", "Dreamina": "Doubao, Jimeng or Seedream", "Dola": "Doubao, Jimeng or Seedream",
		"Qwen-Image-Edit": "Tongyi, Qwen or Wan", "千问": "Tongyi, Qwen or Wan", "Wan 2.5": "Tongyi, Qwen or Wan", "通义万相": "Tongyi, Qwen or Wan", "Kling AI": "Kling", "文心一言": "Wenxin", "ERNIE-Image": "Wenxin",
		"Midjourney v7": "Midjourney", "FLUX.1 Kontext": "FLUX", "flux": "FLUX", "FLUX 2": "FLUX", "Stable Diffusion XL": "Stable Diffusion", "SDXL": "Stable Diffusion", "Hailuo AI": "Hailuo or MiniMax", "海螺AI": "Hailuo or MiniMax",
		"智谱清言": "Zhipu", "CogView-4": "Zhipu", "讯飞星火": "iFlytek Spark", "秒画": "SenseTime Miaohua", "Step1X-Edit": "Step", "Vidu Q2": "Vidu", "PixVerse V5": "PixVerse", "Ideogram 3.0": "Ideogram",
		"Leonardo.Ai": "Leonardo.Ai", "Recraft V3": "Recraft", "Krea": "Krea", "Runway Gen-4": "Runway", "Pika 2.2": "Pika", "Luma Dream Machine": "Luma", "Higgsfield": "Higgsfield", "SeaArt AI": "SeaArt",
		"Tensor.Art": "Tensor.Art", "Civitai": "Civitai", "NightCafe Studio": "NightCafe", "Reve Image": "Reve", "Veo 3.1": "Veo", "Imagined with AI": "Meta Imagine", "Adobe Firefly 4": "Adobe Firefly", "Firefly Image 3": "Adobe Firefly", "DALL·E 3": "ChatGPT or DALL-E",
		"gpt-image-2": "ChatGPT or DALL-E", "Bing Image Creator": "Microsoft image creator", "Microsoft Copilot": "Microsoft image creator",
	} {
		list = append(list, specimen{name, Generated, words("Software", software)}, specimen{name, Generated, exif(meta.EXIF{Software: software})}, specimen{name, Generated, xmp("CreatorTool", software)})
	}
	for model, name := range map[string]string{"Seedream 4.0": "Doubao, Jimeng or Seedream", "Midjourney": "Midjourney", "Qwen-Image": "Tongyi, Qwen or Wan"} {
		list = append(list, specimen{name, Generated, exif(meta.EXIF{Make: "AI", Model: model})})
	}
	return append(list, specimen{"Grok", Generated, exif(meta.EXIF{Tags: []meta.Tag{{IFD: "0", ID: processingSoftware, Text: "Grok"}}})})
}

func TestEachRowReadsItsSpecimen(t *testing.T) {
	r := NewReader(Table())
	seen := map[string]bool{"hidden Stable Diffusion parameters generated": true} // TestStealth
	for _, s := range specimens() {
		got := r.Read(s.m, "")
		if !slices.ContainsFunc(got, func(t Trace) bool { return t.Name == s.name && t.Kind == s.kind }) {
			t.Errorf("%s, %s: got %+v", s.name, s.kind, got)
		}
		seen[s.name+" "+string(s.kind)] = true
	}
	for _, row := range Table() {
		if !seen[row.Name+" "+string(row.Kind)] {
			t.Errorf("no specimen of %s, %s", row.Name, row.Kind)
		}
		if row.Source == "" || len(row.Date) != len("2026-11") || len(row.In) == 0 {
			t.Errorf("%s: a row needs fields, a source and a date", row.Name)
		}
	}
}

// TestInnocentValues holds what people and cameras write into the same fields.
func TestInnocentValues(t *testing.T) {
	r := NewReader(Table())
	for _, m := range []*meta.Metadata{
		exif(meta.EXIF{Make: "Apple", Model: "iPhone 15", Software: "17.1.1", HostComputer: "iPhone 15"}),
		exif(meta.EXIF{Make: "samsung", Model: "SM-S9280", Software: "S9280ZCU1AXB7"}),
		exif(meta.EXIF{Make: "Google", Model: "Pixel 9", Software: "HDR+ 1.0.1234"}),
		exif(meta.EXIF{Make: "Planet Computers", Model: "Gemini PDA", Software: "Gemini-7.1-Planet-08102018-V2"}), // a telephone
		exif(meta.EXIF{Make: "Meta AI", Model: "Ray-Ban Meta Smart Glasses"}),                                     // camera glasses
		exif(meta.EXIF{Make: "TECNO", Model: "TECNO SPARK 30", HostComputer: "Sora's Mac"}),
		exif(meta.EXIF{Make: "nubia", Model: "豆包手机"}),
		exif(meta.EXIF{Software: "Editor de imagen 2.0", Artist: "Sora Kim", Copyright: "Gemini Photo Studio"}),
		exif(meta.EXIF{Make: "Hawkeye", Model: "Firefly 8SE", Software: "Firefly 8SE V1.2"}), // an action camera
		exif(meta.EXIF{Make: "Firefly Mobile", Model: "FIREFLY AURII"}),                      // a telephone
		words("Software", "f.lux"),
		words("Software", "Saved by hand after a friend had told me that pictures like this one come from Midjourney, or from Seedream, or ChatGPT; this one does not."),
		words("Comment", "was this made with Sora, Gemini or Midjourney? 豆包画的吗"),
		words("Description", "Nano Banana bread, aigc_info is what they call it"),
		xmp("description", "即梦 或者 Grok 生成的吧"),
		words("Title", "Kling"),
		exif(meta.EXIF{Artist: uuid}), // a UUID alone is not Grok's
		exif(meta.EXIF{ImageDescription: "this looks made with Midjourney, is it Flux or ChatGPT?"}),
		words("Comment", "Steps: 20 to fix your mug"),
		words("Description", "Job ID: 42"),
		words("prompt", "hello"),
		xmp("DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"),
		xmp("DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"),
		xmp("Credit", "Photo by A. Buyer"),
		trailer("Image_UTC_Data1700000000000SEFT"),
		{},
	} {
		if got := r.Read(m, ""); len(got) > 0 {
			t.Errorf("%+v reads as %+v", m, got)
		}
	}
}

// hide writes text into the pixels as the programs do, apart from the reader.
func hide(m *image.NRGBA, signature string, payload []byte, rgb bool) {
	all := []byte(signature)
	all = binary.BigEndian.AppendUint32(all, uint32(8*len(payload)))
	all = append(all, payload...)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	i := 0
	for x := range w {
		for y := range h {
			from, to := 3, 4
			if rgb {
				from, to = 0, 3
			}
			for c := from; c < to; c++ {
				if i < 8*len(all) {
					s := &m.Pix[m.PixOffset(x, y)+c]
					*s = *s&^1 | all[i/8]>>(7-i%8)&1
					i++
				}
			}
		}
	}
}

func opaque(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

func TestStealth(t *testing.T) {
	m := opaque(64, 96)
	if text, ok := Stealth(m); ok {
		t.Fatalf("a plain picture hides %q", text)
	}
	hide(m, "stealth_pngcomp", zipped(`{"Software":"NovelAI","Comment":"x"}`), false)
	text, ok := Stealth(m)
	if !ok || !strings.Contains(text, "NovelAI") {
		t.Fatalf("got %q, %v", text, ok)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		t.Fatal(err)
	}
	md, err := meta.Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got := NewReader(Table()).Read(md, text)
	if len(got) != 1 || got[0].Name != "NovelAI" || got[0].Field != stealthField {
		t.Errorf("got %+v", got)
	}

	m = opaque(40, 40)
	hide(m, "stealth_rgbinfo", []byte("a mug\nSteps: 20, Sampler: Euler"), true)
	text, ok = Stealth(m)
	if !ok || !strings.HasPrefix(text, "a mug") {
		t.Fatalf("got %q, %v", text, ok)
	}
	if got := NewReader(Table()).Read(md, text); len(got) != 1 || got[0].Name != "hidden Stable Diffusion parameters" {
		t.Errorf("got %+v", got)
	}

	m = opaque(12, 12) // announces more than there is
	hide(m, "stealth_pngcomp", zipped("0123456789"), false)
	if text, ok = Stealth(m); !ok || text != "unreadable" {
		t.Errorf("got %q, %v", text, ok)
	}
}

func TestReadsAFile(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, opaque(2, 2)); err != nil {
		t.Fatal(err)
	}
	body := []byte("tEXtparameters\x00a mug\nSteps: 20, Sampler: Euler a, CFG scale: 7")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	data := slices.Insert(file.Bytes(), 33, chunk...)
	m, err := meta.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	got := NewReader(Table()).Read(m, "")
	if len(got) != 1 || got[0].Name != "Stable Diffusion WebUI" || got[0].Where.Offset == 0 {
		t.Errorf("got %+v", got)
	}
	for _, f := range Findings(got, nil) {
		if f.Code != evidence.ProvenanceGeneratorTrace || f.Strength != evidence.Strong || f.Text.EN == "" || f.Text.ZH == "" {
			t.Errorf("got %+v", f)
		}
	}
}

func FuzzStealth(f *testing.F) {
	m := opaque(16, 64)
	hide(m, "stealth_pngcomp", zipped("hello"), false)
	f.Add(m.Pix, 16)
	f.Fuzz(func(_ *testing.T, pix []byte, wide int) {
		if wide <= 0 || len(pix) < 4*wide {
			return
		}
		Stealth(&image.NRGBA{Pix: pix, Stride: 4 * wide, Rect: image.Rect(0, 0, wide, len(pix)/(4*wide))})
	})
}

// FuzzTable: whatever a field says, what is told of it is short and can be shown.
func FuzzTable(f *testing.F) {
	r := NewReader(Table())
	f.Add("aigc_info", `{"aigc_type":1,"source":"jimeng"}`)
	f.Add("Software", "Google Gemini 3 Pro")
	f.Add("parameters", "Steps: 20, Sampler: Euler")
	f.Fuzz(func(t *testing.T, keyword, value string) {
		for _, m := range []*meta.Metadata{words(keyword, value), xmp(keyword, value), exif(meta.EXIF{Software: value, UserComment: value})} {
			for _, got := range r.Read(m, "") {
				if len(got.Value) > 200 || !utf8.ValidString(got.Value) {
					t.Errorf("%q", got.Value)
				}
				if got.Longest > 0 && len(value) > got.Longest+len(value)-len(strings.TrimSpace(value)) {
					t.Errorf("%s in %d bytes", got.Name, len(value))
				}
			}
		}
	})
}

// TestCompiledOnce: tables are compiled for the process, not for each photo.
func TestCompiledOnce(t *testing.T) {
	if first := Built(); Built() != first {
		t.Error("the table was compiled twice")
	}
	e := &meta.EXIF{Make: "Apple", Model: "iPhone 12"}
	m := &meta.Metadata{EXIF: e, Coding: &jpeg.Header{Components: make([]jpeg.HeaderComponent, 3)}}
	read := func() {
		makeAndModel(e)
		foreignCoding(e, m.Coding)
		shownName(e.Make, e.Model)
	}
	read()
	if n := testing.AllocsPerRun(20, read); n > 20 { // one expression takes 50
		t.Errorf("%.0f pieces of memory a photo", n)
	}
}

// TestFolded: names are the same as strings.EqualFold has it.
func TestFolded(t *testing.T) {
	letters := []rune("kK\u212asS\u017fßẞiIİıµμΜΣσς©.AaÅå\u212bǅǆǄ")
	rapid.Check(t, func(t *rapid.T) {
		word := func(name string) string {
			return string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 3).Draw(t, name))
		}
		a, b := word("a"), word("b")
		if (folded(a) == folded(b)) != strings.EqualFold(a, b) {
			t.Fatalf("%q and %q: %q, %q", a, b, folded(a), folded(b))
		}
	})
	for _, row := range Table() {
		for _, name := range row.In {
			if at := Built().by[folded(strings.ToUpper(name))]; len(at) == 0 {
				t.Errorf("%s is not looked into", name)
			}
		}
	}
}
