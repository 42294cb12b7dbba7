package store

import (
	"context"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
)

const dayMicro = int64(24 * time.Hour / time.Microsecond)

// counted are the conditions of a count; column is the time that it goes by.
func counted(f desk.CountFilter, column string) (w where) {
	w.equal("merchant_id", f.MerchantID)
	w.add(column+" >= ?", micro(f.From))
	w.add(column+" < ?", openEnd(f.To))
	return w
}

// waits is whether a blind second reading of a claim waits.
func waits(column string) string {
	return column + " IN (SELECT claim_id FROM review WHERE task = 'reread')"
}

// claims is where counts read: the claims' columns, and for who may not know it
// not how those ended of which a second reading waits.
func claims(f desk.CountFilter) string {
	if !f.Blind {
		return "claim"
	}
	open := func(column, none string) string {
		return "CASE WHEN " + waits("id") + " THEN " + none + " ELSE " + column + " END AS " + column
	}
	return "(SELECT merchant_id, period, submitted_at, reason, currency, ask_amount, heard, answer_us, " + open("ended", "''") + ", " + open("codes", "''") + ", " + open("paid_amount", "0") + " FROM claim) AS c"
}

// CountDays walks the days and counts along an index for each: a GROUP BY of
// a computed day would sort all claims.
func (t *tx) CountDays(ctx context.Context, f desk.CountFilter) (out []desk.DayCount, err error) {
	shop := ""
	hidden := ""
	if f.Blind {
		hidden = ` AND NOT ` + waits(`id`)
	}
	args := []any{micro(f.From), dayMicro, dayMicro, micro(f.To)}
	if f.MerchantID != "" {
		shop = "merchant_id = ? AND "
	}
	one := func(column, rest string) string {
		args = append(args, dayMicro)
		if shop != "" {
			args = append(args[:len(args)-1], f.MerchantID, dayMicro)
		}
		return `(SELECT count(*) FROM claim WHERE ` + shop + column + ` >= lo AND ` + column + ` < lo + CAST(? AS bigint)` + rest + `)`
	}
	q := `WITH RECURSIVE day(lo) AS (SELECT CAST(? AS bigint) UNION ALL SELECT lo + CAST(? AS bigint) FROM day WHERE lo + CAST(? AS bigint) < CAST(? AS bigint))
		SELECT lo, ` + one("submitted_at", "") + `, ` + one("closed_at", hidden) + ` FROM day ORDER BY lo`
	err = t.rows(ctx, q, args, func(s scanner) error {
		var lo int64
		var d desk.DayCount
		err := s.Scan(&lo, &d.Opened, &d.Closed)
		d.Day = fromMicro(lo)
		out = append(out, d)
		return err
	})
	return out, wrap(err, "counting days")
}

// spanned are the conditions of a count over all merchants, along an index that
// begins with the period.
func spanned(from, to time.Time, column string) (w where) {
	last := farFuture
	if !to.IsZero() {
		last = periodOf(micro(to))
	}
	w.add("period >= ? AND period <= ?", max(periodOf(micro(from)), 1), last) // 0 is drafts'
	w.add(column+" >= ? AND "+column+" < ?", micro(from), openEnd(to))
	return w
}

// summed counts rows in groups. Over all merchants it groups by period first,
// in the order of an index, and sums those groups, which are few; one
// merchant's rows are few to begin with. groups and sums are columns, sums as
// SQL that gives each its name.
func summed(table, groups, sums, again string, f desk.CountFilter, column string) (q string, args []any) {
	if f.MerchantID != "" {
		w := counted(f, column)
		return "SELECT " + groups + ", " + sums + " FROM " + table + w.String() + " GROUP BY " + groups, w.args
	}
	w := spanned(f.From, f.To, column)
	return "SELECT " + groups + ", " + again + " FROM (SELECT period, " + groups + ", " + sums + " FROM " + table + w.String() +
		" GROUP BY period, " + groups + ") AS x GROUP BY " + groups, w.args
}

func (t *tx) CountOutcomes(ctx context.Context, f desk.CountFilter) (out []desk.OutcomeCount, err error) {
	q, args := summed(claims(f), "reason, ended, currency", "count(*) AS n, CAST(sum(ask_amount) AS bigint) AS a, CAST(sum(paid_amount) AS bigint) AS p",
		"CAST(sum(n) AS bigint), CAST(sum(a) AS bigint), CAST(sum(p) AS bigint)", f, "submitted_at")
	err = t.rows(ctx, q+" ORDER BY reason, ended, currency", args, func(s scanner) error {
		var n desk.OutcomeCount
		var reason, outcome string
		err := s.Scan(&reason, &outcome, &n.Currency, &n.Claims, &n.Claimed, &n.Paid)
		n.Reason, n.Outcome = claim.Reason(reason), claim.Outcome(outcome)
		out = append(out, n)
		return err
	})
	return out, wrap(err, "counting outcomes")
}

