package eval

import (
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// nameSources says of each pair that has no source in a manifest which pictures
// it was made from: its reference, and its claim where that is a photograph of
// its own or part of another pair too. Pictures are told apart by their bytes,
// so that a link and a copy are the same source.
func nameSources(pairs []pair) {
	files := filesOf(pairs)
	uses := map[string]int{}
	for _, p := range pairs {
		uses[files[p.reference].id]++
		uses[files[p.claim].id]++
	}
	for i := range pairs {
		p := &pairs[i]
		if len(p.sources) > 0 {
			continue
		}
		ref, claim := files[p.reference], files[p.claim]
		p.sources = []string{ref.name}
		if claim.name != ref.name && (!copied(p.set) || uses[claim.id] > 1) {
			p.sources = append(p.sources, claim.name)
		}
	}
}

// source is a picture as a source of pairs.
type source struct {
	id   string // the same for the same bytes
	name string // for people: the end of its path, or all of it where the end is not enough
}

// filesOf identifies each picture of the pairs. Only pictures of one size can
// be the same, so that few are read for it.
func filesOf(pairs []pair) map[string]source {
	real := map[string]string{} // as named: where it truly is
	size := map[string]int64{}
	ofSize := map[int64]int{}
	var order []string // real paths, in the order of the pairs
	for _, p := range pairs {
		for _, f := range []string{p.reference, p.claim} {
			if real[f] != "" {
				continue
			}
			at := realPath(f)
			real[f] = at
			if _, known := size[at]; known {
				continue
			}
			size[at] = -1
			if info, err := os.Stat(at); err == nil {
				size[at] = info.Size()
				ofSize[info.Size()]++
			}
			order = append(order, at)
		}
	}
	named := map[string]source{} // by id
	taken := map[string]bool{}   // names
	byPath := map[string]source{}
	for _, at := range order {
		id := at
		if ofSize[size[at]] > 1 {
			id = digest(at, size[at])
		}
		s, known := named[id]
		if !known {
			s = source{id: id, name: tail(at, 3)}
			if taken[s.name] {
				s.name = at
			}
			taken[s.name] = true
			named[id] = s
		}
		byPath[at] = s
	}
	out := map[string]source{}
	for f, at := range real {
		out[f] = byPath[at]
	}
	return out
}

// digest identifies a file by its bytes; one that cannot be read is its path.
func digest(path string, size int64) string {
	f, err := os.Open(path)
	if err != nil {
		return path
	}
	defer f.Close()
	h := sha256.New()
	if n, err := io.Copy(h, io.LimitReader(f, size)); err != nil || n != size {
		return path
	}
	return strconv.FormatInt(size, 10) + ":" + string(h.Sum(nil))
}

// tail is the last n parts of a path.
func tail(path string, n int) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}
