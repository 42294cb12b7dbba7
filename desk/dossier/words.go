package dossier

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"text/template"

	"github.com/evenhand/evenhand/desk"
)

// readmes adds the two pages that tell an outsider what this is.
func (d *Dossier) readmes() error {
	key, err := d.manifest.Key.withPEM(d.key.Public().(ed25519.PublicKey)) //nolint:forcetypeassert // of an Ed25519 key it is that
	if err != nil {
		return err
	}
	for i, page := range []*template.Template{readme, readmeZH} {
		with := struct {
			Manifest
			Key  Key
			Whom string
			// Staff is whether nothing is a copy.
			Staff bool
		}{d.manifest, key, depthWords[d.manifest.Depth][i], d.manifest.Depth == desk.DepthReviewer}
		var out strings.Builder
		if err := page.Execute(&out, with); err != nil {
			return fmt.Errorf("dossier: %w", err)
		}
		if err := d.add([]string{readmeName, readmeZHName}[i], []byte(out.String())); err != nil {
			return err
		}
	}
	return nil
}

// depthWords say for whose eyes a dossier was made.
var depthWords = map[desk.Depth][2]string{
	desk.DepthBuyer:    {"the buyer: findings that speak against the claim, and who of the staff acted, are left out", "买家：不含对申请不利的鉴定发现，也不含经办人员身份"},
	desk.DepthMerchant: {"the merchant: the numbers behind findings, and who of the staff acted, are left out", "商家：不含鉴定发现的具体数据，也不含经办人员身份"},
	desk.DepthReviewer: {"the desk's staff: nothing is left out", "平台工作人员：内容完整"},
}

var readme = template.Must(template.New("en").Parse(`Dossier of claim {{.ClaimID}}

Made {{.MadeAt.Format "2006-01-02 15:04:05 MST"}}{{if .Desk}} by {{.Desk}}{{end}}, for {{.Whom}}.

What is in it
  claim.json        the claim, and each piece of evidence with who sent it and when
  order.json        the order it is about
  events.jsonl      the record, one event a line; prev and hash chain them
  explanation.json  the story in words, in English and Chinese
  evidence/         the parties' files{{if .Staff}}, byte for byte as they came{{else}}: those of the side it is for byte for byte as they came,
                    the other's as copies without metadata ("copy" in claim.json). The originals are
                    with the desk, under the SHA-256 that claim.json gives; a court asks the desk for them{{end}}
  references/       the shop's listing and packing pictures
  manifest.json     every file above with its size and SHA-256
  manifest.sig      the desk's Ed25519 signature of manifest.json

How to check it without trusting anybody
  1. Get the desk's public key from the desk itself, not from this file:
     {{if .Desk}}{{.Desk}}{{else}}https://(the desk){{end}}/v1/dossiers/key
     Its id should be {{.Key.ID}}. This file says the key is:

{{.Key.PEM}}
  2. Save that key as desk.pem, unpack this file, and run
       openssl pkeyutl -verify -pubin -inkey desk.pem -rawin -in manifest.json -sigfile manifest.sig
  3. Compare the SHA-256 of each file with manifest.json (sha256sum).
  Or let one program do it all, offline:
       evenhand verify-dossier FILE.zip --key desk.pem

What a good check shows: that nothing was changed since {{.MadeAt.Format "2006-01-02"}}, and that the
holder of the key made it. It does not show that what a party says is true.
`))

var readmeZH = template.Must(template.New("zh").Parse(`售后申请 {{.ClaimID}} 的证据包

生成时间：{{.MadeAt.Format "2006-01-02 15:04:05 MST"}}{{if .Desk}}，由 {{.Desk}} 生成{{end}}。
查阅范围：{{.Whom}}。

内容
  claim.json        售后申请，以及每份证据由谁在何时提交
  order.json        所涉订单
  events.jsonl      存证记录，每行一个事件，以 prev 和 hash 前后相连
  explanation.json  经过说明（中英文）
  evidence/         双方提交的文件{{if .Staff}}，与收到时逐字节相同{{else}}：查阅方自己的文件与收到时逐字节相同；对方的文件为去除元数据的副本
                    （claim.json 中标有 "copy"）。原件保存在平台，可按 claim.json 中的 SHA-256 由法院向平台调取{{end}}
  references/       商家的商品图与打包记录
  manifest.json     以上每个文件的大小和 SHA-256
  manifest.sig      平台对 manifest.json 的 Ed25519 签名

如何自行核验（无需信任任何一方）
  1. 请直接向平台获取公钥，不要只看本文件：
     {{if .Desk}}{{.Desk}}{{else}}https://（平台地址）{{end}}/v1/dossiers/key
     公钥编号应为 {{.Key.ID}}。本文件所称的公钥是：

{{.Key.PEM}}
  2. 将公钥存为 desk.pem，解压本文件后运行
       openssl pkeyutl -verify -pubin -inkey desk.pem -rawin -in manifest.json -sigfile manifest.sig
  3. 将每个文件的 SHA-256 与 manifest.json 比对（sha256sum）。
  也可以用一条命令离线完成全部核验：
       evenhand verify-dossier 文件名.zip --key desk.pem

核验通过说明：自 {{.MadeAt.Format "2006-01-02"}} 以来内容未被改动，且由持有该密钥的平台生成；
并不说明任何一方所述属实。
`))
