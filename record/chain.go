package record

import "fmt"

// Chain is how far a subject's events have come: the number and the hash of the
// last one. The zero value is before the first.
type Chain struct {
	No   int64
	Head string
}

// Next is e as the event that follows: numbered, tied to the one before, and
// sealed by its hash.
func (c Chain) Next(e Event) Event {
	e.No, e.Prev = c.No+1, c.Head
	e.Hash = Hash(e)
	return e
}

// Take moves on to e; it is an error where e does not follow the one before, or
// is not what was sealed.
func (c *Chain) Take(e Event) error {
	if want := Hash(e); e.Hash != want {
		return fmt.Errorf("event %d of %s is not the one that was sealed: its hash is %.12s…, and not %.12s…", e.No, e.Subject, want, e.Hash)
	}
	return c.Link(e)
}

// Link is Take for an event of which something was left out, as a side of a
// claim is given it: its place is checked, and its contents cannot be.
func (c *Chain) Link(e Event) error {
	if e.No != c.No+1 || e.Prev != c.Head || e.Hash == "" {
		return fmt.Errorf("event %d of %s does not follow event %d", e.No, e.Subject, c.No)
	}
	c.No, c.Head = e.No, e.Hash
	return nil
}
