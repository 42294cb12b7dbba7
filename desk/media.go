package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
)

// sniffLength is how many bytes say what a file is.
const sniffLength = 512

// mediaType says what bytes are, and refuses those that are not the medium
// they were sent as.
func mediaType(m evidence.Medium, head []byte) (string, error) {
	kind := sniff(head)
	switch {
	case len(head) == 0:
		return "", text.Refuse(CodeMedia, "file", "The file is empty.", "文件为空。")
	case m == evidence.Statement:
		if !utf8.Valid(trimRune(head)) || bytes.IndexByte(head, 0) >= 0 {
			return "", text.Refuse(CodeMedia, "file", "A statement must be UTF-8 text.", "文字说明须为 UTF-8 文本。")
		}
		return "text/plain; charset=utf-8", nil
	case m == evidence.Photo && !strings.HasPrefix(kind, "image/"):
		return "", text.Refuse(CodeMedia, "file", "This is no photo that can be read: send JPEG, PNG, WebP, HEIC, AVIF, GIF or TIFF.", "无法识别为照片，请上传 JPEG、PNG、WebP、HEIC、AVIF、GIF 或 TIFF。")
	case m == evidence.Video && !strings.HasPrefix(kind, "video/"):
		return "", text.Refuse(CodeMedia, "file", "This is no video that can be read: send MP4, MOV, WebM or AVI.", "无法识别为视频，请上传 MP4、MOV、WebM 或 AVI。")
	}
	return kind, nil
}

// MediumOf says by its first bytes whether a file is a film, words or a photo,
// for uploads that do not say. What is none of them is told as a photo, and
// refused as one.
func MediumOf(head []byte) evidence.Medium {
	switch kind := sniff(head); {
	case strings.HasPrefix(kind, "video/"):
		return evidence.Video
	case strings.HasPrefix(kind, "text/"):
		return evidence.Statement
	}
	return evidence.Photo
}

// trimRune cuts a rune that the sniffing length cut in two.
func trimRune(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// sniff adds the ISO containers to what net/http knows.
func sniff(head []byte) string {
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		if still := imaging.StillType(head); still != "" {
			return still
		}
		switch brand := string(head[8:12]); brand {
		case "qt  ":
			return "video/quicktime"
		default:
			return "video/mp4"
		}
	}
	if len(head) >= 4 && (string(head[:4]) == "II*\x00" || string(head[:4]) == "MM\x00*") {
		return "image/tiff"
	}
	return http.DetectContentType(head)
}

// readable refuses a photo that nobody here could look at, before it is kept:
// whoever sends it can still send another. A file that is only damaged is
// taken in, for what can be seen of it may tell something.
func readable(ctx context.Context, it evidence.Item, in Staged) error {
	if it.Medium != evidence.Photo {
		return nil
	}
	err := imaging.CheckWithin(ctx, it.Size, in.Head)
	var unread *imaging.Error
	if !errors.As(err, &unread) || unread.Code == imaging.Cancelled {
		return err
	}
	en, zh := unread.Text()
	return text.Refuse(CodeMedia, "file", en, zh)
}
