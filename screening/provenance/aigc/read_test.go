package aigc

import (
	"encoding/binary"
	"encoding/json"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/samples"
)

var sample = Label{
	Label: Generated, ContentProducer: "001191440300708461136T13080", ProduceID: "5b0193ec-51da-4a9f",
	ReservedCode1: "r1", ContentPropagator: "001191110102MACQD9K64010000", PropagateID: "p-77", ReservedCode2: "r2",
}

// spelling is one way to write a label down.
type spelling struct {
	name    string
	text    string
	want    Label
	service string
}

func spellings() []spelling {
	plain := sample.JSON()
	indented := strings.ReplaceAll(strings.ReplaceAll(plain, `":"`, `" : "`), `",`, "\",\n  ")
	quoted, _ := json.Marshal(plain)
	escaped := html.EscapeString(plain)
	with := func(l Label) Label { return l }
	second, third := sample, sample
	second.Label, third.Label = Possible, Suspected
	some := Label{Label: Generated, ContentProducer: "doubao"}
	return []spelling{
		{"plain", plain, sample, ""},
		{"wrapped", `{"AIGC":` + plain + `}`, sample, ""},
		{"wrapped, spaced", `{ "AIGC" : ` + indented + ` }`, sample, ""},
		{"indented", indented, sample, ""},
		{"possible", second.JSON(), second, ""},
		{"suspected", third.JSON(), third, ""},
		{"escaped", escaped, sample, ""},
		{"escaped twice", html.EscapeString(escaped), sample, ""},
		{"numeric entities", strings.ReplaceAll(plain, `"`, "&#34;"), sample, ""},
		{"JSON string", string(quoted), sample, ""},
		{"string in wrapper", `{"AIGC":` + string(quoted) + `}`, sample, ""},
		{"backslashes", strings.ReplaceAll(plain, `"`, `\"`), sample, ""},
		{"single quotes", strings.ReplaceAll(plain, `"`, "'"), sample, ""},
		{"curly quotes", strings.ReplaceAll(plain, `"`, "”"), sample, ""},
		{"trailing comma", strings.Replace(plain, "}", ",}", 1), sample, ""},
		{"quote forgotten", strings.Replace(plain, `"ReservedCode2"`, `"ReservedCode2`, 1), sample, ""},
		{"names unquoted", `{Label:"1",ContentProducer:"doubao"}`, with(some), ""},
		{"nothing quoted", `{Label: 1, ContentProducer: doubao}`, with(some), ""},
		{"equals signs", `{Label=1, ContentProducer=doubao}`, with(some), ""},
		{"no end", strings.TrimSuffix(plain, "}"), sample, ""},
		{"number", strings.Replace(plain, `"1"`, `1`, 1), sample, ""},
		{"true", strings.Replace(plain, `"1"`, `true`, 1), sample, ""},
		{"word", strings.Replace(plain, `"1"`, `"AI生成"`, 1), sample, ""},
		{"sentence", strings.Replace(plain, `"1"`, `"属于人工智能生成合成内容"`, 1), sample, ""},
		{"English word", strings.Replace(plain, `"1"`, `"AI-generated"`, 1), sample, ""},
		{"possible in words", strings.Replace(plain, `"1"`, `"可能为人工智能生成"`, 1), second, ""},
		{"suspected in words", strings.Replace(plain, `"1"`, `"疑似AI生成"`, 1), third, ""},
		{"lower case", `{"label":"1","contentproducer":"doubao"}`, with(some), ""},
		{"snake case", `{"label":"1","content_producer":"doubao"}`, with(some), ""},
		{"camel case", `{"label":"1","contentProducer":"doubao"}`, with(some), ""},
		{"other spelling", `{"Label":"1","ContentProducer":"doubao","ReserveCode1":"x"}`, Label{Label: Generated, ContentProducer: "doubao", ReservedCode1: "x"}, ""},
		{"array", `[` + plain + `]`, sample, ""},
		{"more fields", strings.Replace(plain, "}", `,"Time":"2026-01-01","N":{"a":[1]}}`, 1), sample, ""},
		{"unicode escapes", `{"Label":"1","ContentProducer":"\u6301\u5e73"}`, Label{Label: Generated, ContentProducer: "持平"}, ""},
		{"Chinese name", `{"Label":"1","ContentProducer":"持平"}`, Label{Label: Generated, ContentProducer: "持平"}, ""},
		{"percent", url.PathEscape(plain), sample, ""},
		{"service", `{"AIGC":{"ServiceProvider":"腾讯云","ServiceUser":"100001","Time":"1757000000","ContentId":"c1"}}`, Label{}, "腾讯云"},
		{"label unreadable", `{"Label":"value1","ContentProducer":"value2","ProduceID":"value3"}`, Label{ContentProducer: "value2", ProduceID: "value3"}, ""},
		{"short", `{"Label":"1","ContentProducer":"picwish","ProduceID":"1"}`, Label{Label: Generated, ContentProducer: "picwish", ProduceID: "1"}, ""},
	}
}

