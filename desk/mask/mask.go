// Package mask is what everything that leaves the desk goes through: what of a
// claim, its evidence, its order and its record somebody is shown, told by how
// near they stand to it. It takes nothing from a store and asks nobody who
// they are; a thing that is shown is always a copy.
package mask

import (
	"mime"
	"regexp"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
)

// Depth is how much of a case somebody is shown.
type Depth string

// The depths. What would teach evasion stays at the reviewers'.
const (
	Buyer    Depth = "buyer"
	Merchant Depth = "merchant"
	Reviewer Depth = "reviewer"
)

// Eye is who looks.
type Eye struct {
	Depth Depth
	// Side is for whom they speak; empty for staff and for platforms, which
	// pass on what either side may see.
	Side claim.Party
	// ID is the account, key or party that they are: what they sent in
	// themselves is theirs to have back.
	ID string
}

// Outside is whoever a message goes to: what they are told is what a platform
// may see, which passes it on to either side.
var Outside = Eye{Depth: Merchant}

// Staff is whether everything is shown.
func (e Eye) Staff() bool { return e.Depth == Reviewer }

// Own is whether a piece of evidence comes from who looks, or from their side.
func (e Eye) Own(it evidence.Item) bool {
	return e.Side != "" && it.Party == string(e.Side) || e.ID != "" && it.By == e.ID
}

// Original is whether the bytes of a piece of evidence may be had as they
// came. All others get a copy that says nothing of its maker. Words have
// nothing but themselves.
func (e Eye) Original(it evidence.Item) bool {
	return e.Staff() || e.Own(it) || it.Medium == evidence.Statement
}

// Actor names a member of staff, a platform's key or a side's account by their
// role alone: who that was is in the record. The machine's parts have no name.
func (e Eye) Actor(a access.Actor) access.Actor {
	if !e.Staff() && a.ID != "" && a.Role != access.RoleMachine {
		a.ID = string(a.Role)
	}
	return a
}

// Claim is a claim as somebody may see it.
func (e Eye) Claim(c *claim.Claim) *claim.Claim {
	v := c.Clone()
	if e.Staff() {
		return v
	}
	if e.Depth == Merchant {
		v.Withdrawn = nil // of the draft, which was the buyer's alone
		v.Failures = nil  // they can be about the buyer's bank
	}
	v.Proposal = nil
	v.Terms.SecondReading = 0
	for i := range v.Routings {
		r := &v.Routings[i]
		r.Note, r.NoteZH, r.Rule, r.Stakes, r.Overruled, r.Wanted = "", "", "", 0, "", ""
	}
	for i := range v.Decisions {
		d := &v.Decisions[i]
		d.Note, d.Findings = "", nil
		d.By, d.Second = e.Actor(d.By), nil
	}
	for i := range v.Answers {
		v.Answers[i].By = e.Actor(v.Answers[i].By)
	}
	for i := range v.Appeals {
		v.Appeals[i].By = e.Actor(v.Appeals[i].By)
	}
	if v.Offer != nil {
		v.Offer.By = e.Actor(v.Offer.By)
	}
	for _, k := range v.Clocks {
		for i := range k.Extensions { // the clone's own
			k.Extensions[i].By = e.Actor(k.Extensions[i].By)
		}
	}
	return v
}

// Ruled is when a person first ruled in a round; the zero time where nobody has.
func Ruled(c *claim.Claim, round int) time.Time {
	for _, d := range c.Decisions {
		if d.Round == round {
			return d.At
		}
	}
	return time.Time{}
}

// Blind is a claim as whoever ruled on it in a round found it, for a second
// reader, who must not know how it was decided, nor what follows from that: an
// appeal, what was sent in and asked since. The version would tell how much has
// happened.
func Blind(c *claim.Claim, round int) *claim.Claim {
	v, at := c.Clone(), Ruled(c, round)
	v.Round = round
	if !at.IsZero() {
		v.Evidence = until(v.Evidence, func(x claim.Exhibit) time.Time { return x.At }, at)
		v.Routings = until(v.Routings, func(x claim.Routed) time.Time { return x.At }, at)
		v.Answers = until(v.Answers, func(x claim.Answer) time.Time { return x.At }, at)
		v.Asked = until(v.Asked, func(x claim.Question) time.Time { return x.At }, at)
		if v.Offer != nil && v.Offer.At.After(at) {
			v.Offer = nil
		}
	}
	v.State, v.Closing, v.Decisions, v.Proposal, v.Remedy, v.ClosedAt = claim.InReview, "", nil, nil, nil, nil
	v.Appeals, v.Clocks, v.Failures = nil, nil, nil
	v.Version, v.Events, v.Head = 1, 0, ""
	if v.Heard != nil && len(c.Decisions) > 0 && !v.Heard.At.Before(c.Decisions[0].At) {
		v.Heard = nil // the merchant's consent to what was decided
	}
	return v
}

