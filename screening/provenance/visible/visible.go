// Package visible reads the label that AI services put into a corner of the
// pictures they make, for people to see: "AI生成", "AI-generated" and the like,
// as GB 45438-2025 (text at least 5 % of the shorter side high, on an edge or a
// corner) and other rules ask for it.
//
// Two small nets do the seeing. The finder marks, along the top and the bottom
// edge at low resolution, where lines of text run and how high they are. The
// reader says for each column of such a line which character stands there,
// among those that labels are made of. What it says is matched with the words
// of the lexicon; no words, no finding. The folder train holds the program that
// made the nets' weights.
package visible

import (
	"cmp"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// Seen is one label as it stands in a picture.
type Seen struct {
	// Words are the lexicon's words that were read, as they are usually written.
	Words string
	// Doubt is how far the reading is from one without any doubt: the mean
	// over the characters of -ln(probability), 0 at best.
	Doubt float64
	// Sure is true where Doubt is below what pictures without a label reach.
	Sure bool
	// Where the words stand in the upright picture.
	Where evidence.Region

	denied bool // the words stand in a sentence that says the opposite
}

// minSide is the least shorter side, in pixels, of a picture that is looked at:
// letters of a twentieth of it would be under 8 pixels high.
const minSide = 160

// maxAspect is how many times higher than wide a picture may be: screenshots of
// whole pages are long. How wide one may be is maxWide.
const maxAspect = 20

// Read looks for labels in the upright picture, the surest first. Its work is
// bounded whatever the picture shows: see maxLines and maxColumns.
func Read(p *imaging.Picture) []Seen {
	short, long := min(p.Width, p.Height), max(p.Width, p.Height)
	if short < minSide || long > maxAspect*short {
		return nil
	}
	from := sheetOf(p)
	n := trained()
	var found []Seen
	for i, l := range lines(n.finder, from) {
		if s, ok := n.look(from, l, i < maxAgain && l.width() <= againColumns); ok {
			found = append(found, s)
		}
	}
	found = undenied(found)
	slices.SortStableFunc(found, func(a, b Seen) int { return cmp.Compare(a.Doubt, b.Doubt) })
	return found
}

const (
	// maxAgain is how many lines are read again where the first reading was
	// not clear, and againColumns how wide such a line may be, in the reader's
	// pixels: as a long label is.
	maxAgain     = 2
	againColumns = 360
)

// again is how much larger the letters are taken to be than the finder said,
// reading after reading.
var again = [...]float64{1.3, 0.75}

// look reads one line of the picture, and again where that is allowed and it
// was not clear.
func (n nets) look(from sheet, l line, more bool) (Seen, bool) {
	best, ok := n.readLine(from, l)
	for _, k := range again {
		if !more || ok && (best.Sure || best.denied) {
			break
		}
		other := l
		other.em *= k
		if s, found := n.readLine(from, other); found && (!ok || s.Doubt < best.Doubt) {
			best, ok = s, true
		}
	}
	return best, ok
}

func (n nets) readLine(from sheet, l line) (Seen, bool) {
	m, ok := best(n.reader.read(l.crop(from)))
	if !ok {
		return Seen{}, false
	}
	return Seen{Words: m.words, Doubt: m.doubt, Sure: m.doubt <= sureDoubt, Where: l.region(from, m), denied: m.denied}, true
}

// undenied drops denials, and labels that another reading of the same place
// denies: the finder may have cut off the word that does.
func undenied(found []Seen) []Seen {
	var out []Seen
	for _, s := range found {
		if !slices.ContainsFunc(found, func(o Seen) bool { return o.denied && overlap(o.Where, s.Where) }) {
			out = append(out, s)
		}
	}
	return out
}

// overlap says whether two places share any part.
func overlap(a, b evidence.Region) bool {
	return a.X < b.X+b.Width && b.X < a.X+a.Width && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height
}
