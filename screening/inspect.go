package screening

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/provenance/aigc"
	"github.com/evenhand/evenhand/screening/reference"
)

// Options tunes one call of Inspect; the zero value is a good one.
type Options struct {
	// Limits bounds what one file may cost; zero means imaging's defaults.
	Limits imaging.Limits
	// Jobs is how many pictures are worked on at once, and so how many decoded
	// pictures are in memory at once; 0 means one a processor core.
	Jobs int
	// Progress, where given, is told after each file how many are done. It is
	// called by one goroutine at a time.
	Progress func(done, total int, file string)
	// Provenance is what claim files' own words are read against.
	Provenance provenance.Options
	// Marks are places on claim pictures that the other claim pictures are asked
	// about.
	Marks []Mark
	// Detectors are asked about each claim picture. One that gives no answer is an
	// entry in the inspection's errors and costs nothing else.
	Detectors []Detector
}

// Detector judges one picture by itself; false where it has nothing to tell.
type Detector interface {
	Look(ctx context.Context, picture *imaging.Picture) (evidence.Finding, bool, error)
}

// Details is what a report needs beyond the inspection itself.
type Details struct {
	Claim      []FileFacts // as Inspection.Claim, index by index
	References []FileFacts // as Inspection.References
	Matches    []Match
}

// Match ties a finding to the geometry behind it.
type Match struct {
	Claim, Finding int // indices into Inspection.Claim and its Findings
	Reference      int // index into Inspection.References
	// Aligned maps upright claim pixels to upright reference pixels.
	Aligned imaging.Affine
}

// Inspect compares each claim picture with each reference. Folders among the
// names stand for the pictures in them.
//
// A file that cannot be read is reported in Inspection.Errors and the rest is
// still inspected. A file that broke off early is both: inspected as far as it
// goes, and reported. The returned error is ctx's, or a *MarkError. The order of the
// answer depends on the names alone, never on which file was done first.
//
// Memory: at most Jobs decoded pictures, and the prepared views of the shorter
// of the two lists (a few megabytes each), because the longer one is streamed
// past it.
func Inspect(ctx context.Context, claims, references []string, opts Options) (*Inspection, *Details, error) {
	if opts.Jobs <= 0 {
		opts.Jobs = runtime.GOMAXPROCS(0)
	}
	claimNames, problems, err := expand(ctx, claims)
	if err != nil {
		return nil, nil, err
	}
	if err := checkMarks(opts.Marks, claimNames); err != nil {
		return nil, nil, err
	}
	referenceNames, more, err := expand(ctx, references)
	if err != nil {
		return nil, nil, err
	}
	problems = append(problems, more...)

	run := newRound(ctx, opts, claimNames, referenceNames)
	run.work()
	run.angles()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	inspection, details := run.gather()
	inspection.Errors = append(problems, inspection.Errors...)
	return inspection, details, nil
}

// round is one call of Inspect at work. Both lists are slots filled in by
// index, so that no order of arrival shows in the answer.
type round struct {
	ctx        context.Context
	opts       Options
	claims     []slot
	references []slot
	results    [][]reference.Result // [claim][reference]; empty where either is unreadable
	origin     *provenance.Reader
	cores      chan struct{} // a token a goroutine that computes
	mu         sync.Mutex    // guards done
	done       int
}

// slot is one named file and what became of it.
type slot struct {
	name  string
	facts FileFacts
	said  provenance.Report  // of claims only
	seen  []evidence.Finding // of claims only: what their other pictures say of places on them
	mute  []FileError        // detectors that gave no answer
	view  *reference.View    // nil when unreadable, or when no longer needed
	err   error
}

func newRound(ctx context.Context, opts Options, claims, references []string) *round {
	r := &round{ctx: ctx, opts: opts, cores: make(chan struct{}, opts.Jobs), origin: provenance.NewReader(opts.Provenance)}
	r.claims, r.references = slots(claims), slots(references)
	r.results = make([][]reference.Result, len(claims))
	for i := range r.results {
		r.results[i] = make([]reference.Result, len(references))
	}
	return r
}

