package store

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/evenhand/evenhand/desk"
)

// How a sweep and an upload of the same bytes at the same moment stay out of
// each other's way: a blob that no row names is first put aside, then rows are
// asked again, and it is taken back if one names it now. An upload whose row
// came after that looks for its bytes once more and puts them again. Whichever
// is first, the bytes are there in the end; and what was put aside stays a
// grace longer, in case the upload's process died in that moment.

const (
	asideFolder = "aside/"
	spoolPrefix = "evenhand-"
	sweepBatch  = 500
	// spoolGrace is the least that a spool is left alone: an upload may be writing to it.
	spoolGrace = time.Hour
)

var _ desk.Sweeper = (*DB)(nil)

// installation names the setting with the name of this database among those
// that may be given one evidence store, and ownerKey the object that says whose
// the store is. An archive has no such name: what is restored from it for a
// trial, on the store of the desk it came from, sweeps nothing there.
const (
	installation = "installation"
	ownerKey     = "owner"
)

// ErrNotOwner is what Sweep answers on another desk's evidence store.
var ErrNotOwner = errors.New("the evidence store belongs to another desk, and nothing of it is swept; " +
	"where it has moved here for good, remove its object " + ownerKey)

// mine takes the evidence store for this database, or says that it is another's.
func (d *DB) mine(ctx context.Context) error {
	var own []byte
	fresh := []byte(rand.Text())
	err := d.Write(ctx, func(s desk.Tx) error {
		t := s.(*tx)
		if _, err := t.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, installation, fresh); err != nil {
			return err
		}
		return t.row(ctx, `SELECT value FROM setting WHERE name = ?`, []any{installation}, &own)
	})
	if err != nil {
		return err
	}
	owner, err := d.blobs.bucket.ReadAll(ctx, ownerKey)
	if err != nil && gone(err) == nil {
		return d.blobs.bucket.WriteAll(ctx, ownerKey, own, nil)
	}
	if err == nil && string(owner) != string(own) {
		err = ErrNotOwner
	}
	return err
}

// Sweep puts away what belongs to nobody; see desk.Sweeper.
func (d *DB) Sweep(ctx context.Context, now time.Time, grace time.Duration) (desk.Swept, error) {
	s := &sweep{db: d, blobs: d.blobs, old: now.Add(-grace), now: now}
	err := d.mine(ctx)
	if err == nil {
		err = s.aside(ctx)
	}
	if err == nil {
		err = s.kept(ctx)
	}
	s.spools()
	return s.did, wrap(err, "sweeping the evidence store")
}

type sweep struct {
	db       *DB
	blobs    *Blobs
	old, now time.Time
	did      desk.Swept
}

// aside goes through what earlier sweeps put aside.
func (s *sweep) aside(ctx context.Context) error {
	return s.each(ctx, asideFolder, func(batch []*blob.ListObject) error {
		owned, err := s.db.owned(ctx, shas(batch))
		for _, o := range batch {
			if err != nil {
				return err
			}
			sha := o.Key[len(asideFolder):]
			if owned[sha] {
				err = s.takeBack(ctx, sha)
				continue
			}
			if o.ModTime.After(s.old) {
				continue
			}
			if err = gone(s.blobs.bucket.Delete(ctx, o.Key)); err == nil {
				s.did.Removed++
				s.did.Bytes += o.Size
			}
		}
		return err
	})
}

// kept goes through the blobs and puts aside those of nobody.
func (s *sweep) kept(ctx context.Context) error {
	return s.each(ctx, "sha256/", func(batch []*blob.ListObject) error {
		s.did.Seen += len(batch)
		var old []*blob.ListObject
		for _, o := range batch {
			if o.ModTime.Before(s.old) {
				old = append(old, o)
			}
		}
		owned, err := s.db.owned(ctx, shas(old))
		if err != nil {
			return err
		}
		var put []string
		for _, sha := range shas(old) {
			if owned[sha] {
				continue
			}
			if err := s.blobs.putAside(ctx, sha, s.now); err != nil {
				return err
			}
			put = append(put, sha)
		}
		s.did.Aside += len(put)
		if owned, err = s.db.owned(ctx, put); err != nil {
			return err
		}
		for sha := range owned {
			if err := s.takeBack(ctx, sha); err != nil {
				return err
			}
		}
		return nil
	})
}

