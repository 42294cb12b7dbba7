package record

import "strings"

// Subject is what something happened to or what a clock runs for: one thing of
// a kind, such as a claim. Each kind numbers its own.
type Subject struct {
	Kind string // "claim", "policy", "order", "user" …
	ID   string
}

// String is the subject as events name it: "claim/ID".
func (s Subject) String() string { return s.Kind + "/" + s.ID }

// ParseSubject reads what String writes; ok is false where a part is missing.
func ParseSubject(s string) (subject Subject, ok bool) {
	kind, id, _ := strings.Cut(s, "/")
	return Subject{Kind: kind, ID: id}, kind != "" && id != ""
}
