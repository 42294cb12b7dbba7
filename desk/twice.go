package desk

import (
	"fmt"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// unlikeOthers refuses bytes that the same side has in the claim already, and
// says in which slot they are. What is only nearly the same is for the detectors.
func unlikeOthers(c *claim.Claim, side claim.Party, it evidence.Item) error {
	if it.Medium == evidence.Statement {
		return nil // people repeat what they say
	}
	for _, x := range c.Evidence {
		if x.Party != side || x.SHA256 != it.SHA256 {
			continue
		}
		at := slotWords(x.Purpose)
		if x.Purpose == it.Purpose {
			return text.Refuse(CodeDuplicate, "file",
				fmt.Sprintf("This very file is here already, as “%s”. There is no need to send it again; to show more, take another one.", at.EN),
				fmt.Sprintf("该文件已作为“%s”提交，无需重复上传；如需补充，请另拍一份。", at.ZH))
		}
		return text.Refuse(CodeDuplicate, "file",
			fmt.Sprintf("This very file is here already, as “%s”; “%s” needs another one.", at.EN, slotWords(it.Purpose).EN),
			fmt.Sprintf("该文件已作为“%s”提交，“%s”请另拍一份。", at.ZH, slotWords(it.Purpose).ZH))
	}
	return nil
}

// slotWords are the names of purposes, as the console shows them.
func slotWords(p evidence.Purpose) text.Text {
	switch p {
	case evidence.Whole:
		return text.Text{EN: "The whole article", ZH: "商品全貌"}
	case evidence.CloseUp:
		return text.Text{EN: "The fault, close up", ZH: "问题特写"}
	case evidence.SecondAngle:
		return text.Text{EN: "From another side", ZH: "另一角度"}
	case evidence.Unboxing:
		return text.Text{EN: "Unboxing video", ZH: "开箱视频"}
	case evidence.Destruction:
		return text.Text{EN: "Destruction video", ZH: "销毁视频"}
	case evidence.Label:
		return text.Text{EN: "Label or date stamp", ZH: "面单或批号"}
	case evidence.Packing:
		return text.Text{EN: "Packing record", ZH: "打包记录"}
	case evidence.Listing:
		return text.Text{EN: "Listing picture", ZH: "商品主图"}
	}
	return text.Text{EN: "Other", ZH: "其他"}
}