func slots(names []string) []slot {
	s := make([]slot, len(names))
	for i, name := range names {
		s[i].name = name
	}
	return s
}

// work prepares the shorter list and keeps its views, and meanwhile takes the
// longer one through file by file: prepared, compared with every kept view,
// dropped.
func (r *round) work() {
	kept, streamed := r.references, r.claims
	var keptOrigin, streamedOrigin *provenance.Reader
	streamedOrigin = r.origin
	compare := func(k, s int) { r.compare(s, k) }
	if len(r.claims) < len(r.references) {
		kept, streamed = r.claims, r.references
		keptOrigin, streamedOrigin = r.origin, nil
		compare = func(k, s int) { r.compare(k, s) }
	}
	ready := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		defer close(ready)
		r.each(len(kept), func(i int) { r.prepare(&kept[i], keptOrigin); r.report(kept[i].name) })
	})
	r.each(len(streamed), func(s int) {
		r.prepare(&streamed[s], streamedOrigin)
		<-ready
		if streamed[s].view != nil {
			r.compareAll(kept, func(k int) { compare(k, s) })
		}
		streamed[s].view = nil
		r.report(streamed[s].name)
	})
	all.Wait()
}

// each calls do for 0 to n-1 from Jobs goroutines and waits for them; it
// stops handing out work when the context ends.
func (r *round) each(n int, do func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, r.opts.Jobs) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := 0; i < n && r.ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	workers.Wait()
}

// compareAll compares one streamed picture with all kept ones, on as many
// cores as are free.
func (r *round) compareAll(kept []slot, compare func(k int)) {
	r.each(len(kept), func(k int) {
		if kept[k].view == nil {
			return
		}
		r.onCore(func() { compare(k) })
	})
}

func (r *round) compare(claim, ref int) {
	r.results[claim][ref] = reference.Compare(r.claims[claim].view, r.references[ref].view)
}

// prepare opens s and computes its view; the pixels are garbage afterwards.
func (r *round) prepare(s *slot, origin *provenance.Reader) {
	r.onCore(func() {
		var asked []evidence.Finding
		s.facts, s.view, s.said, s.err = load(r.ctx, s.name, r.opts.Limits, origin, func(p *imaging.Picture) { asked = r.ask(s, p) })
		s.said.Findings = append(s.said.Findings, asked...)
	})
}

// ask puts a claim picture to the detectors.
func (r *round) ask(s *slot, picture *imaging.Picture) (found []evidence.Finding) {
	for _, d := range r.opts.Detectors {
		f, told, err := d.Look(r.ctx, picture)
		switch {
		case r.ctx.Err() != nil:
			return found
		case err != nil:
			s.mute = append(s.mute, FileError{File: s.name, Text: muteText(err)})
		case told:
			found = append(found, f)
		}
	}
	return found
}

// onCore runs do while holding one of the Jobs tokens, unless the context has
// ended.
func (r *round) onCore(do func()) {
	r.cores <- struct{}{}
	defer func() { <-r.cores }()
	if r.ctx.Err() == nil {
		do()
	}
}

func (r *round) report(name string) {
	if r.opts.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.opts.Progress(r.done, len(r.claims)+len(r.references), name)
}

