package meta

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

const packet = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmp:CreatorTool="Painter &amp; Co">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">破损</rdf:li></rdf:Alt></dc:title>
<dc:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>
<xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:softwareAgent="Editor 1"/></rdf:Seq></xmpMM:History>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

const (
	nsXMP = "http://ns.adobe.com/xap/1.0/"
	nsDC  = "http://purl.org/dc/elements/1.1/"
)

// want checks what every container must give for packet.
func wantPacket(t *testing.T, m *Metadata) {
	t.Helper()
	if len(m.XMP) != 1 || m.XMP[0].Problem != "" {
		t.Fatalf("XMP = %+v, problems %v", m.XMP, m.Problems)
	}
	for _, want := range []Property{
		{nsXMP, "CreatorTool", "Painter & Co", true, "CreatorTool"},
		{nsDC, "title", "破损", false, "title"},
		{nsDC, "subject", "a", false, "subject"},
		{nsDC, "subject", "b", false, "subject"},
		{"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "softwareAgent", "Editor 1", true, "History/softwareAgent"},
	} {
		found := false
		for _, p := range m.XMP[0].Properties {
			found = found || p == want
		}
		if !found {
			t.Errorf("no property %+v in %+v", want, m.XMP[0].Properties)
		}
	}
}

func read(t *testing.T, data []byte) *Metadata {
	t.Helper()
	m, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func segment(marker byte, body string) string {
	return "\xff" + string(marker2(marker)) + string(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))) + body
}

func marker2(m byte) []byte { return []byte{m} }

func jpegFile(segments ...string) []byte {
	scan := segment(0xda, "\x01\x01\x00\x00\x3f\x00") + "\x12\xff\x00\x34\xff\xd0\x56"
	return []byte("\xff\xd8" + strings.Join(segments, "") + scan + "\xff\xd9")
}

func pngFile(chunks ...[2]string) []byte {
	out := []byte(pngSignature)
	all := append([][2]string{{"IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"}}, chunks...)
	for _, c := range append(all, [2]string{"IDAT", "x"}, [2]string{"IEND", ""}) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c[1])))
		out = append(append(out, c[0]...), c[1]...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(c[0]+c[1])))
	}
	return out
}

func webpFile(chunks ...[2]string) []byte {
	body := "WEBP"
	for _, c := range chunks {
		body += c[0] + string(binary.LittleEndian.AppendUint32(nil, uint32(len(c[1])))) + c[1]
		if len(c[1])%2 == 1 {
			body += "\x00"
		}
	}
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}

