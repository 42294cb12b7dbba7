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

	"github.com/evenhand/evenhand/imaging"
)

// maker writes the pairs of one source at a time.
type maker struct {
	data, out string
	seed      uint64
	all       bool

	dir          string // the evaluation folder being laid out
	count, fresh int
}

func (m *maker) begin(name string) {
	m.dir, m.count, m.fresh = filepath.Join(m.out, name), 0, 0
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

// pair writes one pair folder, numbered in the order of calls. The folder gets
// its name only when all is in it; one that is there already is left alone.
// parts is called only where the pair is new.
func (m *maker) pair(ctx context.Context, set, kind string, parts func() ([]part, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.count++
	folder := filepath.Join(m.dir, set, fmt.Sprintf("%04d-%s", m.count, kind))
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
