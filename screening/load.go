package screening

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/screening/trace"
)

// FileFacts is what is known of one file from opening it once.
type FileFacts struct {
	File   string // as the caller named it
	SHA256 string // of the file's bytes, in lower-case hexadecimal
	Bytes  int64
	Format string // see imaging.Picture
	// Width and Height of the upright picture, in pixels.
	Width, Height int
	// Partial is true where the file broke off early and only its first part
	// was there to inspect.
	Partial bool
}

// load opens the named file once, for its digest and for its view, and where
// origin is given for what the file says of itself, the traces in its pixels, and
// for look. The bytes and the pixels are garbage when it returns.
func load(ctx context.Context, name string, limits imaging.Limits, origin *provenance.Reader, look func(*imaging.Picture)) (FileFacts, *reference.View, provenance.Report, error) {
	var said provenance.Report
	data, err := imaging.ReadFile(ctx, name, limits)
	if err != nil {
		return FileFacts{}, nil, said, err
	}
	picture, err := imaging.Decode(ctx, data, limits)
	if err != nil {
		return FileFacts{}, nil, said, err
	}
	defer picture.Release()
	digest := sha256.Sum256(data)
	facts := FileFacts{
		File: name, SHA256: hex.EncodeToString(digest[:]), Bytes: int64(len(data)),
		Format: picture.Format, Width: picture.Width, Height: picture.Height, Partial: picture.Partial,
	}
	view := reference.Prepare(picture)
	if origin != nil {
		spots, span := view.Spots()
		said = origin.ReadBeside(data, sidecar(ctx, name, limits), picture)
		traces, err := trace.Look(ctx, data, picture, spots, span)
		if err != nil {
			return FileFacts{}, nil, said, err
		}
		said.Findings = append(said.Findings, traces...)
		look(picture)
	}
	return facts, view, said, nil
}

// sidecar returns what lies beside a picture under its name with the ending
// .c2pa, the place for Content Credentials that a file does not carry itself;
// nil where there is nothing that can be read.
func sidecar(ctx context.Context, name string, limits imaging.Limits) []byte {
	beside := strings.TrimSuffix(name, filepath.Ext(name)) + ".c2pa"
	if info, err := os.Stat(beside); beside == name || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := imaging.ReadFile(ctx, beside, limits)
	if err != nil {
		return nil
	}
	return data
}
