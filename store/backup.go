package store

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"gocloud.dev/blob"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// Backup writes an archive of everything to w, while the store is in use: the
// rows are of one moment, and the bytes of every evidence row are there before
// the row is.
func (d *DB) Backup(ctx context.Context, w io.Writer) (Manifest, error) {
	schema, err := d.schemaVersion()
	if err != nil {
		return Manifest{}, err
	}
	a := &archiver{
		tar: tar.NewWriter(w), at: d.opt.Now().UTC(),
		manifest: Manifest{Format: archiveFormat, Schema: schema, Rows: map[string]int{}},
	}
	a.manifest.At = a.at.Format(time.RFC3339)
	err = d.Read(ctx, func(s desk.Tx) error {
		t := s.(*tx)
		for _, tb := range tables {
			if err := a.rows(ctx, t, tb); err != nil {
				return wrap(err, "backing up %s", tb.name)
			}
		}
		return wrap(a.jobs(ctx, t), "backing up jobs")
	})
	if err == nil {
		err = wrap(a.blobs(ctx, d.blobs), "backing up evidence")
	}
	if err == nil {
		err = a.end()
	}
	return a.manifest, wrap(err, "backup")
}

type archiver struct {
	tar      *tar.Writer
	at       time.Time
	manifest Manifest
	part     bytes.Buffer
	parts    int
}

// line adds one JSON line to the part, which is written once it is large.
func (a *archiver) line(name string, v any) error {
	if err := json.NewEncoder(&a.part).Encode(v); err != nil {
		return err
	}
	if a.part.Len() < partSize {
		return nil
	}
	return a.flush(name)
}

func (a *archiver) flush(name string) error {
	if a.part.Len() == 0 {
		return nil
	}
	a.parts++
	err := a.file(fmt.Sprintf("%s%s/%06d.jsonl", rowFolder, name, a.parts), int64(a.part.Len()), &a.part)
	a.part.Reset()
	return err
}

// file adds a file of the given size and notes its hash.
func (a *archiver) file(name string, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: a.at, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(a.tar, sum), r); err != nil {
		return err
	}
	a.manifest.Parts = append(a.manifest.Parts, ManifestEntry{name, size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (a *archiver) rows(ctx context.Context, t *tx, tb table) error {
	query := `SELECT ` + tb.list() + ` FROM ` + tb.name
	if tb.name == "setting" {
		query += ` WHERE name <> '` + installation + `'` // whoever restores this is another
	}
	err := t.rows(ctx, query, nil, func(s scanner) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		values := make([]any, len(tb.columns))
		for i, c := range tb.columns {
			switch c.kind {
			case words:
				values[i] = new(*string)
			case whole:
				values[i] = new(*int64)
			case raw:
				values[i] = new([]byte)
			}
		}
		if err := s.Scan(values...); err != nil {
			return err
		}
		a.manifest.Rows[tb.name]++
		return a.line(tb.name, values)
	})
	if err != nil {
		return err
	}
	return a.flush(tb.name)
}

// archivedJob is a job that was not done yet.
type archivedJob struct {
	Kind    work.JobKind `json:"kind"`
	Subject string       `json:"subject"`
}

// jobs keeps what is to be done, to be done at once after a restore: the desk
// looks by itself whether it is time yet.
func (a *archiver) jobs(ctx context.Context, t *tx) error {
	args := `json(args)`
	if t.db.dialect.postgres {
		args = `args::text`
	}
	err := t.rows(ctx, `SELECT `+args+` FROM river_job WHERE kind = 'desk' AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled') ORDER BY id`, nil, func(s scanner) error {
		var doc string
		if err := s.Scan(&doc); err != nil {
			return err
		}
		j, err := decode[jobArgs](doc)
		if err != nil {
			return err
		}
		a.manifest.Jobs++
		return a.line(jobsTable, archivedJob{j.Job, j.Subject})
	})
	if err != nil {
		return err
	}
	return a.flush(jobsTable)
}

func (a *archiver) blobs(ctx context.Context, b *Blobs) error {
	for it := b.bucket.List(&blob.ListOptions{Prefix: "sha256/"}); ; {
		o, err := it.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		sha, ok := shaOfKey(o.Key)
		if !ok {
			continue
		}
		if err := a.blob(ctx, b, sha, o.Size); err != nil {
			return err
		}
	}
}

func (a *archiver) blob(ctx context.Context, b *Blobs, sha string, size int64) error {
	r, err := b.Open(ctx, sha, 0, -1)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	if err := a.file(blobFolder+sha, size, r); err != nil {
		return err
	}
	if got := a.manifest.Parts[len(a.manifest.Parts)-1].SHA256; got != sha {
		return fmt.Errorf("the bytes kept as %s hash to %s: they were altered or damaged", sha, got)
	}
	a.manifest.Blobs++
	return nil
}

func (a *archiver) end() error {
	doc, err := json.MarshalIndent(a.manifest, "", " ")
	if err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(doc)), ModTime: a.at, Format: tar.FormatPAX}); err != nil {
		return err
	}
	if _, err := a.tar.Write(doc); err != nil {
		return err
	}
	return a.tar.Close()
}

// String is a manifest in one line.
func (m Manifest) String() string {
	n := 0
	for _, r := range m.Rows {
		n += r
	}
	return strconv.Itoa(n) + " rows, " + strconv.Itoa(m.Jobs) + " jobs, " + strconv.Itoa(m.Blobs) + " pieces of evidence, of " + m.At
}
