package server

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// gate bounds the connections of a listener, in all and by address. Where
// there are too many the one that has been idle for longest makes room for the
// new one, so that nobody keeps others out by connecting and saying nothing;
// where none is idle the new one is told to come back.
type gate struct {
	net.Listener
	most, mostOf int
	exempt       func(netip.Addr) bool // proxies, behind whom are many
	refused      func()

	mu    sync.Mutex
	n     int
	idle  *list.List // of *gated, the longest idle first
	hosts map[string]*host
}

// host is one address's connections.
type host struct {
	n    int
	idle *list.List // of *gated
}

// gated is a connection that is counted until it is closed.
type gated struct {
	net.Conn
	gate     *gate
	key      string
	own, all *list.Element // where it is idle
	closed   bool
}

// CloseWrite says that no more will come, which net/http does where it answers
// before it has read all of a request.
func (c *gated) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Limit bounds what a listener lets in, and lets the http.Server that HTTP made
// tell which connections are idle.
func (s *Server) Limit(l net.Listener, h *http.Server) net.Listener {
	g := &gate{
		Listener: l, most: s.opt.Limits.Connections, mostOf: s.opt.Limits.ConnectionsPerAddress,
		exempt: s.trusted, refused: func() { s.figures.refused.WithLabelValues("connections").Inc() },
		idle: list.New(), hosts: map[string]*host{},
	}
	h.ConnState = g.state
	context.AfterFunc(s.stopping, g.hangUp)
	return g
}

// busyHere is what a connection reads that there is no room for.
const busyHere = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

// Accept waits for a connection that there is room for.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if in := g.take(c); in != nil {
			return in, nil
		}
		g.refused()
		_ = c.SetWriteDeadline(time.Now().Add(time.Second)) // a new socket's buffer takes it at once
		_, _ = c.Write([]byte(busyHere))
		_ = c.Close()
	}
}

// take counts a connection in, or answers nil.
func (g *gate) take(c net.Conn) *gated {
	at := remoteOf(c)
	key := limitKey(at)
	g.mu.Lock()
	h := g.hosts[key]
	if h == nil {
		h = &host{idle: list.New()}
		g.hosts[key] = h
	}
	var out []*gated
	room := true
	if h.n >= g.mostOf && !g.exempt(at) {
		out, room = g.evict(h.idle, out)
	}
	if room && g.n >= g.most {
		out, room = g.evict(g.idle, out)
	}
	var in *gated
	if room {
		in = &gated{Conn: c, gate: g, key: key}
		g.hosts[key] = h // it may have been its last one that made room
		g.n++
		h.n++
		g.rest(in)
	}
	if h.n == 0 {
		delete(g.hosts, key)
	}
	g.mu.Unlock()
	for _, old := range out {
		_ = old.Conn.Close() // it was idle; its server sees that it is gone
	}
	return in
}

// evict counts out the one that has been idle for longest.
func (g *gate) evict(idle *list.List, out []*gated) ([]*gated, bool) {
	e := idle.Front()
	if e == nil {
		return out, false
	}
	old := e.Value.(*gated)
	g.drop(old)
	return append(out, old), true
}

// rest notes that a connection is idle from now on.
func (g *gate) rest(c *gated) {
	c.all = g.idle.PushBack(c)
	c.own = g.hosts[c.key].idle.PushBack(c)
}

// rouse notes that it is busy.
func (g *gate) rouse(c *gated) {
	if c.all == nil {
		return
	}
	g.idle.Remove(c.all)
	g.hosts[c.key].idle.Remove(c.own)
	c.all, c.own = nil, nil
}

// drop counts a connection out.
func (g *gate) drop(c *gated) {
	if c.closed {
		return
	}
	c.closed = true
	g.rouse(c)
	g.n--
	h := g.hosts[c.key]
	if h.n--; h.n == 0 {
		delete(g.hosts, c.key)
	}
}

// state is told by http.Server what a connection does.
func (g *gate) state(conn net.Conn, state http.ConnState) {
	c, ok := conn.(*gated)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.closed {
		return
	}
	g.rouse(c)
	if state == http.StateIdle || state == http.StateNew { // new: it has not said anything yet
		g.rest(c)
	}
}

// hangUp closes all that are idle. http.Server would wait for those that have
// not said anything yet.
func (g *gate) hangUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for e := g.idle.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*gated).Conn.Close() // their server counts them out
	}
}

// Close closes the connection and counts it out.
func (c *gated) Close() error {
	c.gate.mu.Lock()
	c.gate.drop(c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}

// remoteOf is a connection's other end.
func remoteOf(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return netip.IPv4Unspecified()
}
