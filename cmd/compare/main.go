// Command compare measures what screening costs in two versions of the
// repository, the one here and an earlier commit, taking turns in one run: the
// machine's moods meet both alike. It writes one table.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// measure is one row: what the probe is asked for, and how often in one turn.
type measure struct {
	name, what string
	times      int
}

var measures = []measure{
	{"pair", "two photos compared with a listing, from JPEG (1600 px)", 4},
	{"read", "a 12-megapixel JPEG decoded and read for its origin", 8},
	{"screen", "eight photos examined against a listing, all cores", 2},
	{"preview", "first preview of a 12-megapixel photo", 8},
}

// cost is what one time took.
type cost struct{ cpu, wall time.Duration }

func main() {
	base := flag.String("base", "", "the `commit` to compare with")
	rounds := flag.Int("rounds", 7, "how many turns each version has at each measure")
	flag.Parse()
	if *base == "" || *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := compare(*base, *rounds, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(base string, rounds int, out io.Writer) (err error) {
	root, err := command("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "evenhand-compare-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	old := filepath.Join(dir, "base")
	if _, err := command(root, "git", "worktree", "add", "--detach", old, base); err != nil {
		return err
	}
	defer func() {
		_, undo := command(root, "git", "worktree", "remove", "--force", old)
		err = errors.Join(err, undo)
	}()
	probes := []string{filepath.Join(dir, "probe-base"), filepath.Join(dir, "probe-now")}
	for i, tree := range []string{old, root} {
		if err := build(root, tree, probes[i]); err != nil {
			return err
		}
	}
	pictures := filepath.Join(dir, "pictures")
	if err := os.Mkdir(pictures, 0o700); err != nil {
		return err
	}
	if _, err := command(root, probes[1], "draw", pictures); err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "measure\tCPU at %.8s\tnow\tchange\twall at %.8s\tnow\twhat it is\n", base, base)
	for _, m := range measures {
		costs := [2][]cost{}
		for round := range rounds {
			for turn := range 2 {
				which := (round + turn) % 2 // who comes first changes
				c, err := m.cost(probes[which], pictures)
				if err != nil {
					return err
				}
				costs[which] = append(costs[which], c)
			}
		}
		fmt.Fprintln(table, m.row(costs[0], costs[1]))
	}
	return table.Flush()
}

// build makes this version's probe from another's packages: the tree itself is
// left as it is.
func build(root, tree, to string) error {
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(tree, "cmd", "compare", "probe", "main.go"): filepath.Join(root, "cmd", "compare", "probe", "main.go"),
	}})
	if err != nil {
		return err
	}
	name := to + ".json"
	if err := os.WriteFile(name, overlay, 0o600); err != nil {
		return err
	}
	_, err = command(tree, "go", "build", "-buildvcs=false", "-overlay", name, "-o", to, "./cmd/compare/probe")
	return err
}

// cost runs the probe once. Its processor time is the whole process's, with
// its start and what the collector does beside.
func (m measure) cost(probe, pictures string) (cost, error) {
	cmd := exec.Command(probe, m.name, pictures, strconv.Itoa(m.times))
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w: %s", m.name, err, said.String())
	}
	wall, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", m.name, err)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return cost{cpu / time.Duration(m.times), time.Duration(wall)}, nil
}

// row words a measure's costs. The change is the median over the turns of how
// much more the one beside it took: what slows the machine for a while slows both.
func (m measure) row(base, now []cost) string {
	change := make([]float64, len(base))
	for i := range base {
		change[i] = 100 * (float64(now[i].cpu)/float64(max(base[i].cpu, 1)) - 1)
	}
	ms := func(all []cost, of func(cost) time.Duration) string {
		each := make([]time.Duration, len(all))
		for i, c := range all {
			each[i] = of(c)
		}
		return fmt.Sprintf("%.1f ms", float64(median(each))/1e6)
	}
	cpu, wall := func(c cost) time.Duration { return c.cpu }, func(c cost) time.Duration { return c.wall }
	return fmt.Sprintf("%s\t%s\t%s\t%+.1f %%\t%s\t%s\t%s", m.name, ms(base, cpu), ms(now, cpu), median(change), ms(base, wall), ms(now, wall), m.what)
}

func median[T time.Duration | float64](all []T) T {
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// command runs a program and answers what it wrote, or says what it complained of.
func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}
