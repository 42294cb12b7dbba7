//go:build linux && (amd64 || arm64)

package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// standIn does what a film made by an attacker might have ffmpeg do. Its exit
// status is 0 where it was let.
func standIn(args []string) int {
	said, err := misbehave(args[0], args[1:])
	fmt.Println(said)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func misbehave(what string, args []string) (string, error) {
	switch what {
	case "copy":
		b, err := os.ReadFile(args[0])
		if err != nil {
			return "", err
		}
		return "", os.WriteFile(args[1], b, 0o600)
	case "environment":
		env := os.Environ()
		slices.Sort(env)
		return strings.Join(env, " "), nil
	case "threads":
		return "", threads()
	case "read":
		b, err := os.ReadFile(args[0])
		return string(b[:min(len(b), 40)]), err
	case "descriptor":
		fd, err := strconv.Atoi(args[0])
		if err != nil {
			return "", err
		}
		b := make([]byte, 40)
		n, err := unix.Read(fd, b)
		return string(b[:max(0, n)]), err
	case "list":
		entries, err := os.ReadDir(args[0])
		return fmt.Sprint(len(entries)), err
	case "write":
		return "", os.WriteFile(args[0], []byte("overwritten"), 0o600)
	case "truncate":
		return "", os.Truncate(args[0], 0)
	case "remove":
		return "", os.Remove(args[0])
	case "link":
		return "", os.Link(args[0], args[1])
	case "symlink":
		if err := os.Symlink(args[0], "through"); err != nil {
			return "", err
		}
		b, err := os.ReadFile("through")
		return string(b), err
	}
	return misuse(what, args)
}

func misuse(what string, args []string) (string, error) {
	switch what {
	case "run":
		return "", syscall.Exec(args[0], args[:1], nil)
	case "connect":
		c, err := net.Dial("tcp", args[0])
		if err == nil {
			c.Close()
		}
		return "connected", err
	case "listen":
		// By hand: Go listens with multipath TCP, which Landlock does not look at.
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return "", err
		}
		if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			return "", err
		}
		return "listening", unix.Listen(fd, 1)
	case "ask":
		c, err := net.Dial("udp", "127.0.0.1:9")
		if err != nil {
			return "", err
		}
		_, err = c.Write([]byte("x"))
		return "sent", err
	case "fork":
		return forkBomb()
	case "kill", "tgkill", "tkill", "queue", "prlimit", "nice", "own":
		return reach(what, args)
	case "trace":
		_, _, errno := unix.RawSyscall(unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0)
		if errno != 0 {
			return "", errno
		}
		return "traced", nil
	case "sleep":
		fmt.Println("sleeping")
		select {}
	}
	return exhaust(what)
}

// reach has to do with another process, or with its own.
func reach(what string, args []string) (string, error) {
	pid := os.Getpid()
	if what != "own" {
		pid, _ = strconv.Atoi(args[0])
	}
	call := func(n uintptr, args ...uintptr) error {
		args = append(args, 0, 0, 0, 0)
		if _, _, errno := unix.RawSyscall6(n, args[0], args[1], args[2], args[3], 0, 0); errno != 0 {
			return errno
		}
		return nil
	}
	id := uintptr(pid)
	var limit unix.Rlimit
	switch what {
	case "kill":
		return "", syscall.Kill(pid, 0)
	case "tgkill":
		return "", call(unix.SYS_TGKILL, id, id, 0)
	case "tkill":
		return "", call(unix.SYS_TKILL, id, 0)
	case "queue":
		info := make([]byte, 128) // siginfo_t
		info[8] = 0xff            // si_code: SI_QUEUE is -1
		info[9], info[10], info[11] = 0xff, 0xff, 0xff
		return "", call(unix.SYS_RT_SIGQUEUEINFO, id, 0, uintptr(unsafe.Pointer(&info[0])))
	case "prlimit":
		return "", unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &limit)
	case "nice":
		return "", unix.Setpriority(unix.PRIO_PROCESS, pid, 1)
	}
	return "", errors.Join(syscall.Kill(pid, 0), call(unix.SYS_TGKILL, id, uintptr(unix.Gettid()), 0),
		unix.Prlimit(0, unix.RLIMIT_CORE, nil, &limit), unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &limit))
}

