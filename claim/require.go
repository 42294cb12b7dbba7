package claim

import (
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// Requirement is one piece of evidence that a filing needs.
type Requirement struct {
	Purpose evidence.Purpose `json:"purpose"`
	Medium  evidence.Medium  `json:"medium"`
	// Or lists other media that serve as well, such as a video for a photo.
	Or []evidence.Medium `json:"or,omitempty"`
	// Text tells the buyer what to take and why.
	Text text.Text `json:"text"`
}

// VideoFrom is the amount, per currency in minor units, from which a claim of
// damage needs a video; a currency not named needs one always.
type VideoFrom map[string]int64

// DefaultVideoFrom asks for a video from about 500 yuan: below that the
// trouble of making one is worth more than what it protects.
var DefaultVideoFrom = VideoFrom{"CNY": 500_00, "USD": 70_00, "EUR": 65_00, "HKD": 550_00, "JPY": 10_000}

var (
	needWhole = Requirement{Purpose: evidence.Whole, Medium: evidence.Photo, Or: []evidence.Medium{evidence.Video}, Text: text.Text{
		EN: "One photo of the whole article, so that it can be recognised.", ZH: "请拍一张商品整体照片，便于确认是哪件商品。",
	}}
	needClose = Requirement{Purpose: evidence.CloseUp, Medium: evidence.Photo, Text: text.Text{
		EN: "One photo of the fault from near, sharp and in good light.", ZH: "请在光线充足处近距离拍清楚问题部位。",
	}}
	needAngle = Requirement{Purpose: evidence.SecondAngle, Medium: evidence.Photo, Or: []evidence.Medium{evidence.Video}, Text: text.Text{
		EN: "One more photo of the fault from another side: two views are much harder to doubt.", ZH: "请换个角度再拍一张问题部位，两个角度更有说服力。",
	}}
	needVideo = Requirement{Purpose: evidence.Unboxing, Medium: evidence.Video, Text: text.Text{
		EN: "A short video that goes once around the article and shows the fault; it is asked for because of the amount.", ZH: "因金额较高，请拍一段短视频，绕商品一圈并展示问题部位。",
	}}
	needLabel = Requirement{Purpose: evidence.Label, Medium: evidence.Photo, Text: text.Text{
		EN: "One photo of the label or date stamp.", ZH: "请拍一张标签或生产日期照片。",
	}}
	needParcel = Requirement{Purpose: evidence.Label, Medium: evidence.Photo, Text: text.Text{
		EN: "One photo of the parcel with its label, as it came.", ZH: "请拍一张带面单的外包装照片。",
	}}
)

// Requirements lists what a filing of this kind and reason for this amount
// needs. A claim that leaves the goods with the buyer needs a second view,
// because nobody will see them again.
func Requirements(kind Kind, reason Reason, ask money.Money, video VideoFrom) []Requirement {
	var need []Requirement
	switch reason {
	case Damaged, Quality:
		need = []Requirement{needWhole, needClose}
		if kind == RefundOnly || kind == PartialRefund {
			need = append(need, needAngle)
		}
	case WrongItem, NotAsDescribed, Counterfeit:
		need = []Requirement{needWhole, needLabel}
	case Missing:
		need = []Requirement{needWhole, needParcel}
	case Expired:
		need = []Requirement{needWhole, needLabel}
		if kind == RefundOnly {
			need = append(need, needClose)
		}
	case OtherReason:
		need = []Requirement{needWhole}
	case NotReceived:
		return nil
	}
	if limit, named := video[ask.Currency]; kind == RefundOnly && (!named || ask.Amount >= limit) {
		need = append(need, needVideo)
	}
	return need
}

// MissingFrom lists the requirements that the buyer's evidence does not meet.
// One item meets one requirement, and the same bytes sent twice are one item:
// a photo does not become a second angle by being sent again.
func MissingFrom(need []Requirement, have []Exhibit) []Requirement {
	var missing []Requirement
	used := make([]bool, len(have))
	for _, r := range need {
		at := -1
		for i, e := range have {
			if !used[i] && e.Party == Buyer && e.Purpose == r.Purpose && (e.Medium == r.Medium || slices.Contains(r.Or, e.Medium)) {
				at = i
				break
			}
		}
		if at < 0 {
			missing = append(missing, r)
			continue
		}
		for i, e := range have {
			used[i] = used[i] || i == at || e.SHA256 != "" && e.SHA256 == have[at].SHA256
		}
	}
	return missing
}
