// Package claim holds the life of an after-sales claim: what a buyer may ask
// for and why, which evidence that needs, the states a claim passes through,
// and the legal moves between them. It is a value with methods; it does no I/O
// and has no clock but the one passed in. It does not know what is wise: that
// is the policy's part. Nor does it guard the nine guarantees: desk does,
// for every change, whoever asked for it.
package claim

import (
	"maps"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// SubjectKind is what a claim is called in the record and by clocks.
const SubjectKind = "claim"

// Subject names a claim in the record and to clocks.
func Subject(id string) record.Subject { return record.Subject{Kind: SubjectKind, ID: id} }

// Kind is what the buyer asks for.
type Kind string

// The kinds of claim.
const (
	RefundOnly    Kind = "refund_only"    // 仅退款: the money back, the goods kept
	ReturnRefund  Kind = "return_refund"  // 退货退款
	Exchange      Kind = "exchange"       // 换货
	Repair        Kind = "repair"         // 维修
	PartialRefund Kind = "partial_refund" // 部分退款: part of the money back, the goods kept
)

// Kinds lists them all.
var Kinds = []Kind{RefundOnly, ReturnRefund, Exchange, Repair, PartialRefund}

// Pays is whether money goes back to the buyer; an exchange and a repair give
// goods instead, and are counted as what these are worth.
func (k Kind) Pays() bool { return k != Exchange && k != Repair }

// Reason is why.
type Reason string

// The reasons.
const (
	Damaged        Reason = "damaged"          // 商品破损
	WrongItem      Reason = "wrong_item"       // 发错货
	Missing        Reason = "missing"          // 少件、漏发
	NotAsDescribed Reason = "not_as_described" // 与描述不符
	Quality        Reason = "quality"          // 质量问题
	Expired        Reason = "expired"          // 临期、过期、变质
	NotReceived    Reason = "not_received"     // 未收到货
	Counterfeit    Reason = "counterfeit"      // 假冒
	OtherReason    Reason = "other"            // 其他
)

// Reasons lists them all.
var Reasons = []Reason{Damaged, WrongItem, Missing, NotAsDescribed, Quality, Expired, NotReceived, Counterfeit, OtherReason}

// Claim is one buyer's request about one order, with all that has happened to
// it. Free text by the parties is personal: events carry only its digest.
type Claim struct {
	ID string `json:"id"`
	// Version counts the changes; a change made from an older version is refused.
	Version int64    `json:"version"`
	OrderID string   `json:"order_id"`
	LineIDs []string `json:"line_ids,omitempty"` // empty: the whole order
	// Units says how many units of each line it is about, by the line's id;
	// nil in claims of older versions: all of their lines.
	Units      map[string]int `json:"units,omitempty"`
	MerchantID string         `json:"merchant_id"`
	BuyerID    string         `json:"buyer_id"`
	Categories []string       `json:"categories,omitempty"`
	Kind       Kind           `json:"kind"`
	Reason     Reason         `json:"reason"`
	Ask        money.Money    `json:"ask"`
	Story      string         `json:"story,omitempty"` // the buyer's words

	State State `json:"state"`
	// Stage is what the next routing is about; see the Stage constants.
	Stage Stage `json:"stage,omitempty"`
	// Round is 1, and 2 once appealed.
	Round int `json:"round"`

	OpenedAt    time.Time  `json:"opened_at"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`

	// Terms are the windows and rules of the policy version under which the
	// claim was first routed; they do not change under a running claim.
	Terms    Terms     `json:"terms,omitzero"`
	Evidence []Exhibit `json:"evidence,omitempty"`
	// Withdrawn holds the ids of what the buyer removed from the draft; nothing
	// counts it, and the record keeps that it was there.
	Withdrawn []string   `json:"withdrawn,omitempty"`
	Routings  []Routed   `json:"routings,omitempty"`
	Heard     *Hearing   `json:"heard,omitempty"`
	Answers   []Answer   `json:"answers,omitempty"`
	Asked     []Question `json:"asked,omitempty"`
	Offer     *Offer     `json:"offer,omitempty"` // the one that lies with the buyer now, or the last
	Proposal  *Decision  `json:"proposal,omitempty"`
	// Decisions are in time order; the last one stands.
	Decisions []Decision `json:"decisions,omitempty"`
	Appeals   []Appeal   `json:"appeals,omitempty"`
	Remedy    *Remedy    `json:"remedy,omitempty"`
	// Failures are what the platform said of orders that failed; in no event.
	Failures []Failure    `json:"failures,omitempty"`
	Closing  Closing      `json:"closing,omitempty"`
	Clocks   []work.Clock `json:"clocks,omitempty"` // the running ones

	// Events and Head are the number and the hash of the claim's last event.
	Events int64  `json:"events"`
	Head   string `json:"head,omitempty"`

	// Bound is how far the claim's next move can order something now; see Within.
	Bound *Bound `json:"-"`
}

// Exhibit points at a piece of evidence that belongs to the claim.
type Exhibit struct {
	ID      string           `json:"id"`
	Party   Party            `json:"party"`
	Purpose evidence.Purpose `json:"purpose"`
	Medium  evidence.Medium  `json:"medium"`
	SHA256  string           `json:"sha256"`
	At      time.Time        `json:"at"`
}

// Party is a side of a claim.
type Party string

// The sides.
const (
	Buyer    Party = "buyer"
	Merchant Party = "merchant"
)

// HeardHow says in which way a merchant was heard.
type HeardHow string

// The three ways of guarantee 1.
const (
	HeardAnswer  HeardHow = "answered"
	HeardConsent HeardHow = "agreed" // beforehand, by standing consent, or by accepting
	HeardSilence HeardHow = "window_ran_out"
)

// Hearing is how and when the merchant was heard.
type Hearing struct {
	How HeardHow  `json:"how"`
	At  time.Time `json:"at"`
}

// AnswerKind is what a merchant says.
type AnswerKind string

// The answers.
const (
	Accepts  AnswerKind = "accept"
	Contests AnswerKind = "contest"
	Offers   AnswerKind = "offer"
)

// Answer is what the merchant said.
type Answer struct {
	Kind AnswerKind   `json:"kind"`
	Text string       `json:"text,omitempty"`
	By   access.Actor `json:"by"`
	At   time.Time    `json:"at"`
}

// Question is what a side was asked, and what it answered.
type Question struct {
	To         Party      `json:"to"`
	Text       text.Text  `json:"text"`
	At         time.Time  `json:"at"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Answer     string     `json:"answer,omitempty"`
}

// OfferState is where an offer stands.
type OfferState string

// The states of an offer.
const (
	OfferOpen     OfferState = "open"
	OfferAccepted OfferState = "accepted"
	OfferDeclined OfferState = "declined"
	OfferLapsed   OfferState = "lapsed"
)

// Offer is a remedy put to the buyer instead of the one asked for: by the
// merchant, or by a rule that asks for the goods back.
type Offer struct {
	Remedy Remedy       `json:"remedy"`
	By     access.Actor `json:"by"`
	Text   string       `json:"text,omitempty"`
	At     time.Time    `json:"at"`
	State  OfferState   `json:"state"`
}

// Appeal is a side's request for a second look by somebody else.
type Appeal struct {
	By   access.Actor `json:"by"`
	Side Party        `json:"side"`
	Text string       `json:"text,omitempty"`
	At   time.Time    `json:"at"`
}

// Closing says how a claim ended.
type Closing string

// The endings.
const (
	ClosedSettled   Closing = "settled"   // both sides agreed, or the merchant had beforehand
	ClosedDecided   Closing = "decided"   // a person ruled, and it is final
	ClosedSilence   Closing = "silence"   // the merchant's window ran out and the policy's named outcome stood
	ClosedLapsed    Closing = "lapsed"    // the buyer did not come back
	ClosedWithdrawn Closing = "withdrawn" // by the buyer
)

// Decision is what a person ruled, or, with Outcome Settled or Lapsed, what
// followed from agreement or silence without a ruling.
type Decision struct {
	Round   int     `json:"round"`
	Outcome Outcome `json:"outcome"`
	Remedy  Remedy  `json:"remedy"`
	// Reasons are codes from ReasonCodes; at least one.
	Reasons []ReasonCode `json:"reasons"`
	// Text is what both sides read; Note is for reviewers alone.
	Text string `json:"text,omitempty"`
	Note string `json:"note,omitempty"`
	// Findings and Facts are what it rests on: evidence ids with finding
	// codes, and the digest of the facts that were routed last.
	Findings []FindingRef `json:"findings,omitempty"`
	Facts    string       `json:"facts"`
	Policy   string       `json:"policy"` // version id
	By       access.Actor `json:"by"`
	At       time.Time    `json:"at"`
	// Second is the second pair of eyes, where the amount asked for one.
	Second *access.Actor `json:"second,omitempty"`
}

// FindingRef names a finding that a decision rests on.
type FindingRef struct {
	Evidence string        `json:"evidence"`
	Code     evidence.Code `json:"code"`
}

// Outcome is how a decision goes.
type Outcome string

// The outcomes.
const (
	Granted Outcome = "granted" // what was asked for
	Partly  Outcome = "partly"  // another or a smaller remedy
	Refused Outcome = "refused"
	Settled Outcome = "settled" // nobody ruled: the parties agree, or silence had this outcome
	Lapsed  Outcome = "lapsed"  // nobody ruled: the buyer stayed silent
)

// Standing is the decision that stands, nil before any.
func (c *Claim) Standing() *Decision {
	if len(c.Decisions) == 0 {
		return nil
	}
	return &c.Decisions[len(c.Decisions)-1]
}

// Clone copies a claim so deep that changing the copy leaves the original alone.
func (c *Claim) Clone() *Claim {
	d := *c
	d.LineIDs = slices.Clone(c.LineIDs)
	d.Units = maps.Clone(c.Units)
	d.Categories = slices.Clone(c.Categories)
	d.Evidence = slices.Clone(c.Evidence)
	d.Withdrawn = slices.Clone(c.Withdrawn)
	d.Routings = slices.Clone(c.Routings)
	d.Answers = slices.Clone(c.Answers)
	d.Asked = slices.Clone(c.Asked)
	d.Decisions = slices.Clone(c.Decisions)
	d.Appeals = slices.Clone(c.Appeals)
	d.Failures = slices.Clone(c.Failures)
	d.Clocks = slices.Clone(c.Clocks)
	for i := range d.Clocks {
		d.Clocks[i].Extensions = slices.Clone(d.Clocks[i].Extensions)
	}
	d.Heard = clonePtr(c.Heard)
	d.Offer = clonePtr(c.Offer)
	d.Proposal = clonePtr(c.Proposal)
	d.Remedy = clonePtr(c.Remedy)
	return &d
}

func clonePtr[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
