package store

import (
	"context"
	"errors"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
)

// TryToAlter runs a statement past everything that guards the record but the
// database itself, and undoes it. It is for tests of that guard.
func (d *DB) TryToAlter(ctx context.Context, statement string) error {
	undone := errors.New("undone")
	err := d.Write(ctx, func(t desk.Tx) error {
		if err := t.AppendEvent(ctx, &record.Event{Subject: "test/guard", No: 1, Kind: "test"}); err != nil {
			return err
		}
		if err := t.PutFacts(ctx, "test", nil); err != nil {
			return err
		}
		if _, err := t.(*tx).exec(ctx, statement); err != nil {
			return err
		}
		return undone
	})
	if errors.Is(err, undone) {
		return nil
	}
	return err
}

// Orphan leaves every waiting job as a killed node does: running, under its
// name. It is for tests of how such jobs come back.
func (d *DB) Orphan(ctx context.Context, node string) error {
	name := `jsonb(json_array(?))`
	if d.dialect.postgres {
		name = `ARRAY[?::text]`
	}
	return d.Write(ctx, func(t desk.Tx) error {
		_, err := t.(*tx).exec(ctx, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = CURRENT_TIMESTAMP, attempted_by = `+name+`
			WHERE state = 'available' AND kind = 'desk'`, node)
		return err
	})
}
