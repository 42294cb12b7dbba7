// Package demo fills an empty desk with a made-up marketplace, so that there
// is something to look at on the first evening: shops, products, orders, and a
// few hundred claims in every state, with photos from our own camera.
//
// Nothing is written around the desk. The marketplace is lived through, from
// forty days ago until now, by the desk's own use cases under a clock in the
// past: every event, window, decision and appeal is one that the desk made.
// The same seed gives the same shops, orders, people's moves and photos.
// Passwords and keys are random, for a demonstration is reachable as well.
package demo
