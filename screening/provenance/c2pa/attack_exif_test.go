package c2pa

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"slices"
	"testing"
)

// drawing is a picture that looks different however it is turned, w by h, with
// a dark spot for damage where asked.
func drawing(t testing.TB, w, h int, spot bool) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(40 + 180*x/w), uint8(60 + 120*y/h), uint8(200 - 150*x/w), 255}
			if x < w/3 && y < h/4 {
				c = color.RGBA{230, 40, 40, 255}
			}
			if dx, dy := 20*x/w-14, 20*y/h-13; spot && dx*dx+dy*dy < 3 {
				c = color.RGBA{10, 10, 10, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cameraFile is signed as one camera app does it: EXIF before the store, and
// everything from the file's first byte to the store's end left out of the
// hash. Its claim holds a thumbnail, upright.
func cameraFile(t testing.TB, k *maker, picture, thumbnail []byte, exif []byte) []byte {
	t.Helper()
	before := slices.Concat([]byte{0xff, 0xd8}, segment(0xe1, 4+len(exifHead)+len(exif), []byte(exifHead), exif))
	in := func(store []byte) ([]byte, span) {
		return slices.Concat(before, storePart(inJPEG, store), picture[2:]), span{0, len(before) + len(storePart(inJPEG, store))}
	}
	return dataBound(t, in, func(hash part) []byte {
		parts := []part{created}
		if thumbnail != nil {
			parts = append(parts, part{label: "c2pa.thumbnail.claim.jpeg", body: super("@\xcb\x0c2", "c2pa.thumbnail.claim.jpeg", jbox("bfdb", []byte("\x00image/jpeg\x00")), jbox("bidb", thumbnail))})
		}
		return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, append(parts, hash)...))
	})
}

// TestUnsignedEXIF: EXIF outside the hash neither turns the picture nor shows
// another preview in a file that is trusted.
func TestUnsignedEXIF(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	shot, small, spotted := drawing(t, 320, 240, false), drawing(t, 160, 120, false), drawing(t, 160, 120, true)
	wide := drawing(t, 160, 90, false)
	for name, c := range map[string]struct {
		exif, thumbnail []byte
		trusted         bool
	}{
		"plain":                             {exifBlock(1, nil), nil, true},
		"with its preview":                  {exifBlock(1, small), nil, true},
		"with its preview and a thumbnail":  {exifBlock(1, small), small, true},
		"turned, and signed so":             {exifBlock(3, nil), turnedPicture(t, small), true},
		"turned":                            {exifBlock(6, nil), nil, false},
		"turned, unlike the thumbnail":      {exifBlock(3, nil), small, false},
		"not turned, unlike the thumbnail":  {exifBlock(1, nil), turnedPicture(t, small), false},
		"mirrored":                          {exifBlock(2, nil), small, false},
		"another preview":                   {exifBlock(1, picture(t, "photo.jpg")), nil, false},
		"a preview with damage":             {exifBlock(1, spotted), nil, false},
		"a preview of another shape":        {exifBlock(1, wide), nil, false},
		"a preview that is none":            {exifBlock(1, []byte("\xff\xd8\xff\xe0 nothing")), nil, false},
		"an orientation that is none":       {exifBlock(9, nil), nil, false},
		"a picture behind":                  {append(exifBlock(1, small), spotted...), nil, false},
		"not EXIF":                          {[]byte("nonsense that no reader agrees on"), nil, false},
		"a directory elsewhere":             {append([]byte("II*\x00\x0a\x00\x00\x00"), make([]byte, 40)...), nil, false},
		"the orientation twice":             {doubled(exifBlock(1, nil)), nil, false},
		"the first directory holds a strip": {strip(exifBlock(1, nil)), nil, false},
	} {
		file := cameraFile(t, k, shot, c.thumbnail, c.exif)
		r := expect(t, name, file, Options{Trust: NewTrustList(ca.cert), Picture: pictured(t, file)})
		if r.Summary.Trusted != c.trusted {
			t.Errorf("%s: trusted %v, %+v", name, r.Summary.Trusted, r.Statuses)
		}
		if r.Summary.Unsigned == 0 {
			t.Errorf("%s: no word of the bytes left out", name)
		}
		if plain := c.thumbnail == nil && bytes.Equal(c.exif, exifBlock(1, nil)); !plain {
			if r := expect(t, name+", not decoded", file, Options{Trust: NewTrustList(ca.cert)}); r.Summary.Trusted {
				t.Errorf("%s: trusted without a picture to compare with", name)
			}
		}
	}
}

