package eval

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Schema names the shape of Report; it changes when a field's meaning does.
const Schema = "evenhand.eval/1"

// Report is what an evaluation found.
type Report struct {
	Schema string `json:"schema"`
	// Partial is true where the run was stopped: Done of Total comparisons count.
	Partial bool   `json:"partial"`
	Done    int    `json:"done"`
	Total   int    `json:"total"`
	Travel  int    `json:"travel"`
	Seed    uint64 `json:"seed"`
	// Pictures is a digest of all that was compared, but for hard copies: two
	// reports that have the same are of the same pictures.
	Pictures string `json:"pictures,omitempty"`
	// Cross is how many of the pairs are of a claim and another pair's reference.
	Cross int `json:"cross,omitempty"`
	// Kinds holds a row a kind, sound kinds first; Totals one a set. Tools has a
	// row a tool where a manifest names them, Sources one a source where the
	// caller asked for it; a pair of two sources counts in both.
	Kinds   []Row `json:"kinds"`
	Totals  []Row `json:"totals"`
	Tools   []Row `json:"tools,omitempty"`
	Sources []Row `json:"sources,omitempty"`
	// Misses are copies that were not found at strong or better, Accusations
	// honest pairs that were called same capture at strong or better. Hard
	// copies that were not found are no misses: nothing is asked of them.
	Misses      []Case `json:"misses"`
	Accusations []Case `json:"accusations"`
	// Errors are pairs that could not be measured; they count nowhere.
	Errors []CaseError `json:"errors"`
	// Cases holds every comparison, where the caller asked to keep them.
	Cases []Case `json:"cases,omitempty"`
	// Comparison is with an earlier report, where the caller named one.
	Comparison *Comparison `json:"comparison,omitempty"`
	Seconds    float64     `json:"seconds"`
}

// Row is the figures of one kind of pair, of one tool or source, or of a whole
// set (all three "").
type Row struct {
	Set       string `json:"set"`
	Kind      string `json:"kind"`
	Tool      string `json:"tool,omitempty"`
	Source    string `json:"source,omitempty"`
	Travelled bool   `json:"travelled"`
	Pairs     int    `json:"pairs"`
	// Conclusive, Strong and Weak count the findings of just that strength.
	Conclusive int `json:"conclusive"`
	Strong     int `json:"strong"`
	Weak       int `json:"weak"`
	// AtConclusive and AtStrong are recall for copies and false accusations for
	// honest pairs, at conclusive and at strong or better.
	AtConclusive Rate `json:"at_conclusive"`
	AtStrong     Rate `json:"at_strong"`
	// Overlap is the mean over the found pairs that have a mask.
	Overlap *Overlap `json:"overlap,omitempty"`
	// MedianSeconds is for one pair: preparing both pictures and comparing them,
	// decoding left out, as measured with the run's parallel jobs at work.
	MedianSeconds float64 `json:"median_seconds"`
}

// Overlap is how well the altered regions agree with the true change.
type Overlap struct {
	// IoU is the area of both over the area of either. It means little on
	// travelled copies, whose stickers and frames are alterations too.
	IoU float64 `json:"iou"`
	// Covered is the share of the true change inside the regions.
	Covered float64 `json:"covered"`
	// Pairs is how many pairs the means are over; 0 on a single case.
	Pairs int `json:"pairs,omitempty"`
}

// Case is one comparison.
type Case struct {
	Set    string `json:"set"`
	Kind   string `json:"kind"`
	Tool   string `json:"tool,omitempty"`
	Folder string `json:"folder"`
	// Against is the folder whose reference the claim of Folder was held
	// against, in cross pairs.
	Against string `json:"against,omitempty"`
	// Sources are what the pair was made from: a manifest's names, or pictures.
	Sources []string `json:"sources,omitempty"`
	// Pictures is a digest of the claim's and the reference's bytes.
	Pictures string `json:"pictures,omitempty"`
	// Copy is 0 for the pair as it is, else the number of its travelled copy;
	// Trip says where that went.
	Copy       int                `json:"copy,omitempty"`
	Trip       string             `json:"trip,omitempty"`
	Strength   evidence.Strength  `json:"strength,omitempty"`
	FalseAlarm float64            `json:"false_alarm,omitempty"`
	Overlap    *Overlap           `json:"overlap,omitempty"`
	Measured   map[string]float64 `json:"measured,omitempty"`
	Seconds    float64            `json:"seconds"`

	took time.Duration
}

