package examine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
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
	key := angleKey(a, b, place)
	if x.kept(ctx, key, &out) {
		return out, laid, nil
	}
	if laid == nil {
		if laid, err = x.beside(ctx, a, b); err != nil {
			return out, nil, err
		}
	}
	out = laid.Look(place)
	x.keep(ctx, key, out)
	return out, laid, nil
}

// angleKey names what the photo b shows of a place of the photo a.
func angleKey(a, b string, place evidence.Region) string {
	return keyOf("angle", version, a, b, fmt.Sprintf("%.4f %.4f %.4f %.4f", place.X, place.Y, place.Width, place.Height))
}

// beside lays the photo b beside the photo a. Two pictures that were made from
// one exposure are no two angles, even where what repeats in them could be
// matched as if they were.
func (x *Examiner) beside(ctx context.Context, a, b string) (*angle.Pair, error) {
	for _, way := range [][2]string{{a, b}, {b, a}} { // a part of a picture is found in the whole
		switch r, err := x.compare(ctx, way[0], way[1]); {
		case err != nil:
			return nil, err
		case r.Strength.Rank() >= evidence.Strong.Rank():
			return angle.NoAngle(angle.SamePicture), nil
		}
	}
	va, err := x.angleView(ctx, a)
	if err != nil {
		return nil, err
	}
	vb, err := x.angleView(ctx, b)
	if err != nil {
		return nil, err
	}
	return angle.Compare(va, vb), nil
}

// angleView reads a stored photo to be laid beside another.
func (x *Examiner) angleView(ctx context.Context, sha string) (*angle.View, error) {
	if v, ok := x.angles.get(sha); ok {
		return v, nil
	}
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
	v := angle.Prepare(p)
	x.angles.put(sha, v)
	return v, nil
}

// angles asks the claim's other photos about the places that were found
// altered against one of the order's pictures.
func (l *looked) angles(ctx context.Context, altered []evidence.Region) error {
	altered = largest(altered)
	if len(altered) == 0 {
		return nil
	}
	looks := make([][]angle.Look, len(altered))
	var asked []evidence.Item
	for _, s := range l.c.Siblings {
		if s.Medium != evidence.Photo || s.SHA256 == l.c.Item.SHA256 || s.ID == l.c.Item.ID {
			continue
		}
		if len(asked) == mostSiblings {
			break
		}
		told, err := l.ask(ctx, l.c.Item.SHA256, s.SHA256, s.SHA256, altered)
		if err != nil {
			return err
		}
		asked = append(asked, s)
		for i := range looks {
			looks[i] = append(looks[i], told[i])
		}
	}
	for _, p := range angle.Worth(looks) {
		l.add(looks[p.Place][p.Other].FindingOn(asked[p.Other].ID, text.Text{EN: "another photo of the claim", ZH: "该申请的另一张照片"}))
	}
	return nil
}

// ask asks the photo b about places of the photo a; witness is the one that
// answers. Who was made from one of the order's pictures is no witness: what is
// painted on two copies alike is on both.
func (l *looked) ask(ctx context.Context, a, b, witness string, places []evidence.Region) (told []angle.Look, err error) {
	derived, err := l.derived(ctx, witness)
	if err != nil {
		return nil, err
	}
	var laid, none *angle.Pair
	if derived {
		none = angle.NoAngle(angle.Derived)
	}
	for _, place := range places {
		if none == nil {
			var look angle.Look
			if look, laid, err = l.x.seen(ctx, laid, a, b, place); err == nil {
				told = append(told, look)
				continue
			}
			if !unread(err) {
				return nil, err
			}
			none = angle.NoAngle(angle.Unread) // at another time it may open: nothing of this is kept
		}
		told = append(told, none.Look(place))
	}
	return told, nil
}

// derived is whether a photo was made from one of the order's pictures.
func (l *looked) derived(ctx context.Context, sha string) (bool, error) {
	for _, r := range l.bounds {
		switch result, err := l.x.compare(ctx, sha, r.SHA256); {
		case unread(err):
		case err != nil:
			return false, err
		case result.Strength.Rank() >= evidence.Strong.Rank():
			return true, nil
		}
	}
	return false, nil
}

// unread is whether a picture could not be opened, or is not there any more.
func unread(err error) bool {
	var e *imaging.Error
	return errors.As(err, &e) || errors.Is(err, work.ErrNotFound)
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
	told, err := l.ask(ctx, earlier.SHA256, l.c.Item.SHA256, l.c.Item.SHA256, places)
	if err != nil {
		return err
	}
	looks := make([][]angle.Look, len(told))
	for i, look := range told {
		looks[i] = []angle.Look{look}
	}
	for _, p := range angle.Worth(looks) {
		l.add(looks[p.Place][p.Other].FindingThere(earlier.ID, text.Text{EN: "an earlier photo of the claim", ZH: "该申请较早的一张照片"}))
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
