package dossier

import (
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// This file reads a ZIP's directory more strictly than unpackers do: files lie
// one behind the other from the first byte to the directory, and each is
// called the same in both places that name it. So there is nothing in the file
// that a checker does not see and an unpacker does (APPNOTE 6.3.10, 4.3).

// entry is one file of a ZIP.
type entry struct {
	name     string
	deflated bool
	packed   int64 // bytes in the ZIP
	size     int64 // bytes unpacked, as the ZIP says
	at       int64 // where its header is
	body     int64 // where its bytes begin
}

const (
	endLength   = 22
	entryLength = 46
	localLength = 30
	maxDir      = 1 << 20 // bytes
)

var (
	errNoZip  = errors.New("no plain ZIP")
	errLayout = errors.New("the ZIP hides something between its files, or names one in two ways")
	errName   = errors.New("a file has a name that leads elsewhere")
	errTwice  = errors.New("two files have one name")
	errMany   = errors.New("too many files")
)

// directory lists the files of a ZIP of size bytes in the order in which they
// lie. Its errors are those above, or r's own.
func directory(r io.ReaderAt, size int64) ([]entry, error) {
	var end [endLength]byte
	if size < endLength {
		return nil, errNoZip
	}
	if _, err := r.ReadAt(end[:], size-endLength); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	count, length, at := int(le.Uint16(end[10:])), int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))
	if string(end[:4]) != "PK\x05\x06" || le.Uint32(end[4:]) != 0 || int(le.Uint16(end[8:])) != count || le.Uint16(end[20:]) != 0 || at+length != size-endLength {
		return nil, errNoZip
	}
	if count > maxFiles || length > maxDir {
		return nil, errMany
	}
	dir := make([]byte, length)
	if _, err := r.ReadAt(dir, at); err != nil {
		return nil, err
	}
	list := make([]entry, 0, count)
	for range count {
		e, rest, err := readEntry(dir)
		if err != nil {
			return nil, err
		}
		list, dir = append(list, e), rest
	}
	if len(dir) > 0 {
		return nil, errLayout
	}
	return list, inOrder(r, list, at)
}

// readEntry reads one entry of the directory.
func readEntry(dir []byte) (e entry, rest []byte, err error) {
	le := binary.LittleEndian
	if len(dir) < entryLength || string(dir[:4]) != "PK\x01\x02" {
		return e, nil, errNoZip
	}
	name := int(le.Uint16(dir[28:]))
	whole := entryLength + name + int(le.Uint16(dir[30:])) + int(le.Uint16(dir[32:]))
	if whole > len(dir) {
		return e, nil, errNoZip
	}
	flags, method := le.Uint16(dir[8:]), le.Uint16(dir[10:])
	e = entry{
		name: string(dir[entryLength : entryLength+name]), deflated: method == 8,
		packed: int64(le.Uint32(dir[20:])), size: int64(le.Uint32(dir[24:])), at: int64(le.Uint32(dir[42:])),
	}
	switch {
	case flags&1 != 0 || method != 0 && method != 8 || method == 0 && e.packed != e.size:
		return e, nil, errNoZip // encrypted, or packed in a way that is not read here
	case !safeName(e.name):
		return e, nil, errName
	}
	return e, dir[whole:], nil
}

// inOrder holds each file's own header against the directory, and finds where
// its bytes begin. to is where the last one ends.
func inOrder(r io.ReaderAt, list []entry, to int64) error {
	seen := map[string]bool{}
	at := int64(0)
	for i := range list {
		e := &list[i]
		if seen[sameName(e.name)] {
			return errTwice
		}
		seen[sameName(e.name)] = true
		head := make([]byte, localLength+len(e.name))
		if e.at != at || at+int64(len(head)) > to {
			return errLayout
		}
		if _, err := r.ReadAt(head, at); err != nil {
			return err
		}
		le := binary.LittleEndian
		if string(head[:4]) != "PK\x03\x04" || int(le.Uint16(head[26:])) != len(e.name) || string(head[localLength:]) != e.name || (le.Uint16(head[8:]) == 8) != e.deflated {
			return errLayout
		}
		e.body = at + int64(len(head)) + int64(le.Uint16(head[28:]))
		after, err := descriptor(r, le.Uint16(head[6:]), e.body+e.packed, to)
		if err != nil {
			return err
		}
		at = after
	}
	if at != to {
		return errLayout
	}
	return nil
}

// descriptor passes over what follows a file whose size was not known when its
// header was written: twelve bytes, or sixteen with a signature.
func descriptor(r io.ReaderAt, flags uint16, at, to int64) (int64, error) {
	if flags&8 == 0 {
		return at, nil
	}
	if at+12 > to {
		return 0, errLayout
	}
	var sign [4]byte
	if _, err := r.ReadAt(sign[:], at); err != nil {
		return 0, err
	}
	if string(sign[:]) == "PK\x07\x08" {
		return at + 16, nil
	}
	return at + 12, nil
}

// open reads a file of the ZIP, at most its declared size and one byte more:
// who reads that far knows that it lied.
func (e entry) open(r io.ReaderAt) io.Reader {
	packed := io.NewSectionReader(r, e.body, e.packed)
	if !e.deflated {
		return packed
	}
	return io.LimitReader(flate.NewReader(packed), e.size+1)
}

// readSmall reads a whole file of at most limit bytes.
func (e entry) readSmall(r io.ReaderAt, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(e.open(r), limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: larger than %d bytes", e.name, limit)
	}
	return data, nil
}
