package examine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"unicode/utf8"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/screening/provenance/traces"
	"github.com/evenhand/evenhand/screening/reference"
	"github.com/evenhand/evenhand/work"
)

// version names the detectors and how they are put together. Raise it when an
// instrument says something else than before: everything is then worked out
// anew when it is next asked for.
const version = "evenhand-screening/4"

// Bounds of one examination.
const (
	photoBytes    = 64 << 20 // read into memory
	maxReferences = 40       // compared with; beyond it the first ones
	maxView       = 8        // prepared pictures kept at hand, some 12 MB each
	maxAngle      = 16       // and pictures to be laid beside others, some 4 MB each
)

// Options makes an Examiner.
type Options struct {
	Blobs desk.Bytes
	// Store keeps results and fingerprints; nil keeps nothing, looks nothing
	// up and works all the same.
	Store desk.Store
	// Trust holds the certificates that may vouch for Content Credentials; nil
	// trusts nobody. TrustName names the list and its version: results depend
	// on it.
	Trust     *c2pa.TrustList
	TrustName string
	// FFmpeg is the program's path; empty looks in PATH, "-" does without.
	FFmpeg string
	// Sandbox is what ffmpeg runs in; nil runs it with its clock, its group and
	// an empty environment alone.
	Sandbox *sandbox.Sandbox
	// Detectors are asked about each photo of a buyer's.
	Detectors []Detector
	// TempDir is where a video lies while it is looked at; empty is the system's.
	TempDir string
	// Jobs is how many items are examined at once, and so how many decoded
	// pictures are in memory; 0 is one a processor core.
	Jobs int
	Log  *slog.Logger
}

// Examiner examines. It may be used by many goroutines at once.
type Examiner struct {
	opts    Options
	ffmpeg  string // path, empty where there is none
	running chan struct{}
	views   *views[*reference.View]
	angles  *views[*angle.View]
	pairs   *views[*angle.Pair]
	reuse   *Reuse // nil without a store
}

// New makes an Examiner.
func New(o Options) *Examiner {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	x := &Examiner{opts: o, running: make(chan struct{}, o.Jobs), views: newViews[*reference.View](maxView), angles: newViews[*angle.View](maxAngle), pairs: newViews[*angle.Pair](maxPairs)}
	switch o.FFmpeg {
	case "-":
	case "":
		x.ffmpeg, _ = exec.LookPath("ffmpeg")
	default:
		x.ffmpeg = o.FFmpeg
	}
	if x.ffmpeg != "" {
		if whole, err := filepath.Abs(x.ffmpeg); err == nil { // it starts in another folder
			x.ffmpeg = whole
		}
	}
	if o.Store != nil {
		x.reuse = NewReuse(o.Store)
	}
	return x
}

// FFmpeg is the program that films are looked at with, "" where there is none.
func (x *Examiner) FFmpeg() string { return x.ffmpeg }

// Detectors names the set of detectors and its version.
func (x *Examiner) Detectors() string {
	name := version
	if x.opts.TrustName != "" {
		name += "+" + x.opts.TrustName
	}
	if x.ffmpeg == "" {
		name += "-ffmpeg" // videos examined without it are looked at again with it
	}
	for _, d := range x.opts.Detectors {
		name += "+" + d.Name() + "@" + d.Identity()
	}
	return name
}

// Reuse is the index of earlier pictures; nil without a store.
func (x *Examiner) Reuse() *Reuse { return x.reuse }

// Examine looks at one item. The error is only ever for what another try may
// mend: storage, or ctx. A file that cannot be read, and one that breaks a
// detector, is a Screening with its Error set.
func (x *Examiner) Examine(ctx context.Context, c desk.Examination) (s evidence.Screening, prints []desk.Fingerprint, err error) {
	select {
	case x.running <- struct{}{}:
		defer func() { <-x.running }()
	case <-ctx.Done():
		return s, nil, ctx.Err()
	}
	s = evidence.Screening{Detectors: x.Detectors(), Findings: []evidence.Finding{}}
	defer func() {
		if v := recover(); v != nil {
			x.opts.Log.ErrorContext(ctx, "a detector failed", "evidence", c.Item.ID, "sha256", c.Item.SHA256, "panic", fmt.Sprint(v))
			s.Error, err = detectorFailed(), nil
		}
	}()
	kind, err := x.sniff(ctx, c.Item.SHA256)
	switch {
	case errors.Is(err, work.ErrNotFound):
		s.Error = missingBytes()
		return s, nil, nil
	case err != nil:
		return s, nil, err
	}
	look := &looked{x: x, c: c, out: &s, bounds: bounded(c)}
	switch {
	case kind == isText && c.Item.Medium == evidence.Statement:
		return s, nil, nil
	case kind.video():
		err = look.video(ctx, kind)
	default:
		err = look.photo(ctx)
	}
	if err != nil {
		return s, nil, err
	}
	slices.SortStableFunc(s.Findings, strongerFirst)
	return s, look.prints, nil
}

