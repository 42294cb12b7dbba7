package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// TestClocksOfOthersAreLeftAlone: a clock that runs for something else than a
// claim is not taken for a claim's of the same id; it is told of, runs on for
// whoever knows it, and holds no claim's clock up.
func TestClocksOfOthersAreLeftAlone(t *testing.T) {
	w := newWorld(t, policy.Default())
	at := w.now.Add(time.Minute)
	other := work.ClockRow{
		Subject: record.Subject{Kind: "service_order", ID: "so1"},
		Clock:   work.Clock{ID: "k-other", Kind: claim.ClockAppeal, SetAt: w.now, Due: at},
	}
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error { return tx.SetClock(w.ctx, other) }))
	w.now = at.Add(time.Minute)
	if err := w.desk.Tick(w.ctx); err == nil || !strings.Contains(err.Error(), "service_order/so1") {
		t.Errorf("the tick says %v", err)
	}
	w.must(w.db.Read(w.ctx, func(tx desk.Tx) error {
		due, err := tx.DueClocks(w.ctx, w.now, 9)
		if len(due) != 1 || due[0].ID != other.ID {
			t.Errorf("due are %+v, want the one that nobody knows", due)
		}
		return err
	}))
}
