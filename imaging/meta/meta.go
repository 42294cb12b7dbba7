// Package meta reads what a picture or video file carries beside its pixels:
// EXIF, XMP, IPTC, text chunks, comments and key-value lists, each with its
// place in the file. It decodes no pixels, checks no signatures and draws no
// conclusions: anyone can type anything into any of these fields.
//
// Reading is tolerant (files in the wild are often slightly wrong) and
// bounded: damage is listed in Problems, never an error, and no length in the
// file is believed before it was checked against the bytes that are there.
package meta

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/imaging/jpeg"
)

// ErrUnknownFormat is returned for bytes that are none of the containers read here.
var ErrUnknownFormat = errors.New("meta: not a container whose metadata is read here")

// Bounds on what one file may make the reader keep.
const (
	maxBlocks   = 4096     // segments, chunks or boxes listed
	maxTexts    = 4096     // text fields listed
	maxProblems = 32       // problems listed
	maxInflated = 4 << 20  // bytes out of one compressed text chunk
	maxInflate  = 8 << 20  // bytes out of all of them together
	maxXMPBytes = 16 << 20 // bytes of XMP parsed, over all packets
)

// Where is a place in the file.
type Where struct {
	// Carrier names what holds the bytes, such as "JPEG APP1", "PNG iTXt",
	// "WebP XMP", "GIF comment", "TIFF 700", "MP4 moov/udta/meta/ilst".
	Carrier string
	// Offset and Length are in bytes from the file's start. For a value that
	// was put together from several pieces they give the first piece.
	Offset, Length int
}

// Metadata is all that was found in one file, in the file's order.
type Metadata struct {
	// Format is the container: "jpeg", "png", "webp", "gif", "tiff", "bmp",
	// "heif" (HEIC and AVIF alike) or "mp4" (MP4 and MOV alike).
	Format string
	// EXIF is the first EXIF block that could be read, nil where there is none.
	EXIF *EXIF
	// MoreEXIF are further EXIF blocks; honest files have none.
	MoreEXIF []*EXIF
	XMP      []XMP
	IPTC     []IPTC
	// Texts are PNG text chunks, JPEG and GIF comments and the text values of
	// MP4 and MOV user data.
	Texts []Text
	// Blocks lists the raw carriers: JPEG APPn and COM segments (and stray
	// bytes between segments), PNG chunks other than pixels, WebP chunks other
	// than pixels, GIF extensions, Photoshop resources, BMFF uuid boxes.
	Blocks []Block
	// Trailer is what follows the picture's end, nil where nothing does.
	Trailer *Block
	// Coding is what a JPEG states of its encoder before the first scan; nil
	// for other formats and where it cannot be read.
	Coding *jpeg.Header
	// Problems says in English what was damaged or odd.
	Problems []string

	inflated int // bytes decompressed so far
	xmpSeen  int // bytes of XMP parsed so far
	xmpSteps int // tokens of XMP parsed so far
}

// Block is one raw piece of the file. Body is a slice of the file's own bytes.
type Block struct {
	Where
	// Kind is the marker, chunk or box name: "APP1", "COM", "stray", "eXIf",
	// "8BIM 1028", "uuid".
	Kind string
	Body []byte
}

// Text is one text value that is neither EXIF nor XMP nor IPTC.
type Text struct {
	Where
	// Keyword is the PNG keyword, the MP4 key or box name; empty for comments.
	Keyword string
	// Value is the text as UTF-8. Bytes that are not UTF-8 were read as
	// GB 18030 where they make common Chinese (Charset is GB18030), else as
	// Latin-1.
	Value   string
	Charset Charset
	// Compressed is true where the file held the value deflated.
	Compressed bool
}

// Read lists the metadata in data. The error is ErrUnknownFormat or nil: a
// damaged file gives what could be read and says so in Problems. The result
// refers to data's memory.
func Read(data []byte) (*Metadata, error) {
	m := &Metadata{Format: sniff(data)}
	switch m.Format {
	case "jpeg":
		m.readJPEG(data)
		m.Coding, _ = jpeg.ReadHeader(data) // damage is in Problems already
	case "png":
		m.readPNG(data)
	case "webp":
		m.readWebP(data)
	case "gif":
		m.readGIF(data)
	case "tiff":
		m.readTIFFFile(data)
	case "heif", "mp4":
		m.readBMFF(data)
	case "bmp": // has no place for metadata
	default:
		return nil, ErrUnknownFormat
	}
	return m, nil
}

