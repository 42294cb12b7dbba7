//go:build linux && (amd64 || arm64)

package sandbox

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is the program too, by its first argument.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == standInName {
		os.Exit(standIn(os.Args[2:]))
	}
	os.Exit(m.Run())
}

const standInName = "stand-in-for-ffmpeg"

// own is a sandbox whose helper is this test binary.
func own(t *testing.T) *Sandbox {
	t.Helper()
	s, err := New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// attempt has the stand-in do something inside and returns what it said; err
// is nil where it came to its end.
func attempt(t *testing.T, s *Sandbox, dir string, what ...string) (string, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd, err := s.Command(ctx, dir, self, append([]string{standInName}, what...)...)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err = s.Run(cmd)
	return strings.TrimSpace(said.String()), err
}

// each runs a test with one layer at a time, and with all; a layer that this
// machine has not is skipped by name.
func each(t *testing.T, test func(t *testing.T, s *Sandbox, only Layers)) {
	t.Helper()
	s := own(t)
	has := s.InForce()
	t.Logf("in force here: %s; missing: %q", has, has.Missing())
	for name, only := range map[string]Layers{
		"namespaces": {Namespaces: has.Namespaces}, "landlock": {Landlock: has.Landlock}, "seccomp": {Seccomp: has.Seccomp}, "rlimits": {Rlimits: has.Rlimits}, "all": has,
	} {
		t.Run(name, func(t *testing.T) {
			if only == (Layers{}) {
				t.Skip("this machine has no " + name)
			}
			test(t, s.With(only, limitsHere()), only)
		})
	}
}

// limitsHere are the usual ones; under the race detector without a limit of
// memory, which it could not start with.
func limitsHere() Limits {
	l := DefaultLimits()
	if raced {
		l.Memory = 0
	}
	return l
}

func TestItWorks(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox, _ Layers) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "video"), []byte("a film"), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := attempt(t, s, dir, "copy", "video", "frame")
		got, readErr := os.ReadFile(filepath.Join(dir, "frame"))
		if err != nil || readErr != nil || string(got) != "a film" {
			t.Errorf("in its own folder: %v, %v, %q", err, readErr, said)
		}
		if said, err := attempt(t, s, dir, "environment"); err != nil || said != "HOME="+dir+" LC_ALL=C" {
			t.Errorf("its environment is %q (%v)", said, err)
		}
		if said, err := attempt(t, s, dir, "threads"); err != nil {
			t.Errorf("threads: %v, %s", err, said)
		}
	})
}

