package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// Windows over which History counts; see claim.Facts.
const (
	ordersWindow    = 365 * 24 * time.Hour
	claimsWindow    = 90 * 24 * time.Hour
	confirmedWindow = 365 * 24 * time.Hour
	recentWindow    = 30 * 24 * time.Hour
)

// MaxHistory is the highest number that History counts to, so that one large
// shop does not make each of its claims slow.
const MaxHistory = 10_000

func (t *tx) InsertClaim(ctx context.Context, c *claim.Claim) error {
	before := c.Version
	c.Version = 1
	doc, err := encode(c)
	if err == nil {
		err = t.write(ctx, "a new row", oneRow(work.ErrConflict), `INSERT INTO claim (id, version, order_id, merchant_id, buyer_id, state, reason, kind,
			opened_at, submitted_at, closed_at, refunded, confirmed, due, outcome, doc, `+figureColumns+`)
			VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			append([]any{
				c.ID, c.OrderID, c.MerchantID, c.BuyerID, string(c.State), string(c.Reason), string(c.Kind),
				micro(c.OpenedAt), microPtr(c.SubmittedAt), closedAt(c), refunded(c), confirmed(c), dueOf(c), outcomeOf(c), doc,
			}, figures(c)...)...)
	}
	if err != nil {
		c.Version = before
	}
	return wrap(err, "keeping claim %s", c.ID)
}

func (t *tx) UpdateClaim(ctx context.Context, c *claim.Claim) error {
	before := c.Version
	c.Version++
	doc, err := encode(c)
	if err == nil {
		// The row was read in this transaction and claims are never deleted, so
		// a gathered change that meets no row met another version.
		miss := func(n int64) error {
			if n > 0 {
				return nil
			}
			if t.gathered != nil {
				return work.ErrConflict
			}
			var v int64
			return cmp.Or(t.row(ctx, `SELECT version FROM claim WHERE id = ?`, []any{c.ID}, &v), work.ErrConflict)
		}
		err = t.write(ctx, "a new version", miss, `UPDATE claim SET version = ?, order_id = ?, merchant_id = ?, buyer_id = ?, state = ?,
			reason = ?, kind = ?, opened_at = ?, submitted_at = ?, closed_at = ?, refunded = ?, confirmed = ?, due = ?, outcome = ?, doc = ?,
			ended = ?, codes = ?, currency = ?, ask_amount = ?, paid_amount = ?, heard = ?, answer_us = ?, period = ?
			WHERE id = ? AND version = ?`,
			append(append([]any{
				c.Version, c.OrderID, c.MerchantID, c.BuyerID, string(c.State), string(c.Reason), string(c.Kind),
				micro(c.OpenedAt), microPtr(c.SubmittedAt), closedAt(c), refunded(c), confirmed(c), dueOf(c), outcomeOf(c), doc,
			}, figures(c)...), c.ID, before)...)
	}
	if err == nil {
		err = t.judgeFindings(ctx, c)
	}
	if err != nil {
		c.Version = before
	}
	return wrap(err, "changing claim %s", c.ID)
}

// closedAt is when a claim became final, NULL before.
func closedAt(c *claim.Claim) any {
	if c.State != claim.Closed {
		return nil
	}
	return microPtr(c.ClosedAt)
}

// dueOf is when the first of the running windows ends, NULL where none runs.
func dueOf(c *claim.Claim) any {
	k := c.NextClock()
	if k == nil {
		return nil
	}
	return micro(k.Due)
}

// outcomeOf is how the claim stands decided, empty before a decision.
func outcomeOf(c *claim.Claim) string {
	if s := c.Standing(); s != nil {
		return string(s.Outcome)
	}
	return ""
}

// refunded says whether the buyer got money without sending anything back.
func refunded(c *claim.Claim) bool {
	r := c.Remedy
	return r != nil && r.Kind == claim.RefundOnly && r.Amount.Amount > 0 && r.State != claim.RemedyRevoked && r.State != claim.RemedyFailed
}

// confirmed says whether a person's ruling that stands calls the evidence not genuine.
func confirmed(c *claim.Claim) bool {
	s := c.Standing()
	return s != nil && s.Outcome == claim.Refused && s.By.Person() && slices.Contains(s.Reasons, claim.ReasonCode("not_genuine"))
}

func (t *tx) Claim(ctx context.Context, id string) (*claim.Claim, error) {
	c, err := get[*claim.Claim](ctx, t, `SELECT doc FROM claim WHERE id = ?`, id)
	return c, wrap(err, "claim %.64s", id)
}

func (t *tx) ClaimsByID(ctx context.Context, ids []string) ([]*claim.Claim, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ids = padded(ids)
	out, err := list[*claim.Claim](ctx, t, `SELECT doc FROM claim WHERE id IN (`+marks(len(ids))+`)`, anys(ids)...)
	return out, wrap(err, "reading claims")
}

func (t *tx) Claims(ctx context.Context, f desk.ClaimFilter, p work.Page) (list []*claim.Claim, next string, err error) {
	l := listing{list: "claims", table: "claim", number: "opened_at", id: "id", down: true}
	w := narrow(f)
	if f.ClosedOnly {
		l.list, l.number, l.down = "closed", "closed_at", false
	} else if f.ByDue {
		l.list, l.number, l.down = "due", "due", false
	}
	var rows []paged[*claim.Claim]
	if len(f.States) == 0 || f.ClosedOnly || f.ByDue || f.BuyerID != "" || f.OrderID != "" {
		inStates(&w, f.States)
		rows, err = rowsOf[*claim.Claim](ctx, t, l, w, p)
	} else {
		rows, err = t.claimsByState(ctx, l, w, f.States, p)
	}
	if err != nil {
		return nil, "", wrap(err, "listing claims")
	}
	list, next = page(l.list, rows, p)
	return list, next, nil
}

// claimsByState reads one page for each state and merges them: each runs along
// an index, where a query for several states at once would sort all of them.
func (t *tx) claimsByState(ctx context.Context, l listing, w where, states []claim.State, p work.Page) (rows []paged[*claim.Claim], err error) {
	states = slices.Clone(states)
	slices.Sort(states)
	for _, s := range slices.Compact(states) {
		more, err := rowsOf[*claim.Claim](ctx, t, l, w.with("state = ?", string(s)), p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	slices.SortFunc(rows, func(a, b paged[*claim.Claim]) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(b.id, a.id))
	})
	return rows, nil
}

func narrow(f desk.ClaimFilter) (w where) {
	w.equal("buyer_id", f.BuyerID)
	w.equal("merchant_id", f.MerchantID)
	w.equal("order_id", f.OrderID)
	w.equal("reason", string(f.Reason))
	w.equal("kind", string(f.Kind))
	w.equal("outcome", string(f.Outcome))
	prefixed(&w, f)
	if f.NoDrafts {
		w.add("state <> 'draft'")
	}
	w.none("merchant_id", f.Without)
	w.none("buyer_id", f.Without)
	if f.ClosedOnly {
		w.add("closed_at IS NOT NULL")
	}
	if f.ByDue {
		w.add("due IS NOT NULL")
	}
	if !f.From.IsZero() {
		w.add("opened_at >= ?", micro(f.From))
	}
	if !f.To.IsZero() {
		w.add("opened_at < ?", micro(f.To))
	}
	return w
}

// prefixed adds that the claim's or the order's id begins so. Among one
// party's claims it is looked at row by row; among all of them the newest
// matches of each index are gathered first.
func prefixed(w *where, f desk.ClaimFilter) {
	if f.Prefix == "" {
		return
	}
	var own, order where
	own.prefix("id", f.Prefix)
	order.prefix("order_id", f.Prefix)
	args := slices.Concat(own.args, order.args)
	if f.BuyerID != "" || f.MerchantID != "" || f.OrderID != "" {
		w.add("("+own.parts[0]+" OR "+order.parts[0]+")", args...)
		return
	}
	most := strconv.Itoa(desk.MaxPrefixed)
	w.add(`id IN (SELECT id FROM (SELECT id FROM claim`+own.String()+` ORDER BY id DESC LIMIT `+most+`) AS a
		UNION SELECT id FROM (SELECT id FROM claim`+order.String()+` ORDER BY order_id DESC LIMIT `+most+`) AS b)`, args...)
}

func inStates(w *where, states []claim.State) {
	if len(states) > 0 {
		w.add("state IN ("+marks(len(states))+")", anys(states)...)
	}
}

func (t *tx) OpenClaims(ctx context.Context, orderID string) (ids []string, err error) {
	err = t.rows(ctx, `SELECT id FROM claim WHERE order_id = ? AND state <> 'closed' ORDER BY opened_at, id`, []any{orderID}, func(s scanner) error {
		var id string
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, wrap(err, "open claims of order %.64s", orderID)
}

// History is one statement: on PostgreSQL each would be a journey of its own.
func (t *tx) History(ctx context.Context, buyerID, merchantID, without string, blind bool, now time.Time) (h desk.History, err error) {
	since := func(w time.Duration) int64 { return now.Add(-w).UnixMicro() }
	const past = `claim WHERE submitted_at IS NOT NULL AND buyer_id = ? AND submitted_at >= ? AND id <> ?`
	var counts []string
	var args []any
	count := func(q string, with ...any) {
		counts = append(counts, `(SELECT count(*) FROM (SELECT 1 FROM `+q+` LIMIT ?) AS x)`)
		args = append(append(args, with...), MaxHistory)
	}
	count(`orders WHERE buyer_id = ? AND placed_at >= ?`, buyerID, since(ordersWindow))
	count(past, buyerID, since(claimsWindow), without)
	seen := ``
	if blind {
		seen = ` AND NOT ` + waits(`id`)
	}
	count(past+` AND refunded = 1`+seen, buyerID, since(claimsWindow), without)
	count(past+` AND confirmed = 1`+seen, buyerID, since(confirmedWindow), without)
	count(`claim WHERE submitted_at IS NOT NULL AND merchant_id = ? AND submitted_at >= ? AND id <> ?`, merchantID, since(recentWindow), without)
	err = t.row(ctx, `SELECT `+strings.Join(counts, ", "), args,
		&h.BuyerOrders, &h.BuyerClaims, &h.BuyerRefunds, &h.BuyerConfirmed, &h.MerchantRecent)
	return h, wrap(err, "counting what is known of both parties")
}

func (t *tx) CountClaims(ctx context.Context, f desk.ClaimFilter) (map[claim.State]int, error) {
	w := narrow(f)
	inStates(&w, f.States)
	out := map[claim.State]int{}
	err := t.rows(ctx, `SELECT state, count(*) FROM claim`+w.String()+` GROUP BY state`, w.args, func(s scanner) error {
		var state string
		var n int
		err := s.Scan(&state, &n)
		out[claim.State(state)] = n
		return err
	})
	return out, wrap(err, "counting claims")
}

// TallyClaims reads the claims that f takes once, along an index where no
// filter asks for more.
func (t *tx) TallyClaims(ctx context.Context, f desk.ClaimFilter) (out []desk.Tally, err error) {
	w := narrow(f)
	inStates(&w, f.States)
	state := "state"
	if f.Blind {
		state = "CASE WHEN " + waits("id") + " THEN '" + string(claim.InReview) + "' ELSE state END"
	}
	err = t.rows(ctx, `SELECT `+state+`, reason, count(*) FROM claim`+w.String()+` GROUP BY 1, 2 ORDER BY 1, 2`, w.args, func(s scanner) error {
		var n desk.Tally
		var state, reason string
		err := s.Scan(&state, &reason, &n.Claims)
		n.State, n.Reason = claim.State(state), claim.Reason(reason)
		out = append(out, n)
		return err
	})
	return out, wrap(err, "counting claims")
}
