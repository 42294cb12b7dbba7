package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
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

	"github.com/evenhand/evenhand/desk"
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

// Put stores what r yields; see desk.Blobs.
func (b *Blobs) Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	s, err := b.spoolUp(ctx, r, limit)
	if err != nil {
		return "", 0, err
	}
	defer s.remove()
	sha = hex.EncodeToString(s.sum.Sum(nil))
	if ok, err := b.bucket.Exists(ctx, key(sha)); err != nil {
		return "", 0, fmt.Errorf("looking for bytes already kept: %w", err)
	} else if ok {
		return sha, s.size, nil
	}
	if b.folder != "" {
		err = s.moveTo(filepath.Join(b.folder, filepath.FromSlash(key(sha))))
	} else {
		err = b.upload(ctx, s, key(sha))
	}
	if err != nil {
		return "", 0, fmt.Errorf("keeping evidence bytes: %w", err)
	}
	return sha, s.size, nil
}

func (b *Blobs) upload(ctx context.Context, s *spooled, key string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Close, this keeps half a blob from appearing
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return err
	}
	src, err := s.open()
	if err == nil {
		_, err = io.Copy(w, src)
	}
	if err != nil {
		cancel()
		return errors.Join(err, w.Close())
	}
	return w.Close()
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
	return r, notFound(err, sha)
}

// Size is the number of bytes; ErrNotFound where there is no such blob.
func (b *Blobs) Size(ctx context.Context, sha string) (int64, error) {
	if !validSHA(sha) {
		return 0, fmt.Errorf("evidence bytes: %w", desk.ErrNotFound)
	}
	a, err := b.bucket.Attributes(ctx, key(sha))
	if err != nil {
		return 0, notFound(err, sha)
	}
	return a.Size, nil
}

func notFound(err error, sha string) error {
	if err == nil {
		return nil
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		err = desk.ErrNotFound
	}
	return fmt.Errorf("evidence bytes %s: %w", sha, err)
}

// spooled is an upload whose name is not yet known: in memory, or from
// spoolInMemory on in a file.
type spooled struct {
	sum  hash.Hash
	size int64
	mem  bytes.Buffer
	file *os.File
	dir  string
}

func (b *Blobs) spoolUp(ctx context.Context, r io.Reader, limit int64) (*spooled, error) {
	s := &spooled{sum: sha256.New(), dir: b.spool}
	buf := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			s.remove()
			return nil, err
		}
		n, err := r.Read(buf)
		if s.size += int64(n); s.size > limit {
			s.remove()
			return nil, fmt.Errorf("evidence bytes: %w", desk.ErrTooLarge)
		}
		if werr := s.write(buf[:n]); werr != nil {
			s.remove()
			return nil, fmt.Errorf("keeping evidence bytes: %w", werr)
		}
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			s.remove()
			return nil, fmt.Errorf("reading what is to be kept: %w", err)
		}
	}
}

func (s *spooled) write(p []byte) (err error) {
	s.sum.Write(p) // never fails; see hash.Hash
	if s.file == nil && s.mem.Len()+len(p) <= spoolInMemory {
		_, err = s.mem.Write(p)
		return err
	}
	if err := s.toFile(); err != nil {
		return err
	}
	_, err = s.file.Write(p)
	return err
}

// toFile moves what is in memory into a file, where it is not there yet.
func (s *spooled) toFile() (err error) {
	if s.file != nil {
		return nil
	}
	if s.file, err = os.CreateTemp(s.dir, "evenhand-*"); err != nil {
		return err
	}
	_, err = s.mem.WriteTo(s.file)
	return err
}

func (s *spooled) open() (io.Reader, error) {
	if s.file == nil {
		return bytes.NewReader(s.mem.Bytes()), nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, err
}

func (s *spooled) remove() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name()) // gone already where it was moved
	}
}

// moveTo gives the bytes their name once they are on the disk, so that also
// after a power cut a name has all its bytes or is not there.
func (s *spooled) moveTo(path string) error {
	if err := s.toFile(); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Rename(s.file.Name(), path); err != nil {
		return err
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	// The folder itself may be new.
	return errors.Join(syncDir(filepath.Dir(dir)), syncDir(filepath.Dir(filepath.Dir(dir))))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	return f.Sync()
}
