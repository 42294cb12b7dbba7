package aigc

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"image"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
)

var (
	fresh  = Label{Label: Generated, ContentProducer: "001191440300708461136T13080", ProduceID: "C-2026-1<&>'x"}
	spread = Label{
		Label: Generated, ContentProducer: fresh.ContentProducer, ProduceID: fresh.ProduceID,
		ContentPropagator: "001191330101MA27WPYJ1800001", PropagateID: "p/77",
	}
)

const someXMP = `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>张三 &amp; Co</rdf:li></rdf:Seq></dc:creator></rdf:Description>`

// inputs are files of every kind a label is written into, by name with ending.
func inputs(t *testing.T) map[string][]byte {
	t.Helper()
	const xmpHead = "http://ns.adobe.com/xap/1.0/\x00"
	exif := "Exif\x00\x00" + tiffWith(binary.LittleEndian, tiffField{id: 0x010f, kind: 2, value: "ACME\x00"})
	files := map[string][]byte{
		"plain.jpg":        jpegWith(),
		"exif.jpg":         jpegWith(seg(0xe1, exif)),
		"xmp.jpg":          jpegWith(seg(0xe1, exif), seg(0xe1, xmpHead+packetOf(someXMP)), seg(0xfe, "comment")),
		"padded.jpg":       jpegWith(seg(0xe1, xmpHead+strings.Replace(packetOf(someXMP), "<?xpacket end", strings.Repeat(" ", 64500)+"<?xpacket end", 1))),
		"trailer.jpg":      append(jpegWith(), "a film behind the picture"...),
		"plain.png":        pngWith(),
		"xmp.png":          pngWith(pngPiece("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+packetOf(someXMP)), pngPiece("tEXt", "Software\x00x")),
		"zipped.png":       pngWith(pngPiece("iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00"+deflate(packetOf(someXMP)))),
		"xmp.webp":         webpWith(webpPiece("XMP ", packetOf(someXMP))),
		"behind.mp4":       filmWith(ftypMP4, false),
		"before.mp4":       filmWith(ftypMP4, true),
		"keys.mp4":         filmWith(ftypMP4, false, box("udta", box("meta", full, keyed("com.example.second", "y")))),
		"itunes.mp4":       filmWith(ftypMP4, false, box("udta", box("meta", full, hdlr("mdir"), box("ilst", box("\xa9too", dataBox("Lavf")))))),
		"quicktime.mov":    filmWith(ftypMOV, false, box("udta", box("\xa9nam", "\x00\x04\x15\xc7name"), full)),
		"quicktimekey.mov": filmWith(ftypMOV, false, box("udta", box("meta", keyed("com.example.second", "y")))),
	}
	for _, name := range []string{"photo.jpg", "deep.png", "interlaced.png", "palette-interlaced.png", "alpha.webp", "animated.webp", "exif6.webp", "lossless.webp", "lossy.webp"} {
		data, err := os.ReadFile(filepath.Join("../../../imaging/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		files["test "+name] = data
	}
	return files
}

func isFilm(name string) bool {
	return strings.HasSuffix(name, ".mp4") || strings.HasSuffix(name, ".mov")
}

// pixels decodes a picture; equal pixels are equal bytes.
func pixels(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	if isFilm(name) {
		return []byte(filmSamples(t, data))
	}
	p, err := imaging.Decode(context.Background(), data, imaging.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if p.Partial {
		t.Fatalf("%s: %s", name, p.Problem)
	}
	b := p.Stored.Bounds()
	out := []byte{byte(p.Orientation), byte(p.Width), byte(p.Width >> 8), byte(p.Height), byte(p.Height >> 8)}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := p.Stored.At(x, y).RGBA()
			for _, v := range []uint32{r, g, bl, a} {
				out = append(out, byte(v>>8), byte(v))
			}
		}
	}
	if gray, ok := p.Stored.(*image.YCbCr); ok { // and before colour conversion
		out = append(append(append(out, gray.Y...), gray.Cb...), gray.Cr...)
	}
	return out
}

// TestRoundTrip labels every kind of file, then adds a propagator.
func TestRoundTrip(t *testing.T) {
	for name, data := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			before := bytes.Clone(data)
			want := pixels(t, name, data)
			once, err := Write(data, fresh)
			if err != nil {
				t.Fatal(err)
			}
			twice, err := Write(once, spread)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, data) {
				t.Error("the original was changed")
			}
			for i, copied := range [][]byte{once, twice} {
				wantLabel := []Label{fresh, spread}[i]
				m, err := meta.Read(copied)
				if err != nil {
					t.Fatal(err)
				}
				got := Read(m)
				if len(got) != 1 || got[0].Label != wantLabel || len(got[0].Departures) > 0 {
					t.Errorf("read back %+v", got)
				}
				if !bytes.Equal(want, pixels(t, name, copied)) {
					t.Error("the pixels differ")
				}
			}
			keepsTheRest(t, data, twice)
		})
	}
}

