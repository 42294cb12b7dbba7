package aigc

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf16"
)

// Builders of small files by the formats' own rules, independent of the
// package's reader and writer.

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for y := range 16 {
		for x := range 24 {
			m.Set(x, y, color.RGBA{byte(10 * x), byte(15 * y), byte(x * y), 255})
		}
	}
	return m
}

func be16s(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32s(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
func le32s(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func utf16s(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func seg(marker byte, body string) string {
	return string([]byte{0xff, marker}) + be16s(len(body)+2) + body
}

// jpegWith is a real JPEG with the given bytes between its JFIF head and the rest.
func jpegWith(pieces ...string) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		panic(err)
	}
	jfif := seg(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	return []byte("\xff\xd8" + jfif + strings.Join(pieces, "") + b.String()[2:])
}

// pngWith is a real PNG with the given chunks behind IHDR.
func pngWith(chunks ...string) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		panic(err)
	}
	s := b.String()
	return []byte(s[:33] + strings.Join(chunks, "") + s[33:])
}

func pngPiece(kind, body string) string {
	return be32s(len(body)) + kind + body + be32s(int(crc32.ChecksumIEEE([]byte(kind+body))))
}

// webpLossless is a picture of one colour, 1 by 1, as VP8L.
const webpLossless = "\x2f\x00\x00\x00\x00\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\x01\x00"

func riff(chunks ...string) []byte {
	body := "WEBP" + strings.Join(chunks, "")
	return []byte("RIFF" + le32s(len(body)) + body)
}

func webpPiece(kind, body string) string {
	return kind + le32s(len(body)) + body + strings.Repeat("\x00", len(body)%2)
}

func webpWith(chunks ...string) []byte {
	return riff(webpPiece("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + webpPiece("VP8L", webpLossless) + strings.Join(chunks, ""))
}

func gifWith(blocks ...string) []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + strings.Join(blocks, "") +
		"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00;")
}

func gifXMP(packet string) string {
	s := "!\xff\x0bXMP DataXMP" + packet + "\x01"
	for i := 255; i >= 0; i-- {
		s += string([]byte{byte(i)})
	}
	return s + "\x00"
}

func gifComment(text string) string {
	s := "!\xfe"
	for len(text) > 0 {
		n := min(len(text), 255)
		s += string([]byte{byte(n)}) + text[:n]
		text = text[n:]
	}
	return s + "\x00"
}

// tiffField is one entry of directory 0, or of the exif directory.
type tiffField struct {
	id, kind int
	value    string
	exif     bool
}

func tiffWith(order binary.AppendByteOrder, fields ...tiffField) string {
	u16 := func(v int) string { return string(order.AppendUint16(nil, uint16(v))) }
	u32 := func(v int) string { return string(order.AppendUint32(nil, uint32(v))) }
	directory := func(at int, list []tiffField) string {
		head, tail := u16(len(list)), ""
		base := at + 2 + 12*len(list) + 4
		for _, f := range list {
			count := len(f.value)
			if f.kind == 4 {
				count /= 4
			}
			head += u16(f.id) + u16(f.kind) + u32(count)
			if len(f.value) <= 4 {
				head += f.value + strings.Repeat("\x00", 4-len(f.value))
			} else {
				head += u32(base + len(tail))
				tail += f.value
			}
		}
		return head + u32(0) + tail
	}
	var zero, exif []tiffField
	for _, f := range fields {
		if f.exif {
			exif = append(exif, f)
		} else {
			zero = append(zero, f)
		}
	}
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	zero = append(zero, tiffField{id: 0x8769, kind: 4, value: u32(0)})
	at := 8 + len(directory(8, zero))
	zero[len(zero)-1].value = u32(at)
	return head + u32(8) + directory(8, zero) + directory(at, exif)
}

func box(kind string, body ...string) string {
	all := strings.Join(body, "")
	return be32s(len(all)+8) + kind + all
}

const full = "\x00\x00\x00\x00"

var (
	ftypMP4 = box("ftyp", "isom\x00\x00\x02\x00isommp41")
	ftypMOV = box("ftyp", "qt  \x00\x00\x02\x00qt  ")
)

func hdlr(kind string) string {
	return box("hdlr", full, full, kind, strings.Repeat("\x00", 13))
}

func dataBox(text string) string { return box("data", "\x00\x00\x00\x01", full, text) }

func keyed(key, text string) string {
	return hdlr("mdta") + box("keys", full, be32s(2), box("mdta", "com.example.other"), box("mdta", key)) +
		box("ilst", box("\x00\x00\x00\x01", dataBox("x")), box("\x00\x00\x00\x02", dataBox(text)))
}

// filmWith is an MP4 with one track of three samples in two chunks; media lies
// before or behind moov.
func filmWith(ftyp string, mediaFirst bool, moovChildren ...string) []byte {
	media := box("mdat", "sample-one", "sample-two", "3")
	build := func(at int) string {
		stbl := box("stbl", box("stsd", full, be32s(0)), box("stsz", full, be32s(0), be32s(3), be32s(10), be32s(10), be32s(1)),
			box("stsc", full, be32s(2), be32s(1), be32s(2), be32s(1), be32s(2), be32s(1), be32s(1)),
			box("stco", full, be32s(2), be32s(at+8), be32s(at+28)))
		trak := box("trak", box("tkhd", full, strings.Repeat("\x00", 80)), box("mdia", box("minf", stbl)))
		return box("moov", box("mvhd", full, strings.Repeat("\x00", 96)), trak, strings.Join(moovChildren, ""))
	}
	if mediaFirst {
		return []byte(ftyp + media + build(len(ftyp)))
	}
	return []byte(ftyp + build(len(ftyp)+len(build(0))) + media)
}

// samples reads a film's samples by way of its tables; it knows filmWith's
// layout of one track only.
func filmSamples(t *testing.T, data []byte) string {
	t.Helper()
	at := bytes.Index(data, []byte("stco"))
	if at < 0 {
		t.Fatal("no chunk offsets")
	}
	first, second := binary.BigEndian.Uint32(data[at+12:]), binary.BigEndian.Uint32(data[at+16:])
	if int(first)+20 > len(data) || int(second)+1 > len(data) {
		t.Fatalf("chunks at %d and %d of %d", first, second, len(data))
	}
	return string(data[first:first+20]) + string(data[second:second+1])
}

// heifWith is a HEIC file of metadata items alone.
func heifWith(exif, xmp string) []byte {
	ftyp := box("ftyp", "heic\x00\x00\x00\x00mif1heic")
	item := "\x00\x00\x00\x00" + exif
	build := func(at int) string {
		return box("meta", full,
			box("iinf", full, be16s(2),
				box("infe", "\x02\x00\x00\x00", be16s(1), be16s(0), "Exif\x00"),
				box("infe", "\x02\x00\x00\x00", be16s(2), be16s(0), "mime\x00application/rdf+xml\x00")),
			box("iloc", full, "\x44\x00", be16s(2),
				be16s(1), be16s(0), be16s(1), be32s(at), be32s(len(item)),
				be16s(2), be16s(0), be16s(1), be32s(at+len(item)), be32s(len(xmp))))
	}
	at := len(ftyp) + len(build(0)) + 8
	return []byte(ftyp + build(at) + box("mdat", item+xmp))
}

func escapeXML(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func packetOf(description string) string {
	return "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" +
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + description +
		"</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
}

func elementPacket(value string) string {
	return packetOf(`<rdf:Description rdf:about="" xmlns:TC260="` + Namespace + `"><TC260:AIGC>` + escapeXML(value) + `</TC260:AIGC></rdf:Description>`)
}

func attributePacket(value string) string {
	return packetOf(`<rdf:Description rdf:about="" xmlns:TC260="` + Namespace + `" TC260:AIGC="` + escapeXML(value) + `"/>`)
}