// looked is one examination under way.
type looked struct {
	x      *Examiner
	c      desk.Examination
	out    *evidence.Screening
	bounds []evidence.Item // the references to compare with
	lines  []string        // what its claim is about, once reused has asked
	prints []desk.Fingerprint
}

// bounded lists the references worth comparing with: photos, each content
// once, not the item itself.
func bounded(c desk.Examination) (out []evidence.Item) {
	seen := map[string]bool{}
	for _, r := range c.References {
		if r.ID == c.Item.ID || r.Medium != evidence.Photo || seen[r.SHA256] || len(out) == maxReferences {
			continue
		}
		seen[r.SHA256] = true
		out = append(out, r)
	}
	return out
}

func (l *looked) add(f ...evidence.Finding) { l.out.Findings = append(l.out.Findings, f...) }

// origin reads what files say of themselves against this case's story. The
// time that certificates are judged at is that of receipt, so that the same
// file is read the same way for ever.
func (l *looked) origin() provenance.Options {
	o := provenance.Options{Now: l.c.Item.ReceivedAt, Trust: l.x.opts.Trust}
	o.Story = traces.Story{OrderedAt: l.c.OrderedAt, ReceivedAt: l.c.Item.ReceivedAt}
	if l.c.Item.Party != "buyer" {
		o.Story = traces.Story{} // a listing is older than any order
	}
	if at := l.c.DeliveredAt; at != nil && l.c.Item.Party == "buyer" {
		o.Story.DeliveredAt = *at
	}
	if l.c.Lat != nil && l.c.Lon != nil && l.c.Item.Party == "buyer" {
		o.Story.DeliveredNear = &traces.Place{Latitude: *l.c.Lat, Longitude: *l.c.Lon}
	}
	return o
}

// read takes a whole blob of at most limit bytes into memory.
func (x *Examiner) read(ctx context.Context, sha string, limit int64) ([]byte, error) {
	r, err := x.opts.Blobs.Open(ctx, sha, 0, -1)
	if err != nil {
		return nil, fmt.Errorf("opening evidence %.16s: %w", sha, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading evidence %.16s: %w", sha, err)
	}
	if int64(len(data)) > limit {
		return nil, &imaging.Error{Code: imaging.TooLarge, Detail: fmt.Sprintf("> %d MB", limit>>20)}
	}
	return data, nil
}

// container is what kind of file the bytes are; for a video it is ffmpeg's
// name of the one demuxer that may read it.
type container string

const (
	isPhoto container = ""
	isText  container = "text"
)

func (k container) video() bool { return k != isPhoto && k != isText }

// sniff tells what a blob is from its first bytes, whatever was said of it.
func (x *Examiner) sniff(ctx context.Context, sha string) (container, error) {
	r, err := x.opts.Blobs.Open(ctx, sha, 0, 512)
	if err != nil {
		return "", fmt.Errorf("opening evidence %.16s: %w", sha, err)
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, 512))
	if err != nil {
		return "", fmt.Errorf("reading evidence %.16s: %w", sha, err)
	}
	return containerOf(head), nil
}

// containerOf knows the videos that phones and platforms make. Everything
// else is for the picture decoders to read or to refuse.
func containerOf(head []byte) container {
	has := func(at int, magic string) bool {
		return len(head) >= at+len(magic) && string(head[at:at+len(magic)]) == magic
	}
	switch {
	case has(4, "ftyp"):
		if imaging.StillType(head) != "" {
			return isPhoto
		}
		return "mov"
	case has(4, "moov"), has(4, "mdat"), has(4, "wide"):
		return "mov"
	case has(0, "\x1aE\xdf\xa3"):
		return "matroska"
	case has(0, "RIFF") && has(8, "AVI "):
		return "avi"
	case has(0, "FLV\x01"):
		return "flv"
	case has(0, "\x00\x00\x01\xba"):
		return "mpeg"
	case has(0, "G") && has(188, "G") && has(376, "G"):
		return "mpegts"
	case bytes.IndexByte(head, 0) < 0 && utf8.Valid(head[:len(head)-cutRune(head)]):
		return isText
	}
	return isPhoto
}

// cutRune is how many bytes at the end may be a rune cut in two.
func cutRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			break
		}
	}
	return 0
}

// strongerFirst is the order in which findings are told.
func strongerFirst(a, b evidence.Finding) int { return b.Strength.Rank() - a.Strength.Rank() }
