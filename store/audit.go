package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// office is the condition of the index event_office, word for word: without
// it neither database would use that index. Claims make nearly all events, so
// that other streams would be needles in a haystack.
const office = "NOT (subject >= 'claim/' AND subject < 'claim0')"

// Audit orders by time and, within a microsecond, by number.
func (t *tx) Audit(ctx context.Context, f desk.AuditFilter, p work.Page) (list []record.Event, next string, err error) {
	var w where
	w.equal("by_id", f.By)
	w.equal("kind", f.Kind)
	switch {
	case strings.Contains(f.Stream, "/"):
		w.add("subject = ?", f.Stream)
	case f.Stream != "":
		subject := "subject"
		if f.Stream == "claim" {
			subject = "(subject || '')" // along the time: nearly all are claims'
		} else {
			w.add(office)
		}
		w.add(subject+" >= ? AND "+subject+" < ?", f.Stream+"/", f.Stream+"0") // "0" follows "/"
	}
	if !f.From.IsZero() {
		w.add("at >= ?", micro(f.From))
	}
	if !f.To.IsZero() {
		w.add("at < ?", micro(f.To))
	}
	if p.After != "" {
		at, id, err := readCursor("audit", p.After)
		if err != nil {
			return nil, "", wrap(err, "listing the record")
		}
		seq, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, "", wrap(work.ErrBadCursor, "listing the record")
		}
		w.add("(at, seq) < (?, ?)", at, seq)
	}
	list, err = t.events(ctx, w.String()+` ORDER BY at DESC, seq DESC LIMIT ?`, append(w.args, limit(p)+1)...)
	if l := limit(p); len(list) > l {
		list = list[:l]
		next = newCursor("audit", micro(list[l-1].At), strconv.FormatInt(list[l-1].Seq, 10))
	}
	return list, next, wrap(err, "listing the record")
}
