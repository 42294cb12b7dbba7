package claim

import (
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/work"
)

// Change is what a move does beside altering the claim: one event, clocks to
// set and to stop. Desk commits all of it together, or nothing.
type Change struct {
	Move MoveName
	By   access.Actor
	At   time.Time
	Set  []work.Clock // new clocks; ids are given by desk
	Stop []work.ClockKind
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