// CaseError says why a pair was not measured.
type CaseError struct {
	Folder string    `json:"folder"`
	Text   text.Text `json:"text"`
}

// found tells whether the case was called same capture at strong or better.
func (c Case) found() bool { return c.Strength.Rank() >= evidence.Strong.Rank() }

// wrong tells whether the case belongs on a list of errors of the instrument.
func (c Case) wrong() bool {
	if c.Set == Hard {
		return false
	}
	return c.found() != copied(c.Set)
}

// group is what a row is about.
type group struct {
	set, kind, tool, source string
	travelled               bool
}

// summarise fills in the tables and lists from cases, which are in the order of
// their pairs.
func (r *Report) summarise(cases []Case, bySource bool) {
	kinds, tools, sources, all := map[group][]Case{}, map[group][]Case{}, map[group][]Case{}, map[group][]Case{}
	r.Misses, r.Accusations = []Case{}, []Case{}
	for _, c := range cases {
		add := func(to map[group][]Case, g group) {
			g.set, g.travelled = c.Set, c.Copy > 0
			to[g] = append(to[g], c)
		}
		add(kinds, group{kind: c.Kind})
		add(all, group{})
		if c.Tool != "" {
			add(tools, group{tool: c.Tool})
		}
		for _, s := range c.Sources {
			if bySource {
				add(sources, group{source: s})
			}
		}
		switch {
		case c.wrong() && copied(c.Set):
			r.Misses = append(r.Misses, c)
		case c.wrong():
			r.Accusations = append(r.Accusations, c)
		}
	}
	r.Kinds, r.Totals, r.Tools, r.Sources = rows(kinds), rows(all), rows(tools), rows(sources)
}

// setOrder is the order of the tables.
var setOrder = []string{Same, Hard, Other, Cross}

func rows(groups map[group][]Case) []Row {
	out := []Row{}
	for g, cases := range groups {
		out = append(out, rowOf(g, cases))
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(cmp.Compare(slices.Index(setOrder, a.Set), slices.Index(setOrder, b.Set)), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Tool, b.Tool), cmp.Compare(a.Source, b.Source), compareBool(a.Travelled, b.Travelled))
	})
	return out
}

func rowOf(g group, cases []Case) Row {
	row := Row{Set: g.set, Kind: g.kind, Tool: g.tool, Source: g.source, Travelled: g.travelled, Pairs: len(cases)}
	var took []time.Duration
	var sum Overlap
	for _, c := range cases {
		took = append(took, c.took)
		switch c.Strength {
		case evidence.Conclusive:
			row.Conclusive++
		case evidence.Strong:
			row.Strong++
		case evidence.Weak:
			row.Weak++
		}
		if c.Overlap != nil && c.Strength.Rank() >= evidence.Strong.Rank() {
			sum.IoU, sum.Covered, sum.Pairs = sum.IoU+c.Overlap.IoU, sum.Covered+c.Overlap.Covered, sum.Pairs+1
		}
	}
	if sum.Pairs > 0 {
		n := float64(sum.Pairs)
		row.Overlap = &Overlap{IoU: sum.IoU / n, Covered: sum.Covered / n, Pairs: sum.Pairs}
	}
	row.AtConclusive = rateAt(evidence.Conclusive, cases)
	row.AtStrong = rateAt(evidence.Strong, cases)
	row.MedianSeconds = median(took)
	return row
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
