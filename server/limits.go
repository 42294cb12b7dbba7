package server

import (
	"fmt"
	"time"

	"github.com/evenhand/evenhand/text"
)

// Limits bound what strangers and callers can make a node hold at once. The
// zero value of a field is its default.
type Limits struct {
	// PublicBody, Body and ListBody are the most of a JSON body, in bytes: of
	// operations that anybody may call, of the others, and of those that take
	// lists or whole texts. Defaults: 16 KiB, 256 KiB, 4 MiB.
	PublicBody, Body, ListBody int64
	// BodiesInFlight is the most of all larger bodies being read or worked on
	// together, in bytes; one caller has at most a quarter. Default: 24 MiB.
	BodiesInFlight int64
	// BodyPatience is how long a body may take to begin to come, and to go on;
	// uploads have twice that. After it, bytes must come at a pace; see tempo.
	// Default: 15 s.
	BodyPatience time.Duration
	// Connections is how many there may be, ConnectionsPerAddress how many from
	// one address, unless it is a proxy's. Defaults: 4096 and 512.
	Connections, ConnectionsPerAddress int
	// RequestsPerAddress is how many requests of one address may be under way,
	// live updates not counted, which have bounds of their own. Default: 256.
	RequestsPerAddress int
	// Streams of live updates: in all, of one address, of one caller.
	// Defaults: 2000, 200, 12.
	Streams, StreamsPerAddress, StreamsPerCaller int
}

func (l Limits) orDefaults() Limits {
	l.PublicBody = orElse(l.PublicBody, 16<<10)
	l.Body = orElse(l.Body, 256<<10)
	l.ListBody = orElse(l.ListBody, 4<<20)
	l.BodiesInFlight = orElse(l.BodiesInFlight, 24<<20)
	l.BodyPatience = orElse(l.BodyPatience, 15*time.Second)
	l.Connections = orElse(l.Connections, 4096)
	l.ConnectionsPerAddress = orElse(l.ConnectionsPerAddress, 512)
	l.RequestsPerAddress = orElse(l.RequestsPerAddress, 256)
	l.Streams = orElse(l.Streams, 2000)
	l.StreamsPerAddress = orElse(l.StreamsPerAddress, 200)
	l.StreamsPerCaller = orElse(l.StreamsPerCaller, 12)
	return l
}

// bodySize is the most of a JSON body that an operation takes which says
// nothing itself.
func (s *Server) bodySize(a Access) int64 {
	if a.Public {
		return s.opt.Limits.PublicBody
	}
	return s.opt.Limits.Body
}

// shapeOf is how many values a body of so many bytes may hold: a value is one
// byte at least, and some three hundred in memory. Real bodies have some
// thirty bytes a value.
func shapeOf(size int64) int { return int(max(1000, size/32)) }

// maxDepth is how deeply lists and objects may lie in each other.
const maxDepth = 32

// measure counts what a JSON text holds, whether or not it is one, without
// taking any memory for it: so much that decoding it is bounded.
func measure(text []byte) (values, depth int) {
	in, deepest := false, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if in {
			switch c {
			case '\\':
				i++
			case '"':
				in = false
			}
			continue
		}
		switch c {
		case '"':
			in = true
		case ',':
			values++
		case '[', '{':
			values++
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return values, deepest
}

// shaped refuses a body whose decoding would take more than is reasonable.
func shaped(words []byte, limit int64) error {
	values, depth := measure(words)
	switch {
	case depth > maxDepth:
		return text.Refuse(codeBadRequest, "body.", "Lists and objects lie too deeply in each other.", "内容嵌套层数过多。")
	case values > shapeOf(limit):
		return text.Refuse(text.CodeTooLarge, "body.", "The body has more fields and entries than what is read here.", "内容的字段和条目数量超过上限。")
	}
	if key, twice := repeated(words); twice {
		return text.Refuse(codeBadRequest, "body.", fmt.Sprintf("An object has the field %q twice; send it once.", shortKey(key)), fmt.Sprintf("同一对象中字段 %q 重复出现，请只保留一个。", shortKey(key)))
	}
	return nil
}
