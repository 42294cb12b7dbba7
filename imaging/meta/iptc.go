package meta

import (
	"bytes"
	"fmt"
)

// IPTC is one dataset of the Information Interchange Model (IIM 4.2).
type IPTC struct {
	Where
	// Record and Dataset number the field; 2:80 is the by-line, 2:110 the
	// credit, 2:120 the caption, 2:40 the special instructions.
	Record, Dataset int
	Value           string
}

// IPTCField returns the values of one dataset.
func (m *Metadata) IPTCField(record, dataset int) []string {
	var values []string
	for _, f := range m.IPTC {
		if f.Record == record && f.Dataset == dataset {
			values = append(values, f.Value)
		}
	}
	return values
}

// readPhotoshop walks image resource blocks (Adobe Photoshop File Formats
// Specification, Image Resource Blocks): "8BIM", number, Pascal name, length, body.
func (m *Metadata) readPhotoshop(data []byte, w Where) {
	at := 0
	for at+12 <= len(data) {
		switch string(data[at : at+4]) {
		case "8BIM", "MeSa", "AgHg", "PHUT", "DCSR":
		default:
			m.problem("%s: Photoshop resources end in something else", w.Carrier)
			return
		}
		id := be16(data[at+4:])
		name := 1 + int(data[at+6])
		name += name & 1 // padded to even, its length byte counted
		pos := at + 6 + name
		if pos+4 > len(data) {
			break
		}
		n := uint64(be32(data[pos:]))
		start, end := pos+4, len(data)
		if uint64(start)+n <= uint64(len(data)) {
			end = start + int(n)
		} else {
			m.problem("%s: a Photoshop resource reaches beyond its segment", w.Carrier)
		}
		here := Where{w.Carrier + " 8BIM", w.Offset + start, end - start}
		m.addBlock(fmt.Sprintf("8BIM %d", id), here, data[start:end])
		switch id {
		case 1028:
			m.readIIM(data[start:end], here)
		case 1058:
			m.addEXIF(data[start:end], here)
		case 1060:
			m.addXMP(data[start:end], here)
		}
		at = end + (end-start)&1
	}
}

// readIIM walks datasets: 0x1c, record, dataset, length (IIM 4.2, 1.5).
func (m *Metadata) readIIM(data []byte, w Where) {
	utf8Said := false
	for at := 0; at+5 <= len(data) && data[at] == 0x1c && len(m.IPTC) < maxTexts; {
		record, dataset, n := int(data[at+1]), int(data[at+2]), be16(data[at+3:])
		start := at + 5
		if n&0x8000 != 0 { // extended: the length of the length
			digits := n & 0x7fff
			if digits > 4 || start+digits > len(data) {
				break
			}
			n = 0
			for _, b := range data[start : start+digits] {
				n = n<<8 | int(b)
			}
			start += digits
		}
		if n < 0 || start+n > len(data) {
			m.problem("%s: an IPTC field reaches beyond its block", w.Carrier)
			n = len(data) - start
		}
		raw := data[start : start+n]
		at = start + n
		if record == 1 && dataset == 90 {
			utf8Said = bytes.Equal(raw, []byte("\x1b%G"))
		}
		value, charset := decodeText(raw)
		if utf8Said && charset == Latin1 {
			value = string(bytes.ToValidUTF8(raw, []byte("\ufffd")))
		}
		m.IPTC = append(m.IPTC, IPTC{Where{w.Carrier, w.Offset + start, n}, record, dataset, trimNUL(value)})
	}
}
