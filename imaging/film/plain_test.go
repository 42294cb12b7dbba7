package film

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// sampled are the tables of a track with samples of the given sizes in one
// chunk at a place.
func sampled(at uint32, sizes ...uint32) [][]byte {
	n := uint32(len(sizes))
	entry := slices.Concat(make([]byte, 6), []byte{0, 1}, make([]byte, 16), []byte{2, 128, 1, 224}, words(0x480000, 0x480000, 0), []byte{0, 1}, []byte("\x08SECRETco"), make([]byte, 23), []byte{0, 24, 255, 255},
		atom("avcC", []byte("decode me")), atom("uuid", []byte("SECRETentry")))
	return [][]byte{
		atom("stsd", words(0, 1), atom("avc1", entry)), atom("stts", words(0, 1, n, 100)), atom("stsc", words(0, 1, 1, n, 1)),
		atom("stsz", words(append([]uint32{0, 0, n}, sizes...)...)), atom("stco", words(0, 1, at)), atom("SECR", []byte("SECRETtable")),
	}
}

// telling is a film that says much of its maker: places, names, times, a track
// of positions, and bytes between and behind.
func telling() (film []byte, pictures, sound string) {
	pictures, sound = "picture one,picture two", "la la la"
	ftyp := atom("ftyp", []byte("qt  "))
	body := "SECRETbetween" + pictures + "SECRETtrack:+31.2304" + sound
	mdat := atom("mdat", []byte(body))
	at := func(what string) uint32 { return uint32(len(ftyp) + 8 + strings.Index(body, what)) }
	hdlr := func(kind string) []byte {
		return atom("hdlr", words(0, 0), []byte(kind), make([]byte, 12), []byte("SECREThandler"))
	}
	mdia := func(kind string, tables [][]byte) []byte {
		dref := atom("dref", words(0, 1), atom("url ", words(1), []byte("file:///SECRETpath")))
		return atom("mdia", atom("mdhd", words(0, 0xdeadbeef, 0xdeadbeef, 1000, 10000)), hdlr(kind), atom("minf", atom("vmhd", words(0)), atom("dinf", dref), atom("stbl", tables...)))
	}
	tkhd := slices.Clone(tkhd(1<<16, 0))
	copy(tkhd[12:], "\xde\xad\xbe\xef")
	moov := atom("moov", atom("mvhd", words(0, 0xdeadbeef, 0xdeadbeef, 600, 6000)),
		atom("trak", tkhd, mdia("vide", sampled(at("picture"), 12, 11)), atom("udta", []byte("SECRETudta"))),
		atom("trak", tkhd, mdia("soun", sampled(at(sound), 8))),
		atom("trak", tkhd, mdia("meta", sampled(at("SECRETtrack"), 20))),
		atom("udta", atom("\xa9xyz", []byte("+31.2304+121.4737/SECRET"))), atom("meta", []byte("SECRETmeta")))
	return slices.Concat(ftyp, atom("free", []byte("SECRETfree")), atom("uuid", []byte("SECRETxmp")), moov, mdat, atom("SEFT", []byte("SECRETtrailer")), []byte("SEC")), pictures, sound
}

// shifted puts a film's tables right for boxes before its media.
func shifted(film []byte) []byte {
	by := uint32(bytes.Index(film, []byte("mdat")) - 4 - len(atom("ftyp", []byte("qt  "))))
	for at := 0; ; {
		i := bytes.Index(film[at:], []byte("stco"))
		if i < 0 {
			return film
		}
		at += i + 4
		copy(film[at+8:], words(be32(film[at+8:])+by))
	}
}

