package server

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

// A connection costs memory for as long as somebody keeps it busy, so whoever
// sends or takes bytes keeps to a pace, whatever the route and whether or not
// its handler reads at all. Somebody slower than that is cut off; an upload by
// tus then goes on where it was.

// tempo is how slowly bytes may come: patience at first and between two
// pieces, and perSecond bytes on average after that.
type tempo struct {
	patience  time.Duration
	perSecond int64
}

// tempi are those of a usual body and of an upload. A photo from a phone in a
// lift comes at a few kilobytes a second.
func tempi(patience time.Duration) (usual, upload tempo) {
	return tempo{patience: patience, perSecond: 16 << 10}, tempo{patience: 2 * patience, perSecond: 1 << 10}
}

const (
	// lingerFor is how long what is left of a body may still take to come once
	// the answer is known: a client that is answered early sends the rest of
	// what it began, one that sends nothing holds nobody up.
	lingerFor = time.Second
	// writePatience is how long a piece of an answer may take to be taken, and
	// writePiece how large a piece is: 2 KiB a second, at least.
	writePatience = 30 * time.Second
	writePiece    = 64 << 10
	// lastMoment is what a body under way, or a listener that does not read,
	// gets once the node stops.
	lastMoment = 500 * time.Millisecond
)

// slowError is a body that came too slowly. It is a timeout to whoever asks.
type slowError struct{}

func (slowError) Error() string     { return "the body came too slowly" }
func (slowError) Timeout() bool     { return true }
func (slowError) Temporary() bool   { return false }
func (slowError) Is(err error) bool { return err == os.ErrDeadlineExceeded }
func isSlow(err error) bool         { return errors.Is(err, os.ErrDeadlineExceeded) }

// pace is a request's body and its connection's deadlines. It is the body that
// handlers read.
type pace struct {
	rc    *http.ResponseController
	body  io.ReadCloser
	start time.Time

	mu       sync.Mutex
	tempo    tempo // what is asked for now
	slowest  tempo // what upload asks for
	read     int64
	deadline time.Time // of reading, as it was last set; zero: none
	whole    bool      // all of the body has come
	answered bool      // the answer is known: what is left matters to nobody
	stopping bool
	left     bool // the handler is gone, and the connection no longer ours
}

// newPace begins to watch over a request.
func newPace(w http.ResponseWriter, r *http.Request, patience time.Duration) *pace {
	p := &pace{rc: http.NewResponseController(w), body: r.Body, start: time.Now()}
	p.tempo, p.slowest = tempi(patience)
	// The one before on this connection left its own, which may be past by now.
	_ = p.rc.SetWriteDeadline(time.Time{})
	p.whole = r.Body == nil || r.Body == http.NoBody
	if !p.whole {
		p.set(p.due())
		r.Body = p
	}
	return p
}

// due is when the next byte must have come.
func (p *pace) due() time.Time {
	now := time.Now()
	due := now.Add(p.tempo.patience)
	overall := p.start.Add(p.tempo.patience + time.Duration(float64(p.read)/float64(p.tempo.perSecond)*float64(time.Second)))
	if overall.Before(due) {
		due = overall
	}
	if p.stopping && now.Add(lastMoment).Before(due) {
		due = now.Add(lastMoment)
	}
	return due
}

// set puts a deadline on reading, unless it would be moved by next to nothing.
// A writer of a test has none, which is no matter.
func (p *pace) set(at time.Time) {
	if d := at.Sub(p.deadline); !p.deadline.IsZero() && !at.IsZero() && d >= 0 && d < time.Second {
		return
	}
	p.deadline = at
	_ = p.rc.SetReadDeadline(at)
}

// Read reads the body at the pace that is asked for.
func (p *pace) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		// From here on net/http waits for the client to hang up, and a deadline
		// would look like that.
		p.whole = true
		p.set(time.Time{})
	case err != nil:
		if isSlow(err) {
			err = slowError{}
		}
	case p.answered:
	default:
		due := p.due()
		if due.Before(time.Now()) {
			return n, slowError{}
		}
		p.set(due)
	}
	return n, err
}

// Close lets go of the body.
func (p *pace) Close() error { return p.body.Close() }

// upload lets a body come at the pace of a phone in a lift.
func (p *pace) upload() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tempo = p.slowest; !p.whole {
		p.set(p.due())
	}
}

// allow is asked where somebody below the door puts a deadline of their own on
// reading: it may be sooner than the pace asks for, never later. Once all of
// the body has come there is nothing to wait for but the client's hanging up,
// and net/http would take a deadline for that.
func (p *pace) allow(at time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.whole {
		return nil
	}
	if due := p.due(); at.IsZero() || at.After(due) {
		at = due
	}
	p.deadline = at
	return p.rc.SetReadDeadline(at)
}

// answer notes that the answer is known. Whoever is still sending may do so
// for a moment: net/http reads some of it, so that the connection can be kept.
func (p *pace) answer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answered {
		return
	}
	if p.answered = true; !p.whole {
		p.deadline = time.Time{}
		p.set(time.Now().Add(lingerFor))
	}
}

// leave ends the watch: what net/http still has to send must be taken in time.
func (p *pace) leave() {
	p.answer()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = true
	_ = p.rc.SetWriteDeadline(time.Now().Add(writePatience))
}

// stop hurries up a body that is still coming, for the node stops.
func (p *pace) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopping = true; !p.whole && !p.left {
		p.deadline = time.Time{}
		p.set(p.due())
	}
}

// patient lets a handler's body come as slowly as a phone sends it.
func patient(r *http.Request) {
	if p := requestOf(r.Context()).pace; p != nil {
		p.upload()
	}
}