// place puts a text somewhere; named is true where the carrier is itself
// called AIGC, so that the text needs no such word.
type place struct {
	name  string
	form  Form
	named bool
	build func(text string) []byte
	// narrow is true for places that hold Latin-1 or ASCII only.
}

func exifUser(order binary.AppendByteOrder, code, text string) string {
	return tiffWith(order, tiffField{id: 0x9286, kind: 7, value: code + text, exif: true})
}

func places() []place {
	little, big := binary.LittleEndian, binary.BigEndian
	const xmpHead = "http://ns.adobe.com/xap/1.0/\x00"
	const ascii, unicode = "ASCII\x00\x00\x00", "UNICODE\x00"
	description := func(text string) string {
		return tiffWith(little, tiffField{id: 0x010e, kind: 2, value: text + "\x00"})
	}
	iptc := func(text string) string {
		return "8BIM\x04\x04\x00\x00" + be32s(len(text)+5) + "\x1c\x02\x78" + be16s(len(text)) + text + strings.Repeat("\x00", (len(text)+5)%2)
	}
	free := func(text string) string {
		return hdlr("mdir") + box("ilst", box("----", box("mean", full, "com.apple.iTunes"), box("name", full, "AIGC"), dataBox(text)))
	}
	bytesOf := func(s string) []byte { return []byte(s) }
	return []place{
		{"JPEG XMP element", XMPElement, true, func(s string) []byte { return jpegWith(seg(0xe1, xmpHead+elementPacket(s))) }},
		{"JPEG XMP attribute", XMPAttribute, true, func(s string) []byte { return jpegWith(seg(0xe1, xmpHead+attributePacket(s))) }},
		{"JPEG XMP CDATA", XMPElement, true, func(s string) []byte {
			return jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:TC260="`+Namespace+`"><TC260:AIGC><![CDATA[`+s+`]]></TC260:AIGC></rdf:Description>`)))
		}},
		{"JPEG XMP, other namespace", XMPElement, true, func(s string) []byte {
			return jpegWith(seg(0xe1, xmpHead+strings.ReplaceAll(elementPacket(s), Namespace, "http://ns.example.com/aigc/")))
		}},
		{"JPEG XMP, other prefix", XMPElement, true, func(s string) []byte {
			return jpegWith(seg(0xe1, xmpHead+strings.ReplaceAll(elementPacket(s), "TC260:", "ns1:")))
		}},
		{"JPEG XMP, prefix undeclared", XMPElement, true, func(s string) []byte {
			return jpegWith(seg(0xe1, xmpHead+strings.ReplaceAll(elementPacket(s), ` xmlns:TC260="`+Namespace+`"`, "")))
		}},
		{"JPEG XMP description", XMPText, false, func(s string) []byte {
			return jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li>`+escapeXML(s)+`</rdf:li></rdf:Alt></dc:description></rdf:Description>`)))
		}},
		{"JPEG extended XMP", XMPElement, true, func(s string) []byte {
			p := elementPacket(s)
			head := "http://ns.adobe.com/xmp/extension/\x00" + strings.Repeat("0F", 16) + be32s(len(p))
			return jpegWith(seg(0xe1, head+be32s(0)+p[:100]), seg(0xe1, head+be32s(100)+p[100:]))
		}},
		{"JPEG UserComment", UserComment, true, func(s string) []byte { return jpegWith(seg(0xe1, "Exif\x00\x00"+exifUser(little, ascii, s))) }},
		{"JPEG UserComment, no code", UserComment, true, func(s string) []byte { return jpegWith(seg(0xe1, "Exif\x00\x00"+exifUser(big, "", s))) }},
		{"JPEG UserComment UTF-16", UserComment, true, func(s string) []byte {
			return jpegWith(seg(0xe1, "Exif\x00\x00"+exifUser(big, unicode, utf16s(s, big))))
		}},
		{"JPEG UserComment UTF-16, wrong order", UserComment, true, func(s string) []byte {
			return jpegWith(seg(0xe1, "Exif\x00\x00"+exifUser(big, unicode, utf16s(s, little))))
		}},
		{"JPEG ImageDescription", EXIFText, false, func(s string) []byte { return jpegWith(seg(0xe1, "Exif\x00\x00"+description(s))) }},
		{"JPEG XPComment", EXIFText, false, func(s string) []byte {
			return jpegWith(seg(0xe1, "Exif\x00\x00"+tiffWith(little, tiffField{id: 0x9c9c, kind: 1, value: utf16s(s+"\x00", little)})))
		}},
		{"JPEG comment", OtherText, false, func(s string) []byte { return jpegWith(seg(0xfe, s)) }},
		{"JPEG bare near JFIF", Bare, false, func(s string) []byte { return jpegWith(s) }},
		{"JPEG bare in APP5", Bare, false, func(s string) []byte { return jpegWith(seg(0xe5, "\x01\x02"+s+"\x00")) }},
		{"JPEG broken EXIF", Bare, false, func(s string) []byte { return jpegWith(seg(0xe1, "Exif\x00\x00nonsense "+s)) }},
		{"JPEG after the end", Bare, false, func(s string) []byte { return append(jpegWith(), s...) }},
		{"JPEG IPTC caption", OtherText, false, func(s string) []byte { return jpegWith(seg(0xed, "Photoshop 3.0\x00"+iptc(s))) }},
		{"PNG XMP", XMPElement, true, func(s string) []byte {
			return pngWith(pngPiece("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+elementPacket(s)))
		}},
		{"PNG XMP compressed", XMPAttribute, true, func(s string) []byte {
			return pngWith(pngPiece("iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00"+deflate(attributePacket(s))))
		}},
		{"PNG tEXt", PNGText, true, func(s string) []byte { return pngWith(pngPiece("tEXt", "AIGC\x00"+s)) }},
		{"PNG tEXt, lower case", PNGText, true, func(s string) []byte { return pngWith(pngPiece("tEXt", "aigc\x00"+s)) }},
		{"PNG zTXt", PNGText, true, func(s string) []byte { return pngWith(pngPiece("zTXt", "AIGC\x00\x00"+deflate(s))) }},
		{"PNG iTXt", PNGText, true, func(s string) []byte { return pngWith(pngPiece("iTXt", "AIGC\x00\x00\x00zh\x00\x00"+s)) }},
		{"PNG tEXt Comment", OtherText, false, func(s string) []byte { return pngWith(pngPiece("tEXt", "Comment\x00"+s)) }},
		{"PNG eXIf", UserComment, true, func(s string) []byte { return pngWith(pngPiece("eXIf", exifUser(little, ascii, s))) }},
		{"PNG own chunk", Bare, false, func(s string) []byte { return pngWith(pngPiece("aiGc", s)) }},
		{"WebP XMP", XMPElement, true, func(s string) []byte { return webpWith(webpPiece("XMP ", elementPacket(s))) }},
		{"WebP EXIF", UserComment, true, func(s string) []byte { return webpWith(webpPiece("EXIF", exifUser(little, ascii, s))) }},
		{"GIF XMP", XMPElement, true, func(s string) []byte { return gifWith(gifXMP(elementPacket(s))) }},
		{"GIF comment", OtherText, false, func(s string) []byte { return gifWith(gifComment(s)) }},
		{"TIFF XMP", XMPElement, true, func(s string) []byte {
			return bytesOf(tiffWith(big, tiffField{id: 700, kind: 1, value: elementPacket(s)}))
		}},
		{"TIFF UserComment", UserComment, true, func(s string) []byte { return bytesOf(exifUser(little, ascii, s)) }},
		{"HEIC XMP", XMPElement, true, func(s string) []byte { return heifWith(tiffWith(little), elementPacket(s)) }},
		{"HEIC EXIF", UserComment, true, func(s string) []byte { return heifWith(exifUser(big, ascii, s), packetOf("")) }},
		{"MP4 key", FilmKey, true, func(s string) []byte {
			return filmWith(ftypMP4, true, box("udta", box("meta", full, keyed("AIGC", s))))
		}},
		{"MOV key", FilmKey, true, func(s string) []byte { return filmWith(ftypMOV, false, box("udta", box("meta", keyed("AIGC", s)))) }},
		{"MOV key in moov", FilmKey, true, func(s string) []byte { return filmWith(ftypMOV, false, box("meta", keyed("AIGC", s))) }},
		{"MP4 key with domain", FilmKey, true, func(s string) []byte {
			return filmWith(ftypMP4, true, box("udta", box("meta", full, keyed("com.example.AIGC", s))))
		}},
		{"MP4 freeform", FilmKey, true, func(s string) []byte { return filmWith(ftypMP4, true, box("udta", box("meta", full, free(s)))) }},
		{"MP4 comment", OtherText, false, func(s string) []byte {
			return filmWith(ftypMP4, true, box("udta", box("meta", full, hdlr("mdir"), box("ilst", box("\xa9cmt", dataBox(s))))))
		}},
		{"MP4 no key", OtherText, false, func(s string) []byte {
			return filmWith(ftypMP4, true, box("udta", box("meta", full, hdlr("mdir"), box("ilst", box("\x00\x00\x00\x01", dataBox(s))))))
		}},
		{"MP4 atom", FilmKey, true, func(s string) []byte { return filmWith(ftypMP4, true, box("udta", box("AIGC", s))) }},
		{"MP4 XMP", XMPElement, true, func(s string) []byte {
			return append(filmWith(ftypMP4, true), box("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", elementPacket(s))...)
		}},
	}
}

