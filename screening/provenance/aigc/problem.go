package aigc

import (
	"github.com/evenhand/evenhand/text"
)

// ErrorCode says why a label was not written. The codes are stable.
type ErrorCode string

// Why a label was not written.
const (
	BadLabel        ErrorCode = "bad_label"
	BadProducer     ErrorCode = "bad_producer"
	BadProduceID    ErrorCode = "bad_produce_id"
	BadPropagator   ErrorCode = "bad_propagator"
	BadPropagateID  ErrorCode = "bad_propagate_id"
	HalfPropagator  ErrorCode = "half_propagator"
	BadFormat       ErrorCode = "bad_format"
	BrokenFile      ErrorCode = "broken_file"
	AlreadyLabelled ErrorCode = "already_labelled"
	OddLabel        ErrorCode = "odd_label"
	HasCredentials  ErrorCode = "has_credentials"
	BadXMP          ErrorCode = "bad_xmp"
	XMPTooLong      ErrorCode = "xmp_too_long"
	Fragmented      ErrorCode = "fragmented"
	TooLong         ErrorCode = "too_long"
	Unwritten       ErrorCode = "unwritten"
)

// Error is why a label was not written; nothing was changed.
type Error struct {
	Code ErrorCode
	// Detail is the offending value, or the technical remainder in English.
	Detail string
	// Problem says what is wrong with a code.
	Problem CodeProblem
}

// Error gives the English sentence.
func (e *Error) Error() string { return e.Text().EN }

// Text says what is wrong and what to do about it.
func (e *Error) Text() text.Text {
	t, ok := errorTexts[e.Code]
	if !ok {
		return text.Text{EN: "The label could not be written.", ZH: "标识写入失败。"}
	}
	if p, ok := problemTexts[e.Problem]; ok {
		t.EN, t.ZH = t.EN+p.EN, t.ZH+p.ZH
	}
	if e.Detail != "" {
		t.EN, t.ZH = t.EN+" ("+e.Detail+")", t.ZH+"（"+e.Detail+"）"
	}
	return t
}

var errorTexts = map[ErrorCode]text.Text{
	BadLabel:        {EN: "The label is 1 (generated), 2 (possibly) or 3 (suspected).", ZH: "标识属性只能是 1（属于）、2（可能）或 3（疑似）。"},
	BadProducer:     {EN: "The producer code is not valid: ", ZH: "生成服务提供者编码无效："},
	BadPropagator:   {EN: "The propagator code is not valid: ", ZH: "传播服务提供者编码无效："},
	BadProduceID:    {EN: "The content number must be 1 to 512 visible ASCII characters without \" and \\.", ZH: "内容制作编号须为 1 到 512 个可见 ASCII 字符，不含双引号和反斜杠。"},
	BadPropagateID:  {EN: "The propagation number must be 1 to 512 visible ASCII characters without \" and \\.", ZH: "内容传播编号须为 1 到 512 个可见 ASCII 字符，不含双引号和反斜杠。"},
	HalfPropagator:  {EN: "A propagator needs both its code and its number.", ZH: "传播要素须同时给出传播者编码和传播编号。"},
	BadFormat:       {EN: "Labels are written into JPEG, PNG, WebP and MP4 files only.", ZH: "只能为 JPEG、PNG、WebP 和 MP4 文件写入标识。"},
	BrokenFile:      {EN: "The file is damaged or cut short, so nothing was written.", ZH: "文件已损坏或不完整，未写入任何内容。"},
	AlreadyLabelled: {EN: "The file is labelled already, and the producer's fields must not be changed; to add a propagator, repeat the same label, producer and content number.", ZH: "文件已有标识，其制作要素不得更改；如需添加传播要素，请给出相同的属性、生成服务提供者编码和内容制作编号。"},
	OddLabel:        {EN: "The file's label stands in a place or form that cannot be rewritten safely.", ZH: "文件中已有的标识位置或写法特殊，无法安全改写。"},
	HasCredentials:  {EN: "The file carries signed Content Credentials (C2PA), which no longer match it after any change. Have its signer add the label before signing; --break-credentials writes it all the same.", ZH: "文件带有已签名的内容凭证（C2PA），任何改动都会使凭证与文件不再相符。请由签名方先添加标识再签名；如仍要写入，请加 --break-credentials。"},
	BadXMP:          {EN: "The file's own XMP is damaged and cannot be added to without losing some of it.", ZH: "文件自带的 XMP 元数据已损坏，无法在不丢失内容的情况下添加标识。"},
	XMPTooLong:      {EN: "The file's own XMP leaves no room for the label in its JPEG segment.", ZH: "文件自带的 XMP 元数据过长，JPEG 段内放不下标识。"},
	Fragmented:      {EN: "This MP4 file is fragmented, or points at its data in ways that are not rewritten here; remux it into a plain one first.", ZH: "这是分段式（fragmented）MP4，或使用了此处不改写的数据索引方式，请先转封装为普通 MP4。"},
	TooLong:         {EN: "The file is too long for its own 32-bit offsets after labelling.", ZH: "写入标识后，文件将超出其 32 位偏移量的范围。"},
	Unwritten:       {EN: "The label written could not be read back, so the copy was dropped.", ZH: "写入后的标识校验未通过，副本已丢弃。"},
}

// problemTexts complete the sentence about a bad code.
var problemTexts = map[CodeProblem]text.Text{
	CodeEmpty:      {EN: "it is missing.", ZH: "没有给出。"},
	CodeName:       {EN: "it must be 001, 1, the 18-character unified social credit code and 5 digits.", ZH: "应为 001、1、18 位统一社会信用代码和 5 位数字依次相连。"},
	CodePrefix:     {EN: "it must begin with 0011.", ZH: "应以 0011 开头。"},
	CodeType:       {EN: "its fourth character must be 1, for an organisation.", ZH: "第四位应为 1（组织机构）。"},
	CodeCredit:     {EN: "no unified social credit code of 18 characters follows 0011.", ZH: "0011 之后不是 18 位统一社会信用代码。"},
	CodeCheckDigit: {EN: "the check digit of its unified social credit code is wrong; look for a typing error.", ZH: "统一社会信用代码的校验码不正确，请检查是否录入有误。"},
	CodeSuffix:     {EN: "exactly 5 digits must follow the unified social credit code.", ZH: "统一社会信用代码之后应恰有 5 位数字。"},
}
