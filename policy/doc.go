// Package policy holds an operator's rules: a YAML text with CEL conditions
// that says, for the facts of a screened claim, what happens next. Compile
// checks a text whole and tells every problem with its line; a Policy routes
// facts, always alike: it has no clock, no randomness and no memory.
//
// It does not guard the guarantees of the desk: desk does that below it, for
// every routing, whatever the text says. Compile only refuses what can be seen
// to go against them, so that an operator learns of it at once. Nor does it
// know which version is active: that is a row of the desk's.
package policy
