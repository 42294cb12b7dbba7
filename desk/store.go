package desk

import (
	"context"
	"errors"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// ErrBeyond is what the store answers where remedies would take more of an order
// than was paid.
var ErrBeyond = errors.New("beyond what was paid")

// Store keeps the desk's state.
type Store interface{ work.Store[Tx] }

// Tx is one transaction. Lists are bounded by their page; a nil or empty
// result of a list is no error, a missing single thing is work.ErrNotFound.
type Tx interface {
	// Together runs f and may send the writes it makes as one. What goes wrong
	// with them is answered at the latest when Together returns; a read within
	// f sees them. It is for a database at a distance.
	Together(ctx context.Context, f func() error) error
	Orders
	Remedies
	Claims
	EvidenceItems
	Events
	work.Clocks
	Reviews
	Policies
	work.Outbox
	Private
	Accounts
	SignIns
	Webhooks
	Counts
	Handlings
	Audits
	KeptBytes
}

// Orders keeps orders, merchants and buyers. Put replaces.
type Orders interface {
	PutOrder(context.Context, order.Order) error
	Order(ctx context.Context, id string) (order.Order, error)
	Orders(ctx context.Context, f OrderFilter, p work.Page) (list []order.Order, next string, err error)
	PutMerchant(context.Context, order.Merchant) error
	Merchant(ctx context.Context, id string) (order.Merchant, error)
	// LockMerchant and LockBuyer read one as it is now, and keep other writers
	// from it until the transaction ends.
	LockMerchant(ctx context.Context, id string) (order.Merchant, error)
	LockBuyer(ctx context.Context, id string) (order.Buyer, error)
	Merchants(ctx context.Context, p work.Page) (list []order.Merchant, next string, err error)
	PutBuyer(context.Context, order.Buyer) error
	Buyer(ctx context.Context, id string) (order.Buyer, error)
}

// Taking is what one claim's remedy takes of one line of its order.
type Taking struct {
	ClaimID string
	order.Taken
}

// Remedies keeps what remedies take of the orders: the ledger of the guarantee
// "within", which the database itself holds to what was paid.
type Remedies interface {
	// LockOrder reads an order as it is now, and keeps other writers from it and
	// from its ledger until the transaction ends.
	LockOrder(ctx context.Context, id string) (order.Order, error)
	// Takings lists what the claims of an order take.
	Takings(ctx context.Context, orderID string) ([]Taking, error)
	// Take puts what a claim takes now in the place of what it took before;
	// ErrBeyond where all claims together would take more than the order, or a
	// line of it, has. The caller has locked the order.
	Take(ctx context.Context, o order.Order, claimID string, taken []order.Taken) error
}

// OrderFilter narrows a list of orders; empty fields do not.
type OrderFilter struct {
	MerchantID, BuyerID string
	Without             []string // merchants and buyers whose orders are left out
}

// Claims keeps claims, whole.
type Claims interface {
	// InsertClaim keeps a new claim with Version 1.
	InsertClaim(context.Context, *claim.Claim) error
	// UpdateClaim replaces the claim if the stored version is c.Version, and
	// raises c.Version by one; otherwise ErrConflict.
	UpdateClaim(ctx context.Context, c *claim.Claim) error
	Claim(ctx context.Context, id string) (*claim.Claim, error)
	Claims(ctx context.Context, f ClaimFilter, p work.Page) (list []*claim.Claim, next string, err error)
	// ClaimsByID reads at most 200 at once, in no order; those there are none of are left out.
	ClaimsByID(ctx context.Context, ids []string) ([]*claim.Claim, error)
	// OpenClaims lists the ids of an order's claims that are not closed.
	OpenClaims(ctx context.Context, orderID string) ([]string, error)
	// History sums up earlier claims, not counting the claim named without.
	// Blind counts those of which a second reading waits as ones in review.
	History(ctx context.Context, buyerID, merchantID, without string, blind bool, now time.Time) (History, error)
	// CountClaims counts by state, for figures on the work ahead.
	CountClaims(ctx context.Context, f ClaimFilter) (map[claim.State]int, error)
	// TallyClaims counts by state and reason at once.
	TallyClaims(ctx context.Context, f ClaimFilter) ([]Tally, error)
}

// ClaimFilter narrows a list of claims; empty fields do not.
type ClaimFilter struct {
	BuyerID, MerchantID, OrderID string
	States                       []claim.State
	Reason                       claim.Reason
	Kind                         claim.Kind
	From, To                     time.Time     // opened in [From, To)
	Outcome                      claim.Outcome // of the decision that stands
	// Prefix is how the claim's or the order's id begins. Where neither a
	// buyer nor a merchant is named, only the newest matches are looked through
	// (see MaxPrefixed).
	Prefix string
	// ByDue lists claims with a running window, the one that ends first first.
	ByDue bool
	// ClosedOnly lists final claims in the order of closing, for replays.
	ClosedOnly bool
	// NoDrafts leaves drafts out, and Without what these merchants and buyers
	// are sides of.
	NoDrafts bool
	Without  []string
	// Blind counts a claim of which a second reading waits as one in review.
	Blind bool
}

// MaxPrefixed bounds how many claims a prefix of an id finds, so that one
// letter does not read them all.
const MaxPrefixed = 1000

// History is what is known of both parties; see claim.Facts for the meaning.
type History struct {
	BuyerOrders, BuyerClaims, BuyerRefunds, BuyerConfirmed int
	MerchantRecent                                         int
}

// EvidenceItems keeps what is known of evidence; the bytes are in Blobs.
type EvidenceItems interface {
	InsertEvidence(context.Context, evidence.Item) error
	Evidence(ctx context.Context, id string) (evidence.Item, error)
	EvidenceOfClaim(ctx context.Context, claimID string) ([]evidence.Item, error)
	// EvidenceOfClaims is EvidenceOfClaim for at most 200 claims at once.
	EvidenceOfClaims(ctx context.Context, claimIDs []string) ([]evidence.Item, error)
	// EvidenceOfOrder lists listing and packing media, which belong to no claim.
	EvidenceOfOrder(ctx context.Context, orderID string) ([]evidence.Item, error)
	// WithdrawEvidence marks an item of a draft as removed by the buyer. It stays
	// there for Evidence, and is in no list and no count any more.
	WithdrawEvidence(ctx context.Context, id string, at time.Time) error
	// SetScreening replaces an item's screening; nothing else of it ever changes
	// but by WithdrawEvidence.
	SetScreening(ctx context.Context, id string, s evidence.Screening) error
	// Unscreened counts a claim's items that no detector has finished with.
	Unscreened(ctx context.Context, claimID string) (int, error)
	// ScreeningResult and PutScreeningResult are the cache by content: key
	// covers the bytes compared and the detectors' version.
	ScreeningResult(ctx context.Context, key string) (data []byte, err error)
	PutScreeningResult(ctx context.Context, key string, data []byte) error
	// PutFingerprints and Fingerprints feed the reuse index. Fingerprints
	// lists those with Seq above after, rising.
	PutFingerprints(ctx context.Context, f []Fingerprint) error
	Fingerprints(ctx context.Context, after int64, limit int) ([]Fingerprint, error)
	// FingerprintBySHA lists items with these very bytes.
	FingerprintBySHA(ctx context.Context, sha string) ([]Fingerprint, error)
}

// Fingerprint is a perceptual hash of one earlier picture.
type Fingerprint struct {
	Seq      int64
	Evidence string
	SHA256   string
	PDQ      [32]byte
	Quality  int
	ClaimID  string
	BuyerID  string
}

// Events is the record: rows are only ever added.
type Events interface {
	// AppendEvent gives Seq. The caller has filled everything else.
	AppendEvent(ctx context.Context, e *record.Event) error
	// EventsOf lists a subject's events in their order.
	EventsOf(ctx context.Context, subject string) ([]record.Event, error)
	// EventsAfter lists all events with Seq above after, rising; those of a
	// transaction that is still open are never skipped for good (a reader that
	// asks again from the last Seq it saw misses none).
	EventsAfter(ctx context.Context, after int64, limit int) ([]record.Event, error)
	LastSeq(ctx context.Context) (int64, error)
	// HeadOf is a subject's last number and hash, 0 and "" before the first.
	HeadOf(ctx context.Context, subject string) (no int64, hash string, err error)
	// PutFacts and Facts keep routings' facts under their digest, for ever.
	PutFacts(ctx context.Context, digest string, canonical []byte) error
	Facts(ctx context.Context, digest string) ([]byte, error)
}

// Review is a case in the reviewers' queue, or a blind second reading.
type Review struct {
	ClaimID string    `json:"claim_id"`
	Round   int       `json:"round"`
	Task    Task      `json:"task"`
	Due     time.Time `json:"due"`
	// Kind and Reason are the claim's.
	Kind   claim.Kind   `json:"kind"`
	Reason claim.Reason `json:"reason"`
	// Stakes is 0 to 3; Amount is in minor units. The queue goes by Rank.
	Stakes   int    `json:"stakes"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	// Senior asks for a senior reviewer. Exclude lists people who may not take
	// it: who ruled before, who proposed, who is a party or has declared an interest.
	Senior  bool     `json:"senior"`
	Exclude []string `json:"exclude,omitempty"`
	// MerchantID and BuyerID are for the conflict-of-interest check.
	MerchantID string    `json:"merchant_id"`
	BuyerID    string    `json:"buyer_id"`
	Holder     string    `json:"holder,omitempty"`
	LeaseUntil time.Time `json:"lease_until,omitzero"`
	// TakenAt is when the holder took it; renewing the lease leaves it.
	TakenAt time.Time `json:"taken_at,omitzero"`
}

// Rank orders the queue, smallest first: the due time, brought forward by six
// hours for each step of stakes.
func (r Review) Rank() int64 { return r.Due.Add(-time.Duration(r.Stakes) * 6 * time.Hour).UnixMicro() }

// QueueFilter narrows the queue; empty fields do not.
type QueueFilter struct {
	Task       Task
	Kind       claim.Kind
	Reason     claim.Reason
	MerchantID string
	StakesMin  int
	AmountMin  int64 // minor units, whatever the currency
	Overdue    bool  // due already
	Mine       bool  // leased to who asks
	Senior     bool  // for a senior reviewer
	Prefix     string
}

// QueueSummary counts what somebody may take.
type QueueSummary struct {
	Total   int          `json:"total"`
	Overdue int          `json:"overdue"`
	DueSoon int          `json:"due_soon"`
	Mine    int          `json:"mine"`
	ByTask  map[Task]int `json:"by_task"`
}

// Tally is how many claims of a reason stand in a state.
type Tally struct {
	State  claim.State
	Reason claim.Reason
	Claims int
}

// Task is what the reviewer is to do.
type Task string

// The tasks.
const (
	TaskDecide  Task = "decide"
	TaskConfirm Task = "confirm" // four eyes
	TaskReread  Task = "reread"  // blind second reading; changes nothing
)

// Reading is a blind second reading and what it was compared with.
type Reading struct {
	ClaimID string        `json:"claim_id"`
	Round   int           `json:"round"`
	By      string        `json:"by"`
	At      time.Time     `json:"at"`
	First   claim.Outcome `json:"first"`
	Second  claim.Outcome `json:"second"`
	FirstBy string        `json:"first_by"`
}

// Reviews keeps the queue. One entry a claim, round and task.
type Reviews interface {
	PutReview(context.Context, Review) error
	DeleteReview(ctx context.Context, claimID string, round int, task Task) error
	Review(ctx context.Context, claimID string, task Task) (Review, error)
	// Queue lists entries that who may take (see Reviewer), in Rank order.
	Queue(ctx context.Context, f QueueFilter, who Reviewer, now time.Time, p work.Page) (list []Review, next string, err error)
	// QueueSummary counts those that who may take; what is due after now and
	// by soon is due soon.
	QueueSummary(ctx context.Context, who Reviewer, now, soon time.Time) (QueueSummary, error)
	// LeaseReview gives an entry to holder until then, if nobody else holds it
	// at now; ok is false otherwise. Two callers at once never both get true.
	LeaseReview(ctx context.Context, claimID string, round int, task Task, holder string, now, until time.Time) (ok bool, err error)
	ReleaseReview(ctx context.Context, claimID string, round int, task Task, holder string) error
	PutReading(context.Context, Reading) error
	Readings(ctx context.Context, from, to time.Time) ([]Reading, error)
}

// Reviewer is who asks for work.
type Reviewer struct {
	ID     string
	Senior bool
	// Conflicts lists merchants and buyers the person has to do with.
	Conflicts []string
}

// PolicyStatus is where a policy version stands.
type PolicyStatus string

// The stages of a policy version's life.
const (
	PolicyDraft     PolicyStatus = "draft"
	PolicyShadow    PolicyStatus = "shadow"    // runs beside the active one, without effect
	PolicyAnnounced PolicyStatus = "announced" // public notice runs; active from ActiveFrom
	PolicyActive    PolicyStatus = "active"
	PolicyRetired   PolicyStatus = "retired"
)

// PolicyVersion is one text of an operator's rules.
type PolicyVersion struct {
	ID        string       `json:"id"` // "P" and the first 16 hex digits of the source's SHA-256
	Name      string       `json:"name"`
	Source    string       `json:"source"`
	SHA256    string       `json:"sha256"`
	Status    PolicyStatus `json:"status"`
	Major     bool         `json:"major"` // needs the longer public notice
	Summary   string       `json:"summary"`
	CreatedBy string       `json:"created_by"`
	CreatedAt time.Time    `json:"created_at"`
	// Approvals are two different people's, neither of whom may be alone.
	Approvals   []Approval `json:"approvals,omitempty"`
	AnnouncedAt *time.Time `json:"announced_at,omitempty"`
	ActiveFrom  *time.Time `json:"active_from,omitempty"`
	RetiredAt   *time.Time `json:"retired_at,omitempty"`
}

// Approval is one person's yes to a version.
type Approval struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Policies keeps versions of the rules; source and id never change.
type Policies interface {
	InsertPolicy(context.Context, PolicyVersion) error
	UpdatePolicy(context.Context, PolicyVersion) error
	Policy(ctx context.Context, id string) (PolicyVersion, error)
	PolicyVersions(ctx context.Context) ([]PolicyVersion, error) // newest first
	// PutShadow keeps what a shadow version would have done.
	PutShadow(ctx context.Context, s ShadowRouting) error
	Shadows(ctx context.Context, policy string, p work.Page) (list []ShadowRouting, next string, err error)
}

// ShadowRouting is a routing without effect beside the one that counted.
type ShadowRouting struct {
	ClaimID string       `json:"claim_id"`
	Stage   claim.Stage  `json:"stage"`
	Policy  string       `json:"policy"`
	Rule    string       `json:"rule"`
	Action  claim.Action `json:"action"`
	Active  claim.Action `json:"active"`
	At      time.Time    `json:"at"`
}

// The jobs.
const (
	JobScreen  work.JobKind = "screen"  // Subject: evidence id
	JobRoute   work.JobKind = "route"   // Subject: claim id
	JobDeliver work.JobKind = "deliver" // Subject: delivery id
	JobErase   work.JobKind = "erase"   // Subject: buyer id
	JobMail    work.JobKind = "mail"    // Subject: whose letter, as package account names it
)

// Webhook is where messages go.
type Webhook struct {
	ID string `json:"id"`
	// Party is the merchant whose claims it is told of; empty: all.
	Party  string   `json:"party,omitempty"`
	URL    string   `json:"url"`
	Topics []string `json:"topics"` // empty: all
	// Secret signs, per Standard Webhooks ("whsec_…"); it is shown once.
	Secret    string    `json:"-"`
	Disabled  bool      `json:"disabled"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

// Delivery is one message on its way to one webhook.
type Delivery struct {
	ID        string        `json:"id"`
	WebhookID string        `json:"webhook_id"`
	MessageID string        `json:"message_id"`
	Topic     string        `json:"topic"`
	State     string        `json:"state"` // "waiting", "delivered", "failed"
	Attempts  []DeliveryTry `json:"attempts"`
	CreatedAt time.Time     `json:"created_at"`
	NextAt    time.Time     `json:"next_at,omitzero"`
}

// DeliveryTry is one attempt; Status is the HTTP status, 0 where there was none.
type DeliveryTry struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Error  string    `json:"error,omitempty"`
	TookMS int64     `json:"took_ms"`
}

// Webhooks keeps endpoints and the delivery log.
type Webhooks interface {
	PutWebhook(context.Context, Webhook) error
	Webhook(ctx context.Context, id string) (Webhook, error)
	Webhooks(ctx context.Context) ([]Webhook, error)
	DeleteWebhook(ctx context.Context, id string) error
	PutDelivery(context.Context, Delivery) error // inserts or replaces
	Delivery(ctx context.Context, id string) (Delivery, error)
	Deliveries(ctx context.Context, webhookID string, p work.Page) (list []Delivery, next string, err error)
}

// PrivateText is the salted text behind a digest in an event.
type PrivateText struct {
	ID      string // digest: hex SHA-256 of salt and text
	Subject string // whose personal data it is: "buyer/ID", "merchant/ID", "user/ID"
	ClaimID string
	Name    string
	Salt    []byte
	Text    string
	At      time.Time
}

// Private keeps what can be erased.
type Private interface {
	PutPrivate(context.Context, PrivateText) error
	PrivateOf(ctx context.Context, subject string) ([]PrivateText, error)
	PrivateOfClaim(ctx context.Context, claimID string) ([]PrivateText, error)
	// EraseBuyer removes a buyer's contact data, private texts and stories;
	// claims, events and digests stay.
	EraseBuyer(ctx context.Context, buyerID string, at time.Time) error
	// ErasedAt says when a buyer was erased; ErrNotFound if never.
	ErasedAt(ctx context.Context, buyerID string) (time.Time, error)
}
