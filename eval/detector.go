package eval

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// DetectorSchema names the shape of DetectorReport.
const DetectorSchema = "evenhand.detector-eval/2"

// DetectorReport is how a learned detector did on pictures whose truth is known.
type DetectorReport struct {
	Schema   string `json:"schema"`
	Detector string `json:"detector"`
	Version  string `json:"version"`
	// Partial is true where not all was measured: it was stopped, or, with GaveUp,
	// the detector failed so often that it was asked no more.
	Partial bool    `json:"partial"`
	GaveUp  bool    `json:"gave_up"`
	Honest  Counted `json:"honest"`
	Edited  Counted `json:"edited"`
	// Ranked is the chance that an edited picture scores higher than an honest
	// one (the area under the ROC curve): 0.5 is no better than a coin.
	Ranked float64 `json:"ranked"`
	// At holds what it finds where honest pictures are told at most so often.
	At []DetectorRate `json:"at"`
	// Strongest is the most that a finding of it can be, after this measurement; ""
	// where it has none, for no score is rarer than one in a hundred yet.
	Strongest evidence.Strength `json:"strongest"`
	Errors    []CaseError       `json:"errors"`
	// LeftOut are files that are no pictures, and what is no file; Again counts
	// pictures whose pixels were there before.
	LeftOut []CaseError `json:"left_out"`
	Again   int         `json:"again"`
	Seconds float64     `json:"seconds"`

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
	// the other half's scores: what the rate promises, measured. It is nil where a
	// half has too few sources to bound that rate: none would be told then, and
	// that would be no measurement.
	Told *Rate `json:"told"`
}

// Calibration is what the measurement leaves for screening.
func (r *DetectorReport) Calibration() *detector.Calibration { return r.calibration }

// Scorer is a detector as it is measured.
type Scorer interface {
	Score(ctx context.Context, pic *imaging.Picture) (float64, error)
}

// scored is a picture with what the detector said.
type scored struct {
	labelled
	score   float64
	source  string // of all that hang together, once pictures are told apart
	pixels  string // the same for the same pixels
	pdq     pdq.Hash
	quality int
	err     *CaseError
	noImage bool // err says that the file is no picture at all
	done    bool
}

// DetectorOptions say how to measure a detector.
type DetectorOptions struct {
	Options
	// References takes pairs' references as honest photographs too.
	References bool
	// Kept, where given, holds scores from before and takes new ones.
	Kept *Kept
}

