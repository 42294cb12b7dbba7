package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/evenhand/evenhand/desk"
)

// jsonTable is a file of JSON Lines: an object a line, as the API takes it.
type jsonTable struct {
	file     io.ReadSeeker
	skip     int64
	encoding string
}

func (t *jsonTable) rows(yield func(record) bool) error {
	if err := rewind(t.file, t.skip); err != nil {
		return err
	}
	in := lines{b: decoded(t.file, t.encoding)}
	for n := 0; n <= MaxRows; {
		l, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text := bytes.TrimSpace(l.text)
		var r record
		switch {
		case l.long:
			r = lost([]line{l}, "This line is longer than 1 MB; is a line break missing?", "这一行超过 1 MB，是否缺少换行？")
		case len(text) == 0:
			continue
		case !utf8.Valid(text):
			r = lost([]line{l},
				"This line holds bytes that are not text in the file's encoding; save the file as UTF-8.",
				"这一行含有与文件编码不符的字节，请将文件另存为 UTF-8。")
		default:
			r = record{line: l.n, json: text}
		}
		n++
		if !yield(r) {
			return nil
		}
	}
	return errTooMany()
}

// strict reads one JSON value and nothing else; a field with a wrong name
// would be lost in silence.
func strict(line int, data []byte, into any) *Problem {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, e := d.Token(); e != io.EOF {
			return problem(line, "", "There is more than one JSON value in this line.", "这一行有多个 JSON 值。")
		}
		return nil
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		shape := desk.ShapeOf(kind.Type)
		return problem(line, kind.Field, "This must be "+shape.EN+".", "类型有误，此处应为"+shape.ZH+"。")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return problem(line, strings.Trim(
			name,
			`"`,
		), "There is no such field; see the API's description.", "没有该字段，请参阅接口文档。")
	}
	return problem(line, "", "This line is no JSON object of the documented shape.", "这一行不是符合文档格式的 JSON 对象。")
}
