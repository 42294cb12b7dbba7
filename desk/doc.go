// Package desk holds the use cases of the after-sales desk: file, screen,
// route, answer, offer, review, decide, appeal. Every transaction starts and
// ends here, and below every change stand the nine guarantees, whatever a
// policy says. It knows neither SQL nor HTTP: it declares the store it needs.
package desk
