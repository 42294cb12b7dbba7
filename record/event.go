// Package record holds what happened, whatever it happened to: events, the chain
// that each subject's events make by their hashes, and its check. It keeps
// nothing itself, and does not know what the events mean. An event's JSON and
// its hash are for ever: records and dossiers of all versions are read by them.
package record

import (
	"crypto/sha256"
	"encoding/hex"
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

// Hash is the SHA-256, in hex, of an event's canonical JSON without its hash:
// fields in their declared order, no spaces.
func Hash(e Event) string {
	e.Hash = ""
	data, err := json.Marshal(e)
	if err != nil {
		panic("record: an event is not JSON: " + err.Error()) // its body was marshalled before
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
