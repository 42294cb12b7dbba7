package order

import (
	"slices"

	"github.com/evenhand/evenhand/money"
)

// Merchant is who sold.
type Merchant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Consent is what the merchant has agreed to beforehand; the zero value
	// agrees to nothing.
	Consent Consent `json:"consent"`
	// ConsentBy is "merchant" once the shop itself has given or taken back a
	// consent; a platform's word does not change it any more. Empty: a platform
	// passed it on, or there is none.
	ConsentBy string `json:"consent_by,omitempty"`
}

// Consent is a merchant's standing consent: claims inside it may be settled
// without asking the merchant each time. It is the merchant's own to give and
// to take back.
type Consent struct {
	// Kinds lists the kinds of claim it covers, such as "refund_only"; empty
	// covers none.
	Kinds []string `json:"kinds,omitempty"`
	// Reasons and Categories narrow it; empty means any.
	Reasons    []string `json:"reasons,omitempty"`
	Categories []string `json:"categories,omitempty"`
	// UpTo is the largest amount it covers.
	UpTo money.Money `json:"up_to"`
}

// Told is whether anything is said of a consent: one without any field says
// nothing, and an empty list is none.
func (c Consent) Told() bool {
	return len(c.Kinds)+len(c.Reasons)+len(c.Categories) > 0 || c.UpTo != money.Money{}
}

// Covers says whether the consent reaches a claim of this kind and reason for
// this amount over goods of these categories; all of them must be covered.
func (c Consent) Covers(kind, reason string, categories []string, ask money.Money) bool {
	if !slices.Contains(c.Kinds, kind) || ask.Currency != c.UpTo.Currency || ask.Amount > c.UpTo.Amount {
		return false
	}
	if len(c.Reasons) > 0 && !slices.Contains(c.Reasons, reason) {
		return false
	}
	return len(c.Categories) == 0 || !slices.ContainsFunc(categories, func(s string) bool { return !slices.Contains(c.Categories, s) })
}

// Buyer is who bought. Everything but ID is personal: it is masked for others,
// exportable and erasable, and never part of an event.
type Buyer struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	// Language is "zh" or "en": in which the buyer is written to.
	Language string `json:"language,omitempty"`
}
