package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Bounds of live updates.
const (
	liveBuffer  = 256              // events a client may be behind before it is cut off
	liveBatch   = 500              // events read at once
	liveBeat    = 20 * time.Second // between signs of life, and looks whether the caller still may listen
	liveBacklog = 10_000           // events that a returning client is told of; beyond, it loads anew
	liveWrite   = 10 * time.Second // for one write to a client
	livePoll    = 5 * time.Second  // where no watcher says that there is something new
)

// liveItem is an event with the claim that it is about, nil where it is about
// something else.
type liveItem struct {
	event record.Event
	about *claim.Claim
	// again is the blind second reading of the claim that waits, if one does.
	again *desk.Review
}

// hub reads new events once for this node and hands them to all who listen.
// One who does not keep up is cut off, and comes back with Last-Event-ID.
type hub struct {
	store   desk.Store
	watcher work.Watcher
	log     *slog.Logger

	mu     sync.Mutex
	last   int64
	subs   map[*subscriber]bool
	closed bool
	// ready is closed once last is known: who listened before that could miss
	// what lies between their own look and the hub's first.
	ready chan struct{}
}

type subscriber struct {
	items chan liveItem // closed when the subscriber is cut off
	slow  bool
}

func newHub(s desk.Store, w work.Watcher, l *slog.Logger) *hub {
	return &hub{store: s, watcher: w, log: l, last: -1, subs: map[*subscriber]bool{}, ready: make(chan struct{})}
}

// run reads until ctx ends.
func (h *hub) run(ctx context.Context) error {
	defer h.close()
	var wake <-chan struct{}
	if h.watcher != nil {
		wake = h.watcher.Watch(ctx)
	}
	poll := time.NewTicker(livePoll)
	defer poll.Stop()
	for {
		if err := h.catchUp(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("read new events", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-wake:
			if !ok {
				wake = nil
			}
		case <-poll.C:
		}
	}
}

// catchUp reads what is new and hands it on.
func (h *hub) catchUp(ctx context.Context) error {
	h.mu.Lock()
	last := h.last
	h.mu.Unlock()
	for {
		var items []liveItem
		start := int64(-1)
		err := h.store.Read(ctx, func(tx desk.Tx) (err error) {
			if last < 0 {
				start, err = tx.LastSeq(ctx)
				return err
			}
			items, err = readLive(ctx, tx, last, liveBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("events after %d: %w", last, err)
		}
		if start >= 0 {
			last = start
		} else if len(items) > 0 {
			last = items[len(items)-1].event.Seq
		}
		h.hand(items, last)
		if len(items) < liveBatch {
			return nil
		}
	}
}

// hand gives items to all who listen, without waiting for any.
func (h *hub) hand(items []liveItem, last int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last < 0 && last >= 0 {
		close(h.ready)
	}
	h.last = last
	for _, item := range items {
		for sub := range h.subs {
			select {
			case sub.items <- item:
			default:
				sub.slow = true
				delete(h.subs, sub)
				close(sub.items)
			}
		}
	}
}

func (h *hub) subscribe() (*subscriber, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errors.New("the server stops")
	}
	sub := &subscriber{items: make(chan liveItem, liveBuffer)}
	h.subs[sub] = true
	return sub, nil
}

func (h *hub) unsubscribe(sub *subscriber) (slow bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, sub)
	return sub.slow
}

// close ends all connections.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed = true; h.last < 0 {
		h.last = 0
		close(h.ready)
	}
	for sub := range h.subs {
		delete(h.subs, sub)
		close(sub.items)
	}
}

// readLive reads events with the claims they are about, each claim once.
func readLive(ctx context.Context, tx desk.Tx, after int64, limit int) ([]liveItem, error) {
	events, err := tx.EventsAfter(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	claims, again := map[string]*claim.Claim{}, map[string]*desk.Review{}
	items := make([]liveItem, len(events))
	for i, e := range events {
		items[i] = liveItem{event: e}
		id, ok := claimOf(e.Subject)
		if !ok {
			continue
		}
		if _, seen := claims[id]; !seen {
			c, err := tx.Claim(ctx, id)
			if err != nil && !errors.Is(err, work.ErrNotFound) {
				return nil, err
			}
			claims[id] = c
			if c != nil {
				if again[id], err = desk.Rereading(ctx, tx, c); err != nil {
					return nil, err
				}
			}
		}
		items[i].about, items[i].again = claims[id], again[id]
	}
	return items, nil
}

func claimOf(subject string) (id string, ok bool) {
	const prefix = "claim/"
	if len(subject) <= len(prefix) || subject[:len(prefix)] != prefix {
		return "", false
	}
	return subject[len(prefix):], true
}

// LiveEvent is what a listener is told: that something happened, not what was
// said. Who wants more asks for the claim.
type LiveEvent struct {
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	ClaimID string    `json:"claim_id,omitempty"`
	Version int64     `json:"version,omitempty" doc:"The claim's version now, or a later one"`
	At      time.Time `json:"at"`
}

// liveFor is what a caller is told of an item; ok is false for nothing.
func liveFor(c access.Caller, item liveItem) (LiveEvent, bool) {
	e := LiveEvent{Kind: item.event.Kind, Subject: item.event.Subject, At: item.event.At}
	if item.about == nil {
		// Rules, webhooks, people: for those who run or audit the desk.
		return e, c.Party == "" && c.HasAny(access.RoleOperator, access.RoleAuditor)
	}
	if !desk.MayRead(c, item.about) {
		return e, false
	}
	if desk.BlindTo(c, item.again) {
		return e, false // what follows a decision tells which it was
	}
	if _, party := desk.SideOf(c, item.about); party && !desk.ToldToSides(e.Kind) {
		return e, false
	}
	e.ClaimID, e.Version = item.about.ID, item.about.Version
	return e, true
}

func (s *Server) registerLive() {
	a := Access{Roles: access.Roles, Scope: access.ScopeClaimsRead, Link: LinkOwn}
	s.handle(huma.Operation{
		OperationID: "live", Method: http.MethodGet, Path: "/v1/live", Tags: []string{"live"},
		Description: "Server-sent events: one LiveEvent a message. Come back with Last-Event-ID and nothing is missed; after a message of kind reset, load anew. A caller, an address and a node have only so many: 429 or 503 with Retry-After say when to try again, and HEAD says it beforehand.",
		Responses: map[string]*huma.Response{"200": {Description: "A stream that does not end", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: s.api.OpenAPI().Components.Schemas.Schema(typeOf[LiveEvent](), true, "LiveEvent")},
		}}},
	}, a, text.Both("Live updates", "实时更新"), http.HandlerFunc(s.live))
}

