//go:build linux && (amd64 || arm64)

package sandbox

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data (linux/seccomp.h), little-endian.
const (
	dataNumber = 0
	dataArch   = 4
	dataArg0   = 16
	dataArg1   = 24
	dataArg2   = 32
)

// architecture is what a call must be made for, and x32 the bit by which that
// other ABI of amd64 would get around the numbers below.
func architecture() (arch, x32 uint32) {
	if runtime.GOARCH == "arm64" {
		return unix.AUDIT_ARCH_AARCH64, 0
	}
	return unix.AUDIT_ARCH_X86_64, 0x40000000
}

// refused are calls that a program which reads files and writes files has no
// use for: everything that reaches another program, the network, the kernel's
// settings, or parts of it that few programs use and many holes were found in,
// and files that lie in no folder, where nobody can count them.
func refused() []uint32 {
	return append([]uint32{
		unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_BIND, unix.SYS_CONNECT, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
		unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_KCMP,
		unix.SYS_TKILL, unix.SYS_SETPRIORITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR, unix.SYS_SCHED_SETAFFINITY, unix.SYS_IOPRIO_SET,
		unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES, unix.SYS_PROCESS_MADVISE, unix.SYS_PROCESS_MRELEASE, unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET,
		unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
		unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT,
		unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
		unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
		unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
		unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX,
		unix.SYS_PERSONALITY, unix.SYS_LOOKUP_DCOOKIE, unix.SYS_FANOTIFY_INIT, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_SHMGET, unix.SYS_MQ_OPEN,
	}, refusedHere()...)
}

// aimed are calls that name a process, which may be the program's own alone: a
// process that gives up raises a signal, and 0 are one's own limits.
func aimed() map[uint32][]uint32 {
	self := uint32(os.Getpid()) // becoming the program changes no process id
	return map[uint32][]uint32{
		unix.SYS_KILL: {self}, unix.SYS_TGKILL: {self}, unix.SYS_RT_SIGQUEUEINFO: {self}, unix.SYS_RT_TGSIGQUEUEINFO: {self},
		unix.SYS_PRLIMIT64: {self, 0},
	}
}

// tmpfile asks for a file without a name (__O_TMPFILE, the same here as on all
// but three old architectures).
const tmpfile = 0o20000000

// seccomp refuses these calls and all that starts a process or reaches another
// one; threads are let be. A script may start the programs it consists of, and
// signal them.
func seccomp(script bool) error {
	filter := program(script)
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	return nil
}

// program writes the filter (seccomp(2), classic BPF).
func program(script bool) []unix.SockFilter {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		has    = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		ret    = unix.BPF_RET | unix.BPF_K
		refuse = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
		absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	)
	arch, x32 := architecture()
	out := []unix.SockFilter{
		{Code: load, K: dataArch},
		{Code: equal, Jt: 1, K: arch},
		{Code: ret, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: load, K: dataNumber},
	}
	if x32 != 0 {
		out = append(out, unix.SockFilter{Code: has, Jf: 1, K: x32}, unix.SockFilter{Code: ret, K: refuse})
	}
	for _, n := range refused() {
		out = append(out, unix.SockFilter{Code: equal, Jf: 1, K: n}, unix.SockFilter{Code: ret, K: refuse})
	}
	// openat2 keeps its flags where no filter can see them: without it programs
	// take openat.
	out = append(out, unix.SockFilter{Code: equal, Jf: 1, K: unix.SYS_OPENAT2}, unix.SockFilter{Code: ret, K: absent})
	for n, arg := range opens() {
		out = append(out, unix.SockFilter{Code: equal, Jf: 4, K: n}, unix.SockFilter{Code: load, K: arg},
			unix.SockFilter{Code: has, Jf: 1, K: tmpfile}, unix.SockFilter{Code: ret, K: refuse}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
	}
	if !script {
		for n, pids := range aimed() {
			allow := uint8(len(pids)) // jumps over the other ids and the refusal
			out = append(out, unix.SockFilter{Code: equal, Jf: allow + 3, K: n}, unix.SockFilter{Code: load, K: dataArg0})
			for i, pid := range pids {
				out = append(out, unix.SockFilter{Code: equal, Jt: allow - uint8(i), K: pid})
			}
			out = append(out, unix.SockFilter{Code: ret, K: refuse}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
		}
		for _, n := range forks() {
			out = append(out, unix.SockFilter{Code: equal, Jf: 1, K: n}, unix.SockFilter{Code: ret, K: refuse})
		}
		// clone3 keeps its flags where no filter can see them: without it the C
		// library takes clone.
		out = append(out, unix.SockFilter{Code: equal, Jf: 1, K: unix.SYS_CLONE3}, unix.SockFilter{Code: ret, K: absent},
			unix.SockFilter{Code: equal, Jf: 3, K: unix.SYS_CLONE},
			unix.SockFilter{Code: load, K: dataArg0},
			unix.SockFilter{Code: has, Jt: 1, K: unix.CLONE_THREAD},
			unix.SockFilter{Code: ret, K: refuse})
	}
	return append(out, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
}
