package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Sighter asks one photo about a place on another.
type Sighter interface {
	// Sight says what the photo b shows of a place on the photo a, which is
	// named by the SHA-256 of its bytes; the finding's words and its reference
	// are of b. An *imaging.Error or ErrNotFound is b's; where a itself cannot
	// be read, ErrMarked is in the error.
	Sight(ctx context.Context, a string, b evidence.Item, place evidence.Region) (evidence.Finding, error)
}

// ErrMarked says that the photo that a place is marked on cannot be read.
var ErrMarked = errors.New("the marked photo cannot be read")

// Sighting is what another photo of the claim shows of a place that a person
// marked. It is an answer, and no part of the claim's record.
type Sighting struct {
	Photo   string            `json:"photo" doc:"The id of the photo that was asked"`
	Finding *evidence.Finding `json:"finding,omitempty" doc:"What it shows of the place; measured.there_x, there_y, there_width and there_height say where that lies in it, in fractions, where that is known"`
	Error   *text.Text        `json:"error,omitempty" doc:"Why it could not be asked"`
}

// Bounds of one question. A smaller place shows too little, and about a larger
// one there is too little left by which it could be carried over.
const (
	mostSightings = 8
	leastMarkSide = 0.02
	mostMarkArea  = 0.5
)

// Sightings asks the claim's other photos about a place that the caller marks
// on one: those of the same side, the nearest in order of sending, each content
// once. The stronger answer comes first. It is for those who see all that was
// found, and keeps nothing in the record.
func (d *Desk) Sightings(ctx context.Context, by access.Caller, id string, place evidence.Region) ([]Sighting, error) {
	it, others, err := d.sightable(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if err := checkMark(place); err != nil {
		return nil, err
	}
	place.Kind = evidence.Asked
	out := []Sighting{}
	if d.opts.Sight == nil {
		return out, nil
	}
	for _, b := range others {
		s, err := d.sight(ctx, it, b, place)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, tellingFirst)
	return out, nil
}

// sight asks one photo; one that cannot be read says so for itself.
func (d *Desk) sight(ctx context.Context, it, b evidence.Item, place evidence.Region) (Sighting, error) {
	s := Sighting{Photo: b.ID}
	f, err := d.opts.Sight.Sight(ctx, it.SHA256, b, place)
	var unread *imaging.Error
	switch {
	case ctx.Err() != nil:
		return s, ctx.Err()
	case errors.Is(err, ErrMarked):
		return s, text.Refuse(CodeMedia, "path.id", "The photo that the place is marked on cannot be read; open the original file.", "标记所在的照片无法读取，请查看原始文件。").Because(err)
	case errors.As(err, &unread):
		en, zh := unread.Text()
		s.Error = &text.Text{EN: en, ZH: zh}
	case errors.Is(err, work.ErrNotFound):
		s.Error = &text.Text{EN: "The file is not in the evidence store.", ZH: "证据库中找不到该文件。"}
	case err != nil:
		return s, err
	default:
		s.Finding = &f
	}
	return s, nil
}

// sightable reads the marked photo and those to be asked, as far as the caller
// may see them.
func (d *Desk) sightable(ctx context.Context, by access.Caller, id string) (it evidence.Item, others []evidence.Item, err error) {
	err = d.read(ctx, func(tx Tx) error {
		if it, err = tx.Evidence(ctx, id); err != nil {
			return err
		}
		if it.WithdrawnAt != nil || it.ClaimID == "" && !office(by) {
			return notFound()
		}
		var items []evidence.Item
		if it.ClaimID != "" {
			c, err := d.seen(ctx, tx, by, it.ClaimID)
			if err != nil {
				return err
			}
			if DepthOf(by, c) != DepthReviewer {
				return forbidden()
			}
			if items, err = tx.EvidenceOfClaim(ctx, it.ClaimID); err != nil {
				return err
			}
		}
		if it.ClaimID == "" || it.Medium != evidence.Photo {
			return text.Refuse(text.CodeInvalid, "path.id", "A place can be marked on a photo of a claim alone.", "只能在售后申请的照片上标记。")
		}
		others = beside(it, items)
		return nil
	})
	return it, others, err
}

// beside lists the photos of a claim that one of them can be compared with,
// the nearest in order of sending first, as many as are asked.
func beside(it evidence.Item, items []evidence.Item) (out []evidence.Item) {
	at := slices.IndexFunc(items, func(s evidence.Item) bool { return s.ID == it.ID })
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	away := func(i int) int { return max(i-at, at-i) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(away(a), away(b)) })
	seen := map[string]bool{it.SHA256: true}
	for _, i := range order {
		s := items[i]
		if s.Party != it.Party || s.Medium != evidence.Photo || s.WithdrawnAt != nil || seen[s.SHA256] || len(out) == mostSightings {
			continue
		}
		seen[s.SHA256] = true
		out = append(out, s)
	}
	return out
}

// checkMark refuses what is no place on a picture, by the field that is wrong.
func checkMark(r evidence.Region) error {
	within := func(v float64) bool { return v >= 0 && v <= 1 } // not a number is within nothing
	for _, f := range []struct {
		name string
		v    float64
		ok   bool
	}{
		{"x", r.X, within(r.X)},
		{"y", r.Y, within(r.Y)},
		{"width", r.Width, within(r.Width) && r.Width >= leastMarkSide},
		{"height", r.Height, within(r.Height) && r.Height >= leastMarkSide},
	} {
		switch {
		case f.ok:
		case f.name == "x" || f.name == "y":
			return text.Refuse(text.CodeInvalid, "query."+f.name, f.name+" is a fraction of the picture, 0 to 1.", f.name+" 须为图片边长的比例，取 0 至 1。")
		default:
			return text.Refuse(text.CodeInvalid, "query."+f.name,
				fmt.Sprintf("%s is a fraction of the picture, %g to 1. Mark a larger place.", f.name, leastMarkSide),
				fmt.Sprintf("%s 须为图片边长的比例，取 %g 至 1，请标得大一些。", f.name, leastMarkSide))
		}
	}
	const slack = 1e-6 // of adding two fractions
	switch {
	case r.X+r.Width > 1+slack:
		return text.Refuse(text.CodeInvalid, "query.width", "x and width reach beyond the picture's right edge.", "x 与 width 之和超出了图片右边缘。")
	case r.Y+r.Height > 1+slack:
		return text.Refuse(text.CodeInvalid, "query.height", "y and height reach beyond the picture's lower edge.", "y 与 height 之和超出了图片下边缘。")
	case math.Min(r.Width, 1)*math.Min(r.Height, 1) > mostMarkArea:
		return text.Refuse(text.CodeInvalid, "query.width",
			"The place is more than half of the picture. Mark the damage alone: what lies around it is what carries it over.",
			"标记的范围超过图片的一半。请只标损伤处：要靠它周围的画面来推算另一张照片中的位置。")
	}
	return nil
}

// tellingFirst puts the stronger answer before the weaker, what is not there
// before what is, and what could not be asked last.
func tellingFirst(a, b Sighting) int {
	rank := func(s Sighting) int {
		if s.Finding == nil {
			return -1
		}
		return 10*s.Finding.Strength.Rank() + map[evidence.Stance]int{evidence.Against: 2, evidence.For: 1}[s.Finding.Stance]
	}
	return cmp.Compare(rank(b), rank(a))
}
