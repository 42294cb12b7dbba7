package webhook

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// fakeStore is as much of a store as this package needs, in memory. Write
// keeps nothing where f fails, as a real one.
type fakeStore struct {
	mu    sync.Mutex
	state fakeState
	// failWrite makes the next writes fail at their commit.
	failWrite int
}

type fakeState struct {
	messages   map[string]work.Message
	deliveries map[string]desk.Delivery
	hooks      []desk.Webhook
	keys       []desk.Key
	jobs       []work.Job
}

func newFake(hooks ...desk.Webhook) *fakeStore {
	return &fakeStore{state: fakeState{messages: map[string]work.Message{}, deliveries: map[string]desk.Delivery{}, hooks: hooks}}
}

var errCommit = errors.New("commit failed")

func (s *fakeStore) Read(ctx context.Context, f func(desk.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.state.clone()
	return f(&fakeTx{state: &copied})
}

func (s *fakeStore) Write(ctx context.Context, f func(desk.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.state.clone()
	if err := f(&fakeTx{state: &copied}); err != nil {
		return err
	}
	if s.failWrite > 0 {
		s.failWrite--
		return errCommit
	}
	s.state = copied
	return nil
}

func (s fakeState) clone() fakeState {
	out := fakeState{messages: map[string]work.Message{}, deliveries: map[string]desk.Delivery{}, hooks: slices.Clone(s.hooks), keys: slices.Clone(s.keys), jobs: slices.Clone(s.jobs)}
	for k, v := range s.messages {
		out.messages[k] = v
	}
	for k, v := range s.deliveries {
		out.deliveries[k] = v
	}
	return out
}

// takeJob takes the earliest job due at now.
func (s *fakeStore) takeJob(now time.Time) (work.Job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, j := range s.state.jobs {
		if !j.At.After(now) {
			s.state.jobs = slices.Delete(s.state.jobs, i, i+1)
			return j, true
		}
	}
	return work.Job{}, false
}

func (s *fakeStore) delivery(id string) desk.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.deliveries[id]
}

// fakeTx panics on what this package has no business with.
type fakeTx struct {
	desk.Tx
	state *fakeState
	reads int
}

func (t *fakeTx) PutMessage(_ context.Context, m work.Message) error {
	t.state.messages[m.ID] = m
	return nil
}

func (t *fakeTx) Message(_ context.Context, id string) (work.Message, error) {
	m, ok := t.state.messages[id]
	return m, found(ok)
}

func (t *fakeTx) Enqueue(_ context.Context, j ...work.Job) error {
	t.state.jobs = append(t.state.jobs, j...)
	return nil
}

func (t *fakeTx) PutWebhook(_ context.Context, h desk.Webhook) error {
	for i := range t.state.hooks {
		if t.state.hooks[i].ID == h.ID {
			t.state.hooks[i] = h
			return nil
		}
	}
	t.state.hooks = append(t.state.hooks, h)
	return nil
}

func (t *fakeTx) Webhook(_ context.Context, id string) (desk.Webhook, error) {
	for _, h := range t.state.hooks {
		if h.ID == id {
			return h, nil
		}
	}
	return desk.Webhook{}, work.ErrNotFound
}

func (t *fakeTx) Webhooks(context.Context) ([]desk.Webhook, error) {
	t.reads++
	return t.state.hooks, nil
}

func (t *fakeTx) Key(_ context.Context, id string) (desk.Key, error) {
	for _, k := range t.state.keys {
		if k.ID == id {
			return k, nil
		}
	}
	return desk.Key{}, work.ErrNotFound
}

func (t *fakeTx) PutDelivery(_ context.Context, d desk.Delivery) error {
	t.state.deliveries[d.ID] = d
	return nil
}

func (t *fakeTx) Delivery(_ context.Context, id string) (desk.Delivery, error) {
	d, ok := t.state.deliveries[id]
	return d, found(ok)
}

func (t *fakeTx) DeleteWebhook(_ context.Context, id string) error {
	t.state.hooks = slices.DeleteFunc(t.state.hooks, func(h desk.Webhook) bool { return h.ID == id })
	return nil
}

func (t *fakeTx) Deliveries(_ context.Context, webhookID string, _ work.Page) (list []desk.Delivery, next string, err error) {
	for _, d := range t.state.deliveries {
		if d.WebhookID == webhookID {
			list = append(list, d)
		}
	}
	return list, "", nil
}

func found(ok bool) error {
	if ok {
		return nil
	}
	return work.ErrNotFound
}
