package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Earlier is a report of another version: its cases, or where it was saved without
// them those that it lists as wrong.
type Earlier struct {
	Name  string
	cases []Case
	wrong bool // cases holds the wrong ones alone
	of    *Report
}

// Comparison is how a report differs from an earlier one, case by case.
type Comparison struct {
	// Against names the earlier report as the caller did.
	Against string `json:"against"`
	// Compared are the cases that both reports have; OnlyBefore and OnlyNow those
	// that one has, copies that went on another trip among them.
	Compared   int `json:"compared"`
	OnlyBefore int `json:"only_before"`
	OnlyNow    int `json:"only_now"`
	// OtherPictures are pairs of one name that hold other pictures than before, or
	// were made from others: they are not compared. ByName counts those compared of
	// which nothing but the name is known, a report being from before digests.
	OtherPictures int `json:"other_pictures,omitempty"`
	ByName        int `json:"by_name,omitempty"`
	// BeforePartial and NowPartial tell of a report that was stopped early.
	BeforePartial bool `json:"before_partial,omitempty"`
	NowPartial    bool `json:"now_partial,omitempty"`
	// ByLists is true where one report holds only its misses and accusations:
	// then what both found or left alone is counted and not looked at.
	ByLists bool `json:"by_lists,omitempty"`
	// Copies, at strong or better. Weaker are found by both, and by this version
	// at less; Stronger the reverse.
	FoundByBoth    int      `json:"found_by_both"`
	FoundByNeither int      `json:"found_by_neither"`
	NewlyFound     []Change `json:"newly_found"`
	Lost           []Change `json:"lost"`
	Weaker         []Change `json:"weaker"`
	Stronger       []Change `json:"stronger"`
	// Pairs that are no copies, at strong or better. Those that both accuse are
	// listed where this version accuses them at more.
	AccusedByBoth    int      `json:"accused_by_both"`
	AccusedByNeither int      `json:"accused_by_neither"`
	NewlyAccused     []Change `json:"newly_accused"`
	NoLongerAccused  []Change `json:"no_longer_accused"`
	AccusedAtMore    []Change `json:"accused_at_more"`
	// Kinds counts all this by set and kind, Tools by set and tool.
	Kinds []ChangeRow `json:"kinds"`
	Tools []ChangeRow `json:"tools,omitempty"`
}

// Change is one case that the two versions see differently.
type Change struct {
	Set     string            `json:"set"`
	Kind    string            `json:"kind"`
	Tool    string            `json:"tool,omitempty"`
	Folder  string            `json:"folder"`
	Against string            `json:"against,omitempty"`
	Copy    int               `json:"copy,omitempty"`
	Trip    string            `json:"trip,omitempty"`
	Before  evidence.Strength `json:"before"`
	Now     evidence.Strength `json:"now"`
}

// ChangeRow counts the cases of one kind, or of one tool: called same capture at
// strong or better by both versions, by neither, by this one alone and by the
// earlier one alone.
type ChangeRow struct {
	Set      string `json:"set"`
	Kind     string `json:"kind,omitempty"`
	Tool     string `json:"tool,omitempty"`
	Compared int    `json:"compared"`
	Both     int    `json:"both"`
	Neither  int    `json:"neither"`
	Gained   int    `json:"gained"`
	Gone     int    `json:"gone"`
}

// Worse tells whether this version lost a copy that the earlier one found, or
// accuses an honest pair that the earlier one left alone.
func (c *Comparison) Worse() bool { return len(c.Lost)+len(c.NewlyAccused) > 0 }

// maxReport bounds, in bytes, what is read of a saved report: about 500 a case.
const maxReport = 1 << 30

// ReadReport reads a report that was saved as JSON.
func ReadReport(name string) (*Report, error) {
	data, err := readUpTo(name, maxReport)
	if err != nil {
		return nil, reportProblem(name, err)
	}
	return parseReport(name, data)
}

func parseReport(name string, data []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil || r.Schema != Schema {
		return nil, &LayoutError{name, text.Text{
			EN: "this is no report of evenhand eval: save one with --json --cases.",
			ZH: "这不是 evenhand eval 的报告。请用 --json --cases 保存一份。",
		}}
	}
	for i := range r.Cases {
		r.Cases[i].took = time.Duration(math.Round(r.Cases[i].Seconds * float64(time.Second)))
	}
	return &r, nil
}

// tooLarge says that a file has more bytes than are read.
type tooLarge int64

func (e tooLarge) Error() string { return fmt.Sprintf("it is larger than %d MB", int64(e)>>20) }

// reasonFor is text.Reason, and in both languages also where a file is too
// large.
func reasonFor(err error) text.Text {
	if most, ok := errors.AsType[tooLarge](err); ok {
		return text.Text{EN: most.Error(), ZH: fmt.Sprintf("文件超过 %d MB", int64(most)>>20)}
	}
	return text.Reason(err)
}

