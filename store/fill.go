package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// FillID is the id of the n-th claim that Fill makes.
func FillID(n int) string { return "c-" + strconv.Itoa(n) }

// Fill lays down n claims of 100 merchants and 10,000 buyers, one a minute
// back from now, nineteen of twenty closed; with each an order, a clock that
// ended, and for one in a hundred a case in the queue and a running clock. Two
// of three have findings.
// The rows are written by SQL with 200 rows a statement, past the desk: there
// are no events, messages or evidence. It is for benchmarks.
func (d *DB) Fill(ctx context.Context, n int, now time.Time) error {
	const each = 200
	for from := 0; from < n; {
		err := d.Write(ctx, func(s desk.Tx) error {
			for range 25 {
				if from >= n {
					return nil
				}
				to := min(from+each, n)
				if err := fill(ctx, s.(*tx), from, to, now); err != nil {
					return err
				}
				from = to
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if d.dialect.postgres {
		_, err := d.write.ExecContext(ctx, "VACUUM ANALYZE")
		return err
	}
	return nil
}

func fill(ctx context.Context, t *tx, from, to int, now time.Time) error {
	rows := map[string][]any{}
	add := func(table string, values ...any) { rows[table] = append(rows[table], values...) }
	for i := from; i < to; i++ {
		at := now.Add(-time.Duration(i) * time.Minute).Truncate(time.Microsecond)
		due := at // of the claim's clock; one that runs must not ring while somebody looks
		c := claim.Claim{
			ID: FillID(i), Version: 3, OrderID: fmt.Sprint("o-", i), MerchantID: fmt.Sprint("m-", i%100), BuyerID: fmt.Sprint("b-", i*31%10_000),
			Kind: claim.RefundOnly, Reason: claim.Reasons[i%len(claim.Reasons)], Ask: money.Money{Amount: 1999, Currency: "CNY"},
			Story: "It arrived broken, and the box was wet.", State: claim.Closed, Round: 1, OpenedAt: at, SubmittedAt: &at,
		}
		switch i % 100 {
		case 1:
			c.State = claim.InReview
			r := desk.Review{ClaimID: c.ID, Round: 1, Task: desk.TaskDecide, Due: at, MerchantID: c.MerchantID, BuyerID: c.BuyerID}
			doc, err := encode(r)
			if err != nil {
				return err
			}
			add("review (claim_id, round, task, rank, senior, merchant_id, buyer_id, exclude, holder, lease_until, kind, reason, stakes, amount, due, doc)",
				c.ID, 1, string(r.Task), r.Rank(), 0, r.MerchantID, r.BuyerID, "\n", "", 0, string(c.Kind), string(c.Reason), 0, c.Ask.Amount, micro(at), doc)
		case 2, 3, 4, 5:
			c.State = claim.AskedShop
			due = now.Add(time.Duration(1+i%47) * time.Hour).Truncate(time.Microsecond)
			c.Clocks = []work.Clock{{ID: "k-" + c.ID, Kind: claim.ClockMerchant, Due: due}}
		default:
			fillEnd(&c, i, at)
		}
		doc, err := encode(c)
		if err != nil {
			return err
		}
		add("claim (id, version, order_id, merchant_id, buyer_id, state, reason, kind, opened_at, submitted_at, closed_at, refunded, confirmed, due, outcome, doc, "+figureColumns+")",
			append([]any{c.ID, 3, c.OrderID, c.MerchantID, c.BuyerID, string(c.State), string(c.Reason), string(c.Kind), micro(at), micro(at), closedAt(&c), 0, 0, dueOf(&c), outcomeOf(&c), doc}, figures(&c)...)...)
		fillFindings(add, &c, i)
		add("orders (id, merchant_id, buyer_id, placed_at, doc)", c.OrderID, c.MerchantID, c.BuyerID, micro(at), `{"id":"`+c.OrderID+`","merchant_id":"`+c.MerchantID+`","buyer_id":"`+c.BuyerID+`","total":{"amount":1999,"currency":"CNY"}}`)
		state := clockFired
		if c.State == claim.AskedShop {
			state = clockRuns
		}
		add("clock (id, subject_id, kind, due, state, doc)", "k-"+c.ID, c.ID, "merchant", micro(due), state, `{"id":"k-`+c.ID+`"}`)
	}
	for table, values := range rows {
		width := strings.Count(table, ",") + 1
		group := "(" + strings.Repeat("?, ", width-1) + "?)"
		q := "INSERT INTO " + table + " VALUES " + group + strings.Repeat(", "+group, len(values)/width-1)
		if _, err := t.exec(ctx, q, values...); err != nil {
			return err
		}
	}
	return nil
}

// fillEnd closes a claim in one of the ways that there are, most by agreement.
func fillEnd(c *claim.Claim, i int, at time.Time) {
	by := access.Actor{ID: fmt.Sprint("u-", i%20), Role: access.RoleReviewer}
	outcomes := []claim.Outcome{claim.Settled, claim.Granted, claim.Settled, claim.Refused, claim.Settled, claim.Partly, claim.Lapsed}
	d := claim.Decision{Round: 1, Outcome: outcomes[i%len(outcomes)], Reasons: []claim.ReasonCode{claim.ReasonCodes[i%len(claim.ReasonCodes)].Code}, By: by, At: at}
	if d.Outcome == claim.Settled || d.Outcome == claim.Lapsed {
		d.By = access.Machine("router")
	} else {
		d.Findings = []claim.FindingRef{{Code: evidence.ReferenceSameCapture}}
	}
	c.ClosedAt, c.Closing, c.Decisions = &at, claim.ClosedDecided, []claim.Decision{d}
	c.Asked = []claim.Question{{To: claim.Merchant, At: at}}
	c.Answers = []claim.Answer{{Kind: claim.Contests, At: at.Add(time.Duration(i%1000) * time.Minute)}}
	c.Remedy = &claim.Remedy{Kind: c.Kind, Amount: c.Ask, State: claim.RemedyDone}
}

// fillFindings gives two of three claims one finding or two.
func fillFindings(add func(string, ...any), c *claim.Claim, i int) {
	v := verdicts(c)
	cited := c.State == claim.Closed && len(c.Standing().Findings) > 0
	for k := range i % 3 {
		code, stance := evidence.ReferenceSameCapture, evidence.Against
		if k == 1 {
			code, stance = evidence.ProvenanceC2PACamera, evidence.For
		}
		strength := []evidence.Strength{evidence.Conclusive, evidence.Strong, evidence.Weak}[i/3%3]
		add("claim_finding (claim_id, code, strength, stance, findings, one_in, merchant_id, filed_at, period, verdict)",
			c.ID, string(code), string(strength), string(stance), 1+i%2, 1_000_000_000, c.MerchantID, filedAt(c), periodOf(filedAt(c)), v.of(stance, cited && k == 0))
	}
}

// FillRecord lays down events of the claims that Fill made, five a claim, each
// with its handling where a person ruled, and one in a thousand of something
// else. They are no chain. It is for benchmarks.
func (d *DB) FillRecord(ctx context.Context, n int, now time.Time) error {
	kinds := []string{"claim.submitted", "claim.screened", "claim.merchant_asked", "claim.contested", "claim.decided"}
	for from := 0; from < n; from += 1000 {
		err := d.Write(ctx, func(s desk.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				at := now.Add(-time.Duration(n-i) * time.Minute)
				who := access.Actor{ID: fmt.Sprint("u-", i%20), Role: access.RoleReviewer}
				for k, kind := range kinds {
					e := record.Event{ID: "e", Subject: "claim/" + FillID(i), No: int64(k + 1), Kind: kind, At: at, By: access.Machine("router"), Body: []byte("{}")}
					if k == len(kinds)-1 {
						e.By = who
					}
					if err := s.AppendEvent(ctx, &e); err != nil {
						return err
					}
				}
				if err := s.PutHandling(ctx, desk.Handling{ClaimID: FillID(i), Round: 1, Act: desk.ActDecide, By: who.ID, At: at, TakenAt: at.Add(-time.Duration(i%60) * time.Minute)}); err != nil {
					return err
				}
				if i%1000 == 0 {
					e := record.Event{ID: "e", Subject: fmt.Sprint("policy/p-", i), No: 1, Kind: "policy.active", At: at, By: access.Actor{ID: "u-op", Role: access.RoleOperator}, Body: []byte("{}")}
					if err := s.AppendEvent(ctx, &e); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
