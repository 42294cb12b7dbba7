package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// settle rules on what is left until every claim is closed, so that no clock
// runs any more, and then waits for the last messages: a killed node's jobs
// are given to others after 30 seconds.
func (t *trial) settle(ctx context.Context) error {
	for range 300 {
		var open struct{ Items []struct{ ID, State string } }
		t.load.insist(ctx, http.MethodGet, "/v1/claims?limit=100&state=screening,awaiting_merchant,awaiting_buyer,awaiting_reply,review,visit,decided", t.load.platform, "", nil, nil, &open)
		if len(open.Items) == 0 {
			break
		}
		for _, k := range open.Items {
			if k.State == string(claim.InReview) {
				t.load.decide(ctx, k.ID)
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(40 * time.Second):
		return nil
	}
}

// counts are what the trial prints.
type counts struct {
	claims, acked, found, events, evidence, moves, decisions int
	running, fired, stopped, due                             int
	sent, again                                              int
	refused                                                  map[int]int
}

func (c counts) String() string {
	return fmt.Sprintf("  claims %d (answered to the platform: %d, of them %d on asking again with the same key), events %d, evidence %d, merchant's answers %d, decisions %d\n  clocks fired %d, stopped %d, running %d, overdue %d\n  messages received %d, of them again %d; refusals by status %v\n",
		c.claims, c.acked, c.found, c.events, c.evidence, c.moves, c.decisions, c.fired, c.stopped, c.running, c.due, c.sent, c.again, c.refused)
}

// count reads the store when no server runs, and compares it with what the
// platform was told and what the mailbox got.
func (t *trial) count(ctx context.Context) (c counts, err error) {
	db, err := t.open(ctx)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var wrong []string
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	c.acked, c.moves, c.evidence, c.refused = len(t.load.claims), len(t.load.moves), len(t.load.evidence), t.load.failed
	c.decisions, c.found = len(t.load.decided), t.load.found
	err = db.Read(ctx, func(tx desk.Tx) error {
		byClaim, fired, err := t.events(ctx, tx, &c, bad)
		if err != nil {
			return err
		}
		if err := t.compare(ctx, tx, db, &c, byClaim, bad); err != nil {
			return err
		}
		var running int
		if running, c.fired, c.stopped, err = tx.ClockCounts(ctx); err != nil {
			return err
		}
		if running != c.running {
			bad("%d clocks run in the store and %d with the claims", running, c.running)
		}
		if fired != c.fired {
			bad("%d clocks fired and %d events say so", c.fired, fired)
		}
		if running > 0 {
			bad("%d clocks run after everything was settled", running)
		}
		due, err := tx.DueClocks(ctx, time.Now().Add(-10*time.Second), 1000)
		c.due = len(due)
		if len(due) > 0 {
			bad("%d clocks are overdue by more than ten seconds", len(due))
		}
		return err
	})
	if err == nil && len(wrong) > 0 {
		err = errors.New(strings.Join(wrong[:min(len(wrong), 20)], "\n"))
	}
	return c, err
}

// events walks the record: each chain is whole, and each event was sent.
func (t *trial) events(ctx context.Context, tx desk.Tx, c *counts, bad func(string, ...any)) (byClaim map[string]map[string]int, fired int, err error) {
	byClaim = map[string]map[string]int{}
	chains := map[string]record.Chain{}
	ids := map[string]bool{}
	var last int64
	for {
		page, err := tx.EventsAfter(ctx, last, 1000)
		if err != nil {
			return nil, 0, err
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			last = e.Seq
			id, ours := strings.CutPrefix(e.Subject, "claim/")
			if !ours {
				continue
			}
			c.events++
			chain := chains[id]
			if err := chain.Take(e); err != nil {
				bad("%v", err)
				chain = record.Chain{No: e.No, Head: e.Hash}
			}
			chains[id] = chain
			if byClaim[id] == nil {
				byClaim[id] = map[string]int{}
			}
			byClaim[id][e.Kind]++
			ids["msg_"+e.ID] = true
			switch e.Kind {
			case "claim.window_ran_out", "claim.closed", "claim.review_overdue":
				fired++
			}
			if _, ok := t.box.bodies["msg_"+e.ID]; !ok {
				bad("the message of event %s (%s) never arrived", e.ID, e.Kind)
			}
		}
	}
	t.box.mu.Lock()
	defer t.box.mu.Unlock()
	c.sent, c.again = len(t.box.bodies), t.box.again
	for id := range t.box.bodies {
		if !ids[id] {
			bad("message %s belongs to no event", id)
		}
	}
	for _, id := range t.box.changed {
		bad("message %s came with another body", id)
	}
	return byClaim, fired, nil
}

// compare holds the claims against what the platform was told.
func (t *trial) compare(ctx context.Context, tx desk.Tx, db *store.DB, c *counts, byClaim map[string]map[string]int, bad func(string, ...any)) error {
	orders := map[string]string{}
	for p := (work.Page{Limit: 200}); ; {
		list, next, err := tx.Claims(ctx, desk.ClaimFilter{}, p)
		if err != nil {
			return err
		}
		for _, k := range list {
			c.claims++
			c.running += len(k.Clocks)
			if other := orders[k.OrderID]; other != "" {
				bad("order %s has two claims, %s and %s", k.OrderID, other, k.ID)
			}
			orders[k.OrderID] = k.ID
			n := 0
			for _, times := range byClaim[k.ID] {
				n += times
			}
			if int64(n) != k.Events || byClaim[k.ID]["claim.submitted"] > 1 {
				bad("claim %s counts %d events and the record %d", k.ID, k.Events, n)
			}
			if len(k.Evidence) > 1 {
				bad("claim %s has its evidence %d times", k.ID, len(k.Evidence))
			}
		}
		if next == "" {
			break
		}
		p.After = next
	}
	if c.claims != c.acked {
		bad("%d claims are stored and the platform knows of %d", c.claims, c.acked)
	}
	for order, id := range t.load.claims {
		if orders[order] != id {
			bad("the claim %s about order %s was answered for and is %q", id, order, orders[order])
		}
	}
	for id, kind := range t.load.moves {
		if byClaim[id][kind] != 1 {
			bad("claim %s has %s %d times", id, kind, byClaim[id][kind])
		}
	}
	for id := range t.load.decided {
		if byClaim[id]["claim.decided"] != 1 {
			bad("claim %s was decided %d times", id, byClaim[id]["claim.decided"])
		}
	}
	for id, of := range t.load.evidence {
		it, err := tx.Evidence(ctx, id)
		if err != nil || it.ClaimID != of {
			bad("evidence %s of claim %s: %v", id, of, err)
			continue
		}
		if size, err := db.Blobs().Size(ctx, it.SHA256); err != nil || size != it.Size {
			bad("the bytes of evidence %s: %d of %d, %v", id, size, it.Size, err)
		}
	}
	return nil
}
