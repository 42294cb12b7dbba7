// Package aigc reads and writes China's implicit label for AI-generated
// content: the metadata value named AIGC of GB 45438-2025, as the Measures for
// Labelling AI-Generated Synthetic Content (in force since 2025-09-01) want it
// and the practice guides TC260-PG-20259A (pictures) and 20257A (video) place it.
//
// Reading is tolerant and says how and where each label was read; writing is
// strict and goes into a copy. A label is a declaration, not a proof: nothing
// signs it, anyone can type or delete it, and services also write it where an
// AI function did no more than cut out a background. Its absence proves
// nothing either: article 9 of the Measures allows unlabelled output.
package aigc

import (
	"strings"

	"github.com/evenhand/evenhand/imaging/meta"
)

// Namespace and Prefix are those of the XMP property (TC260-PG-20259A, 6).
const (
	Namespace = "http://www.tc260.org.cn/ns/AIGC/1.0/"
	Prefix    = "TC260"
	// Name is the property, the PNG keyword and the MP4 key.
	Name = "AIGC"
)

// Degree is how sure the label's writer was (GB 45438-2025, annex E).
type Degree string

// The degrees, by the digit that stands for them.
const (
	Generated Degree = "1" // is generated or synthesised by AI
	Possible  Degree = "2" // may be: the user declared it
	Suspected Degree = "3" // is suspected to be: a platform found traces
	Unstated  Degree = ""  // the label says none that can be read
)

// Label is the value's seven fields. Reserved codes hold what their writers
// like, often a signature over the others, of no published form.
type Label struct {
	Label             Degree
	ContentProducer   string // name or code of the service that made the content
	ProduceID         string // its number for the content
	ReservedCode1     string
	ContentPropagator string // name or code of the platform that spread it
	PropagateID       string // its number for the content
	ReservedCode2     string
}

// Form says how a label was kept.
type Form string

// The forms. The first five are the practice guides'.
const (
	XMPElement   Form = "xmp_element"   // <TC260:AIGC>{…}</TC260:AIGC>
	XMPAttribute Form = "xmp_attribute" // TC260:AIGC="{…}"
	UserComment  Form = "user_comment"  // EXIF UserComment {"AIGC":{…}}
	PNGText      Form = "png_text"      // tEXt, keyword AIGC
	FilmKey      Form = "film_key"      // MP4 or MOV metadata key AIGC
	XMPStructure Form = "xmp_structure" // fields as XMP properties of their own
	XMPText      Form = "xmp_text"      // inside another property, or a packet that is broken
	EXIFText     Form = "exif_text"     // another EXIF field
	OtherText    Form = "other_text"    // a comment, an IPTC field, another keyword
	Bare         Form = "bare"          // bytes of no metadata field at all
)

// Departure is one way in which a label strays from the guides.
type Departure string

// The departures.
const (
	OtherNamespace  Departure = "other_namespace"  // XMP property AIGC of another namespace
	Escaped         Departure = "escaped"          // written in HTML's, URLs' or JSON's escapes once too often
	Quoted          Departure = "quoted"           // the object is inside a JSON string
	NotJSON         Departure = "not_json"         // read in spite of broken JSON
	OtherNesting    Departure = "other_nesting"    // with the wrapper {"AIGC":…} where there should be none, or the reverse
	OtherNames      Departure = "other_names"      // field names in another spelling
	ServiceFields   Departure = "service_fields"   // ServiceProvider and ServiceUser in place of ContentProducer
	LabelSpeltOut   Departure = "label_spelt_out"  // Label is a word, not a digit
	LabelNotText    Departure = "label_not_text"   // Label is a number, not a string
	LabelUnreadable Departure = "label_unreadable" // Label is missing or none of 1, 2, 3
	Compressed      Departure = "compressed"       // a zTXt or compressed iTXt chunk
	Latin1          Departure = "latin1"           // bytes that are neither UTF-8 nor Chinese
	Chinese         Departure = "gb18030"          // GB 18030 (or GBK) in place of UTF-8
	OtherPlace      Departure = "other_place"      // a place the guides do not know
)

// Found is one label as it was read.
type Found struct {
	Label
	// Service and ServiceUser are filled from the fields of those names.
	Service, ServiceUser string
	// Where is the carrier and its place in the file.
	Where      meta.Where
	Form       Form
	Departures []Departure
	// Value is the text the label was read from.
	Value string
}

// Producer names who made the content, from whichever field says so.
func (f Found) Producer() string {
	if f.ContentProducer != "" {
		return f.ContentProducer
	}
	return f.Service
}

// Departed is true where the label strays from the guides in that way.
func (f Found) Departed(d Departure) bool {
	for _, have := range f.Departures {
		if have == d {
			return true
		}
	}
	return false
}

// Labels are all labels of one file, in the order of how much they may be
// leaned on: those in the guides' places first.
type Labels []Found

// Degree is the most definite degree any of the labels states.
func (l Labels) Degree() Degree {
	best := Unstated
	for _, f := range l {
		if f.Label.Label != Unstated && (best == Unstated || f.Label.Label < best) {
			best = f.Label.Label
		}
	}
	return best
}

// Disagree is true where two labels differ in degree, producer or number.
func (l Labels) Disagree() bool {
	for i := 1; i < len(l); i++ {
		a, b := l[0], l[i]
		if a.Label.Label != b.Label.Label || !strings.EqualFold(a.Producer(), b.Producer()) || a.ProduceID != b.ProduceID {
			return true
		}
	}
	return false
}
