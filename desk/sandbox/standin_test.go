//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

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
	case "kill":
		pid, _ := strconv.Atoi(args[0])
		return "", syscall.Kill(pid, 0)
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
