package server

import (
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/evenhand/evenhand/text"
)

// saying is how one of huma's messages is said here. Its words have %1 and %2
// where the message has its values.
type saying struct {
	message string // huma's format
	code    string
	words   text.Text
}

// sayings lists all of huma's messages. A message that is not here is said in
// general words; a test sees to it that none is.
var sayings = []saying{
	{validation.MsgUnexpectedProperty, "unknown", text.Text{EN: "There is no such field; leave it out.", ZH: "没有该字段，请删除。"}},
	{validation.MsgExpectedRFC3339DateTime, "time", text.Text{EN: "Write a time such as 2026-11-23T08:00:00Z.", ZH: "请填写时间，如 2026-11-23T08:00:00Z。"}},
	{validation.MsgExpectedRFC1123DateTime, "time", text.Text{EN: "Write a time such as Mon, 23 Nov 2026 08:00:00 GMT.", ZH: "请填写时间，如 Mon, 23 Nov 2026 08:00:00 GMT。"}},
	{validation.MsgExpectedRFC3339Date, "date", text.Text{EN: "Write a date such as 2026-11-23.", ZH: "请填写日期，如 2026-11-23。"}},
	{validation.MsgExpectedRFC3339Time, "time", text.Text{EN: "Write a time of day such as 08:00:00Z.", ZH: "请填写时刻，如 08:00:00Z。"}},
	{validation.MsgExpectedRFC5322Email, "email", text.Text{EN: "Write an e-mail address such as li@example.com.", ZH: "请填写邮箱地址，如 li@example.com。"}},
	{validation.MsgExpectedRFC5890Hostname, "host", text.Text{EN: "Write a host name such as shop.example.com.", ZH: "请填写主机名，如 shop.example.com。"}},
	{validation.MsgExpectedRFC2673IPv4, "address", text.Text{EN: "Write an IPv4 address.", ZH: "请填写 IPv4 地址。"}},
	{validation.MsgExpectedRFC2373IPv6, "address", text.Text{EN: "Write an IPv6 address.", ZH: "请填写 IPv6 地址。"}},
	{validation.MsgExpectedRFCIPAddr, "address", text.Text{EN: "Write an IP address.", ZH: "请填写 IP 地址。"}},
	{validation.MsgExpectedRFC3986URI, "url", text.Text{EN: "Write an address such as https://example.com/hook.", ZH: "请填写网址，如 https://example.com/hook。"}},
	{validation.MsgExpectedRFC4122UUID, "uuid", text.Text{EN: "Write a UUID.", ZH: "请填写 UUID。"}},
	{validation.MsgExpectedRFC6570URITemplate, "url", text.Text{EN: "Write a URI template.", ZH: "请填写 URI 模板。"}},
	{validation.MsgExpectedRFC6901JSONPointer, "pointer", text.Text{EN: "Write a JSON pointer.", ZH: "请填写 JSON 指针。"}},
	{validation.MsgExpectedRFC6901RelativeJSONPointer, "pointer", text.Text{EN: "Write a relative JSON pointer.", ZH: "请填写相对 JSON 指针。"}},
	{validation.MsgExpectedRegexp, "pattern", text.Text{EN: "Write a regular expression.", ZH: "请填写正则表达式。"}},
	{validation.MsgExpectedMatchAtLeastOneSchema, "shape", text.Text{EN: "This has none of the shapes that are possible here.", ZH: "不符合任何一种允许的格式。"}},
	{validation.MsgExpectedMatchExactlyOneSchema, "shape", text.Text{EN: "This must have exactly one of the shapes that are possible here.", ZH: "须恰好符合一种允许的格式。"}},
	{"expected value to match exactly one schema but matched multiple", "shape", text.Text{EN: "This must have exactly one of the shapes that are possible here.", ZH: "须恰好符合一种允许的格式。"}},
	{validation.MsgExpectedNotMatchSchema, "shape", text.Text{EN: "This has a shape that is not allowed here.", ZH: "不允许使用该格式。"}},
	{validation.MsgExpectedPropertyNameInObject, "missing", text.Text{EN: "The field that says which kind this is is missing.", ZH: "缺少用于区分类型的字段。"}},
	{validation.MsgExpectedBoolean, "type", text.Text{EN: "Write true or false.", ZH: "请填写 true 或 false。"}},
	{validation.MsgExpectedDuration, "type", text.Text{EN: "Write a duration such as 48h.", ZH: "请填写时长，如 48h。"}},
	{validation.MsgExpectedNumber, "type", text.Text{EN: "Write a number.", ZH: "请填写数字。"}},
	{validation.MsgExpectedInteger, "type", text.Text{EN: "Write a whole number.", ZH: "请填写整数。"}},
	{validation.MsgExpectedString, "type", text.Text{EN: "Write text, in quotation marks.", ZH: "请填写文本（带引号）。"}},
	{validation.MsgExpectedBase64String, "type", text.Text{EN: "Write base64.", ZH: "请填写 base64 编码内容。"}},
	{validation.MsgExpectedArray, "type", text.Text{EN: "Write a list, in square brackets.", ZH: "请填写列表（方括号）。"}},
	{validation.MsgExpectedObject, "type", text.Text{EN: "Write an object, in braces.", ZH: "请填写对象（花括号）。"}},
	{validation.MsgExpectedArrayItemsUnique, "twice", text.Text{EN: "Name each thing once.", ZH: "列表中不能有重复项。"}},
	{validation.MsgExpectedOneOf, "choice", text.Text{EN: "Choose one of: %1.", ZH: "可选值：%1。"}},
	{validation.MsgExpectedMinimumNumber, "range", text.Text{EN: "At least %1.", ZH: "不得小于 %1。"}},
	{validation.MsgExpectedExclusiveMinimumNumber, "range", text.Text{EN: "More than %1.", ZH: "须大于 %1。"}},
	{validation.MsgExpectedMaximumNumber, "range", text.Text{EN: "At most %1.", ZH: "不得大于 %1。"}},
	{validation.MsgExpectedExclusiveMaximumNumber, "range", text.Text{EN: "Less than %1.", ZH: "须小于 %1。"}},
	{validation.MsgExpectedNumberBeMultipleOf, "range", text.Text{EN: "A multiple of %1.", ZH: "须为 %1 的倍数。"}},
	{validation.MsgExpectedMinLength, "length", text.Text{EN: "At least %1 characters.", ZH: "至少 %1 个字符。"}},
	{validation.MsgExpectedMaxLength, "length", text.Text{EN: "At most %1 characters.", ZH: "最多 %1 个字符。"}},
	{validation.MsgExpectedMatchPattern, "pattern", text.Text{EN: "This must match %1.", ZH: "须符合格式 %1。"}},
	{validation.MsgExpectedBePattern, "pattern", text.Text{EN: "This must be %1.", ZH: "须为 %1。"}},
	{validation.MsgExpectedMinItems, "count", text.Text{EN: "At least %1 entries.", ZH: "至少 %1 项。"}},
	{validation.MsgExpectedMaxItems, "count", text.Text{EN: "At most %1 entries.", ZH: "最多 %1 项。"}},
	{validation.MsgExpectedMinProperties, "count", text.Text{EN: "At least %1 fields.", ZH: "至少 %1 个字段。"}},
	{validation.MsgExpectedMaxProperties, "count", text.Text{EN: "At most %1 fields.", ZH: "最多 %1 个字段。"}},
	{validation.MsgExpectedRequiredProperty, "missing", text.Text{EN: "The field %1 is missing.", ZH: "缺少字段 %1。"}},
	{validation.MsgExpectedDependentRequiredProperty, "missing", text.Text{EN: "The field %1 is needed beside %2.", ZH: "填写 %2 时须同时填写 %1。"}},
	{"required %v parameter is missing", "missing", text.Text{EN: "This parameter is missing.", ZH: "缺少该参数。"}},
	{"unknown query parameter", "unknown", text.Text{EN: "There is no such parameter; leave it out.", ZH: "没有该参数，请删除。"}},
	{"invalid integer", "type", text.Text{EN: "Write a whole number.", ZH: "请填写整数。"}},
	{"invalid float", "type", text.Text{EN: "Write a number.", ZH: "请填写数字。"}},
	{"invalid boolean", "type", text.Text{EN: "Write true or false.", ZH: "请填写 true 或 false。"}},
	{"invalid date/time%v", "time", text.Text{EN: "Write a time such as 2026-11-23T08:00:00Z.", ZH: "请填写时间，如 2026-11-23T08:00:00Z。"}},
	{msgEncoding, "encoding", text.Text{EN: "The text is not UTF-8, or has a zero character in it.", ZH: "文本不是有效的 UTF-8，或含有空字符。"}},
}

