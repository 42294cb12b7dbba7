package c2pa

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// settle builds a file until a hash that depends on it stands still.
func settle(t testing.TB, build func(sum []byte) (file, want []byte)) []byte {
	t.Helper()
	sum := make([]byte, 32)
	for range 6 {
		file, want := build(sum)
		if bytes.Equal(want, sum) {
			return file
		}
		sum = want
	}
	t.Fatal("hash does not settle")
	return nil
}

func be64(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// bmffFile makes an MP4 bound with c2pa.hash.bmff; the sum is worked out here
// from the specification, box by box. more is a rule that leaves out one byte.
func bmffFile(t testing.TB, k *maker, label string, merkle bool, more ...any) []byte {
	exclusions := []any{
		map[string]any{"xpath": "/uuid", "data": []any{map[string]any{"offset": 8, "value": bmffC2PA}}},
		map[string]any{"xpath": "/ftyp"},
	}
	exclusions = append(exclusions, more...)
	if merkle {
		exclusions = append(exclusions, map[string]any{"xpath": "/mdat", "subset": []any{map[string]any{"offset": 16, "length": 0}}})
	}
	return settle(t, func(sum []byte) ([]byte, []byte) {
		val := map[string]any{"alg": "sha256", "hash": sum, "exclusions": exclusions}
		probe, _ := inBMFF(nil)
		media := probe[len(probe)-len("and the media data that follows"):]
		if merkle {
			a, b, c := sha(media[:12]), sha(media[12:24]), sha(media[24:])
			val["merkle"] = []any{map[string]any{"uniqueId": 0, "localId": 0, "count": 3, "fixedBlockSize": 12, "hashes": []any{sha(a, b), c}}}
		}
		file, at := inBMFF(storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, part{label: label, val: val})))
		rest := file[at.end:]
		moov := int(binary.BigEndian.Uint32(rest))
		cut := bytes.Index(rest, []byte("tkhd")) + 4 + 4 // the excluded byte
		moovBytes := rest[:moov]
		if len(more) > 0 {
			moovBytes = append(bytes.Clone(rest[:cut]), rest[cut+1:moov]...)
		}
		mdat := rest[moov:]
		if merkle {
			mdat = mdat[:16]
		}
		if label == "c2pa.hash.bmff" {
			return file, sha(moovBytes, mdat)
		}
		return file, sha(be64(at.end), moovBytes, be64(at.end+moov), mdat)
	})
}

func TestBMFF(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	trust := Options{Trust: NewTrustList(ca.cert)}
	for _, label := range []string{"c2pa.hash.bmff", "c2pa.hash.bmff.v2", "c2pa.hash.bmff.v3"} {
		for _, merkle := range []bool{false, true} {
			file := bmffFile(t, k, label, merkle)
			// Under the first version boxes may change places, so that tables of
			// offsets point at other bytes.
			if r := expect(t, label, file, trust); r.Summary.Trusted != (label != "c2pa.hash.bmff") {
				t.Errorf("%s: %+v", label, r.Summary)
			}
			for _, at := range []int{1, 15, 31} { // from the end: all in the media data
				bad := bytes.Clone(file)
				bad[len(bad)-at] ^= 4
				expect(t, label+" changed", bad, trust, "assertion.bmffHash.mismatch")
			}
			expect(t, label+" cut", file[:len(file)-3], trust, "assertion.bmffHash.mismatch")
			free := bmffFile(t, k, label, merkle, map[string]any{
				"xpath": "/moov/trak[1]/tkhd", "version": 0, "flags": []byte{0, 0, 7}, "subset": []any{map[string]any{"offset": 12, "length": 1}},
			})
			free[bytes.LastIndex(free, []byte("tkhd"))+8] ^= 1
			if r := expect(t, label+" changed where it may be", free, trust); r.Summary.Trusted {
				t.Errorf("%s: trusted though a part of what says how it is shown is not signed", label)
			}
		}
	}
}

