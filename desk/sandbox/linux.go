//go:build linux && (amd64 || arm64)

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const supported = true

// isolate sets what the kernel gives a new process: a group of its own, an end
// with its parent, and where asked namespaces. Inside them it is nobody.
func isolate(cmd *exec.Cmd, namespaces bool) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if namespaces {
		const nobody = 65534
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// Main is the helper's subcommand: spec, program, arguments. It takes rights
// away from the thread it runs on, which no other can give back, and becomes
// the program; it returns only where that failed.
func Main(args []string) int {
	runtime.LockOSThread()
	fmt.Fprintln(os.Stderr, "sandbox:", become(args))
	return failed
}

// become does not come back where it succeeds: the process is the program then.
func become(args []string) error {
	if len(args) == 0 {
		return errors.New("it is started by the desk, not by hand")
	}
	var s spec
	if err := json.Unmarshal([]byte(args[0]), &s); err != nil {
		return fmt.Errorf("reading what it is told: %w", err)
	}
	if s.Probe {
		return s.answer()
	}
	if len(args) < 2 {
		return errors.New("no program is named")
	}
	program, argv := args[1], args[1:]
	name, err := unix.BytePtrFromString(program)
	if err != nil {
		return err
	}
	argvp, err := syscall.SlicePtrFromStrings(argv)
	if err != nil {
		return err
	}
	envp, err := syscall.SlicePtrFromStrings([]string{"LC_ALL=C", "HOME=" + s.Dir})
	if err != nil {
		return err
	}
	if err := keepNothing(); err != nil {
		return fmt.Errorf("letting go of open files: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up new rights: %w", err)
	}
	script := interpreted(program)
	if s.Layers.Landlock > 0 {
		if err := landlock(s.Dir, program, s.Layers.Landlock, script); err != nil {
			return fmt.Errorf("landlock: %w", err)
		}
	}
	if s.Layers.Seccomp {
		if err := seccomp(script); err != nil {
			return fmt.Errorf("seccomp: %w", err)
		}
	}
	// Last, since this program needs more address space than it leaves the next.
	if s.Layers.Rlimits {
		if err := s.rlimits(); err != nil {
			return fmt.Errorf("limits: %w", err)
		}
	}
	_, _, errno := unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&argvp[0])), uintptr(unsafe.Pointer(&envp[0])))
	return fmt.Errorf("starting %s: %w", program, errno)
}

// keepNothing has every file but the three usual ones closed when the program
// begins: whoever started the desk may have left others open, which no layer takes
// back (close_range(2); before Linux 5.11 one by one).
func keepNothing() error {
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return nil
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	for fd := 3; fd < int(min(limit.Max, 1<<20)); fd++ {
		unix.CloseOnExec(fd) // of what is not open this says nothing
	}
	return nil
}

// answer tries each layer on itself and says which held.
func (s spec) answer() error {
	var held Layers
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err == nil {
		self, err := os.Executable()
		if version := landlockVersion(); err == nil && version > 0 && landlock(os.TempDir(), self, version, false) == nil {
			held.Landlock = version
		}
		held.Seccomp = seccomp(false) == nil
		limits := s
		limits.Limits.Memory = 0 // this program goes on
		held.Rlimits = limits.rlimits() == nil
	}
	out, err := json.Marshal(held)
	if err != nil {
		return err
	}
	if _, err := os.Stdout.Write(out); err != nil {
		return err
	}
	os.Exit(0)
	return nil
}

// rlimits sets soft and hard limits (setrlimit(2)).
func (s spec) rlimits() error {
	l := s.Limits
	if !s.Layers.Namespaces {
		// Outside, processes are counted for the user as a whole, the desk's own
		// threads among them.
		l.Threads = 0
	}
	zero := unix.Rlimit{}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &zero); err != nil {
		return err
	}
	for _, r := range []struct {
		which int
		value uint64
	}{
		{unix.RLIMIT_FSIZE, l.FileSize},
		{unix.RLIMIT_CPU, l.CPU},
		{unix.RLIMIT_NOFILE, l.Files},
		{unix.RLIMIT_NPROC, l.Threads},
		{unix.RLIMIT_DATA, l.Data},
		{unix.RLIMIT_AS, l.Memory},
	} {
		if r.value == 0 {
			continue
		}
		limit := unix.Rlimit{Cur: r.value, Max: r.value}
		if err := unix.Setrlimit(r.which, &limit); err != nil {
			return err
		}
	}
	return nil
}
