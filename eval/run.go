package eval

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples/travel"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/text"
)

// Options say how to evaluate. The zero value measures each pair as it is.
type Options struct {
	Travel int    // further copies of each claim to send through travel
	Seed   uint64 // settles where they go
	Jobs   int    // pairs at a time; 0: one a processor
	Keep   bool   // keep every case in the report, not only the wrong ones
	Cross  int    // further pairs to make of a claim and another pair's reference
	// BySource makes a row a source too.
	BySource bool
	// Against, where given, is compared with what is measured, case by case.
	Against *Earlier
	// Progress, where set, is called after each pair from one goroutine at a
	// time with the comparisons done and the total.
	Progress func(done, total int)
	Limits   imaging.Limits
}

// instrument is what is measured; tests put in one whose answers they know.
type instrument struct {
	prepare func(*imaging.Picture) *reference.View
	compare func(claim, ref *reference.View) reference.Result
}

// Run measures the same-capture test on all pairs under dirs. A folder that is
// not laid out as it should be is a *LayoutError (or several, joined) before
// anything is measured. A picture that cannot be read is listed in the report's
// Errors and the rest goes on. When ctx ends, Run returns what was measured so
// far, marked partial, together with ctx's error.
func Run(ctx context.Context, dirs []string, opt Options) (*Report, error) {
	return run(ctx, dirs, opt, instrument{reference.Prepare, reference.Compare})
}

func run(ctx context.Context, dirs []string, opt Options, with instrument) (*Report, error) {
	start := time.Now()
	pairs, err := collect(dirs)
	if err != nil {
		return nil, err
	}
	own := len(pairs)
	pairs = append(pairs, crossed(pairs, opt.Cross, opt.Seed)...)
	if opt.Against != nil {
		if err := opt.Against.fits(pairs, opt); err != nil {
			return nil, err
		}
	}
	r := &runner{opt: opt, with: with, views: &views{
		prepare: with.prepare, limits: opt.Limits,
		left: map[string]int{}, entries: map[string]*viewEntry{},
	}}
	cases, problems := r.all(ctx, pairs)
	report := &Report{
		Schema: Schema, Done: len(cases), Total: own*(1+opt.Travel) + len(pairs) - own, Travel: opt.Travel,
		Cross: len(pairs) - own, Seed: opt.Seed, Errors: problems, Partial: ctx.Err() != nil,
	}
	report.Pictures = picturesOf(cases)
	report.summarise(cases, opt.BySource)
	if opt.Against != nil {
		// What was measured stands, whether it can be compared or not.
		if report.Comparison, err = opt.Against.beside(report, cases, false); err != nil {
			report.Errors = append(report.Errors, caseErrors(err)...)
		}
	}
	if opt.Keep {
		report.Cases = cases
	}
	report.Seconds = time.Since(start).Seconds()
	return report, ctx.Err()
}

// caseErrors are layout problems that were met after measuring.
func caseErrors(err error) (out []CaseError) {
	if layout, ok := errors.AsType[*LayoutError](err); ok {
		out = append(out, CaseError{layout.Folder, layout.Text})
	}
	return out
}

// runner measures pairs side by side.
type runner struct {
	opt   Options
	with  instrument
	views *views
	files sync.Map // a path's digest
}

// digestOf identifies a pair's pictures by their bytes: its claim and its reference.
func (r *runner) digestOf(p pair) string {
	both := sha256.New()
	for _, path := range []string{p.claim, p.reference} {
		known, ok := r.files.Load(path)
		if !ok {
			size := int64(0)
			if info, err := os.Stat(path); err == nil {
				size = info.Size()
			}
			known = digest(path, size)
			r.files.Store(path, known)
		}
		fmt.Fprintf(both, "%d:%s", len(known.(string)), known)
	}
	return hex.EncodeToString(both.Sum(nil)[:16])
}

// outcome is what one pair gave: its cases, or why there are none.
type outcome struct {
	cases []Case
	err   *CaseError
}