func TestBoxHash(t *testing.T) {
	k := newMaker(newAuthority())
	type group struct {
		names []string
		body  func(file []byte, at span) []byte
	}
	for name, c := range map[string]struct {
		in     embed
		groups []group
	}{
		"jpeg": {inJPEG, []group{
			{[]string{"SOI", "APP0"}, func(f []byte, at span) []byte { return f[:at.start] }},
			{[]string{"C2PA"}, nil},
			{[]string{"DQT", "SOF0", "SOS", "EOI"}, func(f []byte, at span) []byte { return f[at.end:] }},
		}},
		"png": {inPNG, []group{
			{[]string{"PNGh", "IHDR"}, func(f []byte, at span) []byte { return f[:at.start] }},
			{[]string{"C2PA"}, nil},
			{[]string{"IDAT", "IEND"}, func(f []byte, at span) []byte { return f[at.end:] }},
		}},
		"gif": {inGIF, []group{
			{[]string{"GIF89a", "LSD"}, func(f []byte, at span) []byte { return f[:at.start] }},
			{[]string{"C2PA"}, nil},
			{[]string{"21F9", "2C", "TBID", "3B"}, func(f []byte, at span) []byte { return f[at.end:] }},
		}},
		"webp": {inWebP, []group{
			{[]string{"RIFF", "VP8 "}, func(f []byte, at span) []byte { return f[:at.start] }},
			{[]string{"C2PA"}, nil},
			{[]string{"EXIF"}, func(f []byte, at span) []byte { return f[len(f)-12:] }},
		}},
	} {
		file, at := c.in(storeOf())
		for range 2 { // RIFF's head holds the file's length
			var boxes []any
			for _, g := range c.groups {
				b := map[string]any{"names": g.names, "hash": make([]byte, 32)}
				if g.body != nil {
					b["hash"] = sha(g.body(file, at))
				}
				boxes = append(boxes, b)
			}
			file, at = c.in(storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created,
				part{label: "c2pa.hash.boxes", val: map[string]any{"alg": "sha256", "boxes": boxes}})))
		}
		expect(t, name, file, Options{})
		at.end += (at.end & 1) * map[string]int{"webp": 1}[name] // the pad byte
		bad := bytes.Clone(file)
		bad[at.end+map[string]int{"jpeg": 5, "png": 9, "gif": 5, "webp": 9}[name]] ^= 1
		expect(t, name+" changed", bad, Options{}, "assertion.boxesHash.mismatch")
		part := map[string][]byte{
			"jpeg": []byte("\xff\xfe\x00\x04no"), "png": pngChunk("tEXt", []byte("no")),
			"gif": []byte("\x21\xfe\x02no\x00"), "webp": []byte("note\x02\x00\x00\x00no"),
		}[name]
		extra := slices.Concat(file[:at.end], part, file[at.end:])
		expect(t, name+" with a part more", extra, Options{}, "assertion.boxesHash.unknownBox")
	}
}

// child returns a finished ingredient manifest whose action was changed after
// signing, and one that was not.
func child(t *testing.T, k *maker) (good, bad []byte) {
	t.Helper()
	hash := part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": make([]byte, 32)}}
	good = k.manifest("urn:c2pa:child", "c2ma", nil, created, hash)
	return good, bytes.Replace(good, []byte("c2pa.created"), []byte("c2pa.drawing"), 1)
}

func TestIngredients(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	good, bad := child(t, k)
	const uri = "self#jumbf=/c2pa/urn:c2pa:child"
	ing := func(ref []byte, more map[string]any) part {
		val := map[string]any{"dc:title": "A", "relationship": "parentOf", "c2pa_manifest": link(uri, ref)}
		for n, v := range more {
			val[n] = v
		}
		return part{label: "c2pa.ingredient", val: val}
	}
	build := func(in part, kids ...[]byte) []byte {
		return dataBound(t, inJPEG, func(h part) []byte {
			return storeOf(append(kids, k.manifest("urn:c2pa:top", "c2ma", nil, created, in, h))...)
		})
	}
	known := map[string]any{"validationStatus": []any{map[string]any{
		"code": codeAssertionMismatch, "url": uri + "/c2pa.assertions/" + created.label,
	}}}
	r := expect(t, "intact", build(ing(good, nil), good), Options{})
	if len(r.Summary.History) != 2 || r.Summary.History[1].Relationship != "parentOf" || r.Summary.Manifests != 2 {
		t.Errorf("history: %+v", r.Summary.History)
	}
	expect(t, "missing", build(ing(good, nil)), Options{}, codeClaimMissing)
	expect(t, "changed since", build(ing(good, nil), bad), Options{}, codeAssertionMismatch, codeIngredientMismatch)
	expect(t, "broken, unrecorded", build(ing(bad, nil), bad), Options{}, codeAssertionMismatch)
	r = expect(t, "broken and recorded", build(ing(bad, known), bad), Options{})
	if r.Summary.History[1].Failures == nil {
		t.Error("a recorded failure is not shown with its ingredient")
	}
	expect(t, "recorded, then lost", build(ing(bad, known)), Options{}, codeClaimMissing)

	v3 := part{label: "c2pa.ingredient.v3", val: map[string]any{
		"relationship":   "componentOf",
		"activeManifest": link(uri, good), "claimSignature": link(uri+"/c2pa.signature", good),
		"validationResults": map[string]any{"activeManifest": map[string]any{"failure": []any{}}},
	}}
	// The manifest's hash holds; that the signature's does not is no failure in
	// the reference tool, but no reason for trust either.
	if r := expect(t, "version 3", build(v3, good), Options{Trust: NewTrustList(ca.cert)}); r.Summary.Trusted {
		t.Error("trusted though the ingredient's signature is another")
	}
	expect(t, "version 3, missing", build(v3), Options{}, codeIngredientMissing)
	expect(t, "version 3, changed", build(v3, bad), Options{}, codeAssertionMismatch, codeIngredientManifest)

	delete(v3.val.(map[string]any), "validationResults")
	expect(t, "version 3, never validated", build(v3, good), Options{}, codeIngredientMalformed)

	two := func(h part) []byte {
		other := ing(good, nil)
		other.label = "c2pa.ingredient__1"
		return storeOf(good, k.manifest("urn:c2pa:top", "c2ma", nil, created, ing(good, nil), other, h))
	}
	expect(t, "two parents", dataBound(t, inJPEG, two), Options{}, codeMultipleParents)
}

