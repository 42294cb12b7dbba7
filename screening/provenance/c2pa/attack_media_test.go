package c2pa

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// usualRules are what writers leave out of an ISO media file today.
func usualRules() []any {
	return []any{
		map[string]any{"xpath": "/uuid", "data": []any{map[string]any{"offset": 8, "value": bmffC2PA}}},
		map[string]any{"xpath": "/ftyp"},
		map[string]any{"xpath": "/mfra"},
		map[string]any{"xpath": "/free"},
		map[string]any{"xpath": "/skip"},
	}
}

// intoMedia puts a store at the end of an ISO media file, where it moves
// nothing, and binds it with the third version of the hash.
func intoMedia(t *testing.T, k *maker, picture []byte, rules []any) []byte {
	t.Helper()
	return settle(t, func(sum []byte) ([]byte, []byte) {
		store := k.simple(part{label: "c2pa.hash.bmff.v3", val: map[string]any{"alg": "sha256", "hash": sum, "exclusions": rules}})
		file := append(bytes.Clone(picture), jbox("uuid", bmffC2PA, make([]byte, 4), []byte("manifest\x00"), make([]byte, 8), store)...)
		var signed []byte
		for pos := 0; pos < len(file); {
			size := int(binary.BigEndian.Uint32(file[pos:]))
			switch string(file[pos+4 : pos+8]) {
			case "uuid", "ftyp", "free", "skip", "mfra":
			default:
				signed = append(append(signed, be64(pos)...), file[pos:pos+size]...)
			}
			pos += size
		}
		return file, sha(signed)
	})
}

// TestOtherPictureInMedia: HEIC and AVIF, with what the specification leaves
// out replaced, doubled and added to.
func TestOtherPictureInMedia(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	k.header = map[any]any{"pad": make([]byte, 9000)}
	photo := picture(t, "photo.jpg")
	for _, name := range []string{"d420.heic", "irot1.heic", "d10.avif"} {
		shown := readFile(t, filepath.Join("../../../imaging/heif/testdata", name))
		data := intoMedia(t, k, slices.Concat(shown, jbox("free", make([]byte, 3000))), usualRules())
		opts := Options{Now: testNow, Trust: NewTrustList(ca.cert)}
		if r, err := Read(data, opts); err != nil || !r.Summary.Trusted {
			t.Errorf("%s as it is: %v, %+v", name, err, r)
			continue
		}
		if p, err := imaging.Decode(t.Context(), data, imaging.Limits{}); err != nil || p.Partial {
			t.Errorf("%s cannot be decoded with the store in it: %v", name, err)
		}
		try, tried := refuses(t, name, opts)
		brands := int(binary.BigEndian.Uint32(data))
		free := bytes.LastIndex(data, []byte("free\x00\x00")) - 4
		uuid := free + 3008
		store, _, err := extract(data)
		if err != nil {
			t.Fatal(err)
		}
		small, ok := shrink(store)
		if !ok {
			t.Fatal("no padding to cut")
		}
		carried := func(purpose string, body ...[]byte) []byte {
			return jbox("uuid", bmffC2PA, make([]byte, 4), []byte(purpose+"\x00"), make([]byte, 8), bytes.Join(body, nil))
		}
		try("a picture in empty room", replaced(data, free+8, photo))
		try("a picture behind", slices.Concat(data, photo))
		try("a picture in room behind", slices.Concat(data, jbox("free", photo)))
		try("a picture in a second ftyp", slices.Concat(data, jbox("ftyp", photo)))
		try("brands that are a picture", slices.Concat(jbox("ftyp", data[8:brands], photo), data[brands:]))
		try("a second file behind", slices.Concat(data, shown))
		try("more data behind", slices.Concat(data, jbox("mdat", photo)))
		try("more items behind", slices.Concat(data, jbox("meta", photo)))
		try("an index behind", slices.Concat(data, jbox("mfra", photo)))
		try("a second store", slices.Concat(data, carried("manifest", store)))
		try("a store that holds a picture", slices.Concat(data, carried("manifest", photo)))
		try("another box of the kind", slices.Concat(data, carried("preview", photo)))
		try("a tree that holds a picture", slices.Concat(data, carried("merkle", photo)))
		try("a picture behind the store, inside its box", slices.Concat(data[:uuid], carried("manifest", store, photo)))
		try("a picture in freed room", slices.Concat(data[:uuid], carried("manifest", small, make([]byte, 8), photo)))
		try("the store's box to the end", slices.Concat(replaced(data, uuid, make([]byte, 4)), jbox("mdat", photo)))
		try("the picture's data swallowed", replaced(data, free, binary.BigEndian.AppendUint32(nil, 3000)))
		t.Log(name, *tried, "forgeries")
	}
}

// TestUnsignedTables: who leaves out the tables that say where the picture's
// data lies has not signed which data it is.
func TestUnsignedTables(t *testing.T) {
	ca := newAuthority()
	k := newMaker(ca)
	shown := readFile(t, "../../../imaging/heif/testdata/d420.heic")
	for path, trusted := range map[string]bool{"/none": true, "/meta/iloc": false, "/meta": false, "/mdat": false, "/meta/iprp/ipma": false} {
		rules := append(usualRules(), map[string]any{"xpath": path})
		data := settle(t, func(sum []byte) ([]byte, []byte) {
			store := k.simple(part{label: "c2pa.hash.bmff.v3", val: map[string]any{"alg": "sha256", "hash": sum, "exclusions": rules}})
			file := append(bytes.Clone(shown), jbox("uuid", bmffC2PA, make([]byte, 4), []byte("manifest\x00"), make([]byte, 8), store)...)
			boxes := must(bmffBoxes(file))
			skip, whole, err := bmffExclusions(must(decodeCBOR(enc(rules))).list(), boxes, file)
			must(0, err)
			return file, bmffSum(file, boxes, skip, whole, 3, hashFor("sha256"))
		})
		r := expect(t, path, data, Options{Trust: NewTrustList(ca.cert)})
		if r.Summary.Trusted != trusted || !r.Bound {
			t.Errorf("%s left out: %+v", path, r.Summary)
		}
	}
}

func replaced(data []byte, at int, with []byte) []byte {
	out := bytes.Clone(data)
	copy(out[at:], with)
	return out
}
