package screening

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
	"github.com/evenhand/evenhand/screening/reference"
)

// Mark is a place on a claim picture that somebody says shows the damage.
type Mark struct {
	File   string          // as it was named, or as a folder's walk names it
	Region evidence.Region // in fractions of the upright picture
}

// MarkError says why a marked place cannot be asked about.
type MarkError struct {
	File  string
	Alone bool // no other claim photo could be asked; else no claim photo has this name
}

func (e *MarkError) Error() string {
	if e.Alone {
		return "a place is marked on " + e.File + ", and there is no second claim photo to ask about it"
	}
	return "a place is marked on " + e.File + ", which is no claim photo"
}

// checkMarks refuses places that nobody would be asked about: silence would
// look like an answer.
func checkMarks(marks []Mark, claims []string) error {
	for _, m := range marks {
		if !slices.Contains(claims, m.File) {
			return &MarkError{File: m.File}
		}
		if len(claims) < 2 {
			return &MarkError{File: m.File, Alone: true}
		}
	}
	return nil
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
	views := map[int]*opened{}
	view := func(i int) *opened {
		if v, ok := views[i]; ok {
			return v
		}
		v := r.open(i)
		views[i] = v
		return v
	}
	for i := range r.claims {
		delete(views, i-mostAngles-1) // a folder of thousands costs no more
		places := r.places(i)
		if len(places) == 0 || r.ctx.Err() != nil {
			continue
		}
		others := r.others(i)
		var pairs []*angle.Pair
		var names []string
		for _, j := range others {
			if r.derived(j) {
				pairs, names = append(pairs, angle.NoAngle(angle.Derived)), append(names, r.claims[j].name)
				continue
			}
			if a, b := view(i), view(j); a != nil && b != nil && r.ctx.Err() == nil {
				pairs, names = append(pairs, a.beside(b)), append(names, r.claims[j].name)
			}
		}
		r.claims[i].seen = askAngles(pairs, names, places)
	}
}

// askAngles asks each pair about all places and tells what is worth telling.
func askAngles(pairs []*angle.Pair, names []string, places []evidence.Region) (out []evidence.Finding) {
	looks := make([][]angle.Look, len(places))
	for i, place := range places {
		for _, p := range pairs {
			looks[i] = append(looks[i], p.Look(place))
		}
	}
	for _, w := range angle.Worth(looks) {
		out = append(out, looks[w.Place][w.Other].Finding(names[w.Other]))
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
func (r *round) others(i int) []int {
	return neighbours(len(r.claims), i, func(j int) bool {
		return r.claims[j].err == nil && r.claims[j].facts.SHA256 != r.claims[i].facts.SHA256
	})
}

// neighbours lists those of n pictures that i may be laid beside, the nearest
// first and no more than are laid beside one.
func neighbours(n, i int, may func(j int) bool) (out []int) {
	for j := range n {
		if j != i && may(j) {
			out = append(out, j)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(max(a-i, i-a), max(b-i, i-b)) })
	return out[:min(len(out), mostAngles)]
}

// Beside lists the claim pictures that picture i was laid beside, because they
// were asked about a place on it, or it about one on them.
func (in *Inspection) Beside(i int) (out []int) {
	asked := func(a, b int) bool {
		angle := func(f evidence.Finding) bool { return strings.HasPrefix(string(f.Code), "angle.") }
		return slices.ContainsFunc(in.Claim[a].Findings, angle) && slices.Contains(neighbours(len(in.Claim), a, func(j int) bool {
			return in.Claim[j].SHA256 != in.Claim[a].SHA256
		}), b)
	}
	for j := range in.Claim {
		if j != i && (asked(i, j) || asked(j, i)) {
			out = append(out, j)
		}
	}
	return out
}

// derived is whether claim picture i was made from one of the references: what is
// painted on two copies alike is on both, so it is no witness.
func (r *round) derived(i int) bool {
	return slices.ContainsFunc(r.results[i], func(x reference.Result) bool { return x.Strength.Rank() >= evidence.Strong.Rank() })
}

// opened is a claim picture made ready to be laid beside others.
type opened struct {
	angle *angle.View
	whole *reference.View
}

// beside lays o beside v. Two pictures of one exposure are no two angles, even
// where what repeats in them could be matched as if they were.
func (v *opened) beside(o *opened) *angle.Pair {
	for _, way := range [][2]*reference.View{{v.whole, o.whole}, {o.whole, v.whole}} { // a part is found in the whole
		if reference.Compare(way[0], way[1]).Strength.Rank() >= evidence.Strong.Rank() {
			return angle.NoAngle(angle.SamePicture)
		}
	}
	return angle.Compare(v.angle, o.angle)
}

// open opens claim picture i again; nil where that fails now.
func (r *round) open(i int) (v *opened) {
	r.onCore(func() { v = openBeside(r.ctx, r.claims[i].name, r.opts.Limits) })
	return v
}

func openBeside(ctx context.Context, name string, limits imaging.Limits) *opened {
	data, err := imaging.ReadFile(ctx, name, limits)
	if err != nil {
		return nil
	}
	p, err := imaging.Decode(ctx, data, limits)
	if err != nil {
		return nil
	}
	defer p.Release()
	return &opened{angle: angle.Prepare(p), whole: reference.Prepare(p)}
}
