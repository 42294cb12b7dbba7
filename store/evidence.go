package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/work"
)

func (t *tx) InsertEvidence(ctx context.Context, i evidence.Item) error {
	screening, err := encodeScreening(i.Screening)
	if err != nil {
		return err
	}
	i.Screening = nil // kept in a column of its own
	doc, err := encode(i)
	if err == nil {
		var n int64
		n, err = t.exec(ctx, `INSERT INTO evidence (id, claim_id, order_id, received_at, sha256, doc, screening) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO NOTHING`, i.ID, i.ClaimID, i.OrderID, micro(i.ReceivedAt), i.SHA256, doc, screening)
		err = once(n, err, work.ErrConflict)
	}
	return wrap(err, "keeping evidence %s", i.ID)
}

func encodeScreening(s *evidence.Screening) (any, error) {
	if s == nil {
		return nil, nil
	}
	doc, err := encode(s)
	return doc, err
}

func (t *tx) items(ctx context.Context, where string, args ...any) (out []evidence.Item, err error) {
	err = t.rows(ctx, `SELECT doc, screening FROM evidence WHERE `+where+` ORDER BY received_at, id`, args, func(s scanner) error {
		var doc string
		var screening *string
		if err := s.Scan(&doc, &screening); err != nil {
			return err
		}
		i, err := decode[evidence.Item](doc)
		if err == nil && screening != nil {
			i.Screening, err = decode[*evidence.Screening](*screening)
		}
		out = append(out, i)
		return err
	})
	return out, err
}

func (t *tx) Evidence(ctx context.Context, id string) (evidence.Item, error) {
	items, err := t.items(ctx, `id = ?`, id)
	if err == nil && len(items) == 0 {
		err = work.ErrNotFound
	}
	if err != nil {
		return evidence.Item{}, wrap(err, "evidence %.64s", id)
	}
	return items[0], nil
}

func (t *tx) EvidenceOfClaim(ctx context.Context, claimID string) ([]evidence.Item, error) {
	items, err := t.items(ctx, `claim_id = ? AND claim_id <> ''`, claimID)
	return counting(items), wrap(err, "evidence of claim %.64s", claimID)
}

func (t *tx) EvidenceOfClaims(ctx context.Context, claimIDs []string) ([]evidence.Item, error) {
	if len(claimIDs) == 0 {
		return nil, nil
	}
	claimIDs = padded(claimIDs)
	items, err := t.items(ctx, `claim_id IN (`+marks(len(claimIDs))+`) AND claim_id <> ''`, anys(claimIDs)...)
	return counting(items), wrap(err, "evidence of claims")
}

// counting leaves out what was withdrawn from a draft.
func counting(items []evidence.Item) []evidence.Item {
	return slices.DeleteFunc(items, func(i evidence.Item) bool { return i.WithdrawnAt != nil })
}

func (t *tx) WithdrawEvidence(ctx context.Context, id string, at time.Time) error {
	i, err := t.Evidence(ctx, id)
	if err != nil {
		return err
	}
	i.Screening, i.WithdrawnAt = nil, &at // the screening has a column of its own
	doc, err := encode(i)
	if err == nil {
		var n int64
		n, err = t.exec(ctx, `UPDATE evidence SET doc = ? WHERE id = ?`, doc, id)
		err = once(n, err, work.ErrNotFound)
	}
	if err == nil {
		err = t.countFindings(ctx, id)
	}
	return wrap(err, "withdrawing evidence %.64s", id)
}

func (t *tx) EvidenceOfOrder(ctx context.Context, orderID string) ([]evidence.Item, error) {
	items, err := t.items(ctx, `order_id = ? AND claim_id = ''`, orderID)
	return counting(items), wrap(err, "evidence of order %.64s", orderID)
}

func (t *tx) SetScreening(ctx context.Context, id string, s evidence.Screening) error {
	doc, err := encode(s)
	if err == nil {
		var n int64
		n, err = t.exec(ctx, `UPDATE evidence SET screening = ? WHERE id = ?`, doc, id)
		err = once(n, err, work.ErrNotFound)
	}
	if err == nil {
		err = t.countFindings(ctx, id)
	}
	return wrap(err, "keeping the screening of %.64s", id)
}

func (t *tx) Unscreened(ctx context.Context, claimID string) (n int, err error) {
	items, err := t.items(ctx, `claim_id = ? AND screening IS NULL`, claimID)
	return len(counting(items)), wrap(err, "counting unscreened evidence")
}

func (t *tx) ScreeningResult(ctx context.Context, key string) (data []byte, err error) {
	err = t.row(ctx, `SELECT data FROM screening_result WHERE key = ?`, []any{key}, &data)
	return data, wrap(err, "kept screening result")
}

func (t *tx) PutScreeningResult(ctx context.Context, key string, data []byte) error {
	_, err := t.exec(ctx, `INSERT INTO screening_result (key, data) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET data = excluded.data`, key, notNil(data))
	return wrap(err, "keeping a screening result")
}

// notNil is for columns that may be empty, but not NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// PutFingerprints leaves out those that are there: the same picture of the
// same evidence counts once, however often its job runs.
func (t *tx) PutFingerprints(ctx context.Context, list []desk.Fingerprint) error {
	for _, f := range list {
		n, err := t.number()
		if err == nil {
			_, err = t.exec(ctx, `INSERT INTO fingerprint (seq, evidence_id, sha256, pdq, quality, claim_id, buyer_id)
				VALUES (`+t.db.dialect.next+`, ?, ?, ?, ?, ?, ?) ON CONFLICT (evidence_id, pdq) DO NOTHING`,
				n, f.Evidence, f.SHA256, f.PDQ[:], f.Quality, f.ClaimID, f.BuyerID)
		}
		if err != nil {
			return wrap(err, "keeping a fingerprint of %s", f.Evidence)
		}
	}
	return nil
}

func (t *tx) fingerprints(ctx context.Context, rest string, args ...any) (out []desk.Fingerprint, err error) {
	err = t.rows(ctx, `SELECT seq, evidence_id, sha256, pdq, quality, claim_id, buyer_id FROM fingerprint `+rest, args, func(s scanner) error {
		var f desk.Fingerprint
		var pdq []byte
		if err := s.Scan(&f.Seq, &f.Evidence, &f.SHA256, &pdq, &f.Quality, &f.ClaimID, &f.BuyerID); err != nil {
			return err
		}
		if copy(f.PDQ[:], pdq) != len(f.PDQ) {
			return fmt.Errorf("the fingerprint %d is cut", f.Seq)
		}
		out = append(out, f)
		return nil
	})
	return out, wrap(err, "listing fingerprints")
}

func (t *tx) Fingerprints(ctx context.Context, after int64, limit int) ([]desk.Fingerprint, error) {
	return t.fingerprints(ctx, `WHERE seq > ? AND seq < `+t.db.dialect.horizon+` ORDER BY seq LIMIT ?`, after, limit)
}

func (t *tx) FingerprintBySHA(ctx context.Context, sha string) ([]desk.Fingerprint, error) {
	return t.fingerprints(ctx, `WHERE sha256 = ? ORDER BY seq LIMIT 1000`, sha)
}
