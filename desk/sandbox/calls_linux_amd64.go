package sandbox

import "golang.org/x/sys/unix"

// forks start a process where there is no clone to look at.
func forks() []uint32 { return []uint32{unix.SYS_FORK, unix.SYS_VFORK} }

// opens are the calls that open files, with where their flags lie.
func opens() map[uint32]uint32 {
	return map[uint32]uint32{unix.SYS_OPEN: dataArg1, unix.SYS_OPENAT: dataArg2}
}

// refusedHere are calls that this architecture has besides.
func refusedHere() []uint32 {
	return []uint32{unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_MODIFY_LDT, unix.SYS_USTAT, unix.SYS_SYSFS, unix.SYS_USELIB}
}
