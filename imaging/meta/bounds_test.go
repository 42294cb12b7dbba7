package meta

import (
	"encoding/binary"
	"strings"
	"testing"
)

// TestStrayTagsAreCut: a million tags that close nothing, inside the deepest
// nesting that is read, stop at the bound; what came before is kept.
func TestStrayTagsAreCut(t *testing.T) {
	deep := strings.Repeat("<a:b>", maxXMLDepth-8)
	x, steps := parseXMP([]byte(`<x:r xmlns:x="n"><x:CreatorTool>GIMP</x:CreatorTool>`+deep+strings.Repeat("</c:d>", 1<<20)), maxXMLTokens)
	if steps != maxXMLTokens || x.Problem == "" {
		t.Errorf("%d steps, problem %q", steps, x.Problem)
	}
	if len(x.Properties) == 0 || x.Properties[0].Value != "GIMP" {
		t.Errorf("got %+v", x.Properties)
	}
}

// TestPacketsShareOneBound: the bound is the file's, not each packet's.
func TestPacketsShareOneBound(t *testing.T) {
	many := segment(0xe1, xmpHead+"<x:r>"+strings.Repeat("</a:b>", 10000)+"</x:r>")
	last := segment(0xe1, xmpHead+`<x:r xmlns:x="n"><x:a>late</x:a></x:r>`)
	var all []string
	for range 30 {
		all = append(all, many)
	}
	m := read(t, jpegFile(append(all, last)...))
	if m.xmpSteps > maxXMLTokens+64 {
		t.Errorf("%d steps", m.xmpSteps)
	}
	if v, ok := m.Property("n", "a"); ok {
		t.Errorf("a packet behind the bound was read: %q", v)
	}
}

// TestPathIsBounded: a long name must not be repeated for each child.
func TestPathIsBounded(t *testing.T) {
	long := strings.Repeat("n", 1<<20)
	x, _ := parseXMP([]byte("<a:"+long+">"+strings.Repeat("<a:b>v</a:b>", 1000)), maxXMLTokens)
	if len(x.Properties) < 1000 {
		t.Fatalf("%d properties", len(x.Properties))
	}
	for _, p := range x.Properties {
		if len(p.Path) > maxPath {
			t.Fatalf("a path of %d bytes", len(p.Path))
		}
	}
}

// TestEndsCloseTheInnermost: an end tag closes its own element and what was
// left open inside, and a stray one nothing.
func TestEndsCloseTheInnermost(t *testing.T) {
	x, _ := parseXMP([]byte(`<x:r xmlns:x="n"><x:a><x:b>one</x:none></x:a><x:c>two</x:c></x:r><x:d>three</x:d>`), maxXMLTokens)
	var got []string
	for _, p := range x.Properties {
		got = append(got, p.Path+"="+p.Value)
	}
	if s := strings.Join(got, " "); s != "r/a/b=one r/c=two d=three" {
		t.Errorf("got %s", s)
	}
}

func TestPhotoshopResources(t *testing.T) {
	m := read(t, jpegFile(segment(0xed, photoshopHead+resource(1060, packet)+resource(1058, exifBlock(binary.BigEndian)))))
	if len(m.XMP) != 1 || m.XMP[0].Carrier != "JPEG APP13 8BIM" || len(m.XMP[0].Properties) == 0 {
		t.Errorf("XMP: %+v", m.XMP)
	}
	if m.EXIF == nil || m.EXIF.Make != "ACME" {
		t.Errorf("EXIF: %+v", m.EXIF)
	}
}

// TestSubDirectories: tag 330 lists directories, as raw files and TIFF
// pictures with previews use them; a loop among them ends.
func TestSubDirectories(t *testing.T) {
	le := binary.LittleEndian
	u16 := func(v uint16) string { return string(le.AppendUint16(nil, v)) }
	u32 := func(v uint32) string { return string(le.AppendUint32(nil, v)) }
	entry := func(id, kind uint16, count uint32, value string) string {
		return u16(id) + u16(kind) + u32(count) + value
	}
	const listAt, firstAt, secondAt, textAt = 26, 40, 80, 120
	file := "II*\x00" + u32(8) + u16(1) + entry(tagSubIFDs, 4, 2, u32(listAt)) + u32(0)
	put := func(at int, s string) { file += strings.Repeat("\x00", at-len(file)) + s }
	put(listAt, u32(firstAt)+u32(secondAt))
	put(firstAt, u16(1)+entry(tagSoftware, 2, 12, u32(textAt))+u32(0))
	put(secondAt, u16(2)+entry(0x0100, 3, 1, u16(640)+u16(0))+entry(tagSubIFDs, 4, 1, u32(8))+u32(0))
	put(textAt, "Some Editor\x00")
	m := read(t, []byte(file))
	if m.EXIF == nil || m.EXIF.Software != "Some Editor" {
		t.Fatalf("got %+v, problems %v", m.EXIF, m.Problems)
	}
	if tag, ok := m.EXIF.Find("sub", 0x0100); !ok || tag.Number() != 640 {
		t.Errorf("the second sub-directory: %+v", tag)
	}
}

func TestExtendedXMPInWrongOrder(t *testing.T) {
	body := `<x:r xmlns:x="n"><x:a>` + strings.Repeat("v", 100) + `</x:a></x:r>`
	guid := strings.Repeat("A", 32)
	piece := func(guid string, from, to int) string {
		return segment(0xe1, xmpExtendedHead+guid+string(binary.BigEndian.AppendUint32(nil, uint32(len(body))))+string(binary.BigEndian.AppendUint32(nil, uint32(from)))+body[from:to])
	}
	m := read(t, jpegFile(piece(guid, 60, len(body)), piece(guid, 0, 60), piece(strings.Repeat("B", 32), 0, 30)))
	if v, ok := m.Property("n", "a"); !ok || len(v) != 100 {
		t.Errorf("got %q, %+v", v, m.XMP)
	}
}