// readUpTo reads a file of at most so many bytes.
func readUpTo(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = tooLarge(most)
	}
	return data, err
}

func reportProblem(name string, err error) error {
	reason := reasonFor(err)
	return &LayoutError{name, text.Text{
		EN: fmt.Sprintf("the report cannot be read: %s.", reason.EN), ZH: fmt.Sprintf("无法读取报告：%s。", reason.ZH),
	}}
}

// ReadEarlier reads a report to compare with.
func ReadEarlier(name string) (*Earlier, error) {
	r, err := ReadReport(name)
	if err != nil {
		return nil, err
	}
	return &Earlier{Name: name, cases: r.known(), wrong: len(r.Cases) == 0, of: r}, nil
}

// known are the cases that a report holds: all, or those that went wrong.
func (r *Report) known() []Case {
	if len(r.Cases) > 0 {
		return r.Cases
	}
	return slices.Concat(r.Misses, r.Accusations)
}

// Again makes a saved report's tables anew where it holds its cases, and a
// comparison where one is wanted, without measuring anything.
func (r *Report) Again(name string, opt Options) error {
	whole := len(r.Cases) > 0
	if opt.BySource && !whole {
		return &LayoutError{name, text.Text{
			EN: "this report does not hold the cases: save it with --json --cases.",
			ZH: "这份报告没有保存逐对结果。请加上 --json --cases 重新保存。",
		}}
	}
	if whole {
		r.summarise(r.Cases, opt.BySource)
	}
	r.Comparison = nil
	if opt.Against != nil {
		c, err := opt.Against.beside(r, r.known(), !whole)
		if err != nil {
			return err
		}
		r.Comparison = c
	}
	if !opt.Keep {
		r.Cases = nil
	}
	return nil
}

func onlyWrong(cases []Case) (out []Case) {
	for _, c := range cases {
		if c.wrong() {
			out = append(out, c)
		}
	}
	return out
}

// completed adds to a report's wrong cases the other's that it does not list: it
// had those right.
func completed(own, others []Case) []Case {
	out := slices.Clone(own)
	have := map[place]bool{}
	for _, c := range own {
		have[placeOf(c, 3)] = true
	}
	for _, c := range others {
		if have[placeOf(c, 3)] {
			continue
		}
		c.Strength = ""
		if copied(c.Set) {
			c.Strength = evidence.Strong
		}
		out = append(out, c)
	}
	return out
}

// put counts one case and lists it where the two differ.
func (c *Comparison) put(was, is Case) {
	change := Change{is.Set, is.Kind, is.Tool, is.Folder, is.Against, is.Copy, is.Trip, was.Strength, is.Strength}
	list := func(to *[]Change) { *to = append(*to, change) }
	more := is.Strength.Rank() - was.Strength.Rank()
	switch truly := copied(is.Set); {
	case truly && was.found() && is.found():
		c.FoundByBoth++
		if more < 0 {
			list(&c.Weaker)
		} else if more > 0 {
			list(&c.Stronger)
		}
	case truly && is.found():
		list(&c.NewlyFound)
	case truly && was.found():
		list(&c.Lost)
	case truly:
		c.FoundByNeither++
	case was.found() && is.found():
		c.AccusedByBoth++
		if more > 0 {
			list(&c.AccusedAtMore)
		}
	case is.found():
		list(&c.NewlyAccused)
	case was.found():
		list(&c.NoLongerAccused)
	default:
		c.AccusedByNeither++
	}
}

// counter counts cases by group.
type counter map[group]*ChangeRow

func (n counter) add(was, is Case) {
	for _, g := range []group{{set: is.Set, kind: is.Kind}, {set: is.Set, tool: is.Tool}} {
		if g.kind == "" && g.tool == "" {
			continue
		}
		row := n[g]
		if row == nil {
			row = &ChangeRow{Set: g.set, Kind: g.kind, Tool: g.tool}
			n[g] = row
		}
		row.Compared++
		switch {
		case was.found() && is.found():
			row.Both++
		case is.found():
			row.Gained++
		case was.found():
			row.Gone++
		default:
			row.Neither++
		}
	}
}

// rows lists the kinds, and the tools, in the order of the tables.
func (n counter) rows() (kinds, tools []ChangeRow) {
	for _, row := range n {
		if row.Tool == "" {
			kinds = append(kinds, *row)
		} else {
			tools = append(tools, *row)
		}
	}
	for _, list := range [][]ChangeRow{kinds, tools} {
		slices.SortFunc(list, func(a, b ChangeRow) int {
			if d := slices.Index(setOrder, a.Set) - slices.Index(setOrder, b.Set); d != 0 {
				return d
			}
			return strings.Compare(a.Kind+a.Tool, b.Kind+b.Tool)
		})
	}
	return kinds, tools
}
