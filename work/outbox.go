package work

import (
	"context"
	"encoding/json"
	"time"
)

// Message is something that somebody outside is told; its ID never changes,
// however often it is delivered.
type Message struct {
	ID      string          `json:"id"`
	Topic   string          `json:"topic"` // the event's kind
	Subject string          `json:"subject"`
	At      time.Time       `json:"at"`
	Body    json.RawMessage `json:"body"`
}

// Outbox keeps messages and jobs.
type Outbox interface {
	PutMessage(context.Context, Message) error
	Message(ctx context.Context, id string) (Message, error)
	Enqueue(ctx context.Context, j ...Job) error
	// Backlog counts the jobs that could run now and do not yet, by kind.
	Backlog(ctx context.Context, now time.Time) ([]Backlog, error)
}
