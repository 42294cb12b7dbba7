package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// A request with an idempotency key is done once. Its key is taken before it
// runs; what it changes and the note that it has been done are committed in
// one transaction (see IdempotentStore); its answer is kept when it is known.
// A crash in between leaves either a key without a note, and the request may
// be done anew, or a note without an answer, and a repeat is shown to what was
// made. Only successes are kept: what was refused changed nothing.
const (
	// runningFor is how long such a request may take; one whose key is older
	// than staleAfter is dead. Should it not be, its note fails and it undoes
	// itself.
	runningFor = 20 * time.Second
	staleAfter = 30 * time.Second
	keepFor    = 24 * time.Hour
	// The most of an answer that is kept.
	maxKept = 1 << 20
)

// statusDone is the status of a key whose request is done and whose answer is
// not known.
const statusDone = 1

// kept is what is kept of an answer's headers.
type kept struct {
	Header http.Header `json:"header,omitempty"`
	// Subject is what the request was about: "claim/ID".
	Subject string `json:"subject,omitempty"`
}

// mark is carried by the context of a request with a key.
type mark struct {
	row     desk.Idempotent
	subject string
}

type markKey struct{}

// IdempotentStore makes every change of a request with an idempotency key note
// in the same transaction that it is done. Desk must be given the store that
// this returns.
func IdempotentStore(s desk.Store) desk.Store { return idempotentStore{s} }

type idempotentStore struct{ desk.Store }

func (s idempotentStore) Write(ctx context.Context, f func(desk.Tx) error) error {
	m, ok := ctx.Value(markKey{}).(*mark)
	if !ok {
		return s.Store.Write(ctx, f)
	}
	return s.Store.Write(ctx, func(tx desk.Tx) error {
		m.subject = ""
		if err := f(&markedTx{Tx: tx, mark: m}); err != nil {
			return err
		}
		if m.subject == "" {
			return nil // nothing that is on record
		}
		now, err := tx.Idempotent(ctx, m.row.Key)
		if err != nil || !now.At.Equal(m.row.At) {
			return fmt.Errorf("note an idempotency key: %w", errors.Join(work.ErrConflict, err))
		}
		row := m.row
		row.Status = statusDone
		row.Header, _ = json.Marshal(kept{Subject: m.subject})
		return tx.UpdateIdempotent(ctx, row)
	})
}

// markedTx sees what a transaction is about: every change appends its event.
type markedTx struct {
	desk.Tx
	mark *mark
}

func (t *markedTx) AppendEvent(ctx context.Context, e *record.Event) error {
	if t.mark.subject == "" {
		t.mark.subject = e.Subject
	}
	return t.Tx.AppendEvent(ctx, e)
}

// once runs a request with an idempotency key, or answers as it did before.
func (s *Server) once(w http.ResponseWriter, r *http.Request, key string, next http.HandlerFunc) {
	if len(key) > 200 || strings.ContainsFunc(key, func(c rune) bool { return c < 0x20 || c > 0x7e }) {
		fail(w, r, text.Refuse(codeBadKey, "header.Idempotency-Key", "Use at most 200 printable ASCII characters.", "请使用最多 200 个可打印 ASCII 字符。"))
		return
	}
	body, err := io.ReadAll(r.Body) // it is in memory; see withBody and form
	if err != nil {
		fail(w, r, err)
		return
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00%s\x00", r.Method, r.URL.Path, r.URL.RawQuery)
	sum.Write(body)
	row := desk.Idempotent{
		Key:     ownerOf(CallerOf(r.Context())) + " " + key,
		Request: hex.EncodeToString(sum.Sum(nil)), At: s.now(),
	}
	old, taken, err := s.takeKey(r.Context(), row)
	switch {
	case err != nil:
		fail(w, r, err)
		return
	case !taken:
		s.replay(w, r, row, old)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), markKey{}, &mark{row: row}), runningFor)
	defer cancel()
	r = r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := &recorder{ResponseWriter: w}
	done := false
	defer func() {
		if !done { // a panic: the door answers; the key is free, unless the change was committed
			s.settleKey(context.WithoutCancel(ctx), row, nil)
		}
	}()
	next(rec, r)
	done = true
	s.settleKey(context.WithoutCancel(ctx), row, rec)
}

