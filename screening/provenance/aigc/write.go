package aigc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/evenhand/evenhand/imaging/meta"
)

// Write returns a copy of the file with the label in the place the practice
// guides name: the XMP property in JPEG, PNG and WebP, the metadata key in
// MP4. data is not changed, and every byte of pixels is carried over as it is.
//
// A file that is labelled already keeps its producer's fields: Write then only
// accepts a label with the same degree, producer and number, to add or replace
// the propagator's fields, and keeps the reserved codes. A file with signed
// Content Credentials is refused, see BreakCredentials. Errors are *Error.
func Write(data []byte, l Label) ([]byte, error) { return write(data, l, false) }

// BreakCredentials is Write for files with signed Content Credentials (C2PA)
// too. Their signature covers the file's bytes, so in the labelled copy they no
// longer match: whoever checks it is told that it was changed after signing.
// The signer can do better: label first, sign then.
func BreakCredentials(data []byte, l Label) ([]byte, error) { return write(data, l, true) }

func write(data []byte, l Label, breaking bool) ([]byte, error) {
	m, err := meta.Read(data)
	if err != nil {
		return nil, &Error{Code: BadFormat}
	}
	w := &writer{data: data, label: l, old: Read(m), meta: m}
	if err := w.check(); err != nil {
		return nil, err
	}
	if carriesCredentials(m) && !breaking {
		return nil, &Error{Code: HasCredentials}
	}
	if err := w.reconcile(); err != nil {
		return nil, err
	}
	var out []byte
	switch m.Format {
	case "jpeg":
		out, err = w.jpeg()
	case "png":
		out, err = w.png()
	case "webp":
		out, err = w.webp()
	case "mp4":
		out, err = w.film()
	default:
		return nil, &Error{Code: BadFormat, Detail: m.Format}
	}
	if err != nil {
		return nil, err
	}
	if err := w.verify(out); err != nil {
		return nil, err
	}
	return out, nil
}

type writer struct {
	data  []byte
	label Label
	old   Labels
	meta  *meta.Metadata
}

// check is strict with what the caller adds. A producer's fields that are in
// the file already may be in the producer's own style: they are not the
// propagator's to correct.
func (w *writer) check() error {
	for _, f := range w.old {
		if f.sameMaking(w.label) && w.label.ContentPropagator != "" {
			return w.label.checkPropagator()
		}
	}
	return w.label.Check()
}

// sameMaking is true where degree, producer and number are those of l.
func (f Found) sameMaking(l Label) bool {
	return f.Label.Label == l.Label && l.Label != Unstated && f.ContentProducer == l.ContentProducer && f.ProduceID == l.ProduceID
}

// reconcile lets a label change only where it may: article 10 of the Measures
// forbids tampering with what the producer wrote.
func (w *writer) reconcile() error {
	if len(w.old) == 0 {
		return nil
	}
	for _, f := range w.old {
		if !f.sameMaking(w.label) || w.label.ContentPropagator == "" {
			return &Error{Code: AlreadyLabelled, Detail: clean(f.Producer())}
		}
		// Only labels in the guides' places are known how to be replaced.
		replaceable := f.Form == XMPElement || f.Form == XMPAttribute || f.Form == PNGText || f.Form == FilmKey && !f.Departed(OtherPlace)
		if !replaceable {
			return &Error{Code: OddLabel, Detail: f.Where.Carrier}
		}
		w.label.ReservedCode1, w.label.ReservedCode2 = f.ReservedCode1, f.ReservedCode2
	}
	return nil
}

// verify reads the copy back: exactly this label, once, as the guides have it.
func (w *writer) verify(out []byte) error {
	m, err := meta.Read(out)
	if err != nil {
		return &Error{Code: Unwritten, Detail: err.Error()}
	}
	got := Read(m)
	if len(got) > 1 {
		return &Error{Code: OddLabel, Detail: got[1].Where.Carrier}
	}
	if len(got) != 1 || got[0].Label != w.label || len(got[0].Departures) > 0 {
		return &Error{Code: Unwritten, Detail: fmt.Sprintf("%d labels read back", len(got))}
	}
	return nil
}

// carriesCredentials is true for files with a C2PA manifest, whose signature
// covers the file's bytes and would break.
func carriesCredentials(m *meta.Metadata) bool {
	for _, b := range m.Blocks {
		switch b.Kind {
		case "APP11":
			if bytes.HasPrefix(b.Body, []byte("JP")) && bytes.Contains(b.Body[:min(len(b.Body), 64)], []byte("jumb")) {
				return true
			}
		case "caBX", "C2PA":
			return true
		case "uuid":
			if bytes.HasPrefix(b.Body, []byte("\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81")) {
				return true
			}
		}
	}
	return false
}

// maxID bounds a content number: a label must stay small enough for one
// JPEG segment beside what else is there.
const maxID = 512

// Check is strict: a degree, a producer code and a number are there and
// well formed, and a propagator has both its fields or none.
func (l Label) Check() error {
	switch l.Label {
	case Generated, Possible, Suspected:
	default:
		return &Error{Code: BadLabel, Detail: clean(string(l.Label))}
	}
	if c := ParseCode(l.ContentProducer); c.Problem != CodeFine || strings.TrimSpace(l.ContentProducer) != l.ContentProducer {
		return &Error{Code: BadProducer, Detail: clean(l.ContentProducer), Problem: c.Problem}
	}
	if !goodID(l.ProduceID) {
		return &Error{Code: BadProduceID, Detail: clean(l.ProduceID)}
	}
	return l.checkPropagator()
}

func (l Label) checkPropagator() error {
	if l.ContentPropagator == "" && l.PropagateID == "" {
		return nil
	}
	if l.ContentPropagator == "" || l.PropagateID == "" {
		return &Error{Code: HalfPropagator}
	}
	if c := ParseCode(l.ContentPropagator); c.Problem != CodeFine || strings.TrimSpace(l.ContentPropagator) != l.ContentPropagator {
		return &Error{Code: BadPropagator, Detail: clean(l.ContentPropagator), Problem: c.Problem}
	}
	if !goodID(l.PropagateID) {
		return &Error{Code: BadPropagateID, Detail: clean(l.PropagateID)}
	}
	return nil
}

// goodID wants visible ASCII without the quotation mark and the backslash
// (GB 45438-2025, annex E).
func goodID(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x21 || c > 0x7e || c == '"' || c == '\\' {
			return false
		}
	}
	return s != "" && len(s) <= maxID
}

// JSON writes the value as the guides print it: all seven fields, in their order.
func (l Label) JSON() string {
	var b strings.Builder
	for i, f := range [...][2]string{
		{"Label", string(l.Label)},
		{"ContentProducer", l.ContentProducer},
		{"ProduceID", l.ProduceID},
		{"ReservedCode1", l.ReservedCode1},
		{"ContentPropagator", l.ContentPropagator},
		{"PropagateID", l.PropagateID},
		{"ReservedCode2", l.ReservedCode2},
	} {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(`"` + f[0] + `":`)
		var quoted bytes.Buffer
		e := json.NewEncoder(&quoted)
		e.SetEscapeHTML(false)
		_ = e.Encode(f[1]) // a string always encodes
		b.Write(bytes.TrimSpace(quoted.Bytes()))
	}
	return b.String() + "}"
}
