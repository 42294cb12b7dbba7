package aigc

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
	"unicode/utf8"
)

// property is the label as an XMP property of a description of its own.
func (w *writer) property() string {
	var text bytes.Buffer
	_ = xml.EscapeText(&text, []byte(w.label.JSON())) // a buffer takes all
	// Quotation marks need no escape in an element; plain ones can be read by
	// programs that search for the JSON.
	value := strings.ReplaceAll(text.String(), "&#34;", `"`)
	return `<rdf:Description rdf:about="" xmlns:` + Prefix + `="` + Namespace + `"><` +
		Prefix + ":" + Name + ">" + value + "</" + Prefix + ":" + Name + "></rdf:Description>"
}

// newPacket is a packet that holds nothing but the label.
func (w *writer) newPacket() []byte {
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		w.property() + "</rdf:RDF></x:xmpmeta>\n" + `<?xpacket end="w"?>`)
}

// rdfEnd is where a description is put in. Only the usual prefix is looked
// for: a packet that spells it otherwise is left alone.
const (
	rdfEnd   = "</rdf:RDF>"
	rdfName  = `xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"`
	rdfName2 = `xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'`
)

var (
	oldElement   = regexp.MustCompile(`(?s)<[A-Za-z0-9_]+:AIGC(?:\s[^<>]*)?>[^<>]*</[A-Za-z0-9_]+:AIGC\s*>`)
	oldAttribute = regexp.MustCompile(`(?s)\s[A-Za-z0-9_]+:AIGC\s*=\s*("[^"<]*"|'[^'<]*')`)
	padding      = regexp.MustCompile(`\s{2,}(<\?xpacket end)`)
)

// packetWith returns a packet with the label in place of an older one.
// Everything else in it stays as it is, byte for byte.
func (w *writer) packetWith(packet []byte) ([]byte, error) {
	end := bytes.LastIndex(packet, []byte(rdfEnd))
	named := bytes.Contains(packet, []byte(rdfName)) || bytes.Contains(packet, []byte(rdfName2))
	if end < 0 || !named || !utf8.Valid(packet) {
		return nil, &Error{Code: BadXMP}
	}
	head, tail := packet[:end], packet[end:]
	if len(w.old) > 0 {
		head = oldAttribute.ReplaceAll(oldElement.ReplaceAll(head, nil), nil)
	}
	return append(append(bytes.Clone(head), w.property()...), tail...), nil
}

// unpadded takes out the blanks that a packet keeps for later additions.
func unpadded(packet []byte) []byte { return padding.ReplaceAll(packet, []byte("\n$1")) }
