package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Problem is every answer that is not a success: RFC 9457, in the caller's
// language. Code is stable; the words are not.
type Problem struct {
	Type   string `json:"type" doc:"Where the code is explained"`
	Title  string `json:"title" doc:"What kind of problem, in the caller's language"`
	Status int    `json:"status" doc:"The HTTP status"`
	Detail string `json:"detail,omitempty" doc:"What went wrong this time and what to do, in the caller's language"`
	Code   string `json:"code" doc:"Stable name of the kind of problem"`
	// Errors says what to mend, a field a line.
	Errors []FieldProblem `json:"errors,omitempty" doc:"What to mend, one entry a field"`
	// Missing lists the evidence that a filing lacks, with code incomplete.
	Missing   []claim.Requirement `json:"missing,omitempty" doc:"The evidence that a filing lacks"`
	RequestID string              `json:"request_id,omitempty" doc:"Name it when you ask for help"`

	retryAfter int // seconds; 0: no header
}

// FieldProblem is one thing to mend.
type FieldProblem struct {
	Field  string `json:"field" doc:"Where: body.lines[0].price, query.limit, path.id, header.If-Match"`
	Code   string `json:"code" doc:"Stable name of what is wrong"`
	Detail string `json:"detail" doc:"What is wrong, and what would be right, in the caller's language"`
	Line   int    `json:"line,omitempty" doc:"In the text of a policy: line, from 1"`
	Column int    `json:"column,omitempty" doc:"In the text of a policy: column in characters, from 1"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus makes huma answer with this status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma name the type of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders makes huma send Retry-After.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

// The codes that are the server's own; desk and desk/account have theirs.
const (
	codeBadRequest  text.Code = "bad_request"
	codeValidation  text.Code = "validation"
	codeNoRoute     text.Code = "no_such_route"
	codeMethod      text.Code = "method_not_allowed"
	codeAcceptable  text.Code = "not_acceptable"
	codeTimeout     text.Code = "timeout"
	codeMediaType   text.Code = "unsupported_media_type"
	codeMismatch    text.Code = "idempotency_mismatch"
	codeInProgress  text.Code = "idempotency_in_progress"
	codeBadKey      text.Code = "idempotency_key"
	codePrecondNeed text.Code = "if_match_needed"
	codePrecondFail text.Code = "if_match_failed"
	codeRate        text.Code = "rate_limited"
	codeCSRF        text.Code = "csrf"
	codeScope       text.Code = "scope"
	codeCursor      text.Code = "cursor"
	codeInternal    text.Code = "internal"
	codeUnavailable text.Code = "unavailable"
)

// kindOfProblem is one row of the one table that maps codes to HTTP.
type kindOfProblem struct {
	status int
	title  text.Text
}

// kinds maps every code to a status and a title.
var kinds = map[text.Code]kindOfProblem{
	text.CodeInvalid:       {422, text.Text{EN: "A value is not valid", ZH: "内容有误"}},
	text.CodeNotFound:      {404, text.Text{EN: "Not found", ZH: "未找到"}},
	text.CodeForbidden:     {403, text.Text{EN: "Not allowed", ZH: "无权操作"}},
	text.CodeIllegal:       {409, text.Text{EN: "Not possible now", ZH: "当前无法操作"}},
	desk.CodeGuarantee:     {409, text.Text{EN: "A guarantee forbids this", ZH: "违反平台承诺"}},
	text.CodeConflict:      {409, text.Text{EN: "Changed meanwhile", ZH: "内容已变更"}},
	text.CodeExists:        {409, text.Text{EN: "Exists already", ZH: "已存在"}},
	desk.CodeIncomplete:    {422, text.Text{EN: "Evidence is missing", ZH: "证据不齐"}},
	desk.CodeNotice:        {409, text.Text{EN: "The public notice has not run", ZH: "公示期未满"}},
	desk.CodeTwoPeople:     {409, text.Text{EN: "Another person must do this", ZH: "须由另一人操作"}},
	desk.CodeLease:         {409, text.Text{EN: "The case is not yours", ZH: "案件不在您手中"}},
	text.CodeTooLarge:      {413, text.Text{EN: "Too large", ZH: "内容过大"}},
	desk.CodeDuplicate:     {422, text.Text{EN: "This file is there already", ZH: "该文件已提交过"}},
	desk.CodeMedia:         {422, text.Text{EN: "Not the kind of file it is said to be", ZH: "文件类型不符"}},
	gallery.CodeNoCopy:     {415, text.Text{EN: "No copy without metadata", ZH: "无法生成去除元数据的副本"}},
	gallery.CodeNotPicture: {415, text.Text{EN: "Not a picture", ZH: "不是图片"}},
	desk.CodeQuota:         {413, text.Text{EN: "More than may be kept", ZH: "超出可保存的总量"}},
	text.CodeNoRoom:        {507, text.Text{EN: "There is no room left here", ZH: "存储空间不足"}},
	desk.CodeNoPolicy:      {503, text.Text{EN: "No rules are active", ZH: "没有生效的规则"}},

	account.CodeSignedOut:    {401, text.Text{EN: "Not signed in", ZH: "未登录"}},
	account.CodeSignIn:       {401, text.Text{EN: "Sign-in failed", ZH: "登录失败"}},
	account.CodeSecondFactor: {401, text.Text{EN: "The code is not right", ZH: "验证码不正确"}},
	account.CodeSlowDown:     {429, text.Text{EN: "Too many attempts", ZH: "尝试次数过多"}},
	account.CodeConfirm:      {403, text.Text{EN: "Show again who you are", ZH: "请再次验证身份"}},
	account.CodeExpired:      {401, text.Text{EN: "The link is not valid any more", ZH: "链接已失效"}},
	account.CodeProvider:     {401, text.Text{EN: "The provider did not confirm the sign-in", ZH: "外部登录未完成"}},
	account.CodeProviderAway: {503, text.Text{EN: "The provider cannot be reached", ZH: "外部登录服务不可用"}},

	codeBadRequest:  {400, text.Text{EN: "The request cannot be read", ZH: "无法识别的请求"}},
	codeValidation:  {422, text.Text{EN: "Some values are not valid", ZH: "部分内容有误"}},
	codeNoRoute:     {404, text.Text{EN: "There is no such address", ZH: "地址不存在"}},
	codeMethod:      {405, text.Text{EN: "This address does not do that", ZH: "该地址不支持此操作"}},
	codeAcceptable:  {406, text.Text{EN: "Only JSON is to be had here", ZH: "仅提供 JSON 格式"}},
	codeTimeout:     {408, text.Text{EN: "The request took too long", ZH: "请求超时"}},
	codeMediaType:   {415, text.Text{EN: "Only JSON is read here", ZH: "仅接受 JSON 格式"}},
	codeMismatch:    {422, text.Text{EN: "The idempotency key was used for another request", ZH: "幂等键已用于其他请求"}},
	codeInProgress:  {409, text.Text{EN: "The first request with this key is under way", ZH: "相同幂等键的请求正在处理"}},
	codeBadKey:      {400, text.Text{EN: "The idempotency key cannot be used", ZH: "幂等键无效"}},
	codePrecondNeed: {428, text.Text{EN: "Say which version you change", ZH: "请说明所修改的版本"}},
	codePrecondFail: {412, text.Text{EN: "Changed meanwhile", ZH: "内容已变更"}},
	codeRate:        {429, text.Text{EN: "Too many requests", ZH: "请求过于频繁"}},
	codeCSRF:        {403, text.Text{EN: "The request did not come from this site's own pages", ZH: "请求并非来自本站页面"}},
	codeScope:       {403, text.Text{EN: "The key's scopes do not reach this", ZH: "密钥权限不足"}},
	codeCursor:      {400, text.Text{EN: "The cursor is not one of this list", ZH: "翻页标记无效"}},
	codeInternal:    {500, text.Text{EN: "Something went wrong here", ZH: "系统出错"}},
	codeUnavailable: {503, text.Text{EN: "Not ready", ZH: "暂不可用"}},
}

// problemOf turns any error into a problem. What is not a refusal stays here:
// it is kept for the log, and the caller reads that something went wrong.
func problemOf(req *request, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	refusal, ok := text.AsRefusal(err)
	if !ok {
		refusal = technical(err)
		req.cause = degraded(refusal.Code, err)
	}
	kind, known := kinds[refusal.Code]
	if refusal.Code == codeInternal || !known {
		req.cause = err
		kind = kinds[codeInternal]
		refusal = errInternal()
	}
	p = newProblem(req, refusal.Code, kind.status)
	p.Detail = req.Language.in(refusal.Text)
	var incomplete *desk.Incomplete
	if errors.As(err, &incomplete) {
		p.Missing = incomplete.Missing
	}
	if !ok || refusal.Code == text.CodeNoRoom {
		p.retryAfter = waitFor[refusal.Code]
	}
	if refusal.Field != "" {
		p.Errors = []FieldProblem{{Field: shownField(fieldName(refusal.Field)), Code: string(refusal.Code), Detail: p.Detail}}
	}
	var slow *account.SlowDown
	if errors.As(err, &slow) {
		p.retryAfter = max(1, int(math.Ceil(slow.After.Seconds())))
	}
	return p
}

// fieldName puts a bare field of desk's into the body, where it came from.
func fieldName(f string) string {
	for _, in := range []string{"body.", "query.", "path.", "header."} {
		if strings.HasPrefix(f, in) {
			return f
		}
	}
	return "body." + f
}

// technical finds words for errors that nobody meant as an answer.
func technical(err error) *text.Refusal {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, work.ErrFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return text.Refuse(text.CodeNoRoom, "", "Nothing can be kept here at the moment, for there is no room left; whoever runs the desk has been told. Try again later.", "存储空间不足，暂时无法保存任何内容，已通知运维人员，请稍后重试。")
	case errors.Is(err, context.DeadlineExceeded):
		return text.Refuse(codeUnavailable, "", "This took longer than is waited for. Part of it may have been done: look before you send it again.", "处理超时，可能已部分完成，请先查看结果再决定是否重试。")
	case errors.Is(err, work.ErrAway):
		return text.Refuse(codeUnavailable, "", "What the desk keeps cannot be reached at the moment. Look whether it was done, and try again in a moment.", "暂时无法访问数据，请稍后先查看是否已生效，再重试。")
	case isSlow(err):
		return text.Refuse(codeTimeout, "", "The request took too long to arrive.", "请求接收超时。")
	case errors.As(err, &tooLarge), errors.Is(err, desk.ErrTooLarge):
		return text.Refuse(text.CodeTooLarge, "", "The request is larger than what is read here.", "请求内容超过上限。")
	case errors.Is(err, work.ErrNotFound):
		return text.Refuse(text.CodeNotFound, "", "There is no such thing, or it is not yours to see.", "不存在，或您无权查看。")
	case errors.Is(err, work.ErrConflict):
		return text.Refuse(text.CodeConflict, "", "Somebody else changed this just now; load it again.", "刚刚已被他人更改，请刷新后重试。")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return text.Refuse(codeBadRequest, "", "The request ended before it was whole.", "请求不完整。")
	}
	return errInternal()
}

// How long a caller is told to wait, in seconds: until a database has been
// restarted, or somebody has made room.
const (
	awayWait = 5
	fullWait = 600
)

var waitFor = map[text.Code]int{codeUnavailable: awayWait, text.CodeNoRoom: fullWait}

// degraded is what the log is told of an error that is the surroundings', nil
// where it is the request's own.
func degraded(code text.Code, err error) error {
	if waitFor[code] == 0 {
		return nil
	}
	return err
}

func errInternal() *text.Refusal {
	return text.Refuse(codeInternal, "", "It has been noted. Try again later, and name the request id if you ask for help.", "问题已记录，请稍后重试；如需帮助，请提供请求编号。")
}

func newProblem(req *request, code text.Code, status int) *Problem {
	return &Problem{Type: "/docs#problem-" + string(code), Title: req.Language.in(kinds[code].title), Status: status, Code: string(code), RequestID: req.ID}
}

// fail answers with a problem, for handlers outside huma.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(requestOf(r.Context()), err)
	h := w.Header()
	for k, v := range p.GetHeaders() {
		h[k] = v
	}
	h.Del("Content-Length")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // the client may be gone; there is nobody else to tell
}

// huma makes its errors by two variables; these say them in our way. They are
// set once, before anything runs, and hold no state.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return humaProblem(requestOf(ctx.Context()), status, msg, errs)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaProblem(&request{Language: english}, status, msg, errs)
	}
}

// humaProblem says what huma found wrong.
func humaProblem(req *request, status int, msg string, errs []error) *Problem {
	for _, err := range errs {
		if _, ok := err.(huma.ErrorDetailer); !ok && err != nil {
			return problemOf(req, err)
		}
	}
	switch {
	case status == 0: // huma asks for the type alone
		return &Problem{}
	case status == http.StatusRequestEntityTooLarge:
		return problemOf(req, desk.ErrTooLarge)
	case status == http.StatusRequestTimeout:
		return problemOf(req, text.Refuse(codeTimeout, "", "The request took too long to arrive.", "请求接收超时。"))
	case status == http.StatusUnsupportedMediaType:
		return problemOf(req, text.Refuse(codeMediaType, "header.Content-Type", "Send application/json.", "请使用 application/json。"))
	case status == http.StatusNotAcceptable:
		return problemOf(req, errNotAcceptable())
	case status == http.StatusBadRequest && msg == "request body is required":
		return problemOf(req, text.Refuse(codeBadRequest, "body.", "Send a JSON body.", "请提供 JSON 内容。"))
	case status >= 500:
		return problemOf(req, errors.New(msg))
	}
	code := codeValidation
	if status == http.StatusBadRequest {
		code = codeBadRequest
	}
	p := newProblem(req, code, status)
	p.Detail = req.Language.in(text.Text{EN: "Mend what is listed under errors and send it again.", ZH: "请按 errors 中的提示修改后重新提交。"})
	for _, err := range errs[:min(len(errs), maxProblems)] {
		if d, ok := err.(huma.ErrorDetailer); ok {
			p.Errors = append(p.Errors, fieldProblem(req.Language, d.ErrorDetail()))
		}
	}
	if n := len(errs); n > maxProblems {
		p.Detail = req.Language.in(text.Both(
			fmt.Sprintf("Mend what is listed under errors and send it again. These are the first %d of %d.", maxProblems, n),
			fmt.Sprintf("请按 errors 中的提示修改后重新提交；共 %[2]d 处，此处列出前 %[1]d 处。", maxProblems, n)))
	}
	return p
}

// maxProblems is how many are listed of what is wrong with one request; nobody
// mends more at once. How many there can be at all is bounded by shaped.
const maxProblems = 50

// maxField is how much of a field's place is told, in bytes: its name may come
// from the request, and be as long as that.
const maxField = 200

// shownField is where a field is, fit to be told.
func shownField(location string) string {
	if len(location) > maxField {
		location = location[:maxField] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(location, ""))
}

func errNotAcceptable() *text.Refusal {
	return text.Refuse(codeAcceptable, "header.Accept", "Ask for application/json.", "请接受 application/json。")
}
