package store

import (
	"context"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

func (t *tx) PutView(ctx context.Context, v *desk.SavedView) error {
	err := t.row(ctx, `INSERT INTO saved_view (id, user_id, place, name, query, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, place, name) DO UPDATE SET query = excluded.query RETURNING id`,
		[]any{v.ID, v.UserID, v.Place, v.Name, v.Query, micro(v.CreatedAt)}, &v.ID)
	return wrap(err, "keeping a view")
}

func (t *tx) Views(ctx context.Context, userID string) (out []desk.SavedView, err error) {
	err = t.rows(ctx, `SELECT id, user_id, place, name, query, created_at FROM saved_view WHERE user_id = ? ORDER BY place, name`, []any{userID}, func(s scanner) error {
		var v desk.SavedView
		var at int64
		err := s.Scan(&v.ID, &v.UserID, &v.Place, &v.Name, &v.Query, &at)
		v.CreatedAt = fromMicro(at)
		out = append(out, v)
		return err
	})
	return out, wrap(err, "listing views")
}

func (t *tx) DeleteView(ctx context.Context, userID, id string) error {
	n, err := t.exec(ctx, `DELETE FROM saved_view WHERE id = ? AND user_id = ?`, id, userID)
	return wrap(once(n, err, work.ErrNotFound), "removing a view")
}
