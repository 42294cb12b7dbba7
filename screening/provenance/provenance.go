// Package provenance gathers what a file says about its own origin: signed
// Content Credentials, China's AIGC label in its metadata and in its corners,
// notes and names that generators and editors leave, invisible marks, and metadata that contradicts itself or the
// story. It compares no pictures, and it weighs nothing that is absent: a file
// without any of this is an ordinary photo.
package provenance

import (
	"errors"
	"slices"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/screening/provenance/aigc"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/screening/provenance/traces"
	"github.com/evenhand/evenhand/screening/provenance/visible"
	"github.com/evenhand/evenhand/screening/provenance/watermark"
)

// Options is what the file is read against; the zero value reads it alone.
type Options struct {
	// Now is when certificates must be valid where no time stamp says when
	// they were used; the zero time means that they are not judged by date.
	Now time.Time
	// Trust holds the certificates that may vouch for signers; without it
	// nobody is trusted.
	Trust *c2pa.TrustList
	// Story is what is told with the picture.
	Story traces.Story
}

// Reader reads files. It may be used by several goroutines at once.
type Reader struct {
	opts Options
}

// NewReader makes a reader with the built-in table of traces; it costs nothing,
// so that there may be one for each photo's story.
func NewReader(opts Options) *Reader { return &Reader{opts} }

// Report is what one file says of itself.
type Report struct {
	// Findings are strongest first; never nil.
	Findings []evidence.Finding
	// C2PA sums up the Content Credentials; nil where there are none.
	C2PA *c2pa.Summary
	// Duty is what article 6 of China's labelling Measures asks of a platform
	// that publishes the file.
	Duty aigc.Duty
}

// Read reads a file's bytes; picture is what they decode to. A part that
// cannot be read is left out: a broken metadata block is no finding, and the
// picture itself was readable.
func (r *Reader) Read(data []byte, picture *imaging.Picture) Report {
	return r.ReadBeside(data, nil, picture)
}

// ReadBeside is Read for a file that a .c2pa file lies beside: its content
// counts where the file carries no Content Credentials itself.
func (r *Reader) ReadBeside(data, sidecar []byte, picture *imaging.Picture) Report {
	out := Report{Findings: []evidence.Finding{}}
	opts := c2pa.Options{Now: r.opts.Now, Trust: r.opts.Trust, Picture: picture}
	credentials, err := c2pa.Read(data, opts)
	if sidecar != nil && (errors.Is(err, c2pa.ErrNone) || credentials != nil && credentials.Summary.Remote != "" && credentials.Summary.Manifests == 0) {
		opts.Sidecar = sidecar
		credentials, err = c2pa.Read(data, opts)
	}
	if !errors.Is(err, c2pa.ErrNone) && credentials != nil {
		out.C2PA = &credentials.Summary
		out.Findings = append(out.Findings, credentials.Findings()...)
	}
	marks := watermark.Read(picture.Stored)
	out.Findings = append(out.Findings, watermark.Findings(marks)...)
	labelled := visible.Read(picture)
	out.Findings = append(out.Findings, visible.Findings(labelled)...)
	generated := len(marks) > 0 || out.C2PA != nil && out.C2PA.AI || visible.Sure(labelled)
	if m, err := meta.Read(data); err == nil && m != nil {
		labels := aigc.Read(m)
		hidden, _ := traces.Stealth(picture.Stored)
		seen := traces.Built().Read(m, hidden)
		out.Findings = append(out.Findings, labels.Findings()...)
		out.Findings = append(out.Findings, traces.Findings(seen, traces.Contradictions(m, picture, r.opts.Story, seen))...)
		generated = generated || slices.ContainsFunc(seen, func(t traces.Trace) bool {
			return t.Kind == traces.Generated || t.Kind == traces.AIEdited || t.Kind == traces.Labelled
		})
		out.Duty = aigc.DutyFor(labels, false, generated)
	} else {
		out.Duty = aigc.DutyFor(nil, false, generated)
	}
	slices.SortStableFunc(out.Findings, func(a, b evidence.Finding) int { return b.Strength.Rank() - a.Strength.Rank() })
	return out
}
