package text

import "errors"

// Code names a kind of refusal; it is stable API.
type Code string

// The codes that any subject may need; what is a subject's own stands with it.
const (
	CodeInvalid   Code = "invalid"   // a field is wrong; Field names it
	CodeNotFound  Code = "not_found" // there is none, or it is not the caller's to see
	CodeForbidden Code = "forbidden" // the caller's role does not do this
	CodeIllegal   Code = "not_now"   // the state of the thing does not allow it
	CodeConflict  Code = "conflict"  // somebody else changed it first
	CodeExists    Code = "exists"    // there is one already
	CodeTooLarge  Code = "too_large" // beyond a limit
	CodeNoRoom    Code = "no_room"   // the disk has no room, or none for uploads
)

// Refusal is an error that a person can act upon. It carries both languages
// from where it is made: nobody above could find the words again.
type Refusal struct {
	Code  Code
	Field string // what to mend, such as "lines[0].price"; may be empty
	Text  Text
	cause error
}

// Refuse makes a refusal.
func Refuse(code Code, field, en, zh string) *Refusal {
	return &Refusal{Code: code, Field: field, Text: Text{EN: en, ZH: zh}}
}

// Because is the refusal with the error that led to it, which the log reads and
// the person does not.
func (r *Refusal) Because(cause error) *Refusal {
	with := *r
	with.cause = cause
	return &with
}

func (r *Refusal) Error() string {
	if r.Field != "" {
		return string(r.Code) + ": " + r.Field + ": " + r.Text.EN
	}
	return string(r.Code) + ": " + r.Text.EN
}

// Unwrap is the cause, if there is one.
func (r *Refusal) Unwrap() error { return r.cause }

// AsRefusal finds the refusal in err; ok is false where err is something else,
// such as a failing database.
func AsRefusal(err error) (r *Refusal, ok bool) { ok = errors.As(err, &r); return r, ok }
