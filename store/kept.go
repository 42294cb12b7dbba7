package store

import (
	"context"
	"errors"

	"github.com/evenhand/evenhand/work"
)

// AddKept counts bytes; see desk.KeptBytes. The row is locked until the
// transaction ends, so that two uploads at once cannot both find room.
func (t *tx) AddKept(ctx context.Context, subject string, day, bytes int64) (total int64, err error) {
	err = t.row(ctx, `INSERT INTO kept_bytes (subject, day, bytes) VALUES (?, ?, ?)
		ON CONFLICT (subject, day) DO UPDATE SET bytes = kept_bytes.bytes + excluded.bytes RETURNING bytes`, []any{subject, day, bytes}, &total)
	return total, wrap(err, "counting bytes of %.100s", subject)
}

func (t *tx) Kept(ctx context.Context, subject string, day int64) (total int64, err error) {
	err = t.row(ctx, `SELECT bytes FROM kept_bytes WHERE subject = ? AND day = ?`, []any{subject, day}, &total)
	if errors.Is(err, work.ErrNotFound) {
		return 0, nil
	}
	return total, wrap(err, "bytes kept for %.100s", subject)
}

func (t *tx) ForgetKept(ctx context.Context, day int64) error {
	_, err := t.exec(ctx, `DELETE FROM kept_bytes WHERE day > 0 AND day < ?`, day)
	return wrap(err, "forgetting counts of bytes")
}
