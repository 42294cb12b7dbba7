package desk

import (
	"context"

	"github.com/evenhand/evenhand/access"
)

// Note appends an event to a subject's chain, in the transaction of the change
// that it tells of. It is for changes that have no use case of their own, such
// as who added a webhook; body must hold nothing personal and no secret, since
// the record is never erased.
func (d *Desk) Note(ctx context.Context, tx Tx, subject, kind string, by access.Actor, body map[string]any) error {
	return d.record(ctx, tx, subject, kind, by, d.now(), body)
}
