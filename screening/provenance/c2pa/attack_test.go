package c2pa

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// This file attacks by construction: whatever a hash leaves out of a file is
// filled with another picture, or with what would make a decoder show the
// signed one otherwise, in every way the container offers. None of the results
// may be trusted.

// picture is another picture in every format, drawn by us.
func picture(t testing.TB, name string) []byte {
	return readFile(t, filepath.Join("../../../imaging/testdata", name))
}

// shrink takes the padding out of the active signature's unprotected header,
// which nothing covers, and sets the lengths of the boxes around it: the room
// that a forger gains.
func shrink(store []byte) ([]byte, bool) {
	at := bytes.LastIndex(store, []byte("\x63pad\x59"))
	if at < 0 {
		return nil, false
	}
	at += 4
	n := int(binary.BigEndian.Uint16(store[at+1:]))
	if !allZero(store[at+3 : at+3+n]) {
		return nil, false
	}
	out := slices.Concat(store[:at], []byte{0x40}, store[at+3+n:])
	for pos, gone := 0, n+2; pos+8 <= at; {
		size := int(binary.BigEndian.Uint32(store[pos:]))
		if pos+size <= at {
			pos += size
			continue
		}
		binary.BigEndian.PutUint32(out[pos:], uint32(size-gone))
		if string(store[pos+4:pos+8]) != "jumb" {
			break
		}
		pos += 8
	}
	return out, true
}

// segment is one JPEG segment of a given total length, filled with zeros.
func segment(marker byte, total int, body ...[]byte) []byte {
	out := append([]byte{0xff, marker, byte((total - 2) >> 8), byte(total - 2)}, bytes.Join(body, nil)...)
	return append(out, make([]byte, max(0, total-len(out)))...)
}

// exifBlock is EXIF with an orientation and, where given, a preview.
func exifBlock(orientation byte, preview []byte) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	b = append(b, orientation, 0, 0, 0)
	if preview == nil {
		return append(b, 0, 0, 0, 0)
	}
	b = binary.LittleEndian.AppendUint32(b, 26)
	b = append(b, 2, 0, 1, 2, 4, 0, 1, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, 56)
	b = append(b, 2, 2, 4, 0, 1, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(preview)))
	return append(append(b, 0, 0, 0, 0), preview...)
}

