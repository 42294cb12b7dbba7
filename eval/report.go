package eval

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenhand/evenhand/evidence"
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
	// Kinds holds a row a kind, sound kinds first; Totals one a set.
	Kinds  []Row `json:"kinds"`
	Totals []Row `json:"totals"`
	// Misses are copies that were not found at strong or better, Accusations
	// honest pairs that were called same capture at strong or better.
	Misses      []Case `json:"misses"`
	Accusations []Case `json:"accusations"`
	// Errors are pairs that could not be measured; they count nowhere.
	Errors []CaseError `json:"errors"`
	// Cases holds every comparison, where the caller asked to keep them.
	Cases   []Case  `json:"cases,omitempty"`
	Seconds float64 `json:"seconds"`
}

// Row is the figures of one kind of pair, or of a whole set (Kind "").
type Row struct {
	Set       string `json:"set"`
	Kind      string `json:"kind"`
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
	Folder string `json:"folder"`
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
	Folder string        `json:"folder"`
	Text   evidence.Text `json:"text"`
}

// wrong tells whether the case belongs on a list of errors of the instrument.
func (c Case) wrong() bool {
	accused := c.Strength.Rank() >= evidence.Strong.Rank()
	return accused != (c.Set == Same)
}

// summarise fills in the tables and lists from cases, which are in the order of
// their pairs.
func (r *Report) summarise(cases []Case) {
	type group struct {
		set, kind string
		travelled bool
	}
	by, all := map[group][]Case{}, map[group][]Case{}
	r.Misses, r.Accusations = []Case{}, []Case{}
	for _, c := range cases {
		by[group{c.Set, c.Kind, c.Copy > 0}] = append(by[group{c.Set, c.Kind, c.Copy > 0}], c)
		all[group{c.Set, "", c.Copy > 0}] = append(all[group{c.Set, "", c.Copy > 0}], c)
		switch {
		case c.wrong() && c.Set == Same:
			r.Misses = append(r.Misses, c)
		case c.wrong():
			r.Accusations = append(r.Accusations, c)
		}
	}
	rows := func(groups map[group][]Case) []Row {
		out := []Row{}
		for g, cases := range groups {
			out = append(out, rowOf(g.set, g.kind, g.travelled, cases))
		}
		slices.SortFunc(out, func(a, b Row) int {
			return cmp.Or(-cmp.Compare(a.Set, b.Set), cmp.Compare(a.Kind, b.Kind), compareBool(a.Travelled, b.Travelled))
		})
		return out
	}
	r.Kinds, r.Totals = rows(by), rows(all)
}

func rowOf(set, kind string, travelled bool, cases []Case) Row {
	row := Row{Set: set, Kind: kind, Travelled: travelled, Pairs: len(cases)}
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
	row.AtConclusive = rateOf(row.Conclusive, row.Pairs)
	row.AtStrong = rateOf(row.Conclusive+row.Strong, row.Pairs)
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
