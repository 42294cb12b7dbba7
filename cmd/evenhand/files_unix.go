//go:build unix

package main

import "syscall"

// openFiles is how many files the process may have open.
func openFiles() int {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 1024
	}
	return int(min(uint64(r.Cur), 1<<20)) //nolint:unconvert // signed on some systems
}
