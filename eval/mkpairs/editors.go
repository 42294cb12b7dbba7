package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// editors: real edits by instruction editors and inpainters of 2024 to 2026, as
// their makers show them. Those that keep the scene are to be found; the hard
// ones change pose, view, style or light, and are for figures. The folder's
// manifest names what made each.
func editors(ctx context.Context, m *maker) error {
	dir := filepath.Join(m.data, "ai-edits", "whole-picture-editors")
	data, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		row := strings.Split(strings.TrimSpace(line), "\t")
		if len(row) < 3 {
			return fmt.Errorf("line %d of the editors' manifest has %d columns, not folder, tool and kind", i+2, len(row))
		}
		if err := m.edited(ctx, filepath.Join(dir, filepath.FromSlash(row[0])), row[1], "editor-"+row[2]); err != nil {
			return err
		}
	}
	return nil
}

// edited lays out one pair of a folder SET/NAME with its two pictures.
func (m *maker) edited(ctx context.Context, folder, tool, kind string) error {
	return m.pairOf(ctx, origin{tool: tool}, filepath.Base(filepath.Dir(folder)), kind, func() ([]part, error) {
		var parts []part
		for _, name := range []string{"reference", "claim"} {
			found, err := filepath.Glob(filepath.Join(folder, name+".*"))
			if err != nil {
				return nil, err
			}
			if len(found) != 1 {
				return nil, fmt.Errorf("%s holds %d files named %s.*, not one", folder, len(found), name)
			}
			parts = append(parts, link(name, found[0]))
		}
		return parts, nil
	})
}