func boxOf(kind string, body ...string) string {
	all := strings.Join(body, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(all)+8))) + kind + all
}

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func wide(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

// exifBlock builds a block with one directory 0, an exif, a gps and a
// thumbnail directory.
func exifBlock(order binary.AppendByteOrder) string {
	big := order == binary.AppendByteOrder(binary.BigEndian)
	type entry struct {
		id, kind uint16
		count    uint32
		value    string
	}
	u16 := func(v uint16) string { return string(order.AppendUint16(nil, v)) }
	u32 := func(v uint32) string { return string(order.AppendUint32(nil, v)) }
	text := func(id uint16, s string) entry { return entry{id, 2, uint32(len(s) + 1), s + "\x00"} }
	directory := func(at uint32, entries []entry, next uint32) string {
		head, tail := u16(uint16(len(entries))), ""
		base := at + 2 + 12*uint32(len(entries)) + 4
		for _, e := range entries {
			head += u16(e.id) + u16(e.kind) + u32(e.count)
			if len(e.value) <= 4 {
				head += e.value + strings.Repeat("\x00", 4-len(e.value))
				continue
			}
			head += u32(base + uint32(len(tail)))
			tail += e.value
		}
		return head + u32(next) + tail
	}
	exif := []entry{
		text(tagDateOriginal, "2026:01:31 12:30:00"), text(tagOffsetOriginal, "+08:00"), text(tagSubSecOriginal, "25"),
		{tagMakerNote, 7, 6, "secret"},
		{tagUserComment, 7, 18, "UNICODE\x00" + wide("破损 ok", order)},
		{tagPixelX, 3, 1, u16(4000)},
		{tagPixelY, 4, 1, u32(3000)},
	}
	third := func(a, b, c uint32) string { return u32(a) + u32(1) + u32(b) + u32(1) + u32(c) + u32(100) }
	gps := []entry{
		text(1, "N"),
		{2, 5, 3, third(31, 13, 4800)},
		text(3, "W"),
		{4, 5, 3, third(121, 30, 0)},
		{7, 5, 3, third(4, 30, 0)},
		text(29, "2026:01:31"),
	}
	thumb := "\xff\xd8\xff\xd9"
	const exifAt, gpsAt, oneAt, thumbAt = 400, 800, 1200, 1400
	zero := []entry{
		text(tagMake, "ACME"), text(tagModel, "Phone 9"),
		{tagOrientation, 3, 1, u16(6)},
		text(tagSoftware, "os 1"), text(tagArtist, "张三"),
		{tagExifIFD, 4, 1, u32(exifAt)},
		{tagGPSIFD, 4, 1, u32(gpsAt)},
	}
	one := []entry{{tagThumbnail, 4, 1, u32(thumbAt)}, {tagThumbnailLength, 4, 1, u32(4)}}
	block := "II*\x00"
	if big {
		block = "MM\x00*"
	}
	block += u32(8) + directory(8, zero, oneAt)
	for _, part := range []struct {
		at   int
		data string
	}{{exifAt, directory(exifAt, exif, 0)}, {gpsAt, directory(gpsAt, gps, 0)}, {oneAt, directory(oneAt, one, 0)}, {thumbAt, thumb}} {
		block += strings.Repeat("\x00", part.at-len(block)) + part.data
	}
	return block
}

func wantEXIF(t *testing.T, m *Metadata) {
	t.Helper()
	e := m.EXIF
	if e == nil {
		t.Fatalf("no EXIF; problems %v", m.Problems)
	}
	got := fmt.Sprintf("%s|%s|%d|%s|%s|%s|%d|%d|%s|%q|%.4f|%.4f|%s|%v", e.Make, e.Model, e.Orientation, e.Software,
		e.Artist, e.UserComment, e.PixelX, e.PixelY, e.MakerNote, e.Thumbnail, e.GPS.Latitude, e.GPS.Longitude, e.GPS.DateStamp, e.GPS.Seconds)
	want := `ACME|Phone 9|6|os 1|张三|破损 ok|4000|3000|secret|"\xff\xd8\xff\xd9"|31.2300|-121.5000|2026:01:31|16200`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	at, zoned, ok := e.Original.Time()
	if !ok || !zoned || !at.Equal(time.Date(2026, 1, 31, 4, 30, 0, 250e6, time.UTC)) {
		t.Errorf("Original = %v %v %v", at, zoned, ok)
	}
	if e.Problem != "" {
		t.Error(e.Problem)
	}
}

func TestEXIFInEveryContainer(t *testing.T) {
	little, big := exifBlock(binary.LittleEndian), exifBlock(binary.BigEndian)
	for name, data := range map[string][]byte{
		"jpeg little":    jpegFile(segment(0xe1, "Exif\x00\x00"+little)),
		"jpeg big":       jpegFile(segment(0xe1, "Exif\x00\x00"+big)),
		"png":            pngFile([2]string{"eXIf", big}),
		"png with head":  pngFile([2]string{"eXIf", "Exif\x00\x00" + big}),
		"png raw":        pngFile([2]string{"zTXt", "Raw profile type exif\x00\x00" + deflate(fmt.Sprintf("\nexif\n %8d\n%x\n", len(little)+6, "Exif\x00\x00"+little))}),
		"webp":           webpFile([2]string{"EXIF", little}),
		"webp with head": webpFile([2]string{"EXIF", "Exif\x00\x00" + little}),
		"tiff":           []byte(little),
		"heif":           heifFile(big, packet),
	} {
		t.Run(name, func(t *testing.T) {
			m := read(t, data)
			wantEXIF(t, m)
			if w := m.EXIF.Where; name != "png raw" && string(data[w.Offset:w.Offset+w.Length]) != little && string(data[w.Offset:w.Offset+w.Length]) != big {
				t.Errorf("the place is wrong: %+v", w)
			}
		})
	}
}

// heifFile is a HEIF file with an Exif and an XMP item.
func heifFile(exif, xmp string) []byte {
	be16s := func(v ...uint16) (s string) {
		for _, x := range v {
			s += string(binary.BigEndian.AppendUint16(nil, x))
		}
		return s
	}
	be32s := func(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
	ftyp := boxOf("ftyp", "heic\x00\x00\x00\x00mif1heic")
	mdat := "\x00\x00\x00\x06Exif\x00\x00" + exif + xmp
	build := func(at int) string {
		iinf := boxOf("iinf", "\x00\x00\x00\x00", be16s(2),
			boxOf("infe", "\x02\x00\x00\x00", be16s(1, 0), "Exif\x00"),
			boxOf("infe", "\x02\x00\x00\x00", be16s(2, 0), "mime\x00application/rdf+xml\x00"))
		iloc := boxOf("iloc", "\x00\x00\x00\x00\x44\x00", be16s(2),
			be16s(1, 0, 1), be32s(at), be32s(10+len(exif)), be16s(2, 0, 1), be32s(at+10+len(exif)), be32s(len(xmp)))
		return boxOf("meta", "\x00\x00\x00\x00", iinf, iloc)
	}
	at := len(ftyp) + len(build(0)) + 8
	return []byte(ftyp + build(at) + boxOf("mdat", mdat))
}

func TestXMPInEveryContainer(t *testing.T) {
	gif := "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
	magic := "\x01"
	for i := 255; i >= 0; i-- {
		magic += string([]byte{byte(i)})
	}
	gifXMP := gif + "!\xff\x0bXMP DataXMP" + packet + magic + "\x00;"
	guid := strings.Repeat("AB", 16)
	half := len(packet) / 2
	ext := func(at int, part string) string {
		return segment(0xe1, xmpExtendedHead+guid+string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(len(packet))), uint32(at)))+part)
	}
	film := boxOf("ftyp", "isom\x00\x00\x00\x00")
	for name, data := range map[string][]byte{
		"jpeg":              jpegFile(segment(0xe1, xmpHead+packet)),
		"jpeg extended":     jpegFile(ext(half, packet[half:]), ext(0, packet[:half])),
		"jpeg no head":      jpegFile(segment(0xe1, packet)),
		"jpeg utf-16":       jpegFile(segment(0xe1, xmpHead+wide("\ufeff"+packet, binary.BigEndian))),
		"png":               pngFile([2]string{"iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00" + packet}),
		"png compressed":    pngFile([2]string{"iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00" + deflate(packet)}),
		"webp":              webpFile([2]string{"XMP ", packet}),
		"gif":               []byte(gifXMP),
		"heif":              heifFile(exifBlock(binary.BigEndian), packet),
		"mp4 uuid":          []byte(film + boxOf("uuid", xmpUUID, packet)),
		"mp4 udta":          []byte(film + boxOf("moov", boxOf("udta", boxOf("XMP_", packet)))),
		"namespaces closed": jpegFile(segment(0xe1, xmpHead+strings.ReplaceAll(packet, "</dc:subject>", "</dc:subject><stray/>"))),
	} {
		t.Run(name, func(t *testing.T) { wantPacket(t, read(t, data)) })
	}
}

