package claim

import (
	"time"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// Action is what a rule lets happen next, in the order of how much it asks of
// people.
type Action string

// The actions.
const (
	ActSettle      Action = "settle"
	ActAskMerchant Action = "ask_merchant"
	ActAskBuyer    Action = "ask_buyer"
	ActOfferReturn Action = "offer_return" // the goods back instead of money alone
	ActReview      Action = "review"
	ActVisit       Action = "visit"
	ActLapse       Action = "lapse" // only after the buyer's silence
)

// Actions lists them all.
var Actions = []Action{ActSettle, ActAskMerchant, ActAskBuyer, ActOfferReturn, ActReview, ActVisit, ActLapse}

// Stage says after what a claim is routed.
type Stage string

// The stages.
const (
	StageFiled          Stage = "filed"
	StageContested      Stage = "contested"       // the merchant disagrees
	StageSupplemented   Stage = "supplemented"    // the buyer brought more
	StageDeclined       Stage = "declined"        // the buyer declined an offer
	StageMerchantSilent Stage = "merchant_silent" // the merchant's window ran out
	StageBuyerSilent    Stage = "buyer_silent"    // the buyer's window ran out
)

// Stages lists them all.
var Stages = []Stage{StageFiled, StageContested, StageSupplemented, StageDeclined, StageMerchantSilent, StageBuyerSilent}

// Routing is what a policy version says about a claim at one stage.
type Routing struct {
	Policy string `json:"policy"` // version id
	Rule   string `json:"rule"`   // the rule's name
	Action Action `json:"action"`
	// Why is shown to both sides; Note to reviewers alone, and NoteZH to those of
	// them who read Chinese, where the rule's author wrote both.
	Why    text.Text `json:"why"`
	Note   string    `json:"note,omitempty"`
	NoteZH string    `json:"note_zh,omitempty"`
	// Ask is the question put, where the action asks somebody.
	Ask text.Text `json:"ask,omitzero"`
	// Window overrides the terms' window for the clock that this sets; 0 keeps it.
	Window time.Duration `json:"window,omitempty"`
	// Stakes lifts the claim in the reviewers' queue: 0 ordinary to 3.
	Stakes int `json:"stakes,omitempty"`
}

// Routed is a routing as it was applied to a claim.
type Routed struct {
	Routing
	Stage Stage     `json:"stage"`
	At    time.Time `json:"at"`
	// Facts is the SHA-256 of the facts' canonical JSON, under which they are kept.
	Facts string `json:"facts"`
	// Overruled says which guarantee did not let the rule's own action happen,
	// and Wanted what that was; empty when the rule's action was taken.
	Overruled string `json:"overruled,omitempty"`
	Wanted    Action `json:"wanted,omitempty"`
}

// Terms are what a policy version lays down for a claim's whole life.
type Terms struct {
	MerchantWindow time.Duration `json:"merchant_window"`
	BuyerWindow    time.Duration `json:"buyer_window"`
	OfferWindow    time.Duration `json:"offer_window"`
	ReviewWindow   time.Duration `json:"review_window"`
	VisitWindow    time.Duration `json:"visit_window"`
	AppealWindow   time.Duration `json:"appeal_window"`
	// FourEyes is the amount, per currency in minor units, from which a
	// second person confirms a decision; a currency not named needs one always.
	FourEyes map[string]int64 `json:"four_eyes"`
	// SecondReading is the share of decisions, 0 to 1, that somebody else
	// reads again, blind.
	SecondReading float64 `json:"second_reading"`
	// HoldFrom is the amount from which a remedy waits until the decision is
	// final; per currency, a currency not named is held always.
	HoldFrom map[string]int64 `json:"hold_from"`
}

// Floors of the windows: no policy may give a side less. They are below what a
// fair policy gives, and above what could pass for a trap.
const (
	MinMerchantWindow = 24 * time.Hour
	MinBuyerWindow    = 24 * time.Hour
	MinOfferWindow    = 12 * time.Hour
	MinAppealWindow   = 72 * time.Hour
	MaxWindow         = 60 * 24 * time.Hour
)

// NeedsFourEyes says whether an amount needs a second person.
func (t Terms) NeedsFourEyes(m money.Money) bool { return reaches(t.FourEyes, m) }

// Holds says whether a remedy of this amount waits until the decision is final.
func (t Terms) Holds(m money.Money) bool { return reaches(t.HoldFrom, m) }

func reaches(from map[string]int64, m money.Money) bool {
	limit, named := from[m.Currency]
	return !named || m.Amount >= limit
}

// Facts is all that a policy may look at. Its canonical JSON is kept for every
// routing, so that the same version routes it the same way years later. It
// holds no personal data but opaque ids.
type Facts struct {
	Stage Stage     `json:"stage"`
	At    time.Time `json:"at"` // the time of routing, whole seconds, UTC
	Claim struct {
		ID         string   `json:"id"`
		Kind       Kind     `json:"kind"`
		Reason     Reason   `json:"reason"`
		Amount     int64    `json:"amount"` // minor units
		Currency   string   `json:"currency"`
		Categories []string `json:"categories"`
		// AgeHours is the time from delivery to filing, in hours; -1 not delivered.
		AgeHours int64 `json:"age_hours"`
		// Share is the part of the order's value that is asked for, 0 to 1.
		Share  float64 `json:"share"`
		Photos int     `json:"photos"`
		Videos int     `json:"videos"`
		// Missing lists required evidence that is not there.
		Missing []string `json:"missing"`
		Asked   int      `json:"asked"` // how often the buyer was asked already
		Round   int      `json:"round"`
	} `json:"claim"`
	Order struct {
		Total     int64 `json:"total"`
		Delivered bool  `json:"delivered"`
		Packed    int   `json:"packed"` // packing photos and videos kept with it
	} `json:"order"`
	Merchant struct {
		ID      string `json:"id"`
		Consent bool   `json:"consent"` // the standing consent covers this claim
		Answer  string `json:"answer"`  // "", "contest", "offer"
		Packing int    `json:"packing"` // pictures the merchant answered with
		Recent  int    `json:"recent"`  // claims against the shop in 30 days
	} `json:"merchant"`
	Buyer struct {
		ID        string `json:"id"`
		Orders    int    `json:"orders"`    // in 365 days
		Claims    int    `json:"claims"`    // other claims in 90 days
		Refunds   int    `json:"refunds"`   // of those, refund without return granted
		Confirmed int    `json:"confirmed"` // refused by a person as not genuine, in 365 days, not overturned
	} `json:"buyer"`
	Findings []FindingFact `json:"findings"`
	// Against and For are the strongest rank (0 none to 4 conclusive) on each side.
	Against int `json:"against"`
	For     int `json:"for"`
}

// FindingFact is a finding as a policy sees it.
type FindingFact struct {
	Code     string `json:"code"`
	Strength string `json:"strength"`
	Stance   string `json:"stance"`
	Party    string `json:"party"` // whose evidence it is about
}