func TestLoopOfIngredients(t *testing.T) {
	k := newMaker(newAuthority())
	self := part{label: "c2pa.ingredient", val: map[string]any{
		"relationship":  "componentOf",
		"c2pa_manifest": map[string]any{"url": "self#jumbf=/c2pa/urn:c2pa:1", "hash": []byte{1}},
	}}
	file := dataBound(t, inJPEG, func(h part) []byte {
		return storeOf(k.manifest("urn:c2pa:1", "c2ma", nil, created, self, h))
	})
	expect(t, "its own ingredient", file, Options{}, codeIngredientMismatch)
}

func TestRedaction(t *testing.T) {
	k := newMaker(newAuthority())
	note := part{label: "org.example.note", val: map[string]any{"who": "somebody"}}
	hash := part{label: "c2pa.hash.data", val: map[string]any{"alg": "sha256", "hash": make([]byte, 32)}}
	whole := k.manifest("urn:c2pa:child", "c2ma", nil, created, note, hash)
	box := note.box()
	blank := bytes.Clone(box)
	tail := blank[len(box)-len(enc(note.val)):]
	clear(tail)
	gone := bytes.Replace(whole, box, blank, 1)
	in := part{label: "c2pa.ingredient", val: map[string]any{
		"relationship":  "parentOf",
		"c2pa_manifest": link("self#jumbf=/c2pa/urn:c2pa:child", whole),
	}}
	build := func(kid []byte, what string) []byte {
		return dataBound(t, inJPEG, func(h part) []byte {
			return storeOf(kid, k.manifest("urn:c2pa:top", "c2ma", map[string]any{"redacted_assertions": []any{what}}, created, in, h))
		})
	}
	const uri = "self#jumbf=/c2pa/urn:c2pa:child/c2pa.assertions/"
	expect(t, "redacted", build(gone, uri+note.label), Options{})
	expect(t, "still there", build(whole, uri+note.label), Options{}, codeNotRedacted)
	expect(t, "actions", build(whole, uri+created.label), Options{}, codeActionRedacted, codeNotRedacted)
	expect(t, "its own", build(whole, "self#jumbf=/c2pa/urn:c2pa:top/c2pa.assertions/"+created.label), Options{}, codeNotRedacted, codeSelfRedacted)
}

func TestUpdateManifest(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	var first []byte
	dataBound(t, inJPEG, func(h part) []byte {
		first = k.manifest("urn:c2pa:child", "c2ma", nil, created, h)
		return storeOf(first)
	})
	in := part{label: "c2pa.ingredient", val: map[string]any{
		"relationship":  "parentOf",
		"c2pa_manifest": link("self#jumbf=/c2pa/urn:c2pa:child", first),
	}}
	file, at := inJPEG(storeOf(first, k.manifest("urn:c2pa:top", "c2um", nil, in)))
	if r := expect(t, "update", file, Options{Trust: NewTrustList(ca.cert)}); !r.Bound || !r.Summary.Trusted {
		t.Errorf("%+v", r.Summary)
	}
	file[at.end+5] ^= 1
	expect(t, "update of a changed file", file, Options{}, "assertion.dataHash.mismatch")
	file, _ = inJPEG(storeOf(first, k.manifest("urn:c2pa:top", "c2um", nil, created)))
	expect(t, "update of nothing", file, Options{}, codeUpdateInvalid, codeUpdateParents)
}
