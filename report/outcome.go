package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// Outcome is the one line to remember of a claim picture.
type Outcome int

// The outcomes, gravest first.
const (
	Matched      Outcome = iota // made from a reference
	Declared                    // the file itself says what speaks against the claim
	LikelyMatch                 // a reviewer should look
	Redrawn                     // the same, of a picture that was drawn anew
	Contradicted                // another photo of the goods shows something else
	Hint                        // weak findings
	Supported                   // the strongest finding speaks for the claim
	NotesOnly                   // compared, and there is something to note
	NothingFound                // compared, and nothing ties it to a reference
	NotCompared                 // there was nothing readable to compare it with
)

// Compared is how many pictures a claim picture was laid beside.
type Compared struct {
	References int
	Photos     int // other photos of the same claim
}

// none is whether nothing was compared.
func (c Compared) none() bool { return c.References == 0 && c.Photos == 0 }

// comparedWith counts what the claim picture i was laid beside.
func comparedWith(in *screening.Inspection, i int) Compared {
	return Compared{References: len(in.References), Photos: len(in.Beside(i))}
}

// OutcomeOf judges nothing new: it names what c's first finding, the
// strongest, already says.
func OutcomeOf(c screening.ClaimFile, with Compared) Outcome {
	// Notes are context: a photo saved by an editor is still a photo in which
	// nothing was found. One about a comparison is what came of it.
	if len(c.Findings) == 0 || c.Findings[0].Strength.Rank() < evidence.Weak.Rank() {
		switch {
		case with.none():
			return NotCompared
		case slices.ContainsFunc(c.Findings, ofComparison):
			return NotesOnly
		}
		return NothingFound
	}
	f := c.Findings[0]
	switch {
	case f.Stance == evidence.For:
		return Supported
	case f.Strength == evidence.Weak || f.Stance != evidence.Against:
		return Hint
	case f.Code == evidence.AngleInconsistent:
		return Contradicted
	case isDetector(f.Code):
		return Hint // a network's guess is nothing that the file declares
	case f.Code != evidence.ReferenceSameCapture:
		return Declared
	case f.Measured[evidence.Redrawn] != 0:
		return Redrawn
	case f.Strength == evidence.Conclusive:
		return Matched
	}
	return LikelyMatch
}

func isAngle(code evidence.Code) bool { return strings.HasPrefix(string(code), "angle.") }

// ofComparison is whether f tells what came of laying two pictures side by side.
func ofComparison(f evidence.Finding) bool {
	return isAngle(f.Code) || strings.HasPrefix(string(f.Code), "reference.")
}

// Headline says in one short line what was found in c.
func Headline(c screening.ClaimFile, with Compared) text.Text {
	switch OutcomeOf(c, with) {
	case NotCompared:
		return text.Text{EN: "Nothing to compare this photo with", ZH: "没有可以比对的对照图"}
	case NothingFound:
		if with.References == 0 {
			return text.Text{
				EN: "Laid beside " + plural(with.Photos, "other photo") + ", with nothing found against it",
				ZH: fmt.Sprintf("与另外 %d 张照片比对，未发现不利迹象", with.Photos),
			}
		}
		return text.Text{EN: "Nothing ties this photo to " + referencesEN(with.References), ZH: fmt.Sprintf("与 %d 张对照图比对，未发现同源", with.References)}
	case NotesOnly:
		return FindingTitle(c.Findings[slices.IndexFunc(c.Findings, ofComparison)])
	}
	return FindingTitle(c.Findings[0])
}

func referencesEN(n int) string {
	if n == 1 {
		return "the reference"
	}
	return fmt.Sprintf("any of the %d references", n)
}
