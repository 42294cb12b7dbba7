// Package breached knows the passwords that are guessed first: those that lead
// public lists of stolen ones. It holds no password and can give none back: a
// list is kept as a set of short hashes, which answers "is this one of them?",
// and says yes by chance to one in 65,536 that are not. docs/licences.md says
// which lists are in it, and breached/pack makes the file anew.
package breached

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The set is coded as F. Putze, P. Sanders and J. Singler describe it ("Cache-,
// Hash- and Space-Efficient Bloom Filters", 2007, section 4): each password is
// hashed to a number below count x 2^riceBits; the numbers are sorted, and the
// distances between them written by S. Golomb's code as R. Rice simplified it:
// the distance divided by 2^riceBits in ones and a zero, the rest in riceBits
// bits. The file: magic, the count in four bytes, the bits.
const (
	magic    = "evenhand.passwords/1\n"
	riceBits = 16
	// stride is how many numbers lie between two places of the index.
	stride = 64
)

//go:embed passwords.gcs
var packed []byte

// Set is a list of passwords, as hashes.
type Set struct {
	count uint64
	data  []byte
	index []place
}

// place is where in the bits a number starts that follows on after.
type place struct {
	after uint64
	bit   int
}

// Common is the set that is built in.
var Common = sync.OnceValues(func() (*Set, error) { return Read(packed) })

// Has is whether a password, or what it becomes without the trimmings that
// people think of first, is in the set: case, digits and signs around it, a
// word twice, letters written as digits, backwards.
func (s *Set) Has(password string) bool { return slices.ContainsFunc(Forms(password), s.has) }

// Normal is the form in which passwords are compared: NFKC, lower case.
func Normal(password string) string { return strings.ToLower(norm.NFKC.String(password)) }

// shortest is the length of the shortest core that counts: of "cat!!!!!!!!!!!"
// what is left says nothing of how it is guessed.
const shortest = 5

var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// Forms are a password and what it is with one trimming, or several, taken
// away. The first is the password itself; the others are never empty.
func Forms(password string) []string {
	p := Normal(password)
	out := []string{p}
	add := func(s string) {
		if len([]rune(s)) >= shortest && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(strings.Join(strings.Fields(p), ""))
	for _, f := range slices.Clone(out) {
		add(once(f))
		core := strings.TrimFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })
		// What is around the core must be trimmings, not the better part.
		if 2*len([]rune(core)) >= len([]rune(f)) {
			add(core)
			add(once(core))
		}
	}
	for _, f := range slices.Clone(out) {
		add(leet.Replace(f))
		add(strings.TrimFunc(leet.Replace(strings.TrimRightFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })), func(r rune) bool { return !unicode.IsLetter(r) }))
	}
	for _, f := range slices.Clone(out) {
		r := []rune(f)
		slices.Reverse(r)
		add(string(r))
	}
	return out
}

// once is a text that stands there several times, once.
func once(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return s
}

// number is where a password falls among count x 2^riceBits.
func number(password string, count uint64) uint64 {
	sum := sha256.Sum256([]byte(password))
	hi, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:]), count<<riceBits)
	return hi
}

func (s *Set) has(password string) bool {
	want := number(password, s.count)
	at, _ := slices.BinarySearchFunc(s.index, want, func(p place, v uint64) int {
		if p.after < v {
			return -1
		}
		return 1
	})
	from := s.index[max(0, at-1)]
	r, v := reader{s.data, from.bit}, from.after
	for range stride {
		d, ok := r.next()
		if !ok {
			return false
		}
		if v += d; v >= want {
			return v == want
		}
	}
	return false
}

// Len is how many passwords the set was made of.
func (s *Set) Len() int { return int(s.count) }

var errFile = errors.New("not a set of passwords as breached/pack makes it")

// Read takes a set as Pack writes it.
func Read(file []byte) (*Set, error) {
	rest, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok || len(rest) < 4 {
		return nil, errFile
	}
	s := &Set{count: uint64(binary.BigEndian.Uint32(rest)), data: rest[4:]}
	if s.count == 0 {
		return nil, errFile
	}
	r, v := reader{data: s.data}, uint64(0)
	for i := range s.count {
		if i%stride == 0 {
			s.index = append(s.index, place{v, r.bit})
		}
		d, ok := r.next()
		if !ok {
			return nil, errFile
		}
		v += d
	}
	return s, nil
}

// reader reads Rice's code.
type reader struct {
	data []byte
	bit  int
}

func (r *reader) one() (bit byte, ok bool) {
	if r.bit/8 >= len(r.data) {
		return 0, false
	}
	bit = r.data[r.bit/8] >> (7 - r.bit%8) & 1
	r.bit++
	return bit, true
}

func (r *reader) next() (d uint64, ok bool) {
	for {
		b, ok := r.one()
		if !ok {
			return 0, false
		}
		if b == 0 {
			break
		}
		d++
	}
	for range riceBits {
		b, ok := r.one()
		if !ok {
			return 0, false
		}
		d = d<<1 | uint64(b)
	}
	return d, true
}

// Pack writes a set of passwords, each in its normal form and once. It answers
// how many there were.
func Pack(w io.Writer, passwords []string) (int, error) {
	list := make([]string, 0, len(passwords))
	for _, p := range passwords {
		if p = Normal(p); p != "" {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	count := uint64(len(list))
	numbers := make([]uint64, len(list))
	for i, p := range list {
		numbers[i] = number(p, count)
	}
	slices.Sort(numbers)
	var out writer
	last := uint64(0)
	for _, n := range numbers {
		out.put(n - last)
		last = n
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), uint32(count))
	if _, err := w.Write(append(head, out.data...)); err != nil {
		return 0, fmt.Errorf("write a set of passwords: %w", err)
	}
	return len(list), nil
}

type writer struct {
	data []byte
	used int // bits
}

func (w *writer) one(b byte) {
	if w.used%8 == 0 {
		w.data = append(w.data, 0)
	}
	w.data[w.used/8] |= b << (7 - w.used%8)
	w.used++
}

func (w *writer) put(d uint64) {
	for range d >> riceBits {
		w.one(1)
	}
	w.one(0)
	for i := riceBits - 1; i >= 0; i-- {
		w.one(byte(d >> i & 1))
	}
}
