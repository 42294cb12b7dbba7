package traces

import (
	"bytes"
	"strings"

	"github.com/evenhand/evenhand/imaging/meta"
)

// Fields that are no metadata field of a standard.
const (
	stealthField = "pixels.stealth"  // text hidden in the pixels, see Stealth
	samsungField = "trailer.samsung" // Samsung's trailer from the editor's block on
)

// processingSoftware is the TIFF tag of the program that last worked on a file
// (Exiv2 and others; not in EXIF itself).
const processingSoftware = 0x000b

// longest is how much of one value is looked at, in bytes: ComfyUI writes
// megabytes, but says who it is near the start and all over.
const longest = 1 << 16

// field is one value with its name in this package and its place in the file.
type field struct {
	name, value string
	where       meta.Where
}

// fields lists all that rows can look at.
func fields(m *meta.Metadata, hidden string) []field {
	var out []field
	add := func(name, value string, w meta.Where) {
		if value = strings.TrimSpace(value); value != "" {
			out = append(out, field{name, value[:min(len(value), longest)], w})
		}
	}
	for _, e := range m.EXIFs() {
		for _, f := range [][2]string{
			{"Make", e.Make},
			{"Model", e.Model},
			{"Software", e.Software},
			{"HostComputer", e.HostComputer},
			{"Artist", e.Artist},
			{"Copyright", e.Copyright},
			{"ImageDescription", e.ImageDescription},
			{"UserComment", e.UserComment},
		} {
			add("exif."+f[0], f[1], e.Where)
		}
		for _, t := range e.Tags {
			if t.ID == processingSoftware {
				add("exif.ProcessingSoftware", t.Text, e.Where)
			}
		}
		// Cameras' own blocks are binary; generators write a word there.
		if len(e.MakerNote) < 64 {
			add("exif.MakerNote", string(e.MakerNote), e.Where)
		}
	}
	for _, x := range m.XMP {
		for _, p := range x.Properties {
			add("xmp."+p.Name, p.Value, x.Where)
		}
	}
	for _, f := range m.IPTC {
		if f.Record != 2 {
			continue
		}
		switch f.Dataset {
		case 65:
			add("iptc.Program", f.Value, f.Where)
		case 110:
			add("iptc.Credit", f.Value, f.Where)
		case 120:
			add("iptc.Caption", f.Value, f.Where)
		}
	}
	for _, t := range m.Texts {
		if t.Keyword == "" {
			add("comment", t.Value, t.Where)
		} else {
			add("text."+t.Keyword, t.Value, t.Where)
		}
	}
	if m.Trailer != nil {
		if at := bytes.Index(m.Trailer.Body, []byte("PhotoEditor_Re_Edit_Data")); at >= 0 {
			add(samsungField, string(m.Trailer.Body[at:min(len(m.Trailer.Body), at+longest)]), m.Trailer.Where)
		}
	}
	add(stealthField, hidden, meta.Where{Carrier: "pixels"})
	return out
}