// MeasureDetector asks a detector about all pictures under dirs. A dir holds
// honest/ and edited/, whose pictures may lie in folders by source; or pairs as
// for Run, where claims in same/ and hard/ are edited, and those in other/ honest.
// Where the detector gives up, or ctx ends, the report is of what was measured.
func MeasureDetector(ctx context.Context, dirs []string, card *detector.Card, with Scorer, opt DetectorOptions, day string) (*DetectorReport, error) {
	start := time.Now()
	pictures, leftOut, err := labelledIn(dirs, opt.References)
	if err != nil {
		return nil, err
	}
	all, gaveUp := score(ctx, pictures, with, opt)
	r := &DetectorReport{
		Schema: DetectorSchema, Detector: card.Name, Version: card.Version, Partial: ctx.Err() != nil || gaveUp, GaveUp: gaveUp,
		Errors: []CaseError{}, LeftOut: append([]CaseError{}, leftOut...),
	}
	var measured []scored
	for _, s := range all {
		switch {
		case s.noImage:
			r.LeftOut = append(r.LeftOut, *s.err)
		case s.err != nil:
			r.Errors = append(r.Errors, *s.err)
		case s.done:
			measured = append(measured, s)
		}
	}
	files := len(measured)
	measured = apart(measured)
	r.Again = files - len(measured)
	bySource := map[bool]map[string][]float64{false: {}, true: {}}
	for _, s := range measured {
		bySource[s.edited][s.source] = append(bySource[s.edited][s.source], s.score)
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

// gaveUp tells whether a detector is asked no more.
func gaveUp(with Scorer) bool {
	d, ok := with.(interface{ GaveUp() bool })
	return ok && d.GaveUp()
}

// score asks about each picture, until the detector gives up; Jobs are decoded at
// a time, and the detector answers one by one.
func score(ctx context.Context, pictures []labelled, with Scorer, opt DetectorOptions) ([]scored, bool) {
	out := make([]scored, len(pictures))
	jobs := cmp.Or(max(opt.Jobs, 0), runtime.GOMAXPROCS(0))
	work := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range min(jobs, len(pictures)) {
		wg.Go(func() {
			for i := range work {
				if gaveUp(with) {
					continue
				}
				out[i] = scoreOne(ctx, pictures[i], with, opt)
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
	return out, gaveUp(with)
}

func scoreOne(ctx context.Context, p labelled, with Scorer, opt DetectorOptions) scored {
	s := scored{labelled: p}
	fail := func(err error) scored {
		if ctx.Err() == nil {
			s.err = &CaseError{p.path, scoreText(err)}
			var picture *imaging.Error
			s.noImage = errors.As(err, &picture) && (picture.Code == imaging.UnknownFormat || picture.Code == imaging.UnsupportedFormat)
		}
		return s
	}
	var file string
	if info, err := os.Stat(p.path); err == nil && opt.Kept != nil {
		file = fmt.Sprintf("%x", sha256.Sum256([]byte(digest(p.path, info.Size()))))
	}
	known, ok := opt.Kept.get(file)
	if !ok {
		pic, err := imaging.Open(ctx, p.path, opt.Limits)
		if err != nil {
			return fail(err)
		}
		defer pic.Release()
		known = keptScore{File: file, Pixels: pixelsOf(pic)}
		known.PDQ, known.Quality = pdq.Compute(pic)
		if known.Score, err = with.Score(ctx, pic); err != nil {
			return fail(err)
		}
		opt.Kept.put(known)
	}
	s.score, s.pixels, s.pdq, s.quality, s.done = known.Score, known.Pixels, known.PDQ, known.Quality, true
	return s
}

// pixelsOf identifies a picture by what it shows: its size, and its pixels at up to
// 512 of a side.
func pixelsOf(pic *imaging.Picture) string {
	small := pic.RGBA(512)
	h := sha256.New()
	fmt.Fprintf(h, "%d x %d\n", pic.Width, pic.Height)
	h.Write(small.Pix)
	return hex.EncodeToString(h.Sum(nil))
}

// scoreText words why a picture has no score.
func scoreText(err error) text.Text {
	var picture *imaging.Error
	if errors.As(err, &picture) {
		en, zh := picture.Text()
		return text.Text{EN: en, ZH: zh}
	}
	var asked *detector.Error
	if errors.As(err, &asked) {
		return asked.Text
	}
	return text.Reason(err)
}

// rates at which a detector is looked at: those of its findings' strengths.
var rates = []float64{detector.WeakRate, detector.StrongRate}

func (r *DetectorReport) summarise(all []scored) {
	k := r.calibration
	r.Honest = Counted{detector.Pictures(k.Honest), len(k.Honest)}
	r.Edited = Counted{detector.Pictures(k.Edited), len(k.Edited)}
	r.Ranked = ranked(all)
	if k.Rate(math.Inf(1)) <= detector.WeakRate {
		r.Strongest = evidence.Note
	}
	halves := inHalves(all)
	for _, rate := range rates {
		row := DetectorRate{Rate: rate}
		threshold, enough := k.Threshold(rate)
		if enough {
			row.Threshold = &threshold
		}
		var found, told []outcomeOf
		for _, s := range all {
			switch {
			case s.edited:
				found = append(found, outcomeOf{enough && s.score >= threshold, []string{s.source}})
				continue
			case !halvesBound(halves, rate):
				continue
			}
			told = append(told, outcomeOf{halves[!half(s.source)].Rate(s.score) <= rate, []string{s.source}})
		}
		row.Found = rateOfOutcomes(found)
		if crossed := rateOfOutcomes(told); len(told) > 0 {
			row.Told = &crossed
		}
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

// halvesBound tells whether each half has the sources to bound a rate at all.
func halvesBound(halves map[bool]*detector.Calibration, rate float64) bool {
	most := math.Inf(1)
	return halves[false].Rate(most) <= rate && halves[true].Rate(most) <= rate
}

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

// Name is what the report is about, for people.
func (r *DetectorReport) Name() string { return fmt.Sprintf("%s %s", r.Detector, r.Version) }
