package eval

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// fits says, before anything is measured, why pairs could not be compared with the
// earlier report afterwards.
func (e *Earlier) fits(pairs []pair, opt Options) error {
	if e.wrong {
		now := &Report{Travel: opt.Travel, Seed: opt.Seed}
		counts := map[group]int{}
		for _, p := range pairs {
			if p.set == Cross {
				now.Cross++
			}
			counts[group{set: p.set, kind: p.kind}]++
			if p.set != Cross && opt.Travel > 0 {
				counts[group{set: p.set, kind: p.kind, travelled: true}] += opt.Travel
			}
		}
		for g, n := range counts {
			now.Kinds = append(now.Kinds, Row{Set: g.set, Kind: g.kind, Travelled: g.travelled, Pairs: n})
		}
		if len(e.of.Errors) > 0 { // what could not be measured then is in no row
			now.Kinds = e.of.Kinds
		}
		return e.alike(now)
	}
	var cases []Case
	for _, p := range pairs {
		cases = append(cases, Case{Set: p.set, Folder: p.folder, Against: p.against})
	}
	if _, _, common := meeting(e.cases, cases); common == 0 {
		return e.nothingInCommon()
	}
	return nil
}

func (e *Earlier) nothingInCommon() error {
	return &LayoutError{e.Name, text.Text{
		EN: "it has no pair in common with these: nothing can be compared.",
		ZH: "它与本次所测没有共同的图片对，无法比较。",
	}}
}

// alike says why two reports, of which one lists its wrong cases alone, are not of
// the same comparisons.
func (e *Earlier) alike(r *Report) error {
	problem := func(en, zh string) error {
		return &LayoutError{e.Name, text.Text{
			EN: "one of the two reports does not hold its cases, and " + en + ": save both with --json --cases.",
			ZH: "两份报告之一没有保存逐对结果，而且" + zh + "。请都加上 --json --cases 保存。",
		}}
	}
	b := e.of
	switch {
	case b.Partial || r.Partial:
		return problem("one was stopped early", "其中一份提前停止")
	case b.Travel != r.Travel || b.Cross != r.Cross:
		return problem("they are of other numbers of copies or of crossed pairs (--travel, --cross)", "副本数或交叉对数不同（--travel、--cross）")
	case b.Seed != r.Seed && b.Travel+b.Cross > 0:
		return problem("their copies and crossed pairs were drawn by another --seed", "副本与交叉对的 --seed 不同")
	case b.Pictures != "" && r.Pictures != "" && b.Pictures != r.Pictures, !samePairs(b.Kinds, r.Kinds):
		return problem("they are not of the same pairs", "所测的图片对不同")
	}
	return nil
}

// beside compares a report with the earlier one. Where either lists its wrong
// cases alone, the comparisons must be the same ones: each case that one lists as
// wrong and the other does not was right there.
func (e *Earlier) beside(r *Report, cases []Case, wrong bool) (*Comparison, error) {
	if !e.wrong && !wrong {
		c := e.compare(cases)
		c.BeforePartial, c.NowPartial = e.of.Partial, r.Partial
		if c.Compared == 0 {
			return nil, e.nothingInCommon()
		}
		return c, nil
	}
	if err := e.alike(r); err != nil {
		return nil, err
	}
	before, now := onlyWrong(e.cases), onlyWrong(cases)
	c := (&Earlier{Name: e.Name, cases: completed(before, now)}).compare(completed(now, before))
	c.ByLists = true
	rest := map[string]int{}
	for _, row := range r.Kinds {
		rest[row.Set] += row.Pairs
	}
	for _, row := range c.Kinds {
		rest[row.Set] -= row.Compared
	}
	c.FoundByBoth += rest[Same]
	c.AccusedByNeither += rest[Other] + rest[Cross]
	c.Compared += rest[Same] + rest[Other] + rest[Cross]
	if c.ByName = 0; e.of.Pictures == "" || r.Pictures == "" {
		c.ByName = c.Compared
	}
	return c, nil
}

// samePairs tells whether two reports have as many pairs of each kind.
func samePairs(a, b []Row) bool {
	count := func(rows []Row) map[group]int {
		out := map[group]int{}
		for _, r := range rows {
			if r.Set != Hard { // nobody lists which of these were found
				out[group{set: r.Set, kind: r.Kind, travelled: r.Travelled}] += r.Pairs
			}
		}
		return out
	}
	return maps.Equal(count(a), count(b))
}

