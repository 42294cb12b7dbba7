package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// group is the pictures of one thing.
type group struct {
	name  string
	files []string
}

// groupBy gathers files by a key, groups and files in the order of their names.
func groupBy(files []string, key func(path string) string) []group {
	var out []group
	for _, f := range files {
		k := key(f)
		i := slices.IndexFunc(out, func(g group) bool { return g.name == k })
		if i < 0 {
			out, i = append(out, group{name: k}), len(out)
		}
		out[i].files = append(out[i].files, f)
	}
	return out
}

// handheld: photo series of one thing each, from a hand that moved.
func handheld(ctx context.Context, m *maker) error {
	files, err := m.pictures("handheld")
	if err != nil {
		return err
	}
	things := groupBy(files, func(p string) string { name, _, _ := strings.Cut(filepath.Base(p), "-"); return name })
	return m.orderedPairs(ctx, things, "handheld")
}

// products: several photos of one product each, a folder a product.
func products(ctx context.Context, m *maker) error {
	files, err := m.pictures("products")
	if err != nil {
		return err
	}
	return m.orderedPairs(ctx, groupBy(files, filepath.Dir), "product")
}

// orderedPairs lays out every ordered pair of different photos of one thing.
func (m *maker) orderedPairs(ctx context.Context, things []group, kind string) error {
	for _, g := range things {
		for _, ref := range g.files {
			for _, claim := range g.files {
				if ref == claim {
					continue
				}
				if err := m.linked(ctx, kind, ref, claim); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// linked lays out one honest pair of existing pictures.
func (m *maker) linked(ctx context.Context, kind, ref, claim string) error {
	return m.pairOf(ctx, m.of(ref, claim), "other", kind, func() ([]part, error) {
		return []part{link("reference", ref), link("claim", claim)}, nil
	})
}

// grocery: a shop's listing picture against each phone photo of its article,
// two phone photos of one article at one shelf, and listing pictures of
// different articles (see unrelated). Articles are matched by the name of the innermost
// folder: the two trees nest some of them differently.
func grocery(ctx context.Context, m *maker) error {
	listing, err := m.pictures("grocery/listing")
	if err != nil {
		return err
	}
	phone, err := m.pictures("grocery/phone")
	if err != nil {
		return err
	}
	article := func(p string) string { return filepath.Base(filepath.Dir(p)) }
	shots := groupBy(phone, article)
	for _, ref := range listing {
		i := slices.IndexFunc(shots, func(g group) bool { return g.name == article(ref) })
		if i < 0 {
			continue
		}
		for _, claim := range shots[i].files {
			if err := m.linked(ctx, "listing-phone", ref, claim); err != nil {
				return err
			}
		}
	}
	for _, g := range shots {
		for i, ref := range g.files {
			for j, claim := range g.files {
				if i == j || (i > j && !m.all) {
					continue
				}
				if err := m.linked(ctx, "phone-phone", ref, claim); err != nil {
					return err
				}
			}
		}
	}
	return m.unrelated(ctx, listing)
}

// unrelated pairs each listing picture with two others, of other articles:
// same size, same plain background, other goods. Two articles of one shelf
// ("listing-sibling") are counted apart: makers draw the packs of a range from
// one template, so that some of those pairs do share pixels.
func (m *maker) unrelated(ctx context.Context, listing []string) error {
	n := len(listing)
	shelf := func(p string) string { return filepath.Dir(filepath.Dir(p)) }
	for i, ref := range listing {
		for _, step := range []int{1, max(2, n/2)} {
			claim := listing[(i+step)%n]
			if claim == ref {
				continue
			}
			kind := "unrelated"
			if shelf(ref) == shelf(claim) {
				kind = "listing-sibling"
			}
			if err := m.linked(ctx, kind, ref, claim); err != nil {
				return err
			}
		}
	}
	return nil
}
