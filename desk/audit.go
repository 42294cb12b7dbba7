package desk

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// AuditEntry is one event of the record as an auditor reads it: what happened
// to a claim, an account, a key, a link, a policy, a webhook or a party. The
// record holds nothing personal, so nothing is masked.
type AuditEntry struct {
	Seq    int64           `json:"seq"`
	At     time.Time       `json:"at"`
	Stream string          `json:"stream"` // the subject, such as "policy/P1"
	No     int64           `json:"no"`     // within the stream
	Kind   string          `json:"kind"`
	By     AuditActor      `json:"by"`
	Claim  string          `json:"claim_id,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// AuditActor is who did it. Name is what the account or the key is called now;
// empty for the machine and for a buyer's or merchant's id.
type AuditActor struct {
	access.Actor
	Name string `json:"name,omitempty"`
}

// Audit lists the whole record, newest first.
func (d *Desk) Audit(ctx context.Context, by access.Caller, f AuditFilter, p work.Page) (list []AuditEntry, next string, err error) {
	if !mayCount(by, access.RoleOperator, access.RoleAuditor) {
		return nil, "", forbidden()
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return nil, "", text.Refuse(text.CodeInvalid, "query.from", "from must lie before to.", "开始时间须早于结束时间。")
	}
	err = d.read(ctx, func(tx Tx) error {
		events, n, err := tx.Audit(ctx, f, p)
		if err != nil {
			return err
		}
		list, next = make([]AuditEntry, 0, len(events)), n
		names := map[string]string{}
		for _, e := range events {
			name, known := names[e.By.ID]
			if !known && e.By.Role != access.RoleMachine {
				if name, err = userName(ctx, tx, e.By.ID); err != nil {
					return err
				}
				names[e.By.ID] = name
			}
			list = append(list, auditEntry(e, name))
		}
		return nil
	})
	return list, next, err
}

func auditEntry(e record.Event, name string) AuditEntry {
	out := AuditEntry{Seq: e.Seq, At: e.At, Stream: e.Subject, No: e.No, Kind: e.Kind, By: AuditActor{Actor: e.By, Name: name}, Body: e.Body}
	if kind, id, ok := strings.Cut(e.Subject, "/"); ok && (kind == "claim" || kind == "link") {
		out.Claim = id
	}
	return out
}
