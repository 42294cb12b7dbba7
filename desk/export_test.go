package desk

// Without makes guard pass over one guarantee until the returned function is
// called, so that tests can see that they would notice.
func Without(name string) (restore func()) {
	old := guarantees
	kept := make([]guarantee, 0, len(old))
	for _, g := range old {
		if g.Name != name {
			kept = append(kept, g)
		}
	}
	guarantees = kept
	return func() { guarantees = old }
}