// sniff tells the container by its first bytes, "" where it is none of ours.
func sniff(data []byte) string {
	has := func(at int, magic string) bool {
		return len(data) >= at+len(magic) && string(data[at:at+len(magic)]) == magic
	}
	switch {
	case has(0, "\xff\xd8\xff"):
		return "jpeg"
	case has(0, pngSignature):
		return "png"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "webp"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "gif"
	case has(0, "II*\x00"), has(0, "MM\x00*"):
		return "tiff"
	case has(0, "BM") && len(data) >= 18:
		return "bmp"
	case has(4, "ftyp"):
		return sniffBrand(data)
	case has(4, "moov"), has(4, "mdat"), has(4, "wide"):
		return "mp4" // QuickTime files before the ftyp box
	}
	return ""
}

// sniffBrand tells HEIF stills from films by the file type box (ISO/IEC
// 14496-12, 4.3).
func sniffBrand(data []byte) string {
	end := min(int(min(be32(data), 4096)), len(data))
	for at := 8; at+4 <= end; at += 4 {
		if at == 12 { // the minor version
			continue
		}
		switch string(data[at : at+4]) {
		case "mif1", "msf1", "heic", "heix", "hevc", "hevx", "heim", "heis", "avif", "avis":
			return "heif"
		}
	}
	return "mp4"
}

func (m *Metadata) problem(format string, args ...any) {
	if len(m.Problems) < maxProblems {
		m.Problems = append(m.Problems, fmt.Sprintf(format, args...))
	}
}

func (m *Metadata) addBlock(kind string, w Where, body []byte) {
	if len(m.Blocks) < maxBlocks {
		m.Blocks = append(m.Blocks, Block{Where: w, Kind: kind, Body: body})
	}
}

func (m *Metadata) addText(t Text, raw []byte) {
	if len(m.Texts) >= maxTexts {
		return
	}
	t.Value, t.Charset = decodeText(raw)
	m.Texts = append(m.Texts, t)
}

// addEXIF reads an EXIF block, with or without the "Exif\0\0" before its TIFF
// head. offset is the block's place in the file.
func (m *Metadata) addEXIF(body []byte, w Where) {
	if cut, ok := bytes.CutPrefix(body, []byte("Exif\x00")); ok && len(cut) > 0 {
		body, w.Offset, w.Length = cut[1:], w.Offset+6, w.Length-6
	}
	e, err := readEXIF(body, w)
	if err != nil {
		m.problem("%s: %v", w.Carrier, err)
		return
	}
	switch {
	case m.EXIF == nil:
		m.EXIF = e
	case len(m.MoreEXIF) < 16:
		m.MoreEXIF = append(m.MoreEXIF, e)
	}
}

// addXMP parses a packet and keeps it, whatever of it made sense.
func (m *Metadata) addXMP(packet []byte, w Where) {
	if room := maxXMPBytes - m.xmpSeen; len(packet) > room {
		m.problem("%s: an XMP packet of %d bytes was cut", w.Carrier, len(packet))
		packet = packet[:room]
	}
	if len(m.XMP) >= 64 {
		return
	}
	m.xmpSeen += len(packet)
	x, steps := parseXMP(packet, maxXMLTokens-m.xmpSteps)
	m.xmpSteps += steps
	x.Where = w
	if x.Problem != "" {
		m.problem("%s: %s", w.Carrier, x.Problem)
	}
	m.XMP = append(m.XMP, x)
}

// EXIFs yields every EXIF block in order.
func (m *Metadata) EXIFs() []*EXIF {
	if m.EXIF == nil {
		return nil
	}
	return append([]*EXIF{m.EXIF}, m.MoreEXIF...)
}

// Property returns the value of the first XMP property of that namespace and
// name, at whatever depth, and whether there is one.
func (m *Metadata) Property(namespace, name string) (string, bool) {
	for _, x := range m.XMP {
		for _, p := range x.Properties {
			if p.Name == name && p.Namespace == namespace {
				return p.Value, true
			}
		}
	}
	return "", false
}

// Text returns the first text value under keyword and whether there is one.
func (m *Metadata) Text(keyword string) (string, bool) {
	for _, t := range m.Texts {
		if t.Keyword == keyword {
			return t.Value, true
		}
	}
	return "", false
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func be16(b []byte) int { return int(b[0])<<8 | int(b[1]) }

func le32(b []byte) uint32 {
	return uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
}