// keepsTheRest fails where something else in the file was lost.
func keepsTheRest(t *testing.T, data, copied []byte) {
	t.Helper()
	old, _ := meta.Read(data)
	now, _ := meta.Read(copied)
	for _, x := range old.XMP {
		for _, p := range x.Properties {
			if v, _ := now.Property(p.Namespace, p.Name); v != p.Value {
				t.Errorf("property %s became %q", p.Path, v)
			}
		}
	}
	for _, x := range old.Texts {
		if v, ok := now.Text(x.Keyword); !ok || v != x.Value {
			t.Errorf("text %s became %q", x.Keyword, v)
		}
	}
	if (old.EXIF == nil) != (now.EXIF == nil) || old.EXIF != nil && old.EXIF.Make != now.EXIF.Make {
		t.Error("the EXIF is lost")
	}
	if (old.Trailer == nil) != (now.Trailer == nil) {
		t.Error("the trailer is lost")
	}
	for _, p := range now.Problems {
		t.Errorf("the copy has a problem: %s", p)
	}
}

// TestBreakCredentials: asked for, the label is written, and the credentials
// stay in the copy, where they no longer match.
func TestBreakCredentials(t *testing.T) {
	for name, data := range map[string][]byte{
		"JPEG": jpegWith(seg(0xeb, "JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x20jumb\x00\x00\x00\x10jumdc2pa")),
		"PNG":  pngWith(pngPiece("caBX", "x")),
	} {
		if _, err := Write(data, fresh); err == nil {
			t.Errorf("%s: written without being asked", name)
		}
		out, err := BreakCredentials(data, fresh)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, err := meta.Read(out)
		if err != nil || !carriesCredentials(m) || len(Read(m)) != 1 {
			t.Errorf("%s: got %+v, %v", name, m, err)
		}
	}
	var e *Error
	if _, err := BreakCredentials(jpegWith(), Label{}); !errors.As(err, &e) || e.Code != BadLabel {
		t.Errorf("the label is checked all the same: %v", err)
	}
}

