package store_test

import (
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/work"
)

// BenchmarkCounts measures what figures count and what auditors read, one
// caller, over all of EVENHAND_STORED claims and five events each.
func BenchmarkCounts(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchCounts(b, store.Options{Dir: b.TempDir(), RelaxedSync: true}) })
	b.Run("postgres", func(b *testing.B) { benchCounts(b, store.Options{Dir: b.TempDir(), Database: pgtest.URL(b)}) })
}

func benchCounts(b *testing.B, o store.Options) {
	ctx, db, size := b.Context(), open(b, o), stored(b)
	must(b, db.Fill(ctx, size, benchNow))
	must(b, db.FillRecord(ctx, size, benchNow))
	all := desk.CountFilter{From: benchNow.Add(-730 * 24 * time.Hour), To: benchNow.Add(24 * time.Hour)}
	shop := all
	shop.MerchantID = "m-7"
	audit := func(f desk.AuditFilter) func(desk.Tx, int) error {
		return func(tx desk.Tx, _ int) error {
			_, _, err := tx.Audit(ctx, f, work.Page{Limit: 50})
			return err
		}
	}
	for _, r := range []struct {
		name string
		read func(desk.Tx, int) error
	}{
		{"days", func(tx desk.Tx, _ int) error { _, err := tx.CountDays(ctx, all); return err }},
		{"days of a shop", func(tx desk.Tx, _ int) error { _, err := tx.CountDays(ctx, shop); return err }},
		{"outcomes", func(tx desk.Tx, _ int) error { _, err := tx.CountOutcomes(ctx, all); return err }},
		{"merchants", func(tx desk.Tx, _ int) error { _, err := tx.CountMerchants(ctx, all, 20); return err }},
		{"findings", func(tx desk.Tx, _ int) error { _, err := tx.CountFindings(ctx, all); return err }},
		{"findings of a shop", func(tx desk.Tx, _ int) error { _, err := tx.CountFindings(ctx, shop); return err }},
		{"a shop", func(tx desk.Tx, _ int) error { _, err := tx.CountShop(ctx, shop, 8*time.Hour); return err }},
		{"answer times", func(tx desk.Tx, _ int) error { _, _, err := tx.AnswerTimes(ctx, shop); return err }},
		{"handlings", func(tx desk.Tx, _ int) error { _, err := tx.CountHandlings(ctx, all.From, all.To, false); return err }},
		{"audit", audit(desk.AuditFilter{})},
		{"audit=one person", audit(desk.AuditFilter{By: "u-op"})},
		{"audit=nobody", audit(desk.AuditFilter{By: "u-none"})},
		{"audit=kind", audit(desk.AuditFilter{Kind: "policy.active"})},
		{"audit=stream kind", audit(desk.AuditFilter{Stream: "policy"})},
		{"audit=claims of a day", audit(desk.AuditFilter{Stream: "claim", To: benchNow.Add(-time.Duration(size/2) * time.Minute)})},
		{"audit=stream", audit(desk.AuditFilter{Stream: "claim/" + store.FillID(size/2)})},
		{"audit=person and kind", audit(desk.AuditFilter{By: "u-op", Kind: "claim.decided"})},
	} {
		b.Run(r.name, func(b *testing.B) { quantiles(b, db, r.read) })
	}
}
