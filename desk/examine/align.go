package examine

import (
	"context"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/reference"
)

// aligned is what is kept of laying one picture over another.
type aligned struct {
	Found bool      `json:"found"`
	Laid  desk.Laid `json:"laid"`
}

// Align says where the photo b lies in the photo a. Where screening compared
// the two, its numbers are used again; either way the answer is kept.
func (x *Examiner) Align(ctx context.Context, a, b string) (desk.Laid, bool, error) {
	if a == b { // the very same file: screening says so without comparing
		return desk.Laid{Matrix: [6]float64{1, 0, 0, 1, 0, 0}}, true, nil
	}
	key := keyOf("align", version, a, b)
	var out aligned
	if x.kept(ctx, key, &out) {
		return out.Laid, out.Found, nil
	}
	select {
	case x.running <- struct{}{}:
		defer func() { <-x.running }()
	case <-ctx.Done():
		return desk.Laid{}, false, ctx.Err()
	}
	r, err := x.compare(ctx, a, b)
	if err != nil {
		return desk.Laid{}, false, err
	}
	if r.Strength != "" {
		if out, err = x.lay(ctx, a, b, r); err != nil {
			return desk.Laid{}, false, err
		}
	}
	x.keep(ctx, key, out)
	return out.Laid, out.Found, nil
}

// lay puts a comparison into fractions of the two pictures.
func (x *Examiner) lay(ctx context.Context, a, b string, r reference.Result) (out aligned, err error) {
	aw, ah, err := x.size(ctx, a)
	if err != nil {
		return out, err
	}
	bw, bh, err := x.size(ctx, b)
	if err != nil {
		return out, err
	}
	back, ok := r.Aligned.Invert()
	if !ok {
		return out, nil
	}
	m := imaging.ScaleBy(bw, bh).Then(back).Then(imaging.ScaleBy(1/aw, 1/ah))
	out.Found = true
	out.Laid.Matrix = [6]float64{m.A, m.D, m.B, m.E, m.C, m.F}
	// The comparison measures in a frame of its own, as large as the claim
	// picture or reference.FrameSide.
	out.Laid.Residual = r.Measured["residual"] * max(1, max(aw, ah)/reference.FrameSide)
	return out, nil
}

// size is a picture's upright size in pixels, from its header where that says it.
func (x *Examiner) size(ctx context.Context, sha string) (w, h float64, err error) {
	if v, ok := x.views.get(sha); ok {
		return float64(v.Width), float64(v.Height), nil
	}
	data, err := x.read(ctx, sha, photoBytes)
	if err != nil {
		return 0, 0, err
	}
	if s, err := imaging.Measure(data, imaging.Limits{MaxBytes: photoBytes}); err == nil && s.Width > 0 && s.Height > 0 {
		return float64(s.Width), float64(s.Height), nil
	}
	v, err := x.view(ctx, sha)
	if err != nil {
		return 0, 0, err
	}
	return float64(v.Width), float64(v.Height), nil
}
