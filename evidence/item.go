package evidence

import (
	"time"

	"github.com/evenhand/evenhand/text"
)

// Medium is what kind of thing a piece of evidence is.
type Medium string

// The media.
const (
	Photo     Medium = "photo"
	Video     Medium = "video"
	Statement Medium = "statement" // words; kept as a UTF-8 text file
)

// Purpose is what a piece of evidence is meant to show.
type Purpose string

// The purposes.
const (
	Whole       Purpose = "whole"        // the whole article in one picture
	CloseUp     Purpose = "close_up"     // the fault from near
	SecondAngle Purpose = "second_angle" // the fault from another side
	Unboxing    Purpose = "unboxing"     // a video of opening the parcel
	Destruction Purpose = "destruction"  // a video of goods being destroyed where a return is waived
	Label       Purpose = "label"        // the parcel's label, the date stamp
	Packing     Purpose = "packing"      // the merchant's record of packing
	Listing     Purpose = "listing"      // the shop's own picture of the article
	Other       Purpose = "other"
)

// Purposes lists them all.
var Purposes = []Purpose{Whole, CloseUp, SecondAngle, Unboxing, Destruction, Label, Packing, Listing, Other}

// Item is one piece of evidence and its custody: what came, from whom, when,
// how. The bytes are kept under their SHA-256 and never change.
type Item struct {
	ID string `json:"id"`
	// ClaimID is empty for pictures that belong to an order (listing, packing).
	ClaimID string  `json:"claim_id,omitempty"`
	OrderID string  `json:"order_id"`
	LineID  string  `json:"line_id,omitempty"`
	Party   string  `json:"party"` // "buyer", "merchant" or "platform"
	By      string  `json:"by"`    // the actor's id
	Purpose Purpose `json:"purpose"`
	Medium  Medium  `json:"medium"`
	SHA256  string  `json:"sha256"` // hex, of the bytes
	Size    int64   `json:"size"`   // bytes
	Type    string  `json:"type"`   // media type as found in the bytes, not as claimed
	Name    string  `json:"name,omitempty"`
	// Captured says how it was taken, where the app knows: "upload" or "camera".
	Captured   string    `json:"captured,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	Width      int       `json:"width,omitempty"` // pixels, upright; 0 unknown
	Height     int       `json:"height,omitempty"`
	// WithdrawnAt is set where the buyer removed the item from a draft: it counts
	// for nothing and is shown to nobody, and its bytes are kept.
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
	// Screening is nil until the detectors have run.
	Screening *Screening `json:"screening,omitempty"`
}

// Screening is what the detectors said of one item.
type Screening struct {
	// Detectors names the set of detectors and its version.
	Detectors string    `json:"detectors"`
	At        time.Time `json:"at"`
	Findings  []Finding `json:"findings"`
	// Error is set where the item could not be read.
	Error *text.Text `json:"error,omitempty"`
}
