//go:build linux && (amd64 || arm64)

package sandbox

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data (linux/seccomp.h), little-endian.
const (
	dataNumber = 0
	dataArch   = 4
	dataArg0   = 16
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
// settings, or parts of it that few programs use and many holes were found in.
func refused() []uint32 {
	return append([]uint32{
		unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_BIND, unix.SYS_CONNECT, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
		unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_KCMP,
		unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
		unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT,
		unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
		unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
		unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
		unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX,
		unix.SYS_PERSONALITY, unix.SYS_LOOKUP_DCOOKIE, unix.SYS_FANOTIFY_INIT, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_SHMGET, unix.SYS_MQ_OPEN,
	}, refusedHere()...)
}

// seccomp refuses these calls and all that starts a process; threads are let
// be. A script may start the programs it consists of.
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
	if !script {
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
