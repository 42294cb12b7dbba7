package desk_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// sighter answers as a table says, by the asked photo's id, and keeps whom it asked.
type sighter struct {
	says  map[string]evidence.Finding
	fails map[string]error
	asked []string
	place evidence.Region
}

func (s *sighter) Sight(_ context.Context, _ string, b evidence.Item, place evidence.Region) (evidence.Finding, error) {
	s.asked, s.place = append(s.asked, b.ID), place
	return s.says[b.ID], s.fails[b.ID]
}

// send files a photo or film with a claim and answers it.
func (w *world) send(by access.Caller, id string, m evidence.Medium, words string) evidence.Item {
	w.t.Helper()
	head := "\xff\xd8\xff\xe0 "
	if m == evidence.Video {
		head = "\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom"
	}
	it, err := w.desk.AddEvidence(w.ctx, by, id, desk.Upload{Purpose: evidence.CloseUp, Medium: m, Data: strings.NewReader(head + words)})
	w.must(err)
	return it
}

var mark = evidence.Region{X: 0.2, Y: 0.3, Width: 0.1, Height: 0.05}

func TestSightings(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 20_000)
	marked := w.send(buyer, c.ID, evidence.Photo, "marked")
	absent, present := w.send(buyer, c.ID, evidence.Photo, "absent"), w.send(buyer, c.ID, evidence.Photo, "present")
	unread, unseen := w.send(buyer, c.ID, evidence.Photo, "unread"), w.send(buyer, c.ID, evidence.Photo, "unseen")
	film := w.send(buyer, c.ID, evidence.Video, "film")
	listing := w.media(c.OrderID, evidence.Listing, "listing")
	say := func(s evidence.Strength, stance evidence.Stance) evidence.Finding {
		return evidence.Finding{Strength: s, Stance: stance}
	}
	eye := &sighter{
		says: map[string]evidence.Finding{
			absent.ID: say(evidence.Strong, evidence.Against), present.ID: say(evidence.Weak, evidence.For),
			unseen.ID: say(evidence.Note, evidence.Neutral),
		},
		fails: map[string]error{unread.ID: fmt.Errorf("decoding: %w", &imaging.Error{Code: imaging.Broken})},
	}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Sight: eye})
	told := func(by access.Caller, id string) string {
		t.Helper()
		all, err := d.Sightings(w.ctx, by, id, mark)
		w.must(err)
		var got []string
		for _, s := range all {
			switch s.Photo {
			case absent.ID:
				got = append(got, "absent")
			case present.ID:
				got = append(got, "present")
			case unseen.ID:
				got = append(got, "unseen")
			case unread.ID:
				got = append(got, "unread")
				if s.Finding != nil || s.Error == nil || s.Error.EN == "" || s.Error.ZH == "" {
					t.Errorf("an unreadable photo: %+v", s)
				}
			default:
				got = append(got, "other")
			}
		}
		return strings.Join(got, ", ")
	}
	if s := told(ann, marked.ID); s != "absent, present, unseen, unread" {
		t.Errorf("told %s", s)
	}
	for _, id := range eye.asked {
		if id == marked.ID || id == film.ID || id == listing.ID {
			t.Errorf("asked %s", id)
		}
	}
	if eye.place.Kind != evidence.Asked || eye.place.X != mark.X || eye.place.Height != mark.Height {
		t.Errorf("asked about %+v", eye.place)
	}
	if before, _ := w.desk.Case(w.ctx, opal, c.ID); len(before.Evidence) > 0 {
		for _, it := range before.Evidence {
			if it.Screening != nil && len(it.Screening.Findings) > 0 {
				t.Errorf("an answer stands in the record: %+v", it.Screening)
			}
		}
	}
	eye.fails[present.ID] = fmt.Errorf("%w: %w", desk.ErrMarked, &imaging.Error{Code: imaging.Broken})
	if _, err := d.Sightings(w.ctx, ann, marked.ID, mark); code(err) != desk.CodeMedia {
		t.Errorf("the marked photo is broken: %v", err)
	}
	eye.fails[present.ID] = errors.New("the disk is gone")
	if _, err := d.Sightings(w.ctx, ann, marked.ID, mark); err == nil || code(err) != "" {
		t.Errorf("a failing store: %v", err)
	}
	delete(eye.fails, present.ID)

	for _, by := range []access.Caller{buyer, shop, platform} {
		if _, err := d.Sightings(w.ctx, by, marked.ID, mark); code(err) != text.CodeForbidden && code(err) != text.CodeNotFound {
			t.Errorf("%s: %v", by.ID, err)
		}
	}
	kin := ann
	kin.Conflicts = []string{"m1"}
	if _, err := d.Sightings(w.ctx, kin, marked.ID, mark); code(err) != text.CodeNotFound {
		t.Errorf("a conflicted reviewer: %v", err)
	}
	for _, id := range []string{film.ID, listing.ID} {
		if _, err := d.Sightings(w.ctx, ann, id, mark); code(err) != text.CodeInvalid {
			t.Errorf("on a film or a listing: %v", err)
		}
	}
	if _, err := d.Sightings(w.ctx, shop, listing.ID, mark); code(err) != text.CodeNotFound {
		t.Errorf("a shop, on a listing: %v", err)
	}
	if _, err := w.desk.Sightings(w.ctx, ann, marked.ID, mark); err != nil {
		t.Errorf("a desk with no eyes: %v", err)
	}
}

