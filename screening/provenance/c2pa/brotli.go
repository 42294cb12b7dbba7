package c2pa

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
)

// maxInflated bounds what all compressed manifests of one store unfold to.
const maxInflated = 32 << 20

var errCompressed = errors.New("compressed manifest")

// inflate reads a compressed manifest (C2PA 2.1, 11.2.4): a superbox whose one
// content box, "brob" (ISO 18181-2, 9.3), holds the type of the box that was
// compressed and the Brotli stream (RFC 7932) of it. What unfolds is the
// manifest, with its own header or without, as writers differ. left is what
// may still be unfolded, and is lowered by what was.
func inflate(b *box, left *int) (*box, error) {
	packed, ok := b.content("brob")
	if !ok || len(b.children) != 1 || len(packed) < 4 || string(packed[:4]) != "jumb" {
		return nil, fmt.Errorf("%w: no brob box that holds a superbox", errCompressed)
	}
	data, err := io.ReadAll(io.LimitReader(brotli.NewReader(bytes.NewReader(packed[4:])), int64(*left)+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCompressed, err)
	}
	if len(data) > *left {
		return nil, fmt.Errorf("%w: unfolds to more than %d bytes", errCompressed, maxInflated)
	}
	*left -= len(data)
	inner := &box{typ: "jumb", payload: data}
	r := &jumbfReader{}
	if whole, rest, err := r.next(data, 1); err == nil && whole.typ == "jumb" && len(rest) == 0 {
		inner = whole
	} else if err := r.super(inner, 1); err != nil {
		return nil, fmt.Errorf("%w: %w", errCompressed, err)
	}
	if (inner.kind != kindManifest && inner.kind != kindUpdate) || inner.label != b.label {
		return nil, fmt.Errorf("%w: unfolds to another box", errCompressed)
	}
	// The stream has one plain form only where it ends with its last byte; and
	// what the outer box says beside it is not signed.
	inner.odd = inner.odd || b.odd || !endsWithStream(packed[4:])
	return inner, nil
}

// endsWithStream says whether nothing follows a Brotli stream: without its
// last byte it must be incomplete.
func endsWithStream(packed []byte) bool {
	_, err := io.Copy(io.Discard, brotli.NewReader(bytes.NewReader(packed[:len(packed)-1])))
	return err != nil
}
