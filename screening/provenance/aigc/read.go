package aigc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/imaging/meta"
)

// Bounds on one file: labels kept, and bytes of longer text that are tried as
// a label, so that a file full of decoys costs no more than a second.
const (
	maxLabels = 32
	maxTried  = 2 << 20
)

// Read finds every label in a file's metadata.
func Read(m *meta.Metadata) Labels {
	r := &reader{format: m.Format}
	for _, x := range m.XMP {
		r.xmp(x)
	}
	for _, e := range m.EXIFs() {
		r.exif(e)
	}
	for _, t := range m.Texts {
		r.text(t)
	}
	for _, f := range m.IPTC {
		r.embedded(f.Value, f.Where, OtherText)
	}
	for _, b := range m.Blocks {
		r.bytes(b)
	}
	if m.Trailer != nil {
		r.bytes(*m.Trailer)
	}
	slices.SortStableFunc(r.labels, func(a, b Found) int { return a.Form.rank() - b.Form.rank() })
	return r.labels
}

// rank orders forms by how near they are to the guides.
func (f Form) rank() int {
	switch f {
	case XMPElement, XMPAttribute, FilmKey, PNGText, UserComment:
		return 0
	case Bare:
		return 2
	}
	return 1
}

type reader struct {
	format string
	labels Labels
	tried  int
}

// add keeps a label, unless the same one was read from the same bytes before:
// a block is looked at again in the raw when its fields have been read.
func (r *reader) add(v value, text string, w meta.Where, form Form, more ...Departure) {
	for _, have := range r.labels {
		overlap := w.Offset < have.Where.Offset+have.Where.Length && have.Where.Offset < w.Offset+w.Length
		if overlap && (form == Bare || form == XMPText || have.Label == v.Label && have.Form == form) {
			return
		}
	}
	if len(r.labels) >= maxLabels {
		return
	}
	for _, d := range more {
		v.depart(d)
	}
	r.labels = append(r.labels, Found{
		Label: v.Label, Service: v.service, ServiceUser: v.serviceUser,
		Where: w, Form: form, Departures: v.departures, Value: text,
	})
}

// named reads a value whose carrier is itself called AIGC. wrapper says
// whether the guides want {"AIGC":…} there.
func (r *reader) named(text string, w meta.Where, form Form, wrapper bool, more ...Departure) bool {
	v, ok := parseValue(text)
	if !ok || !v.convincing() && !v.hasLabel {
		return false
	}
	if v.wrapped != wrapper {
		v.depart(OtherNesting)
	}
	r.add(v, text, w, form, more...)
	return true
}

// xmp reads the property in its two forms, a structure of that name, other
// properties that hold an object, and at last the packet as plain text.
func (r *reader) xmp(x meta.XMP) {
	before := len(r.labels)
	var structure value
	for _, p := range x.Properties {
		switch {
		case p.Name == Name || strings.EqualFold(p.Name, Name) && p.Namespace == Namespace:
			var more []Departure
			if p.Namespace != Namespace {
				more = append(more, OtherNamespace)
			}
			form := XMPElement
			if p.Attribute {
				form = XMPAttribute
			}
			r.named(p.Value, x.Where, form, false, more...)
		case p.Namespace == Namespace || strings.HasPrefix(p.Path, Name+"/"):
			structure.set(p.Name, p.Value)
		default:
			r.embedded(p.Value, x.Where, XMPText)
		}
	}
	if structure.finish(); structure.convincing() {
		r.add(structure, "", x.Where, XMPStructure, OtherPlace)
	}
	if len(r.labels) == before {
		r.embedded(string(x.Raw), x.Where, XMPText)
	}
}

// exif reads UserComment, where the guide puts the wrapped object, and then
// all other fields of text.
func (r *reader) exif(e *meta.EXIF) {
	for _, t := range e.Tags {
		if t.Text == "" || len(t.Text) > maxValue {
			continue
		}
		w := meta.Where{Carrier: e.Carrier + " " + tagName(t.ID), Offset: t.Offset, Length: len(t.Raw)}
		const userComment = 0x9286
		if t.ID == userComment && strings.HasPrefix(strings.TrimSpace(t.Text), "{") {
			if v, ok := parseValue(t.Text); ok && v.convincing() {
				if !v.wrapped {
					v.depart(OtherNesting)
				}
				r.add(v, t.Text, w, UserComment)
				continue
			}
		}
		form := EXIFText
		if t.ID == userComment {
			form = UserComment
		}
		r.embedded(t.Text, w, form)
	}
}

