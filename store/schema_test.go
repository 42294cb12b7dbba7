package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/work"
)

// notArchived are the tables that hold nothing of lasting worth, or that
// belong to the tools below: jobs go into an archive in a form of their own.
var notArchived = []string{"node", "lease", "seq_base", "schema_version", "goose_db_version", "sqlite_sequence"}

func both(t *testing.T, f func(t *testing.T, o store.Options)) {
	t.Run("sqlite", func(t *testing.T) { f(t, store.Options{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { f(t, store.Options{Dir: t.TempDir(), Database: pgtest.URL(t)}) })
}

// TestArchiveHoldsEveryTable compares what a backup takes with what the
// migrations make, column by column.
func TestArchiveHoldsEveryTable(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		have, err := open(t, o).Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		archived := store.ArchivedColumns()
		for name, columns := range have {
			if slices.Contains(notArchived, name) || strings.HasPrefix(name, "river_") {
				continue
			}
			if !slices.Equal(columns, archived[name]) {
				t.Errorf("%s has the columns %v, the archive %v", name, columns, archived[name])
			}
		}
		for name := range archived {
			if have[name] == nil {
				t.Errorf("the archive holds %s, which is not there", name)
			}
		}
	})
}

// TestMigrateStepwise goes up one migration at a time from nothing, and opens
// the store again with rows in it: rows stay, and a newer schema is refused.
func TestMigrateStepwise(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		if err := store.MigrateOneByOne(ctx, o); err != nil {
			t.Fatal(err)
		}
		err := open(t, o).Write(ctx, func(tx desk.Tx) error {
			return errors.Join(tx.InsertClaim(ctx, &claim.Claim{ID: "c"}), tx.AppendEvent(ctx, &record.Event{ID: "e", Subject: "claim/c", No: 1}))
		})
		if err != nil {
			t.Fatal(err)
		}
		db := open(t, o)
		err = db.Read(ctx, func(tx desk.Tx) error {
			_, err := tx.Claim(ctx, "c")
			events, err2 := tx.EventsOf(ctx, "claim/c")
			if len(events) != 1 {
				t.Errorf("%d events, want 1", len(events))
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.PretendNewer(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(ctx, o); err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("a newer schema: %v", err)
		}
	})
}

// TestListsOfOldRows migrates rows written before lists were narrowed by
// columns: their windows, outcomes and what the queue is about are read from
// what was there.
func TestListsOfOldRows(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		const rank = 1_000_000_000_000_000
		err := store.MigrateTo(ctx, o, 2,
			`INSERT INTO claim (id, version, order_id, merchant_id, buyer_id, state, reason, kind, opened_at, refunded, confirmed, doc) VALUES
				('c-1', 1, 'o-1', 'm-1', 'b-1', 'review', 'damaged', 'repair', 5, 0, 0, '{"id":"c-1","version":1,"decisions":[{"outcome":"refused"},{"outcome":"granted"}]}'),
				('c-2', 1, 'o-2', 'm-1', 'b-1', 'closed', 'damaged', 'repair', 6, 0, 0, '{"id":"c-2","version":1,"story":"a\u0000b"}')`,
			`INSERT INTO clock (id, claim_id, kind, due, state, doc) VALUES ('k-1', 'c-1', 'appeal', 900, 0, '{}'), ('k-2', 'c-1', 'review_due', 800, 0, '{}'),
				('k-3', 'c-1', 'offer_reply', 100, 1, '{}'), ('k-4', 'c-2', 'offer_reply', 100, 2, '{}')`,
			fmt.Sprintf(`INSERT INTO review (claim_id, round, task, rank, senior, merchant_id, buyer_id, exclude, holder, lease_until, doc) VALUES
				('c-1', 1, 'decide', %d, 0, 'm-1', 'b-1', '', '', 0, '{"claim_id":"c-1","round":1,"task":"decide","stakes":2,"amount":1999}')`, rank))
		if err != nil {
			t.Fatal(err)
		}
		err = open(t, o).Read(ctx, func(tx desk.Tx) error {
			due, _, err := tx.Claims(ctx, desk.ClaimFilter{ByDue: true}, work.Page{Limit: 9})
			granted, _, err2 := tx.Claims(ctx, desk.ClaimFilter{Outcome: claim.Granted}, work.Page{Limit: 9})
			if len(due) != 1 || due[0].ID != "c-1" || len(granted) != 1 || granted[0].ID != "c-1" {
				t.Errorf("by due %v, granted %v", due, granted)
			}
			at := time.UnixMicro(rank).Add(12 * time.Hour) // two steps of stakes later
			f := desk.QueueFilter{Kind: claim.Repair, Reason: claim.Damaged, StakesMin: 2, AmountMin: 1999, Overdue: true}
			cases, _, err3 := tx.Queue(ctx, f, desk.Reviewer{ID: "r"}, at, work.Page{Limit: 9})
			early, _, err4 := tx.Queue(ctx, f, desk.Reviewer{ID: "r"}, at.Add(-time.Microsecond), work.Page{Limit: 9})
			if len(cases) != 1 || cases[0].Kind != claim.Repair || len(early) != 0 {
				t.Errorf("the queue: %+v, and before it is due %+v", cases, early)
			}
			return errors.Join(err, err2, err3, err4)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
