package imaging

import (
	"bytes"
	"errors"

	"github.com/evenhand/evenhand/imaging/heif"
)

// format is a container this package decodes, or one it can at least name.
type format string

const (
	formatJPEG format = "jpeg"
	formatPNG  format = "png"
	formatGIF  format = "gif"
	formatWebP format = "webp"
	formatHEIC format = "heic"
	formatAVIF format = "avif"
	formatBMP  format = "bmp"
	formatTIFF format = "tiff"
)

// sniff tells the format from the first bytes, whatever the file is called.
// Its errors are *Error: UnsupportedFormat names the well-known kinds that
// people send by mistake, UnknownFormat is all else.
func sniff(data []byte) (format, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		return formatJPEG, nil
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return formatPNG, nil
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return formatGIF, nil
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return formatWebP, nil
	case bytes.HasPrefix(data, []byte("II*\x00")), bytes.HasPrefix(data, []byte("MM\x00*")):
		return formatTIFF, nil
	case looksBMP(data):
		return formatBMP, nil
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return sniffBrand(data)
	}
	for _, k := range otherKinds {
		if len(data) >= k.at+len(k.magic) && string(data[k.at:k.at+len(k.magic)]) == k.magic {
			return "", &Error{Code: UnsupportedFormat, Detail: k.name}
		}
	}
	return "", &Error{Code: UnknownFormat}
}

// looksBMP wants the header length too: "BM" alone begins many a text.
func looksBMP(data []byte) bool {
	if len(data) < 18 || data[0] != 'B' || data[1] != 'M' {
		return false
	}
	n := le32(data[14:])
	return n == 12 || n >= 16 && n <= 124
}

// sniffBrand tells stills in the ISO base media container from videos. What
// the primary picture is coded in decides, whatever the brands are: there are
// many, and writers put them as they like. Where the file does not get as far
// as saying so, the file type box does (ISO/IEC 14496-12, 4.3).
func sniffBrand(data []byte) (format, error) {
	named, still := formatOfBrands(data)
	if !still {
		switch string(data[8:12]) {
		case "crx ":
			return "", &Error{Code: UnsupportedFormat, Detail: "Canon RAW"}
		}
		return "", &Error{Code: UnsupportedFormat, Detail: "video"}
	}
	codec, err := heif.Codec(data)
	var no heif.UnsupportedError
	switch {
	case err == nil && codec == "av1":
		return formatAVIF, nil
	case err == nil:
		return formatHEIC, nil
	case errors.As(err, &no) && (no != heif.NoStill || named != formatAVIF): // libavif reads tracks
		return "", &Error{Code: UnsupportedFormat, Detail: no.Error()}
	case named != "":
		return named, nil // it is damaged, or a sequence without a still
	}
	return formatHEIC, nil
}

// StillType is the media type that the brands of an ISO file give a still:
// image/avif or image/heic, and empty where it is no still by them. head is
// the file's beginning.
func StillType(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch named, still := formatOfBrands(head); {
	case named == formatAVIF:
		return "image/avif"
	case still:
		return "image/heic"
	}
	return ""
}

// formatOfBrands looks for the brands of stills: those that name a codec give
// a format, the general ones only say that it is no film.
func formatOfBrands(data []byte) (named format, still bool) {
	size := int(min(be32(data), 4096))
	if size < 16 || size > len(data) {
		size = min(len(data), 16)
	}
	for at := 8; at+4 <= size; at += 4 {
		if at == 12 { // minor version
			continue
		}
		switch string(data[at : at+4]) {
		case "avif", "avis":
			return formatAVIF, true
		case "heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "MiHE", "MiHB", "MiHA":
			return formatHEIC, true
		case "mif1", "mif2", "mif3", "msf1", "miaf", "jpeg", "jpgs", "avci", "avcs", "vvic", "vvis", "j2is", "j2ki", "unif":
			still = true
		}
	}
	return "", still
}

// otherKinds are files people send by mistake, so that the message can name them.
var otherKinds = []struct {
	at    int
	magic string
	name  string
}{
	{0, "%PDF-", "PDF"},
	{0, "PK\x03\x04", "ZIP, Office"},
	{0, "8BPS", "Photoshop"},
	{0, "\xff\x0a", "JPEG XL"},
	{0, "\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"},
	{0, "\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"},
	{0, "II+\x00", "BigTIFF"},
	{0, "MM\x00+", "BigTIFF"},
	{0, "\x1aE\xdf\xa3", "video"},
	{0, "FLV\x01", "video"},
	{0, "\x00\x00\x01\xba", "video"},
	{8, "AVI ", "video"},
	{4, "moov", "video"},
	{4, "mdat", "video"},
	{0, "FUJIFILMCCD-RAW", "Fujifilm RAW"},
	{0, "Rar!\x1a\x07", "RAR"},
	{0, "7z\xbc\xaf\x27\x1c", "7z"},
	{0, "\x1f\x8b", "gzip"},
	{0, "<svg", "SVG"},
	{0, "<?xml", "XML"},
	{0, "<!DOCTYPE", "HTML"},
	{0, "<html", "HTML"},
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func be16(b []byte) int { return int(b[0])<<8 | int(b[1]) }

func le32(b []byte) uint32 {
	return uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
}

func le16(b []byte) int { return int(b[1])<<8 | int(b[0]) }
