package examine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
	"github.com/evenhand/evenhand/screening/reference"
)

// Bounds of asking a claim's photos about each other.
const (
	mostSiblings = 4 // other photos that one is laid beside
	mostAsked    = 3 // places asked about, the largest first
)

// Seen asks the photo b, by the SHA-256 of its bytes, about a place of the
// photo a, and keeps the answer. An *imaging.Error means that one of them
// cannot be read.
func (x *Examiner) Seen(ctx context.Context, a, b string, place evidence.Region) (out angle.Look, err error) {
	out, _, err = x.seen(ctx, nil, a, b, place)
	return out, err
}

// seen is Seen with a pair that was laid beside each other before, nil where
// it was not; it returns it for the next place.
func (x *Examiner) seen(ctx context.Context, laid *angle.Pair, a, b string, place evidence.Region) (out angle.Look, p *angle.Pair, err error) {
	key := keyOf("angle", version, a, b, fmt.Sprintf("%.4f %.4f %.4f %.4f", place.X, place.Y, place.Width, place.Height))
	if x.kept(ctx, key, &out) {
		return out, laid, nil
	}
	if laid == nil {
		va, err := x.angleView(ctx, a)
		if err != nil {
			return out, nil, err
		}
		vb, err := x.angleView(ctx, b)
		if err != nil {
			return out, nil, err
		}
		laid = angle.Compare(va, vb)
	}
	out = laid.Look(place)
	x.keep(ctx, key, out)
	return out, laid, nil
}

// angleView reads a stored photo to be laid beside another.
func (x *Examiner) angleView(ctx context.Context, sha string) (*angle.View, error) {
	data, err := x.read(ctx, sha, photoBytes)
	if err != nil {
		return nil, err
	}
	p, err := imaging.Decode(ctx, data, imaging.Limits{MaxBytes: photoBytes})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("decoding evidence %.16s: %w", sha, err)
	}
	defer p.Release()
	return angle.Prepare(p), nil
}

// angles asks the claim's other photos about the places that were found
// altered against one of the order's pictures.
func (l *looked) angles(ctx context.Context, altered []evidence.Region) error {
	altered = largest(altered)
	if len(altered) == 0 {
		return nil
	}
	asked := 0
	best := make([]map[evidence.Code]evidence.Finding, len(altered))
	for _, s := range l.c.Siblings {
		if s.Medium != evidence.Photo || s.SHA256 == l.c.Item.SHA256 || s.ID == l.c.Item.ID {
			continue
		}
		if asked++; asked > mostSiblings {
			break
		}
		if err := l.askSibling(ctx, s, altered, best); err != nil {
			return err
		}
	}
	for _, of := range best {
		l.add(worthSaying(of)...)
	}
	return nil
}

// askSibling asks one other photo about all places; one that cannot be read
// says nothing.
func (l *looked) askSibling(ctx context.Context, s evidence.Item, places []evidence.Region, best []map[evidence.Code]evidence.Finding) error {
	var laid *angle.Pair
	for i, place := range places {
		var look angle.Look
		var err error
		if look, laid, err = l.x.seen(ctx, laid, l.c.Item.SHA256, s.SHA256, place); err != nil {
			var unread *imaging.Error
			if errors.As(err, &unread) || errors.Is(err, desk.ErrNotFound) {
				return nil
			}
			return err
		}
		f := look.FindingOn(s.ID, evidence.Text{EN: "another photo of the claim", ZH: "该申请的另一张照片"})
		if best[i] == nil {
			best[i] = map[evidence.Code]evidence.Finding{}
		}
		if old, ok := best[i][f.Code]; !ok || f.Strength.Rank() > old.Strength.Rank() {
			best[i][f.Code] = f
		}
	}
	return nil
}

// worthSaying is the strongest of each answer about one place; that nothing
// could be seen only where nobody had an answer.
func worthSaying(best map[evidence.Code]evidence.Finding) (out []evidence.Finding) {
	for _, code := range []evidence.Code{evidence.AngleInconsistent, evidence.AngleConsistent} {
		if f, ok := best[code]; ok {
			out = append(out, f)
		}
	}
	if f, ok := best[evidence.AngleUnseen]; ok && len(out) == 0 {
		out = append(out, f)
	}
	return out
}

// askedLater asks this photo about the places that were found altered on
// photos which were examined before it came: a buyer who was asked for another
// angle is answered by what they send.
func (l *looked) askedLater(ctx context.Context) error {
	asked := 0
	for _, s := range l.c.Siblings {
		places := alteredOn(s)
		if len(places) == 0 || s.SHA256 == l.c.Item.SHA256 || s.ID == l.c.Item.ID || knew(s, l.c.Item) {
			continue
		}
		if asked++; asked > mostSiblings {
			break
		}
		if err := l.answer(ctx, s, places); err != nil {
			return err
		}
	}
	return nil
}

// answer asks this photo about the places on an earlier one.
func (l *looked) answer(ctx context.Context, earlier evidence.Item, places []evidence.Region) error {
	var laid *angle.Pair
	for _, place := range places {
		var look angle.Look
		var err error
		if look, laid, err = l.x.seen(ctx, laid, earlier.SHA256, l.c.Item.SHA256, place); err != nil {
			var unread *imaging.Error
			if errors.As(err, &unread) || errors.Is(err, desk.ErrNotFound) {
				return nil
			}
			return err
		}
		l.add(look.FindingThere(earlier.ID, evidence.Text{EN: "an earlier photo of the claim", ZH: "该申请较早的一张照片"}))
	}
	return nil
}

// alteredOn lists the places of an examined photo that were found altered, the
// largest first.
func alteredOn(s evidence.Item) (out []evidence.Region) {
	if s.Medium != evidence.Photo || s.Screening == nil {
		return nil
	}
	for _, f := range s.Screening.Findings {
		if f.Code != evidence.ReferenceSameCapture || f.Strength.Rank() < evidence.Strong.Rank() {
			continue
		}
		for _, r := range f.Regions {
			if r.Kind == evidence.Altered {
				out = append(out, r)
			}
		}
	}
	return largest(out)
}

// largest sorts places by their size and keeps as many as are asked about.
func largest(places []evidence.Region) []evidence.Region {
	slices.SortStableFunc(places, func(a, b evidence.Region) int { return cmp.Compare(b.Width*b.Height, a.Width*a.Height) })
	return places[:min(len(places), mostAsked)]
}

// knew is whether an earlier photo's examination has asked it already: it
// answered of this one, or of others when this one was there.
func knew(s, it evidence.Item) bool {
	answered := false
	for _, f := range s.Screening.Findings {
		switch f.Code {
		case evidence.AngleConsistent, evidence.AngleInconsistent, evidence.AngleUnseen:
			if f.Reference == it.ID {
				return true
			}
			answered = true
		}
	}
	return answered && s.Screening.At.After(it.ReceivedAt)
}

// alteredIn lists the altered places of a comparison that is sure enough to
// ask about.
func alteredIn(r reference.Result) (out []evidence.Region) {
	if r.Strength.Rank() < evidence.Strong.Rank() {
		return nil
	}
	for _, region := range r.Regions {
		if region.Kind == evidence.Altered {
			out = append(out, region)
		}
	}
	return out
}