func TestTexts(t *testing.T) {
	film := boxOf("ftyp", "qt  \x00\x00\x00\x00")
	data := func(s string) string { return boxOf("data", "\x00\x00\x00\x01\x00\x00\x00\x00", s) }
	keys := boxOf("keys", "\x00\x00\x00\x00\x00\x00\x00\x02", boxOf("mdta", "AIGC"), boxOf("mdta", "com.apple.make"))
	ilst := boxOf("ilst", boxOf("\x00\x00\x00\x01", data("one")), boxOf("\x00\x00\x00\x02", data("two")))
	tests := []struct {
		name           string
		data           []byte
		keyword, value string
		latin1         bool
	}{
		{"jpeg comment", jpegFile(segment(0xfe, "hello\x00")), "", "hello", false},
		{"gif comment", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00!\xfe\x03abc\x02de\x00;"), "", "abcde", false},
		{"tEXt", pngFile([2]string{"tEXt", "parameters\x00a cat, steps: 20"}), "parameters", "a cat, steps: 20", false},
		{"tEXt latin-1", pngFile([2]string{"tEXt", "Author\x00Ren\xe9"}), "Author", "René", true},
		{"tEXt utf-8", pngFile([2]string{"tEXt", "Author\x00张三"}), "Author", "张三", false},
		{"zTXt", pngFile([2]string{"zTXt", "prompt\x00\x00" + deflate("{}")}), "prompt", "{}", false},
		{"iTXt", pngFile([2]string{"iTXt", "Title\x00\x00\x00zh\x00标题\x00破损"}), "Title", "破损", false},
		{"iTXt deflated", pngFile([2]string{"iTXt", "Title\x00\x01\x00zh\x00标题\x00" + deflate("破损")}), "Title", "破损", false},
		{"mp4 keys", []byte(film + boxOf("moov", boxOf("udta", boxOf("meta", "\x00\x00\x00\x00", keys, ilst)))), "com.apple.make", "two", false},
		{"mov keys", []byte(film + boxOf("moov", boxOf("meta", keys, ilst))), "AIGC", "one", false},
		{"itunes", []byte(film + boxOf("moov", boxOf("udta", boxOf("meta", "\x00\x00\x00\x00", boxOf("ilst", boxOf("\xa9cmt", data("note"))))))), "©cmt", "note", false},
		{"freeform", []byte(film + boxOf("moov", boxOf("udta", boxOf("meta", "\x00\x00\x00\x00", boxOf("ilst", boxOf("----", boxOf("mean", "\x00\x00\x00\x00x.y"), boxOf("name", "\x00\x00\x00\x00AIGC"), data("v"))))))), "AIGC", "v", false},
		{"quicktime text", []byte(film + boxOf("moov", boxOf("udta", boxOf("\xa9nam", "\x00\x04\x15\xc7name")))), "©nam", "name", false},
		{"track", []byte(film + boxOf("moov", boxOf("trak", boxOf("udta", boxOf("name", "cam"))))), "name", "cam", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := read(t, tt.data)
			for _, x := range m.Texts {
				if x.Keyword == tt.keyword && x.Value == tt.value && (x.Charset == Latin1) == tt.latin1 {
					if raw := tt.data[x.Offset : x.Offset+x.Length]; !x.Compressed && x.Charset != Latin1 && tt.name != "gif comment" && strings.TrimRight(string(raw), "\x00") != tt.value {
						t.Errorf("the place holds %q", raw)
					}
					return
				}
			}
			t.Errorf("got %+v, problems %v", m.Texts, m.Problems)
		})
	}
}

