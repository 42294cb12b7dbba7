package server

import (
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// etag is a version as an entity tag.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch is embedded in the input of every route that changes what has
// versions: the change is made only to the version that the caller has seen.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you have seen, such as \"7\"" example:"\"7\""`
}

// Version is the version that the caller names: 428 where none is, 412 where
// it can be none of ours. "*" is refused, for it would undo the purpose.
func (m IfMatch) Version() (int64, error) {
	// A proxy that compresses weakens the tag; the version is the same.
	v := strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/")
	switch {
	case v == "" || v == "*":
		return 0, text.Refuse(codePrecondNeed, "header.If-Match", "Send If-Match with the ETag of what you have seen.", "请在 If-Match 中提供所见内容的 ETag。")
	case len(v) < 3 || v[0] != '"' || v[len(v)-1] != '"':
		return 0, errVersion()
	}
	n, err := strconv.ParseInt(v[1:len(v)-1], 10, 64)
	if err != nil || n < 1 {
		return 0, errVersion()
	}
	return n, nil
}

// Check compares the version that the caller names with the current one.
func (m IfMatch) Check(current int64) error {
	n, err := m.Version()
	if err == nil && n != current {
		err = errVersion()
	}
	return err
}

func errVersion() error {
	return text.Refuse(codePrecondFail, "header.If-Match", "It was changed since you loaded it; load it again.", "内容已被更改，请刷新后重试。")
}