// each gives the blobs under a prefix to f, some at a time.
func (s *sweep) each(ctx context.Context, prefix string, f func([]*blob.ListObject) error) error {
	var batch []*blob.ListObject
	for it := s.blobs.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		o, err := it.Next(ctx)
		if err != nil && gone(err) == nil {
			err = io.EOF // another node's sweep moved what was being listed; the next one goes on
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err == nil && validSHA(o.Key[strings.LastIndexByte(o.Key, '/')+1:]) {
			batch = append(batch, o)
		}
		if len(batch) == sweepBatch || err == io.EOF {
			if err := f(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		if err == io.EOF {
			return nil
		}
	}
}

func (s *sweep) takeBack(ctx context.Context, sha string) error {
	err := s.blobs.takeBack(ctx, sha)
	if err == nil {
		s.did.TakenBack++
	}
	return err
}

// spools removes what uploads that were cut off with their process left.
func (s *sweep) spools() {
	dir := s.blobs.spool
	if dir == "" {
		dir = os.TempDir()
	}
	names, _ := filepath.Glob(filepath.Join(dir, spoolPrefix+"*")) // the pattern is sound
	for _, name := range names {
		digits := strings.TrimPrefix(filepath.Base(name), spoolPrefix)
		if digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue // not ours
		}
		if at, err := os.Lstat(name); err == nil && at.Mode().IsRegular() && at.ModTime().Before(s.old) && at.ModTime().Before(s.now.Add(-spoolGrace)) && os.Remove(name) == nil {
			s.did.Spools++
			s.did.Bytes += at.Size()
		}
	}
}

func shas(list []*blob.ListObject) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Key[strings.LastIndexByte(o.Key, '/')+1:]
	}
	return out
}

// owned says which of the blobs a row names.
func (d *DB) owned(ctx context.Context, list []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(list) == 0 {
		return out, nil
	}
	list = padded(list)
	err := d.Read(ctx, func(s desk.Tx) error {
		return s.(*tx).rows(ctx, `SELECT DISTINCT sha256 FROM evidence WHERE sha256 IN (`+marks(len(list))+`)`, anys(list), func(r scanner) error {
			var sha string
			err := r.Scan(&sha)
			out[sha] = true
			return err
		})
	})
	return out, err
}

// putAside moves a blob to where nobody reads it, as of now.
func (b *Blobs) putAside(ctx context.Context, sha string, now time.Time) error {
	if b.folder == "" {
		return b.moveTo(ctx, key(sha), asideFolder+sha)
	}
	to := b.path(asideFolder + sha)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := os.Rename(b.path(key(sha)), to); err != nil {
		return gone(err)
	}
	return os.Chtimes(to, now, now)
}

// takeBack undoes putAside. Where the bytes were put again meanwhile it is
// enough to forget those aside.
func (b *Blobs) takeBack(ctx context.Context, sha string) error {
	if b.folder == "" {
		return b.moveTo(ctx, asideFolder+sha, key(sha))
	}
	to := b.path(key(sha))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := os.Rename(b.path(asideFolder+sha), to); err != nil {
		return gone(err)
	}
	return syncDir(filepath.Dir(to))
}

func (b *Blobs) moveTo(ctx context.Context, from, to string) error {
	if err := b.bucket.Copy(ctx, to, from, nil); err != nil {
		return gone(err)
	}
	return gone(b.bucket.Delete(ctx, from))
}

func (b *Blobs) path(key string) string { return filepath.Join(b.folder, filepath.FromSlash(key)) }

// gone is no error: another node's sweep was first.
func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) || gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}

// Free is how many bytes the disk has room for where evidence is kept or, with
// an object store, where uploads wait; see desk.Blobs.
func (b *Blobs) Free(context.Context) (bytes int64, known bool) {
	dir := b.spool
	if dir == "" {
		dir = os.TempDir()
	}
	return freeBytes(dir)
}
