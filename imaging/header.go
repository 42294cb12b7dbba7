package imaging

import (
	"fmt"
	"time"

	"github.com/evenhand/evenhand/imaging/heif"
)

// header is what a file declares about its picture before any of it is
// decoded. It is read by our own small readers, because what it says bounds
// what the decoders may do.
type header struct {
	// width and height of the stored picture (a GIF's canvas), in pixels. Zero
	// where the file does not get as far as saying so.
	width, height int64
	// memory estimates what decoding holds at its peak, in bytes, the decoded
	// picture included.
	memory int64
	// orientation is EXIF's, 1 to 8; 1 where the file says nothing valid.
	orientation int
	// unsupported names a variant that no decoder here takes; empty is fine.
	unsupported string
	png         pngPlan
	jpeg        jpegPlan
	// still is an HEIC's picture, factor how it is reduced while it is decoded.
	// outside says that a program outside of this process is to try first.
	still   *heif.Still
	factor  int
	outside bool
	// avif is an AVIF's picture where such a program is to try.
	avif *heif.Still
}

// leastNeed is what the smallest decode is taken to hold, in bytes.
const leastNeed = 1 << 20

// need is what a decode holds of the process's budget, in bytes: the decoder,
// the picture and the file.
func (h header) need(size int64) int64 {
	return max(h.memory, leastNeed) + size
}

// readHeader reads what the file declares. A file too broken to say leaves
// zero sizes: the decoder will then say what is wrong.
func readHeader(f format, data []byte) header {
	h := header{orientation: 1}
	switch f {
	case formatJPEG:
		h = jpegHeader(data)
	case formatPNG:
		h = pngHeader(data)
	case formatGIF:
		h = gifHeader(data)
	case formatWebP:
		h = webpHeader(data)
	case formatBMP:
		h = bmpHeader(data)
	case formatTIFF:
		h = tiffHeader(data)
	case formatHEIC, formatAVIF:
		h = heifHeader(f, data)
	}
	if h.orientation < 1 || h.orientation > 8 {
		h.orientation = 1
	}
	return h
}

// patience is how long a decode may take where an ordinary picture, of up to 50
// megapixels, has limit.
func (h header) patience(limit time.Duration) time.Duration {
	const ordinary = 50_000_000
	area := float64(h.width) * float64(h.height)
	return time.Duration(float64(limit) * min(max(area/ordinary, 1), 8))
}

// check holds the declared sizes against the limits.
func (h header) check(lim Limits) error {
	if h.width > 0 && h.height > lim.MaxPixels/h.width {
		return &Error{Code: TooManyPixels, Detail: fmt.Sprintf("%d × %d, %.3g > %.3g MP",
			h.width, h.height, float64(h.width)*float64(h.height)/1e6, float64(lim.MaxPixels)/1e6)}
	}
	if h.memory > lim.MaxMemory {
		return tooMuchMemory(h.memory, lim.MaxMemory)
	}
	if h.unsupported != "" {
		return &Error{Code: Unsupported, Detail: h.unsupported}
	}
	return nil
}

// mostMemory stands for any need beyond all limits.
const mostMemory = 1 << 62

// bytesFor is w times h times per, at most mostMemory.
func bytesFor(w, h, per int64) int64 {
	if w > 0 && h > 0 && per > 0 && h > mostMemory/per/w {
		return mostMemory
	}
	return w * h * per
}

// jpegHeader walks the markers up to the frame header, and picks up the
// orientation from the first EXIF segment on the way.
func jpegHeader(data []byte) header {
	h := header{orientation: 1}
	seen := false // an EXIF segment
	at := 2
	for at+4 <= len(data) {
		if data[at] != 0xff {
			at++ // junk between segments: look for the next marker
			continue
		}
		marker := data[at+1]
		if marker == 0xff || marker == 0 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			at++
			if marker != 0xff {
				at++
			}
			continue
		}
		if marker == 0xd9 || marker == 0xda {
			return h
		}
		n := be16(data[at+2:])
		if n < 2 {
			return h
		}
		body := data[at+4 : min(at+2+n, len(data))]
		switch {
		case marker == 0xe1 && !seen && len(body) > 6 && string(body[:6]) == "Exif\x00\x00":
			h.orientation, seen = exifOrientation(body[6:]), true
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if len(body) >= 6 {
				h.frame(marker, body)
			}
			return h
		}
		at += 2 + n
	}
	return h
}

