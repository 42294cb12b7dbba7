// Package text holds what a person reads: sentences in the two languages of
// the product, Chinese and English. It is not a catalogue: each text stands
// where it is said, both languages side by side, so that neither can be
// forgotten. It chooses no language either; that is up to whoever shows it.
package text

// Text is one sentence or more in the two languages of the product, each
// written for its own readers.
type Text struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}
