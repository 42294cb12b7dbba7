package store

import (
	"syscall"
	"testing"
)

// mountSmall puts a disk of 16 MB in a folder, or skips the test.
func mountSmall(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("evenhand-test", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("no disk of one's own without the right to mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}