func plain(t *testing.T, data []byte) []byte {
	t.Helper()
	p, err := NewPlain(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(io.NewSectionReader(p, 0, p.Size()), mustRead(t, p)); err != nil {
		t.Error(err)
	}
	return mustRead(t, p)
}

func mustRead(t *testing.T, p *Plain) []byte {
	t.Helper()
	out, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPlainTellsPicturesAndSoundAlone(t *testing.T) {
	film, pictures, sound := telling()
	film = shifted(film)
	got := plain(t, film)
	if len(got) != len(film) {
		t.Fatalf("%d bytes of %d", len(got), len(film))
	}
	for _, secret := range []string{"SECRET", "SECR", "31.2304", "121.47", "\xde\xad\xbe\xef", "SEC"} {
		if i := bytes.Index(got, []byte(secret)); i >= 0 {
			t.Errorf("the copy tells %q at %d: %q", secret, i, got[max(0, i-20):min(len(got), i+20)])
		}
	}
	for _, needed := range []string{pictures, sound, "decode me", "avcC", "moov", "vide", "soun"} {
		if !bytes.Contains(got, []byte(needed)) {
			t.Errorf("the copy lacks %q", needed)
		}
	}
	if was, is := read(t, film), read(t, got); was.Width != is.Width || was.Duration != is.Duration || !slices.Equal(was.Frames, is.Frames) || is.Width == 0 {
		t.Errorf("the copy is another film: %+v, was %+v", is, was)
	}
}

// TestPlainOfARealFilm: a film that a phone's encoder could have written keeps
// its picture and times, byte for byte where its samples lie.
func TestPlainOfARealFilm(t *testing.T) {
	data, err := os.ReadFile("../../web/e2e/film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	got := plain(t, data)
	if was, is := read(t, data), read(t, got); was.Width != is.Width || was.Height != is.Height || was.Duration != is.Duration || !slices.Equal(was.Frames, is.Frames) {
		t.Errorf("%+v, was %+v", is, was)
	}
	same := 0
	for i := range data {
		if data[i] == got[i] {
			same++
		}
	}
	if len(data)-same > len(data)/4 {
		t.Errorf("%d of %d bytes differ", len(data)-same, len(data))
	}
	if bytes.Contains(got, []byte("Lavf")) {
		t.Error("the writer's name is still there")
	}
}

func TestPlainRefusesWhatItCannotFollow(t *testing.T) {
	film, _, _ := telling()
	film = film[:len(film)-3] // without the bytes behind its last box
	for name, data := range map[string][]byte{
		"in fragments":       slices.Concat(film, atom("moof", make([]byte, 8))),
		"to be in fragments": slices.Concat(atom("ftyp", []byte("isom")), atom("moov", atom("mvex", make([]byte, 4)))),
		"no movie":           slices.Concat(atom("ftyp", []byte("isom")), atom("mdat", []byte("SECRET"))),
		"two movies":         slices.Concat(film, atom("moov", make([]byte, 8))),
		"a box too long":     slices.Concat(atom("ftyp", []byte("isom")), atom("moov", append(words(99), "trak"...))),
		"a broken table":     movie(tkhd(1<<16, 0), media("vide", atom("stco", words(0, 1, 24)))),
		"nothing":            []byte("1234567"),
	} {
		if _, err := NewPlain(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNoPlain) && !errors.Is(err, ErrNoMovie) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzPlain: whatever the bytes, a copy is as long as the film, and every
// reader of a part reads the same.
func FuzzPlain(f *testing.F) {
	film, _, _ := telling()
	f.Add(shifted(film), uint16(3))
	f.Fuzz(func(t *testing.T, data []byte, from uint16) {
		p, err := NewPlain(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		whole := mustRead(t, p)
		part := make([]byte, 50)
		n, _ := p.ReadAt(part, int64(from))
		if len(whole) != len(data) || int(from) < len(whole) && !bytes.Equal(part[:n], whole[from:int(from)+n]) {
			t.Errorf("%d bytes of %d", len(whole), len(data))
		}
	})
}

// TestPlainOfManyPieces: chunks behind each other are one piece, and a film of
// more pieces than one has is refused: an entry of a table is four bytes.
func TestPlainOfManyPieces(t *testing.T) {
	places := make([]byte, 0, 8*(maxSpans+1))
	runs := words(1, 1, 1)
	for i := range maxSpans + 1 {
		places = append(places, words(uint32(i))...)
	}
	if out, ok := chunks(nil, runs, places, 1, 4); !ok || len(out) != 1 || out[0] != (span{0, maxSpans + 1}) {
		t.Errorf("%d pieces", len(out))
	}
	for i := range maxSpans + 1 {
		copy(places[4*i:], words(uint32(2*i)))
	}
	if _, ok := chunks(nil, runs, places, 1, 4); ok {
		t.Error("followed")
	}
}