// takeKey inserts the row; taken is false where there is one that counts.
func (s *Server) takeKey(ctx context.Context, row desk.Idempotent) (old desk.Idempotent, taken bool, err error) {
	err = s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		taken = false
		old, err = tx.Idempotent(ctx, row.Key)
		switch age := row.At.Sub(old.At); {
		case errors.Is(err, work.ErrNotFound):
		case err != nil:
			return err
		case age > keepFor, old.Status == 0 && age > staleAfter:
			if err := tx.DeleteIdempotent(ctx, row.Key); err != nil {
				return err
			}
		default:
			return nil
		}
		taken = true
		return tx.InsertIdempotent(ctx, row)
	})
	if errors.Is(err, work.ErrConflict) { // another node was quicker
		err = s.opt.Store.Read(ctx, func(tx desk.Tx) error { old, err = tx.Idempotent(ctx, row.Key); return err })
		return old, false, err
	}
	return old, taken, err
}

// settleKey keeps a success, and frees the key after anything else.
func (s *Server) settleKey(ctx context.Context, row desk.Idempotent, rec *recorder) {
	err := s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		now, err := tx.Idempotent(ctx, row.Key)
		if errors.Is(err, work.ErrNotFound) || err == nil && !now.At.Equal(row.At) {
			return nil // somebody else's by now
		}
		if err != nil {
			return err
		}
		if rec == nil || rec.status < 200 || rec.status > 299 {
			if now.Status == statusDone {
				return nil // the change was committed, whatever was answered
			}
			return tx.DeleteIdempotent(ctx, row.Key)
		}
		if rec.over {
			now.Status = statusDone
			return tx.UpdateIdempotent(ctx, now)
		}
		now.Status, now.Body = rec.status, rec.body.Bytes()
		h := http.Header{}
		for _, k := range []string{"Content-Type", "Etag", "Location"} {
			if v := rec.Header().Values(k); len(v) > 0 {
				h[k] = v
			}
		}
		var before kept
		_ = json.Unmarshal(now.Header, &before) // empty where nothing was on record
		if now.Header, err = json.Marshal(kept{Header: h, Subject: before.Subject}); err != nil {
			return err
		}
		return tx.UpdateIdempotent(ctx, now)
	})
	if err != nil {
		s.log.Error("keep an answer", "error", err)
	}
}

// replay answers a request whose key is taken.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, row, old desk.Idempotent) {
	switch {
	case old.Request != row.Request:
		fail(w, r, text.Refuse(codeMismatch, "header.Idempotency-Key", "This key was used for another request; take a new one.", "该幂等键已用于其他请求，请更换。"))
		return
	case old.Status == 0:
		p := problemOf(requestOf(r.Context()), text.Refuse(codeInProgress, "header.Idempotency-Key", "Ask again in a moment.", "请稍后重试。"))
		p.retryAfter = 1
		fail(w, r, p)
		return
	}
	var k kept
	_ = json.Unmarshal(old.Header, &k) // written by settleKey or the store's note; else empty
	w.Header().Set("Idempotency-Replayed", "true")
	if old.Status == statusDone {
		s.showSubject(w, r, k.Subject)
		return
	}
	maps.Copy(w.Header(), k.Header)
	w.WriteHeader(old.Status)
	_, _ = w.Write(old.Body)
}

// showSubject sends the caller to what a request made whose answer was lost.
func (s *Server) showSubject(w http.ResponseWriter, r *http.Request, subject string) {
	kind, id, ok := strings.Cut(subject, "/")
	if !ok {
		fail(w, r, text.Refuse(text.CodeConflict, "", "It was done; its answer is not known any more.", "请求已执行，但原应答已无法获取。"))
		return
	}
	places := map[string]string{"claim": "/v1/claims/", "order": "/v1/orders/", "policy": "/v1/policies/", "merchant": "/v1/merchants/"}
	place, ok := places[kind]
	if !ok {
		place = "/v1/" + kind + "s/"
	}
	w.Header().Set("Location", place+id)
	w.WriteHeader(http.StatusSeeOther)
}

// recorder sees an answer on its way out.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	over   bool // more than is kept
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.body.Len()+len(b) > maxKept {
		r.over = true
	} else if !r.over {
		r.body.Write(b)
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
