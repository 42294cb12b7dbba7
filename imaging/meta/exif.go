package meta

import (
	"math"
	"strings"
	"time"
)

// Tag numbers (Exif 3.0, 4.6; TIFF 6.0; Microsoft's XP tags).
const (
	tagImageDescription = 0x010e
	tagMake             = 0x010f
	tagModel            = 0x0110
	tagOrientation      = 0x0112
	tagSoftware         = 0x0131
	tagDateTime         = 0x0132
	tagArtist           = 0x013b
	tagHostComputer     = 0x013c
	tagThumbnail        = 0x0201
	tagThumbnailLength  = 0x0202
	tagCopyright        = 0x8298
	tagSubIFDs          = 0x014a // TIFF 6.0, supplement 1
	tagExifIFD          = 0x8769
	tagGPSIFD           = 0x8825
	tagDateOriginal     = 0x9003
	tagDateDigitized    = 0x9004
	tagOffset           = 0x9010
	tagOffsetOriginal   = 0x9011
	tagOffsetDigitized  = 0x9012
	tagMakerNote        = 0x927c
	tagUserComment      = 0x9286
	tagSubSec           = 0x9290
	tagSubSecOriginal   = 0x9291
	tagSubSecDigitized  = 0x9292
	tagXPTitle          = 0x9c9b
	tagXPSubject        = 0x9c9f
	tagPixelX           = 0xa002
	tagPixelY           = 0xa003
	tagInteropIFD       = 0xa005
	tagBodySerial       = 0xa431
	tagLensModel        = 0xa434
)

// EXIF is one EXIF block. Strings are as written, without padding.
type EXIF struct {
	Where
	Make, Model, Software, HostComputer string
	Artist, Copyright                   string
	ImageDescription, UserComment       string
	LensModel, BodySerialNumber         string
	Orientation                         int // 1 to 8, 0 where absent
	PixelX, PixelY                      int // the size the writer recorded, 0 where absent
	DateTime, Original, Digitized       Stamp
	ExposureTime, FNumber, ISO, FocalMM float64 // 0 where absent
	GPS                                 *GPS
	// Thumbnail is the small JPEG of IFD 1, nil where there is none.
	Thumbnail []byte
	// MakerNote is the manufacturer's own block, nil where there is none.
	MakerNote []byte
	// Tags lists every entry that could be read.
	Tags []Tag
	// Problem says in English what was damaged, empty where nothing was.
	Problem string
	// BigEndian is the byte order of the block.
	BigEndian bool
}

// Stamp is a time as EXIF writes it: "2026:01:31 12:30:00", perhaps with an
// offset from UTC ("+08:00") and decimals of a second.
type Stamp struct{ Value, Offset, SubSec string }

// Time reads the stamp. zoned is true where it states its offset; otherwise
// the result is in UTC but means the camera's unknown local time. ok is false
// where there is no date.
func (s Stamp) Time() (t time.Time, zoned, ok bool) {
	v := strings.TrimSpace(s.Value)
	for _, layout := range []string{"2006:01:02 15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006:01:02 15:04", "2006:01:02"} {
		t, err := time.Parse(layout, v)
		if err != nil {
			continue
		}
		if d, err := time.ParseDuration("0." + strings.TrimSpace(s.SubSec) + "s"); err == nil && s.SubSec != "" {
			t = t.Add(d)
		}
		if z, err := time.Parse("-07:00", strings.TrimSpace(s.Offset)); err == nil {
			_, seconds := z.Zone()
			return t.Add(-time.Duration(seconds) * time.Second).In(z.Location()), true, true
		}
		return t, false, true
	}
	return time.Time{}, false, false
}

// GPS is a position in degrees (WGS 84), north and east positive.
type GPS struct {
	Latitude, Longitude float64
	// HasPosition is false where the block holds no readable position.
	HasPosition bool
	Altitude    float64 // metres above sea level, 0 where absent
	// DateStamp and Seconds are UTC by the satellites: "2026:01:31" and
	// seconds after midnight (negative where absent).
	DateStamp string
	Seconds   float64
}

// Find returns the first entry of that number in the directory named, or in
// any where ifd is empty.
func (e *EXIF) Find(ifd string, id uint16) (Tag, bool) {
	for _, t := range e.Tags {
		if t.ID == id && (ifd == "" || ifd == t.IFD) {
			return t, true
		}
	}
	return Tag{}, false
}

// readEXIF reads a block from its TIFF head onwards.
func readEXIF(data []byte, w Where) (*EXIF, error) {
	r, first, err := newTIFFReader(data, w.Offset)
	if err != nil {
		return nil, err
	}
	r.tree(first)
	if len(r.seen) == 0 {
		return nil, errNoIFD
	}
	e := &EXIF{Where: w, Tags: r.tags, Problem: r.problem, BigEndian: r.big}
	e.fill()
	e.GPS = e.gps()
	e.Thumbnail = e.thumbnail(data)
	return e, nil
}

