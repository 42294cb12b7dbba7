package desk

import (
	"context"
	"errors"
	"io"
)

// Bytes reads the bytes of evidence by their SHA-256.
type Bytes interface {
	// Open reads length bytes from offset (length -1: to the end); ErrNotFound
	// where there is no such blob.
	Open(ctx context.Context, sha string, offset, length int64) (io.ReadCloser, error)
	Size(ctx context.Context, sha string) (int64, error)
}

// Blobs keeps the bytes of evidence under their SHA-256. What is there never
// changes; putting the same bytes again is no error.
type Blobs interface {
	Bytes
	// Put stores what r yields and answers its SHA-256 and size; more than
	// limit bytes is ErrTooLarge and leaves nothing.
	Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error)
	// Stage takes in what r yields without keeping it yet; more than limit
	// bytes is ErrTooLarge and leaves nothing.
	Stage(ctx context.Context, r io.Reader, limit int64) (Staged, error)
	// Free is how many bytes there is room for; known is false where nobody can say.
	Free(ctx context.Context) (bytes int64, known bool)
}

// Staged are bytes that have come in whole and are kept only if Keep is called.
// Whoever stages calls Drop in the end, also after Keep.
type Staged interface {
	SHA256() string
	Size() int64
	// Head is the first n bytes, or fewer where there are no more.
	Head(n int) ([]byte, error)
	// Open reads the bytes from the start; more than once, one after the other.
	Open() (io.ReadCloser, error)
	// Keep stores them; it may be called again.
	Keep(ctx context.Context) error
	Drop()
}

// ErrTooLarge is what Blobs.Put and Stage answer beyond their limit.
var ErrTooLarge = errors.New("too large")
