package desk

import (
	"errors"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// The codes of refusals that are the desk's own.
const (
	CodeGuarantee  text.Code = "guarantee"  // one of the nine guarantees forbids it
	CodeIncomplete text.Code = "incomplete" // required evidence is missing
	CodeNotice     text.Code = "notice"     // the public notice has not run
	CodeTwoPeople  text.Code = "two_people" // another person must do this
	CodeLease      text.Code = "lease"      // the case is not leased to the caller
	CodeDuplicate  text.Code = "duplicate"  // the very same file is in this filing already
	CodeMedia      text.Code = "media"      // a file is not what it is said to be
	CodeNoPolicy   text.Code = "no_policy"  // no rules are active
	CodeQuota      text.Code = "quota"      // more bytes than a claim or a caller may have kept
)

// Incomplete refuses a filing and lists the evidence that it lacks.
type Incomplete struct {
	Missing []claim.Requirement
	refusal *text.Refusal
}

func (e *Incomplete) Error() string { return e.refusal.Error() }

// Unwrap is the refusal.
func (e *Incomplete) Unwrap() error { return e.refusal }

func incomplete(missing []claim.Requirement) *Incomplete {
	return &Incomplete{missing, text.Refuse(CodeIncomplete, "evidence", "Some evidence is still missing.", "还缺少部分证据。")}
}

// notFound hides whether a thing exists from those who may not see it.
func notFound() *text.Refusal {
	return text.Refuse(text.CodeNotFound, "", "There is no such thing, or it is not yours to see.", "不存在，或您无权查看。")
}

func forbidden() *text.Refusal {
	return text.Refuse(text.CodeForbidden, "", "Your role does not allow this.", "您的角色无权执行此操作。")
}

// said turns the errors of the store into refusals; the domain's are ones.
func said(err error) error {
	if _, ok := text.AsRefusal(err); ok || err == nil {
		return err
	}
	switch {
	case errors.Is(err, work.ErrNotFound):
		return notFound().Because(err)
	case errors.Is(err, ErrBeyond):
		return text.Refuse(CodeGuarantee, "within", "More cannot be ordered than was paid.", "处理结果的总额不得超过实付金额。").Because(err)
	case errors.Is(err, work.ErrConflict):
		return text.Refuse(text.CodeConflict, "", "Somebody else changed this just now; load it again.", "刚刚已被他人更改，请刷新后重试。").Because(err)
	}
	return err
}
