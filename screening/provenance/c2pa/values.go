package c2pa

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// decoder returns the bounded CBOR mode everything here is read with.
func decoder() (cbor.DecMode, error) {
	return cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:  32,
		MaxArrayElements: 1 << 17,
		MaxMapPairs:      1 << 14,
	}.DecMode()
}

// value is any decoded CBOR or JSON value, with tolerant look-ups: what is
// absent or of another type reads as empty.
type value struct{ v any }

// decodeCBOR reads one item; bytes after it are an error unless they are zero
// padding, which some writers leave.
func decodeCBOR(data []byte) (value, error) {
	mode, err := decoder()
	if err != nil {
		return value{}, err
	}
	var v any
	rest, err := mode.UnmarshalFirst(data, &v)
	if err != nil {
		return value{}, err
	}
	if !allZero(rest) {
		return value{}, fmt.Errorf("cbor: %d bytes after the item", len(rest))
	}
	return value{v}, nil
}

func decodeJSON(data []byte) (value, error) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return value{}, err
	}
	return value{v}, nil
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// plain strips CBOR tags.
func (v value) plain() any {
	x := v.v
	for range 4 {
		t, ok := x.(cbor.Tag)
		if !ok {
			break
		}
		x = t.Content
	}
	return x
}

// get returns the member of a map by name.
func (v value) get(key string) value {
	switch m := v.plain().(type) {
	case map[any]any:
		return value{m[key]}
	case map[string]any:
		return value{m[key]}
	}
	return value{}
}

// at returns the member of a map by integer key, as COSE headers use them.
func (v value) at(key int64) value {
	m, ok := v.plain().(map[any]any)
	if !ok {
		return value{}
	}
	if key >= 0 {
		if x, ok := m[uint64(key)]; ok {
			return value{x}
		}
	}
	return value{m[key]}
}

func (v value) list() []value {
	l, ok := v.plain().([]any)
	if !ok {
		return nil
	}
	out := make([]value, len(l))
	for i, x := range l {
		out[i] = value{x}
	}
	return out
}

func (v value) exists() bool { return v.plain() != nil }

func (v value) isMap() bool {
	switch v.plain().(type) {
	case map[any]any, map[string]any:
		return true
	}
	return false
}

func (v value) str() string {
	switch s := v.plain().(type) {
	case string:
		return s
	case time.Time:
		return s.Format(time.RFC3339)
	}
	return ""
}

// bytes returns a byte string; in JSON it is written in base64, and some
// writers put a list of numbers in its place.
func (v value) bytes() []byte {
	switch s := v.plain().(type) {
	case []byte:
		return s
	case string:
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			return b
		}
	case []any:
		out := make([]byte, len(s))
		for i, x := range s {
			n, ok := value{x}.integer()
			if !ok || n < 0 || n > 255 {
				return nil
			}
			out[i] = byte(n)
		}
		return out
	}
	return nil
}

// integer returns a number, and whether it was one that fits.
func (v value) integer() (int64, bool) {
	switch n := v.plain().(type) {
	case uint64:
		return int64(n), n < 1<<62
	case int64:
		return n, true
	case float64:
		return int64(n), n == float64(int64(n))
	}
	return 0, false
}

// walk calls visit for each member of each map inside v, to a bounded depth.
func (v value) walk(depth int, visit func(key string, member value)) {
	if depth > 16 {
		return
	}
	switch x := v.plain().(type) {
	case map[any]any:
		for k, m := range x {
			if s, ok := k.(string); ok {
				visit(s, value{m})
			}
			value{m}.walk(depth+1, visit)
		}
	case map[string]any:
		for k, m := range x {
			visit(k, value{m})
			value{m}.walk(depth+1, visit)
		}
	case []any:
		for _, m := range x {
			value{m}.walk(depth+1, visit)
		}
	}
}

// hashedURI is a reference to a box with the hash of its payload
// (C2PA 2.1, 8.4.2.1).
type hashedURI struct {
	url  string
	alg  string
	hash []byte
}

func (v value) hashedURI() (hashedURI, bool) {
	h := hashedURI{v.get("url").str(), v.get("alg").str(), v.get("hash").bytes()}
	return h, h.url != ""
}

// target is what a JUMBF URI points at: a manifest, and a path inside it.
type target struct {
	manifest string
	path     string // e.g. "c2pa.assertions/c2pa.actions", "" for the manifest itself
}

// resolve reads "self#jumbf=/c2pa/<manifest>/<path>" or "self#jumbf=<path>",
// the latter relative to the manifest it stands in.
func resolve(url, manifest string) (target, bool) {
	_, path, ok := strings.Cut(url, "#jumbf=")
	if !ok {
		return target{}, false
	}
	if abs, ok := strings.CutPrefix(path, "/c2pa/"); ok {
		label, inside, _ := strings.Cut(abs, "/")
		return target{label, inside}, true
	}
	return target{manifest, strings.TrimPrefix(path, "/")}, true
}

// absolute writes a target as a URI.
func (t target) absolute() string {
	s := "self#jumbf=/c2pa/" + t.manifest
	if t.path != "" {
		s += "/" + t.path
	}
	return s
}
