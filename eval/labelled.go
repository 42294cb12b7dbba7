package eval

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/text"
)

// labelled is a picture whose truth is known.
type labelled struct {
	path    string
	sources []string
	edited  bool
}

// labelledIn lists the pictures of all dirs, each file once by its bytes, and what
// in them is no file.
func labelledIn(dirs []string, references bool) (out []labelled, leftOut []CaseError, _ error) {
	var problems []error
	for _, dir := range dirs {
		found := false
		for _, label := range []string{"honest", "edited"} {
			inside := filepath.Join(dir, label)
			if !isFolder(inside) {
				continue
			}
			found = true
			w := walk{edited: label == "edited", seen: map[string]bool{}}
			if err := w.folder(inside, ""); err != nil {
				problems = append(problems, err)
			}
			out, leftOut = append(out, w.pictures...), append(leftOut, w.leftOut...)
		}
		if found {
			continue
		}
		pairs, err := collect([]string{dir})
		if err != nil {
			problems = append(problems, unwrapped(err)...)
			continue
		}
		out = append(out, labelledPairs(pairs, references)...)
	}
	if len(problems) > 0 {
		return nil, nil, errors.Join(problems...)
	}
	out = onceEach(out)
	labels := map[bool]int{}
	for _, p := range out {
		labels[p.edited]++
	}
	if labels[false] == 0 || labels[true] == 0 {
		return nil, nil, &LayoutError{strings.Join(dirs, ", "), text.Text{
			EN: "both honest and edited pictures are needed: put them into honest/ and edited/, those of one scene or person into a folder of their own there; " +
				"or pairs, of which the claims in other/ are the honest ones.",
			ZH: "需要诚实的和改过的两种图片。请分别放进 honest/ 和 edited/，同一场景或同一人的放进其中单独的文件夹；也可用图片对，其中 other/ 里的 claim 为诚实的。",
		}}
	}
	return out, leftOut, nil
}

// labelledPairs takes claims, which came the way that claims come. References, a
// shop's photographs, are honest too, and of another kind: only where asked for.
func labelledPairs(pairs []pair, references bool) (out []labelled) {
	for _, p := range pairs {
		out = append(out, labelled{p.claim, p.sources, copied(p.set)})
		if references {
			out = append(out, labelled{p.reference, p.sources, false})
		}
	}
	return out
}

func unwrapped(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// walk lists the pictures of a folder, named by the folder within it that they lie
// in, or by themselves. Links are followed, each folder once wherever it truly is.
type walk struct {
	edited   bool
	seen     map[string]bool
	pictures []labelled
	leftOut  []CaseError
}

func (w *walk) folder(dir, source string) error {
	real := realPath(dir)
	if w.seen[real] {
		return nil
	}
	w.seen[real] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unreadable(dir, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		info, err := os.Stat(path)
		switch {
		case err != nil:
			reason := text.Reason(err)
			w.leave(path, text.Text{EN: "it leads nowhere: " + reason.EN, ZH: "链接指向的内容无法读取：" + reason.ZH})
		case info.IsDir():
			if err := w.folder(path, cmp.Or(source, e.Name())); err != nil {
				return err
			}
		case !info.Mode().IsRegular():
			w.leave(path, text.Text{EN: "it is no file", ZH: "不是文件"})
		default:
			w.pictures = append(w.pictures, labelled{path, []string{cmp.Or(source, path)}, w.edited})
		}
	}
	return nil
}

func (w *walk) leave(path string, why text.Text) {
	w.leftOut = append(w.leftOut, CaseError{path, why})
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

// apart tells pictures apart by what they show, not by their files: one of the same
// pixels as another is dropped, and those that share a source, or look alike, get
// one source together. So a photograph counts as one however often it was saved.
func apart(all []scored) (out []scored) {
	seen := map[string]bool{}
	for _, s := range all { // honest ones first
		if s.pixels != "" && seen[s.pixels] {
			continue
		}
		seen[s.pixels] = true
		out = append(out, s)
	}
	joined := newUnion(len(out))
	byName := map[string]int{}
	for i, s := range out {
		for _, name := range s.sources {
			if first, met := byName[name]; met {
				joined.join(first, i)
			} else {
				byName[name] = i
			}
		}
	}
	for i, a := range out {
		for j := range i {
			if b := out[j]; a.edited == b.edited && min(a.quality, b.quality) >= telling && pdq.Distance(a.pdq, b.pdq) <= alike {
				joined.join(j, i)
			}
		}
	}
	for i := range out {
		out[i].source = cmp.Or(append(slices.Clone(out[joined.root(i)].sources), out[joined.root(i)].path)...)
	}
	return out
}

// Two pictures look alike where their PDQ hashes of at least the quality telling
// differ in at most so many of 256 bits, as the hash's authors advise (Facebook,
// "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019).
const (
	alike   = 31
	telling = 50
)

// union joins numbers into groups, each named by its smallest.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) root(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) {
	a, b := u.root(i), u.root(j)
	u[max(a, b)] = min(a, b)
}
