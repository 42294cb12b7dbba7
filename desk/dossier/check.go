package dossier

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"slices"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
)

// Report is what checking a dossier has shown.
type Report struct {
	Whole   bool      `json:"whole" doc:"Every file is the one that the signed manifest lists, and there is no other"`
	Ours    bool      `json:"ours" doc:"The key that signed is the one compared with: this desk's"`
	ClaimID string    `json:"claim_id,omitempty"`
	MadeAt  time.Time `json:"made_at,omitzero"`
	KeyID   string    `json:"key_id,omitempty" doc:"Of the key that the file says has signed it"`
	Files   []Checked `json:"files" nullable:"false"`
	// Problems say in words what is wrong; with none the file is whole and ours.
	Problems []Problem `json:"problems" nullable:"false"`
}

// Checked is one file of a dossier.
type Checked struct {
	Name    string `json:"name"`
	Size    int64  `json:"size" doc:"In bytes, as the manifest says"`
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty" doc:"missing, changed or extra"`
}

// Problem is one thing that is wrong with a dossier.
type Problem struct {
	Code string    `json:"code" enum:"not_a_dossier,layout,name,signature,key,other_key,missing,changed,extra,record,too_large"`
	Text text.Text `json:"text"`
}

// Check reads a dossier of size bytes and compares what it finds with what the
// desk signed. ours is the key to compare with; nil leaves Ours false. unpacked
// bounds the bytes that packed files may come to. The error is r's, or ctx's:
// what is wrong with the file is in the Report.
func Check(ctx context.Context, r io.ReaderAt, size int64, ours ed25519.PublicKey, unpacked int64) (Report, error) {
	c := checker{ctx: ctx, r: r, left: unpacked, out: Report{Files: []Checked{}, Problems: []Problem{}}}
	list, err := directory(r, size)
	if err != nil {
		return c.out, c.unread(err)
	}
	m, ok := c.manifest(list)
	if !ok {
		return c.out, ctx.Err()
	}
	c.out.ClaimID, c.out.MadeAt, c.out.KeyID = m.ClaimID, m.MadeAt, m.Key.ID
	if public, ok := m.Key.public(); ok {
		c.out.Ours = ours != nil && public.Equal(ours)
	}
	if ours != nil && !c.out.Ours {
		c.problem("other_key")
	}
	if err := c.files(list, m); err != nil {
		return c.out, err
	}
	c.out.Whole = !slices.ContainsFunc(c.out.Problems, func(p Problem) bool { return p.Code != "other_key" })
	return c.out, nil
}

// checker is one check under way.
type checker struct {
	ctx  context.Context
	r    io.ReaderAt
	left int64 // bytes that may still be unpacked
	out  Report
}

// problem notes a kind of problem, once.
func (c *checker) problem(code string) {
	if !slices.ContainsFunc(c.out.Problems, func(p Problem) bool { return p.Code == code }) {
		c.out.Problems = append(c.out.Problems, Problem{code, problemWords[code]})
	}
}

// unread tells a file that is no dossier from one that could not be read.
func (c *checker) unread(err error) error {
	switch {
	case errors.Is(err, errNoZip), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.problem("not_a_dossier")
	case errors.Is(err, errLayout):
		c.problem("layout")
	case errors.Is(err, errName), errors.Is(err, errTwice):
		c.problem("name")
	case errors.Is(err, errMany):
		c.problem("too_large")
	default:
		return err
	}
	return nil
}

func find(list []entry, name string) (entry, bool) {
	at := slices.IndexFunc(list, func(e entry) bool { return e.name == name })
	if at < 0 {
		return entry{}, false
	}
	return list[at], true
}

// manifest reads the manifest and holds it against its signature.
func (c *checker) manifest(list []entry) (m Manifest, ok bool) {
	main, ok := find(list, manifestName)
	sign, signed := find(list, signatureName)
	if !ok || !signed {
		c.problem("not_a_dossier")
		return m, false
	}
	data, err := main.readSmall(c.r, maxManifest)
	if err != nil || json.Unmarshal(data, &m) != nil || !m.valid() {
		c.problem("not_a_dossier")
		return Manifest{}, false
	}
	public, ok := m.Key.public()
	if !ok {
		c.problem("key")
		return m, true
	}
	signature, err := sign.readSmall(c.r, ed25519.SignatureSize)
	if err != nil || !ed25519.Verify(public, data, signature) {
		c.problem("signature")
	}
	return m, true
}

