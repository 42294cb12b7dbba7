// Package heif reads HEIC and AVIF stills. The box structure is read by a
// parser of our own, which tells sizes and orientation before anything is
// decoded; the pixels come from libheif and libavif compiled to WebAssembly,
// run in a sandbox whose memory is bounded.
// Nothing is compiled or loaded before the first picture of either kind.
package heif

// Info is what a file declares (ISO/IEC 23008-12, ISO/IEC 14496-12).
type Info struct {
	// Width and Height are the largest of any picture or tile in the file, in
	// stored pixels: the size the decoder may have to make room for.
	Width, Height int64
	// Orientation is the primary picture's irot and imir as an EXIF orientation,
	// 1 to 8.
	Orientation int
	// StudioRange is true where the primary picture says that its luma runs
	// from 16 to 235 rather than from 0 to 255.
	StudioRange bool
	// AV1 is true where the pictures are coded in AV1 (AVIF), false for HEVC.
	AV1 bool
	// Deep is true where samples have more than 8 bits.
	Deep bool
	// Alpha is true where a picture says how much of another is there.
	Alpha bool
	// Chroma is how HEVC samples colour, the fullest of all tiles: 1 for half of
	// it each way, 2 across alone, 3 all of it; 0 grey or unknown.
	Chroma int
}

// Memory estimates, in bytes, what a sandbox needs to decode the picture from a
// file of the given length. Bytes a pixel are as measured on files of 2 to 12
// megapixels, with something to spare: libde265 and libheif hold 8 (4:2:0), 10
// (4:2:2) or 13 (4:4:4), and 13 and more where samples are deep; libaom and
// libavif, which convert to RGB, 23 (deep: 35), and 38 with transparency (deep:
// 58).
func (i Info) Memory(length int64) int64 {
	per := int64(11)
	switch {
	case i.AV1 && i.Alpha && i.Deep:
		per = 64
	case i.AV1 && i.Alpha:
		per = 42
	case i.AV1 && i.Deep:
		per = 35
	case i.AV1:
		per = 24
	case i.Deep && i.Chroma > 2:
		per = 26
	case i.Deep:
		per = 21
	case i.Chroma > 2:
		per = 16
	case i.Chroma == 2:
		per = 13
	}
	const most = 1 << 40
	if i.Width > 0 && i.Height > most/per/i.Width {
		return most
	}
	return minMemory + length + per*i.Width*i.Height
}

// Read reads a file's boxes: what they declare, and the primary picture as far
// as it can be told. A file too damaged to say declares zero sizes; the error
// is the picture's, as Find's.
func Read(data []byte) (Info, *Still, error) {
	c := readContainer(data)
	info := c.info()
	s, err := c.find(info)
	return info, s, err
}

// ReadInfo is what a file declares.
func ReadInfo(data []byte) Info { return readContainer(data).info() }

// info is what the boxes declare: sizes count whoever they belong to.
func (c *container) info() Info {
	i := Info{Width: c.trackWidth, Height: c.trackHeight, Orientation: 1}
	for _, p := range c.properties {
		switch {
		case p.kind == "ispe" && len(p.body) >= 12:
			w, h := int64(be32(p.body[4:])), int64(be32(p.body[8:]))
			if float64(w)*float64(h) > float64(i.Width)*float64(i.Height) {
				i.Width, i.Height = w, h
			}
		case p.kind == "pixi" && len(p.body) >= 6 && p.body[5] > 8:
			i.Deep = true
		case p.kind == "auxC" && isAlpha(p.body):
			i.Alpha = true
		case p.kind == "av1C":
			i.AV1 = true
			if len(p.body) >= 3 && p.body[2]&0x40 != 0 { // high_bitdepth
				i.Deep = true
			}
		}
	}
	it := c.items[c.primary]
	if it == nil {
		return i
	}
	turn := orientation{1, 0, 0, 1}
	for p := range c.propertiesOf(it) {
		switch {
		case p.kind == "irot" && len(p.body) >= 1:
			turn = quarterTurns[p.body[0]&3].after(turn)
		case p.kind == "imir" && len(p.body) >= 1:
			turn = mirrors[p.body[0]&1].after(turn)
		}
	}
	i.Orientation = turn.exif()
	if nclx := c.nclx(it); len(nclx) >= 11 {
		i.StudioRange = nclx[10]&0x80 == 0
	}
	return i
}

// nclx is how an item says that its colours are coded; nil where it does not.
func (c *container) nclx(it *item) []byte {
	for p := range c.propertiesOf(it) {
		if p.kind == "colr" && len(p.body) >= 4 && string(p.body[:4]) == "nclx" {
			return p.body
		}
	}
	return nil
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// orientation is a map of directions (x right, y down) from the stored to the
// upright picture: x' = a·x + b·y, y' = c·x + d·y.
type orientation [4]int

// after returns the map that applies first and then o.
func (o orientation) after(first orientation) orientation {
	return orientation{
		o[0]*first[0] + o[1]*first[2], o[0]*first[1] + o[1]*first[3],
		o[2]*first[0] + o[3]*first[2], o[2]*first[1] + o[3]*first[3],
	}
}

// quarterTurns are irot's anticlockwise quarter turns; mirrors are imir's: 0
// exchanges top and bottom, 1 left and right (23008-12, 6.5.10 and 6.5.12).
var (
	quarterTurns = [4]orientation{{1, 0, 0, 1}, {0, 1, -1, 0}, {-1, 0, 0, -1}, {0, -1, 1, 0}}
	mirrors      = [2]orientation{{1, 0, 0, -1}, {-1, 0, 0, 1}}
)

// exif gives the map its EXIF number.
func (o orientation) exif() int {
	for i, e := range []orientation{
		{1, 0, 0, 1},
		{-1, 0, 0, 1},
		{-1, 0, 0, -1},
		{1, 0, 0, -1},
		{0, 1, 1, 0},
		{0, -1, 1, 0},
		{0, -1, -1, 0},
		{0, 1, -1, 0},
	} {
		if o == e {
			return i + 1
		}
	}
	return 1
}
