package c2pa

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// This file is a small signer, written from the specification for the tests
// alone, so that what the public files lack can be tried too.

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// enc encodes with sorted keys, so that the same value is the same bytes.
func enc(v any) []byte {
	mode := must(cbor.CoreDetEncOptions().EncMode())
	return must(mode.Marshal(v))
}

func jbox(typ string, payload ...[]byte) []byte {
	body := bytes.Join(payload, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), append([]byte(typ), body...)...)
}

func super(kind, label string, children ...[]byte) []byte {
	desc := jbox("jumd", []byte(kind+uuidTail+"\x03"+label+"\x00"))
	return jbox("jumb", append([][]byte{desc}, children...)...)
}

// authority issues certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority() authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"}, SubjectKeyId: []byte{1, 2, 3},
		NotBefore: testNow.AddDate(-5, 0, 0), NotAfter: testNow.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key))
	return authority{must(x509.ParseCertificate(der)), key}
}

func (a authority) issue(pub crypto.PublicKey, change func(*x509.Certificate)) *x509.Certificate {
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{Organization: []string{"Test Signer"}},
		NotBefore: testNow.AddDate(-1, 0, 0), NotAfter: testNow.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	if change != nil {
		change(tpl)
	}
	return must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, tpl, a.cert, pub, a.key))))
}

// maker signs manifests.
type maker struct {
	alg     int64
	key     crypto.Signer
	chain   []*x509.Certificate
	version int
	stamp   func(protected, claim, signature []byte) (name string, token []byte)
	header  map[any]any // further unprotected entries
	der     bool        // write ECDSA signatures as X.509 does
}

func newMaker(a authority) *maker {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	return &maker{alg: algES256, key: key, chain: []*x509.Certificate{a.issue(key.Public(), nil)}, version: 1}
}

// keyFor makes a key that fits a COSE algorithm.
func keyFor(alg int64) crypto.Signer {
	switch alg {
	case algES256:
		return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	case algES384:
		return must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	case algES512:
		return must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))
	case algEdDSA:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return must(key, err)
	}
	return must(rsa.GenerateKey(rand.Reader, 2048))
}

func (k *maker) sign(claim []byte) []byte {
	var ders [][]byte
	for _, c := range k.chain {
		ders = append(ders, c.Raw)
	}
	protected := enc(map[int64]any{1: k.alg, 33: ders})
	signed := enc([]any{"Signature1", protected, []byte{}, claim})
	h, known := map[int64]crypto.Hash{
		algES256: crypto.SHA256, algES384: crypto.SHA384, algES512: crypto.SHA512,
		algPS256: crypto.SHA256, algPS384: crypto.SHA384, algPS512: crypto.SHA512,
	}[k.alg]
	if !known {
		h = crypto.SHA256
	}
	var sig []byte
	switch key := k.key.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, digest(h, signed))
		must(r, err)
		n := (key.Params().BitSize + 7) / 8
		sig = append(r.FillBytes(make([]byte, n)), s.FillBytes(make([]byte, n))...)
		if k.der {
			sig = derSeq(der(r), der(s))
		}
	case *rsa.PrivateKey:
		sig = must(rsa.SignPSS(rand.Reader, key, h, digest(h, signed), &rsa.PSSOptions{SaltLength: h.Size()}))
	case ed25519.PrivateKey:
		sig = ed25519.Sign(key, signed)
	}
	header := map[any]any{"pad": make([]byte, 10)}
	for name, v := range k.header {
		header[name] = v
	}
	if k.stamp != nil {
		name, token := k.stamp(protected, claim, sig)
		header[name] = map[string]any{"tstTokens": []any{map[string]any{"val": token}}}
	}
	return enc(cbor.Tag{Number: 18, Content: []any{protected, header, nil, sig}})
}

// part is an assertion to be.
type part struct {
	label string
	val   any
	body  []byte // instead of val: a finished superbox
}

func (p part) box() []byte {
	if p.body != nil {
		return p.body
	}
	return super("cbor", p.label, jbox("cbor", enc(p.val)))
}

func payloadHash(box []byte) []byte {
	sum := sha256.Sum256(box[8:])
	return sum[:]
}

func link(url string, box []byte) map[string]any {
	return map[string]any{"url": url, "hash": payloadHash(box)}
}

// manifest builds one signed manifest box; more is added to the claim.
func (k *maker) manifest(label, kind string, more map[string]any, parts ...part) []byte {
	var boxes [][]byte
	var links []any
	for _, p := range parts {
		boxes = append(boxes, p.box())
		links = append(links, link("self#jumbf=c2pa.assertions/"+p.label, p.box()))
	}
	claim := map[string]any{
		"alg": "sha256", "instanceID": "xmp:iid:1", "signature": "self#jumbf=c2pa.signature",
		"claim_generator_info": map[string]any{"name": "Test", "version": "1"},
	}
	claimLabel := "c2pa.claim"
	if k.version == 2 {
		claimLabel = "c2pa.claim.v2"
		claim["created_assertions"] = links
	} else {
		claim["assertions"] = links
	}
	for n, v := range more {
		claim[n] = v
	}
	raw := enc(claim)
	return super(kind, label, super("c2as", "c2pa.assertions", boxes...),
		super("c2cl", claimLabel, jbox("cbor", raw)),
		super("c2cs", "c2pa.signature", jbox("cbor", k.sign(raw))))
}

