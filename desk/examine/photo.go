package examine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/screening/trace"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// opened is what opening one photo gave, as it is kept.
type opened struct {
	Findings []evidence.Finding  `json:"findings"`
	Error    *text.Text          `json:"error,omitempty"`
	Partial  bool                `json:"partial,omitempty"`
	PDQ      [pdq.Forms]pdq.Hash `json:"pdq"` // [0] is the picture as it is
	Quality  int                 `json:"quality"`
	Spots    []spot              `json:"spots,omitempty"` // strongest first

	missing bool // a detector gave no answer: this is not kept
}

// photo examines a picture file.
func (l *looked) photo(ctx context.Context) error {
	o, err := l.open(ctx)
	if err != nil {
		return err
	}
	if o.Error != nil {
		l.out.Error = o.Error
		// The bytes are still evidence: the same ones filed elsewhere are found.
		l.prints = l.fingerprints(o)
		return l.reused(ctx, o)
	}
	l.add(o.Findings...)
	var altered []evidence.Region
	for _, r := range l.bounds {
		result, err := l.x.compare(ctx, l.c.Item.SHA256, r.SHA256)
		if err != nil {
			var unread *imaging.Error
			if !errors.As(err, &unread) && !errors.Is(err, work.ErrNotFound) {
				return err
			}
			l.add(referenceUnreadable(r))
			continue
		}
		if f, ok := result.FindingOn(r.ID, whatItIs(r)); ok {
			l.add(l.orLater(f, r))
		}
		altered = append(altered, alteredIn(result)...)
	}
	if err := l.angles(ctx, altered); err != nil {
		return err
	}
	if err := l.askedLater(ctx); err != nil {
		return err
	}
	l.prints = l.fingerprints(o)
	return l.reused(ctx, o)
}

// open decodes the item once, for its own words and its fingerprints, or
// finds what was kept of that.
func (l *looked) open(ctx context.Context) (o opened, err error) {
	origin := l.origin()
	key := keyOf("open", l.x.Detectors(), l.c.Item.SHA256, mustJSON(origin.Story), origin.Now.UTC().Format("2006-01-02T15:04:05.999999Z"))
	if l.x.kept(ctx, key, &o) {
		return o, nil
	}
	o, err = l.decoded(ctx, origin)
	var unread *imaging.Error
	switch {
	case ctx.Err() != nil:
		return o, ctx.Err()
	case errors.As(err, &unread):
		en, zh := unread.Text()
		o.Error = &text.Text{EN: en, ZH: zh}
	case err != nil:
		return o, err
	}
	if o.missing {
		return o, nil
	}
	if unread == nil || unread.Code != imaging.TooMuchMemory && unread.Code != imaging.TimedOut {
		l.x.keep(ctx, key, o) // another machine, or another day, may have the room
	}
	return o, nil
}

// decoded is what open finds where nothing was kept. The file and its pixels are
// held no longer than that: whoever waits for the database has let them go.
func (l *looked) decoded(ctx context.Context, origin provenance.Options) (o opened, err error) {
	data, err := l.x.read(ctx, l.c.Item.SHA256, photoBytes)
	if err != nil {
		return o, err
	}
	p, err := imaging.Decode(ctx, data, imaging.Limits{MaxBytes: photoBytes})
	if err != nil {
		return o, err
	}
	defer p.Release()
	o.Findings, o.Partial = provenance.NewReader(origin).Read(data, p).Findings, p.Partial
	view := reference.Prepare(p)
	spots, span := view.Spots()
	traces, err := trace.Look(ctx, data, p, spots, span)
	if err != nil {
		return o, err
	}
	o.Findings = append(o.Findings, traces...)
	told, missing := l.opinions(ctx, p)
	o.Findings, o.missing = append(o.Findings, told...), missing
	o.PDQ, o.Quality = pdq.Dihedral(p)
	o.Spots = spotsOf(p)
	l.x.views.put(l.c.Item.SHA256, view)
	return o, nil
}

// view prepares a stored picture for comparison. Its error is *imaging.Error
// where the picture cannot be read.
func (x *Examiner) view(ctx context.Context, sha string) (*reference.View, error) {
	if v, ok := x.views.get(sha); ok {
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
	v := reference.Prepare(p)
	x.views.put(sha, v)
	return v, nil
}

// compare asks whether the photo a was made from the photo b, or finds what
// was kept of that.
func (x *Examiner) compare(ctx context.Context, a, b string) (r reference.Result, err error) {
	key := keyOf("pair", version, a, b)
	if x.kept(ctx, key, &r) {
		return r, nil
	}
	va, err := x.view(ctx, a)
	if err != nil {
		return r, err
	}
	vb, err := x.view(ctx, b)
	if err != nil {
		return r, err
	}
	r = reference.Compare(va, vb)
	x.keep(ctx, key, r)
	return r, nil
}

func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic("examine: " + err.Error()) // plain data always marshals
	}
	return string(data)
}