// TestCorpus reads every spelling in every place.
func TestCorpus(t *testing.T) {
	variants, missed := 0, 0
	for _, p := range places() {
		for _, s := range spellings() {
			text := s.text
			if !p.named && !strings.HasPrefix(text, `{"AIGC"`) && !strings.HasPrefix(text, `{ "AIGC"`) {
				text = "AIGC" + text
			}
			if p.named && p.name == "JPEG XMP CDATA" && strings.Contains(text, "]]>") {
				continue
			}
			variants++
			m, err := meta.Read(p.build(text))
			if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
			got := Read(m)
			if len(got) != 1 || got[0].Label != s.want || got[0].Service != s.service || got[0].Form != p.form {
				missed++
				t.Errorf("%s, %s: got %d labels %+v, problems %v", p.name, s.name, len(got), got, m.Problems)
			}
		}
	}
	t.Logf("%d of %d variants read", variants-missed, variants)
	if variants < 200 {
		t.Errorf("only %d variants", variants)
	}
}

// TestOddCarriers are variants that fit no grid.
func TestOddCarriers(t *testing.T) {
	const xmpHead = "http://ns.adobe.com/xap/1.0/\x00"
	plain := sample.JSON()
	tests := []struct {
		name string
		data []byte
		want Label
		has  Departure
	}{
		{"quotes unescaped in an attribute", jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description TC260:AIGC="`+plain+`"/>`))), sample, OtherPlace},
		{"single quotes around", jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:TC260="`+Namespace+`" TC260:AIGC='`+plain+`'/>`))), sample, ""},
		{"packet cut short", jpegWith(seg(0xe1, xmpHead+elementPacket(plain)[:len(elementPacket(plain))-60])), sample, ""},
		{"a structure", jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:TC260="`+Namespace+`"><TC260:AIGC rdf:parseType="Resource"><TC260:Label>1</TC260:Label><TC260:ContentProducer>doubao</TC260:ContentProducer></TC260:AIGC></rdf:Description>`))), Label{Label: Generated, ContentProducer: "doubao"}, OtherPlace},
		{"fields as attributes", jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:TC260="`+Namespace+`" TC260:Label="2" TC260:ContentProducer="doubao"/>`))), Label{Label: Possible, ContentProducer: "doubao"}, OtherPlace},
		{"in a list", jpegWith(seg(0xe1, xmpHead+packetOf(`<rdf:Description xmlns:TC260="`+Namespace+`"><TC260:AIGC><rdf:Seq><rdf:li>`+escapeXML(plain)+`</rdf:li></rdf:Seq></TC260:AIGC></rdf:Description>`))), sample, ""},
		{"Latin-1", pngWith(pngPiece("tEXt", "AIGC\x00{\"Label\":\"1\",\"ContentProducer\":\"caf\xe9\"}")), Label{Label: Generated, ContentProducer: "café"}, Latin1},
		{"no AIGC at all, description", jpegWith(seg(0xe1, "Exif\x00\x00"+tiffWith(binary.LittleEndian, tiffField{id: 0x010e, kind: 2, value: plain + "\x00"}))), sample, OtherNesting},
		{"two layers of wrapper", jpegWith(seg(0xfe, `{"AIGC":{"AIGC":`+plain+`}}`)), sample, OtherPlace},
		{"words before it", jpegWith(seg(0xfe, `made today, AIGC: `+plain+` thank you`)), sample, OtherPlace},
		{"a decoy before it", jpegWith(seg(0xfe, `"AIGC" is what {this} holds; AIGC`+plain)), sample, OtherPlace},
		{"no APP1 head", jpegWith(seg(0xe1, elementPacket(plain))), sample, ""},
		{"compressed", pngWith(pngPiece("zTXt", "AIGC\x00\x00"+deflate(plain))), sample, Compressed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := meta.Read(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			got := Read(m)
			if len(got) != 1 || got[0].Label != tt.want || tt.has != "" && !got[0].Departed(tt.has) {
				t.Errorf("got %+v, problems %v", got, m.Problems)
			}
		})
	}
}

