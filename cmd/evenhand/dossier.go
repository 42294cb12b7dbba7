package main

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/evenhand/evenhand/desk/dossier"
	"github.com/evenhand/evenhand/text"
)

// verifyDossierCmd checks a dossier without the desk that made it, and
// without a network.
type verifyDossierCmd struct {
	File string `arg:"" name:"file" help:"The dossier, a ZIP."`
	Key  string `placeholder:"KEY" help:"The desk's public key, as /v1/dossiers/key tells it: a PEM file, or its base64."`
	JSON bool   `help:"Print what was found as JSON."`
}

// Run tells what is wrong; the exit status is 1 where anything is.
func (c *verifyDossierCmd) Run(a *app) error {
	key, err := c.key(a)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return a.fail(text.Text{EN: shown(c.File) + " is no file", ZH: shown(c.File) + " 不是文件"})
	}
	report, err := dossier.Check(a.ctx, f, info.Size(), key, math.MaxInt64)
	if err != nil {
		return err
	}
	if err := c.tell(a, report, key != nil); err != nil {
		return err
	}
	if !report.Whole || key != nil && !report.Ours {
		return errProblems
	}
	return nil
}

// key reads the key to compare with; nil where none was given.
func (c *verifyDossierCmd) key(a *app) (ed25519.PublicKey, error) {
	if c.Key == "" {
		return nil, nil
	}
	words := c.Key
	if info, err := os.Stat(c.Key); err == nil && info.Mode().IsRegular() && info.Size() < 1<<16 {
		raw, err := os.ReadFile(c.Key)
		if err != nil {
			return nil, err
		}
		words = string(raw)
	}
	key, err := dossier.ParseKey(words)
	if err != nil {
		return nil, a.fail(text.Text{EN: "--key: " + shown(c.Key) + " is neither a file with an Ed25519 public key nor one in base64", ZH: "--key：" + shown(c.Key) + " 既不是含 Ed25519 公钥的文件，也不是 base64 公钥"})
	}
	return key, nil
}

func (c *verifyDossierCmd) tell(a *app, r dossier.Report, compared bool) error {
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	for _, f := range r.Files {
		if f.OK {
			continue
		}
		fmt.Fprintf(a.out, "%s: %s\n", a.say(fileWords[f.Problem]), shown(f.Name))
	}
	for _, p := range r.Problems {
		fmt.Fprintln(a.out, a.say(p.Text))
	}
	_, err := fmt.Fprintln(a.out, a.say(verdict(r, compared)))
	return err
}

// fileWords say what is wrong with one file.
var fileWords = map[string]text.Text{
	"missing": {EN: "missing", ZH: "缺失"},
	"changed": {EN: "changed", ZH: "被改动"},
	"extra":   {EN: "not in the manifest", ZH: "不在清单中"},
}

// verdict is the last line: what the check shows, and what it does not.
func verdict(r dossier.Report, compared bool) text.Text {
	made := r.MadeAt.UTC().Format("2006-01-02 15:04:05 MST")
	switch {
	case !r.Whole:
		return text.Text{EN: "Not whole: do not rely on it.", ZH: "不完整：请勿采信。"}
	case compared && r.Ours:
		return text.Text{
			EN: fmt.Sprintf("Whole, and signed by this key: claim %s, %d files, made %s.", r.ClaimID, len(r.Files), made),
			ZH: fmt.Sprintf("完整，且由该密钥签名：申请 %s，共 %d 个文件，生成于 %s。", r.ClaimID, len(r.Files), made),
		}
	case compared:
		return text.Text{EN: "Whole in itself, but signed by another key: " + r.KeyID + ".", ZH: "文件自身完整，但由另一把密钥签名：" + r.KeyID + "。"}
	}
	return text.Text{
		EN: fmt.Sprintf("Whole in itself: claim %s, %d files, made %s. Who made it is not shown: give --key with the desk's own (key id %s).", r.ClaimID, len(r.Files), made, r.KeyID),
		ZH: fmt.Sprintf("文件自身完整：申请 %s，共 %d 个文件，生成于 %s。尚不能说明由谁生成：请用 --key 给出平台公钥（密钥编号 %s）。", r.ClaimID, len(r.Files), made, r.KeyID),
	}
}
