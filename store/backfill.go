package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
)

// backfillRemedies is migration 17: what the remedies of claims that were there
// before the ledger have taken, and which shops have spoken for themselves. It
// is Go because a refund is shared out over lines by a rule that SQL would have
// to tell a second time; it is told in asof17.go as it was then.
func backfillRemedies(d dialect) *goose.Migration {
	return goose.NewGoMigration(17, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		b := backfill{d: d, tx: tx}
		if err := b.remedies(ctx); err != nil {
			return fmt.Errorf("what remedies took: %w", err)
		}
		return wrap(b.consents(ctx), "whose consents they are")
	}}, nil)
}

type backfill struct {
	d  dialect
	tx *sql.Tx
}

// q is a statement in the database's spelling.
func (b backfill) q(q string) string {
	if b.d.postgres {
		return numberParams(q)
	}
	return q
}

// docs reads a page of rows whole, for a connection has one thing under way.
func (b backfill) docs(ctx context.Context, q string, args ...any) (list []string, err error) {
	rows, err := b.tx.QueryContext(ctx, b.q(q), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		list = append(list, doc)
	}
	return list, rows.Err()
}

// remedies goes through the claims that came to a decision, by order; the rows
// of the ledger come last, as the triggers that keep its sums would refuse what
// was ordered beyond what was paid before there was a guarantee.
func (b backfill) remedies(ctx context.Context) error {
	for after := ""; ; {
		ids, err := b.docs(ctx, `SELECT DISTINCT order_id FROM claim WHERE order_id > ? AND outcome <> '' ORDER BY order_id LIMIT 500`, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := b.order(ctx, id); err != nil {
				return fmt.Errorf("order %s: %w", id, err)
			}
		}
		after = ids[len(ids)-1]
	}
}

func (b backfill) order(ctx context.Context, id string) error {
	orders, err := b.docs(ctx, `SELECT doc FROM orders WHERE id = ?`, id)
	if err != nil || len(orders) == 0 {
		return err
	}
	var o order17
	if err := json.Unmarshal([]byte(orders[0]), &o); err != nil {
		return err
	}
	claims, err := b.docs(ctx, `SELECT doc FROM claim WHERE order_id = ? AND outcome <> '' ORDER BY opened_at, id`, id)
	if err != nil {
		return err
	}
	var all []taken17
	for _, doc := range claims {
		var c claim17
		if err := json.Unmarshal([]byte(doc), &c); err != nil {
			return err
		}
		if !c.Remedy.counts() {
			continue
		}
		taken := c.takes(o, all)
		all = append(all, taken...)
		if err := b.take(ctx, c.ID, o.ID, taken); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return b.ledger(ctx, o, all)
}

// take lays what a claim took.
func (b backfill) take(ctx context.Context, claimID, orderID string, taken []taken17) error {
	for _, k := range taken {
		if _, err := b.tx.ExecContext(ctx, b.q(`INSERT INTO remedy_taken (claim_id, line_id, order_id, amount, units) VALUES (?, ?, ?, ?, ?)`), claimID, k.LineID, orderID, k.Amount, k.Units); err != nil {
			return err
		}
	}
	return nil
}

// ledger lays an order's rows with their sums.
func (b backfill) ledger(ctx context.Context, o order17, all []taken17) error {
	type sum struct {
		amount int64
		units  int
	}
	sums := map[string]sum{}
	for _, k := range all {
		for _, id := range []string{"", k.LineID} {
			sums[id] = sum{sums[id].amount + k.Amount, sums[id].units + k.Units}
		}
	}
	row := func(line string, paid int64, units int) error {
		_, err := b.tx.ExecContext(ctx, b.q(`INSERT INTO remedy_room (order_id, line_id, paid, units, taken, used) VALUES (?, ?, ?, ?, ?, ?)`),
			o.ID, line, max(paid, 0), units, sums[line].amount, sums[line].units)
		return err
	}
	units := 0
	for i, share := range o.shares() {
		l := o.Lines[i]
		units += l.Quantity
		if _, ok := sums[l.ID]; ok {
			if err := row(l.ID, share, l.Quantity); err != nil {
				return err
			}
		}
	}
	return row("", o.Total.Amount, units)
}

// consents marks the shops whose last word on their consent was their own.
func (b backfill) consents(ctx context.Context) error {
	for after := ""; ; {
		docs, err := b.docs(ctx, `SELECT doc FROM merchant WHERE id > ? ORDER BY id LIMIT 500`, after)
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, doc := range docs {
			var m struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal([]byte(doc), &m); err != nil {
				return err
			}
			if m.ID == "" {
				return errors.New("a merchant without an id")
			}
			after = m.ID
			by, err := b.docs(ctx, `SELECT by_role FROM event WHERE subject = ? AND kind = 'merchant.consent' ORDER BY no DESC LIMIT 1`, "merchant/"+m.ID)
			if err != nil {
				return err
			}
			if len(by) == 0 || by[0] != "merchant" {
				continue
			}
			next, err := with(doc, map[string]any{"consent_by": "merchant"})
			if err != nil {
				return err
			}
			if _, err := b.tx.ExecContext(ctx, b.q(`UPDATE merchant SET doc = ? WHERE id = ?`), next, m.ID); err != nil {
				return err
			}
		}
	}
}

// with is a document with some of its fields changed, and all others as they
// are; nil takes a field away. Types of the domain would drop what they do not
// know, in a migration that may be run by a later program.
func with(doc string, fields map[string]any) (string, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(doc), &all); err != nil {
		return "", err
	}
	for name, v := range fields {
		if v == nil {
			delete(all, name)
			continue
		}
		data, err := encode(v)
		if err != nil {
			return "", err
		}
		all[name] = json.RawMessage(data)
	}
	return encode(all)
}
