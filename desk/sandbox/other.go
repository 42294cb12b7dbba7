//go:build !linux || !(amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"
	"os/exec"
)

// Other systems have walls of other kinds, none of which is built here.
const supported = false

func isolate(*exec.Cmd, bool) {}

// Main is the helper's subcommand: on this system it can do nothing.
func Main([]string) int {
	fmt.Fprintln(os.Stderr, "sandbox: not built for this system")
	return failed
}