func (r *runner) all(ctx context.Context, pairs []pair) ([]Case, []CaseError) {
	outcomes := make([]outcome, len(pairs))
	jobs := r.opt.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	work := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done, total := 0, 0
	for _, p := range pairs {
		total += r.comparisons(p)
	}
	order := r.order(pairs)
	for range min(jobs, len(pairs)) {
		wg.Go(func() {
			for i := range work {
				outcomes[i] = r.one(ctx, pairs[i])
				mu.Lock()
				done += r.comparisons(pairs[i])
				if r.opt.Progress != nil && ctx.Err() == nil {
					r.opt.Progress(done, total)
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, i := range order {
		select {
		case work <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	cases, problems := []Case{}, []CaseError{}
	for _, o := range outcomes {
		cases = append(cases, o.cases...)
		if o.err != nil {
			problems = append(problems, *o.err)
		}
	}
	return cases, problems
}

// comparisons is how many a pair takes. Cross pairs do not travel: their claims
// do so in their own pairs.
func (r *runner) comparisons(p pair) int {
	if p.set == Cross {
		return 1
	}
	return 1 + r.opt.Travel
}

// order puts pairs that share pictures next to each other, so that a view is
// made once, and tells the cache what is to come.
func (r *runner) order(pairs []pair) []int {
	order := make([]int, len(pairs))
	refs := make([]string, len(pairs))
	for i, p := range pairs {
		order[i], refs[i] = i, realPath(p.reference)
		r.views.expect(refs[i])
		r.views.expect(realPath(p.claim))
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(refs[a], refs[b]) })
	return order
}

// one measures a pair as it is and its travelled copies.
func (r *runner) one(ctx context.Context, p pair) (o outcome) {
	fail := func(file string, err error) outcome {
		if ctx.Err() == nil {
			o.err = &CaseError{p.folder, fileText(file, err)}
		}
		return o
	}
	ref, err := r.views.get(ctx, realPath(p.reference))
	if err != nil {
		return fail("reference", err)
	}
	claim, err := r.views.get(ctx, realPath(p.claim))
	if err != nil {
		return fail("claim", err)
	}
	var truth *mask
	if p.mask != "" {
		pic, err := imaging.Open(ctx, p.mask, r.opt.Limits)
		if err != nil {
			return fail("mask", err)
		}
		truth = &mask{pic.RGBA(0)}
		pic.Release()
	}
	if ctx.Err() != nil {
		return o
	}
	o.cases = append(o.cases, r.compare(p, claim, ref, truth, imaging.ScaleBy(1, 1)))
	if r.comparisons(p) == 1 {
		return o
	}
	pic, err := imaging.Open(ctx, p.claim, r.opt.Limits)
	if err != nil {
		return fail("claim", err)
	}
	original := pic.RGBA(0)
	pic.Release()
	for n := 1; n <= r.opt.Travel && ctx.Err() == nil; n++ {
		trip := travel.Random(rand.New(rand.NewPCG(r.opt.Seed, hash(fmt.Sprintf("%s#%d", p.key, n)))))
		file, back, err := trip.Apply(original)
		if err != nil {
			return fail("claim", fmt.Errorf("travel (%v): %w", trip, err))
		}
		arrived, err := imaging.Decode(ctx, file, r.opt.Limits)
		if err != nil {
			return fail("claim", err)
		}
		prepared := r.views.prepared(arrived)
		arrived.Release()
		c := r.compare(p, prepared, ref, truth, back)
		c.Copy, c.Trip = n, trip.String()
		o.cases = append(o.cases, c)
	}
	return o
}

// compare measures one claim view; toClaim maps its pixels to those of the
// pair's claim file, and so of its mask.
func (r *runner) compare(p pair, claim, ref prepared, truth *mask, toClaim imaging.Affine) Case {
	start := time.Now()
	result := r.with.compare(claim.view, ref.view)
	took := time.Since(start) + claim.took + ref.took
	c := Case{
		Pictures: r.digestOf(p),
		Set:      p.set, Kind: p.kind, Tool: p.tool, Folder: p.folder, Against: p.against, Sources: p.sources, Strength: result.Strength, FalseAlarm: result.FalseAlarm,
		Measured: finite(result.Measured), Seconds: took.Seconds(), took: took,
	}
	if truth != nil {
		c.Overlap = truth.overlapOf(result.Regions, claim.view.Width, claim.view.Height, toClaim)
	}
	return c
}

// fileText words why a pair's file gave no picture.
func fileText(file string, err error) text.Text {
	var known *imaging.Error
	if errors.As(err, &known) {
		en, zh := known.Text()
		return text.Text{EN: file + ": " + en, ZH: file + "：" + zh}
	}
	reason := text.Reason(err)
	return text.Text{EN: file + ": " + reason.EN, ZH: file + "：" + reason.ZH}
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
