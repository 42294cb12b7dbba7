package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// PutReview inserts or replaces, lease and all.
func (t *tx) PutReview(ctx context.Context, r desk.Review) error {
	doc, err := encode(r)
	if err == nil {
		err = t.write(ctx, "keeping it", nil, `INSERT INTO review (claim_id, round, task, rank, senior, merchant_id, buyer_id, exclude, holder, lease_until,
			kind, reason, stakes, amount, due, taken_at, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (claim_id, round, task) DO UPDATE SET rank = excluded.rank, senior = excluded.senior,
			merchant_id = excluded.merchant_id, buyer_id = excluded.buyer_id, exclude = excluded.exclude,
			holder = excluded.holder, lease_until = excluded.lease_until, kind = excluded.kind, reason = excluded.reason,
			stakes = excluded.stakes, amount = excluded.amount, due = excluded.due, taken_at = excluded.taken_at, doc = excluded.doc`,
			r.ClaimID, r.Round, string(r.Task), r.Rank(), r.Senior, r.MerchantID, r.BuyerID,
			"\n"+strings.Join(r.Exclude, "\n")+"\n", r.Holder, micro(r.LeaseUntil),
			string(r.Kind), string(r.Reason), r.Stakes, r.Amount, micro(r.Due), micro(r.TakenAt), doc)
	}
	return wrap(err, "queueing claim %s", r.ClaimID)
}

// DeleteReview is no error where there is none such.
func (t *tx) DeleteReview(ctx context.Context, claimID string, round int, task desk.Task) error {
	return t.write(ctx, "taking claim "+claimID+" off the queue", nil,
		`DELETE FROM review WHERE claim_id = ? AND round = ? AND task = ?`, claimID, round, string(task))
}

const reviewColumns = `SELECT rank, claim_id, round, task, holder, lease_until, taken_at, kind, reason, doc FROM review `

// scanReview reads a row of reviewColumns. The lease's columns are newer than
// the document, and those of the claim may be missing in an old one.
func scanReview(s scanner) (p paged[desk.Review], err error) {
	var claimID, task, holder, kind, reason, doc string
	var round int
	var until, taken int64
	if err := s.Scan(&p.n, &claimID, &round, &task, &holder, &until, &taken, &kind, &reason, &doc); err != nil {
		return p, err
	}
	p.id = reviewKey(claimID, round, task)
	p.value, err = decode[desk.Review](doc)
	p.value.Holder, p.value.LeaseUntil, p.value.TakenAt = holder, fromMicro(until), fromMicro(taken)
	p.value.Kind, p.value.Reason = claim.Kind(kind), claim.Reason(reason)
	return p, err
}

// reviewKey is a queue entry's place among those of one rank.
func reviewKey(claimID string, round int, task string) string {
	return claimID + "," + strconv.Itoa(round) + "," + task
}

func readReviewKey(key string) (claimID string, round int, task string, err error) {
	parts := strings.Split(key, ",")
	if len(parts) != 3 {
		return "", 0, "", work.ErrBadCursor
	}
	if round, err = strconv.Atoi(parts[1]); err != nil {
		return "", 0, "", work.ErrBadCursor
	}
	return parts[0], round, parts[2], nil
}

// Review finds the entry of the latest round.
func (t *tx) Review(ctx context.Context, claimID string, task desk.Task) (desk.Review, error) {
	var r desk.Review
	err := work.ErrNotFound
	queryErr := t.rows(ctx, reviewColumns+`WHERE claim_id = ? AND task = ? ORDER BY round DESC LIMIT 1`, []any{claimID, string(task)}, func(s scanner) error {
		p, scanErr := scanReview(s)
		r, err = p.value, scanErr
		return scanErr
	})
	if queryErr != nil {
		err = queryErr
	}
	return r, wrap(err, "queue entry of claim %.64s", claimID)
}

// mayTake is the condition under which who may take an entry at now.
func (t *tx) mayTake(who desk.Reviewer, now time.Time) (w where) {
	if !who.Senior {
		w.add("senior = 0")
	}
	w.add(t.db.dialect.find+"(exclude, ?) = 0", "\n"+who.ID+"\n")
	w.add("(holder = '' OR holder = ? OR lease_until <= ?)", who.ID, micro(now))
	w.none("merchant_id", who.Conflicts)
	w.none("buyer_id", who.Conflicts)
	return w
}

// narrowQueue adds what the filter asks for.
func narrowQueue(w *where, f desk.QueueFilter, who desk.Reviewer, now time.Time) {
	w.equal("task", string(f.Task))
	w.equal("kind", string(f.Kind))
	w.equal("reason", string(f.Reason))
	w.equal("merchant_id", f.MerchantID)
	if f.StakesMin > 0 {
		w.add("stakes >= ?", f.StakesMin)
	}
	if f.AmountMin > 0 {
		w.add("amount >= ?", f.AmountMin)
	}
	if f.Overdue {
		w.add("due <= ?", micro(now))
	}
	if f.Mine {
		w.add("holder = ? AND lease_until > ?", who.ID, micro(now))
	}
	if f.Senior {
		w.add("senior = 1")
	}
	w.prefix("claim_id", f.Prefix)
}

