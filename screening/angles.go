package screening

import (
	"cmp"
	"context"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
)

// Mark is a place on a claim picture that somebody says shows the damage.
type Mark struct {
	File   string          // as it was named, or as a folder's walk names it
	Region evidence.Region // in fractions of the upright picture
}

// Bounds of laying claim pictures beside each other.
const (
	mostAngles      = 8 // other pictures that one is laid beside
	mostAngleMarks  = 4 // places asked about on one picture, the largest first
	smallestAltered = 0.0004
)

// angles asks the other claim pictures about the places that are marked on
// each, or that were found altered against a reference. It opens those
// pictures again; without such places it does nothing.
func (r *round) angles() {
	views := map[int]*angle.View{}
	view := func(i int) *angle.View {
		if v, ok := views[i]; ok {
			return v
		}
		v := r.angleView(i)
		views[i] = v
		return v
	}
	for i := range r.claims {
		places := r.places(i)
		if len(places) == 0 || r.ctx.Err() != nil {
			continue
		}
		others := r.others(i)
		var pairs []*angle.Pair
		var names []string
		for _, j := range others {
			if a, b := view(i), view(j); a != nil && b != nil && r.ctx.Err() == nil {
				pairs, names = append(pairs, angle.Compare(a, b)), append(names, r.claims[j].name)
			}
		}
		for _, place := range places {
			r.claims[i].seen = append(r.claims[i].seen, askAngles(pairs, names, place)...)
		}
	}
}

// askAngles asks each pair about a place and keeps the best of each answer;
// that nothing could be seen is told once, where nobody had an answer.
func askAngles(pairs []*angle.Pair, names []string, place evidence.Region) (out []evidence.Finding) {
	best := map[evidence.Code]evidence.Finding{}
	for n, p := range pairs {
		f := p.Look(place).Finding(names[n])
		if old, ok := best[f.Code]; !ok || f.Strength.Rank() > old.Strength.Rank() {
			best[f.Code] = f
		}
	}
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

// places lists what is to be asked about on claim picture i.
func (r *round) places(i int) (out []evidence.Region) {
	if r.claims[i].err != nil || len(r.claims) < 2 {
		return nil
	}
	for _, m := range r.opts.Marks {
		if m.File == r.claims[i].name {
			out = append(out, m.Region)
		}
	}
	var altered []evidence.Region
	for _, result := range r.results[i] {
		if result.Strength.Rank() < evidence.Strong.Rank() {
			continue
		}
		for _, region := range result.Regions {
			if region.Kind == evidence.Altered && region.Width*region.Height >= smallestAltered {
				altered = append(altered, region)
			}
		}
	}
	slices.SortStableFunc(altered, func(a, b evidence.Region) int { return cmp.Compare(b.Width*b.Height, a.Width*a.Height) })
	out = append(out, altered...)
	return out[:min(len(out), mostAngleMarks)]
}

// others lists the pictures that i is laid beside: its neighbours in the list.
func (r *round) others(i int) (out []int) {
	for j := range r.claims {
		if j != i && r.claims[j].err == nil && r.claims[j].facts.SHA256 != r.claims[i].facts.SHA256 {
			out = append(out, j)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(max(a-i, i-a), max(b-i, i-b)) })
	return out[:min(len(out), mostAngles)]
}

// angleView opens claim picture i again; nil where that fails now.
func (r *round) angleView(i int) (v *angle.View) {
	r.onCore(func() { v = prepareAngle(r.ctx, r.claims[i].name, r.opts.Limits) })
	return v
}

func prepareAngle(ctx context.Context, name string, limits imaging.Limits) *angle.View {
	data, err := imaging.ReadFile(ctx, name, limits)
	if err != nil {
		return nil
	}
	p, err := imaging.Decode(ctx, data, limits)
	if err != nil {
		return nil
	}
	defer p.Release()
	return angle.Prepare(p)
}