// fillings are contents of exactly n bytes for free room in a container.
func fillings(t testing.TB, carrier string, n int) map[string][]byte {
	t.Helper()
	photo := picture(t, "photo.jpg")
	pad := func(b []byte) []byte { return append(bytes.Clone(b), make([]byte, max(0, n-len(b)))...)[:n] }
	out := map[string][]byte{"zeros": make([]byte, n), "ones": bytes.Repeat([]byte{0xff}, n), "a picture": pad(photo)}
	switch carrier {
	case carrierJPEG:
		seg := func(marker byte, body ...[]byte) []byte { return pad(segment(marker, min(n, 65535), body...)) }
		table := bytes.Repeat([]byte{90}, 64)
		for name, b := range map[string][]byte{
			"a picture's segments": pad(photo[2:]), "a second start": pad(append([]byte{0xff, 0xd8}, photo...)),
			"EXIF that turns": seg(0xe1, []byte(exifHead), exifBlock(6, nil)), "EXIF with a preview": seg(0xe1, []byte(exifHead), exifBlock(1, photo)),
			"EXIF": seg(0xe1, []byte(exifHead), exifBlock(1, nil)), "XMP": seg(0xe1, []byte(xmpHead), []byte("<x/>")),
			"a comment": seg(0xfe, photo), "JFXX with a thumbnail": seg(0xe0, []byte("JFXX\x00\x10"), photo),
			"MPF": seg(0xe2, []byte("MPF\x00"), photo), "ICC": seg(0xe2, []byte("ICC_PROFILE\x00\x01\x01")),
			"Adobe's colours": seg(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")),
			"another table":   pad(segment(0xdb, 69, append([]byte{0, 0}, table...)[1:])), "restarts": seg(0xdd, []byte{0, 1}),
			"another box": seg(0xeb, []byte("JP\x00\x07\x00\x00\x00\x01"), binary.BigEndian.AppendUint32(nil, uint32(n)), []byte("jumb"), photo),
			"fill bytes":  append(bytes.Repeat([]byte{0xff}, n-4), 0xff, 0xfe, 0, 2),
		} {
			out[name] = b
		}
	case carrierPNG:
		chunk := func(typ string, body []byte) []byte {
			return pngChunk(typ, append(bytes.Clone(body), make([]byte, max(0, n-12-len(body)))...))
		}
		png := picture(t, "interlaced.png")
		for name, b := range map[string][]byte{
			"a picture's chunks": pad(png[33:]), "data": chunk("IDAT", nil), "a comment": chunk("tEXt", []byte("Comment\x00hello")),
			"a palette": chunk("PLTE", nil), "a transparent colour": chunk("tRNS", nil), "gamma": chunk("gAMA", nil), "a profile": chunk("iCCP", nil),
			"an animation": chunk("acTL", []byte{0, 0, 0, 2}), "a frame": chunk("fdAT", png), "EXIF that turns": chunk("eXIf", exifBlock(6, nil)),
			"an unknown one": chunk("prVW", photo), "the end": chunk("IEND", nil),
		} {
			out[name] = b
		}
	case carrierRIFF:
		chunk := func(typ string, body []byte) []byte {
			b := binary.LittleEndian.AppendUint32([]byte(typ), uint32(n-8))
			return append(append(b, body...), make([]byte, max(0, n-8-len(body)))...)
		}
		webp := picture(t, "lossy.webp")
		for name, b := range map[string][]byte{
			"a picture's chunk": pad(webp[12:]), "a frame": chunk("ANMF", webp), "a second picture": chunk("VP8 ", webp[20:]), "alpha": chunk("ALPH", nil),
			"a profile": chunk("ICCP", nil), "EXIF that turns": chunk("EXIF", exifBlock(6, nil)), "an unknown one": chunk("junk", photo),
		} {
			out[name] = b
		}
	case carrierGIF:
		gif := picture(t, "animated.gif")
		for name, b := range map[string][]byte{
			"a picture's blocks": pad(gif[13:]), "the end": pad([]byte{0x3b}), "a comment": pad([]byte("\x21\xfe\x03abc\x00")),
			"a delay": pad([]byte("\x21\xf9\x04\x05\x00\x00\x01\x00")), "two boxes": pad(append(bytes.Clone(gifMark), 0)),
		} {
			out[name] = b
		}
	}
	return out
}

// wrapped is a store as the container carries it.
func wrapped(t testing.TB, carrier string, store []byte) []byte {
	t.Helper()
	in := map[string]embed{carrierJPEG: inJPEG, carrierPNG: inPNG, carrierRIFF: inWebP, carrierGIF: inGIF}[carrier]
	if in == nil {
		return store
	}
	file, at := in(store)
	if carrier == carrierRIFF {
		at.end += at.end & 1
	}
	return file[at.start:at.end]
}

// forge fills the ranges that a file's data hash leaves out in all ways and
// calls try with each result.
func forge(t *testing.T, data []byte, try func(what string, file []byte)) {
	t.Helper()
	raw, carrier, err := extract(data)
	if err != nil {
		t.Fatal(err)
	}
	m := parseManifests(must(parseStore(raw))).active()
	photo := picture(t, "photo.jpg")
	try("a picture before", append(bytes.Clone(photo), data...))
	try("a picture after", append(bytes.Clone(data), photo...))
	try("a byte after", append(bytes.Clone(data), 0))
	for _, a := range m.inClaimOrder("c2pa.hash.data") {
		for _, e := range a.val.get("exclusions").list() {
			start, _ := e.get("start").integer()
			length, _ := e.get("length").integer()
			head, tail := data[:start], data[start+length:]
			for name, filling := range fillings(t, carrier, int(length)) {
				try("the whole range: "+name, slices.Concat(head, filling, tail))
			}
			small, ok := shrink(raw)
			if !ok {
				continue
			}
			kept := wrapped(t, carrier, small)
			room := int(length) - len(kept)
			if before := placeOf(data, carrier).whole().start - int(start); before > 0 { // what the range holds before the store
				kept, room = slices.Concat(data[start:int(start)+before], kept), room-before
			}
			if room < 100 {
				continue
			}
			for name, filling := range fillings(t, carrier, room) {
				try("freed room: "+name, slices.Concat(head, kept, filling, tail))
				try("freed room, before the store: "+name, slices.Concat(head, filling, kept, tail))
			}
			stretch(data, carrier, func(what string, file []byte) { try(what, file) })
		}
	}
}

// stretch changes the lengths of the parts that hold the store.
func stretch(data []byte, carrier string, try func(what string, file []byte)) {
	p := placeOf(data, carrier)
	last := p.parts[len(p.parts)-1]
	for _, by := range []int{-64, -1, 1, 2, 64, 4096} {
		file := bytes.Clone(data)
		switch carrier {
		case carrierJPEG:
			binary.BigEndian.PutUint16(file[last.start+2:], uint16(int(binary.BigEndian.Uint16(file[last.start+2:]))+by))
		case carrierPNG:
			binary.BigEndian.PutUint32(file[last.start:], uint32(int(binary.BigEndian.Uint32(file[last.start:]))+by))
		case carrierRIFF:
			binary.LittleEndian.PutUint32(file[last.start+4:], uint32(int(binary.LittleEndian.Uint32(file[last.start+4:]))+by))
		default:
			continue
		}
		try(fmt.Sprintf("the store's part longer by %d", by), file)
	}
}

// refuses reads each forgery and fails where it is trusted.
func refuses(t *testing.T, name string, opts Options) (try func(what string, file []byte), tried *int) {
	tried = new(int)
	return func(what string, file []byte) {
		*tried++
		r, err := Read(file, opts)
		if err != nil || len(r.Summary.Validation) > 0 {
			return
		}
		// What it shows now is what a caller would pass along.
		now := opts
		if p, err := imaging.Decode(t.Context(), file, imaging.Limits{}); err == nil {
			now.Picture = p
		}
		if again, err := Read(file, now); r.Summary.Trusted || err == nil && again.Summary.Trusted {
			t.Errorf("%s, %s: trusted", name, what)
		}
	}, tried
}

// TestOtherPictureInPublicFiles forges every public signed file that is
// trusted as it is.
func TestOtherPictureInPublicFiles(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/c2pa*/*.jpg")
	if len(files) == 0 {
		t.Skip("the public C2PA test files (../shared/data/c2pa, c2pa-rs) are not here")
	}
	all, forged := 0, 0
	for _, file := range files {
		data := readFile(t, file)
		if _, _, err := extract(data); err != nil || testing.Short() && len(data) > 200_000 {
			continue
		}
		opts := Options{Now: testNow, Trust: chainTrust(t, data), Picture: pictured(t, data)}
		if r, err := Read(data, opts); err != nil || !r.Summary.Trusted {
			continue
		}
		try, tried := refuses(t, filepath.Base(file), opts)
		forge(t, data, try)
		all, forged = all+1, forged+*tried
	}
	t.Logf("%d files, %d forgeries", all, forged)
	if all == 0 {
		t.Error("no public file is trusted as it is")
	}
}

// TestOtherPictureInMadeFiles does the same to pictures of ours, signed here,
// in every container with c2pa.hash.data.
func TestOtherPictureInMadeFiles(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	k.header = map[any]any{"pad": make([]byte, 9000)}
	for name, in := range map[string]embed{
		"photo.jpg": intoJPEG(picture(t, "photo.jpg")), "deep.png": intoPNG(picture(t, "deep.png")), "lossless.webp": intoWebP(picture(t, "lossless.webp")),
		"interlaced.gif": intoGIF(picture(t, "interlaced.gif")), "lzw.tif": intoTIFF(picture(t, "lzw.tif")),
	} {
		data := dataBound(t, in, k.simple)
		opts := Options{Now: testNow, Trust: NewTrustList(ca.cert), Picture: pictured(t, data)}
		if r, err := Read(data, opts); err != nil || !r.Summary.Trusted {
			t.Errorf("%s as it is: %v, %+v", name, err, r)
			continue
		}
		if opts.Picture.Partial {
			t.Errorf("%s cannot be decoded with the store in it: %s", name, opts.Picture.Problem)
		}
		try, tried := refuses(t, name, opts)
		forge(t, data, try)
		t.Log(name, *tried, "forgeries")
	}
}

// TestOtherPictureBeside: a manifest beside its file leaves nothing out,
// whatever it says.
func TestOtherPictureBeside(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	photo := picture(t, "photo.jpg")
	file := slices.Concat(photo[:2], segment(0xfe, 3000), photo[2:])
	for name, c := range map[string]struct {
		exclusions []any
		trusted    bool
	}{
		"none":         {nil, true},
		"an empty one": {[]any{map[string]any{"start": 2, "length": 0}}, true},
		"a comment":    {[]any{map[string]any{"start": 2, "length": 3000}}, false},
		"the end":      {[]any{map[string]any{"start": len(file) - 1, "length": 1}}, false},
		"everything":   {[]any{map[string]any{"start": 0, "length": len(file)}}, false},
	} {
		sum := sha(file)
		if len(c.exclusions) > 0 {
			start, length := c.exclusions[0].(map[string]any)["start"].(int), c.exclusions[0].(map[string]any)["length"].(int)
			sum = sha(file[:start], file[start+length:])
		}
		store := k.simple(part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": sum, "exclusions": c.exclusions}})
		var codes []string
		if !c.trusted {
			codes = []string{"assertion.dataHash.mismatch"}
		}
		if r := expect(t, name, file, Options{Trust: NewTrustList(ca.cert), Sidecar: store}, codes...); r.Summary.Trusted != c.trusted {
			t.Errorf("%s: %+v", name, r.Summary)
		}
	}
}

// TestKnownForgeries are the two files with which this was first shown.
func TestKnownForgeries(t *testing.T) {
	const dir = "../../../../shared/data/failing/c2pa/"
	trust, err := LoadTrustList(dir + "adobe-trust.pem")
	if err != nil {
		t.Skip("the forgeries (../shared/data/failing/c2pa) are not here")
	}
	for file, sidecar := range map[string]string{
		"embedded-other-picture-in-freed-room.jpg": "", "sidecar-other-picture-in-excluded-range.jpg": "sidecar-other-picture-in-excluded-range.c2pa",
	} {
		opts := Options{Trust: trust}
		if sidecar != "" {
			opts.Sidecar, err = os.ReadFile(dir + sidecar)
			if err != nil {
				t.Fatal(err)
			}
		}
		expect(t, file, readFile(t, dir+file), opts, "assertion.dataHash.mismatch")
	}
}