// jpegPlan is how a JPEG is decoded.
type jpegPlan struct {
	factor      int   // see factorFor
	own         bool  // by our own reader
	rebuilt     int64 // what our own reader holds at its peak, in bytes
	progressive bool
}

// mostProgressive bounds what the standard library may keep of a progressive
// JPEG, in bytes: 34 megapixels as phones store them.
const mostProgressive = 256 << 20

// frame reads a JPEG frame header (T.81, B.2.2).
func (h *header) frame(marker byte, body []byte) {
	h.height, h.width = int64(be16(body[1:])), int64(be16(body[3:]))
	area := h.width * h.height
	// Samples per pixel, each component counted at the share its sampling gives it.
	samples, most := int64(0), int64(1)
	for c := range int(body[5]) {
		if i := 6 + 3*c + 1; i < len(body) {
			s := int64(body[i]>>4) * int64(body[i]&15)
			samples += s
			most = max(most, s)
		}
	}
	planes := area * samples / most
	h.memory = planes
	h.jpeg.progressive = marker == 0xc2
	if h.jpeg.progressive { // 32-bit coefficients are kept until the last scan
		h.memory += 4 * planes
	}
	spread := body[5] >= 4 || body[5] == 3 && samples == 3
	together := int64(0)
	if spread { // CMYK and RGB get a second, interleaved copy
		together = 4 * area
	}
	h.memory += together
	halves := (2*samples + most - 1) / most
	if spread {
		halves = 8
	}
	h.jpeg.factor = factorFor(h.width, h.height, halves)
	h.jpeg.rebuilt = 3*planes + together // 16-bit coefficients, samples
	if h.jpeg.factor > 1 {
		means := planes / int64(h.jpeg.factor*h.jpeg.factor)
		h.memory += means
		if !spread {
			h.jpeg.rebuilt = 2*planes + means
		}
	}
	if h.jpeg.own = h.jpeg.progressive && h.memory > mostProgressive; h.jpeg.own {
		h.memory = h.jpeg.rebuilt
	}
	switch {
	case marker == 0xc3 || marker == 0xc7 || marker == 0xcb || marker == 0xcf:
		h.unsupported = "lossless JPEG"
	case marker >= 0xc9:
		h.unsupported = "arithmetic-coded JPEG"
	case marker >= 0xc5:
		h.unsupported = "hierarchical JPEG"
	case body[0] != 8:
		h.unsupported = fmt.Sprintf("%d-bit JPEG", body[0])
	}
}

// gifHeader reads the logical screen. Frames are decoded as palette indices
// and the first is laid on the canvas.
func gifHeader(data []byte) header {
	h := header{orientation: 1}
	if len(data) >= 10 {
		h.width, h.height = int64(le16(data[6:])), int64(le16(data[8:]))
		h.memory = bytesFor(h.width, h.height, 2)
	}
	return h
}

// bmpHeader reads the DIB header (a BITMAPCOREHEADER has 16-bit sizes).
func bmpHeader(data []byte) header {
	h := header{orientation: 1}
	if len(data) < 26 {
		return h
	}
	if le32(data[14:]) == 12 {
		h.width, h.height = int64(le16(data[18:])), int64(le16(data[20:]))
	} else {
		h.width, h.height = int64(int32(le32(data[18:]))), int64(int32(le32(data[22:])))
		if h.height < 0 { // stored top row first
			h.height = -h.height
		}
	}
	if h.width < 0 {
		h.width = 0
	}
	h.memory = bytesFor(h.width, h.height, 4)
	return h
}

// tiffHeader reads the first directory's sizes, depth and orientation.
func tiffHeader(data []byte) header {
	h := header{orientation: 1}
	d, ok := newTIFF(data)
	if !ok {
		return h
	}
	perPixel := int64(4)
	for e := range d.entries(d.first) {
		switch e.tag {
		case 256:
			h.width = int64(e.value)
		case 257:
			h.height = int64(e.value)
		case 258:
			if e.value > 8 {
				perPixel = 8
			}
		case 274:
			h.orientation = int(e.value)
		case 284:
			if e.value == 2 {
				h.unsupported = "TIFF with separate colour planes"
			}
		}
	}
	// The decoder holds one strip or tile, as large as the whole at worst,
	// beside the picture.
	h.memory = bytesFor(h.width, h.height, 2*perPixel)
	return h
}
