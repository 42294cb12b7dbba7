//go:build unix

package imaging

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe opens a pipe that nobody writes to: it must be refused, not waited for.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.jpg")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	if _, err := Open(context.Background(), path, Limits{}); codeOf(t, err) != NotAFile {
		t.Errorf("%v", err)
	}
}
