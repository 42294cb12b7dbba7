package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/detector"
)

// DetectorSchema names the shape of DetectorReport.
const DetectorSchema = "evenhand.detector-eval/1"

// DetectorReport is how a learned detector did on pictures whose truth is known.
type DetectorReport struct {
	Schema   string  `json:"schema"`
	Detector string  `json:"detector"`
	Version  string  `json:"version"`
	Partial  bool    `json:"partial"`
	Honest   Counted `json:"honest"`
	Edited   Counted `json:"edited"`
	// Ranked is the chance that an edited picture scores higher than an honest
	// one (the area under the ROC curve): 0.5 is no better than a coin.
	Ranked float64 `json:"ranked"`
	// At holds what it finds where honest pictures are told at most so often.
	At []DetectorRate `json:"at"`
	// Strongest is the most that a finding of it can be, after this measurement.
	Strongest evidence.Strength `json:"strongest"`
	Errors    []CaseError       `json:"errors"`
	Seconds   float64           `json:"seconds"`

	calibration *detector.Calibration
}

// Counted is how many pictures were measured, and of how many sources.
type Counted struct {
	Pictures int `json:"pictures"`
	Sources  int `json:"sources"`
}

// DetectorRate is what a detector does at one rate of false alarms.
type DetectorRate struct {
	Rate float64 `json:"rate"`
	// Threshold is the score from which on; nil where the sources are too few for
	// that rate.
	Threshold *float64 `json:"threshold"`
	// Found are the edited pictures at the threshold.
	Found Rate `json:"found"`
	// Told are the honest pictures, each half of whose sources was held against
	// the other half's scores: what the rate promises, measured.
	Told Rate `json:"told"`
}

// Calibration is what the measurement leaves for screening.
func (r *DetectorReport) Calibration() *detector.Calibration { return r.calibration }

// Scorer is a detector as it is measured.
type Scorer interface {
	Score(ctx context.Context, pic *imaging.Picture) (float64, error)
}

// labelled is a picture whose truth is known.
type labelled struct {
	path, source string
	edited       bool
}

// scored is a picture with what the detector said.
type scored struct {
	labelled
	score float64
	err   *CaseError
	done  bool
}

// MeasureDetector asks a detector about all pictures under dirs. A dir holds
// honest/ and edited/, whose pictures may lie in folders by source; or pairs as
// for Run, where claims in same/ and hard/ are edited, and references and
// what lies in other/ are honest.
func MeasureDetector(ctx context.Context, dirs []string, card *detector.Card, with Scorer, opt Options, day string) (*DetectorReport, error) {
	start := time.Now()
	pictures, err := labelledIn(dirs)
	if err != nil {
		return nil, err
	}
	all := score(ctx, pictures, with, opt)
	r := &DetectorReport{
		Schema: DetectorSchema, Detector: card.Name, Version: card.Version, Partial: ctx.Err() != nil, Errors: []CaseError{},
	}
	bySource := map[bool]map[string][]float64{false: {}, true: {}}
	var measured []scored
	for _, s := range all {
		switch {
		case s.err != nil:
			r.Errors = append(r.Errors, *s.err)
		case s.done:
			measured = append(measured, s)
			bySource[s.edited][s.source] = append(bySource[s.edited][s.source], s.score)
		}
	}
	lists := func(m map[string][]float64) (out [][]float64) {
		for _, v := range m {
			out = append(out, v)
		}
		return out
	}
	r.calibration = detector.NewCalibration(card, day, lists(bySource[false]), lists(bySource[true]))
	r.summarise(measured)
	r.Seconds = time.Since(start).Seconds()
	return r, ctx.Err()
}

