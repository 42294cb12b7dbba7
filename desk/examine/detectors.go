package examine

import (
	"context"
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// Detector judges a photo by itself: a network that the operator brought and
// measured on pictures of its own (screening/detector).
type Detector interface {
	// Name is the end of its findings' code, detector.<name>.
	Name() string
	// Identity changes with anything that its findings follow from.
	Identity() string
	// Look is false where there is nothing to tell.
	Look(ctx context.Context, pic *imaging.Picture) (evidence.Finding, bool, error)
}

// opinions puts a buyer's photo to the operator's detectors. One that gives no answer
// costs its answer alone: the finding says so, the log says why, and missing is
// true, so that the photo is asked about again another day.
func (l *looked) opinions(ctx context.Context, pic *imaging.Picture) (found []evidence.Finding, missing bool) {
	if l.c.Item.Party != "buyer" {
		return nil, false
	}
	for _, d := range l.x.opts.Detectors {
		f, told, err := look(ctx, d, pic)
		switch {
		case ctx.Err() != nil:
			return nil, true
		case err != nil:
			l.x.opts.Log.WarnContext(ctx, "a detector that the operator added gave no answer",
				"detector", d.Name(), "evidence", l.c.Item.ID, "error", err.Error())
			found, missing = append(found, notAsked(d.Name())), true
		case told:
			found = append(found, f)
		}
	}
	return found, missing
}

// look asks one; where its reading of the picture breaks, that is its error.
func look(ctx context.Context, d Detector, pic *imaging.Picture) (f evidence.Finding, told bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it broke: %v", v)
		}
	}()
	return d.Look(ctx, pic)
}

func notAsked(name string) evidence.Finding {
	return note(evidence.Code("detector."+name),
		"The detector "+name+", which the operator added, gave no answer about this photo. That says nothing about the photo.",
		"运营方添加的检测器 "+name+" 未能就这张照片给出结果。这不说明照片有任何问题。")
}