func tagName(id uint16) string {
	switch id {
	case 0x9286:
		return "UserComment"
	case 0x010e:
		return "ImageDescription"
	case 0x0131:
		return "Software"
	case 0x013b:
		return "Artist"
	case 0x8298:
		return "Copyright"
	case 0x9c9c:
		return "XPComment"
	}
	return "text"
}

// text reads PNG chunks and film keys named AIGC, and all others.
func (r *reader) text(t meta.Text) {
	var more []Departure
	if t.Compressed {
		more = append(more, Compressed)
	}
	switch t.Charset {
	case meta.GB18030:
		more = append(more, Chinese)
	case meta.Latin1:
		more = append(more, Latin1)
	}
	film := r.format == "mp4"
	last := t.Keyword[strings.LastIndexAny(t.Keyword, ".:/")+1:]
	if strings.EqualFold(strings.TrimSpace(last), Name) {
		form := OtherText
		switch {
		case film:
			form = FilmKey
			if !strings.HasSuffix(t.Carrier, "moov/udta/meta/ilst") {
				more = append(more, OtherPlace)
			}
		case strings.HasPrefix(t.Carrier, "PNG"):
			form = PNGText
		}
		if t.Keyword != Name {
			more = append(more, OtherNames)
		}
		if r.named(t.Value, t.Where, form, false, more...) {
			return
		}
	}
	r.embedded(t.Value, t.Where, OtherText, more...)
}

// bytes looks into a block that is no metadata field, or whose fields could
// not be read.
func (r *reader) bytes(b meta.Block) {
	const extended = "JPEG APP1 extended XMP" // whose pieces are blocks of their own
	read := slices.ContainsFunc(r.labels, func(f Found) bool { return f.Where.Carrier == extended })
	if read && bytes.HasPrefix(b.Body, []byte("http://ns.adobe.com/xmp/extension/")) {
		return
	}
	if bytes.Contains(b.Body, []byte(Name)) || bytes.Contains(b.Body, []byte("ServiceProvider")) {
		r.embedded(string(b.Body), b.Where, Bare)
	}
}

// embedded finds labels inside longer text: an object after the word AIGC, or
// text that is wholly one.
func (r *reader) embedded(text string, w meta.Where, form Form, more ...Departure) {
	if form != UserComment {
		more = append(more, OtherPlace)
	}
	if !strings.Contains(text, Name) {
		t := strings.TrimSpace(text)
		mayBe := strings.Contains(t, "ContentProducer") || strings.Contains(t, "ServiceProvider") && strings.Contains(t, "ServiceUser")
		if !mayBe || len(t) > maxValue || r.tried > maxTried {
			return
		}
		r.tried += len(t)
		if form == Bare || form == XMPText {
			t = object(t[max(0, strings.IndexByte(t, '{')):])
		}
		if v, ok := parseValue(t); ok && v.convincing() {
			v.depart(OtherNesting)
			r.add(v, t, w, form, more...)
		}
		return
	}
	for at := 0; r.tried <= maxTried; {
		i := strings.Index(text[at:], Name)
		if i < 0 {
			return
		}
		at += i + len(Name)
		if t, ok := afterName(text[at:]); ok {
			r.tried += len(t)
			if v, ok := parseValue(t); ok && v.convincing() {
				v.wrapped = true
				r.add(v, t, w, form, more...)
				at += len(t)
			}
		}
	}
}

// joints may stand between the name and its object, in whatever escapes.
var joints = strings.NewReplacer("&quot;", "", "&#34;", "", "&#x22;", "", "&apos;", "", "&#39;", "", "&amp;", "", "quot;", "",
	"<![CDATA[", "", "%22", "", "%3A", "", "%20", "")

// afterName returns the object that follows the name, if nothing but joints
// stands between them.
func afterName(rest string) (string, bool) {
	near := rest[:min(len(rest), 80)] // looking further would be quadratic
	brace := strings.IndexByte(near, '{')
	if escaped := strings.Index(near, "%7B"); brace < 0 && escaped >= 0 {
		brace = escaped
	}
	if brace < 0 || brace > 64 {
		return "", false
	}
	if strings.Trim(joints.Replace(rest[:brace]), "\x00\"'\\ \t\r\n:=>[：“”") != "" {
		return "", false
	}
	return object(rest[brace:]), true
}

// object cuts text behind the brace that closes its first one; braces inside
// quotation marks are rare enough not to count. Unclosed text is cut at
// maxValue.
func object(text string) string {
	if strings.HasPrefix(text, "%7B") {
		if end := strings.LastIndex(text[:min(len(text), maxValue)], "%7D"); end >= 0 {
			return text[:end+3]
		}
	}
	depth := 0
	for i := 0; i < len(text) && i < maxValue; i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text[:min(len(text), maxValue)]
}
