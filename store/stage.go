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
	"os"
	"path/filepath"

	"gocloud.dev/blob"

	"github.com/evenhand/evenhand/desk"
)

// spooled is an upload that is not kept yet: in memory, or from spoolInMemory
// on in a file. It is a desk.Staged.
type spooled struct {
	blobs *Blobs
	sum   hash.Hash
	sha   string
	size  int64
	mem   bytes.Buffer
	file  *os.File
}

// Stage takes in what r yields; see desk.Blobs.
func (b *Blobs) Stage(ctx context.Context, r io.Reader, limit int64) (desk.Staged, error) {
	s, err := b.spoolUp(ctx, r, limit)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (b *Blobs) spoolUp(ctx context.Context, r io.Reader, limit int64) (*spooled, error) {
	s := &spooled{blobs: b, sum: sha256.New()}
	buf := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			s.Drop()
			return nil, err
		}
		n, err := r.Read(buf)
		if s.size += int64(n); s.size > limit {
			s.Drop()
			return nil, fmt.Errorf("evidence bytes: %w", desk.ErrTooLarge)
		}
		if werr := s.write(buf[:n]); werr != nil {
			s.Drop()
			return nil, b.mark(ctx, fmt.Errorf("keeping evidence bytes: %w", werr))
		}
		if err == io.EOF {
			s.sha = hex.EncodeToString(s.sum.Sum(nil))
			return s, nil
		}
		if err != nil {
			s.Drop()
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
	if s.file, err = os.CreateTemp(s.blobs.spool, spoolPrefix+"*"); err != nil {
		return err
	}
	_, err = s.mem.WriteTo(s.file)
	return err
}

// SHA256 is the name that the bytes are kept under.
func (s *spooled) SHA256() string { return s.sha }

// Size is how many bytes there are.
func (s *spooled) Size() int64 { return s.size }

// Head is the first n bytes.
func (s *spooled) Head(n int) ([]byte, error) {
	r, err := s.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(r, int64(n)))
}

// Open reads from the start, by a descriptor of its own.
func (s *spooled) Open() (io.ReadCloser, error) {
	if s.file == nil {
		return io.NopCloser(bytes.NewReader(s.mem.Bytes())), nil
	}
	return os.Open(s.file.Name())
}

// Drop removes what was spooled; the blob stays where it was kept.
func (s *spooled) Drop() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
		s.file = nil
	}
	s.mem = bytes.Buffer{}
}

// Keep stores the bytes under their hash, unless they are there.
func (s *spooled) Keep(ctx context.Context) error {
	b := s.blobs
	ok, err := b.bucket.Exists(ctx, key(s.sha))
	switch {
	case err != nil:
		return b.mark(ctx, fmt.Errorf("looking for bytes already kept: %w", err))
	case ok:
		return nil
	case b.folder != "":
		err = s.linkTo(filepath.Join(b.folder, filepath.FromSlash(key(s.sha))))
	default:
		err = s.upload(ctx, key(s.sha))
	}
	if err != nil {
		return b.mark(ctx, fmt.Errorf("keeping evidence bytes: %w", err))
	}
	return nil
}

func (s *spooled) upload(ctx context.Context, key string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Close, this keeps half a blob from appearing
	w, err := s.blobs.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return err
	}
	src, err := s.Open()
	if err == nil {
		_, err = io.Copy(w, src)
		_ = src.Close() // only read
	}
	if err != nil {
		cancel()
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// linkTo gives the bytes their name once they are on the disk, so that also
// after a power cut a name has all its bytes or is not there. The spool stays,
// for as long as its owner may want to keep the bytes again.
func (s *spooled) linkTo(path string) error {
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
	if err := os.Link(s.file.Name(), path); errors.Is(err, os.ErrExist) {
		return nil // the same bytes, put at the same moment
	} else if err != nil { // a file system without links
		if err := s.copyTo(path); err != nil {
			return err
		}
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	// The folder itself may be new.
	return errors.Join(syncDir(filepath.Dir(dir)), syncDir(filepath.Dir(filepath.Dir(dir))))
}

func (s *spooled) copyTo(path string) (err error) {
	whole, err := os.CreateTemp(s.blobs.spool, spoolPrefix+"*")
	if err != nil {
		return err
	}
	defer os.Remove(whole.Name()) //nolint:errcheck // gone where it got its name
	src, err := s.Open()
	if err != nil {
		return errors.Join(err, whole.Close())
	}
	_, err = io.Copy(whole, src)
	if err := errors.Join(err, src.Close(), whole.Sync(), whole.Close()); err != nil {
		return err
	}
	return os.Rename(whole.Name(), path)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	return f.Sync()
}
