package sandbox

import (
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"time"
)

// ErrTooMuch is for a program that was stopped because it filled its folder.
var ErrTooMuch = errors.New("it wrote more than it may in all")

// watchEvery is how often a running program's folder is looked at: what it can
// write between two looks is what it can be over.
const watchEvery = 50 * time.Millisecond

// Run runs what Command prepared, and stops it when the files of its folder
// together are more, or larger, than the limits let it add. The kernel bounds a
// file by itself, and has no bound for a folder.
func (s *Sandbox) Run(cmd *exec.Cmd) error {
	before := measure(cmd.Dir, 0)
	if err := cmd.Start(); err != nil {
		return err
	}
	done, over := make(chan struct{}), make(chan bool, 1)
	go func() { over <- s.watch(cmd, before, done) }()
	err := cmd.Wait()
	close(done)
	if <-over || s.exceeds(before, measure(cmd.Dir, before.files+s.limits.Made)) {
		return errors.Join(ErrTooMuch, err)
	}
	return err
}

// watch answers whether it had to stop the program.
func (s *Sandbox) watch(cmd *exec.Cmd, before usage, done <-chan struct{}) bool {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return false
		case <-tick.C:
		}
		if s.exceeds(before, measure(cmd.Dir, before.files+s.limits.Made)) {
			_ = cmd.Cancel() // it may have ended by itself
			return true
		}
	}
}

// usage is what lies in a folder.
type usage struct{ files, bytes uint64 }

func (s *Sandbox) exceeds(before, now usage) bool {
	return s.limits.Made > 0 && now.files > before.files+s.limits.Made || s.limits.Bytes > 0 && now.bytes > before.bytes+s.limits.Bytes
}

// measure counts what lies in a folder and below it, up to one more than most
// files where there is such a bound. What vanishes meanwhile counts for nothing.
func measure(dir string, most uint64) (u usage) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return nil //nolint:nilerr // what cannot be seen is not counted
		}
		u.files++
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			u.bytes += uint64(info.Size())
		}
		if most > 0 && u.files > most {
			return fs.SkipAll
		}
		return nil
	})
	return u
}
