//go:build race

package sandbox

// raced is true under the race detector.
const raced = true