// A file that the desk itself was started with is nobody else's, whichever layers
// there are: none of them takes back what is open.
func TestNoFileIsInherited(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("the desk's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(secret)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := own(t)
	for _, only := range []Layers{{}, s.InForce()} {
		cmd, err := s.With(only, limitsHere()).Command(t.Context(), t.TempDir(), self, standInName, "descriptor", "43")
		if err != nil {
			t.Fatal(err)
		}
		cmd.ExtraFiles = make([]*os.File, 41) // from the third on
		cmd.ExtraFiles[40] = f
		if said, err := cmd.Output(); err == nil || strings.Contains(string(said), "own") {
			t.Errorf("%s: it reads %q", only, said)
		}
	}
}

// TestWithout: the same deeds are done where no layer is in force, so that the
// tests below see layers and not mistakes of their own.
func TestWithout(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dir := t.TempDir()
	s := own(t).With(Layers{}, Limits{})
	for _, what := range [][]string{
		{"read", "/etc/passwd"},
		{"list", "/"},
		{"write", filepath.Join(t.TempDir(), "new")},
		{"symlink", "/etc/passwd"},
		{"run", "/bin/true"},
		{"connect", listener.Addr().String()},
		{"listen"},
		{"ask"},
		{"fork"},
		{"trace"},
		{"file"},
		{"files"},
		{"several"},
		{"removed"},
		{"nameless"},
		{"memory file"},
		{"kill", strconv.Itoa(os.Getpid())},
		{"tgkill", strconv.Itoa(os.Getpid())},
		{"tkill", strconv.Itoa(os.Getpid())},
		{"queue", strconv.Itoa(os.Getpid())},
		{"prlimit", strconv.Itoa(os.Getpid())},
		{"nice", strconv.Itoa(niced(t))},
	} {
		if said, err := attempt(t, s, dir, what...); err != nil {
			t.Errorf("%v was not let: %v %s", what, err, said)
		}
	}
}

// TestFiles: nothing outside its folder is read or written.
func TestFiles(t *testing.T) {
	data := t.TempDir() // the desk's
	secret := filepath.Join(data, "evidence")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, s *Sandbox, only Layers) {
		if only.Landlock == 0 {
			t.Skip("this layer says nothing of files")
		}
		dir := t.TempDir()
		for _, what := range [][]string{
			{"read", "/etc/passwd"},
			{"read", "/etc/hostname"},
			{"read", secret},
			{"read", "/proc/1/environ"},
			{"read", filepath.Join("..", filepath.Base(dir), "..", "..", "..", "..", "etc", "passwd")},
			{"list", "/"},
			{"list", data},
			{"list", "/home"},
			{"write", secret},
			{"write", filepath.Join(data, "new")},
			{"write", "/tmp/evenhand-sandbox-test"},
			{"remove", secret},
			{"link", "/etc/passwd", filepath.Join(dir, "linked")},
			{"symlink", "/etc/passwd"},
			{"truncate", secret},
			{"run", "/bin/true"},
			{"run", "/usr/bin/env"},
		} {
			if said, err := attempt(t, s, dir, what...); err == nil {
				t.Errorf("%v was let: %s", what, said)
			}
		}
		if got, err := os.ReadFile(secret); err != nil || string(got) != "secret" {
			t.Errorf("the desk's file is now %q, %v", got, err)
		}
	})
}

// TestNetwork: it connects to nobody, and nobody to it.
func TestNetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	met := make(chan struct{}, 10)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			c.Close()
			met <- struct{}{}
		}
	}()
	each(t, func(t *testing.T, s *Sandbox, only Layers) {
		if !only.Namespaces && !only.Seccomp && only.Landlock < 4 {
			t.Skip("this layer says nothing of the network")
		}
		if said, err := attempt(t, s, t.TempDir(), "connect", listener.Addr().String()); err == nil {
			t.Errorf("connected: %s", said)
		}
		if !only.Namespaces { // inside, it may listen: nobody hears
			if said, err := attempt(t, s, t.TempDir(), "listen"); err == nil {
				t.Errorf("listens: %s", said)
			}
		}
		if only.Namespaces || only.Seccomp {
			if said, err := attempt(t, s, t.TempDir(), "ask"); err == nil {
				t.Errorf("sent a datagram: %s", said)
			}
		}
	})
	select {
	case <-met:
		t.Error("somebody connected")
	default:
	}
}

// TestProcesses: it starts none, signals none, and leaves none behind.
func TestProcesses(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox, only Layers) {
		dir := t.TempDir()
		if only.Seccomp {
			if said, err := attempt(t, s, dir, "fork"); err == nil {
				t.Errorf("started processes: %s", said)
			}
		}
		if os.Getuid() == 0 {
			t.Log("the kernel counts no processes of root: the limit of threads is not tried")
		} else if only.Namespaces && only.Rlimits {
			if said, err := attempt(t, s.With(Layers{Namespaces: true, Rlimits: true}, s.limits), dir, "fork"); err == nil {
				t.Errorf("a fork bomb went on under the limit alone: %s", said)
			}
		}
		if only.Namespaces || only.Landlock >= 6 {
			if said, err := attempt(t, s, dir, "kill", "1"); err == nil && !only.Namespaces {
				t.Errorf("signalled another process: %s", said)
			}
		}
		if only.Seccomp || only.Namespaces {
			for _, what := range []string{"kill", "tgkill", "tkill", "queue", "prlimit", "nice"} {
				if said, err := attempt(t, s, dir, what, strconv.Itoa(os.Getpid())); err == nil {
					t.Errorf("reached the desk by %s: %s", what, said)
				}
			}
		}
		if said, err := attempt(t, s, dir, "own"); err != nil {
			t.Errorf("it cannot signal itself, or see its own limits: %v, %s", err, said)
		}
		if only.Seccomp {
			if said, err := attempt(t, s, dir, "trace"); err == nil {
				t.Errorf("traced: %s", said)
			}
		}
	})
}