// live serves one listener.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	last, resumes := int64(0), false
	if h := r.Header.Get("Last-Event-ID"); h != "" {
		n, err := strconv.ParseInt(h, 10, 64)
		if err != nil || n < 0 {
			fail(w, r, text.Refuse(codeBadRequest, "header.Last-Event-ID", "Send the id of a message you got here.", "请提供收到过的消息编号。"))
			return
		}
		last, resumes = n, true
	}
	out, refused := s.streams.enter(requestOf(r.Context()))
	if refused != nil {
		s.figures.refused.WithLabelValues("streams").Inc()
		fail(w, r, refused)
		return
	}
	defer out()
	if r.Method == http.MethodHead { // there is room: that is all of the answer
		w.Header().Set("Content-Type", "text/event-stream")
		return
	}
	requestOf(r.Context()).out() // it lasts, and is counted as a stream from here on
	// Listen first, then read what was missed: in this order nothing falls between.
	sub, err := s.hub.subscribe()
	if err != nil {
		fail(w, r, later(requestOf(r.Context()), codeUnavailable, 2, text.Both("The server stops; come back in a moment.", "服务即将停止，请稍后重连。")))
		return
	}
	s.figures.live.Inc()
	defer func() {
		s.figures.live.Dec()
		if s.hub.unsubscribe(sub) {
			s.figures.cutOff.Inc()
		}
	}()
	select {
	case <-s.hub.ready:
	case <-r.Context().Done():
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	to := &stream{w: w, control: http.NewResponseController(w)}
	req := requestOf(r.Context())
	defer context.AfterFunc(s.stopping, func() { // who does not read is not waited for
		_ = req.pace.rc.SetWriteDeadline(time.Now().Add(lastMoment))
	})()
	if to.say("retry: 2000\n\n") != nil {
		return
	}
	if resumes {
		if last, err = s.missed(r.Context(), to, last); err != nil {
			return
		}
	}
	s.follow(r, to, sub, last)
}

// missed tells a returning listener what happened since last. One who was away
// for long loads anew, and so does one who has a replay under way: each is dear.
func (s *Server) missed(ctx context.Context, out *stream, last int64) (int64, error) {
	by := CallerOf(ctx)
	most := int64(liveBacklog)
	if by.Party != "" || by.Kind == access.CallerLink {
		most /= 10 // of what happens, little is theirs, and all is looked at
	}
	var now int64
	err := s.opt.Store.Read(ctx, func(tx desk.Tx) (err error) { now, err = tx.LastSeq(ctx); return err })
	if err != nil {
		return last, err
	}
	done, alone := s.streams.replay(ownerOf(by))
	defer done()
	if now-last > most || !alone {
		return now, out.say(fmt.Sprintf("id: %d\nevent: reset\ndata: {\"kind\":\"reset\"}\n\n", now))
	}
	for {
		var items []liveItem
		err := s.opt.Store.Read(ctx, func(tx desk.Tx) (err error) {
			items, err = readLive(ctx, tx, last, liveBatch)
			return err
		})
		if err != nil {
			return last, err
		}
		for _, item := range items {
			if err := out.tell(by, item); err != nil {
				return last, err
			}
			last = item.event.Seq
		}
		if len(items) < liveBatch {
			return last, nil
		}
	}
}

// follow tells what is new until somebody hangs up.
func (s *Server) follow(r *http.Request, out *stream, sub *subscriber, last int64) {
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	req := requestOf(r.Context())
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case item, ok := <-sub.items:
			if !ok {
				return
			}
			if item.event.Seq <= last {
				continue
			}
			if _, tells := liveFor(req.Caller, item); tells && !req.followsOn(r.Context()) {
				return
			}
			err = out.tell(req.Caller, item)
		case <-beat.C:
			if !req.followsOn(r.Context()) {
				return
			}
			err = out.say(": beat\n\n")
		}
		if err != nil {
			return
		}
	}
}

// stream writes to a listener, within a bound of time for each write.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o *stream) say(text string) error {
	_ = o.control.SetWriteDeadline(time.Now().Add(liveWrite)) // a writer without deadlines is a test's
	if _, err := o.w.Write([]byte(text)); err != nil {
		return err
	}
	return o.control.Flush()
}

func (o *stream) tell(c access.Caller, item liveItem) error {
	e, ok := liveFor(c, item)
	if !ok {
		return nil
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return o.say(fmt.Sprintf("id: %d\ndata: %s\n\n", item.event.Seq, data))
}