func TestIPTC(t *testing.T) {
	field := func(record, dataset byte, v string) string {
		return "\x1c" + string([]byte{record, dataset}) + string(binary.BigEndian.AppendUint16(nil, uint16(len(v)))) + v
	}
	iim := field(1, 90, "\x1b%G") + field(2, 110, "Made with Google AI") + field(2, 120, "破损")
	resource := "8BIM\x04\x04\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(iim)))) + iim
	other := "8BIM\x03\xed\x03abc\x00\x00\x00\x03xyz\x00"
	m := read(t, jpegFile(segment(0xed, photoshopHead+other+resource)))
	if got := m.IPTCField(2, 110); len(got) != 1 || got[0] != "Made with Google AI" {
		t.Errorf("credit = %q, problems %v", got, m.Problems)
	}
	if got := m.IPTCField(2, 120); len(got) != 1 || got[0] != "破损" {
		t.Errorf("caption = %q", got)
	}
}

func TestStrayBytesAndTrailer(t *testing.T) {
	data := jpegFile(segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), `AIGC{"Label":"1"}`, segment(0xfe, "after"))
	data = append(data, "tail"...)
	m := read(t, data)
	if m.Trailer == nil || string(m.Trailer.Body) != "tail" {
		t.Errorf("trailer = %+v", m.Trailer)
	}
	var stray string
	for _, b := range m.Blocks {
		if b.Kind == "stray" {
			stray = string(b.Body)
		}
	}
	if stray != `AIGC{"Label":"1"}` || len(m.Texts) != 1 || m.Texts[0].Value != "after" {
		t.Errorf("stray %q, texts %+v", stray, m.Texts)
	}
}