// TestNotLabels are things that only look like one.
func TestNotLabels(t *testing.T) {
	for _, text := range []string{
		"AIGC", "AIGC is the future", `{"AIGC":true}`, `{"AIGC":{"enabled":true}}`, `{"Label":"1"}`, `AIGC{"Label":"1"}`,
		`{"Label":"kettle","Price":"1"}`, `{"ServiceProvider":"DHL"}`, `AIGC {prompt: "a cat"}`, `{"AIGC":"yes"}`, "Label: 1",
		`{"AIGC":{"Label":"非AI生成","ContentProducer":"x"}}`, `{"AIGC":{"Label":0,"ContentProducer":"x"}}`, `AIGC{"Label":"not AI","ContentProducer":"x"}`,
		`{"1":{"inputs":{"Label":"AIGC"},"class_type":"KSampler"}}`,
	} {
		for _, p := range places() {
			if p.named && (p.form == XMPElement || p.form == XMPAttribute || p.form == PNGText || p.form == FilmKey) {
				continue // what is called AIGC may say {"Label":"1"} and mean it
			}
			m, err := meta.Read(p.build(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := Read(m); len(got) > 0 {
				t.Errorf("%s, %s: %+v", p.name, text, got)
			}
		}
	}
}

func TestSeveralLabels(t *testing.T) {
	second := sample
	second.Label, second.ProduceID = Possible, "other"
	m, _ := meta.Read(pngWith(pngPiece("tEXt", "AIGC\x00"+second.JSON()), pngPiece("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+elementPacket(sample.JSON()))))
	got := Read(m)
	if len(got) != 2 || !got.Disagree() || got.Degree() != Generated {
		t.Errorf("got %+v", got)
	}
}

// TestPublicPicturesAreUnlabelled: not one public picture carries a label.
func TestPublicPicturesAreUnlabelled(t *testing.T) {
	const root = "../../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the public pictures are not here: see CONTRIBUTING.md")
	}
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		m, err := meta.Read(data)
		if err != nil {
			return nil // lists and reports
		}
		files++
		if got := Read(m); len(got) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("none of %d pictures is labelled", files)
}

// TestDrawnSamplesAreUnlabelled: nor does a photograph we draw ourselves.
func TestDrawnSamplesAreUnlabelled(t *testing.T) {
	for seed := range uint64(3) {
		shot := samples.Listing("mug", seed)
		shot.Width = 96
		photo, err := samples.Photograph(t.Context(), shot)
		if err != nil {
			t.Fatal(err)
		}
		data, err := samples.EncodeJPEG(photo, 85)
		if err != nil {
			t.Fatal(err)
		}
		m, err := meta.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := Read(m); len(got) > 0 {
			t.Errorf("seed %d: %+v", seed, got)
		}
	}
}

func FuzzParseValue(f *testing.F) {
	for _, s := range spellings() {
		f.Add(s.text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		parseValue(text)
		parseLoose(text)
	})
}

func FuzzRead(f *testing.F) {
	for _, p := range places() {
		f.Add(p.build(`AIGC{"Label":"1","ContentProducer":"x"}`))
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := meta.Read(data); err == nil {
			Read(m).Findings()
		}
	})
}
