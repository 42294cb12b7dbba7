package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// The encodings of a text, as a report names them.
const (
	UTF8    = "UTF-8"
	GB18030 = "GB18030" // of which GBK and GB 2312 are parts
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"
)

// encodingOf reads all of a text and says how it is written. The whole file
// counts, for one may begin with any length of plain ASCII. skip is the length
// of a mark at its beginning.
func encodingOf(r io.Reader) (name string, skip int64, err error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8, 3, nil // a row that is not, is refused by itself
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16LE, 2, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16BE, 2, nil
	}
	if name := utf16WithoutMark(head); name != "" {
		return name, 0, nil
	}
	var c census
	if err := c.read(b); err != nil {
		return "", 0, err
	}
	return c.encoding(), 0, nil
}

// utf16WithoutMark knows UTF-16 by the zero bytes of its ASCII, which its
// separators and line ends are: all at odd places, or all at even ones. No
// other text has any.
func utf16WithoutMark(head []byte) string {
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	switch {
	case zero[1] > 1 && zero[0] == 0:
		return UTF16LE
	case zero[0] > 1 && zero[1] == 0:
		return UTF16BE
	}
	return ""
}

// census counts a text's lines by what they can be. Lines of plain ASCII are
// any encoding and count for none.
type census struct {
	utf8   int // with characters of three bytes or more, which other encodings hardly make by chance
	weak   int // UTF-8 too, but of two bytes only, as two characters of GB 2312 may look
	gb     int // GB18030 and not UTF-8
	broken int // neither
	pairs  int // two-byte characters of the lines that are not UTF-8
	common int // those among them that GB 2312 has
}

func (c *census) read(b *bufio.Reader) error {
	for {
		line, _, err := readLine(b)
		c.line(line)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (c *census) line(line []byte) {
	ascii, long := true, false
	for _, x := range line {
		if x >= utf8.RuneSelf {
			ascii = false
		}
		if x >= 0xe0 {
			long = true
		}
	}
	switch {
	case ascii:
	case utf8.Valid(line):
		if long {
			c.utf8++
		} else {
			c.weak++
		}
	case c.gb18030(line):
		c.gb++
	default:
		c.broken++
	}
}

// gb18030 is whether a line is text in that encoding (GB 18030-2005, 6: one,
// two or four bytes a character).
func (c *census) gb18030(line []byte) bool {
	for i := 0; i < len(line); {
		lead := line[i]
		rest := line[i+1:]
		switch {
		case lead < utf8.RuneSelf:
			i++
		case lead == 0x80 || lead == 0xff || len(rest) == 0:
			return false
		case rest[0] >= 0x40 && rest[0] != 0x7f && rest[0] != 0xff:
			c.pairs++
			if lead >= 0xa1 && lead <= 0xf7 && rest[0] >= 0xa1 {
				c.common++
			}
			i += 2
		case len(rest) >= 3 && rest[0] >= '0' && rest[0] <= '9' && rest[1] > 0x80 && rest[1] < 0xff && rest[2] >= '0' && rest[2] <= '9':
			i += 4
		default:
			return false
		}
	}
	return true
}

// encoding is GB18030 where nothing speaks for UTF-8 and most characters are
// those in daily use: a Western text read so would consist of rare ones. Where
// lines of both are mixed, UTF-8 stands and the others are refused one by one.
func (c *census) encoding() string {
	if c.gb > 0 && c.utf8 == 0 && 2*c.common >= c.pairs {
		return GB18030
	}
	return UTF8
}

// decoded yields a text of the given encoding as UTF-8. What has no meaning in
// it comes as U+FFFD, or in UTF-8 as the bytes it is.
func decoded(r io.Reader, encoding string) *bufio.Reader {
	switch encoding {
	case GB18030:
		r = simplifiedchinese.GB18030.NewDecoder().Reader(r)
	case UTF16LE:
		r = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Reader(r)
	case UTF16BE:
		r = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(r)
	}
	return bufio.NewReaderSize(r, 64<<10)
}

// readLine reads one line of at most MaxRow bytes, without its end; of a
// longer one the beginning, with long true. CR, LF and CR LF end a line. The
// error is io.EOF only where nothing was left.
func readLine(b *bufio.Reader) (line []byte, long bool, err error) {
	for n := 0; ; n++ {
		c, err := b.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && n > 0 {
				err = nil
			}
			return line, long, err
		}
		switch c {
		case '\r':
			if next, err := b.Peek(1); err == nil && next[0] == '\n' {
				_, _ = b.Discard(1)
			}
			return line, long, nil
		case '\n':
			return line, long, nil
		}
		if len(line) == MaxRow {
			long = true
			continue
		}
		line = append(line, c)
	}
}
