package desk

import (
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
)

// Code names a kind of refusal; it is stable API.
type Code string

// The codes.
const (
	CodeInvalid    Code = "invalid"    // a field is wrong; Field names it
	CodeNotFound   Code = "not_found"  // there is none, or it is not the caller's to see
	CodeForbidden  Code = "forbidden"  // the caller's role does not do this
	CodeIllegal    Code = "not_now"    // the claim's state does not allow it
	CodeGuarantee  Code = "guarantee"  // one of the nine guarantees forbids it
	CodeConflict   Code = "conflict"   // somebody else changed it first
	CodeExists     Code = "exists"     // there is one already
	CodeIncomplete Code = "incomplete" // required evidence is missing
	CodeNotice     Code = "notice"     // the public notice has not run
	CodeTwoPeople  Code = "two_people" // another person must do this
	CodeLease      Code = "lease"      // the case is not leased to the caller
	CodeTooLarge   Code = "too_large"  // beyond a limit
	CodeDuplicate  Code = "duplicate"  // the very same file is in this filing already
	CodeMedia      Code = "media"      // a file is not what it is said to be
	CodeNoPolicy   Code = "no_policy"  // no rules are active
	CodeQuota      Code = "quota"      // more bytes than a claim or a caller may have kept
	CodeNoRoom     Code = "no_room"    // the disk has no room, or none for uploads
)

// Error is a refusal that a person can act upon.
type Error struct {
	Code  Code
	Field string // what to mend, such as "lines[0].price"; may be empty
	Text  text.Text
	// Missing lists the evidence that a filing lacks, with CodeIncomplete.
	Missing []claim.Requirement
	err     error
}

func (e *Error) Error() string {
	if e.Field != "" {
		return string(e.Code) + ": " + e.Field + ": " + e.Text.EN
	}
	return string(e.Code) + ": " + e.Text.EN
}

// Unwrap is the cause, if there is one.
func (e *Error) Unwrap() error { return e.err }

func refuse(code Code, field, en, zh string) *Error {
	return &Error{Code: code, Field: field, Text: text.Text{EN: en, ZH: zh}}
}

// notFound hides whether a thing exists from those who may not see it.
func notFound() *Error {
	return refuse(CodeNotFound, "", "There is no such thing, or it is not yours to see.", "不存在，或您无权查看。")
}

func forbidden() *Error {
	return refuse(CodeForbidden, "", "Your role does not allow this.", "您的角色无权执行此操作。")
}

// As finds the refusal in err; ok is false where err is something else, such
// as a failing database.
func As(err error) (e *Error, ok bool) { ok = errors.As(err, &e); return e, ok }

// said turns the errors of the domain and the store into refusals.
func said(err error) error {
	var e *Error
	var illegal *claim.IllegalError
	switch {
	case err == nil || errors.As(err, &e):
		return err
	case errors.As(err, &illegal):
		out := refuse(CodeIllegal, "", "This is not possible now: "+illegal.Error()+".", illegalZH(illegal))
		out.err = err
		return out
	case errors.Is(err, ErrNotFound):
		out := notFound()
		out.err = err
		return out
	case errors.Is(err, ErrBeyond):
		out := refuse(CodeGuarantee, "within", "More cannot be ordered than was paid.", guaranteeZH["within"])
		out.err = err
		return out
	case errors.Is(err, ErrConflict):
		out := refuse(CodeConflict, "", "Somebody else changed this just now; load it again.", "刚刚已被他人更改，请刷新后重试。")
		out.err = err
		return out
	}
	return err
}

// reasonsZH says the domain's reasons in Chinese.
var reasonsZH = map[string]string{
	"an offer must be in the claim's currency and not above what was asked for":                             "方案的币种须与申请一致，金额不得超过申请金额",
	"the buyer has sent no such piece of evidence":                                                          "买家没有提交过这份证据",
	"there is no open offer":                                                                                "当前没有待答复的方案",
	"no window of that kind leads on":                                                                       "该时限不会推进流程",
	"a decision has been proposed already; confirm it or return it":                                         "已有待确认的判断，请确认或退回",
	"only another reviewer can return a proposal, and there must be one":                                    "只有另一位审核员才能退回判断，且须有待确认的判断",
	"outcome must be granted, partly or refused":                                                            "裁决结果须为支持、部分支持或不支持",
	"a decision needs at least one reason code":                                                             "裁决至少需要一个理由",
	"a refusal has no remedy":                                                                               "不支持时不能带处理结果",
	"granted means what was asked for; use partly for anything else":                                        "“支持”即按申请处理，其他情况请选“部分支持”",
	"the merchant has been heard already":                                                                   "商家已经答复过",
	"the second decision is final":                                                                          "第二次裁决为最终裁决",
	"a claim holds at most 100 pieces of evidence":                                                          "每个申请最多 100 份证据",
	"no such clock is running":                                                                              "没有正在计时的该项时限",
	"an extension needs a reason":                                                                           "延长时限须说明原因",
	"the new time must lie after the old one":                                                               "新的截止时间须晚于原时间",
	"a window can be moved three times, by 14 days each":                                                    "时限最多延长三次，每次不超过 14 天",
	"an offer to pay back must be more than 0":                                                              "退款方案的金额须大于 0",
	"a remedy that pays back must be more than 0":                                                           "退款的金额须大于 0",
	"nothing is left of what was paid for these goods":                                                      "所选商品已付的款项已无余额可退",
	"no remedy has been ordered that could fail":                                                            "没有已安排执行的处理结果",
	"no remedy has failed that could be ordered again":                                                      "没有执行失败的处理结果可再次安排",
	"this claim was ordered in several parts; name one by its number, the no of data.remedy in its message": "该申请分几次下达了处理结果，请填写序号，即消息中 data.remedy 的 no",
	"no remedy is waiting to be carried out":                                                                "没有待执行的处理结果",
	"the remedy must be of a known kind, in the claim's currency, and not above what was asked for":         "处理结果的类型和币种须有效，金额不得超过申请金额",
}

func illegalZH(e *claim.IllegalError) string {
	if zh, ok := reasonsZH[e.Reason]; ok {
		return "暂时无法操作：" + zh + "。"
	}
	var reason, outcome string
	if _, err := fmt.Sscanf(e.Reason, "reason %s does not go with the outcome %s", &reason, &outcome); err == nil {
		return "暂时无法操作：理由 " + reason + " 与结果 " + outcome + " 不符。"
	}
	return "申请当前的状态不允许此操作。"
}