// score asks about each picture; Jobs are decoded at a time, and the detector
// answers one by one.
func score(ctx context.Context, pictures []labelled, with Scorer, opt Options) []scored {
	out := make([]scored, len(pictures))
	jobs := cmp.Or(max(opt.Jobs, 0), runtime.GOMAXPROCS(0))
	work := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range min(jobs, len(pictures)) {
		wg.Go(func() {
			for i := range work {
				out[i] = scoreOne(ctx, pictures[i], with, opt.Limits)
				mu.Lock()
				if done++; opt.Progress != nil && ctx.Err() == nil {
					opt.Progress(done, len(pictures))
				}
				mu.Unlock()
			}
		})
	}
feed:
	for i := range pictures {
		select {
		case work <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	return out
}

func scoreOne(ctx context.Context, p labelled, with Scorer, limits imaging.Limits) scored {
	s := scored{labelled: p}
	fail := func(err error) scored {
		if ctx.Err() == nil {
			s.err = &CaseError{p.path, scoreText(err)}
		}
		return s
	}
	pic, err := imaging.Open(ctx, p.path, limits)
	if err != nil {
		return fail(err)
	}
	defer pic.Release()
	if s.score, err = with.Score(ctx, pic); err != nil {
		return fail(err)
	}
	s.done = true
	return s
}

// scoreText words why a picture has no score.
func scoreText(err error) evidence.Text {
	var picture *imaging.Error
	if errors.As(err, &picture) {
		en, zh := picture.Text()
		return evidence.Text{EN: en, ZH: zh}
	}
	var asked *detector.Error
	if errors.As(err, &asked) {
		return asked.Text
	}
	return evidence.Reason(err)
}

// rates at which a detector is looked at: those of its findings' strengths.
var rates = []float64{detector.WeakRate, detector.StrongRate}

func (r *DetectorReport) summarise(all []scored) {
	k := r.calibration
	r.Honest = Counted{detector.Pictures(k.Honest), len(k.Honest)}
	r.Edited = Counted{detector.Pictures(k.Edited), len(k.Edited)}
	r.Ranked = ranked(all)
	r.Strongest = evidence.Note
	halves := inHalves(all)
	for _, rate := range rates {
		row := DetectorRate{Rate: rate}
		threshold, enough := k.Threshold(rate)
		if enough {
			row.Threshold = &threshold
		}
		var found, told []outcomeOf
		for _, s := range all {
			if s.edited {
				found = append(found, outcomeOf{enough && s.score >= threshold, []string{s.source}})
				continue
			}
			told = append(told, outcomeOf{halves[!half(s.source)].Rate(s.score) <= rate, []string{s.source}})
		}
		row.Found, row.Told = rateOfOutcomes(found), rateOfOutcomes(told)
		if _, low := k.Found(threshold); enough && low >= detector.Likelier*rate {
			r.Strongest = evidence.Weak
			if rate <= detector.StrongRate && r.Honest.Pictures >= detector.EnoughFor {
				r.Strongest = evidence.Strong
			}
		}
		r.At = append(r.At, row)
	}
}

// half puts a source, whole, into one of two parts.
func half(source string) bool { return hash("half/"+source)%2 == 1 }

// inHalves calibrates on each half of the honest sources.
func inHalves(all []scored) map[bool]*detector.Calibration {
	by := map[bool]map[string][]float64{false: {}, true: {}}
	for _, s := range all {
		if !s.edited {
			by[half(s.source)][s.source] = append(by[half(s.source)][s.source], s.score)
		}
	}
	out := map[bool]*detector.Calibration{}
	for part, sources := range by {
		var lists [][]float64
		for _, scores := range sources {
			lists = append(lists, scores)
		}
		out[part] = detector.NewCalibration(&detector.Card{}, "", lists, nil)
	}
	return out
}

func rateOfOutcomes(outcomes []outcomeOf) Rate {
	k := 0
	for _, o := range outcomes {
		if o.hit {
			k++
		}
	}
	r, by := rateOf(k, len(outcomes)), bySource(outcomes)
	r.BySource = &by
	return r
}

// ranked is Mann and Whitney's U over the number of pairs (Annals of
// Mathematical Statistics 18, 1947): ties count half.
func ranked(all []scored) float64 {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	below, honest, edited, wins := 0, 0, 0, 0.0
	for i := 0; i < len(sorted); {
		j, h, e := i, 0, 0
		for ; j < len(sorted) && sorted[j].score == sorted[i].score; j++ {
			if sorted[j].edited {
				e++
			} else {
				h++
			}
		}
		wins += float64(e) * (float64(below) + float64(h)/2)
		below, honest, edited, i = below+h, honest+h, edited+e, j
	}
	if honest == 0 || edited == 0 {
		return 0.5
	}
	return wins / float64(honest) / float64(edited)
}

// labelledIn lists the pictures of all dirs, each file once by its bytes.
func labelledIn(dirs []string) ([]labelled, error) {
	var out []labelled
	var problems []error
	for _, dir := range dirs {
		found := false
		for _, label := range []string{"honest", "edited"} {
			inside := filepath.Join(dir, label)
			if !isFolder(inside) {
				continue
			}
			found = true
			p, err := labelledUnder(inside, label == "edited")
			out = append(out, p...)
			if err != nil {
				problems = append(problems, unreadable(inside, err))
			}
		}
		if found {
			continue
		}
		pairs, err := collect([]string{dir})
		if err != nil {
			problems = append(problems, unwrapped(err)...)
			continue
		}
		for _, p := range pairs {
			source := strings.Join(p.sources, "; ")
			out = append(out, labelled{p.claim, source, copied(p.set)}, labelled{p.reference, source, false})
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	out = onceEach(out)
	labels := map[bool]int{}
	for _, p := range out {
		labels[p.edited]++
	}
	if labels[false] == 0 || labels[true] == 0 {
		return nil, &LayoutError{strings.Join(dirs, ", "), evidence.Text{
			EN: "both honest and edited pictures are needed: put them into honest/ and edited/, those of one scene or person into a folder of their own there.",
			ZH: "需要诚实的和改过的两种图片。请分别放进 honest/ 和 edited/，同一场景或同一人的放进其中单独的文件夹。",
		}}
	}
	return out, nil
}

func unwrapped(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// labelledUnder lists the pictures of a folder, named by the folder within it
// that they lie in, or by themselves.
func labelledUnder(root string, edited bool) (out []labelled, err error) {
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(e.Name(), ".") && path != root {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(path); e.IsDir() || err != nil || !info.Mode().IsRegular() {
			return nil //nolint:nilerr // what is no file is no picture
		}
		source := path
		if rel, err := filepath.Rel(root, path); err == nil {
			if folder, _, within := strings.Cut(filepath.ToSlash(rel), "/"); within {
				source = folder
			}
		}
		out = append(out, labelled{path, source, edited})
		return nil
	})
	return out, err
}

// onceEach drops pictures that were there before by their bytes: an honest one
// stays honest.
func onceEach(pictures []labelled) (out []labelled) {
	slices.SortStableFunc(pictures, func(a, b labelled) int { return compareBool(a.edited, b.edited) })
	pairs := make([]pair, len(pictures))
	for i, p := range pictures {
		pairs[i] = pair{reference: p.path, claim: p.path}
	}
	files, seen := filesOf(pairs), map[string]bool{}
	for _, p := range pictures {
		if id := files[p.path].id; !seen[id] {
			seen[id] = true
			out = append(out, p)
		}
	}
	return out
}

// Name is what the report is about, for people.
func (r *DetectorReport) Name() string { return fmt.Sprintf("%s %s", r.Detector, r.Version) }
