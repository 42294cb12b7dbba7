// Package screening runs detectors over pictures and gathers what they find.
package screening

import (
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening/provenance/aigc"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/text"
)

// Schema names the shape of Inspection; it changes when a field's meaning does.
const Schema = "evenhand.inspection/1"

// Inspection is the result of one look at a set of claim pictures.
type Inspection struct {
	Schema     string          `json:"schema"`
	Claim      []ClaimFile     `json:"claim"`
	References []ReferenceFile `json:"references"`
	Errors     []FileError     `json:"errors,omitempty"`
	Summary    Summary         `json:"summary"`
}

// ClaimFile is one inspected picture and what was found in it.
type ClaimFile struct {
	File     string             `json:"file"`
	SHA256   string             `json:"sha256"`
	Format   string             `json:"format"`
	Width    int                `json:"width"`
	Height   int                `json:"height"`
	Findings []evidence.Finding `json:"findings"`
	// C2PA sums up the file's Content Credentials, where it has any.
	C2PA *c2pa.Summary `json:"c2pa,omitempty"`
	// Duty is what article 6 of China's labelling Measures asks of a platform
	// that publishes the file, where it asks anything.
	Duty *aigc.Duty `json:"duty,omitempty"`
}

// ReferenceFile is one picture that claims were compared with.
type ReferenceFile struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// FileError says why one file could not be inspected.
type FileError struct {
	File string    `json:"file"`
	Text text.Text `json:"text"`
}

// Summary is the strongest thing found over all claim pictures.
type Summary struct {
	Stance   evidence.Stance   `json:"stance"`
	Strength evidence.Strength `json:"strength,omitempty"`
}
