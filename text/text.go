// Package text holds what a person reads: sentences in the two languages of
// the product, Chinese and English. It is not a catalogue: each text stands
// where it is said, both languages side by side, so that neither can be
// forgotten. It chooses no language either; that is up to whoever shows it.
package text

import "fmt"

// Text is one sentence or more in the two languages of the product, each
// written for its own readers.
type Text struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Both is a text whose halves are at hand.
func Both(en, zh string) Text { return Text{EN: en, ZH: zh} }

// Bothf words a text in both languages with the same particulars; where their
// order differs, the verbs number them.
func Bothf(en, zh string, args ...any) Text {
	return Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}

// Fault is what is wrong with a value that does not know where it stands, as a
// clause.
type Fault struct{ Text }

func (f Fault) Error() string { return f.EN }

// Faultf words a fault with the same particulars in both languages.
func Faultf(en, zh string, args ...any) Fault { return Fault{Bothf(en, zh, args...)} }