// TestSightingsAskTheSameSide: each content once, the nearest photos, at most
// eight, and none of the other side's or of those taken back.
func TestSightingsAskTheSameSide(t *testing.T) {
	w := newWorld(t, policy.Default())
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(20_000), Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "It never came."})
	w.must(err)
	c := f.Claim
	first := w.send(buyer, c.ID, evidence.Photo, "0")
	gone := w.send(buyer, c.ID, evidence.Photo, "gone")
	_, err = w.desk.WithdrawEvidence(w.ctx, buyer, c.ID, gone.ID)
	w.must(err)
	var want []string
	for i := 1; i < 12; i++ {
		it := w.send(buyer, c.ID, evidence.Photo, fmt.Sprint(i))
		if len(want) < 8 {
			want = append(want, it.ID)
		}
	}
	now, err := w.desk.Case(w.ctx, buyer, c.ID)
	w.must(err)
	_, err = w.desk.Submit(w.ctx, buyer, c.ID, now.Claim.Version)
	w.must(err)
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error {
		it := first // the very same bytes, filed again, and the shop's own photo
		it.ID, it.ReceivedAt = "twin", it.ReceivedAt.Add(1)
		theirs := it
		theirs.ID, theirs.Party, theirs.SHA256 = "theirs", "merchant", strings.Repeat("a", 64)
		return errors.Join(tx.InsertEvidence(w.ctx, it), tx.InsertEvidence(w.ctx, theirs))
	}))
	eye := &sighter{}
	d := desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Sight: eye})
	if _, err := d.Sightings(w.ctx, opal, first.ID, mark); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(eye.asked) != fmt.Sprint(want) {
		t.Errorf("asked %v, want %v", eye.asked, want)
	}
	if _, err := d.Sightings(w.ctx, opal, gone.ID, mark); code(err) != text.CodeNotFound {
		t.Errorf("on a photo taken back: %v", err)
	}
	eye.asked = nil
	if _, err := d.Sightings(w.ctx, opal, "theirs", mark); err != nil || len(eye.asked) != 0 {
		t.Errorf("the shop's photo was held against %v, %v", eye.asked, err)
	}
}

// TestMarksAreChecked: what is no place on a picture is refused by its field, in
// both languages.
func TestMarksAreChecked(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.file(claim.RefundOnly, 20_000)
	it := w.send(buyer, c.ID, evidence.Photo, "marked")
	nan := math.NaN()
	for _, tt := range []struct {
		at    [4]float64
		field string
	}{
		{[4]float64{nan, 0.1, 0.1, 0.1}, "x"},
		{[4]float64{-0.01, 0.1, 0.1, 0.1}, "x"},
		{[4]float64{0.1, math.Inf(1), 0.1, 0.1}, "y"},
		{[4]float64{0.1, 0.1, 0.019, 0.1}, "width"},
		{[4]float64{0.1, 0.1, nan, 0.1}, "width"},
		{[4]float64{0.1, 0.1, 0.1, 0}, "height"},
		{[4]float64{0.95, 0.1, 0.1, 0.1}, "width"},
		{[4]float64{0.1, 0.95, 0.1, 0.1}, "height"},
		{[4]float64{0, 0, 1, 1}, "width"},
		{[4]float64{0, 0, 0.8, 0.8}, "width"},
	} {
		_, err := w.desk.Sightings(w.ctx, ann, it.ID, evidence.Region{X: tt.at[0], Y: tt.at[1], Width: tt.at[2], Height: tt.at[3]})
		e, ok := text.AsRefusal(err)
		if !ok || e.Code != text.CodeInvalid || e.Field != "query."+tt.field || e.Text.EN == "" || e.Text.ZH == "" {
			t.Errorf("%v: %v", tt.at, err)
		}
	}
	for _, at := range [][4]float64{{0, 0, 0.02, 0.02}, {0.98, 0.98, 0.02, 0.02}, {0, 0, 1, 0.5}, {0.7, 0.1, 0.1 + 0.2, 0.5}} {
		if _, err := w.desk.Sightings(w.ctx, ann, it.ID, evidence.Region{X: at[0], Y: at[1], Width: at[2], Height: at[3]}); err != nil {
			t.Errorf("%v: %v", at, err)
		}
	}
}
