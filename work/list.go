package work

// Page is a bounded part of a list, newest first unless said otherwise. After
// is the cursor that the last page gave; empty is the start.
type Page struct {
	After string
	Limit int // 1 to 200
}
