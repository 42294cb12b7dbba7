package meta

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeText turns bytes of unstated encoding into UTF-8: UTF-16 where a byte
// order mark says so, else UTF-8 where they are, or nearly, else Latin-1
// (latin1 is true).
func decodeText(raw []byte) (text string, latin1 bool) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return decodeUTF16(raw[2:], raw[0] == 0xfe), false
	}
	if utf8.Valid(raw) {
		return string(raw), false
	}
	if mostlyUTF8(raw) {
		return string(bytes.ToValidUTF8(raw, []byte("\ufffd"))), false
	}
	return decodeLatin1(raw), true
}

// mostlyUTF8 is true where characters of several bytes outnumber bytes that
// belong to none: UTF-8 that was cut or damaged rather than another encoding.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		raw = raw[n:]
	}
	return good > bad
}

// decodeLatin1 reads ISO 8859-1, in which each byte is its own code point.
func decodeLatin1(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/4)
	for _, c := range raw {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// decodeUTF16 reads UTF-16 without a byte order mark; an odd last byte is dropped.
func decodeUTF16(raw []byte, big bool) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		a, b := uint16(raw[2*i]), uint16(raw[2*i+1])
		if big {
			a, b = b, a
		}
		units[i] = a | b<<8
	}
	return string(utf16.Decode(units))
}

// decodeWide reads UTF-16 whose byte order is stated by big but is often wrong
// in the wild: a byte order mark wins, then the order that gives more ASCII.
func decodeWide(raw []byte, big bool) string {
	if len(raw) >= 2 {
		switch {
		case raw[0] == 0xfe && raw[1] == 0xff:
			return decodeUTF16(raw[2:], true)
		case raw[0] == 0xff && raw[1] == 0xfe:
			return decodeUTF16(raw[2:], false)
		}
	}
	var even, odd int // NULs, which are the high bytes of ASCII
	for i, c := range raw {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch {
	case even > odd:
		big = true
	case odd > even:
		big = false
	case even == 0 && utf8.Valid(raw):
		return string(raw) // said to be UTF-16 and is not
	}
	return decodeUTF16(raw, big)
}

// trimNUL cuts a C string's end and the blanks that pad it.
func trimNUL(s string) string {
	return strings.TrimRight(s, "\x00 \t\r\n")
}
