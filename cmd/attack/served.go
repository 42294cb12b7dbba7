package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// served is the server under attack.
type served struct {
	proc  *exec.Cmd
	done  chan struct{}
	addr  string
	dir   string
	limit int64
	group string // its control group; "" where there can be none
	bound string // what bounds its memory, in words
	most  int64  // resident bytes seen, where there is no group to ask
}

// state is what a server holds at one moment.
type state struct {
	memory, disk int64
	files        int
	jobs         int // that wait; -1 where the server does not say
}

func (s state) String() string {
	return fmt.Sprintf("%d MB of memory, %d file descriptors, %d kB of uploads on the disk", s.memory>>20, s.files, s.disk>>10)
}

// wrong is what a server did not give back.
func (s state) wrong(before state) error {
	var errs []error
	if s.jobs != 0 {
		errs = append(errs, fmt.Errorf("%d jobs still wait", s.jobs))
	}
	if s.memory > before.memory+mostMemory {
		errs = append(errs, fmt.Errorf("memory stays %d MB above what it was", (s.memory-before.memory)>>20))
	}
	if s.files > before.files+mostFiles {
		errs = append(errs, fmt.Errorf("%d file descriptors stay open", s.files-before.files))
	}
	if s.disk > before.disk+mostDisk {
		errs = append(errs, fmt.Errorf("%d kB lie on the disk beyond what was accepted", (s.disk-before.disk)>>10))
	}
	return errors.Join(errs...)
}

// start runs the server within its limit and waits until it answers.
func start(ctx context.Context, bin string, t *theatre, limit int64) (*served, error) {
	s := &served{addr: t.addr, dir: t.dir, limit: limit, done: make(chan struct{})}
	log, err := os.Create(filepath.Join(filepath.Dir(t.dir), "server.log"))
	if err != nil {
		return nil, err
	}
	s.group, s.bound = controlGroup(limit)
	// The shell goes into the group before it becomes the server.
	script := `exec "$@"`
	if s.group != "" {
		script = `echo $$ > "` + filepath.Join(s.group, "cgroup.procs") + `" && exec "$@"`
	}
	s.proc = exec.Command("sh", "-c", script, "sh", bin, "serve", "--data", t.dir, "--listen", t.addr, "--no-require-totp")
	s.proc.Env = os.Environ()
	if s.group == "" {
		s.proc.Env = append(s.proc.Env, "GOMEMLIMIT="+strconv.FormatInt(limit*3/4, 10))
	}
	s.proc.Stdout, s.proc.Stderr = log, log
	if err := s.proc.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.proc.Wait() // alive asks how it ended
		_ = log.Close()
		close(s.done)
	}()
	for range 600 {
		w, err := http.Get("http://" + s.addr + "/readyz")
		if err == nil {
			_ = w.Body.Close()
			if w.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		select {
		case <-ctx.Done():
			s.end()
			return nil, ctx.Err()
		case <-s.done:
			return nil, fmt.Errorf("the server ended before it was ready: %s", s.proc.ProcessState)
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.end()
	return nil, errors.New("the server is not ready after a minute")
}

// controlGroup makes a group with a limit of memory, of either version.
func controlGroup(limit int64) (dir, words string) {
	for _, v := range []struct{ root, file string }{{"/sys/fs/cgroup", "memory.max"}, {"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}} {
		dir := filepath.Join(v.root, "evenhand-attack-"+strconv.Itoa(os.Getpid()))
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		if setLimit(filepath.Join(dir, v.file), limit) == nil {
			return dir, fmt.Sprintf("a control group, %d MB", limit>>20)
		}
		_ = os.Remove(dir)
	}
	return "", fmt.Sprintf("being watched, %d MB (no control group can be made here)", limit>>20)
}

// setLimit writes to a file that only a kernel with such groups has made.
func setLimit(file string, limit int64) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strconv.FormatInt(limit, 10))
	return errors.Join(err, f.Close())
}

// end stops the server in order, and removes its group.
func (s *served) end() {
	_ = s.proc.Process.Signal(os.Interrupt)
	select {
	case <-s.done:
	case <-time.After(30 * time.Second):
		_ = s.proc.Process.Kill()
		<-s.done
	}
	if s.group != "" {
		_ = os.Remove(s.group)
	}
}

// alive says how the server ended, if it did.
func (s *served) alive() error {
	select {
	case <-s.done:
		return fmt.Errorf("the server fell: %s", s.proc.ProcessState)
	default:
	}
	if s.peak() > s.limit {
		return fmt.Errorf("memory was at %d MB, the limit is %d", s.peak()>>20, s.limit>>20)
	}
	return nil
}

// look reads what the server holds.
func (s *served) look() state {
	var at state
	proc := filepath.Join("/proc", strconv.Itoa(s.proc.Process.Pid))
	status, _ := os.ReadFile(filepath.Join(proc, "status")) // gone with the process
	for line := range strings.SplitSeq(string(status), "\n") {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmRSS:" {
			kb, _ := strconv.ParseInt(f[1], 10, 64)
			at.memory = kb << 10
		}
	}
	s.most = max(s.most, at.memory)
	open, _ := os.ReadDir(filepath.Join(proc, "fd"))
	at.files = len(open)
	for _, dir := range []string{"blobs", "uploads"} {
		_ = filepath.WalkDir(filepath.Join(s.dir, dir), func(_ string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				if info, err := e.Info(); err == nil {
					at.disk += info.Size()
				}
			}
			return nil
		})
	}
	return at
}

// peak is the most memory there was. A control group counts pages of files
// too, which go when room is needed; so the greatest resident size is told.
func (s *served) peak() int64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.proc.Process.Pid), "status"))
	if err == nil {
		for line := range strings.SplitSeq(string(status), "\n") {
			if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
				kb, _ := strconv.ParseInt(f[1], 10, 64)
				s.most = max(s.most, kb<<10)
			}
		}
	}
	return s.most
}

// settle waits until the server has done what it was asked for and given back
// what it took. What was asked for may take as long as it gets less; patience
// is for what stands still and for what comes after.
func (s *served) settle(ctx context.Context, t *theatre, before state) (after state) {
	const rounds = 90
	c := t.client(3)
	least := math.MaxInt
	for patience := rounds; patience > 0; patience-- {
		after = s.look()
		after.jobs = t.waiting(ctx, c)
		if after.wrong(before) == nil {
			return after
		}
		if after.jobs >= 0 && after.jobs < least {
			least, patience = after.jobs, rounds
		}
		select {
		case <-ctx.Done():
			return after
		case <-s.done:
			return after
		case <-time.After(2 * time.Second):
		}
	}
	return after
}

// waiting counts the jobs that wait, -1 where the server does not say.
func (t *theatre) waiting(ctx context.Context, c *client) int {
	status, raw := c.do(ctx, "GET", "/metrics", t.platform, "", nil)
	if status != http.StatusOK {
		return -1
	}
	sum := 0.0
	for line := range strings.SplitSeq(string(raw), "\n") {
		if strings.HasPrefix(line, "evenhand_jobs_waiting") {
			n, _ := strconv.ParseFloat(line[strings.LastIndexByte(line, ' ')+1:], 64) // a number, by the format
			sum += n
		}
	}
	return int(sum)
}
