// Package evidence holds the words for what parties send in and what
// instruments say about it. It does no I/O and imports nothing but the
// standard library.
package evidence

import "github.com/evenhand/evenhand/text"

// Strength says how much a finding may be leaned on.
type Strength string

// The strengths, strongest first.
const (
	Conclusive Strength = "conclusive" // stands alone; FalseAlarm states its bound
	Strong     Strength = "strong"     // a reviewer should look
	Weak       Strength = "weak"       // adds up with others
	Note       Strength = "note"       // context only
)

// Rank orders strengths: 4 for conclusive down to 1 for a note, 0 for none.
func (s Strength) Rank() int {
	switch s {
	case Conclusive:
		return 4
	case Strong:
		return 3
	case Weak:
		return 2
	case Note:
		return 1
	}
	return 0
}

// Stance says whom a finding speaks for.
type Stance string

// The stances: against the claim, for it, or neither.
const (
	Against Stance = "against"
	For     Stance = "for"
	Neutral Stance = "neutral"
)

// Code names a kind of finding as "<area>.<what>"; it is stable API.
type Code string

// The codes of findings that exist today.
const (
	ReferenceSameCapture     Code = "reference.same_capture"
	ProvenanceAIGCLabel      Code = "provenance.aigc_label"
	ProvenanceGeneratorTrace Code = "provenance.generator_trace"
	ProvenanceAIWatermark    Code = "provenance.ai_watermark"
	MetadataInconsistent     Code = "metadata.inconsistent"
	ProvenanceC2PAAI         Code = "provenance.c2pa_ai"
	ProvenanceC2PAInvalid    Code = "provenance.c2pa_invalid"
	ProvenanceC2PACamera     Code = "provenance.c2pa_camera"
	TraceForeignGrid         Code = "trace.foreign_grid"
	TraceCompressedOnce      Code = "trace.compressed_once"
	TraceCopyMove            Code = "trace.copy_move"
	TraceModelSize           Code = "trace.model_size"
)

// RegionKind says what a region marks.
type RegionKind string

// The kinds of region.
const (
	Altered RegionKind = "altered" // differs from the reference it was copied from
	Copied  RegionKind = "copied"  // carries the reference's own pixels
	Words   RegionKind = "words"   // holds words that say what the picture is
	Asked   RegionKind = "asked"   // a place that another picture was asked about
)

// Region is a rectangle in the upright picture, in fractions of its width and
// height: 0 to 1 from the top-left corner.
type Region struct {
	X      float64    `json:"x"`
	Y      float64    `json:"y"`
	Width  float64    `json:"width"`
	Height float64    `json:"height"`
	Kind   RegionKind `json:"kind"`
}

// Finding is what one detector says about one piece of evidence.
type Finding struct {
	Code     Code     `json:"code"`
	Strength Strength `json:"strength"`
	Stance   Stance   `json:"stance"`
	// Reference names the file compared with, as the caller named it.
	Reference string `json:"reference,omitempty"`
	// FalseAlarm bounds the expected number of such findings on honest
	// evidence, per comparison; 0 where no bound is claimed.
	FalseAlarm float64   `json:"false_alarm,omitempty"`
	Regions    []Region  `json:"regions,omitempty"`
	Text       text.Text `json:"text"`
	// Measured holds the numbers behind the finding, by stable name.
	Measured map[string]float64 `json:"measured,omitempty"`
}
