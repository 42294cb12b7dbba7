//go:build !unix

package examine

import "os/exec"

// ownGroup: elsewhere the program alone is killed; ffmpeg starts no others.
func ownGroup(*exec.Cmd) {}