// until is what of a list was there at a time; nil where nothing was, as in a
// claim to which nothing came since.
func until[T any](list []T, when func(T) time.Time, at time.Time) (out []T) {
	for _, x := range list {
		if !when(x).After(at) {
			out = append(out, x)
		}
	}
	return out
}

// Order is an order as somebody may see it: to a side a district is as near as
// it gets.
func (e Eye) Order(o order.Order) order.Order {
	if e.Staff() || o.Shipment == nil {
		return o
	}
	s := *o.Shipment
	s.Lat, s.Lon, s.Tracking = nil, nil, ""
	o.Shipment = &s
	return o
}

// Event is one line of the record: to a side what happened, and when.
func (e Eye) Event(x record.Event) record.Event {
	if !e.Staff() {
		x.Body, x.By = nil, e.Actor(x.By)
	}
	return x
}

// Evidence is an item as somebody may see it. A buyer sees what speaks for
// them, and that a person will look where something does not, nor what is only
// there because something does: whoever tries one forgery after the other must
// not learn from a note that goes away. A merchant sees
// what was found, without the numbers and places that would teach evasion, or
// tell where somebody lives. A file's name and its sender are shown to nobody
// but the side they come from.
func (e Eye) Evidence(it evidence.Item) evidence.Item {
	if e.Staff() {
		return it
	}
	if !e.Own(it) {
		it.By, it.Name = "", ""
	}
	if it.Screening == nil {
		return it
	}
	s := *it.Screening
	s.Findings = []evidence.Finding{}
	for _, f := range it.Screening.Findings {
		if e.Depth == Buyer && (f.Stance == evidence.Against || tells(f.Code)) {
			continue
		}
		s.Findings = append(s.Findings, e.finding(f, e.Own(it)))
	}
	it.Screening = &s
	return it
}

// tells is whether a finding of this kind, be it a note or in the buyer's favour,
// says that something was seen which speaks against the claim: a photo is asked
// about another one only where that was altered, and the notes of these
// instruments are the lesser forms of what they accuse by.
func tells(c evidence.Code) bool {
	for _, instrument := range []string{"angle.", "trace.", "reference.", "reuse."} {
		if strings.HasPrefix(string(c), instrument) {
			return true
		}
	}
	return false
}

// farAway stands where a finding measured how far from the delivery a photo
// was taken: a distance on a map is half a place.
var farAway = text.Text{
	EN: "The file places the photo far from where the goods were delivered. The buyer may have opened or passed on the parcel elsewhere.",
	ZH: "文件记录的拍摄地点与收货地相距较远。买家也可能在别处拆箱或转送他人。",
}

// named is where findings of earlier versions quote the file's name of the
// picture that they compare with: a name is its sender's own. They stay as they
// were made; what is shown of them does not have it.
// Each language quotes names in its own marks; Chinese sentences have other words in “ ”.
var named = struct{ en, zh *regexp.Regexp }{regexp.MustCompile(`(?s)“.*”`), regexp.MustCompile(`(?s)「.*」`)}

func (e Eye) finding(f evidence.Finding, own bool) evidence.Finding {
	if _, far := f.Measured["km"]; far && !own {
		f.Text = farAway
	}
	if strings.HasPrefix(string(f.Code), "reference.") {
		f.Text.EN, f.Text.ZH = named.en.ReplaceAllString(f.Text.EN, "of the order"), named.zh.ReplaceAllString(f.Text.ZH, "（该订单的影像）")
	}
	f = f.Outside()
	if strings.HasPrefix(string(f.Code), "reuse.") {
		f.Reference = "" // another claim's evidence, which neither side may know of
	}
	return f
}

// endings are what files are called by their types.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic", "image/avif": ".avif", "image/gif": ".gif", "image/tiff": ".tiff", "image/bmp": ".bmp",
	"video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "video/avi": ".avi", "text/plain": ".txt",
}

// Ending is what a file of a media type ends in.
func Ending(mediaType string) string {
	kind, _, err := mime.ParseMediaType(mediaType)
	if e, ok := endings[kind]; ok && err == nil {
		return e
	}
	return ".bin"
}

// FileName is what a piece of evidence is called wherever it is kept: never
// what its sender called it.
func FileName(it evidence.Item) string { return "evenhand-" + it.ID + Ending(it.Type) }

// Email leaves the first letter and the domain.
func Email(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return ""
	}
	for i := range s[:at] {
		if i > 0 {
			return s[:i] + "***" + s[at:]
		}
	}
	return s[:at] + "***" + s[at:]
}
