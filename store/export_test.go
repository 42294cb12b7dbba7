package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/evenhand/evenhand/desk"
)

// ArchivedColumns are the columns that a backup takes, by table, sorted.
func ArchivedColumns() map[string][]string {
	out := map[string][]string{}
	for _, t := range tables {
		for _, c := range t.columns {
			out[t.name] = append(out[t.name], c.name)
		}
		slices.Sort(out[t.name])
	}
	return out
}

// Columns are the columns that the database has, by table, sorted.
func (d *DB) Columns(ctx context.Context) (map[string][]string, error) {
	q := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2`
	if d.dialect.postgres {
		q = `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
	}
	out := map[string][]string{}
	err := d.Read(ctx, func(s desk.Tx) error {
		return s.(*tx).rows(ctx, q, nil, func(s scanner) error {
			var table, column string
			err := s.Scan(&table, &column)
			out[table] = append(out[table], column)
			return err
		})
	})
	for _, columns := range out {
		slices.Sort(columns)
	}
	return out, err
}

// MigrateOneByOne applies our migrations one at a time to an empty database.
func MigrateOneByOne(ctx context.Context, o Options) error {
	d, err := connect(ctx, o)
	if err != nil {
		return err
	}
	p, err := d.provider()
	for err == nil {
		_, err = p.UpByOne(ctx)
	}
	if errors.Is(err, goose.ErrNoNextVersion) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// PretendNewer makes the database look like one of a later version.
func (d *DB) PretendNewer(ctx context.Context) error {
	applied := "1"
	if d.dialect.postgres {
		applied = "true"
	}
	_, err := d.write.ExecContext(ctx, "INSERT INTO schema_version (version_id, is_applied) VALUES (9999, "+applied+")")
	return err
}

// FigureRows are the rows that figures are counted from, as texts.
func (d *DB) FigureRows(ctx context.Context) (out []string, err error) {
	err = d.Read(ctx, func(s desk.Tx) error {
		for _, q := range []string{
			`SELECT id || ' ' || ended || ' ' || codes || ' ' || currency || ' ' || ask_amount || ' ' || paid_amount || ' ' || heard || ' ' || period FROM claim ORDER BY id`,
			`SELECT claim_id || ' ' || code || ' ' || strength || ' ' || stance || ' ' || findings || ' ' || one_in || ' ' || merchant_id || ' ' || filed_at || ' ' || period || ' ' || verdict FROM claim_finding ORDER BY claim_id, code`,
		} {
			err := s.(*tx).rows(ctx, q, nil, func(s scanner) error {
				var row string
				err := s.Scan(&row)
				out = append(out, row)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// ForgetFigures is the database before there were figures, but for the columns.
func (d *DB) ForgetFigures(ctx context.Context) error {
	_, err := d.write.ExecContext(ctx, `DELETE FROM claim_finding`)
	if err == nil {
		_, err = d.write.ExecContext(ctx, `UPDATE claim SET ended = '', codes = '', currency = '', ask_amount = 0, paid_amount = 0, heard = '', period = 0`)
	}
	return err
}

// BackfillFigures runs the statements of the migration that read documents.
func (d *DB) BackfillFigures(ctx context.Context) error {
	raw, err := migrations.ReadFile("migrations/" + d.dialect.name + "/00004_figures.sql")
	if err != nil {
		return err
	}
	n := 0
	for q := range strings.SplitSeq(string(raw), ";\n") {
		q = strings.TrimSpace(q)
		if strings.HasPrefix(q, "UPDATE claim") || strings.HasPrefix(q, "INSERT INTO claim_finding") {
			n++
			if _, err := d.write.ExecContext(ctx, q); err != nil {
				return err
			}
		}
	}
	if n != 3 {
		return errors.New("the migration has changed")
	}
	return nil
}

// MigrateTo applies our migrations up to a version, and runs statements on
// what is there then.
func MigrateTo(ctx context.Context, o Options, version int64, statements ...string) error {
	d, err := connect(ctx, o)
	if err != nil {
		return err
	}
	p, err := d.provider()
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	for _, q := range statements {
		if err == nil {
			_, err = d.write.ExecContext(ctx, q)
		}
	}
	return errors.Join(err, d.Close())
}
