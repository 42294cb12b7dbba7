package imaging

import (
	"regexp"
	"strings"
)

// ErrorCode says why a file gave no picture. The codes are stable.
type ErrorCode string

// Why a file gave no picture.
const (
	NotFound          ErrorCode = "not_found"
	Folder            ErrorCode = "folder"
	NotAFile          ErrorCode = "not_a_file" // a pipe, a device, a socket
	NoPermission      ErrorCode = "no_permission"
	Unreadable        ErrorCode = "unreadable" // the disk or network failed
	Empty             ErrorCode = "empty"
	TooLarge          ErrorCode = "too_large"
	UnknownFormat     ErrorCode = "unknown_format"
	UnsupportedFormat ErrorCode = "unsupported_format" // known, and not a picture we read
	Unsupported       ErrorCode = "unsupported"        // a rare variant of a format we read
	Broken            ErrorCode = "broken"
	TooManyPixels     ErrorCode = "too_many_pixels"
	TooMuchMemory     ErrorCode = "too_much_memory"
	TooManyScans      ErrorCode = "too_many_scans" // of a JPEG, over the same blocks
	TimedOut          ErrorCode = "timed_out"
	Cancelled         ErrorCode = "cancelled"
)

// Error is why a file gave no picture. Text gives it to people; Detail is the
// technical remainder, in English, and may be empty.
type Error struct {
	Code   ErrorCode
	Detail string
	// Cause is the error underneath, where there is one.
	Cause error
}

// Error gives the English sentence and, after it, the detail.
func (e *Error) Error() string {
	en, _ := e.Text()
	if e.Detail != "" && !sentences[e.Code].usesDetail {
		return en + " (" + e.Detail + ")"
	}
	return en
}

// Unwrap returns the cause, so that errors.Is sees context.Canceled and the like.
func (e *Error) Unwrap() error { return e.Cause }

// Text says what is wrong and what to do about it, in English and in Chinese.
func (e *Error) Text() (en, zh string) {
	s, ok := sentences[e.Code]
	if !ok {
		return "The picture cannot be read.", "图片无法读取。"
	}
	if !s.usesDetail || e.Detail == "" {
		return s.en, s.zh
	}
	en, zh = s.en+" ("+e.Detail+")", s.zh
	if d := detailZH(e.Detail); d != "" {
		zh += "（" + d + "）"
	}
	return en, zh
}

// namesZH are the words in details that have one in Chinese.
var namesZH = strings.NewReplacer(
	"lossless ", "无损 ", "arithmetic-coded ", "算术编码 ", "hierarchical ", "分层 ", "-bit ", " 位 ",
	"TIFF with separate colour planes", "分色存放的 TIFF", "HEIF without HEVC or AV1", "既非 HEVC 也非 AV1 的 HEIF", "video", "视频", "archive", "压缩包", "vector image", "矢量图", "vector", "矢量图", "camera raw", "相机 RAW",
)

// rxWords are two English words in a row: formats and units are names, and
// stand alone.
var rxWords = regexp.MustCompile(`[a-z]{2,}`)

// detailZH is a detail for Chinese readers; "" where it is a sentence of a
// library's, which all are in English.
func detailZH(detail string) string {
	zh := namesZH.Replace(detail)
	if rxWords.MatchString(zh) {
		return ""
	}
	return zh
}

// sentence is one code in words. usesDetail marks those whose detail (sizes
// against limits, the format's name) a reader needs to act.
type sentence struct {
	en, zh     string
	usesDetail bool
}

var sentences = map[ErrorCode]sentence{
	NotFound:          {en: "There is no such file: check the name and the folder.", zh: "找不到这个文件，请检查文件名和所在文件夹。"},
	Folder:            {en: "This is a folder: name a picture file inside it.", zh: "这是一个文件夹，请指定其中的图片文件。"},
	NotAFile:          {en: "This is a pipe or a device, not a file: save the picture to a file first.", zh: "这是管道或设备，不是普通文件，请先把图片保存成文件。"},
	NoPermission:      {en: "This file may not be read: ask its owner for permission, or copy it somewhere you own.", zh: "没有读取这个文件的权限，请向文件所有者申请权限，或把它复制到自己的目录。"},
	Unreadable:        {en: "The file could not be read to its end: check the disk or the network share and try again.", zh: "读取文件时出错，请检查磁盘或网络共享后重试。"},
	Empty:             {en: "The file is empty: copy or download it again.", zh: "文件是空的，请重新复制或下载。"},
	TooLarge:          {en: "The file is too large for a picture: send the photo itself, not a video or an archive.", zh: "文件太大，不像一张图片，请提供照片本身，而不是视频或压缩包。", usesDetail: true},
	UnknownFormat:     {en: "This is not a picture we know: send a JPEG, PNG, GIF, WebP, HEIC, AVIF, BMP or TIFF file.", zh: "无法识别的文件，请提供 JPEG、PNG、GIF、WebP、HEIC、AVIF、BMP 或 TIFF 格式的图片。"},
	UnsupportedFormat: {en: "This kind of file is not read here: save it as JPEG or PNG and try again.", zh: "暂不支持这种文件，请另存为 JPEG 或 PNG 后重试。", usesDetail: true},
	Unsupported:       {en: "The picture uses a rare variant of its format that is not read here: save it again as an ordinary JPEG or PNG.", zh: "图片使用了少见的编码方式，暂不支持，请另存为普通的 JPEG 或 PNG 后重试。", usesDetail: true},
	Broken:            {en: "The picture is damaged or cut short: ask for the original file again.", zh: "图片已损坏或不完整，请重新获取原始文件。"},
	TooManyPixels:     {en: "The picture declares more pixels than are accepted: send it at camera size.", zh: "图片声明的像素数超过上限，请提供相机原始尺寸的图片。", usesDetail: true},
	TooMuchMemory:     {en: "Decoding the picture would need more memory than is allowed: save it again as an ordinary JPEG.", zh: "解码这张图片需要的内存超过上限，请另存为普通 JPEG 后重试。", usesDetail: true},
	TooManyScans:      {en: "The picture is stored in more scans than a picture needs, so that reading it would take far too long: save it again as an ordinary JPEG.", zh: "图片的扫描次数远超一张图片所需，读取时间会过长，请另存为普通 JPEG 后重试。"},
	TimedOut:          {en: "The picture took too long to decode and was given up: save it again as an ordinary JPEG.", zh: "图片解码超时，已放弃，请另存为普通 JPEG 后重试。"},
	Cancelled:         {en: "Reading the picture was cancelled.", zh: "图片读取已取消。"},
}
