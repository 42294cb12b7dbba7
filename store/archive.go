package store

import "strings"

// What an archive holds. It is the same for both databases: a tar file with
// the rows of each table as JSON lines, the jobs that are still to be done, the
// evidence bytes under their SHA-256, and last a manifest with the SHA-256 of
// every part. It holds secrets: password hashes, webhooks' and link keys.

// Manifest is the last file of an archive.
type Manifest struct {
	Format string `json:"format"` // archiveFormat
	// Schema is the version of the tables; an archive is restored by a program
	// that knows the same one, and upgraded by the next.
	Schema int64           `json:"schema"`
	At     string          `json:"at"` // RFC 3339, UTC
	Rows   map[string]int  `json:"rows"`
	Jobs   int             `json:"jobs"`
	Blobs  int             `json:"blobs"`
	Parts  []ManifestEntry `json:"parts"`
}

// ManifestEntry is one file of an archive before the manifest.
type ManifestEntry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	archiveFormat = "evenhand.backup/1"
	manifestName  = "manifest.json"
	jobsTable     = "jobs"
	blobFolder    = "blobs/"
	rowFolder     = "rows/"
	// partSize is about how many bytes of rows make a part.
	partSize = 8 << 20
)

// columnKind is how a value is written in an archive.
type columnKind byte

const (
	words columnKind = 's' // a JSON string
	whole columnKind = 'i' // a JSON number
	raw   columnKind = 'b' // a JSON string in base64
)

type column struct {
	name string
	kind columnKind
}

type table struct {
	name    string
	columns []column
}

// tables lists what is kept, in the order in which it is restored. A test
// compares it with what the migrations make.
var tables = []table{
	columnsOf("orders", "id:s merchant_id:s buyer_id:s placed_at:i doc:s"),
	columnsOf("merchant", "id:s doc:s"),
	columnsOf("buyer", "id:s doc:s"),
	columnsOf("claim", "id:s version:i order_id:s merchant_id:s buyer_id:s state:s reason:s kind:s opened_at:i submitted_at:i closed_at:i refunded:i confirmed:i doc:s due:i outcome:s ended:s codes:s currency:s ask_amount:i paid_amount:i heard:s answer_us:i period:i"),
	columnsOf("evidence", "id:s claim_id:s order_id:s received_at:i doc:s screening:s sha256:s"),
	columnsOf("kept_bytes", "subject:s day:i bytes:i"),
	// The ledger comes before what was taken, which adds up in it; see ledgerRow.
	columnsOf("remedy_room", "order_id:s line_id:s paid:i units:i taken:i used:i"),
	columnsOf("remedy_taken", "claim_id:s line_id:s order_id:s amount:i units:i"),
	columnsOf("screening_result", "key:s data:b"),
	columnsOf("fingerprint", "seq:i evidence_id:s sha256:s pdq:b quality:i claim_id:s buyer_id:s"),
	columnsOf("claim_finding", "claim_id:s code:s strength:s stance:s findings:i one_in:i merchant_id:s filed_at:i period:i verdict:s"),
	columnsOf("event", "seq:i id:s subject:s no:i kind:s at:i by_id:s by_role:s policy:s evidence:s body:s prev:s hash:s"),
	columnsOf("facts", "digest:s canonical:b"),
	columnsOf("clock", "id:s subject_id:s kind:s due:i state:i ended_at:i doc:s subject_kind:s"),
	columnsOf("review", "claim_id:s round:i task:s rank:i senior:i merchant_id:s buyer_id:s exclude:s holder:s lease_until:i doc:s kind:s reason:s stakes:i amount:i due:i taken_at:i"),
	columnsOf("reading", "claim_id:s round:i by_id:s at:i doc:s"),
	columnsOf("handling", "claim_id:s round:i act:s by_id:s at:i took:i overturned:i period:i"),
	columnsOf("policy_version", "id:s sha256:s created_at:i doc:s"),
	columnsOf("shadow", "policy:s claim_id:s stage:s at:i doc:s"),
	columnsOf("message", "id:s topic:s subject:s at:i body:s"),
	columnsOf("webhook", "id:s created_at:i secret:s doc:s"),
	columnsOf("delivery", "id:s webhook_id:s created_at:i doc:s"),
	columnsOf("private_text", "id:s subject:s claim_id:s name:s salt:b body:b at:i"),
	columnsOf("erased", "buyer_id:s at:i"),
	columnsOf("account", "id:s login:s oidc:s created_at:i doc:s"),
	columnsOf("session", "id:s user_id:s csrf:s created:i seen:i expires:i pending:i confirmed:i device:s address:s provider:i"),
	columnsOf("api_key", "id:s created_at:i hash:s doc:s"),
	columnsOf("idempotent", "key:s request:s status:i header:b body:b at:i"),
	columnsOf("attempt", "key:s n:i last:i"),
	columnsOf("alert", "id:s user_id:s at:i doc:s"),
	columnsOf("setting", "name:s value:b"),
	columnsOf("saved_view", "id:s user_id:s place:s name:s query:s created_at:i"),
}

// columnsOf reads a table's columns from "name:kind name:kind …".
func columnsOf(name, columns string) table {
	t := table{name: name}
	for _, f := range strings.Fields(columns) {
		n, k, _ := strings.Cut(f, ":")
		t.columns = append(t.columns, column{n, columnKind(k[0])})
	}
	return t
}

// list is the columns' names for SQL.
func (t table) list() string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}