// tree reads the chain of directories and, below each, those it points at.
func (r *tiffReader) tree(at uint32) {
	for i := 0; i < maxIFDs; i++ {
		name := "0"
		if i > 0 {
			name = "1"
		}
		before := len(r.tags)
		next, ok := r.directory(name, at)
		if !ok {
			return
		}
		r.children(before)
		at = next
	}
}

func (r *tiffReader) children(from int) {
	for i := from; i < len(r.tags); i++ {
		name := ""
		switch t := r.tags[i]; {
		case t.ID == tagExifIFD:
			name = "exif"
		case t.ID == tagGPSIFD:
			name = "gps"
		case t.ID == tagInteropIFD && t.IFD == "exif":
			name = "interop"
		case t.ID == tagSubIFDs && (t.Type == 4 || t.Type == 13):
			name = "sub"
		}
		if name == "" {
			continue
		}
		for _, at := range r.tags[i].Numbers { // sub-directories come in lists
			r.directory(name, uint32(at))
		}
	}
}

// fill copies the well-known entries; the first of each number counts.
func (e *EXIF) fill() {
	text := func(id uint16) string { t, _ := e.Find("", id); return t.Text }
	number := func(id uint16) float64 {
		t, _ := e.Find("", id)
		if v := t.Number(); !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
		return 0
	}
	e.Make, e.Model, e.Software = text(tagMake), text(tagModel), text(tagSoftware)
	e.HostComputer, e.Artist, e.Copyright = text(tagHostComputer), text(tagArtist), text(tagCopyright)
	e.ImageDescription, e.UserComment = text(tagImageDescription), text(tagUserComment)
	e.LensModel, e.BodySerialNumber = text(tagLensModel), text(tagBodySerial)
	e.DateTime = Stamp{text(tagDateTime), text(tagOffset), text(tagSubSec)}
	e.Original = Stamp{text(tagDateOriginal), text(tagOffsetOriginal), text(tagSubSecOriginal)}
	e.Digitized = Stamp{text(tagDateDigitized), text(tagOffsetDigitized), text(tagSubSecDigitized)}
	if v := number(tagOrientation); v >= 1 && v <= 8 {
		e.Orientation = int(v)
	}
	e.PixelX, e.PixelY = int(number(tagPixelX)), int(number(tagPixelY))
	e.ExposureTime, e.FNumber = number(0x829a), number(0x829d)
	e.ISO, e.FocalMM = number(0x8827), number(0x920a)
	if t, ok := e.Find("exif", tagMakerNote); ok {
		e.MakerNote = t.Raw
	}
}

// gps reads the GPS directory (Exif 3.0, 4.6.7).
func (e *EXIF) gps() *GPS {
	g := &GPS{Seconds: -1}
	found := false
	find := func(id uint16) Tag {
		t, ok := e.Find("gps", id)
		found = found || ok
		return t
	}
	lat, latOK := degrees(find(2), find(1).Text, "S", 90)
	lon, lonOK := degrees(find(4), find(3).Text, "W", 180)
	if latOK && lonOK {
		g.Latitude, g.Longitude, g.HasPosition = lat, lon, true
	}
	if v := find(6).Number(); !math.IsNaN(v) {
		g.Altitude = v
		if find(5).Number() == 1 {
			g.Altitude = -v
		}
	}
	g.DateStamp = find(29).Text
	if n := find(7).Numbers; len(n) >= 3 {
		if s := n[0]*3600 + n[1]*60 + n[2]; s >= 0 && s < 86401 {
			g.Seconds = s
		}
	}
	if !found {
		return nil
	}
	return g
}

// degrees joins degrees, minutes and seconds. Empty positions, which some
// phones write as 0/0, are no position.
func degrees(t Tag, ref, negative string, limit float64) (float64, bool) {
	if len(t.Numbers) < 1 {
		return 0, false
	}
	v, unit := 0.0, 1.0
	for _, n := range t.Numbers[:min(3, len(t.Numbers))] {
		if math.IsNaN(n) {
			if unit == 1 {
				return 0, false
			}
			n = 0
		}
		v += n / unit
		unit *= 60
	}
	if v < 0 || v > limit {
		return 0, false
	}
	if strings.HasPrefix(ref, negative) {
		v = -v
	}
	return v, true
}

// thumbnail cuts the small JPEG that IFD 1 points at.
func (e *EXIF) thumbnail(data []byte) []byte {
	at, ok := e.Find("1", tagThumbnail)
	size, ok2 := e.Find("1", tagThumbnailLength)
	if !ok || !ok2 {
		return nil
	}
	start, n := at.Number(), size.Number()
	if start < 8 || n < 4 || start+n > float64(len(data)) {
		return nil
	}
	return data[int(start) : int(start)+int(n)]
}