// files compares each file with its line of the manifest.
func (c *checker) files(list []entry, m Manifest) error {
	known := map[string]bool{manifestName: true, signatureName: true}
	for _, f := range m.Files {
		known[f.Name] = true
		one := Checked{Name: f.Name, Size: f.Size}
		e, ok := find(list, f.Name)
		if !ok {
			one.Problem = "missing"
		} else if same, err := c.same(e, f); err != nil {
			return err
		} else if !same {
			one.Problem = "changed"
		}
		if one.OK = one.Problem == ""; !one.OK {
			c.problem(one.Problem)
		}
		if one.OK && f.Name == eventsName && !c.chained(e, m.Depth) {
			c.problem("record")
		}
		c.out.Files = append(c.out.Files, one)
	}
	for _, e := range list {
		if !known[e.name] {
			c.out.Files = append(c.out.Files, Checked{Name: e.name, Size: e.size, Problem: "extra"})
			c.problem("extra")
		}
	}
	return nil
}

// same is whether a file has the bytes that the manifest says. The error is
// ctx's or the disk's.
func (c *checker) same(e entry, f File) (bool, error) {
	if e.size != f.Size {
		return false, nil
	}
	from := e.open(c.r)
	if e.deflated {
		if c.left -= e.size; c.left < 0 {
			c.problem("too_large")
			return false, nil
		}
	}
	sum := sha256.New()
	n, err := c.copy(sum, from)
	if c.ctx.Err() != nil {
		return false, c.ctx.Err()
	}
	return err == nil && n == f.Size && hex.EncodeToString(sum.Sum(nil)) == f.SHA256, nil
}

// copy is io.Copy that stops with the context.
func (c *checker) copy(to hash.Hash, from io.Reader) (n int64, err error) {
	piece := make([]byte, 256<<10)
	for c.ctx.Err() == nil {
		got, err := from.Read(piece)
		to.Write(piece[:got])
		n += int64(got)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, c.ctx.Err()
}

// maxLine bounds one event, in bytes.
const maxLine = 4 << 20

// chained is whether each event names the one before. Where nothing was left
// out of them, each one's hash is reckoned again too.
func (c *checker) chained(e entry, depth desk.Depth) bool {
	lines := bufio.NewScanner(e.open(c.r))
	lines.Buffer(nil, maxLine)
	var chain record.Chain
	for lines.Scan() {
		var ev record.Event
		if json.NewDecoder(bytes.NewReader(lines.Bytes())).Decode(&ev) != nil {
			return false
		}
		take := chain.Link
		if depth == desk.DepthReviewer {
			take = chain.Take
		}
		if take(ev) != nil {
			return false
		}
	}
	return lines.Err() == nil
}

// problemWords says each problem.
var problemWords = map[string]text.Text{
	"not_a_dossier": {EN: "This is no dossier: it is not a plain ZIP with a manifest and its signature.", ZH: "这不是证据包：不是带有清单和签名的普通 ZIP 文件。"},
	"layout":        {EN: "The ZIP hides something between its files, or names one in two ways: programs may unpack it differently.", ZH: "ZIP 内部夹带了多余内容，或同一文件有两种名称，不同程序解压的结果可能不同。"},
	"name":          {EN: "A file has a name that leads elsewhere, or two files have the same.", ZH: "有文件名指向别处，或有重名文件。"},
	"signature":     {EN: "The signature does not fit the manifest: one of them was changed.", ZH: "签名与清单不符，其中之一被改动过。"},
	"key":           {EN: "The manifest names no key that could have signed it.", ZH: "清单中没有可用的签名公钥。"},
	"other_key":     {EN: "It was signed by another key than the one compared with: somebody else made it, or the desk had another key then.", ZH: "签名所用的密钥与比对的密钥不同：可能由他人生成，或当时使用的是另一把密钥。"},
	"missing":       {EN: "A file that the manifest lists is not there.", ZH: "缺少清单中列出的文件。"},
	"changed":       {EN: "A file is not the one that the manifest lists: its bytes were changed.", ZH: "有文件与清单不符，内容被改动过。"},
	"extra":         {EN: "There is a file that the manifest does not list.", ZH: "含有清单中没有的文件。"},
	"record":        {EN: "The events do not follow one another: the record in this file was altered.", ZH: "存证记录前后不能衔接，记录被改动过。"},
	"too_large":     {EN: "There are more files in it than a dossier has, or they unpack to more than is read here.", ZH: "文件数量超过证据包的上限，或解压后超过可读取的大小。"},
}
