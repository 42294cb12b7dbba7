package sandbox

import "golang.org/x/sys/unix"

// forks start a process where there is no clone to look at.
func forks() []uint32 { return []uint32{unix.SYS_FORK, unix.SYS_VFORK} }

// refusedHere are calls that this architecture has besides.
func refusedHere() []uint32 {
	return []uint32{unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_MODIFY_LDT, unix.SYS_USTAT, unix.SYS_SYSFS, unix.SYS_USELIB}
}
