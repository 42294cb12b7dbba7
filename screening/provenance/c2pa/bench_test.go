package c2pa

import (
	"bytes"
	"path/filepath"
	"testing"
)

// BenchmarkRead reads a 12-megapixel JPEG (2.3 MB, one manifest, time stamp).
func BenchmarkRead(b *testing.B) {
	for _, file := range sharedFiles(b) {
		if filepath.Base(file) != "truepic-20230212-camera.jpg" {
			continue
		}
		data := readFile(b, file)
		trust := chainTrust(b, data)
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := Read(data, Options{Now: testNow, Trust: trust}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkReadLarge binds a JPEG of 8 MB, the size of a fine 12-megapixel one.
func BenchmarkReadLarge(b *testing.B) {
	k := newMaker(newAuthority())
	tail := bytes.Repeat([]byte{0x5a}, 8<<20)
	file := dataBound(b, func(store []byte) ([]byte, span) {
		f, at := inJPEG(store)
		return append(append(f[:len(f)-2:len(f)-2], tail...), 0xff, 0xd9), at
	}, k.simple)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Read(file, Options{Now: testNow}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadNone reads the same without any credentials.
func BenchmarkReadNone(b *testing.B) {
	file := append([]byte("\xff\xd8\xff\xda\x00\x04\x01\x00"), bytes.Repeat([]byte{0x5a}, 8<<20)...)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Read(file, Options{Now: testNow}); err != ErrNone {
			b.Fatal(err)
		}
	}
}
