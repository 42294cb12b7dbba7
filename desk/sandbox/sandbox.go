// Package sandbox runs a program that reads strangers' files, ffmpeg for one,
// so that a mistake in it costs nothing: no network, no file but its own
// folder's and the libraries it is made of, no environment, no process of its
// own, and bounds of memory, time, threads, open files and what it writes.
//
// Where it is asked to, our own binary starts first (a hidden subcommand, see
// Main), takes rights away from itself, and becomes the program. Each layer is
// tried once when the desk starts, for kernels and containers differ; what is
// not to be had is said, and the rest still holds. It is no virtual machine: a
// hole in the kernel itself is not covered.
package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Limits bound what the program may use. Zero means none.
type Limits struct {
	Memory   uint64 `json:"memory"`    // bytes of address space
	Data     uint64 `json:"data"`      // bytes of memory of its own, without what it maps of files
	FileSize uint64 `json:"file_size"` // bytes of any file it writes
	Bytes    uint64 `json:"bytes"`     // of all files that it adds to its folder
	Made     uint64 `json:"made"`      // files that it adds to its folder
	CPU      uint64 `json:"cpu"`       // seconds of the processor
	Files    uint64 `json:"files"`     // open at once
	Threads  uint64 `json:"threads"`   // counted only inside namespaces, and not for root
}

// DefaultLimits are wide for one film of a claim, and narrow for a machine.
func DefaultLimits() Limits {
	return Limits{Memory: 2 << 30, FileSize: 256 << 20, Bytes: 512 << 20, Made: 256, CPU: 60, Files: 64, Threads: 64}
}

// Layers are the kinds of walls.
type Layers struct {
	// Namespaces: no network device but a loopback that is down, no other
	// processes in sight, killed together.
	Namespaces bool `json:"namespaces"`
	// Landlock: files, and from its fourth version on TCP. It holds the version
	// of the kernel's interface, 0 for none.
	Landlock int `json:"landlock"`
	// Seccomp: no sockets, no new processes, none of the kernel's rarer calls.
	Seccomp bool `json:"seccomp"`
	// Rlimits: Limits.
	Rlimits bool `json:"rlimits"`
}

// String names what is in force.
func (l Layers) String() string {
	var in []string
	if l.Namespaces {
		in = append(in, "namespaces")
	}
	if l.Landlock > 0 {
		in = append(in, fmt.Sprintf("landlock %d", l.Landlock))
	}
	if l.Seccomp {
		in = append(in, "seccomp")
	}
	if l.Rlimits {
		in = append(in, "rlimits")
	}
	if len(in) == 0 {
		return "none"
	}
	return strings.Join(in, ", ")
}

// Missing says in plain words what is not in force.
func (l Layers) Missing() []string {
	var out []string
	if !l.Namespaces {
		out = append(out, "no namespaces of its own: the network is kept away by other layers alone, and threads are not counted")
	}
	if l.Landlock == 0 {
		out = append(out, "no Landlock: the program can read what the desk's user can read")
	}
	if !l.Seccomp {
		out = append(out, "no seccomp: the program can start others, and open sockets where namespaces are missing too")
	}
	if !l.Rlimits {
		out = append(out, "no limits of memory, time and files but the clock")
	}
	return out
}

// Sandbox starts programs with as many layers as this machine has.
type Sandbox struct {
	helper string
	layers Layers
	limits Limits
}

// Subcommand is what the helper is called by, and marker the variable that says
// that the desk did it.
const (
	Subcommand = "sandbox"
	marker     = "EVENHAND_SANDBOX_HELPER"
)

// Any binary that can ask for a sandbox must be able to be its helper, tests'
// binaries among them, and none should first load what it will not use.
func init() {
	if len(os.Args) > 1 && os.Args[1] == Subcommand && os.Getenv(marker) == "1" {
		os.Exit(Main(os.Args[2:]))
	}
}

// New finds out what this machine has. The helper is the running binary.
func New(ctx context.Context) (*Sandbox, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program's own file: %w", err)
	}
	s := &Sandbox{helper: self, limits: DefaultLimits()}
	s.layers = s.probe(ctx)
	return s, nil
}

// InForce returns the layers that this machine has.
func (s *Sandbox) InForce() Layers { return s.layers }

// With returns a sandbox of the same helper with other layers and limits.
func (s *Sandbox) With(layers Layers, limits Limits) *Sandbox {
	return &Sandbox{helper: s.helper, layers: layers, limits: limits}
}

// spec is what the helper is told, as JSON in its first argument.
type spec struct {
	Probe  bool   `json:"probe,omitempty"` // answer which layers hold, and end
	Dir    string `json:"dir,omitempty"`
	Layers Layers `json:"layers"`
	Limits Limits `json:"limits"`
}

// Command prepares a program, by its whole path, that has dir for its only folder and its working
// one, and no environment but a locale. It is killed with all that it started
// when ctx ends.
func (s *Sandbox) Command(ctx context.Context, dir, program string, args ...string) (*exec.Cmd, error) {
	told, err := json.Marshal(spec{Dir: dir, Layers: s.layers, Limits: s.limits})
	if err != nil {
		return nil, err
	}
	cmd := s.start(ctx, s.layers.Namespaces, string(told), append([]string{program}, args...)...)
	cmd.Dir = dir
	return cmd, nil
}

func (s *Sandbox) start(ctx context.Context, namespaces bool, told string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.helper, append([]string{Subcommand, told}, args...)...)
	cmd.Env = []string{marker + "=1", "GOMAXPROCS=1"}
	cmd.WaitDelay = 2 * time.Second
	isolate(cmd, namespaces)
	return cmd
}

// probe starts the helper with everything and asks what held; where namespaces
// are refused it cannot be started at all, and is asked again without.
func (s *Sandbox) probe(ctx context.Context) Layers {
	if !supported {
		return Layers{}
	}
	told, err := json.Marshal(spec{Probe: true, Limits: s.limits})
	if err != nil {
		return Layers{}
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for _, namespaces := range []bool{true, false} {
		var out bytes.Buffer
		cmd := s.start(ctx, namespaces, string(told))
		cmd.Stdout = &out
		if cmd.Run() != nil {
			continue
		}
		var held Layers
		if json.Unmarshal(out.Bytes(), &held) == nil {
			held.Namespaces = namespaces
			return held
		}
	}
	return Layers{}
}
