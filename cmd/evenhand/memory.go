package main

import (
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/imaging"
)

// How the memory that the process may have is shared out. What is left beside
// the runtime's soft limit is for the program itself and for what lies outside
// Go's heap; pictures get a third of the whole, and the gallery's cache at most
// half as much again.
const (
	heapShare, heapOf         = 4, 5
	picturesShare, picturesOf = 1, 3
	leastPictures             = 128 << 20
	mostPictures              = 4 << 30
)

// boundMemory keeps the process below what the machine or its control group
// gives: the collector works harder as the heap nears the limit (GOMEMLIMIT,
// unless the environment sets it), and pictures are decoded within a budget.
// root is where the file system begins.
func boundMemory(getenv func(string) string, root string, log *slog.Logger) {
	have := memoryOf(root)
	if getenv("GOMEMLIMIT") != "" {
		if own := debug.SetMemoryLimit(-1); own < math.MaxInt64 {
			if own = own / heapShare * heapOf; have <= 0 || own < have {
				have = own
			}
		}
	}
	if have <= 0 { // nobody says: no bound but each picture's own
		return
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(have / heapOf * heapShare)
	}
	pictures := picturesBudget(have)
	imaging.SetBudget(pictures)
	log.Info("memory", "have_mb", have>>20, "soft_limit_mb", debug.SetMemoryLimit(-1)>>20, "pictures_mb", pictures>>20)
}

// picturesNow is the budget of pictures, and what is held of it.
func picturesNow() (size, held int64, waiting int) {
	return imaging.BudgetSize(), imaging.BudgetHeld(), imaging.BudgetWaiting()
}

// picturesBudget is what decoding may hold at once of have bytes.
func picturesBudget(have int64) int64 {
	return min(max(have/picturesOf*picturesShare, leastPictures), mostPictures)
}

// memoryOf is how many bytes the process may have: the machine's, or less
// where its control group or one above it has a limit; 0 unknown.
func memoryOf(root string) int64 {
	least := int64(0)
	take := func(n int64, ok bool) {
		if ok && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	take(machineMemory(filepath.Join(root, "proc/meminfo")))
	groups, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return least
	}
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // hierarchy, controllers, path
		if len(parts) != 3 {
			continue
		}
		folder, file := "sys/fs/cgroup", "memory.max"
		switch {
		case parts[0] == "0" && parts[1] == "": // version 2
		case strings.Contains(","+parts[1]+",", ",memory,"):
			folder, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		// A group is bound by those above it; in a container its own path may
		// not be in sight, and the group is where the tree begins.
		for at := filepath.Clean("/" + parts[2]); ; at = filepath.Dir(at) {
			take(limitIn(filepath.Join(root, folder, at, file)))
			if at == "/" {
				break
			}
		}
	}
	return least
}

// limitIn reads a control group's limit; "max" is none.
func limitIn(name string) (int64, bool) {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
	return n, err == nil
}

// machineMemory reads MemTotal, which is in KiB.
func machineMemory(name string) (int64, bool) {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "MemTotal:" {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n << 10, err == nil
		}
	}
	return 0, false
}
