package claim

import (
	"encoding/json"
	"time"

	"github.com/evenhand/evenhand/access"
)

// Event is one line of the record: who did what when, on which evidence and
// under which policy version. It holds no personal data: free text appears as
// the digest of a salted copy kept elsewhere, so that erasing the copy leaves
// the history whole.
type Event struct {
	// Seq is the store's own number, rising in the order of commits; No counts
	// within the subject from 1.
	Seq     int64  `json:"-"`
	ID      string `json:"id"`
	Subject string `json:"subject"` // "claim/ID", "policy/ID", "order/ID", "user/ID" …
	No      int64  `json:"no"`
	Kind    string `json:"kind"` // "claim.submitted", "policy.activated" …
	// At is in UTC, whole microseconds, which is what every database keeps.
	At       time.Time    `json:"at"`
	By       access.Actor `json:"by"`
	Policy   string       `json:"policy,omitempty"`
	Evidence []string     `json:"evidence,omitempty"` // SHA-256 of the bytes, hex
	// Body holds the particulars, by stable names; canonical JSON (sorted keys, no spaces).
	Body json.RawMessage `json:"body,omitempty"`
	// Prev is the SHA-256 of the subject's event before, Hash of this one: over
	// its canonical JSON without hash. A later log hashes the same bytes.
	Prev string `json:"prev,omitempty"`
	Hash string `json:"hash,omitempty"`
}

// Change is what a move does beside altering the claim: one event, clocks to
// set and to stop. Desk commits all of it together, or nothing.
type Change struct {
	Move MoveName
	By   access.Actor
	At   time.Time
	Set  []Clock // new clocks; ids are given by desk
	Stop []ClockKind
	// Body goes into the event; it must be free of personal data.
	Body map[string]any
	// Texts are personal or free words, by the name under which Body gets
	// their digest.
	Texts map[string]string
	// Evidence lists the SHA-256 of what the move rests on or adds.
	Evidence []string
	// From and To are the states before and after.
	From, To State
}
