package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

// OptionalTime is a time that may be left out, or be null: left out it stays as
// it is, null empties it.
type OptionalTime struct {
	At   *time.Time
	Null bool
}

// UnmarshalJSON is not called where the field is left out.
func (t *OptionalTime) UnmarshalJSON(data []byte) error {
	if t.Null = bytes.Equal(data, []byte("null")); t.Null {
		t.At = nil
		return nil
	}
	return json.Unmarshal(data, &t.At)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (t OptionalTime) MarshalJSON() ([]byte, error) { return json.Marshal(t.At) }

// Schema is that of a time, or null.
func (OptionalTime) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

var _ huma.SchemaProvider = OptionalTime{}

// optionalText takes a text that may be left out; null and "" empty it.
func optionalText(p *string, sent bool, name string, clear *[]string) string {
	if p == nil {
		if sent {
			*clear = append(*clear, name)
		}
		return ""
	}
	if *p == "" {
		*clear = append(*clear, name)
	}
	return *p
}

// sentFields are the names of a body's fields.
func sentFields(body []byte) map[string]bool {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(body, &fields) // it has been read as the body before
	out := make(map[string]bool, len(fields))
	for name := range fields {
		out[name] = true
	}
	return out
}

// MayMatch is embedded in the input of what a platform pushes: with If-Match it
// changes the state that the caller has seen, without it whatever is there.
type MayMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what you have seen; where something else is kept, the answer is 412. Left out: whatever is kept" example:"\"5f2b1c\""`
}

// tag is the state that the caller names. "*", which asks for any state, is
// refused like a tag of none: who does not know the state leaves the header out.
func (m MayMatch) tag() (string, error) {
	v := strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/")
	switch {
	case v == "":
		return "", nil
	case len(v) < 3 || v[0] != '"' || v[len(v)-1] != '"':
		return "", errVersion()
	}
	return v[1 : len(v)-1], nil
}

// keptOutput is what a push left behind, as far as its caller may read it:
// without that scope an empty 204, with the tag.
type keptOutput[T any] struct {
	Status int
	ETag   string `header:"ETag" doc:"Names what is kept; send it back in If-Match to change that and nothing else"`
	Body   *T
}

func showKept[T any](k desk.Kept[T]) *keptOutput[T] {
	out := &keptOutput[T]{Status: http.StatusOK, ETag: quoted(k.Tag), Body: k.Seen}
	if k.Seen == nil {
		out.Status = http.StatusNoContent
	}
	return out
}

// unread describes that answer.
func unread(o huma.Operation) huma.Operation {
	o.Responses = map[string]*huma.Response{"204": {Description: "Kept; the key lacks " + access.ScopeOrdersRead + " to read it"}}
	return o
}

// quoted is a tag as an entity tag.
func quoted(tag string) string { return `"` + tag + `"` }

// synced says a desk's conflict as a state that is not the current one, where
// the caller named one.
func (m MayMatch) synced(err error) error {
	if e, ok := text.AsRefusal(err); ok && e.Code == text.CodeConflict && e.Field == "" && m.IfMatch != "" {
		return errVersion()
	}
	return err
}

// sentOr is v where it was sent, else what is kept.
func sentOr[T any](v *T, old T) T {
	if v == nil {
		return old
	}
	return *v
}