func TestUserCommentsInTheWild(t *testing.T) {
	for name, tt := range map[string]struct{ raw, want string }{
		"ascii":                {"ASCII\x00\x00\x00hello \x00", "hello"},
		"utf-8 under ascii":    {"ASCII\x00\x00\x00破损", "破损"},
		"undefined":            {"\x00\x00\x00\x00\x00\x00\x00\x00hello", "hello"},
		"no code at all":       {`{"AIGC":{}}`, `{"AIGC":{}}`},
		"unicode, other order": {"UNICODE\x00" + wide("hello", binary.BigEndian), "hello"},
		"unicode, mark":        {"UNICODE\x00" + wide("\ufeff破损", binary.BigEndian), "破损"},
		"unicode, in fact not": {"UNICODE\x00hello", "hello"},
		"short":                {"abc", "abc"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (&tiffReader{}).userComment([]byte(tt.raw)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBrokenPacketKeepsWhatCameBefore(t *testing.T) {
	cut := packet[:strings.Index(packet, "<dc:subject>")+len("<dc:subject>")+20]
	x, _ := parseXMP([]byte(cut), maxXMLTokens)
	if len(x.Properties) < 2 || x.Properties[0].Name != "CreatorTool" || x.Properties[1].Value != "破损" {
		t.Errorf("got %+v", x)
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, s := range []string{"", "hello", "%PDF-1.7", "RIFF\x00\x00\x00\x00AVI "} {
		if _, err := Read([]byte(s)); err != ErrUnknownFormat {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestInflationIsBounded feeds a bomb: 64 chunks of a megabyte each of zeros.
func TestInflationIsBounded(t *testing.T) {
	bomb := deflate(strings.Repeat("\x00", 1<<20))
	var chunks [][2]string
	for range 64 {
		chunks = append(chunks, [2]string{"zTXt", "k\x00\x00" + bomb})
	}
	m := read(t, pngFile(chunks...))
	if m.inflated > maxInflate {
		t.Errorf("inflated %d bytes", m.inflated)
	}
}

// seeds are whole files of every kind.
func seeds() [][]byte {
	little := exifBlock(binary.LittleEndian)
	return [][]byte{
		jpegFile(segment(0xe1, "Exif\x00\x00"+little), segment(0xe1, xmpHead+packet), segment(0xfe, "c"), segment(0xed, photoshopHead+"8BIM\x04\x04\x00\x00\x00\x00\x00\x06\x1c\x02\x50\x00\x01a")),
		pngFile([2]string{"eXIf", little}, [2]string{"zTXt", "k\x00\x00" + deflate("v")}, [2]string{"iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00" + deflate(packet)}),
		webpFile([2]string{"EXIF", little}, [2]string{"XMP ", packet}),
		heifFile(little, packet), []byte(little),
		[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00!\xfe\x03abc\x02de\x00!\xff\x0bXMP DataXMP<a:b xmlns:a='c'>d</a:b>\x01\x00;"),
		[]byte(boxOf("ftyp", "isom\x00\x00\x00\x00") + boxOf("moov", boxOf("udta", boxOf("meta", "\x00\x00\x00\x00", boxOf("keys", "\x00\x00\x00\x00\x00\x00\x00\x01", boxOf("mdta", "AIGC")), boxOf("ilst", boxOf("\x00\x00\x00\x01", boxOf("data", "\x00\x00\x00\x01\x00\x00\x00\x00{}"))))))),
	}
}

// checkPlaces fails where a place lies outside the file.
func checkPlaces(t *testing.T, data []byte, m *Metadata) {
	t.Helper()
	check := func(w Where) {
		if w.Offset < 0 || w.Length < 0 || w.Offset+w.Length > len(data) {
			t.Errorf("%+v lies outside %d bytes", w, len(data))
		}
	}
	for _, b := range m.Blocks {
		check(b.Where)
	}
	for _, e := range m.EXIFs() {
		if !strings.Contains(e.Carrier, "raw profile") {
			check(e.Where)
		}
	}
	for _, x := range m.Texts {
		check(x.Where)
	}
}

func TestCutAndFlipped(t *testing.T) {
	for _, data := range seeds() {
		for i := range data {
			if m, err := Read(data[:i]); err == nil {
				checkPlaces(t, data[:i], m)
			}
			flipped := bytes.Clone(data)
			flipped[i] ^= byte(1 << (i % 8))
			if m, err := Read(flipped); err == nil {
				checkPlaces(t, flipped, m)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Read(data); err == nil {
			checkPlaces(t, data, m)
		}
	})
}

func FuzzXMP(f *testing.F) {
	f.Add([]byte(packet))
	f.Fuzz(func(_ *testing.T, data []byte) { parseXMP(data, maxXMLTokens) })
}

// TestPublicPictures reads every public picture; none may be a problem to us.
func TestPublicPictures(t *testing.T) {
	const root = "../../../shared/data"
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
		m, err := Read(data)
		if err != nil {
			return nil // lists and reports
		}
		files++
		checkPlaces(t, data, m)
		if len(m.Problems) > 0 {
			t.Logf("%s: %v", filepath.Base(name), m.Problems)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pictures read", files)
}

func BenchmarkRead(b *testing.B) {
	data := append(jpegFile(segment(0xe1, "Exif\x00\x00"+exifBlock(binary.BigEndian)), segment(0xe1, xmpHead+packet)), 0)
	body := bytes.Repeat([]byte("\x12\x34\x56\xff\x00"), 1<<20)
	data = append(append(bytes.Clone(data[:len(data)-3]), body...), 0xff, 0xd9)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
