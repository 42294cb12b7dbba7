package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

var errEncoding = errors.New(msgEncoding)

// jsonFormat is JSON that is what it seems: broken UTF-8, which the standard
// library would mend in silence, and the zero character, which no text column
// of PostgreSQL holds, are refused.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: huma.DefaultJSONFormat.Marshal,
		Unmarshal: func(data []byte, v any) error {
			if !utf8.Valid(data) {
				return errEncoding
			}
			if err := json.Unmarshal(data, v); err != nil {
				return err
			}
			// huma reads every body into an any first, to validate it.
			if loose, ok := v.(*any); ok && hasZero(*loose) {
				return errEncoding
			}
			return nil
		},
	}
}

// hasZero is whether any text in a decoded value has a zero character.
func hasZero(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.IndexByte(v, 0) >= 0
	case []any:
		for _, e := range v {
			if hasZero(e) {
				return true
			}
		}
	case map[string]any:
		for k, e := range v {
			if strings.IndexByte(k, 0) >= 0 || hasZero(e) {
				return true
			}
		}
	}
	return false
}

// cleanURL is whether path and query are UTF-8 without zero characters.
func cleanURL(u *url.URL) bool {
	clean := func(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
	if !clean(u.Path) {
		return false
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return false
	}
	for k, vs := range q {
		if !clean(k) {
			return false
		}
		for _, v := range vs {
			if !clean(v) {
				return false
			}
		}
	}
	return true
}

// acceptsJSON reads an Accept header as far as it matters here: whether JSON
// or anything at all is welcome.
func acceptsJSON(h http.Header) bool {
	accept := strings.Join(h.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for part := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "*/*", "application/*", "application/json", "application/problem+json":
			if q := strings.ReplaceAll(params, " ", ""); q != "q=0" && q != "q=0.0" {
				return true
			}
		}
	}
	return false
}
