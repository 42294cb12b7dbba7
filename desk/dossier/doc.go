// Package dossier puts a claim with all its evidence into one file that a
// court, the police or another platform can check without trusting us, and
// checks such files.
//
// A dossier is a ZIP. manifest.json lists every other file with its size and
// SHA-256; manifest.sig is the Ed25519 signature (RFC 8032) of the bytes of
// manifest.json, by a key that the desk makes once and keeps. What is in it
// goes by who asks: a party's dossier holds what that party may see.
package dossier
