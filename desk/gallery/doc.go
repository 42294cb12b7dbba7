// Package gallery makes the pictures of evidence ready for a screen: small
// previews, tiles of a zoomable picture, and where a film's key frames are.
// The bytes of evidence stay as they came; what is made here is made anew
// whenever it is asked for, and kept in memory as far as bounds allow.
//
// It does not ask who is looking: desk.EvidenceContent does, before.
package gallery