func TestWriteRefuses(t *testing.T) {
	const xmpHead = "http://ns.adobe.com/xap/1.0/\x00"
	change := func(f func(*Label)) Label { l := fresh; f(&l); return l }
	labelled, err := Write(jpegWith(), fresh)
	if err != nil {
		t.Fatal(err)
	}
	long := packetOf(`<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="` + strings.Repeat("x", 65000) + `"/>`)
	tests := []struct {
		name  string
		data  []byte
		label Label
		code  ErrorCode
	}{
		{"no label", jpegWith(), change(func(l *Label) { l.Label = "" }), BadLabel},
		{"label 4", jpegWith(), change(func(l *Label) { l.Label = "4" }), BadLabel},
		{"producer's name", jpegWith(), change(func(l *Label) { l.ContentProducer = "doubao" }), BadProducer},
		{"check digit", jpegWith(), change(func(l *Label) { l.ContentProducer = "001191440300708461136X13080" }), BadProducer},
		{"blank around", jpegWith(), change(func(l *Label) { l.ContentProducer += " " }), BadProducer},
		{"no number", jpegWith(), change(func(l *Label) { l.ProduceID = "" }), BadProduceID},
		{"quoted number", jpegWith(), change(func(l *Label) { l.ProduceID = `a"b` }), BadProduceID},
		{"Chinese number", jpegWith(), change(func(l *Label) { l.ProduceID = "一" }), BadProduceID},
		{"half a propagator", jpegWith(), change(func(l *Label) { l.PropagateID = "1" }), HalfPropagator},
		{"propagator's name", jpegWith(), change(func(l *Label) { l.ContentPropagator, l.PropagateID = "x", "1" }), BadPropagator},
		{"propagator's number", jpegWith(), change(func(l *Label) { l.ContentPropagator, l.PropagateID = fresh.ContentProducer, "a b" }), BadPropagateID},
		{"GIF", gifWith(), fresh, BadFormat},
		{"not a picture", []byte("hello"), fresh, BadFormat},
		{"labelled", labelled, fresh, AlreadyLabelled},
		{"labelled otherwise", labelled, change(func(l *Label) {
			l.ProduceID = "other"
			l.ContentPropagator, l.PropagateID = fresh.ContentProducer, "1"
		}), AlreadyLabelled},
		{"labelled twice over", pngWith(pngPiece("tEXt", "AIGC\x00"+fresh.JSON()), pngPiece("tEXt", "Comment\x00AIGC"+fresh.JSON())), spread, OddLabel},
		{"not a picture, bad label", []byte("hello"), Label{}, BadFormat},
		{"labelled oddly", jpegWith(seg(0xfe, "AIGC"+fresh.JSON())), spread, OddLabel},
		{"credentials", jpegWith(seg(0xeb, "JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x20jumb\x00\x00\x00\x10jumdc2pa")), fresh, HasCredentials},
		{"credentials in PNG", pngWith(pngPiece("caBX", "x")), fresh, HasCredentials},
		{"cut JPEG", jpegWith()[:40], fresh, BrokenFile},
		{"cut PNG", pngWith()[:60], fresh, BrokenFile},
		{"cut WebP", webpWith()[:40], fresh, BrokenFile},
		{"cut MP4", filmWith(ftypMP4, true)[:100], fresh, BrokenFile},
		{"broken XMP", jpegWith(seg(0xe1, xmpHead+"<x:xmpmeta><rdf:RDF>")), fresh, BadXMP},
		{"full XMP", jpegWith(seg(0xe1, xmpHead+long)), fresh, XMPTooLong},
		{"fragmented", append(filmWith(ftypMP4, true), box("moof", "")...), fresh, Fragmented},
		{"fragmented head", filmWith(ftypMP4, true, box("mvex", "")), fresh, Fragmented},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := Write(tt.data, tt.label)
			var e *Error
			if !errors.As(err, &e) || e.Code != tt.code || out != nil {
				t.Fatalf("got %d bytes and %v, want %s", len(out), err, tt.code)
			}
			if text := e.Text(); text.EN == "" || text.ZH == "" || strings.HasSuffix(text.EN, ": ") {
				t.Errorf("no words: %+v", text)
			}
		})
	}
}

// TestPropagatorJoinsForeignLabels adds a platform's fields to labels that
// others wrote in their own style.
func TestPropagatorJoinsForeignLabels(t *testing.T) {
	theirs := Label{Label: Generated, ContentProducer: "豆包", ProduceID: "id 1", ReservedCode1: "signature"}
	xmp := "XML:com.adobe.xmp\x00\x00\x00\x00\x00"
	for name, data := range map[string][]byte{
		"text.png":       pngWith(pngPiece("tEXt", "AIGC\x00"+theirs.JSON()), pngPiece("tEXt", "Software\x00x")),
		"both.png":       pngWith(pngPiece("iTXt", xmp+elementPacket(theirs.JSON())), pngPiece("zTXt", "AIGC\x00\x00"+deflate(theirs.JSON()))),
		"wrapped.jpg":    jpegWith(seg(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+elementPacket(`{"AIGC":`+theirs.JSON()+`}`))),
		"attribute.jpg":  jpegWith(seg(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+attributePacket(theirs.JSON()))),
		"attribute.webp": webpWith(webpPiece("XMP ", attributePacket(theirs.JSON()))),
		"key.mp4":        filmWith(ftypMP4, false, box("udta", box("meta", full, keyed("AIGC", theirs.JSON())))),
	} {
		t.Run(name, func(t *testing.T) {
			mine := theirs
			mine.ContentPropagator, mine.PropagateID, mine.ReservedCode1 = spread.ContentPropagator, "p-1", ""
			out, err := Write(data, mine)
			if err != nil {
				t.Fatal(err)
			}
			mine.ReservedCode1 = theirs.ReservedCode1 // kept, though not repeated
			m, _ := meta.Read(out)
			if got := Read(m); len(got) != 1 || got[0].Label != mine || len(got[0].Departures) > 0 {
				t.Errorf("read back %+v", got)
			}
			if name != "attribute.webp" && !bytes.Equal(pixels(t, name, data), pixels(t, name, out)) {
				t.Error("the pixels differ")
			}
		})
	}
}