// gather turns what the workers left in the slots into the answer.
func (r *round) gather() (*Inspection, *Details) {
	out := &Inspection{Schema: Schema, Claim: []ClaimFile{}, References: []ReferenceFile{}}
	details := &Details{}
	position := make([]int, len(r.references)) // index into out.References
	var problems []FileError
	for i := range r.references {
		s := &r.references[i]
		if s.err != nil {
			problems = append(problems, FileError{File: s.name, Text: problemText(s.err)})
			continue
		}
		position[i] = len(out.References)
		out.References = append(out.References, ReferenceFile{File: s.name, SHA256: s.facts.SHA256})
		details.References = append(details.References, s.facts)
		if s.facts.Partial {
			problems = append(problems, FileError{File: s.name, Text: cutShortText()})
		}
	}
	for i := range r.claims {
		s := &r.claims[i]
		if s.err != nil {
			out.Errors = append(out.Errors, FileError{File: s.name, Text: problemText(s.err)})
			continue
		}
		at := len(out.Claim)
		findings, matches := r.findings(i, position)
		for n := range matches {
			matches[n].Claim = at
		}
		out.Claim = append(out.Claim, ClaimFile{
			File: s.name, SHA256: s.facts.SHA256, Format: s.facts.Format,
			Width: s.facts.Width, Height: s.facts.Height, Findings: findings, C2PA: s.said.C2PA,
		})
		if duty := s.said.Duty; duty.Case != aigc.NoCase {
			out.Claim[at].Duty = &duty
		}
		details.Claim = append(details.Claim, s.facts)
		details.Matches = append(details.Matches, matches...)
		if s.facts.Partial {
			out.Errors = append(out.Errors, FileError{File: s.name, Text: cutShortText()})
		}
		out.Errors = append(out.Errors, s.mute...)
	}
	out.Errors = append(out.Errors, problems...)
	out.Summary = summarise(out.Claim)
	return out, details
}

// findings words the results of one claim picture, strongest first: at most
// one a reference, and what the file says of itself; never nil.
func (r *round) findings(claim int, position []int) ([]evidence.Finding, []Match) {
	type worded struct {
		finding evidence.Finding
		match   Match
	}
	var found []worded
	for ref, result := range r.results[claim] {
		if f, ok := result.Finding(r.references[ref].name); ok {
			if r.claims[claim].facts.Partial || r.references[ref].facts.Partial {
				f.Text = withMissingPart(f.Text)
			}
			found = append(found, worded{f, Match{Reference: position[ref], Aligned: result.Aligned}})
		}
	}
	for _, f := range slices.Concat(r.claims[claim].said.Findings, r.claims[claim].seen) {
		found = append(found, worded{f, Match{Reference: -1}})
	}
	slices.SortStableFunc(found, func(a, b worded) int { return strongerFirst(a.finding, b.finding) })
	findings, matches := make([]evidence.Finding, len(found)), make([]Match, 0, len(found))
	for n, w := range found {
		findings[n] = w.finding
		if w.match.Reference >= 0 {
			w.match.Finding = n
			matches = append(matches, w.match)
		}
	}
	return findings, matches
}

// strongerFirst orders findings by strength, then those of one kind by the
// smaller bound on false alarms; equals stay in the order of the references.
func strongerFirst(a, b evidence.Finding) int {
	if a.Strength != b.Strength {
		return b.Strength.Rank() - a.Strength.Rank()
	}
	if a.Code != b.Code {
		return 0
	}
	switch {
	case a.FalseAlarm < b.FalseAlarm:
		return -1
	case a.FalseAlarm > b.FalseAlarm:
		return 1
	}
	return 0
}

// summarise picks the strongest finding of all claim pictures. Where equally
// strong ones speak for and against the claim, the stance is neutral, because
// weighing them is a person's work.
func summarise(claims []ClaimFile) Summary {
	var top evidence.Strength
	spoke := map[evidence.Stance]bool{}
	for _, c := range claims {
		for _, f := range c.Findings {
			if f.Strength.Rank() > top.Rank() {
				top = f.Strength
				clear(spoke)
			}
			if f.Strength == top {
				spoke[f.Stance] = true
			}
		}
	}
	sum := Summary{Stance: evidence.Neutral, Strength: top}
	switch against, favour := spoke[evidence.Against], spoke[evidence.For]; {
	case against && !favour:
		sum.Stance = evidence.Against
	case favour && !against:
		sum.Stance = evidence.For
	}
	return sum
}