// TestLimits: memory, the size of a file, open files, and the processor's time.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox, only Layers) {
		if !only.Rlimits {
			t.Skip("this layer says nothing of amounts")
		}
		limits := s.limits
		limits.FileSize, limits.Files, limits.CPU, limits.Memory = 1<<20, 32, 1, min(limits.Memory, 1<<30)
		s = s.With(only, limits)
		dir := t.TempDir()
		for _, what := range []string{"memory", "file", "files", "spin"} {
			if what == "memory" && raced {
				continue // the race detector itself needs terabytes of address space
			}
			start := time.Now()
			if said, err := attempt(t, s, dir, what); err == nil || time.Since(start) > 25*time.Second {
				t.Errorf("%s: not stopped: %v %s", what, err, said)
			}
		}
		if info, err := os.Stat(filepath.Join(dir, "large")); err == nil && info.Size() > 1<<20 {
			t.Errorf("wrote a file of %d bytes", info.Size())
		}
	})
}

// niced is a process of the test's whose priority may be lowered.
func niced(t *testing.T) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

// TestAFolderIsBounded: many files, each within its bound, and files that are
// in no folder.
func TestAFolderIsBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox, only Layers) {
		limits := s.limits
		limits.Bytes, limits.Made = 4<<20, 100
		s = s.With(only, limits)
		for _, what := range []string{"several", "flood"} {
			dir := t.TempDir()
			said, err := attempt(t, s, dir, what)
			if !errors.Is(err, ErrTooMuch) {
				t.Errorf("%s: %v, %s", what, err, said)
			}
			if u := measure(dir, 0); what == "flood" && u.files >= 20_000 {
				t.Errorf("%s: it went on to the end: %+v", what, u)
			}
		}
		if dir := t.TempDir(); only.Rlimits {
			if err := os.WriteFile(filepath.Join(dir, "video"), make([]byte, 8<<20), 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := attempt(t, s, dir, "copy", "video", "same"); !errors.Is(err, ErrTooMuch) {
				t.Errorf("a copy of 8 MiB: %v, %s", err, said)
			}
			if said, err := attempt(t, s, dir, "own"); err != nil {
				t.Errorf("what was there before is counted: %v, %s", err, said)
			}
		}
		if only.Landlock > 0 {
			if said, err := attempt(t, s, t.TempDir(), "removed"); err == nil {
				t.Errorf("it writes to a file that it removed: %s", said)
			}
		}
		if only.Seccomp {
			for _, what := range []string{"nameless", "memory file"} {
				if said, err := attempt(t, s, t.TempDir(), what); err == nil {
					t.Errorf("it writes to a %s: %s", what, said)
				}
			}
		}
	})
}

// TestEnds: when its time is up it is killed, whatever it does.
func TestEnds(t *testing.T) {
	s := own(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cmd, err := s.Command(ctx, t.TempDir(), self, standInName, "sleep")
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil { // it is at it
		t.Fatal(err)
	}
	cancel()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("it ended with %v", err)
	}
}

// TestHelperRefuses: what was promised and cannot be kept is not run.
func TestHelperRefuses(t *testing.T) {
	s := own(t)
	for name, c := range map[string][]string{
		"nothing": {}, "no words": {"{"}, "no program": {"{}"}, "no such program": {"{}", "/does/not/exist"},
	} {
		cmd := exec.CommandContext(t.Context(), s.helper, append([]string{Subcommand}, c...)...)
		cmd.Env = []string{marker + "=1"}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != failed || !bytes.HasPrefix(out, []byte("sandbox: ")) {
			t.Errorf("%s: %v, %s", name, err, out)
		}
	}
	if (Layers{}).String() != "none" || len((Layers{}).Missing()) != 4 || len((Layers{Namespaces: true, Landlock: 4, Seccomp: true, Rlimits: true}).Missing()) != 0 {
		t.Error("layers are named wrongly")
	}
}
