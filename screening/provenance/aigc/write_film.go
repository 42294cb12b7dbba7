package aigc

import (
	"bytes"
	"encoding/binary"
	"math"
)

// atom is one box with its head, in the order of its parent.
type atom struct {
	kind string
	body []byte
	at   int // where its head begins in the parent's body
	size int // with its head
}

// atoms splits a box's body into its children and what is left behind them,
// such as the four zeros that end a QuickTime user data list.
func atoms(data []byte) (list []atom, rest []byte, ok bool) {
	at := 0
	for at+8 <= len(data) {
		size, head := uint64(binary.BigEndian.Uint32(data[at:])), 8
		switch {
		case size == 1 && at+16 <= len(data):
			size, head = binary.BigEndian.Uint64(data[at+8:]), 16
		case size == 0:
			size = uint64(len(data) - at)
		}
		if size < uint64(head) || size > uint64(len(data)-at) {
			return nil, nil, false
		}
		list = append(list, atom{string(data[at+4 : at+8]), data[at+head : at+int(size)], at, int(size)})
		at += int(size)
	}
	rest = data[at:]
	return list, rest, len(bytes.Trim(rest, "\x00")) == 0
}

// pack writes a box.
func pack(kind string, parts ...[]byte) []byte {
	out := append(make([]byte, 4, 64), kind...)
	for _, p := range parts {
		out = append(out, p...)
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// film puts the label under the key AIGC of moov/udta/meta and moves the
// chunk offsets of media that lies behind moov by what moov grew.
func (w *writer) film() ([]byte, error) {
	top, rest, ok := atoms(w.data)
	if !ok || len(rest) > 0 {
		return nil, &Error{Code: BrokenFile}
	}
	var moov *atom
	for i, a := range top {
		switch a.kind {
		case "moof", "sidx", "mfra", "meta":
			return nil, &Error{Code: Fragmented, Detail: a.kind}
		case "moov":
			if moov != nil {
				return nil, &Error{Code: BrokenFile, Detail: "two moov boxes"}
			}
			moov = &top[i]
		}
	}
	if moov == nil {
		return nil, &Error{Code: BrokenFile, Detail: "no moov box"}
	}
	body, err := w.movie(moov.body)
	if err != nil {
		return nil, err
	}
	if len(body) > math.MaxInt32 {
		return nil, &Error{Code: TooLong}
	}
	box := pack("moov", body)
	if err := shift(box[8:], int64(moov.at+moov.size), int64(len(box)-moov.size), 0); err != nil {
		return nil, err
	}
	return w.splice(moov.at, moov.at+moov.size, box)
}

// movie rebuilds moov's body with the label in its udta.
func (w *writer) movie(body []byte) ([]byte, error) {
	return rebuild(body, "udta", func(udta []byte) ([]byte, error) {
		return rebuildWhere(udta, func(a atom) bool { return a.kind == "meta" && handler(a.body) == "mdta" }, "meta", w.list)
	})
}

// rebuild changes the first child of that kind, or adds one.
func rebuild(body []byte, kind string, change func([]byte) ([]byte, error)) ([]byte, error) {
	return rebuildWhere(body, func(a atom) bool { return a.kind == kind }, kind, change)
}

func rebuildWhere(body []byte, which func(atom) bool, kind string, change func([]byte) ([]byte, error)) ([]byte, error) {
	list, rest, ok := atoms(body)
	if !ok {
		return nil, &Error{Code: BrokenFile, Detail: "around " + kind}
	}
	var out []byte
	done := false
	for _, a := range list {
		switch {
		case a.kind == "mvex" || a.kind == "cmov":
			return nil, &Error{Code: Fragmented, Detail: a.kind}
		case !done && which(a):
			changed, err := change(a.body)
			if err != nil {
				return nil, err
			}
			out, done = append(out, pack(kind, changed)...), true
		default:
			out = append(out, body[a.at:a.at+a.size]...)
		}
	}
	if !done {
		changed, err := change(nil)
		if err != nil {
			return nil, err
		}
		out = append(out, pack(kind, changed)...)
	}
	return append(out, rest...), nil
}

// children skips the version that MP4 puts before a metadata box's children
// and QuickTime does not.
func children(meta []byte) (version, body []byte) {
	if len(meta) >= 4 && binary.BigEndian.Uint32(meta) == 0 {
		return meta[:4], meta[4:]
	}
	return nil, meta
}

// handler tells what kind of list a metadata box holds: "mdta" for keys.
func handler(meta []byte) string {
	_, body := children(meta)
	list, _, _ := atoms(body)
	for _, a := range list {
		if a.kind == "hdlr" && len(a.body) >= 12 {
			return string(a.body[8:12])
		}
	}
	return ""
}

// list rebuilds a metadata box (QuickTime File Format, Metadata): a handler,
// the key names, and the values by the number of their key.
func (w *writer) list(meta []byte) ([]byte, error) {
	version, body := children(meta)
	if meta == nil {
		version = make([]byte, 4)
		hdlr := pack("hdlr", make([]byte, 8), []byte("mdta"), make([]byte, 13))
		body = hdlr
	}
	number := 0
	body, err := rebuild(body, "keys", func(keys []byte) (out []byte, err error) {
		out, number, err = withKey(keys)
		return out, err
	})
	if err != nil {
		return nil, err
	}
	kind := string(binary.BigEndian.AppendUint32(nil, uint32(number)))
	// Type 1 is UTF-8; the locale that follows is none in particular.
	data := pack("data", []byte{0, 0, 0, 1, 0, 0, 0, 0}, []byte(w.label.JSON()))
	body, err = rebuild(body, "ilst", func(items []byte) ([]byte, error) {
		return rebuild(items, kind, func([]byte) ([]byte, error) { return data, nil })
	})
	return append(bytes.Clone(version), body...), err
}

// withKey returns the key list with AIGC in it and that key's number, from 1.
func withKey(keys []byte) ([]byte, int, error) {
	if len(keys) == 0 {
		keys = make([]byte, 8)
	}
	if len(keys) < 8 {
		return nil, 0, &Error{Code: BrokenFile, Detail: "keys"}
	}
	list, rest, ok := atoms(keys[8:])
	if !ok || len(rest) > 0 {
		return nil, 0, &Error{Code: BrokenFile, Detail: "keys"}
	}
	for i, a := range list {
		if string(a.body) == Name {
			return keys, i + 1, nil
		}
	}
	out := append(bytes.Clone(keys), pack("mdta", []byte(Name))...)
	binary.BigEndian.PutUint32(out[4:], uint32(len(list)+1))
	return out, len(list) + 1, nil
}

// shift adds delta to the chunk offsets (ISO/IEC 14496-12, 8.7.5) of media at
// or behind the byte from, in place.
func shift(body []byte, from, delta int64, depth int) error {
	list, _, ok := atoms(body)
	if !ok || depth > 8 {
		return &Error{Code: BrokenFile, Detail: "a track"}
	}
	for _, a := range list {
		var err error
		switch a.kind {
		case "trak", "mdia", "minf", "stbl":
			err = shift(a.body, from, delta, depth+1)
		case "saio":
			err = &Error{Code: Fragmented, Detail: a.kind}
		case "stco":
			err = shiftOffsets(a.body, 4, from, delta)
		case "co64":
			err = shiftOffsets(a.body, 8, from, delta)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shiftOffsets moves one table: version, count, then offsets of width bytes.
func shiftOffsets(table []byte, width int, from, delta int64) error {
	if len(table) < 8 {
		return &Error{Code: BrokenFile, Detail: "chunk offsets"}
	}
	n := int64(binary.BigEndian.Uint32(table[4:]))
	if n > int64(len(table)-8)/int64(width) {
		return &Error{Code: BrokenFile, Detail: "chunk offsets"}
	}
	for i := range int(n) {
		entry := table[8+i*width:]
		if width == 8 {
			if v := binary.BigEndian.Uint64(entry); v >= uint64(from) && v < math.MaxInt64/2 {
				binary.BigEndian.PutUint64(entry, uint64(int64(v)+delta))
			}
			continue
		}
		v := int64(binary.BigEndian.Uint32(entry))
		if v < from {
			continue
		}
		if v += delta; v > math.MaxUint32 {
			return &Error{Code: TooLong}
		}
		binary.BigEndian.PutUint32(entry, uint32(v))
	}
	return nil
}
