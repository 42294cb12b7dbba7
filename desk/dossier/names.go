package dossier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a file's name, in bytes.
const maxName = 200

// safeName is whether a file may be called so: a plain relative path that no
// system reads in another way.
func safeName(name string) bool {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsAny(name, `\:*?"<>|`) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// sameName is a name as a system that does not tell capitals apart sees it.
func sameName(name string) string { return strings.ToLower(name) }
