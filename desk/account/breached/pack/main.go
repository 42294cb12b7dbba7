// Pack makes desk/account/breached/passwords.gcs from plain lists of
// passwords, one a line, the most common first:
//
//	go run ./desk/account/breached/pack -o desk/account/breached/passwords.gcs LIST[:TOP[:SHORTEST]] …
//
// TOP takes so many lines of a list, 0 all; SHORTEST leaves out what has fewer
// characters. Lines that begin with "***", and what is above a line of "--", are
// a list's own preface. docs/licences.md says which lists ship, and how they
// were given.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/evenhand/evenhand/desk/account/breached"
)

func main() {
	out := flag.String("o", "passwords.gcs", "file to write")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(out string, lists []string) error {
	var all []string
	for _, arg := range lists {
		got, err := read(arg)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d passwords\n", arg, len(got))
		all = append(all, got...)
	}
	var file bytes.Buffer
	n, err := breached.Pack(&file, all)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d different ones in %d bytes\n", out, n, file.Len())
	return os.WriteFile(out, file.Bytes(), 0o644)
}

// read takes LIST:TOP:SHORTEST apart and reads so much of it.
func read(arg string) (list []string, err error) {
	part := strings.Split(arg, ":")
	bound := [2]int{}
	for i, p := range part[1:] {
		if i >= len(bound) {
			return nil, fmt.Errorf("%s: write LIST:TOP:SHORTEST", arg)
		}
		if bound[i], err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("%s: %w", arg, err)
		}
	}
	raw, err := os.ReadFile(part[0])
	if err != nil {
		return nil, err
	}
	if _, below, found := bytes.Cut(raw, []byte("\n--\n")); found && bytes.HasPrefix(raw, []byte("***")) {
		raw = below
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		p := strings.TrimRight(lines.Text(), "\r")
		if p == "" || !utf8.ValidString(p) || utf8.RuneCountInString(p) < bound[1] {
			continue
		}
		if list = append(list, p); bound[0] > 0 && len(list) == bound[0] {
			break
		}
	}
	return list, lines.Err()
}
