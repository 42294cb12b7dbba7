package jpeg

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// manyScans writes a grey JPEG of side x side pixels that holds one DC scan and
// then scans under these headers of which each says, in 15 bits per 32767 blocks, that nothing more
// comes.
func manyScans(side, scans int, header func(i int) (ss, se, bits byte)) []byte {
	segment := func(marker byte, body ...byte) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
	}
	blocks := (side + 7) / 8 * ((side + 7) / 8)
	out := append([]byte{0xff, 0xd8}, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	out = append(out, segment(0xc2, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)...)
	lengths := append([]byte{1}, make([]byte, 15)...)
	out = append(out, segment(0xc4, append(append([]byte{0x00}, lengths...), 0x00)...)...) // DC: 0 is no difference
	out = append(out, segment(0xc4, append(append([]byte{0x10}, lengths...), 0xe0)...)...) // AC: 0 is a run of EOBs
	out = append(out, segment(0xda, 1, 1, 0, 0, 0, 0)...)
	out = append(out, make([]byte, (blocks+7)/8)...)
	var acc, n int
	var run []byte
	put := func(v, bits int) {
		for bits--; bits >= 0; bits-- {
			acc, n = acc<<1|v>>bits&1, n+1
			if n == 8 {
				if run = append(run, byte(acc)); byte(acc) == 0xff {
					run = append(run, 0)
				}
				acc, n = 0, 0
			}
		}
	}
	for left := blocks; left > 0; left -= 32767 {
		put(0, 1)
		put(max(min(left, 32767)-16384, 0), 14)
	}
	for n > 0 {
		put(1, 1)
	}
	for i := range scans {
		ss, se, bits := header(i)
		out = append(append(out, segment(0xda, 1, 1, 0, ss, se, bits)...), run...)
	}
	return append(out, 0xff, 0xd9)
}

// TestWorkIsBounded feeds files that ask for far more work than their size and
// their picture tell.
func TestWorkIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		header func(i int) (ss, se, bits byte)
		within int // scans, beside the DC's
	}{
		"each coefficient alone":  {func(i int) (byte, byte, byte) { k := byte(1 + i%63); return k, k, 0 }, mostVisits - 1},
		"all coefficients":        {func(int) (byte, byte, byte) { return 1, 63, 0 }, 14},
		"all coefficients, a bit": {func(int) (byte, byte, byte) { return 1, 63, 0x10 }, 14},
	} {
		bomb := manyScans(2048, 3000, c.header)
		var w WorkError
		if _, err := CheckWork(bomb); !errors.As(err, &w) || w.Scans != c.within+2 {
			t.Errorf("%s, %d bytes: %v", name, len(bomb), err)
		}
		began := time.Now()
		if _, err := Parse(context.Background(), bomb, 0); !errors.As(err, &w) || w.Scans != c.within+2 {
			t.Errorf("%s: parsed: %v", name, err)
		}
		t.Logf("%s: what is done of 2048 x 2048 pixels takes %v", name, time.Since(began))
		if _, err := CheckWork(manyScans(64, c.within, c.header)); err != nil {
			t.Errorf("%s: as many scans as are allowed: %v", name, err)
		}
	}

	// A sequential file that sends its picture again and again.
	var w WorkError
	plain := read(t, "baseline-420.jpg")
	at := bytes.Index(plain, []byte{0xff, 0xda})
	again := bytes.Clone(plain[:at])
	for range mostSequential {
		again = append(again, plain[at:len(plain)-2]...)
	}
	if _, err := CheckWork(append(again, 0xff, 0xd9)); err != nil {
		t.Errorf("sent %d times: %v", mostSequential, err)
	}
	again = append(append(again, plain[at:len(plain)-2]...), 0xff, 0xd9)
	if _, err := CheckWork(again); !errors.As(err, &w) {
		t.Errorf("sent once more: %v", err)
	}
}

// TestHonestFilesAskForLittle: every file of the test data stays within the
// bound, cut anywhere too.
func TestHonestFilesAskForLittle(t *testing.T) {
	names, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data := read(t, filepath.Base(name))
		for cut := 0; cut <= len(data); cut += 7 {
			if _, err := CheckWork(data[:cut]); err != nil {
				t.Errorf("%s cut at %d: %v", name, cut, err)
			}
		}
	}
	CheckWork(nil)
}
