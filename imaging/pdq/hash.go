// Package pdq computes PDQ, the perceptual picture hash of Facebook's
// ThreatExchange: 256 bits that change little when a picture is shrunk,
// recompressed or lightly retouched, and a quality that says how far those
// bits can be leaned on. It also keeps many hashes in memory and finds, with
// nothing missed, all of them within a number of bits of a given one.
//
// A near hash says that two pictures look alike. It does not say that one was
// made from the other: two catalogue photos on white can be near by nature.
//
// The algorithm is the one of "The TMK+PDQF Video-Hashing Algorithm and the
// PDQ Image-Hashing Algorithm" (Facebook, 2019), section "PDQ", called "the
// paper" below. docs/pdq.md has the figures.
package pdq

import (
	"encoding/hex"
	"fmt"
	"math/bits"
)

// Bits is the length of a hash.
const Bits = 256

// Hash is a PDQ hash as one 256-bit number, most significant word first. Bit
// 16·i+j of that number, counted from the least significant, tells whether the
// DCT coefficient of vertical frequency i+1 and horizontal frequency j+1 lies
// above the median of all 256.
type Hash [4]uint64

// String returns the hash as 64 lower-case hexadecimal digits, in the order
// the reference implementation prints them.
func (h Hash) String() string {
	return fmt.Sprintf("%016x%016x%016x%016x", h[0], h[1], h[2], h[3])
}

// Parse reads what String writes; digits may be of either case. The error
// says what is wrong with the text.
func Parse(text string) (Hash, error) {
	if len(text) != Bits/4 {
		return Hash{}, fmt.Errorf("PDQ hash has %d characters, wants %d", len(text), Bits/4)
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return Hash{}, fmt.Errorf("PDQ hash %q: %w", text, err)
	}
	var h Hash
	for i, b := range raw {
		h[i/8] = h[i/8]<<8 | uint64(b)
	}
	return h, nil
}

// MarshalText writes the hash as String does.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hash as Parse does.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}

// Distance returns the number of bits, 0 to 256, in which two hashes differ.
// ThreatExchange takes 31 and less for the same picture; unrelated pictures are
// near 128 apart.
func Distance(a, b Hash) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) +
		bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}

// setBit sets bit k of the 256-bit number.
func (h *Hash) setBit(k int) { h[3-k/64] |= 1 << (k % 64) }
