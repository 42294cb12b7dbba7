package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/s3test"
	"github.com/evenhand/evenhand/work"
)

func TestBlobsInFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	testBlobs(t, dir)
	var names []string
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if len(n) != 2*sha256.Size {
			t.Errorf("%s was left behind", n)
		}
	}
	if len(names) != 3 {
		t.Errorf("%d files in the folder, want 3", len(names))
	}
}

func TestBlobsInMemory(t *testing.T) { testBlobs(t, "mem://") }

func TestBlobsInS3(t *testing.T) { testBlobs(t, s3test.Bucket(t)) }

// testBlobs leaves three blobs: a large one, a small one and an empty one.
func testBlobs(t *testing.T, where string) {
	ctx := t.Context()
	b := open(t, store.Options{Dir: t.TempDir(), Blobs: where}).Blobs()
	large := bytes.Repeat([]byte("0123456789abcdef"), 200_000) // is spooled in a file
	for _, data := range [][]byte{large, []byte("picture"), {}} {
		sum := sha256.Sum256(data)
		want := hex.EncodeToString(sum[:])
		var wg sync.WaitGroup
		for range 4 { // the same bytes at once
			wg.Go(func() {
				sha, size, err := b.Put(ctx, bytes.NewReader(data), int64(len(data)))
				if err != nil || sha != want || size != int64(len(data)) {
					t.Errorf("putting %d bytes: %s %d %v", len(data), sha, size, err)
				}
			})
		}
		wg.Wait()
		if n, err := b.Size(ctx, want); n != int64(len(data)) || err != nil {
			t.Errorf("size %d %v, want %d", n, err, len(data))
		}
		testRanges(t, b, want, data)
	}
	testRefused(t, b)
}

func testRanges(t *testing.T, b *store.Blobs, sha string, data []byte) {
	t.Helper()
	n := int64(len(data))
	for _, r := range [][2]int64{{0, -1}, {0, 3}, {1, 3}, {n / 2, -1}, {n - 1, 1}, {n - 1, 10}, {n, -1}, {n + 9, 1}, {0, 0}, {0, 1 << 40}} {
		if r[0] < 0 {
			continue // the empty blob has no last byte
		}
		rc, err := b.Open(t.Context(), sha, r[0], r[1])
		if err != nil {
			t.Fatalf("opening %v of %d: %v", r, n, err)
		}
		got, err := io.ReadAll(rc)
		if err := errors.Join(err, rc.Close()); err != nil {
			t.Fatalf("reading %v of %d: %v", r, n, err)
		}
		want := data[min(r[0], n):]
		if r[1] >= 0 && r[1] < int64(len(want)) {
			want = want[:r[1]]
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%v of %d gave %d bytes, want %d", r, n, len(got), len(want))
		}
	}
}

type broken struct{ io.Reader }

var errBroken = errors.New("the line broke")

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

func testRefused(t *testing.T, b *store.Blobs) {
	t.Helper()
	ctx := t.Context()
	const words = "too large by one"
	sum := sha256.Sum256([]byte(words))
	sha := hex.EncodeToString(sum[:])
	if _, _, err := b.Put(ctx, strings.NewReader(words), int64(len(words)-1)); !errors.Is(err, desk.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, _, err := b.Put(ctx, broken{strings.NewReader(words)}, 100); !errors.Is(err, errBroken) {
		t.Errorf("a broken upload: %v", err)
	}
	for _, name := range []string{sha, "", "..", "../../etc/passwd", strings.ToUpper(sha)} {
		if _, err := b.Size(ctx, name); !errors.Is(err, work.ErrNotFound) {
			t.Errorf("size of %q: %v", name, err)
		}
		if _, err := b.Open(ctx, name, 0, -1); !errors.Is(err, work.ErrNotFound) {
			t.Errorf("opening %q: %v", name, err)
		}
	}
}