// flood writes small files until it is stopped, within bounds that spare the
// machine.
func flood() (string, error) {
	for i := range 20_000 {
		if err := os.WriteFile("n"+strconv.Itoa(i), []byte("x"), 0o600); err != nil {
			return strconv.Itoa(i), err
		}
	}
	return "all", nil
}

// hide writes to a file that is in no folder.
func hide(how string) (string, error) {
	var fd int
	var err error
	switch how {
	case "removed":
		if fd, err = unix.Open("hidden", unix.O_RDWR|unix.O_CREAT, 0o600); err == nil {
			err = unix.Unlink("hidden")
		}
	case "nameless":
		fd, err = unix.Open(".", unix.O_RDWR|unix.O_TMPFILE, 0o600)
	case "memory":
		fd, err = unix.MemfdCreate("hidden", 0)
	}
	if err != nil {
		return how, err
	}
	_, err = unix.Write(fd, make([]byte, 1<<20))
	return how, err
}

// exhaust uses up one thing, within bounds that spare the machine.
func exhaust(what string) (string, error) {
	switch what {
	case "memory": // 6 GiB of address space, of which one page in each piece is touched
		var kept [][]byte
		for range 96 {
			b, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
			if err != nil {
				return fmt.Sprint(len(kept)), err
			}
			b[0] = 1
			kept = append(kept, b)
		}
		return fmt.Sprint(len(kept)), nil
	case "file":
		f, err := os.Create("large")
		if err != nil {
			return "", err
		}
		for range 64 {
			if _, err := f.Write(make([]byte, 1<<20)); err != nil {
				return "", err
			}
		}
		return "wrote 64 MiB", f.Close()
	case "files":
		var kept []*os.File
		for i := range 500 {
			f, err := os.Create(filepath.Join(".", "f"+strconv.Itoa(i)))
			if err != nil {
				return fmt.Sprint(i), err
			}
			kept = append(kept, f)
		}
		return fmt.Sprint(len(kept)), nil
	case "several": // each of them within its bound
		for i := range 12 {
			if err := os.WriteFile("part"+strconv.Itoa(i), make([]byte, 1<<19), 0o600); err != nil {
				return fmt.Sprint(i), err
			}
		}
		return "6 MiB in all", nil
	case "flood":
		return flood()
	case "removed", "nameless", "memory file":
		return hide(strings.TrimSuffix(what, " file"))
	case "spin":
		for range 1 << 40 {
			spun++
		}
		return "", nil
	}
	return "", fmt.Errorf("no such deed: %s", what)
}

var spun int

// forkBomb starts 200 processes that wait, and ends them again.
func forkBomb() (string, error) {
	var pids []int
	defer func() {
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			_, _ = syscall.Wait4(pid, nil, 0, nil)
		}
	}()
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	for i := range 200 {
		pid, err := syscall.ForkExec(self, []string{self, standInName, "sleep"}, &syscall.ProcAttr{})
		if err != nil {
			return fmt.Sprint(i), err
		}
		pids = append(pids, pid)
	}
	return "200 processes", nil
}

// threads blocks in several threads at once.
func threads() error {
	var wait sync.WaitGroup
	failures := make(chan error, 8)
	for range 8 {
		wait.Go(func() {
			var p [2]int
			if err := syscall.Pipe(p[:]); err != nil {
				failures <- err
				return
			}
			t := syscall.Timeval{Usec: 1000}
			_, _ = syscall.Select(0, nil, nil, nil, &t)
			syscall.Close(p[0])
			syscall.Close(p[1])
		})
	}
	wait.Wait()
	close(failures)
	return <-failures
}
