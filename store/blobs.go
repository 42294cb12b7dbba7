package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/memblob" // mem:// for tests
	_ "gocloud.dev/blob/s3blob"  // s3://
	"gocloud.dev/gcerrors"

	"github.com/evenhand/evenhand/work"
)

// Blobs keeps bytes under their SHA-256, in a folder or an object store. Under
// a name there is never anything but the bytes that hash to it, so that
// putting them twice, also at once, does no harm.
type Blobs struct {
	bucket *blob.Bucket
	folder string // set for a folder
	spool  string // where large uploads wait for their name; "": the system's
}

// spoolInMemory is up to how many bytes an upload is held in memory.
const spoolInMemory = 1 << 20

func openBlobs(ctx context.Context, o Options) (*Blobs, error) {
	where := o.Blobs
	if where == "" {
		if o.Dir == "" {
			return nil, errors.New("neither a place for evidence nor a folder is given")
		}
		where = filepath.Join(o.Dir, "blobs")
	}
	if strings.Contains(where, "://") && !strings.HasPrefix(where, "file://") {
		bucket, err := blob.OpenBucket(ctx, where)
		if err != nil {
			return nil, fmt.Errorf("opening the evidence store: %w", err)
		}
		return &Blobs{bucket: bucket}, nil
	}
	folder := where
	if strings.HasPrefix(where, "file://") {
		u, err := url.Parse(where)
		if err != nil {
			return nil, fmt.Errorf("opening the evidence folder: %w", err)
		}
		folder = filepath.FromSlash(u.Path)
	}
	spool := filepath.Join(folder, ".spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return nil, fmt.Errorf("opening the evidence folder: %w", err)
	}
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, fmt.Errorf("opening the evidence folder: %w", err)
	}
	return &Blobs{bucket: bucket, folder: folder, spool: spool}, nil
}

// key is where a blob lies: by its first two digits, so that no folder grows
// too large.
func key(sha string) string { return "sha256/" + sha[:2] + "/" + sha }

// shaOfKey is the reverse of key; ok is false for what is no blob of ours.
func shaOfKey(k string) (sha string, ok bool) {
	sha = k[strings.LastIndexByte(k, '/')+1:]
	return sha, validSHA(sha) && key(sha) == k
}

func validSHA(sha string) bool {
	return len(sha) == 2*sha256.Size && strings.Trim(sha, "0123456789abcdef") == ""
}

// readyBytes are written to see whether more could be: enough that a disk which
// is all but full shows.
const readyBytes = 64 << 10

// ready writes something and takes it away again, under a name of this node's.
func (b *Blobs) ready(ctx context.Context, node string) error {
	some := make([]byte, readyBytes)
	if b.folder == "" {
		name := "ready/" + node
		err := b.bucket.WriteAll(ctx, name, some, nil)
		if err == nil {
			err = b.bucket.Delete(ctx, name)
		}
		return b.mark(ctx, err)
	}
	f, err := os.CreateTemp(b.spool, "ready-*")
	if err != nil {
		return b.mark(ctx, err)
	}
	_, err = f.Write(some)
	err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
	return b.mark(ctx, err)
}

// Put stores what r yields; see desk.Blobs.
func (b *Blobs) Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	s, err := b.spoolUp(ctx, r, limit)
	if err != nil {
		return "", 0, err
	}
	defer s.Drop()
	if err := s.Keep(ctx); err != nil {
		return "", 0, err
	}
	return s.sha, s.size, nil
}

// Open reads part of a blob; see desk.Blobs. Reading from the end or beyond
// yields nothing.
func (b *Blobs) Open(ctx context.Context, sha string, offset, length int64) (io.ReadCloser, error) {
	size, err := b.Size(ctx, sha)
	if err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, errors.New("reading evidence bytes: a negative offset")
	}
	if offset >= size || length == 0 {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	if length > size-offset {
		length = -1
	}
	r, err := b.bucket.NewRangeReader(ctx, key(sha), offset, length, nil)
	if err != nil {
		return nil, b.mark(ctx, notFound(err, sha))
	}
	return &toldReader{ReadCloser: r, ctx: ctx, of: b}, nil
}

// Size is the number of bytes; ErrNotFound where there is no such blob.
func (b *Blobs) Size(ctx context.Context, sha string) (int64, error) {
	if !validSHA(sha) {
		return 0, fmt.Errorf("evidence bytes: %w", work.ErrNotFound)
	}
	a, err := b.bucket.Attributes(ctx, key(sha))
	if err != nil {
		return 0, b.mark(ctx, notFound(err, sha))
	}
	return a.Size, nil
}

func notFound(err error, sha string) error {
	if err == nil {
		return nil
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		err = work.ErrNotFound
	}
	return fmt.Errorf("evidence bytes %s: %w", sha, err)
}