// picturesOf is one digest of all that was compared, in whatever order.
func picturesOf(cases []Case) string {
	lines := make([]string, 0, len(cases))
	for _, c := range cases {
		if c.Set != Hard { // as in samePairs
			lines = append(lines, fmt.Sprintf("%s %s %d %s", c.Set, c.Pictures, c.Copy, c.Trip))
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:16])
}

// place is what a case is found again by in another report: folders by their
// ends, for the same pairs may have been reached by another way.
type place struct {
	set, folder, against string
	copy                 int
	trip                 string
}

func placeOf(c Case, depth int) place {
	p := place{c.Set, tail(c.Folder, depth), "", c.Copy, c.Trip}
	if c.Against != "" {
		p.against = tail(c.Against, depth)
	}
	return p
}

// placesOf names the cases' places by so many parts of their folders' paths; nil
// where two cases share one.
func placesOf(cases []Case, depth int) map[place]Case {
	out := make(map[place]Case, len(cases))
	for _, c := range cases {
		p := placeOf(c, depth)
		if _, twice := out[p]; twice && depth < maxDepth {
			return nil
		}
		out[p] = c
	}
	return out
}

// maxDepth is more parts than a path has.
const maxDepth = 64

// meeting names both reports' cases by as much of their paths as finds the most of
// them again, of the same pictures: pairs go by SET/NAME, or by as much more as
// tells them apart, for evaluation folders are laid out in one folder under their
// own names.
func meeting(earlier, cases []Case) (before, now map[place]Case, common int) {
	common = -1
	for _, depth := range []int{3, 2, 4, 5, maxDepth} {
		b, n := placesOf(earlier, depth), placesOf(cases, depth)
		if b == nil || n == nil {
			continue
		}
		met := 0
		for p, was := range b {
			if is, ok := n[p]; ok && samePictures(was, is) != other {
				met++
			}
		}
		if met > common {
			before, now, common = b, n, met
		}
	}
	return before, now, common
}

// What two cases of one name say of their pictures.
type sameness int

const (
	unknown sameness = iota // a report from before digests says nothing
	same
	other
)

func samePictures(a, b Case) sameness {
	named := func(c Case) (out []string) {
		for _, s := range c.Sources {
			out = append(out, tail(s, 3))
		}
		slices.Sort(out)
		return out
	}
	switch {
	case a.Pictures != "" && b.Pictures != "":
		if a.Pictures != b.Pictures {
			return other
		}
		return same
	case len(a.Sources) > 0 && len(b.Sources) > 0:
		if !slices.Equal(named(a), named(b)) {
			return other
		}
	}
	return unknown
}

// compare sets cases beside the earlier ones.
func (e *Earlier) compare(cases []Case) *Comparison {
	before, now, _ := meeting(e.cases, cases)
	c := &Comparison{
		Against: e.Name, NewlyFound: []Change{}, Lost: []Change{}, Weaker: []Change{}, Stronger: []Change{},
		NewlyAccused: []Change{}, NoLongerAccused: []Change{}, AccusedAtMore: []Change{},
	}
	count := counter{}
	for p, was := range before {
		is, both := now[p]
		if !both {
			c.OnlyBefore++
			continue
		}
		switch samePictures(was, is) {
		case other:
			c.OtherPictures++
			continue
		case unknown:
			c.ByName++
		}
		c.Compared++
		c.put(was, is)
		count.add(was, is)
	}
	c.OnlyNow = len(now) - c.Compared - c.OtherPictures
	for _, list := range []*[]Change{&c.NewlyFound, &c.Lost, &c.Weaker, &c.Stronger, &c.NewlyAccused, &c.NoLongerAccused, &c.AccusedAtMore} {
		slices.SortFunc(*list, func(a, b Change) int {
			return strings.Compare(fmt.Sprintf("%s\x00%s\x00%06d", a.Folder, a.Against, a.Copy), fmt.Sprintf("%s\x00%s\x00%06d", b.Folder, b.Against, b.Copy))
		})
	}
	c.Kinds, c.Tools = count.rows()
	return c
}
