package eval

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/reference"
)

// maxViews bounds how many prepared pictures are kept: one view of a large
// photo takes megabytes.
const maxViews = 40

// prepared is a view with what it cost to make.
type prepared struct {
	view *reference.View
	took time.Duration
}

// views prepares pictures once while they are needed again soon. Pictures
// reached by links count as the file they point to.
type views struct {
	prepare func(*imaging.Picture) *reference.View
	limits  imaging.Limits

	mu      sync.Mutex
	left    map[string]int // uses still to come
	entries map[string]*viewEntry
	tick    int
}

type viewEntry struct {
	once sync.Once
	prepared
	err  error
	used int
}

// realPath names a file by where it truly is.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

// expect says that path will be asked for once more.
func (v *views) expect(path string) { v.left[path]++ }

// get returns path's view, and forgets it after its last expected use.
func (v *views) get(ctx context.Context, path string) (prepared, error) {
	v.mu.Lock()
	e := v.entries[path]
	if e == nil {
		v.makeRoom()
		e = &viewEntry{}
		v.entries[path] = e
	}
	v.tick++
	e.used = v.tick
	if v.left[path]--; v.left[path] <= 0 {
		delete(v.entries, path) // the caller still holds it
	}
	v.mu.Unlock()
	e.once.Do(func() {
		var pic *imaging.Picture
		if pic, e.err = imaging.Open(ctx, path, v.limits); e.err == nil {
			e.prepared = v.prepared(pic)
			pic.Release()
		}
	})
	return e.prepared, e.err
}

func (v *views) prepared(pic *imaging.Picture) prepared {
	start := time.Now()
	view := v.prepare(pic)
	return prepared{view, time.Since(start)}
}

// makeRoom drops the view that was used longest ago; it is made again if need
// be.
func (v *views) makeRoom() {
	if len(v.entries) < maxViews {
		return
	}
	oldest := ""
	for path, e := range v.entries {
		if oldest == "" || e.used < v.entries[oldest].used {
			oldest = path
		}
	}
	delete(v.entries, oldest)
}