func (t *tx) CountMerchants(ctx context.Context, f desk.CountFilter, limit int) (out []desk.MerchantCount, err error) {
	q, args := summed(claims(f), "merchant_id, ended", "count(*) AS n", "CAST(sum(n) AS bigint) AS n", f, "submitted_at")
	end := func(o claim.Outcome) string {
		return `, CAST(sum(CASE WHEN ended = '` + string(o) + `' THEN n ELSE 0 END) AS bigint)`
	}
	q = `SELECT merchant_id, CAST(sum(n) AS bigint)` + end(claim.Granted) + end(claim.Partly) + end(claim.Refused) + end(claim.Settled) +
		` FROM (` + q + `) AS y GROUP BY merchant_id ORDER BY 2 DESC, 1 LIMIT ?`
	err = t.rows(ctx, q, append(args, limit), func(s scanner) error {
		var n desk.MerchantCount
		err := s.Scan(&n.MerchantID, &n.Claims, &n.Granted, &n.Partly, &n.Refused, &n.Settled)
		out = append(out, n)
		return err
	})
	return out, wrap(err, "counting merchants")
}

func (t *tx) CountFindings(ctx context.Context, f desk.CountFilter) (out []desk.FindingCount, err error) {
	if f.From.IsZero() {
		f.From = time.UnixMicro(1) // drafts have none
	}
	table := "claim_finding"
	if f.Blind {
		table = "(SELECT period, merchant_id, filed_at, code, strength, stance, findings, one_in, CASE WHEN " + waits("claim_id") + " THEN 'open' ELSE verdict END AS verdict FROM claim_finding) AS c"
	}
	q, args := summed(table, "code, strength, stance, verdict", "count(*) AS n, CAST(sum(findings) AS bigint) AS f, min(one_in) AS o",
		"CAST(sum(n) AS bigint), CAST(sum(f) AS bigint), min(o)", f, "filed_at")
	err = t.rows(ctx, q+" ORDER BY code, strength, stance, verdict", args, func(s scanner) error {
		var n desk.FindingCount
		var code, strength, stance, verdict string
		var oneIn int64
		err := s.Scan(&code, &strength, &stance, &verdict, &n.Claims, &n.Findings, &oneIn)
		n.Code, n.Strength, n.Stance, n.Verdict = evidence.Code(code), evidence.Strength(strength), evidence.Stance(stance), desk.Verdict(verdict)
		if oneIn > 0 {
			n.Bound = 1 / float64(oneIn)
		}
		out = append(out, n)
		return err
	})
	return out, wrap(err, "counting findings")
}

// CountShop groups by day in SQL and by month here: months differ in length.
func (t *tx) CountShop(ctx context.Context, f desk.CountFilter, offset time.Duration) (out []desk.ShopCount, err error) {
	w := counted(f, "submitted_at")
	shift := offset.Microseconds()
	q := `SELECT (submitted_at + CAST(? AS bigint)) / CAST(? AS bigint) AS day, reason, ended, codes, heard, count(*)
		FROM ` + claims(f) + w.String() + ` GROUP BY day, reason, ended, codes, heard ORDER BY day, reason, ended, codes, heard`
	err = t.rows(ctx, q, append([]any{shift, dayMicro}, w.args...), func(s scanner) error {
		var n desk.ShopCount
		var day int64
		var reason, outcome, codes, heard string
		err := s.Scan(&day, &reason, &outcome, &codes, &heard, &n.Claims)
		y, m, _ := time.UnixMicro(day * dayMicro).UTC().Date()
		n.Month = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		n.Reason, n.Outcome, n.Heard = claim.Reason(reason), claim.Outcome(outcome), claim.HeardHow(heard)
		for c := range strings.SplitSeq(codes, ",") {
			if c != "" {
				n.Codes = append(n.Codes, claim.ReasonCode(c))
			}
		}
		out = append(out, n)
		return err
	})
	return out, wrap(err, "counting a shop's claims")
}

func (t *tx) AnswerTimes(ctx context.Context, f desk.CountFilter) (answered int, median time.Duration, err error) {
	w := counted(f, "submitted_at").with("answer_us IS NOT NULL")
	var took []int64
	err = t.rows(ctx, `SELECT answer_us, count(*) OVER () FROM claim`+w.String()+` ORDER BY answer_us LIMIT 2 OFFSET (
		SELECT (count(*) - 1) / 2 FROM claim`+w.String()+`)`, append(w.args, w.args...), func(s scanner) error {
		var us int64
		err := s.Scan(&us, &answered)
		took = append(took, us)
		return err
	})
	return answered, middle(took, answered), wrap(err, "counting answers")
}

// middle is the median of n values, of which two from the lower middle on are given.
func middle(from []int64, n int) time.Duration {
	switch {
	case n == 0 || len(from) == 0:
		return 0
	case n%2 == 1 || len(from) == 1:
		return time.Duration(from[0]) * time.Microsecond
	}
	return time.Duration((from[0]+from[1])/2) * time.Microsecond
}

func (t *tx) Holding(ctx context.Context, now time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := t.rows(ctx, `SELECT holder, count(*) FROM review WHERE holder <> '' AND lease_until > ? GROUP BY holder`, []any{micro(now)}, func(s scanner) error {
		var who string
		var n int
		err := s.Scan(&who, &n)
		out[who] = n
		return err
	})
	return out, wrap(err, "counting held cases")
}
