package store

import (
	"context"
	"errors"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

func (t *tx) InsertPolicy(ctx context.Context, v desk.PolicyVersion) error {
	doc, err := encode(v)
	if err == nil {
		var n int64
		n, err = t.exec(ctx, `INSERT INTO policy_version (id, sha256, created_at, doc) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			v.ID, v.SHA256, micro(v.CreatedAt), doc)
		err = once(n, err, work.ErrConflict)
	}
	return wrap(err, "keeping policy %s", v.ID)
}

// UpdatePolicy refuses a version whose source is another than the one kept.
func (t *tx) UpdatePolicy(ctx context.Context, v desk.PolicyVersion) error {
	old, err := t.Policy(ctx, v.ID)
	if err != nil {
		return err
	}
	if old.Source != v.Source || old.SHA256 != v.SHA256 {
		return wrap(errors.New("the source of a version does not change"), "changing policy %s", v.ID)
	}
	doc, err := encode(v)
	if err == nil {
		_, err = t.exec(ctx, `UPDATE policy_version SET doc = ? WHERE id = ?`, doc, v.ID)
	}
	return wrap(err, "changing policy %s", v.ID)
}

func (t *tx) Policy(ctx context.Context, id string) (desk.PolicyVersion, error) {
	v, err := get[desk.PolicyVersion](ctx, t, `SELECT doc FROM policy_version WHERE id = ?`, id)
	return v, wrap(err, "policy %.64s", id)
}

func (t *tx) PolicyVersions(ctx context.Context) ([]desk.PolicyVersion, error) {
	out, err := list[desk.PolicyVersion](ctx, t, `SELECT doc FROM policy_version ORDER BY created_at DESC, id DESC`)
	return out, wrap(err, "listing policies")
}

// PutShadow keeps one a version, claim, stage and time.
func (t *tx) PutShadow(ctx context.Context, s desk.ShadowRouting) error {
	doc, err := encode(s)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO shadow (policy, claim_id, stage, at, doc) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (policy, at, claim_id, stage) DO UPDATE SET doc = excluded.doc`,
			s.Policy, s.ClaimID, string(s.Stage), micro(s.At), doc)
	}
	return wrap(err, "keeping a shadow routing of claim %s", s.ClaimID)
}

func (t *tx) Shadows(ctx context.Context, policy string, p work.Page) (out []desk.ShadowRouting, next string, err error) {
	var w where
	w.add("policy = ?", policy)
	if p.After != "" {
		n, id, err := readCursor("shadows", p.After)
		claimID, stage, ok := strings.Cut(id, ",")
		if err == nil && !ok {
			err = work.ErrBadCursor
		}
		if err != nil {
			return nil, "", wrap(err, "listing shadow routings")
		}
		w.add("(at, claim_id, stage) < (?, ?, ?)", n, claimID, stage)
	}
	var rows []paged[desk.ShadowRouting]
	err = t.rows(ctx, `SELECT at, claim_id, stage, doc FROM shadow`+w.String()+` ORDER BY at DESC, claim_id DESC, stage DESC LIMIT ?`,
		append(w.args, limit(p)+1), func(s scanner) error {
			var r paged[desk.ShadowRouting]
			var claimID, stage, doc string
			if err := s.Scan(&r.n, &claimID, &stage, &doc); err != nil {
				return err
			}
			r.id = claimID + "," + stage
			var err error
			r.value, err = decode[desk.ShadowRouting](doc)
			rows = append(rows, r)
			return err
		})
	out, next = page("shadows", rows, p)
	return out, next, wrap(err, "listing shadow routings")
}
