//go:build !linux && !darwin && !freebsd

package store

// freeBytes is not known on this system.
func freeBytes(string) (n int64, known bool) { return 0, false }
