package c2pa

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Bounds on what is read of a manifest store. Real stores hold a few dozen
// boxes in some hundred kilobytes; the bounds only stop hostile input.
const (
	maxStore     = 64 << 20 // bytes of one manifest store
	maxBoxes     = 20_000   // boxes in one store
	maxDepth     = 16       // nesting of superboxes
	maxManifests = 128      // manifests that are validated
	maxClaimed   = 4096     // assertions that one claim lists
	maxChain     = 8        // certificates in one chain
	maxKeyBits   = 8192     // of an RSA modulus
	maxBindings  = 4        // hard bindings that are checked
	maxRules     = 1000     // exclusions of one BMFF hash
	maxTrees     = 32       // Merkle trees of one BMFF hash
)

// box is one JUMBF box (ISO 19566-5). A superbox ("jumb") has its description
// taken apart into kind and label, and the other boxes as children.
type box struct {
	typ      string // four characters
	payload  []byte // what follows the box header; for a superbox this is what hashed URIs hash
	kind     string // superbox: first four bytes of the description's UUID, e.g. "c2ma"
	label    string // superbox: label, "" where it has none
	children []*box // superbox: content boxes after the description
	odd      bool   // superbox: a description that is not written as C2PA writes it
}

// uuidTail is what follows the four letters of a kind in its UUID.
const uuidTail = "\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"

var errJUMBF = errors.New("malformed JUMBF")

// jumbfReader counts boxes over one whole parse.
type jumbfReader struct{ boxes int }

// parseStore reads the one superbox a manifest store is. Bytes after it are
// padding of the container and are ignored.
func parseStore(data []byte) (*box, error) {
	if len(data) > maxStore {
		return nil, fmt.Errorf("%w: %d bytes", errJUMBF, len(data))
	}
	r := &jumbfReader{}
	b, rest, err := r.next(data, 0)
	if err != nil {
		return nil, err
	}
	if b.typ != "jumb" || b.kind != "c2pa" {
		return nil, fmt.Errorf("%w: not a C2PA manifest store", errJUMBF)
	}
	b.odd = b.odd || b.label != "c2pa" || !allZero(rest)
	return b, nil
}

// next reads one box from the start of data and returns the bytes after it.
func (r *jumbfReader) next(data []byte, depth int) (*box, []byte, error) {
	if r.boxes++; r.boxes > maxBoxes || depth > maxDepth {
		return nil, nil, fmt.Errorf("%w: too many or too deep boxes", errJUMBF)
	}
	head, size, err := boxHeader(data)
	if err != nil {
		return nil, nil, err
	}
	b := &box{typ: string(data[4:8]), payload: data[head:size]}
	if b.typ == "jumb" {
		if err := r.super(b, depth); err != nil {
			return nil, nil, err
		}
	}
	return b, data[size:], nil
}

// super reads a superbox's description and children from its payload.
func (r *jumbfReader) super(b *box, depth int) error {
	desc, rest, err := r.next(b.payload, depth+1)
	if err != nil {
		return err
	}
	if desc.typ != "jumd" || len(desc.payload) < 17 {
		return fmt.Errorf("%w: superbox without description", errJUMBF)
	}
	b.kind = string(desc.payload[:4])
	const toggleLabel, togglePrivate = 0x02, 0x10
	var after []byte
	if desc.payload[16]&toggleLabel != 0 {
		label := desc.payload[17:]
		end := 0
		for end < len(label) && label[end] != 0 {
			end++
		}
		if end == len(label) {
			return fmt.Errorf("%w: label without end", errJUMBF)
		}
		b.label = string(label[:end])
		after = label[end+1:]
	}
	// Two bits say that the box may be referred to and has a label; a salt
	// in a private field may come with a third.
	b.odd = string(desc.payload[4:16]) != uuidTail || desc.payload[16]&^togglePrivate != 0x03 ||
		(desc.payload[16]&togglePrivate == 0) != (len(after) == 0)
	for len(rest) > 0 {
		var child *box
		if child, rest, err = r.next(rest, depth+1); err != nil {
			return err
		}
		b.children = append(b.children, child)
	}
	return nil
}

// boxHeader returns the length of the header and of the whole box at the
// start of data, for JUMBF and ISO BMFF alike: a 32-bit size, a type, and a
// 64-bit size where the first is 1; 0 means "to the end".
func boxHeader(data []byte) (head, size int, err error) {
	if len(data) < 8 {
		return 0, 0, fmt.Errorf("%w: box header cut short", errJUMBF)
	}
	head = 8
	long := uint64(binary.BigEndian.Uint32(data))
	switch long {
	case 0:
		long = uint64(len(data))
	case 1:
		if len(data) < 16 {
			return 0, 0, fmt.Errorf("%w: box header cut short", errJUMBF)
		}
		head, long = 16, binary.BigEndian.Uint64(data[8:])
	}
	if long < uint64(head) || long > uint64(len(data)) {
		return 0, 0, fmt.Errorf("%w: box of %d bytes where %d are left", errJUMBF, long, len(data))
	}
	return head, int(long), nil
}

// child returns the superbox with that label, nil where there is none.
func (b *box) child(label string) *box {
	for _, c := range b.children {
		if c.typ == "jumb" && c.label == label {
			return c
		}
	}
	return nil
}

// content returns the payload of the first content box of that type.
func (b *box) content(typ string) ([]byte, bool) {
	for _, c := range b.children {
		if c.typ == typ {
			return c.payload, true
		}
	}
	return nil, false
}
