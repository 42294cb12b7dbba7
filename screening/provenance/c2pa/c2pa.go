// Package c2pa reads Content Credentials (C2PA specification, 1.x to 2.x) and
// validates them: who signed what about a file, whether the signature and the
// hashes hold, and what the signed statement says of the file's origin.
//
// It reports with the specification's own status codes. It is not a signer,
// it fetches nothing (remote manifests, certificate status), and it knows no
// trust list of its own: without one given, nobody is trusted.
package c2pa

import (
	"errors"
	"time"

	"github.com/evenhand/evenhand/imaging"
)

// Options says how to validate.
type Options struct {
	// Now is the time at which a certificate must be valid where no time
	// stamp says when the claim was signed.
	Now time.Time
	// Trust holds the certificates trusted to vouch for signers. Where it is
	// nil, trust is not judged: no signingCredential.untrusted is reported,
	// and nothing is called trusted.
	Trust *TrustList
	// Sidecar is the content of a .c2pa file that belongs to the data; it
	// takes the place of what the data carries itself.
	Sidecar []byte
	// Picture is what the data decodes to. Where a signer left EXIF out of the
	// hash, its orientation and its preview are compared with the picture;
	// without one such a file is not called trusted.
	Picture *imaging.Picture
}

// Status is one result of validation.
type Status struct {
	Code        string `json:"code"` // the specification's, e.g. "claimSignature.mismatch"
	URL         string `json:"url,omitempty"`
	Explanation string `json:"explanation,omitempty"`
	// Manifest is the label of the manifest that was looked at.
	Manifest string `json:"manifest,omitempty"`
	Failure  bool   `json:"failure"`
	// Recorded is true for a failure that an ingredient assertion had
	// recorded when the ingredient was taken in: it is that ingredient's own,
	// known to whoever signed after it.
	Recorded bool `json:"recorded,omitempty"`
}

// Report is everything validation found.
type Report struct {
	Summary  Summary
	Statuses []Status
	// Bound is true where a hard binding was checked against the file and
	// holds.
	Bound bool

	camera bool // the active manifest describes one plain capture
	// unread is true where each claimSignature.mismatch is of a signature that
	// could not be looked at.
	unread bool
}

// Read finds and validates the Content Credentials of a file. It returns
// ErrNone where the file has none; credentials that are broken are no error
// but a report that says so.
func Read(data []byte, opts Options) (*Report, error) {
	raw, carrier, err := extract(data)
	if opts.Sidecar != nil {
		raw, err = opts.Sidecar, nil
	}
	remote := remoteReference(data)
	switch {
	case errors.Is(err, ErrNone) && remote != "":
		return &Report{Summary: Summary{Validation: []string{}, Actions: []string{}, Remote: remote}}, nil
	case errors.Is(err, ErrNone):
		return nil, ErrNone
	case err != nil:
		return unreadable(err, remote), nil
	}
	root, err := parseStore(raw)
	if err != nil {
		return unreadable(err, remote), nil
	}
	v := &validator{
		opts: opts, data: data, carrier: carrier,
		alone: carrier == carrierSidecar && opts.Sidecar == nil,
		store: parseManifests(root),
		seen:  map[string]*examined{}, hashes: map[string][]byte{},
	}
	if opts.Sidecar == nil {
		v.oddCarrier, v.place = oddCarrier(data, raw, carrier), placeOf(data, carrier)
	} else {
		v.oddCarrier, v.place = oddCarrier(nil, raw, carrierSidecar), place{carrier: carrier}
	}
	r := v.run()
	r.Summary.Remote = remote
	return r, nil
}

// unreadable reports a manifest store that is there but cannot be parsed.
func unreadable(err error, remote string) *Report {
	return &Report{
		Summary: Summary{
			Validation: []string{codeGeneral}, Actions: []string{},
			Problem: err.Error(), Remote: remote,
		},
		Statuses: []Status{{Code: codeGeneral, Explanation: err.Error(), Failure: true}},
	}
}
