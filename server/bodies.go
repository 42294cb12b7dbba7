package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

// weigher bounds the bytes of large bodies that are in memory at once. Small
// ones are not weighed: their number is that of the connections.
type weigher struct {
	most int64
	mu   sync.Mutex
	all  int64
	of   map[string]int64 // by caller
}

func newWeigher(most int64) *weigher { return &weigher{most: most, of: map[string]int64{}} }

// take counts n bytes of a caller's in; ok is false where there is no room.
// One who is alone may have a body of any size that its route takes.
func (w *weigher) take(caller string, n int64) (ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all > 0 && w.all+n > w.most || w.of[caller] > 0 && w.of[caller]+n > w.most/4 {
		return false
	}
	w.all += n
	w.of[caller] += n
	return true
}

func (w *weigher) give(caller string, n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all -= n
	if w.of[caller] -= n; w.of[caller] <= 0 {
		delete(w.of, caller)
	}
}

// withBody reads a body whole, within limit bytes, and hands the request
// on with it; what cannot be taken is refused before anything is decoded.
func (s *Server) withBody(w http.ResponseWriter, r *http.Request, limit int64, isJSON bool, next http.HandlerFunc) {
	if r.Body == nil || r.Body == http.NoBody {
		next(w, r)
		return
	}
	declared := r.ContentLength
	if declared > limit {
		tooLargeHere(w, r)
		return
	}
	if declared < 0 {
		declared = limit
	}
	req := requestOf(r.Context())
	if declared > s.opt.Limits.PublicBody {
		caller := ownerOf(req.Caller)
		if !s.bodies.take(caller, declared) {
			s.figures.refused.WithLabelValues("bodies").Inc()
			fail(w, r, later(req, codeUnavailable, 2, text.Both("Other large requests are being read; send it again in a moment.", "正在处理其他较大的请求，请稍后重新提交。")))
			return
		}
		defer s.bodies.give(caller, declared)
	}
	body, err := readWithin(r.Body, r.ContentLength, limit)
	switch {
	case err != nil:
		fail(w, r, err)
		return
	case int64(len(body)) > limit:
		tooLargeHere(w, r)
		return
	}
	if isJSON { // a file's commas and brackets mean nothing
		if err := shaped(body, limit); err != nil {
			fail(w, r, err)
			return
		}
	}
	if err := req.still(r.Context()); err != nil {
		fail(w, r, err)
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	next(w, r)
}

type bodyKey struct{}

// readBody is the request's body as withBody has read it: a route that takes a
// file looks at these bytes, and nothing copies them.
func readBody(ctx context.Context) []byte {
	body, _ := ctx.Value(bodyKey{}).([]byte)
	return body
}

// firstRoom is for how much of a body there is room before a byte of it came.
const firstRoom = 8 << 10

// readWithin reads at most one byte more than limit. Room is made as bytes
// come: what is announced is not yet there. Once the first ones are, there is
// room for what was announced and no more; of an unknown length, for sixteen
// times as much as came so far, so that what is thrown away is little.
func readWithin(r io.Reader, declared, limit int64) ([]byte, error) {
	most := limit + 1
	if declared >= 0 {
		most = min(declared, most)
	}
	body := make([]byte, 0, min(most, firstRoom))
	for int64(len(body)) < most {
		if len(body) == cap(body) {
			room := most
			if declared < 0 {
				room = min(16*int64(cap(body)), most)
			}
			body = append(make([]byte, 0, room), body...)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return body, err
		}
	}
	return body, nil
}

// tooLargeHere refuses a body; what of it is still to come is not waited for.
func tooLargeHere(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	fail(w, r, desk.ErrTooLarge)
}

// later is a problem that goes away by itself.
func later(req *request, code text.Code, seconds int, words text.Text) *Problem {
	p := problemOf(req, &text.Refusal{Code: code, Text: words})
	p.retryAfter = seconds
	return p
}