func (t *tx) Queue(ctx context.Context, f desk.QueueFilter, who desk.Reviewer, now time.Time, p work.Page) (list []desk.Review, next string, err error) {
	w := t.mayTake(who, now)
	narrowQueue(&w, f, who, now)
	if p.After != "" {
		n, key, err := readCursor("queue", p.After)
		if err != nil {
			return nil, "", wrap(err, "listing the queue")
		}
		claimID, round, task, err := readReviewKey(key)
		if err != nil {
			return nil, "", wrap(err, "listing the queue")
		}
		w.add("(rank, claim_id, round, task) > (?, ?, ?, ?)", n, claimID, round, task)
	}
	var rows []paged[desk.Review]
	err = t.rows(ctx, reviewColumns+w.String()+` ORDER BY rank, claim_id, round, task LIMIT ?`, append(w.args, limit(p)+1), func(s scanner) error {
		r, err := scanReview(s)
		rows = append(rows, r)
		return err
	})
	list, next = page("queue", rows, p)
	return list, next, wrap(err, "listing the queue")
}

// QueueSummary counts along what who may take. Nobody waits for it: a queue
// that people work off is short.
func (t *tx) QueueSummary(ctx context.Context, who desk.Reviewer, now, soon time.Time) (sum desk.QueueSummary, err error) {
	sum.ByTask = map[desk.Task]int{}
	w := t.mayTake(who, now)
	q := `SELECT task, count(*), sum(CASE WHEN due <= ? THEN 1 ELSE 0 END), sum(CASE WHEN due > ? AND due <= ? THEN 1 ELSE 0 END),
		sum(CASE WHEN holder = ? AND lease_until > ? THEN 1 ELSE 0 END) FROM review` + w.String() + ` GROUP BY task`
	args := append([]any{micro(now), micro(now), micro(soon), who.ID, micro(now)}, w.args...)
	err = t.rows(ctx, q, args, func(s scanner) error {
		var task string
		var total, overdue, dueSoon, mine int
		err := s.Scan(&task, &total, &overdue, &dueSoon, &mine)
		sum.ByTask[desk.Task(task)] = total
		sum.Total, sum.Overdue, sum.DueSoon, sum.Mine = sum.Total+total, sum.Overdue+overdue, sum.DueSoon+dueSoon, sum.Mine+mine
		return err
	})
	return sum, wrap(err, "counting the queue")
}

// LeaseReview is one conditional update, which both databases run for one
// caller after the other. Who holds it already gets the longer lease, and has
// held it since they took it; a lease that ran out begins anew.
func (t *tx) LeaseReview(ctx context.Context, claimID string, round int, task desk.Task, holder string, now, until time.Time) (ok bool, err error) {
	n, err := t.exec(ctx, `UPDATE review SET taken_at = CASE WHEN holder = ? AND lease_until > ? THEN taken_at ELSE ? END, holder = ?, lease_until = ? WHERE claim_id = ? AND round = ? AND task = ?
		AND (holder = '' OR holder = ? OR lease_until <= ?)`,
		holder, micro(now), micro(now), holder, micro(until), claimID, round, string(task), holder, micro(now))
	return n == 1, wrap(err, "leasing claim %s", claimID)
}

// ReleaseReview is no error where holder does not hold it.
func (t *tx) ReleaseReview(ctx context.Context, claimID string, round int, task desk.Task, holder string) error {
	_, err := t.exec(ctx, `UPDATE review SET holder = '', lease_until = 0, taken_at = 0 WHERE claim_id = ? AND round = ? AND task = ? AND holder = ?`,
		claimID, round, string(task), holder)
	return wrap(err, "giving back claim %s", claimID)
}

// PutReading keeps one reading a person, claim and round.
func (t *tx) PutReading(ctx context.Context, r desk.Reading) error {
	doc, err := encode(r)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO reading (claim_id, round, by_id, at, doc) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (claim_id, round, by_id) DO UPDATE SET at = excluded.at, doc = excluded.doc`,
			r.ClaimID, r.Round, r.By, micro(r.At), doc)
	}
	return wrap(err, "keeping a second reading of claim %s", r.ClaimID)
}

// Readings lists those in [from, to), oldest first.
func (t *tx) Readings(ctx context.Context, from, to time.Time) ([]desk.Reading, error) {
	out, err := list[desk.Reading](ctx, t, `SELECT doc FROM reading WHERE at >= ? AND at < ? ORDER BY at, claim_id, by_id`, micro(from), openEnd(to))
	return out, wrap(err, "listing second readings")
}

// openEnd is the end of a span of time; none is the end of time.
func openEnd(to time.Time) int64 {
	if to.IsZero() {
		return farFuture
	}
	return micro(to)
}
