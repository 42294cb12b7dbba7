package c2pa

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// forgeryBound is stated for a trusted, intact AI declaration: the chance that
// a signature over SHA-256 holds by accident is below 2^-128; what remains is
// a signer's own mistake, which no formula bounds, so a round number far above
// the former is given.
const forgeryBound = 1e-9

// Findings words the report for people.
//
//   - An AI declaration is conclusive only where the signature leads to the
//     trust list and everything is intact; else anyone could have typed it,
//     and it is strong.
//   - A broken signature or assertion is strong: re-saving a picture does not
//     do that. A file that merely differs from its signed bytes is weak, since
//     a gallery app that rotates or shrinks a photo does that too. Anything
//     else that failed is a note.
//   - A plain capture speaks for the claim, strongly, only under the trust
//     list.
func (r *Report) Findings() []evidence.Finding {
	var out []evidence.Finding
	if r.Summary.AI {
		out = append(out, r.aiFinding())
	}
	if len(r.Summary.Validation) > 0 {
		out = append(out, r.invalidFinding())
	}
	if r.camera {
		out = append(out, r.cameraFinding())
	}
	return out
}

func (r *Report) measured() map[string]float64 {
	m := map[string]float64{
		"manifests": float64(r.Summary.Manifests),
		"failures":  float64(len(r.Summary.Validation)),
	}
	if n := r.Summary.Unsigned; n > 0 {
		m["unsigned_bytes"] = float64(n)
	}
	return m
}

func (r *Report) aiFinding() evidence.Finding {
	s := r.Summary
	f := evidence.Finding{
		Code: evidence.ProvenanceC2PAAI, Strength: evidence.Strong, Stance: evidence.Against, Measured: r.measured(),
	}
	own := len(s.History) > 0 && s.History[0].AI
	whatEN, whatZH := "that generative AI made it or part of it", "该图片全部或部分由生成式人工智能制作"
	if !own {
		whatEN, whatZH = "that a picture made with generative AI went into it", "该图片使用了由生成式人工智能制作的素材"
	}
	switch {
	case s.Trusted:
		f.Strength, f.FalseAlarm = evidence.Conclusive, forgeryBound
		f.Text = text.Text{
			EN: fmt.Sprintf("The file's Content Credentials state %s. They are signed by %s, whose certificate is on the trust list, and file and signature are intact. This proves who said so, not which part was generated.", whatEN, quoted(s.Signer)),
			ZH: fmt.Sprintf("文件的内容凭证声明%s。凭证由信任列表内的签名方“%s”签署，文件与签名均完好。这证明声明出自签名方，但不说明具体哪一部分是生成的。", whatZH, s.Signer),
		}
	case len(s.Validation) == 0:
		f.Text = text.Text{
			EN: fmt.Sprintf("The file's Content Credentials state %s. The signature (%s) is intact, but nobody on a trust list vouches for the signer: anyone could have written it, though there is little reason to.", whatEN, quoted(s.Signer)),
			ZH: fmt.Sprintf("文件的内容凭证声明%s。签名（“%s”）完好，但签名方未被信任列表确认：理论上任何人都能写出这样的凭证，尽管少有人会这样做。", whatZH, s.Signer),
		}
	default:
		f.Text = text.Text{
			EN: fmt.Sprintf("The file's Content Credentials state %s, but the credentials do not validate (%s). The statement may belong to an earlier version of the file; it proves nothing by itself.", whatEN, strings.Join(s.Validation, ", ")),
			ZH: fmt.Sprintf("文件的内容凭证声明%s，但凭证未通过验证（%s）。该声明可能属于文件的早先版本，单凭它不能证明任何事。", whatZH, strings.Join(s.Validation, "、")),
		}
	}
	return f
}

// Failure codes by how much they say.
var (
	tamperCodes = []string{
		codeSignatureBad, codeAssertionMismatch, codeAssertionMissing, codeAssertionUndeclared, codeSignatureMissing,
		codeClaimCBOR, codeClaimMultiple, codeNotRedacted, codeActionRedacted, codeHashRedacted, codeSelfRedacted,
		codeIngredientMismatch, codeIngredientManifest, codeIngredientSigMismatch,
	}
	movedCodes = []string{
		"assertion.dataHash.mismatch", "assertion.boxesHash.mismatch", "assertion.boxesHash.unknownBox", "assertion.bmffHash.mismatch",
		"assertion.collectionHash.mismatch",
	}
	lostCodes = []string{codeClaimMissing, codeIngredientMissing, codeIngredientSigMissing}
)

func (r *Report) invalidFinding() evidence.Finding {
	s := r.Summary
	failed := func(codes []string) bool {
		return slices.ContainsFunc(s.Validation, func(c string) bool {
			return slices.Contains(codes, c) && !(r.unread && c == codeSignatureBad)
		})
	}
	f := evidence.Finding{Code: evidence.ProvenanceC2PAInvalid, Stance: evidence.Neutral, Strength: evidence.Note, Measured: r.measured()}
	codes := strings.Join(s.Validation, ", ")
	switch {
	case failed(tamperCodes):
		f.Strength, f.Stance = evidence.Strong, evidence.Against
		f.Text = text.Text{
			EN: "The file's Content Credentials were changed after they were signed (" + codes + "). Re-saving a photo does not do this. It does not show what was changed in the picture, or by whom.",
			ZH: "文件的内容凭证在签署之后被改动（" + codes + "）。普通的重新保存不会造成这种结果。这并不说明画面中改动了什么、由谁改动。",
		}
	case failed(movedCodes):
		f.Strength, f.Stance = evidence.Weak, evidence.Against
		f.Text = text.Text{
			EN: "The file is no longer the one its Content Credentials were signed for (" + codes + "). An edit does this, and so does a harmless app that rotates, shrinks or re-saves photos.",
			ZH: "文件已不是内容凭证所签署的那一份（" + codes + "）。修图会造成这种结果，普通应用的旋转、压缩、另存也会。",
		}
	case failed(lostCodes):
		f.Strength = evidence.Weak
		f.Text = text.Text{
			EN: "The Content Credentials name a source whose own credentials are missing from the file (" + codes + "). Its part of the history cannot be checked.",
			ZH: "内容凭证提到的某个素材，其自身凭证不在文件中（" + codes + "），这部分来历无法核对。",
		}
	default:
		f.Text = text.Text{
			EN: "The file carries Content Credentials that do not fully validate (" + codes + "). This concerns the credentials or their certificate and says nothing against the picture.",
			ZH: "文件带有内容凭证，但未完全通过验证（" + codes + "）。这只涉及凭证或其证书，不构成对图片的怀疑。",
		}
	}
	return f
}

func (r *Report) cameraFinding() evidence.Finding {
	s := r.Summary
	return evidence.Finding{
		Code: evidence.ProvenanceC2PACamera, Strength: evidence.Strong, Stance: evidence.For, Measured: r.measured(),
		Text: text.Text{
			EN: fmt.Sprintf("The file is as a camera or capture app signed it: %s, on the trust list, one capture, no edit recorded, all hashes intact. It does not prove what stood before the lens; a screen or a print can be photographed too.", quoted(s.Signer)),
			ZH: fmt.Sprintf("文件与相机或拍摄应用签署时一致：签名方“%s”在信任列表内，为单次拍摄，无编辑记录，哈希全部吻合。但这不能证明镜头前是什么，屏幕或印刷品同样可以被拍摄。", s.Signer),
		},
	}
}

func quoted(signer string) string {
	if signer == "" {
		return "an unnamed signer"
	}
	return "“" + signer + "”"
}
