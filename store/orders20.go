package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed ledger/*.sql
var ledgerGuards embed.FS

// numberOrders is migration 20: the documents of claims say of their remedy
// what the ledger and the record know: which order it is, when the platform was
// told, and what it takes; and the ledger is guarded where it begins. Like
// migration 17 it keeps to the rules of asof17.go.
func numberOrders(d dialect) *goose.Migration {
	return goose.NewGoMigration(20, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		b := backfill{d: d, tx: tx}
		if err := b.claims(ctx); err != nil {
			return fmt.Errorf("what claims say of their orders: %w", err)
		}
		guards, err := ledgerGuards.ReadFile("ledger/" + d.name + ".sql")
		if err == nil {
			_, err = tx.ExecContext(ctx, string(guards))
		}
		return wrap(err, "guarding the ledger")
	}}, nil)
}

func (b backfill) claims(ctx context.Context) error {
	for after := ""; ; {
		docs, err := b.docs(ctx, `SELECT doc FROM claim WHERE id > ? AND outcome <> '' ORDER BY id LIMIT 500`, after)
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, doc := range docs {
			var c claim17
			if err := json.Unmarshal([]byte(doc), &c); err != nil {
				return err
			}
			if after = c.ID; c.ID == "" {
				return fmt.Errorf("a claim without an id")
			}
			if r := c.Remedy; r == nil || r.State == "revoked" && r.OrderedAt == nil {
				continue // nothing was ordered, or what was has come to nothing
			}
			if err := b.number(ctx, c, doc); err != nil {
				return fmt.Errorf("claim %s: %w", c.ID, err)
			}
		}
	}
}

// number brings one claim's document up to date.
func (b backfill) number(ctx context.Context, c claim17, doc string) error {
	r := c.Remedy
	told := r.OrderedAt
	if told == nil {
		var err error
		if told, err = b.toldAt(ctx, c.ID); err != nil {
			return err
		}
	}
	if told == nil && r.State == "held" {
		return nil // it waits to be final, and nobody was told
	}
	r.OrderedAt = told
	taken, err := b.tookOf(ctx, `claim_id = ?`, c.ID)
	if err == nil && len(taken) == 0 && r.counts() {
		taken, err = b.late(ctx, c)
	}
	if err != nil {
		return err
	}
	fields := map[string]any{"no": 1}
	if told != nil {
		fields["ordered_at"] = *told
	}
	if r.State == "failed" {
		taken = r.Lines
	}
	if len(r.Before) > 0 {
		fields["no"], fields["earlier"] = 2, []any{c.first()}
		taken = less(taken, r.Before)
	}
	if len(taken) > 0 {
		fields["lines"] = taken
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(doc), &all); err != nil {
		return err
	}
	remedy, err := with(string(all["remedy"]), fields)
	if err != nil {
		return err
	}
	next, err := with(doc, map[string]any{"remedy": json.RawMessage(remedy)})
	if err != nil {
		return err
	}
	_, err = b.tx.ExecContext(ctx, b.q(`UPDATE claim SET doc = ? WHERE id = ?`), next, c.ID)
	return err
}

// toldAt is when the record says that a remedy of the claim was ordered last.
func (b backfill) toldAt(ctx context.Context, id string) (*string, error) {
	events, err := b.docs(ctx, `SELECT CAST(at AS text) || ' ' || body FROM event WHERE subject = ? ORDER BY no DESC`, "claim/"+id)
	for _, e := range events {
		at, body, _ := strings.Cut(e, " ")
		var said struct {
			Remedy remedy17 `json:"remedy"`
		}
		if json.Unmarshal([]byte(body), &said) != nil || said.Remedy.State != "ordered" {
			continue // not of a remedy, or of one in another state
		}
		us, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, err
		}
		told := time.UnixMicro(us).UTC().Format(time.RFC3339Nano)
		return &told, nil
	}
	return nil, err
}

// tookOf is what the ledger says was taken.
func (b backfill) tookOf(ctx context.Context, where, id string) (list []taken17, err error) {
	rows, err := b.tx.QueryContext(ctx, b.q(`SELECT line_id, amount, units FROM remedy_taken WHERE (amount > 0 OR units > 0) AND `+where+` ORDER BY line_id`), id)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var t taken17
		if err := rows.Scan(&t.LineID, &t.Amount, &t.Units); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// late lays into the ledger what was ordered and then appealed, which migration
// 17 took for one that nobody had been told of.
func (b backfill) late(ctx context.Context, c claim17) ([]taken17, error) {
	docs, err := b.docs(ctx, `SELECT o.doc FROM orders o JOIN claim c ON c.order_id = o.id WHERE c.id = ?`, c.ID)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	var o order17
	if err := json.Unmarshal([]byte(docs[0]), &o); err != nil {
		return nil, err
	}
	others, err := b.tookOf(ctx, `order_id = ?`, o.ID)
	if err != nil {
		return nil, err
	}
	taken := c.takes(o, others)
	units := 0
	for _, l := range o.Lines {
		units += l.Quantity
	}
	row := func(line string, paid int64, units int) error {
		_, err := b.tx.ExecContext(ctx, b.q(`INSERT INTO remedy_room (order_id, line_id, paid, units, taken, used) VALUES (?, ?, ?, ?, 0, 0)
			ON CONFLICT (order_id, line_id) DO UPDATE SET paid = excluded.paid, units = excluded.units`), o.ID, line, max(paid, 0), units)
		return err
	}
	if len(taken) > 0 {
		err = row("", o.Total.Amount, units)
	}
	shares := o.shares()
	for i, l := range o.Lines {
		for _, t := range taken {
			if t.LineID == l.ID && err == nil {
				err = row(l.ID, shares[i], l.Quantity)
			}
		}
	}
	if err == nil {
		err = b.take(ctx, c.ID, o.ID, taken)
	}
	return taken, err
}

// first is the order that an earlier decision had led to and that was carried
// out, as far as a document without numbers tells.
func (c claim17) first() map[string]any {
	r := c.Remedy
	kind, pay := "refund_only", money17{Currency: r.Amount.Currency}
	if len(c.Decisions) > 0 && c.Decisions[0].Remedy.Kind != "" {
		kind = c.Decisions[0].Remedy.Kind
	}
	if r.Paid != nil {
		pay = *r.Paid
	}
	out := map[string]any{"no": 1, "kind": kind, "pay": pay, "lines": r.Before}
	if r.OrderedAt != nil {
		out["done_at"] = *r.OrderedAt // it was done by then
	}
	return out
}

// less takes what earlier orders took out of what a claim took.
func less(all, before []taken17) (list []taken17) {
	for _, t := range all {
		for _, k := range before {
			if k.LineID == t.LineID {
				t.Amount -= k.Amount
			}
		}
		list = append(list, t)
	}
	return list
}
