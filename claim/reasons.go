package claim

// ReasonCode is why a person ruled as they did; it is stable API.
type ReasonCode string

// ReasonWords is a reason code with its words and the outcomes it may go with.
type ReasonWords struct {
	Code     ReasonCode
	EN, ZH   string
	Outcomes []Outcome
	// Inner reasons would teach evasion if told in full: parties read the
	// general words given here, reviewers the findings behind them.
	Inner bool
}

// ReasonCodes is the table of reasons that a decision can carry.
var ReasonCodes = []ReasonWords{
	{Code: "damage_shown", EN: "The evidence shows the damage.", ZH: "证据能证明商品破损。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "wrong_goods_shown", EN: "The evidence shows that other goods arrived.", ZH: "证据能证明收到的商品与订单不符。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "missing_shown", EN: "It is credible that something was missing from the parcel.", ZH: "少件情况可信。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "quality_shown", EN: "The evidence shows the fault.", ZH: "证据能证明质量问题。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "spoiled_shown", EN: "The goods had gone bad or were past their date.", ZH: "商品确已变质或过期。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "unlike_description", EN: "The goods differ from their description.", ZH: "商品与描述不符。", Outcomes: []Outcome{Granted, Partly}},
	{Code: "merchant_silent", EN: "The merchant did not answer in time, and nothing speaks against the claim.", ZH: "商家未在时限内答复，且没有不利于该申请的情况。", Outcomes: []Outcome{Granted, Partly, Settled}},
	{Code: "merchant_agrees", EN: "The merchant agrees.", ZH: "商家同意。", Outcomes: []Outcome{Granted, Partly, Settled}},
	{Code: "offer_accepted", EN: "The buyer accepted the offer.", ZH: "买家接受了协商方案。", Outcomes: []Outcome{Settled}},
	{Code: "standing_consent", EN: "The merchant has agreed beforehand to claims like this one.", ZH: "商家已事先同意此类申请直接处理。", Outcomes: []Outcome{Settled}},
	{Code: "partial_loss", EN: "The damage touches only part of the value.", ZH: "损失仅涉及部分价值。", Outcomes: []Outcome{Partly}},
	{Code: "return_first", EN: "The goods can be sent back, so they are returned before money is.", ZH: "商品可以退回，先退货再退款。", Outcomes: []Outcome{Partly}},
	{Code: "not_genuine", EN: "A reviewer found that the evidence does not show what arrived.", ZH: "经人工审核，证据未能反映收到商品的真实状况。", Outcomes: []Outcome{Refused}, Inner: true},
	{Code: "used_before", EN: "A reviewer found that the evidence belongs to another case.", ZH: "经人工审核，证据来自其他申请。", Outcomes: []Outcome{Refused}, Inner: true},
	{Code: "packing_shows_intact", EN: "The merchant's packing record shows the goods whole and complete.", ZH: "商家的打包记录显示商品完好齐全。", Outcomes: []Outcome{Refused, Partly}},
	{Code: "not_shown", EN: "The evidence does not show the fault, also after it was asked for.", ZH: "证据未能证明所述问题，补充后仍不足。", Outcomes: []Outcome{Refused, Partly}},
	{Code: "out_of_scope", EN: "The rules that both sides agreed to do not cover this.", ZH: "不在双方约定的售后范围内。", Outcomes: []Outcome{Refused}},
	{Code: "use_damage", EN: "The fault comes from use after delivery.", ZH: "问题系签收后使用造成。", Outcomes: []Outcome{Refused, Partly}},
	{Code: "delivered_as_ordered", EN: "The goods arrived as ordered.", ZH: "商品已按订单送达。", Outcomes: []Outcome{Refused}},
	{Code: "appeal_new_evidence", EN: "New evidence in the appeal changes the picture.", ZH: "申诉中的新证据改变了判断。", Outcomes: []Outcome{Granted, Partly, Refused}},
	{Code: "appeal_error", EN: "The first decision was mistaken.", ZH: "首次裁决有误。", Outcomes: []Outcome{Granted, Partly, Refused}},
	{Code: "appeal_confirmed", EN: "A second person looked at everything again and came to the same result.", ZH: "另一位审核员重新审阅后维持原裁决。", Outcomes: []Outcome{Granted, Partly, Refused}},
	{Code: "buyer_silent", EN: "The buyer did not come back in time with what was asked for; it can be taken up again on appeal.", ZH: "买家未在时限内补充材料，可通过申诉重新处理。", Outcomes: []Outcome{Lapsed}},
}

// Words finds a reason code's row; ok is false where there is none such.
func Words(code ReasonCode) (w ReasonWords, ok bool) {
	for _, w := range ReasonCodes {
		if w.Code == code {
			return w, true
		}
	}
	return ReasonWords{}, false
}
