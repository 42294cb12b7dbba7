package trace

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/trace/chance"
	"github.com/evenhand/evenhand/screening/trace/copymove"
	"github.com/evenhand/evenhand/screening/trace/grid"
	"github.com/evenhand/evenhand/screening/trace/quant"
)

// looked is what was seen in one picture.
type looked struct {
	Group, Kind, End, File string
	Held                   bool // of the half of scenes that thresholds were not chosen on
	Width, Height          int
	Codes                  []evidence.Code
	Strongest              evidence.Strength
	Grid                   grid.Result
	Quant                  quant.Result
	Copy                   copymove.Result
}

// bench looks at pictures and keeps what it saw.
type bench struct {
	t    *testing.T
	mu   sync.Mutex
	seen []looked
	raw  io.Writer // JSON lines for choosing thresholds; nil for none
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t}
	if name := os.Getenv("EVENHAND_TRACE_ROWS"); name != "" {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		b.raw = f
	}
	return b
}

func (b *bench) look(l looked, data []byte) {
	p, err := imaging.Decode(b.t.Context(), data, imaging.Limits{})
	if err != nil {
		b.t.Errorf("%s, %s: %v", l.File, l.Kind, err)
		return
	}
	defer p.Release()
	l.Width, l.Height = p.Width, p.Height
	spots, span := spotsOf(p)
	m, err := measure(b.t.Context(), data, p, spots, span)
	if err != nil {
		b.t.Errorf("%s, %s: %v", l.File, l.Kind, err)
		return
	}
	l.Grid, l.Quant, l.Copy = m.grid, m.quant, m.copy
	for _, f := range m.findings() {
		if f.Code == evidence.TraceModelSize && l.Group != "edits" && strings.Contains(l.File, "ai-edits") {
			continue // what was edited had been brought to the model's size before
		}
		l.Codes = append(l.Codes, f.Code)
		if f.Strength.Rank() > l.Strongest.Rank() {
			l.Strongest = f.Strength
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = append(b.seen, l)
	if b.raw != nil {
		if err := json.NewEncoder(b.raw).Encode(l); err != nil {
			b.t.Error(err)
		}
	}
}

// each runs do for every source on all cores.
func each(all []source, do func(s source)) {
	next := make(chan source)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for s := range next {
				do(s)
			}
		})
	}
	for _, s := range all {
		next <- s
	}
	close(next)
	workers.Wait()
}

// honestly looks at a source as it is and as honest phones and messengers pass
// it on.
func (b *bench) honestly(s source, variants []variant) {
	data, err := os.ReadFile(s.path)
	if err != nil {
		b.t.Error(err)
		return
	}
	base := looked{Group: "honest", Kind: "as it is", File: s.path, Held: s.held()}
	b.look(base, data)
	m := pixels(b.t, s.path)
	for _, v := range variants {
		l := base
		l.Kind = v.name
		b.look(l, v.make(m, s.rng(v.name)))
	}
}

// forge looks at forgeries of a source that a phone saved.
func (b *bench) forge(s, other source) {
	m := pixels(b.t, s.path)
	if min(m.Rect.Dx(), m.Rect.Dy()) < 600 {
		return
	}
	rng := s.rng("phone")
	phone, pasted := phonePhoto(m, rng), phonePhoto(pixels(b.t, other.path), rng)
	for _, v := range marked() {
		b.look(looked{Group: "marked", Kind: v.name, File: s.path, Held: s.held()}, v.make(phone, s.rng(v.name)))
	}
	for _, f := range forgeries() {
		forged := f.make(phone, pasted, s.rng(f.name))
		for _, e := range ends() {
			b.look(looked{Group: "forged", Kind: f.name, End: e.name, File: s.path, Held: s.held()}, e.make(forged, s.rng(e.name)))
		}
	}
}

// edits looks at real edits by real tools.
func (b *bench) edits() {
	local, _ := filepath.Glob(shared + "/ai-edits/*/*-after.*")
	whole, _ := filepath.Glob(shared + "/ai-edits/whole-picture-editors/*/*/claim.*")
	for _, f := range append(local, whole...) {
		data, err := os.ReadFile(f)
		if err != nil {
			b.t.Fatal(err)
		}
		rel, _ := filepath.Rel(shared, f)
		parts := strings.Split(filepath.ToSlash(rel), "/")
		b.look(looked{Group: "edits", Kind: strings.Join(parts[1:min(3, len(parts)-1)], "/"), File: f, Held: true}, data)
	}
}