// turnedPicture is a picture upside down.
func turnedPicture(t testing.TB, data []byte) []byte {
	t.Helper()
	m := must(jpeg.Decode(bytes.NewReader(data)))
	b := m.Bounds()
	out := image.NewRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, b.Dy()-1-y, m.At(x, y))
		}
	}
	var w bytes.Buffer
	if err := jpeg.Encode(&w, out, nil); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// doubled says the orientation again, differently.
func doubled(exif []byte) []byte {
	out := slices.Concat(exif[:8], []byte{2, 0}, exif[10:22], exif[10:22], exif[22:])
	out[10+12+8] = 6
	return out
}

// strip turns the entry into a pointer to uncompressed pixels.
func strip(exif []byte) []byte {
	out := bytes.Clone(exif)
	binary.LittleEndian.PutUint16(out[10:], tagStrips)
	return out
}

// TestUnsignedEXIFInPublicFiles swaps what one public camera file leaves out.
func TestUnsignedEXIFInPublicFiles(t *testing.T) {
	tried := 0
	for _, file := range sharedFiles(t) {
		data := readFile(t, file)
		if _, _, err := extract(data); err != nil {
			continue
		}
		opts := Options{Now: testNow, Trust: chainTrust(t, data)}
		if r, err := Read(data, opts); err != nil || r.Summary.Unsigned == 0 {
			continue
		}
		opts.Picture = pictured(t, data)
		if r, err := Read(data, opts); err != nil || !r.Summary.Trusted {
			t.Errorf("%s as it is: %v, %+v", filepath.Base(file), err, r.Statuses)
		}
		try := func(what string, change func(exif []byte)) {
			tried++
			bad := bytes.Clone(data)
			change(bad[12 : 4+int(binary.BigEndian.Uint16(bad[4:]))-2])
			now := opts
			now.Picture = pictured(t, bad)
			if r, err := Read(bad, now); err == nil && r.Summary.Trusted {
				t.Errorf("%s: %s: trusted", filepath.Base(file), what)
			}
		}
		entry := bytes.Index(data[:600], []byte("\x01\x12\x00\x03\x00\x00\x00\x01"))
		for turn := byte(1); turn <= 8; turn++ {
			if signed := data[entry+9]; turn != signed {
				try("turned", func(exif []byte) { exif[entry-12+9] = turn })
			}
		}
		preview := bytes.Index(data[12:], []byte{0xff, 0xd8, 0xff})
		try("another preview", func(exif []byte) { copy(exif[preview:], picture(t, "photo.jpg")) })
		try("no preview", func(exif []byte) { clear(exif[preview:]) })
		try("no EXIF", func(exif []byte) { clear(exif) })
	}
	if tried == 0 {
		t.Skip("no public file leaves EXIF out of its hash")
	}
}

// TestLeftOutEXIFIsGone: a chunk that no hash covers may have been another one
// when the file was signed, and have turned the picture.
func TestLeftOutEXIFIsGone(t *testing.T) {
	riff := func(typ string, body []byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(typ), uint32(len(body))), body...)
	}
	for carrier, parts := range map[string]struct{ head, note, exif, store, end []byte }{
		carrierPNG: {
			picture(t, "interlaced.png")[:33], pngChunk("tEXt", []byte("Comment\x00what was here is gone")), pngChunk("eXIf", exifBlock(1, nil)),
			pngChunk("caBX", make([]byte, 40)), pngChunk("IEND", nil),
		},
		carrierRIFF: {
			append(riff("RIFF", nil), "WEBP"...), riff("XMP ", make([]byte, 40)), riff("EXIF", exifBlock(1, nil)), riff("C2PA", make([]byte, 40)), nil,
		},
	} {
		for name, c := range map[string]struct {
			before []byte
			turn   int
			doubt  bool
		}{
			"gone":        {nil, 1, false},
			"hashed":      {parts.exif, 0, false},
			"hashed, too": {slices.Concat(parts.exif, parts.exif), 0, false},
		} {
			data := slices.Concat(parts.head, c.before)
			note := span{len(data), len(data) + len(parts.note)}
			data = slices.Concat(data, parts.note, parts.store, parts.end)
			p := placeOf(data, carrier)
			got, err := p.leftOut(data, append(slices.Clone(p.cores), note))
			if err != nil || got.turn != c.turn || (got.doubt != "") != c.doubt {
				t.Errorf("%s, %s: turn %d, %q, %v", carrier, name, got.turn, got.doubt, err)
			}
		}
		data := slices.Concat(parts.head, parts.exif)
		note := span{len(data), len(data) + len(parts.exif)}
		data = slices.Concat(data, parts.exif, parts.store, parts.end)
		p := placeOf(data, carrier)
		if got, err := p.leftOut(data, append(slices.Clone(p.cores), note)); err != nil || got.doubt == "" {
			t.Errorf("%s, one hashed and one not: %+v, %v", carrier, got, err)
		}
	}
}
