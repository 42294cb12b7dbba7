package intake

import (
	"strings"

	"github.com/evenhand/evenhand/claim"
)

// The words by which platforms and people name kinds of claim and reasons.
// Those of Taobao, JD, Pinduoduo and Douyin are choices as their after-sales
// forms word them, noted down in November 2026 from memory and not checked
// against the forms; a reason that has no
// code of its own is "other", and the story says what it is.

var kindWords = map[string]claim.Kind{
	"仅退款": claim.RefundOnly, "退款": claim.RefundOnly, "我要退款(无需退货)": claim.RefundOnly,
	"我要退款无需退货": claim.RefundOnly, "未发货退款": claim.RefundOnly, "已发货仅退款": claim.RefundOnly,
	"refund only": claim.RefundOnly, "refund": claim.RefundOnly,
	"退货退款": claim.ReturnRefund, "退货": claim.ReturnRefund, "退款退货": claim.ReturnRefund,
	"我要退货退款": claim.ReturnRefund, "return and refund": claim.ReturnRefund, "return": claim.ReturnRefund,
	"换货": claim.Exchange, "我要换货": claim.Exchange, "补寄": claim.Exchange, "补发": claim.Exchange,
	"补发商品": claim.Exchange, "replacement": claim.Exchange,
	"维修": claim.Repair, "返修": claim.Repair, "保修": claim.Repair,
	"部分退款": claim.PartialRefund, "退差价": claim.PartialRefund, "价保": claim.PartialRefund,
	"补偿": claim.PartialRefund, "partial refund": claim.PartialRefund,
}

var reasonWords = map[string]claim.Reason{
	"商品破损": claim.Damaged, "破损": claim.Damaged, "包装/商品破损": claim.Damaged, "包装破损": claim.Damaged,
	"商品损坏": claim.Damaged, "商品破损/污渍": claim.Damaged, "收到商品破损": claim.Damaged, "运输损坏": claim.Damaged,
	"物流破损": claim.Damaged, "外观损坏": claim.Damaged, "污渍": claim.Damaged,
	"发错货": claim.WrongItem, "卖家发错货": claim.WrongItem, "商家发错货": claim.WrongItem, "错发": claim.WrongItem,
	"颜色/款式/型号与描述不符": claim.WrongItem, "尺码发错": claim.WrongItem, "型号不符": claim.WrongItem,
	"少件": claim.Missing, "漏发": claim.Missing, "少件/漏发": claim.Missing, "少件(含少配件)": claim.Missing,
	"商品少件": claim.Missing, "缺件": claim.Missing, "配件缺失": claim.Missing, "少发": claim.Missing,
	"赠品少发":  claim.Missing,
	"与描述不符": claim.NotAsDescribed, "描述不符": claim.NotAsDescribed, "商品与描述不符": claim.NotAsDescribed,
	"商品与页面描述不符": claim.NotAsDescribed, "材质不符": claim.NotAsDescribed, "大小/尺寸与商品描述不符": claim.NotAsDescribed,
	"颜色/图案/款式与商品描述不符": claim.NotAsDescribed, "生产日期/保质期与商品描述不符": claim.NotAsDescribed,
	"质量问题": claim.Quality, "商品质量问题": claim.Quality, "商品质量不好": claim.Quality, "做工粗糙/有瑕疵": claim.Quality,
	"功能/效果不符": claim.Quality, "功能故障": claim.Quality, "性能故障": claim.Quality, "做工问题": claim.Quality,
	"变质": claim.Expired, "过期": claim.Expired, "临期": claim.Expired, "商品变质": claim.Expired,
	"变质/发霉": claim.Expired, "商品腐烂/变质": claim.Expired, "商品过期": claim.Expired, "食品变质": claim.Expired,
	"死亡": claim.Expired, "不新鲜": claim.Expired,
	"未收到货": claim.NotReceived, "没收到货": claim.NotReceived, "快递/物流一直未送到": claim.NotReceived,
	"快递一直未送达": claim.NotReceived, "物流一直未送达": claim.NotReceived, "快递/物流无跟踪记录": claim.NotReceived,
	"空包裹": claim.NotReceived, "空包裹/少货": claim.NotReceived, "未按约定时间发货": claim.NotReceived,
	"货物丢失": claim.NotReceived, "物流丢件": claim.NotReceived,
	"假冒": claim.Counterfeit, "假冒品牌": claim.Counterfeit, "收到假货": claim.Counterfeit, "假货": claim.Counterfeit,
	"假冒伪劣": claim.Counterfeit, "疑似假货": claim.Counterfeit,
	"其他": claim.OtherReason, "其它": claim.OtherReason, "七天无理由": claim.OtherReason, "7天无理由": claim.OtherReason,
	"七天无理由退换货": claim.OtherReason, "7天无理由退换货": claim.OtherReason, "七天无理由退货": claim.OtherReason,
	"不喜欢/不想要": claim.OtherReason, "不想要了": claim.OtherReason, "多拍/拍错/不想要": claim.OtherReason,
	"拍错/多拍": claim.OtherReason, "多买/买错/不想要": claim.OtherReason, "退运费": claim.OtherReason,
	"发票问题": claim.OtherReason,
}

// kindWord and reasonWord take a word for its code, and leave others as they
// are, which desk then refuses by name.
func kindWord(text string) claim.Kind {
	if k, ok := kindWords[plain(text)]; ok {
		return k
	}
	return claim.Kind(strings.ReplaceAll(plain(text), " ", "_"))
}

func reasonWord(text string) claim.Reason {
	if r, ok := reasonWords[plain(text)]; ok {
		return r
	}
	return claim.Reason(strings.ReplaceAll(plain(text), " ", "_"))
}

var kindZH = map[Kind]string{Orders: "订单", Merchants: "商家", Buyers: "买家", Claims: "售后申请"}