func storeOf(manifests ...[]byte) []byte { return super("c2pa", "c2pa", manifests...) }

// embed puts a store into a file and returns the range it takes there.
type embed func(store []byte) ([]byte, span)

func inJPEG(store []byte) ([]byte, span) {
	file := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	start := len(file)
	rest := store[8:]
	for seq := uint32(1); len(rest) > 0; seq++ {
		n := min(len(rest), 60_000)
		file = append(file, 0xff, 0xeb)
		file = binary.BigEndian.AppendUint16(file, uint16(2+8+8+n))
		file = append(file, "JP\x00\x01"...)
		file = binary.BigEndian.AppendUint32(file, seq)
		file = append(append(file, store[:8]...), rest[:n]...)
		rest = rest[n:]
	}
	end := len(file)
	file = append(file, "\xff\xdb\x00\x04\x00\x01\xff\xc0\x00\x08\x08\x00\x08\x00\x08\x01\xff\xda\x00\x04\x01\x00scan\xff\x00\xff\xd0data\xff\xd9"...)
	return file, span{start, end}
}

func pngChunk(typ string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, typ...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func inPNG(store []byte) ([]byte, span) {
	file := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", make([]byte, 13))...)
	start := len(file)
	file = append(file, pngChunk("caBX", store)...)
	end := len(file)
	return append(append(file, pngChunk("IDAT", []byte("pixels"))...), pngChunk("IEND", nil)...), span{start, end}
}

func inWebP(store []byte) ([]byte, span) {
	body := []byte("WEBPVP8 \x06\x00\x00\x00pixels")
	start := 8 + len(body)
	body = append(body, "C2PA"...)
	body = append(binary.LittleEndian.AppendUint32(body, uint32(len(store))), store...)
	end := 8 + len(body)
	if len(store)%2 == 1 {
		body = append(body, 0)
	}
	body = append(body, "EXIF\x04\x00\x00\x00exif"...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...), span{start, end}
}

func inGIF(store []byte) ([]byte, span) {
	file := append([]byte("GIF89a\x02\x00\x01\x00\x80\x00\x00"), "\x00\x00\x00\xff\xff\xff"...)
	start := len(file)
	file = append(file, gifMark...)
	for rest := store; len(rest) > 0; {
		n := min(255, len(rest))
		file, rest = append(append(file, byte(n)), rest[:n]...), rest[n:]
	}
	file = append(file, 0)
	end := len(file)
	return append(file, "\x21\xf9\x04\x00\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x02\x00\x01\x00\x00\x02\x02\x44\x0a\x00\x3b"...), span{start, end}
}

func inTIFF(store []byte) ([]byte, span) {
	file := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x41\xcd\x07\x00")
	file = binary.LittleEndian.AppendUint32(file, uint32(len(store)))
	file = append(binary.LittleEndian.AppendUint32(file, 26), 0, 0, 0, 0)
	start := len(file)
	file = append(file, store...)
	return append(file, "pixels"...), span{start, start + len(store)}
}

func inBMFF(store []byte) ([]byte, span) {
	file := jbox("ftyp", []byte("mp42\x00\x00\x00\x00mp42"))
	start := len(file)
	file = append(file, jbox("uuid", bmffC2PA, make([]byte, 4), []byte("manifest\x00"), make([]byte, 8), store)...)
	end := len(file)
	file = append(file, jbox("moov", jbox("trak", jbox("tkhd", []byte{0, 0, 0, 7, 1, 2})))...)
	return append(file, jbox("mdat", []byte("8 bytes.and the media data that follows"))...), span{start, end}
}

func sha(parts ...[]byte) []byte {
	sum := sha256.Sum256(bytes.Join(parts, nil))
	return sum[:]
}

// dataBound embeds a store whose last manifest is bound with c2pa.hash.data.
// build makes the store around the hash assertion it is given; it is called
// again until positions stand still.
func dataBound(t testing.TB, in embed, build func(hash part) []byte) []byte {
	t.Helper()
	at, sum := span{1000, 9000}, make([]byte, 32)
	for range 6 {
		hash := part{label: "c2pa.hash.data", val: map[string]any{
			"alg": "sha256", "hash": sum, "name": "jumbf manifest", "pad": []byte{},
			"exclusions": []any{map[string]any{"start": at.start, "length": at.end - at.start}},
		}}
		file, now := in(build(hash))
		want := sha(file[:now.start], file[now.end:])
		if now == at && bytes.Equal(want, sum) {
			return file
		}
		at, sum = now, want
	}
	t.Fatal("positions do not settle")
	return nil
}
