package meta

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Charset is how a text's bytes were read.
type Charset string

// The character sets told apart. UTF-16 needs a byte order mark or a field
// that states it.
const (
	UTF8    Charset = "utf-8"
	UTF16   Charset = "utf-16"
	GB18030 Charset = "gb18030" // GB 2312 and GBK too, which it contains
	Latin1  Charset = "latin1"
)

// decodeText turns bytes of unstated encoding into UTF-8: UTF-16 where a byte
// order mark says so, else UTF-8 where they are, else GB 18030 where that makes
// common Chinese, else UTF-8 where they nearly are, else Latin-1.
func decodeText(raw []byte) (string, Charset) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return decodeUTF16(raw[2:], raw[0] == 0xfe), UTF16
	}
	if utf8.Valid(raw) {
		return string(raw), UTF8
	}
	// Chinese first: some of its pairs are UTF-8 too, while damaged UTF-8 read
	// as Chinese gives rare characters.
	if text, ok := decodeChinese(raw); ok {
		return text, GB18030
	}
	if mostlyUTF8(raw) {
		return string(bytes.ToValidUTF8(raw, []byte("\ufffd"))), UTF8
	}
	return decodeLatin1(raw), Latin1
}

// decodeChinese reads GB 18030 if raw is wholly made of its characters, has two
// or more hanzi, and most of them are of GB 2312's first level: the 3,755 most
// used, leads B0 to D7, trails from A1. Accented letters between plain ones
// pair with these into rare characters, so that Latin-1 hardly ever passes. A
// lead byte that a field's length cut off is dropped.
func decodeChinese(raw []byte) (string, bool) {
	hanzi, usual, signs := 0, 0, 0
	for at := 0; at < len(raw); {
		size := chineseLength(raw[at:])
		switch {
		case size == 0 && at == len(raw)-1 && raw[at] >= 0x81 && raw[at] < 0xff:
			raw = raw[:at]
		case size == 0:
			return "", false
		case size == 2 && raw[at] >= 0xa1 && raw[at] <= 0xa3 && raw[at+1] >= 0xa1:
			signs++ // punctuation and full-width letters
		case size == 2 && firstLevel(raw[at], raw[at+1]):
			hanzi, usual = hanzi+1, usual+1
		case size >= 2:
			hanzi++
		}
		at += size
	}
	if hanzi < 2 || 10*usual < 7*hanzi || signs > 4*hanzi {
		return "", false
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", false
	}
	return string(text), true
}

func firstLevel(lead, trail byte) bool { return lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 }

// chineseLength is the length in bytes of the GB 18030 character that b begins
// with (GB 18030-2022, 4.3), 0 where it begins with none.
func chineseLength(b []byte) int {
	in := func(c, from, to byte) bool { return c >= from && c <= to }
	switch {
	case b[0] < 0x80:
		return 1
	case len(b) < 2 || !in(b[0], 0x81, 0xfe):
		return 0
	case in(b[1], 0x40, 0x7e), in(b[1], 0x80, 0xfe):
		return 2
	case len(b) >= 4 && in(b[1], 0x30, 0x39) && in(b[2], 0x81, 0xfe) && in(b[3], 0x30, 0x39):
		return 4
	}
	return 0
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
// in the wild, as is that it is UTF-16 at all: a byte order mark wins, then the
// order that gives more ASCII, then the one that gives more common Chinese.
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
	if even != odd {
		return decodeUTF16(raw, even > odd)
	}
	stated, other := decodeUTF16(raw, big), decodeUTF16(raw, !big)
	if usualHanzi(other) > usualHanzi(stated) {
		stated = other
	}
	// Any even number of letters is UTF-16 of something, but of rare characters.
	unusual := 10*usualHanzi(stated) < 9*min(256, utf8.RuneCountInString(stated))
	if even == 0 && utf8.Valid(raw) && (unusual || len(raw)%2 != 0) {
		return string(raw) // said to be UTF-16 and is not
	}
	return stated
}

// usualHanzi counts characters of GB 2312's first level, among the first 256.
func usualHanzi(s string) (n int) {
	encoder := simplifiedchinese.GBK.NewEncoder()
	seen := 0
	for _, r := range s {
		if seen++; seen > 256 {
			break
		}
		if r < 0x4e00 || r > 0x9fff {
			continue
		}
		if b, err := encoder.String(string(r)); err == nil && len(b) == 2 && firstLevel(b[0], b[1]) {
			n++
		}
	}
	return n
}

// trimNUL cuts a C string's end and the blanks that pad it.
func trimNUL(s string) string {
	return strings.TrimRight(s, "\x00 \t\r\n")
}
