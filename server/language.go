package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// language is "zh" or "en".
type language string

const (
	english language = "en"
	chinese language = "zh"
)

// in picks the words of a text.
func (l language) in(t text.Text) string {
	if l == chinese {
		return t.ZH
	}
	return t.EN
}

// acceptLanguage reads an Accept-Language header (RFC 9110 section 12.5.4):
// the one of our two languages that is wanted most; ok is false where the
// header wants neither.
func acceptLanguage(header string) (l language, ok bool) {
	if len(header) > 1000 {
		header = header[:1000]
	}
	best := 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		for p := range strings.SplitSeq(params, ";") {
			if v, found := strings.CutPrefix(strings.TrimSpace(p), "q="); found {
				n, err := strconv.ParseFloat(v, 64)
				if err != nil || !(n >= 0 && n <= 1) {
					n = 0
				}
				q = n
			}
		}
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if q <= best {
			continue
		}
		switch primary {
		case "zh", "cmn", "yue":
			best, l, ok = q, chinese, true
		case "en":
			best, l, ok = q, english, true
		}
	}
	return l, ok
}

// languageOf is the language of a request: the header's, or else what the
// account prefers, or else English.
func languageOf(r *http.Request, account string) language {
	if l, ok := acceptLanguage(r.Header.Get("Accept-Language")); ok {
		return l
	}
	if account == string(chinese) {
		return chinese
	}
	return english
}
