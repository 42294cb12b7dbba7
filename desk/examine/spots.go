package examine

import (
	"cmp"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// spot is one distinctive place of a picture as 64 bits: each says on which
// side of a plane its descriptor lies (Charikar 2002, "Similarity estimation
// techniques from rounding algorithms"). The same spot in a cropped, scaled or
// recompressed copy differs in a few bits. A hash of the whole picture does
// not survive a crop of a tenth; a handful of its spots survives one of four.
type spot uint64

const (
	spotSide    = 800 // pixels of the longer side at which spots are searched
	spotsSought = 400
	spotsAsked  = 64 // the strongest of a new picture, looked up
	spotsStored = 24 // the strongest of a stored one, indexed: a multiple of spotsPerRow
	spotsPerRow = 4

	// spotRow and above as Fingerprint.Quality marks a row that holds four
	// spots instead of a hash of the whole picture.
	spotRow = 1000
)

// planes are the normals, drawn once and for all.
type planes [64][128]int8

// spotPlanes draws the normals from a fixed seed, always the same.
func spotPlanes() *planes {
	draw := rand.NewPCG(64, 128)
	var p planes
	for k := range p {
		for i := range p[k] {
			p[k][i] = int8(2*int(draw.Uint64()&1) - 1)
		}
	}
	return &p
}

// medians are where the planes lie: half of the descriptors of 80 photographs
// (shelves, toys, a clock, a statue; shared/data) are on either side.
var medians = [64]int{
	-477, 129, 199, 616, 407, -1030, 558, 337, 316, -486, 458, 924, -648, 29, 382, -323,
	437, 925, 92, -736, -184, -19, -600, -380, -385, -169, 311, 129, -41, -234, -604, 645,
	570, -268, 771, -366, -553, -250, -59, 311, 213, -49, 481, 301, 27, 126, -865, 292,
	527, 56, -448, -306, 1133, 139, 551, -339, 93, -129, 246, 41, 258, -734, -260, 7,
}

func (p *planes) spot(d [128]uint8) (s spot) {
	for k := range p {
		sum := 0
		for i, v := range d {
			sum += int(p[k][i]) * int(v)
		}
		if sum > medians[k] {
			s |= 1 << k
		}
	}
	return s
}

// spotsOf finds the strongest spots of a picture, strongest first.
func spotsOf(p *imaging.Picture) []spot {
	base := p.Luma(spotSide * 3 / 2)
	scale := spotSide / float64(max(base.Width, base.Height))
	set := feature.Detect(imaging.Resize(base, max(1, int(float64(base.Width)*scale)), max(1, int(float64(base.Height)*scale))), spotsSought)
	by := make([]int, len(set.Points))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int { return cmp.Compare(set.Response(b), set.Response(a)) })
	normals := spotPlanes()
	out := make([]spot, 0, spotsAsked)
	for _, i := range by[:min(len(by), spotsAsked)] {
		out = append(out, normals.spot(set.Descriptor(i)))
	}
	return out
}

// fingerprints are the rows that make the picture findable: first the hash of
// the whole (zero where there is none: the bytes can be found all the same),
// then its strongest spots, four a row.
func (l *looked) fingerprints(o opened) []desk.Fingerprint {
	row := desk.Fingerprint{Evidence: l.c.Item.ID, SHA256: l.c.Item.SHA256, ClaimID: l.c.Item.ClaimID, BuyerID: l.c.BuyerID}
	whole := row
	whole.Quality = o.Quality
	for i, w := range o.PDQ[0] {
		binary.BigEndian.PutUint64(whole.PDQ[8*i:], w)
	}
	out := []desk.Fingerprint{whole}
	for at := 0; at+spotsPerRow <= min(len(o.Spots), spotsStored); at += spotsPerRow {
		part := row
		part.Quality = spotRow + at/spotsPerRow
		for i, s := range o.Spots[at : at+spotsPerRow] {
			binary.BigEndian.PutUint64(part.PDQ[8*i:], uint64(s))
		}
		out = append(out, part)
	}
	return out
}
