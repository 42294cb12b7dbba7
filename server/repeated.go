package server

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

func shortKey(key string) string {
	if len(key) > 40 {
		return strings.ToValidUTF8(key[:40], "") + "…"
	}
	return key
}

// manyKeys is from how many keys of an object on they are looked up rather
// than compared one by one.
const manyKeys = 32

// repeated finds a key that an object of a JSON text has twice. Of these the
// last one would be held against the description, and both be taken.
func repeated(text []byte) (key string, twice bool) {
	type object struct {
		first int // of its keys, in keys
		many  map[string]bool
		list  bool
	}
	var (
		open []object
		keys [][]byte
		name bool // a string that begins now is a key
	)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			open = append(open, object{first: len(keys), list: text[i] == '['})
			name = text[i] == '{'
		case '}', ']':
			if len(open) == 0 {
				return "", false // no JSON
			}
			keys, open = keys[:open[len(open)-1].first], open[:len(open)-1]
			name = false
		case ',':
			name = len(open) > 0 && !open[len(open)-1].list
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return "", false
			}
			if name {
				in := &open[len(open)-1]
				k := plainKey(text[i : end+1])
				if seen(in.many, keys[in.first:], k) {
					return string(k), true
				}
				if in.many == nil && len(keys)-in.first >= manyKeys {
					in.many = make(map[string]bool)
					for _, k := range keys[in.first:] {
						in.many[string(k)] = true
					}
				}
				if in.many != nil {
					in.many[string(k)] = true
				} else {
					keys = append(keys, k)
				}
				name = false
			}
			i = end
		}
	}
	return "", false
}

func seen(many map[string]bool, few [][]byte, k []byte) bool {
	if many != nil {
		return many[string(k)]
	}
	return slices.ContainsFunc(few, func(f []byte) bool { return bytes.Equal(f, k) })
}

// plainKey is a key without its quotes, as a decoder reads it.
func plainKey(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		var k string
		if json.Unmarshal(quoted, &k) == nil {
			return []byte(k)
		}
	}
	return quoted[1 : len(quoted)-1]
}