// msgEncoding is our own decoder's message (see format.go).
const msgEncoding = "text is not UTF-8"

// maxMessage is how much is read of a message: ours are shorter.
const maxMessage = 2000

var rxVerb = regexp.MustCompile(`%[dsv]`)

// sayingPatterns are the messages' formats as expressions.
var sayingPatterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(sayings))
	for i, s := range sayings {
		out[i] = regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(rxVerb.ReplaceAllString(s.message, "\x00")), "\x00", `(.*)`) + `$`)
	}
	return out
})

// fieldProblem says one of huma's findings in our words. The value sent is
// never repeated: it may be a secret.
func fieldProblem(l language, d *huma.ErrorDetail) FieldProblem {
	p := FieldProblem{Field: shownField(d.Location), Code: "invalid"}
	message := d.Message[:min(len(d.Message), maxMessage)] // some repeat what was sent
	for i, rx := range sayingPatterns() {
		m := rx.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		p.Code, p.Detail = sayings[i].code, l.in(sayings[i].words)
		for n, v := range m[1:] {
			if len(v) > 300 {
				v = v[:300]
			}
			p.Detail = strings.ReplaceAll(p.Detail, "%"+string(rune('1'+n)), strings.ToValidUTF8(v, ""))
		}
		return p
	}
	if d.Location == "body" {
		p.Code, p.Detail = "json", l.in(text.Text{EN: "The body is not JSON of the shape that is documented.", ZH: "内容不是文档所述格式的 JSON。"})
		return p
	}
	p.Detail = l.in(text.Text{EN: "This cannot be read; see the documentation of the field.", ZH: "无法识别，请查看该字段的文档。"})
	return p
}
