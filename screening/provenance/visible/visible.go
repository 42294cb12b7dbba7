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

	// Bare is true where the letters "AI" stand alone in a corner: some services
	// put no more, and shops and cameras do too. Never sure.
	Bare bool
	// Name is true where a service's name stands alone in a corner that means
	// other things, too. Never sure.
	Name bool

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
	var read []reading
	for i, l := range lines(n.finder, from) {
		s, first, ok := n.look(from, l, i < maxAgain && l.width() <= againColumns)
		if ok {
			found = append(found, s)
		}
		read = append(read, reading{l, first, ok && s.kind() == spoken})
	}
	found = undenied(append(found, joined(from, read)...))
	slices.SortStableFunc(found, func(a, b Seen) int { return cmp.Or(cmp.Compare(a.kind(), b.kind()), cmp.Compare(a.Doubt, b.Doubt)) })
	return found
}

// kind is what was seen: words say more than a name, and that more than two letters.
type kind int

const (
	spoken kind = iota // words of the lexicon, or that deny them
	name
	two
)

func (s Seen) kind() kind {
	switch {
	case s.Bare:
		return two
	case s.Name:
		return name
	}
	return spoken
}

const (
	// maxAgain is how many lines are read again where the first reading was
	// not clear, and againColumns how wide such a line may be, in the reader's
	// pixels: as a long label is. Lines of up to shortColumns, room for two or
	// three letters, all are.
	maxAgain     = 3
	againColumns = 360
	shortColumns = 100
)

// attempt is another way to read a line: its letters em times as large as the
// finder said, lower by down of their size, and slanted by lean. The reader
// knows slants of up to 0.3; beyond that the lean is taken out.
type attempt struct{ em, down, lean float64 }

// again are the attempts at a line in turn, and shortAgain those at a short
// one, whose size and place the finder knows less well.
var (
	again      = []attempt{{1.3, 0, 0}, {0.75, 0, 0}, {0.8, 0, 0.42}, {1.12, 0, 0}}
	shortAgain = []attempt{{1.3, 0, 0}, {1.3, -0.25, 0}, {1, -0.25, 0}, {1.6, -0.25, 0}, {0.75, 0, 0}}
)

// look reads one line of the picture, and again where that is allowed and it
// was not clear. first is what the first reading saw.
func (n nets) look(from sheet, l line, more bool) (best Seen, first columns, ok bool) {
	best, first, ok = n.readLine(from, l, 0)
	attempts := again
	if l.width() <= shortColumns {
		more, attempts = true, shortAgain
	}
	for _, a := range attempts {
		if !more || ok && (best.Sure || best.denied || best.kind() != spoken) {
			break
		}
		other := l
		other.em *= a.em
		other.y += a.down * l.em
		if s, _, found := n.readLine(from, other, a.lean); found && (!ok || s.kind() < best.kind() || s.kind() == best.kind() && s.Doubt < best.Doubt) {
			best, ok = s, true
		}
	}
	return best, first, ok
}

func (n nets) readLine(from sheet, l line, lean float64) (Seen, columns, bool) {
	crop := l.crop(from)
	if lean != 0 {
		crop = upright(crop, lean)
	}
	read := n.reader.read(crop)
	m, ok := best(read)
	if !ok {
		return Seen{}, read, false
	}
	s := m.seen(l.region(from, m))
	return s, read, s.kind() == spoken || l.cornered(from, s)
}

// seen is a match in its place.
func (m match) seen(where evidence.Region) Seen {
	return Seen{Words: m.words, Doubt: m.doubt, Sure: m.doubt <= sureDoubt && !m.bare && !m.name && !m.beside, Where: where, Bare: m.bare, Name: m.name, denied: m.denied}
}

const (
	// cornerAside and cornerAbove are how far, in em, the middle of two letters
	// may be from the nearest side and from the top or the bottom of the picture;
	// nameAside is that for the nearer end of a name.
	cornerAside, cornerAbove, nameAside = 2.6, 1.8, 2.5
	// bareMost is the largest size of such letters, as a part of the shorter
	// side: what is larger is print on a pack.
	bareMost = 0.09
)

// cornered says whether two letters, or a name, are as large as marks are, and
// in a corner of the picture.
func (l line) cornered(from sheet, s Seen) bool {
	w, h, r := float64(from.width), float64(from.height), s.Where
	x, y := (r.X+r.Width/2)*w, (r.Y+r.Height/2)*h
	aside, most := min(x, w-x), cornerAside*l.em
	if s.Name {
		aside, most = min(r.X, 1-r.X-r.Width)*w, nameAside*l.em
	}
	return aside <= most && min(y, h-y) <= cornerAbove*l.em && l.em <= bareMost*min(w, h)
}

// muchClearer is by how much less doubt a label must be read than a denial in
// the same place to stand: "由AI生成" read at half its size may end in "非AI生成".
const muchClearer = 0.4

// undenied drops denials, and labels that another reading of the same place
// denies: the finder may have cut off the word that does.
func undenied(found []Seen) []Seen {
	var out []Seen
	for _, s := range found {
		if !s.denied && !slices.ContainsFunc(found, func(o Seen) bool { return o.denied && overlap(o.Where, s.Where) && s.Doubt > o.Doubt-muchClearer }) {
			out = append(out, s)
		}
	}
	return out
}

// overlap says whether two places share any part.
func overlap(a, b evidence.Region) bool {
	return a.X < b.X+b.Width && b.X < a.X+a.Width && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height
}