// TestFilmDecodesTheSame has a real film drawn, labelled and decoded.
func TestFilmDecodesTheSame(t *testing.T) {
	tool, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed here")
	}
	run := func(args ...string) []byte {
		out, err := exec.CommandContext(t.Context(), tool, append([]string{"-v", "error", "-y"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("ffmpeg %v: %v\n%s", args, err, out)
		}
		return out
	}
	dir := t.TempDir()
	film, labelled := filepath.Join(dir, "film.mp4"), filepath.Join(dir, "labelled.mp4")
	for _, flags := range []string{"faststart", "faststart+use_metadata_tags", "disable_chpl"} {
		run("-f", "lavfi", "-i", "testsrc=s=96x64:d=1:r=8", "-c:v", "mpeg4", "-movflags", flags, "-metadata", "comment=hello", film)
		data, err := os.ReadFile(film)
		if err != nil {
			t.Fatal(err)
		}
		out, err := Write(data, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(labelled, out, 0o600); err != nil {
			t.Fatal(err)
		}
		frames := run("-i", labelled, "-f", "framemd5", "-")
		if want := run("-i", film, "-f", "framemd5", "-"); !bytes.Equal(frames, want) || !bytes.Contains(frames, []byte("0,")) {
			t.Errorf("%s: the frames differ:\n%s", flags, frames)
		}
		if tags := run("-i", labelled, "-f", "ffmetadata", "-"); !bytes.Contains(tags, []byte("AIGC=")) || !bytes.Contains(tags, []byte("hello")) {
			t.Errorf("%s: ffmpeg reads %s", flags, tags)
		}
	}
}

// TestOffsetsFollowMedia moves only what lies behind moov.
func TestOffsetsFollowMedia(t *testing.T) {
	for _, mediaFirst := range []bool{true, false} {
		data := filmWith(ftypMP4, mediaFirst)
		out, err := Write(data, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if got := filmSamples(t, out); got != "sample-onesample-two3" {
			t.Errorf("media first %v: samples %q", mediaFirst, got)
		}
	}
}

// TestExiftoolReadsBack asks an independent reader.
func TestExiftoolReadsBack(t *testing.T) {
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("exiftool is not installed here (Debian: libimage-exiftool-perl)")
	}
	dir := t.TempDir()
	args := []string{"-json", "-G1", "-a", "-struct", "-validate", "-warning", "-error", "-AIGC"}
	for name, data := range inputs(t) {
		if name == "quicktimekey.mov" {
			continue // exiftool wants a version in udta/meta, which this file has not
		}
		out, err := Write(data, spread)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	listing, err := exec.CommandContext(t.Context(), tool, args...).Output()
	if err != nil {
		t.Fatalf("exiftool: %v\n%s", err, listing)
	}
	var files []map[string]any
	if err := json.Unmarshal(listing, &files); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Base(f["SourceFile"].(string))
		found := false
		for tag, v := range f {
			if !strings.HasSuffix(strings.ToLower(tag), ":aigc") {
				continue
			}
			text, isText := v.(string)
			if !isText {
				raw, _ := json.Marshal(v)
				text = string(raw)
			}
			found = found || text == spread.JSON()
			if !found {
				t.Errorf("%s: %s is %s", name, tag, text)
			}
		}
		if !found {
			t.Errorf("%s: exiftool sees no label: %v", name, f)
		}
	}
	t.Logf("exiftool read %d files", len(files))
}

// TestWritePublicPictures labels real photographs of many cameras and editors.
func TestWritePublicPictures(t *testing.T) {
	const root = "../../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the public pictures are not here: see CONTRIBUTING.md")
	}
	written, refused := 0, 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		out, err := Write(data, fresh)
		var e *Error
		if errors.As(err, &e) {
			if e.Code != BadFormat && e.Code != HasCredentials {
				t.Errorf("%s: %v", filepath.Base(name), err)
			}
			refused++
			return nil
		}
		written++
		if written%100 == 1 && !bytes.Equal(pixels(t, name, data), pixels(t, name, out)) {
			t.Errorf("%s: the pixels differ", filepath.Base(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pictures labelled; %d files are no pictures or carry credentials", written, refused)
}

func FuzzWrite(f *testing.F) {
	f.Add(jpegWith())
	f.Add(pngWith(pngPiece("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+packetOf(someXMP))))
	f.Add(webpWith())
	f.Add(filmWith(ftypMP4, false, box("udta", box("meta", full, keyed("AIGC", fresh.JSON())))))
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		_, _ = Write(data, spread) // it verifies its own work
		if !bytes.Equal(before, data) {
			t.Error("the original was changed")
		}
	})
}
