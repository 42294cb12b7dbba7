package c2pa

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/crypto/ocsp"
)

// TestEveryByte flips one bit in every byte of the manifest store and of its
// container, and in one byte of every few thousand elsewhere, in each public
// file that is trusted; none of the results may be trusted. The bulk of the
// store, long content boxes and runs of padding, is sampled: it is hashed,
// or must be zero, byte for byte alike. EVENHAND_FLIP_STEP=1 flips every byte
// of the rest, which takes some minutes; without it every 1499th.
//
// What cannot be told from untouched in principle is passed over by reason,
// never by file: see free.
func TestEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every public file some thousand times")
	}
	step := 1499 // a prime, so that every place in a recurring structure is met
	if n, err := strconv.Atoi(os.Getenv("EVENHAND_FLIP_STEP")); err == nil && n > 0 {
		step = n
	}
	for _, file := range sharedFiles(t) {
		data := readFile(t, file)
		if _, _, err := extract(data); err != nil {
			continue
		}
		opts := Options{Now: testNow, Trust: chainTrust(t, data), Picture: pictured(t, data)}
		if r, err := Read(data, opts); err != nil || !r.Summary.Trusted {
			continue
		}
		bad := bytes.Clone(data)
		free := leftOut(t, data)
		passed := map[string]int{}
		for _, at := range places(data, step) {
			if slices.ContainsFunc(free, func(s span) bool { return at >= s.start && at < s.end }) {
				passed["left out of the hash by the signer"]++
				continue
			}
			bad[at] ^= 1 << (at % 8)
			if r, err := Read(bad, opts); err == nil && r.Summary.Trusted {
				t.Errorf("%s: byte %d of %d flipped and still trusted: %q", filepath.Base(file), at, len(data), data[max(0, at-20):min(len(data), at+20)])
			}
			bad[at] = data[at]
		}
		t.Log(filepath.Base(file), "passed over:", passed)
	}
}

// TestEveryByteMade does the same to small files of every container: every
// byte of the frame, every seventh of the store, and every one of a store with
// a time stamp and an answer on its certificate's status.
func TestEveryByteMade(t *testing.T) {
	ca := newAuthority()
	opts := Options{Now: testNow, Trust: NewTrustList(ca.cert)}
	k := newMaker(ca)
	files := map[string][]byte{"mp4": bmffFile(t, k, "c2pa.hash.bmff.v3", false)}
	for name, in := range map[string]embed{"jpeg": inJPEG, "png": inPNG, "webp": inWebP, "tiff": inTIFF, "gif": inGIF} {
		files[name] = dataBound(t, in, k.simple)
	}
	k.stamp = newTSA(ca, testNow.AddDate(0, -1, 0)).v2
	k.header = staple(ca.answer(k.chain[0], ocsp.Response{Status: ocsp.Good, ThisUpdate: testNow.AddDate(0, -2, 0), NextUpdate: testNow}))
	pixels, store := stampedFile(k)
	files["sidecar"] = store
	for name, file := range files {
		read := func() (*Report, error) { return Read(file, opts) }
		if name == "sidecar" {
			read = func() (*Report, error) { o := opts; o.Sidecar = file; return Read(pixels, o) }
		}
		if r, err := read(); err != nil || !r.Summary.Trusted {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
		var inner span // of the store, but for its first and last boxes' frames
		if i := bytes.Index(file, []byte("jumb")); name != "sidecar" {
			inner = span{i + 64, min(i+1200, len(file)-64)}
		}
		label := bytes.Index(file, []byte("urn:c2pa:1\x00"))
		for at := range file {
			if at >= inner.start && at < inner.end && at%7 != 0 {
				continue
			}
			// Nothing in these files refers to the manifest by its label, and
			// labels are free: another one is as good.
			if at >= label && at < label+10 {
				continue
			}
			// So is the number of the one piece of a short store, within bounds;
			// the rest is what the specification leaves out of every MP4: ftyp.
			if name == "jpeg" && at == 27 || name == "mp4" && at < 20 {
				continue
			}
			file[at] ^= 1 << (at % 8)
			if r, err := read(); err == nil && r.Summary.Trusted {
				t.Errorf("%s: byte %d of %d flipped and still trusted: %q", name, at, len(file), file[max(0, at-20):min(len(file), at+20)])
			}
			file[at] ^= 1 << (at % 8)
		}
	}
}

// leftOut returns what the active manifest's binding does not cover besides
// the store itself. A signer may do that (C2PA 2.1, 18.5.1), some capture apps
// do with EXIF, and then nothing can tell a flipped bit there.
func leftOut(t *testing.T, data []byte) []span {
	t.Helper()
	raw, _, err := extract(data)
	if err != nil {
		t.Fatal(err)
	}
	m := parseManifests(must(parseStore(raw))).active()
	var out []span
	for _, a := range m.inClaimOrder("c2pa.hash.data") {
		for _, e := range a.val.get("exclusions").list() {
			start, _ := e.get("start").integer()
			length, _ := e.get("length").integer()
			at := placeOf(data, carrierJPEG).whole()
			out = append(out, span{int(start), at.start}, span{at.end, int(start + length)})
		}
	}
	return out
}

// places chooses the bytes to flip.
func places(data []byte, step int) []int {
	at := placeOf(data, carrierJPEG).whole()
	bulk := bulkOf(data[:at.end])
	var out []int
	for i := 0; i < at.end; i += step {
		if j := slices.IndexFunc(bulk, func(s span) bool { return i >= s.start && i < s.end }); j >= 0 {
			i += step * 20
		}
		out = append(out, min(i, at.end-1))
	}
	for _, s := range jpegSegments(data, false) { // the frames of the pieces, whole
		if isJUMBFSegment(data, s) {
			for i := s.start; i < s.start+20; i++ {
				out = append(out, i)
			}
		}
	}
	for i := at.end; i < len(data); i += 1 + len(data)/50 {
		out = append(out, i)
	}
	return append(out, len(data)-1)
}

// bulkOf finds embedded files and runs of zeros.
func bulkOf(data []byte) []span {
	var out []span
	for pos := 0; ; {
		i := bytes.Index(data[pos:], []byte("bidb"))
		if i < 0 {
			break
		}
		pos += i + 4
		if n := int(binary.BigEndian.Uint32(data[pos-8:])); n > 64 && n < len(data)-pos {
			out = append(out, span{pos + 32, pos + n - 64})
		}
	}
	zeros := bytes.Repeat([]byte{0}, 256)
	for pos := 0; ; {
		i := bytes.Index(data[pos:], zeros)
		if i < 0 {
			return out
		}
		start := pos + i
		for pos = start; pos < len(data) && data[pos] == 0; pos++ {
		}
		out = append(out, span{start + 16, pos - 16})
	}
}
