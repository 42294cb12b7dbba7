package policy

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// field is one fact that conditions can read and tests can set.
type field struct {
	name string
	// at points at the fact: *string, *int, *int64, *bool, *float64 or *[]string.
	at func(*claim.Facts) any
	// money marks an amount in minor units of the claim's currency.
	money bool
	// oneOf lists what a string can be; nil where it can be anything.
	oneOf []string
	// inner facts can be set in tests but not read by conditions.
	inner bool
	doc   text.Text
}

// subject is a variable of the conditions with its fields.
type subject struct {
	name   string
	fields []field
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// subjects is the whole of what conditions can read, beside findings, stage,
// against and for_. docs/rules.md is checked against it.
func subjects() []subject {
	return []subject{
		{"claim", []field{
			{name: "id", at: func(f *claim.Facts) any { return &f.Claim.ID }, doc: text.Text{EN: "the claim's id", ZH: "申请编号"}},
			{name: "kind", at: func(f *claim.Facts) any { return (*string)(&f.Claim.Kind) }, oneOf: words(claim.Kinds), doc: text.Text{EN: "what the buyer asks for", ZH: "买家要求的处理方式"}},
			{name: "reason", at: func(f *claim.Facts) any { return (*string)(&f.Claim.Reason) }, oneOf: words(claim.Reasons), doc: text.Text{EN: "why", ZH: "申请原因"}},
			{name: "amount", at: func(f *claim.Facts) any { return &f.Claim.Amount }, money: true, doc: text.Text{EN: "how much is asked for; compare it with an amount", ZH: "申请金额，与某个限额比较"}},
			{name: "currency", at: func(f *claim.Facts) any { return &f.Claim.Currency }, doc: text.Text{EN: "its currency, such as \"CNY\"", ZH: "币种，如 \"CNY\""}},
			{name: "categories", at: func(f *claim.Facts) any { return &f.Claim.Categories }, doc: text.Text{EN: "the platform's words for the goods", ZH: "平台对商品的分类"}},
			{name: "age_hours", at: func(f *claim.Facts) any { return &f.Claim.AgeHours }, doc: text.Text{EN: "hours from delivery to filing; -1 where nothing was delivered", ZH: "签收到申请的小时数；未签收为 -1"}},
			{name: "share", at: func(f *claim.Facts) any { return &f.Claim.Share }, doc: text.Text{EN: "the part of the order's value that is asked for, 0.0 to 1.0", ZH: "申请金额占订单金额的比例，0.0 到 1.0"}},
			{name: "photos", at: func(f *claim.Facts) any { return &f.Claim.Photos }, doc: text.Text{EN: "how many photos the buyer sent", ZH: "买家提交的照片数"}},
			{name: "videos", at: func(f *claim.Facts) any { return &f.Claim.Videos }, doc: text.Text{EN: "how many videos the buyer sent", ZH: "买家提交的视频数"}},
			{name: "missing", at: func(f *claim.Facts) any { return &f.Claim.Missing }, doc: text.Text{EN: "required evidence that is not there", ZH: "尚缺的必需证据"}},
			{name: "asked", at: func(f *claim.Facts) any { return &f.Claim.Asked }, doc: text.Text{EN: "how often the buyer was asked already", ZH: "已请买家补充的次数"}},
			{name: "round", at: func(f *claim.Facts) any { return &f.Claim.Round }, doc: text.Text{EN: "1, and 2 after an appeal", ZH: "第几轮；申诉后为 2"}},
		}},
		{"order", []field{
			{name: "total", at: func(f *claim.Facts) any { return &f.Order.Total }, money: true, doc: text.Text{EN: "what was paid for the order", ZH: "订单实付金额"}},
			{name: "delivered", at: func(f *claim.Facts) any { return &f.Order.Delivered }, doc: text.Text{EN: "whether it was delivered", ZH: "是否已签收"}},
			{name: "packed", at: func(f *claim.Facts) any { return &f.Order.Packed }, doc: text.Text{EN: "packing photos and videos kept with the order", ZH: "随订单留存的打包照片和视频数"}},
		}},
		{"merchant", []field{
			{name: "id", at: func(f *claim.Facts) any { return &f.Merchant.ID }, doc: text.Text{EN: "the merchant's id", ZH: "商家编号"}},
			{name: "consent", at: func(f *claim.Facts) any { return &f.Merchant.Consent }, doc: text.Text{EN: "whether the merchant's standing consent covers this claim", ZH: "商家事先的同意是否涵盖这一申请"}},
			{name: "answer", at: func(f *claim.Facts) any { return &f.Merchant.Answer }, oneOf: []string{"", string(claim.Contests), string(claim.Offers)}, doc: text.Text{EN: "what the merchant said; \"\" where nothing yet", ZH: "商家的答复；尚未答复为 \"\""}},
			{name: "packing", at: func(f *claim.Facts) any { return &f.Merchant.Packing }, doc: text.Text{EN: "pictures the merchant answered with", ZH: "商家答复所附的图片数"}},
			{name: "recent", at: func(f *claim.Facts) any { return &f.Merchant.Recent }, doc: text.Text{EN: "claims against the shop in 30 days", ZH: "该店近 30 天的售后申请数"}},
		}},
		{"buyer", []field{
			{name: "id", at: func(f *claim.Facts) any { return &f.Buyer.ID }, inner: true},
			{name: "orders", at: func(f *claim.Facts) any { return &f.Buyer.Orders }, doc: text.Text{EN: "orders in 365 days", ZH: "近 365 天的订单数"}},
			{name: "claims", at: func(f *claim.Facts) any { return &f.Buyer.Claims }, doc: text.Text{EN: "other claims in 90 days", ZH: "近 90 天的其他售后申请数"}},
			{name: "refunds", at: func(f *claim.Facts) any { return &f.Buyer.Refunds }, doc: text.Text{EN: "of those, refunds without return granted", ZH: "其中获准仅退款的次数"}},
			{name: "confirmed", at: func(f *claim.Facts) any { return &f.Buyer.Confirmed }, doc: text.Text{EN: "claims in 365 days that a person refused as not genuine, not overturned", ZH: "近 365 天经人工认定不实且未被推翻的申请数"}},
		}},
	}
}

// The words a finding's parts can be.
var (
	strengths = []string{string(evidence.Conclusive), string(evidence.Strong), string(evidence.Weak), string(evidence.Note)}
	stances   = []string{string(evidence.Against), string(evidence.For), string(evidence.Neutral)}
	parties   = []string{string(claim.Buyer), string(claim.Merchant)}
)

// findingField is one part of a finding.
type findingField struct {
	name  string
	at    func(*claim.FindingFact) *string
	oneOf []string
	doc   text.Text
}

func findingFields() []findingField {
	return []findingField{
		{"code", func(f *claim.FindingFact) *string { return &f.Code }, nil, text.Text{EN: "what was found, such as \"reference.same_capture\"", ZH: "发现的代码，如 \"reference.same_capture\""}},
		{"strength", func(f *claim.FindingFact) *string { return &f.Strength }, strengths, text.Text{EN: "how much it may be leaned on", ZH: "可信程度"}},
		{"stance", func(f *claim.FindingFact) *string { return &f.Stance }, stances, text.Text{EN: "whom it speaks for", ZH: "对申请有利还是不利"}},
		{"party", func(f *claim.FindingFact) *string { return &f.Party }, parties, text.Text{EN: "whose evidence it is about", ZH: "涉及哪一方的证据"}},
	}
}

// value is the fact as conditions see it.
func (f *field) value(facts *claim.Facts) ref.Val {
	switch p := f.at(facts).(type) {
	case *string:
		return types.String(*p)
	case *int:
		return types.Int(*p)
	case *int64:
		if f.money {
			return sum{money.Money{Amount: *p, Currency: facts.Claim.Currency}}
		}
		return types.Int(*p)
	case *bool:
		return types.Bool(*p)
	case *float64:
		return types.Double(*p)
	case *[]string:
		return types.NewStringList(types.DefaultTypeAdapter, *p)
	}
	return types.NewErr("no such fact: %s", f.name)
}

// kind is the fact's type in conditions.
func (f *field) kind() *types.Type {
	switch f.at(&claim.Facts{}).(type) {
	case *string:
		return types.StringType
	case *bool:
		return types.BoolType
	case *float64:
		return types.DoubleType
	case *[]string:
		return types.NewListType(types.StringType)
	case *int64:
		if f.money {
			return sumType
		}
	}
	return types.IntType
}

// Strongest ranks the findings about the buyer's evidence: the strongest that
// speaks against the claim and the strongest that speaks for it, 0 for none to
// 4 for conclusive. Facts carry these as Against and For.
func Strongest(findings []claim.FindingFact) (against, for_ int) {
	for _, f := range findings {
		rank := evidence.Strength(f.Strength).Rank()
		switch {
		case f.Party != string(claim.Buyer):
		case f.Stance == string(evidence.Against):
			against = max(against, rank)
		case f.Stance == string(evidence.For):
			for_ = max(for_, rank)
		}
	}
	return against, for_
}

// codes lists the findings' codes that a condition can name (stable API of the
// product). Areas in openAreas hold more than are listed.
func codes() []string {
	return []string{
		"reference.same_capture", "reference.shared_graphics", "reference.side_by_side", "reuse.same_capture",
		"provenance.c2pa_ai", "provenance.c2pa_invalid", "provenance.c2pa_camera",
		"provenance.aigc_label", "provenance.generator_trace", "provenance.ai_watermark", "metadata.inconsistent",
		"trace.foreign_grid", "trace.compressed_once", "trace.copy_move", "trace.model_size",
		"capture.live", "angle.consistent", "angle.inconsistent", "angle.unseen",
	}
}

var openAreas = []string{"trace."}

func knownCode(code string) bool {
	return slices.Contains(codes(), code) || slices.ContainsFunc(openAreas, func(area string) bool {
		return len(code) > len(area) && code[:len(area)] == area
	})
}
