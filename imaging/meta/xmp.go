package meta

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds on a packet.
const (
	maxProperties = 20000
	maxXMLDepth   = 64
	// maxXMLTokens is tags and pieces of text, over all of a file's packets;
	// the longest editing history seen in the wild has a tenth of it.
	maxXMLTokens = 200000
	maxPath      = 1024 // bytes of Property.Path
)

// rdfNamespace is that of RDF's own elements, which hold properties and are none.
const rdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// XMP is one packet (ISO 16684-1).
type XMP struct {
	Where
	// Raw is the packet as it lies in the file, put together where it was split.
	Raw []byte
	// Properties lists every property with a value, in order.
	Properties []Property
	// Problem says in English where the packet stopped making sense; what came
	// before is in Properties.
	Problem string
}

// Property is one XMP property, array item or structure field that has a value.
type Property struct {
	// Namespace is the URI; where the packet does not declare the prefix, the
	// prefix itself.
	Namespace string
	Name      string
	Value     string
	// Attribute is true for the short form, prefix:Name="value".
	Attribute bool
	// Path is the names from the outermost property down, joined by "/", such
	// as "History/softwareAgent". Array items repeat their property's path.
	// Past 1,024 bytes it is cut.
	Path string
}

// parseXMP reads a packet in document order. It does not insist on RDF: any
// element with text, or attribute, in some namespace is a property. It stops
// after limit tokens and says how many it took.
func parseXMP(packet []byte, limit int) (x XMP, steps int) {
	x = XMP{Raw: packet}
	d := xml.NewDecoder(strings.NewReader(cleanXML(packet)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	p := &xmpParser{out: &x, open: map[xml.Name]int{}}
	for ; ; steps++ {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			x.Problem = "the XMP packet is not well formed: " + err.Error()
			break
		}
		if steps >= limit || !p.token(token) {
			x.Problem = "the XMP packet is deeper or longer than is read"
			break
		}
	}
	p.flush()
	return x, steps
}

// cleanXML turns a packet into UTF-8 and takes out what no XML may hold.
func cleanXML(packet []byte) string {
	packet = bytes.TrimRight(packet, "\x00")
	text, _ := decodeText(packet)
	if n := bytes.Count(packet[:min(len(packet), 64)], []byte{0}); n > 8 {
		text = decodeWide(packet, packet[0] == 0)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000:
			return r
		case r == 0:
			return -1
		}
		return ' '
	}, text)
}

// element is one open element.
type element struct {
	prefix, local string
	namespace     string
	prefixes      map[string]string // declared here
	text          strings.Builder
	children      bool
	property      bool
}

type xmpParser struct {
	out   *XMP
	stack []*element
	open  map[xml.Name]int // how many of a name are on the stack
}

// token takes one step; false means a bound was reached.
func (p *xmpParser) token(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		p.end(t.Name)
	case xml.CharData:
		if n := len(p.stack); n > 0 {
			p.stack[n-1].text.Write(t)
		}
	}
	return true
}

func (p *xmpParser) start(t xml.StartElement) bool {
	if len(p.stack) >= maxXMLDepth || len(p.out.Properties) >= maxProperties {
		return false
	}
	e := &element{prefix: t.Name.Space, local: t.Name.Local}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			if e.prefixes == nil {
				e.prefixes = map[string]string{}
			}
			if a.Name.Space == "" {
				e.prefixes[""] = a.Value
			} else {
				e.prefixes[a.Name.Local] = a.Value
			}
		}
	}
	if n := len(p.stack); n > 0 {
		p.stack[n-1].children = true
	}
	p.stack = append(p.stack, e)
	p.open[t.Name]++
	e.namespace = p.resolve(e.prefix)
	e.property = e.namespace != rdfNamespace && e.namespace != "adobe:ns:meta/" && e.local != "xapmeta"
	for _, a := range t.Attr {
		p.attribute(a)
	}
	return true
}

// attribute files one attribute, unless it is the grammar's own. rdf:resource
// is the value of the element that bears it.
func (p *xmpParser) attribute(a xml.Attr) {
	space, name := a.Name.Space, a.Name.Local
	if space == "xmlns" || space == "xml" || space == "" || len(p.out.Properties) >= maxProperties {
		return
	}
	namespace := p.resolve(space)
	top := p.stack[len(p.stack)-1]
	switch {
	case namespace == rdfNamespace && (name == "resource" || name == "value"):
		if top.property {
			p.add(Property{Namespace: top.namespace, Name: top.local, Value: a.Value, Attribute: true, Path: p.path("")})
		}
	case namespace == rdfNamespace, namespace == "adobe:ns:meta/":
	default:
		p.add(Property{Namespace: namespace, Name: name, Value: a.Value, Attribute: true, Path: p.path(name)})
	}
}

// end closes the element named and, where inner ones were left open, those.
func (p *xmpParser) end(name xml.Name) {
	for before := p.open[name]; before > 0 && p.open[name] == before; {
		p.pop()
	}
}

// pop files the innermost element's text, if it has any of its own.
func (p *xmpParser) pop() {
	e := p.stack[len(p.stack)-1]
	value := strings.TrimSpace(e.text.String())
	if value != "" && !(e.children && e.namespace == rdfNamespace) {
		switch owner := p.owner(); {
		case e.property:
			p.add(Property{Namespace: e.namespace, Name: e.local, Value: value, Path: p.path("")})
		case owner != nil: // rdf:li, rdf:value
			p.add(Property{Namespace: owner.namespace, Name: owner.local, Value: value, Path: p.path("")})
		}
	}
	p.stack = p.stack[:len(p.stack)-1]
	p.open[xml.Name{Space: e.prefix, Local: e.local}]--
}

// owner is the innermost open property.
func (p *xmpParser) owner() *element {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].property {
			return p.stack[i]
		}
	}
	return nil
}

func (p *xmpParser) add(q Property) {
	if len(p.out.Properties) < maxProperties {
		p.out.Properties = append(p.out.Properties, q)
	}
}

// path joins the open properties' names and, where given, one more. It is
// bounded, or a name of megabytes would be repeated for each of its children.
func (p *xmpParser) path(last string) string {
	var b strings.Builder
	add := func(name string) {
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString(name[:min(len(name), maxPath)])
	}
	for _, e := range p.stack {
		if e.property && b.Len() < maxPath {
			add(e.local)
		}
	}
	if last != "" {
		add(last)
	}
	path := b.String()
	return strings.ToValidUTF8(path[:min(len(path), maxPath)], "")
}

// resolve finds a prefix's namespace, innermost declaration first.
func (p *xmpParser) resolve(prefix string) string {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if uri, ok := p.stack[i].prefixes[prefix]; ok {
			return uri
		}
	}
	if prefix == "rdf" {
		return rdfNamespace
	}
	return prefix
}

// flush closes what a broken packet left open, so that its text counts.
func (p *xmpParser) flush() {
	for len(p.stack) > 0 {
		p.pop()
	}
}
