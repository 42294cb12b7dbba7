// Package pgtest gives tests a PostgreSQL of their own: a cluster in a
// temporary folder, started once a test process and stopped at its end. It is
// for tests alone, and it installs nothing: `make services` does.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Cluster is a running PostgreSQL.
type Cluster struct {
	dir  string
	port int
	bin  string
	cred *syscall.Credential
	proc *exec.Cmd

	mu sync.Mutex
	n  int
}

// Main is for TestMain: it runs the tests and stops what URL started.
func Main(m *testing.M) {
	code := m.Run()
	shared.stop()
	os.Exit(code)
}

// shared is the process's one cluster; a process has one TestMain as well.
var shared lazy

type lazy struct {
	once sync.Once
	c    *Cluster
	err  error
}

func (l *lazy) get() (*Cluster, error) {
	l.once.Do(func() { l.c, l.err = Start() })
	return l.c, l.err
}

func (l *lazy) stop() {
	if l.c != nil {
		_ = l.c.Stop()
	}
}

// ErrNone means that there is no PostgreSQL on this machine.
var ErrNone = errors.New("there is no PostgreSQL here (looked in PATH and /usr/lib/postgresql); `make services` installs it where it can")

// URL gives the address of a new, empty database, which is dropped with the
// test. The test is skipped where there is no PostgreSQL. The package's
// TestMain must be Main.
func URL(t testing.TB) string {
	t.Helper()
	c, err := shared.get()
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	u, drop, err := c.Database(t.Context())
	if err != nil {
		t.Fatalf("making a database: %v", err)
	}
	t.Cleanup(drop)
	return u
}

// Start makes a cluster and waits until it answers; ErrNone where there is no
// PostgreSQL to start.
func Start() (*Cluster, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin}
	if c.cred, err = unprivileged(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "evenhand-pg-"); err != nil {
		return nil, err
	}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) start() (err error) {
	if c.cred != nil {
		if err := os.Chown(c.dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(c.dir, "data")
	initdb := c.command("initdb", "-D", data, "-U", "evenhand", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if c.port, err = freePort(); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server has its own
	c.proc = c.command("postgres", "-D", data, "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "shared_buffers=256MB", "-c", "max_connections=200")
	c.proc.Stdout, c.proc.Stderr = log, log
	if err := c.proc.Start(); err != nil {
		return err
	}
	return c.wait()
}

func (c *Cluster) wait() error {
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only asked
	for range 600 {
		if err = db.Ping(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	out, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, out)
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() error {
	if c.proc != nil && c.proc.Process != nil {
		_ = c.proc.Process.Signal(syscall.SIGINT) // fast shutdown
		_ = c.proc.Wait()
	}
	return os.RemoveAll(c.dir)
}

func (c *Cluster) url(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("evenhand"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: database}
	return u.String()
}

// Database makes a new, empty database; drop removes it, whoever is connected.
func (c *Cluster) Database(ctx context.Context) (u string, drop func(), err error) {
	c.mu.Lock()
	c.n++
	name := fmt.Sprintf("test%d", c.n)
	c.mu.Unlock()
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return "", nil, err
	}
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, errors.Join(err, admin.Close())
	}
	return c.url(name), func() {
		_, _ = admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		_ = admin.Close()
	}, nil
}

// Bin is the folder with PostgreSQL's programs, pgbench among them.
func (c *Cluster) Bin() string { return c.bin }

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	// The server must not outlive tests that are killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Pdeathsig: syscall.SIGINT}
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	return cmd
}

// find looks for the newest PostgreSQL.
func find() (bin string, err error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	if p, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(p))
	}
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil {
			return d, nil
		}
	}
	return "", ErrNone
}

func version(bin string) int {
	n, _ := strconv.Atoi(strings.Split(bin, "/")[4])
	return n
}

// unprivileged is whom to run as: PostgreSQL refuses to run as root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close() //nolint:errcheck // only asked for its number
	return l.Addr().(*net.TCPAddr).Port, nil
}
