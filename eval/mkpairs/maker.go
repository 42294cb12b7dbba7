package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"image"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/imaging"
)

// maker writes the pairs of one source at a time.
type maker struct {
	data, out string
	seed      uint64
	all       bool

	dir          string // the evaluation folder being laid out
	count, fresh int
	rows         []string          // of its manifest
	shows        map[string]string // rendered pictures: what they show
}

func (m *maker) begin(name string) {
	m.dir, m.count, m.fresh, m.rows, m.shows = filepath.Join(m.out, name), 0, 0, nil, map[string]string{}
}

// rng is the chance of one thing: the same for the same seed and name.
func (m *maker) rng(name string) *rand.Rand {
	h := fnv.New64a()
	io.WriteString(h, filepath.Base(m.dir)+"/"+name)
	return rand.New(rand.NewPCG(m.seed, h.Sum64()))
}

// part is one file of a pair: a name and what fills it.
type part struct {
	name string
	fill func(path string) error
}

// origin is where a pair comes from. Without sources, eval goes by the pictures
// themselves.
type origin struct {
	tool    string
	sources []string
}

// pair is pairOf without a word of where the pair comes from.
func (m *maker) pair(ctx context.Context, set, kind string, parts func() ([]part, error)) error {
	return m.pairOf(ctx, origin{}, set, kind, parts)
}

// pairOf writes one pair folder, numbered in the order of calls. The folder gets
// its name only when all is in it; one that is there already is left alone.
// parts is called only where the pair is new.
func (m *maker) pairOf(ctx context.Context, from origin, set, kind string, parts func() ([]part, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.count++
	name := fmt.Sprintf("%04d-%s", m.count, kind)
	if from.tool != "" || len(from.sources) > 0 {
		m.rows = append(m.rows, fmt.Sprintf("%s/%s\t%s\t%s", set, name, from.tool, strings.Join(from.sources, "; ")))
	}
	folder := filepath.Join(m.dir, set, name)
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	files, err := parts()
	if err != nil {
		return err
	}
	// Beside set/, so that a half-made folder is no pair; links have the same
	// depth in both places.
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	half := filepath.Join(m.dir, ".part", filepath.Base(folder))
	if err := errors.Join(os.RemoveAll(half), os.MkdirAll(half, 0o755)); err != nil {
		return err
	}
	for _, f := range files {
		if err := f.fill(filepath.Join(half, f.name)); err != nil {
			return fmt.Errorf("%s %s: %w", folder, f.name, err)
		}
	}
	m.fresh++
	return os.Rename(half, folder)
}

// finish writes the evaluation folder's manifest, where anything is known of its
// pairs.
func (m *maker) finish() error {
	if len(m.rows) == 0 {
		return nil
	}
	lines := append([]string{"folder\ttool\tsource"}, m.rows...)
	return writeWhole(filepath.Join(m.dir, "manifest.tsv"), []byte(strings.Join(lines, "\n")+"\n"))
}

// of names what pictures show, as the sources of a pair.
func (m *maker) of(pictures ...string) origin {
	var from origin
	for _, p := range pictures {
		scene := m.shows[p]
		if scene == "" {
			scene = sceneOf(p)
		}
		if !slices.Contains(from.sources, scene) {
			from.sources = append(from.sources, scene)
		}
	}
	return from
}

// sceneOf is what a public picture shows: the thing of a handheld series, which
// its name begins with, or else the innermost folder, which is the product or
// the article.
func sceneOf(path string) string {
	folder := filepath.Base(filepath.Dir(path))
	if thing, _, ok := strings.Cut(filepath.Base(path), "-"); ok && folder == "handheld" {
		return thing
	}
	return folder
}

// link puts an existing picture into a pair as name (without ending): by a
// relative link, or by a copy where links cannot be made.
func link(name, target string) part {
	return part{name + filepath.Ext(target), func(path string) error {
		here, err := filepath.Abs(filepath.Dir(path))
		if err != nil {
			return err
		}
		there, err := filepath.Abs(target)
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(here, there); err == nil && os.Symlink(rel, path) == nil {
			return nil
		}
		data, err := os.ReadFile(target)
		if err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	}}
}

// file holds the given bytes.
func file(name string, data []byte) part {
	return part{name, func(path string) error { return os.WriteFile(path, data, 0o644) }}
}

// maskFile holds a mask as mask.png.
func maskFile(mask *image.Alpha) (part, error) {
	data, err := maskPNG(mask)
	return file("mask.png", data), err
}

// maskPNG encodes a mask as a grey picture.
func maskPNG(mask *image.Alpha) ([]byte, error) {
	grey := &image.Gray{Pix: mask.Pix, Stride: mask.Stride, Rect: mask.Rect}
	var buf bytes.Buffer
	if err := png.Encode(&buf, grey); err != nil {
		return nil, fmt.Errorf("encode the mask: %w", err)
	}
	return buf.Bytes(), nil
}

// picture opens a picture upright, its longer side at most maxSide pixels.
func picture(ctx context.Context, path string, maxSide int) (*image.RGBA, error) {
	p, err := imaging.Open(ctx, path, imaging.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer p.Release()
	return p.RGBA(maxSide), nil
}

// pictures lists the pictures under folders of the data, sorted; none where
// the folder is not there.
func (m *maker) pictures(folders ...string) ([]string, error) {
	var out []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(m.data, folder), func(path string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			}
			switch filepath.Ext(path) {
			case ".jpg", ".jpeg", ".png":
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", folder, err)
		}
	}
	return out, nil
}
