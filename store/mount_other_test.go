//go:build !linux

package store

import "testing"

// mountSmall knows only Linux.
func mountSmall(t *testing.T, _ string) {
	t.Helper()
	t.Skip("no small disk to mount here")
}
