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
}

// Memory estimates, in bytes, what a sandbox needs to decode the picture from a
// file of the given length. Bytes a pixel are as measured on 3-megapixel files:
// libde265 and libheif hold 7 to 10 (twice that where samples are deep), libaom
// and libavif, which convert to RGB, 20 to 22 (deep: 29 to 33).
func (i Info) Memory(length int64) int64 {
	per := int64(11)
	switch {
	case i.AV1 && i.Deep:
		per = 34
	case i.AV1:
		per = 22
	case i.Deep:
		per = 21
	}
	const most = 1 << 40
	if i.Width > 0 && i.Height > most/per/i.Width {
		return most
	}
	return minMemory + length + per*i.Width*i.Height
}

// maxDepth bounds how deep boxes are followed, maxProperties how many
// properties are kept (an association names at most 32767).
const (
	maxDepth      = 8
	maxProperties = 32768
)

// property is one child of ipco.
type property struct {
	kind string
	body []byte
}

// reader gathers what the boxes say.
type reader struct {
	primary    uint32
	hasPrimary bool
	properties []property
	// chosen lists the primary item's properties by index from 1, in order.
	chosen []int
	// associations waits for the primary item's number, which may come later.
	associations []byte
	info         Info
}

// ReadInfo reads the file's boxes as far as they make sense. A file too
// damaged to say leaves zero sizes.
func ReadInfo(data []byte) Info {
	r := &reader{info: Info{Orientation: 1}}
	r.boxes(data, 0)
	if r.hasPrimary {
		r.associate()
	}
	turn := orientation{1, 0, 0, 1}
	for _, i := range r.chosen {
		if i < 1 || i > len(r.properties) {
			continue
		}
		switch p := r.properties[i-1]; {
		case p.kind == "irot" && len(p.body) >= 1:
			turn = quarterTurns[p.body[0]&3].after(turn)
		case p.kind == "imir" && len(p.body) >= 1:
			turn = mirrors[p.body[0]&1].after(turn)
		case p.kind == "colr" && len(p.body) >= 11 && string(p.body[:4]) == "nclx":
			r.info.StudioRange = p.body[10]&0x80 == 0
		}
	}
	r.info.Orientation = turn.exif()
	return r.info
}

// boxes walks one level of boxes (14496-12, 4.2).
func (r *reader) boxes(data []byte, depth int) {
	for len(data) >= 8 && depth < maxDepth {
		size, head := uint64(be32(data)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(data))
		case size == 1 && len(data) >= 16:
			size, head = uint64(be32(data[8:]))<<32|uint64(be32(data[12:])), 16
		}
		if size < head {
			return
		}
		end := min(size, uint64(len(data)))
		r.box(string(data[4:8]), data[head:end], depth)
		data = data[end:]
	}
}

// box acts on the boxes that matter here.
func (r *reader) box(kind string, body []byte, depth int) {
	switch kind {
	case "meta":
		if len(body) > 4 {
			r.boxes(body[4:], depth+1)
		}
	case "iprp", "moov", "trak":
		r.boxes(body, depth+1)
	case "ipco":
		r.container(body)
	case "pitm":
		switch {
		case len(body) >= 6 && body[0] == 0:
			r.primary, r.hasPrimary = uint32(body[4])<<8|uint32(body[5]), true
		case len(body) >= 8 && body[0] > 0:
			r.primary, r.hasPrimary = be32(body[4:]), true
		}
	case "ipma":
		r.associations = body
	case "tkhd": // an image sequence: 16.16 fixed point at the box's end
		if n := len(body); n >= 84 {
			r.size(int64(be32(body[n-8:])>>16), int64(be32(body[n-4:])>>16))
		}
	}
}

// container reads the property container: sizes count whoever they belong to.
func (r *reader) container(data []byte) {
	for len(data) >= 8 && len(r.properties) < maxProperties {
		size := uint64(be32(data))
		if size == 0 || size > uint64(len(data)) {
			size = uint64(len(data))
		}
		if size < 8 {
			return
		}
		p := property{string(data[4:8]), data[8:size]}
		r.properties = append(r.properties, p)
		switch {
		case p.kind == "ispe" && len(p.body) >= 12:
			r.size(int64(be32(p.body[4:])), int64(be32(p.body[8:])))
		case p.kind == "pixi" && len(p.body) >= 6 && p.body[5] > 8:
			r.info.Deep = true
		case p.kind == "av1C":
			r.info.AV1 = true
			if len(p.body) >= 3 && p.body[2]&0x40 != 0 { // high_bitdepth
				r.info.Deep = true
			}
		}
		data = data[size:]
	}
}

// size keeps the larger picture by area.
func (r *reader) size(w, h int64) {
	if float64(w)*float64(h) > float64(r.info.Width)*float64(r.info.Height) {
		r.info.Width, r.info.Height = w, h
	}
}

// associate finds the primary item in ipma (23008-12, 9.3).
func (r *reader) associate() {
	b := r.associations
	if len(b) < 8 {
		return
	}
	version, wide := b[0], b[3]&1 == 1
	count := be32(b[4:])
	b = b[8:]
	for range count {
		id, n := uint32(0), 2
		if version > 0 {
			n = 4
		}
		if len(b) < n+1 {
			return
		}
		for _, v := range b[:n] {
			id = id<<8 | uint32(v)
		}
		uses, step := int(b[n]), 1
		if wide {
			step = 2
		}
		b = b[n+1:]
		if len(b) < uses*step {
			return
		}
		for i := 0; id == r.primary && i < uses; i++ {
			index := int(b[i*step] & 0x7f)
			if wide {
				index = index<<8 | int(b[2*i+1])
			}
			r.chosen = append(r.chosen, index)
		}
		b = b[uses*step:]
	}
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
