package meta

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gbk(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCharsets(t *testing.T) {
	for _, tt := range []struct {
		raw, want string
		charset   Charset
	}{
		{"plain", "plain", UTF8},
		{"破损", "破损", UTF8},
		{gbk(t, "收到时杯子已经碎了，请退款。"), "收到时杯子已经碎了，请退款。", GB18030},
		{gbk(t, "美图秀秀"), "美图秀秀", GB18030},
		{gbk(t, `{"Label":"1","ContentProducer":"某某公司"}`), `{"Label":"1","ContentProducer":"某某公司"}`, GB18030},
		{gbk(t, "破损 𠀀 严重的照片"), "破损 𠀀 严重的照片", GB18030},  // four bytes
		{gbk(t, "杯子破损严重") + "\xc6", "杯子破损严重", GB18030}, // cut inside a character
		{"杯子破损严重，请退款"[:19], "杯子破损严重\ufffd", UTF8},      // cut inside a character
		{"caf\xe9", "café", Latin1},
		{"M\xfcller & S\xf6hne", "Müller & Söhne", Latin1},
		{"d\xe9j\xe0 vu \xe0 la plage, \xe9t\xe9 2026", "déjà vu à la plage, été 2026", Latin1},
		{"\xa9 2026 A. Buyer", "© 2026 A. Buyer", Latin1},
		{"Gr\xf6\xdfe, Stra\xdfe, \xc4\xd6\xdc", "Größe, Straße, ÄÖÜ", Latin1},
		{"\xb7\xb7\xb7 25\xb0C \xb1 1", "··· 25°C ± 1", Latin1},
		{"se\xf1or, \xbfqu\xe9 pas\xf3?", "señor, ¿qué pasó?", Latin1},
	} {
		got, charset := decodeText([]byte(tt.raw))
		if got != tt.want || charset != tt.charset {
			t.Errorf("%q: got %q as %s, want %q as %s", tt.raw, got, charset, tt.want, tt.charset)
		}
	}
}

func TestChineseInEveryField(t *testing.T) {
	text := "收到时已经破损"
	m := read(t, pngFile([2]string{"tEXt", "Comment\x00" + gbk(t, text)}))
	if v, _ := m.Text("Comment"); v != text || m.Texts[0].Charset != GB18030 {
		t.Errorf("PNG: got %q", v)
	}
	m = read(t, jpegFile(segment(0xfe, gbk(t, text))))
	if len(m.Texts) != 1 || m.Texts[0].Value != text {
		t.Errorf("JPEG comment: got %+v", m.Texts)
	}
	field := "\x1c\x02\x78" + string(binary.BigEndian.AppendUint16(nil, uint16(len(gbk(t, text))))) + gbk(t, text)
	m = read(t, jpegFile(segment(0xed, photoshopHead+resource(1028, field))))
	if got := m.IPTCField(2, 120); len(got) != 1 || got[0] != text {
		t.Errorf("IPTC: got %q", got)
	}
	for name, raw := range map[string]string{
		"no code": gbk(t, text), "ascii": "ASCII\x00\x00\x00" + gbk(t, text), "undefined": strings.Repeat("\x00", 8) + gbk(t, text),
		"unicode, as stated":         "UNICODE\x00" + wide(text, binary.LittleEndian),
		"unicode, the other order":   "UNICODE\x00" + wide(text, binary.BigEndian),
		"unicode, in fact UTF-8":     "UNICODE\x00" + text,
		"unicode, letters' bytes":    "UNICODE\x00" + wide("你好", binary.BigEndian), // O`Y}
		"unicode, a sentence, cut":   "UNICODE\x00" + wide(text, binary.BigEndian) + "\x00",
		"unicode, of plain sentence": "UNICODE\x00the mug was broken when it came",
	} {
		want := text
		switch name {
		case "unicode, letters' bytes":
			want = "你好"
		case "unicode, of plain sentence":
			want = "the mug was broken when it came"
		}
		if got := (&tiffReader{}).userComment([]byte(raw)); got != want {
			t.Errorf("UserComment, %s: got %q", name, got)
		}
	}
}

// resource is one Photoshop resource without a name.
func resource(id uint16, body string) string {
	r := "8BIM" + string(binary.BigEndian.AppendUint16(nil, id)) + "\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		r += "\x00"
	}
	return r
}