// table prints, for each kind, how often a trace spoke, with the Clopper-
// Pearson interval of 95 %.
func (b *bench) table() string {
	var out strings.Builder
	type key struct{ group, kind, end string }
	var order []key
	counts := map[key]map[evidence.Code]int{}
	const any, n = evidence.Code("any"), evidence.Code("n")
	for _, l := range b.seen {
		for _, k := range []key{{l.Group, l.Kind, l.End}, {l.Group, "all", ""}} {
			if counts[k] == nil {
				counts[k] = map[evidence.Code]int{}
				order = append(order, k)
			}
			counts[k][n]++
			for _, c := range l.Codes {
				counts[k][c]++
			}
			if len(l.Codes) > 0 {
				counts[k][any]++
			}
		}
	}
	for _, k := range order {
		c := counts[k]
		fmt.Fprintf(&out, "%-8s %-36s %-14s", k.group, k.kind, k.end)
		for _, code := range []evidence.Code{evidence.TraceForeignGrid, evidence.TraceCompressedOnce, evidence.TraceCopyMove, evidence.TraceModelSize} {
			fmt.Fprintf(&out, " %s %d", strings.TrimPrefix(string(code), "trace."), c[code])
		}
		low, high := interval(c[any], c[n])
		fmt.Fprintf(&out, " any %d/%d %.1f %% (%.1f to %.1f)\n", c[any], c[n], 100*float64(c[any])/float64(c[n]), 100*low, 100*high)
	}
	return out.String()
}

// interval is Clopper and Pearson's of 95 %, from the binomial's own tails.
func interval(k, n int) (low, high float64) {
	tail := func(k int, p float64) float64 { return chance.Upper(n, k, p) }
	solve := func(f func(p float64) bool) float64 {
		a, z := 0.0, 1.0
		for range 60 {
			if m := (a + z) / 2; f(m) {
				z = m
			} else {
				a = m
			}
		}
		return (a + z) / 2
	}
	if k > 0 {
		low = solve(func(p float64) bool { return tail(k, p) >= 0.025 })
	}
	high = 1
	if k < n {
		high = solve(func(p float64) bool { return 1-tail(k+1, p) <= 0.025 })
	}
	return low, high
}

// TestRates prints the tables of docs/trace.md: EVENHAND_LONG=1 looks at all
// pictures in every variant, otherwise a few are looked at. EVENHAND_EVERY=n
// takes one source in n.
func TestRates(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	all := sources(t)
	long := os.Getenv("EVENHAND_LONG") != ""
	every := uint64(110)
	if long {
		every = 1
	}
	if n, err := strconv.ParseUint(os.Getenv("EVENHAND_EVERY"), 10, 64); err == nil && n > 0 {
		every = n
	}
	var chosen []source
	for _, s := range all {
		if hash(s.path)%every == 0 {
			chosen = append(chosen, s)
		}
	}
	b := newBench(t)
	variants := honest()
	if long {
		b.edits()
	} else {
		variants = variants[:4]
	}
	each(chosen, func(s source) {
		b.honestly(s, variants)
		if long {
			b.forge(s, all[(hash(s.path)>>8)%uint64(len(all))])
		}
	})
	t.Log("\n" + b.table())
	accused, people := 0, 0
	for _, l := range b.seen {
		if l.Group == "honest" {
			people++
		}
		if l.Strongest.Rank() >= evidence.Strong.Rank() {
			t.Errorf("%s, %s: %s at %s", l.File, l.Kind, l.Codes, l.Strongest)
		}
		if l.Group == "honest" && len(l.Codes) > 0 {
			accused++
			t.Logf("%s, %s: %s", l.File, l.Kind, l.Codes)
		}
	}
	if most := people / 100; accused > most {
		t.Errorf("%d of %d honest pictures have a trace, at most %d may", accused, people, most)
	}
}
