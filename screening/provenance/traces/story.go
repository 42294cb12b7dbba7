package traces

import (
	"fmt"
	"image"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/text"
)

// Place is a position in degrees (WGS 84), north and east positive.
type Place struct{ Latitude, Longitude float64 }

// Story is what is told with the picture; zero fields are not told.
type Story struct {
	OrderedAt, DeliveredAt, ReceivedAt time.Time
	// DeliveredNear is where the goods went, nil where unknown.
	DeliveredNear *Place
}

// Contradiction is one thing that does not fit.
type Contradiction struct {
	// What is a stable short name.
	What     string
	Strength evidence.Strength
	Stance   evidence.Stance
	Text     text.Text
	Measured map[string]float64
	// Regions are the places concerned, empty where it is the file as a whole.
	Regions []evidence.Region
}

// Bounds of honest disagreement.
const (
	// zones: an EXIF time without an offset is local time somewhere between
	// UTC-12 and UTC+14; it may be later in UTC by at most the first.
	zones = 12 * time.Hour
	ahead = 14 * time.Hour
	// scan: parcels are handed over before and after the courier says so.
	scan = 24 * time.Hour
	// unset: cameras whose clock was never set count from a year long past.
	unset = 3 * 365 * 24 * time.Hour
	// farKM is beyond what one opens a parcel away from home at, commonly.
	farKM = 100
)

// Contradictions lists where m disagrees with itself, with p (nil is allowed)
// and with the story. A picture without metadata contradicts nothing: then the
// list is empty or holds a note.
func Contradictions(m *meta.Metadata, p *imaging.Picture, story Story, traces []Trace) []Contradiction {
	var out []Contradiction
	add := func(c Contradiction, ok bool) {
		if ok {
			out = append(out, c)
		}
	}
	if m.EXIF != nil {
		add(captureTime(m.EXIF, story))
		add(farAway(m.EXIF, story))
		add(makeAndModel(m.EXIF))
		add(editedLater(m.EXIF, traces))
		add(savedAgain(m, traces))
		if p != nil {
			add(oddThumbnail(m.EXIF, p))
		}
	}
	if p != nil {
		add(screenSized(m, p))
	}
	return out
}

// captureTime compares when the camera says it took the picture with the
// order, the delivery and the claim. At most one of them is told: the first.
func captureTime(e *meta.EXIF, s Story) (Contradiction, bool) {
	at, zoned, ok := e.Original.Time()
	if !ok {
		return Contradiction{}, false
	}
	latest, earliest := at, at
	if !zoned {
		latest, earliest = at.Add(zones), at.Add(-ahead)
	}
	day := at.Format("2006-01-02 15:04")
	before := func(t time.Time) bool { return !t.IsZero() && latest.Before(t) }
	hours := func(t time.Time) map[string]float64 {
		return map[string]float64{"hours": math.Abs(t.Sub(latest).Hours())}
	}
	switch {
	case before(s.OrderedAt) && s.OrderedAt.Sub(latest) > unset:
		return Contradiction{What: "clock_not_set", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
			EN: fmt.Sprintf("The file says it was taken at %s, years before the order. Most often that is a camera whose clock was never set; it proves nothing.", day),
			ZH: fmt.Sprintf("文件记录的拍摄时间为 %s，比下单早数年。多半是相机时钟未设置，不能证明什么。", day),
		}, Measured: hours(s.OrderedAt)}, true
	case before(s.OrderedAt):
		return Contradiction{What: "captured_before_order", Strength: evidence.Strong, Stance: evidence.Against, Text: text.Text{
			EN: fmt.Sprintf("The file says it was taken at %s, before the order was placed, in any time zone. It does not prove deceit: a camera's clock can be wrong and the time can be typed. Ask for a fresh photo.", day),
			ZH: fmt.Sprintf("文件记录的拍摄时间为 %s，按任何时区都早于下单时间。这不能证明作假：相机时钟可能不准，时间也可以改写。可请买家重新拍摄。", day),
		}, Measured: hours(s.OrderedAt)}, true
	case before(s.DeliveredAt) && s.DeliveredAt.Sub(latest) > scan:
		return Contradiction{What: "captured_before_delivery", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
			EN: fmt.Sprintf("The file says it was taken at %s, more than a day before the recorded delivery. The clock or the courier's record may be wrong.", day),
			ZH: fmt.Sprintf("文件记录的拍摄时间为 %s，比签收记录早一天以上。相机时钟或物流记录可能不准。", day),
		}, Measured: hours(s.DeliveredAt)}, true
	case !s.ReceivedAt.IsZero() && earliest.After(s.ReceivedAt.Add(time.Hour)):
		return Contradiction{What: "captured_after_receipt", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
			EN: fmt.Sprintf("The file says it was taken at %s, after it was sent in. The clock is wrong or the time was typed.", day),
			ZH: fmt.Sprintf("文件记录的拍摄时间为 %s，晚于提交时间。相机时钟不准，或时间被改写。", day),
		}}, true
	}
	return Contradiction{}, false
}

// farAway compares the camera's position with the delivery's.
func farAway(e *meta.EXIF, s Story) (Contradiction, bool) {
	if s.DeliveredNear == nil || e.GPS == nil || !e.GPS.HasPosition || e.GPS.Latitude == 0 && e.GPS.Longitude == 0 {
		return Contradiction{}, false
	}
	km := distance(*s.DeliveredNear, Place{e.GPS.Latitude, e.GPS.Longitude})
	if !(km > farKM) {
		return Contradiction{}, false
	}
	return Contradiction{What: "far_from_delivery", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
		EN: fmt.Sprintf("The file places the photo %.0f km from where the goods were delivered. The buyer may have opened or passed on the parcel elsewhere.", km),
		ZH: fmt.Sprintf("文件记录的拍摄地点距收货地约 %.0f 公里。买家也可能在别处拆箱或转送他人。", km),
	}, Measured: map[string]float64{"km": km}}, true
}

// distance is the great-circle distance in kilometres (haversine formula, mean
// earth radius 6371 km).
func distance(a, b Place) float64 {
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	sin2 := func(d float64) float64 { s := math.Sin(rad(d) / 2); return s * s }
	h := sin2(b.Latitude-a.Latitude) + math.Cos(rad(a.Latitude))*math.Cos(rad(b.Latitude))*sin2(b.Longitude-a.Longitude)
	return 2 * 6371 * math.Asin(math.Sqrt(min(1, h)))
}

// brand is a maker whose model names are its own and follow one form, a regular
// expression whatever the case.
type brand struct{ make, model string }

// models are the brands' models, compiled once.
var models = sync.OnceValue(func() map[string]*regexp.Regexp {
	out := map[string]*regexp.Regexp{}
	owners, always := brands()
	for _, b := range slices.Concat(owners, always) {
		out[b.model] = regexp.MustCompile("(?i)" + b.model)
	}
	return out
})

// brands are tested both ways: a model of this form needs this maker, and,
// where the maker's models all follow it, the maker needs such a model.
func brands() (owners, always []brand) {
	owners = []brand{
		{"Apple", `^i(Phone|Pad|Pod)\b`},
		{"samsung", `^(SM-[A-Z]\d|Galaxy )`},
		{"Google", `^Pixel( |$)`},
		{"Canon", `^Canon `},
		{"NIKON", `^NIKON `},
		{"SONY", `^(ILCE|DSC|DSLR|SLT)-`},
		{"FUJIFILM", `^FinePix`},
	}
	always = []brand{{"Apple", `^(i(Phone|Pad|Pod)|Apple|RealityDevice)`}, {"Canon", `^(Canon|EOS|PowerShot|IXY)`}}
	return owners, always
}

// makeAndModel tells of a model under another maker's name.
func makeAndModel(e *meta.EXIF) (Contradiction, bool) {
	maker, model := strings.TrimSpace(e.Make), strings.TrimSpace(e.Model)
	if maker == "" || model == "" {
		return Contradiction{}, false
	}
	is := func(b brand) bool { return strings.HasPrefix(strings.ToLower(maker), strings.ToLower(b.make)) }
	fits := func(b brand) bool { return models()[b.model].MatchString(model) }
	owners, always := brands()
	odd := false
	for _, b := range owners {
		odd = odd || fits(b) && !is(b)
	}
	for _, b := range always {
		// Scanners and printers of these makers use other names.
		odd = odd || is(b) && !fits(b) && e.FNumber > 0
	}
	if !odd {
		return Contradiction{}, false
	}
	return Contradiction{What: "make_and_model", Strength: evidence.Weak, Stance: evidence.Against, Text: text.Text{
		EN: fmt.Sprintf("The file names a camera that does not exist: maker “%s”, model “%s”. Someone or some program typed it; that alone does not touch the pixels.", maker, model),
		ZH: fmt.Sprintf("文件记录的相机并不存在：厂商「%s」、型号「%s」。这是人工或程序写入的，但本身不说明像素被改动。", maker, model),
	}}, true
}

// editedLater tells that the file was saved again after capture.
func editedLater(e *meta.EXIF, traces []Trace) (Contradiction, bool) {
	taken, _, ok := e.Original.Time()
	saved, _, ok2 := e.DateTime.Time()
	if !ok || !ok2 || saved.Sub(taken) <= time.Minute {
		return Contradiction{}, false
	}
	for _, t := range traces {
		if t.Kind == Edited {
			return Contradiction{What: "edited_after_capture", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
				EN: fmt.Sprintf("%s saved the file %s after it was taken. Cropping or brightening does that too.", t.Name, lapse(saved.Sub(taken)).EN),
				ZH: fmt.Sprintf("拍摄后经 %s 另存过（相隔%s）。裁剪或调亮也会如此。", t.Name, lapse(saved.Sub(taken)).ZH),
			}, Measured: map[string]float64{"hours": saved.Sub(taken).Hours()}}, true
		}
	}
	return Contradiction{}, false
}

// lapse words a time span in the unit that people would use.
func lapse(d time.Duration) text.Text {
	switch {
	case d < 2*time.Hour:
		return text.Text{EN: fmt.Sprintf("%.0f minutes", d.Minutes()), ZH: fmt.Sprintf(" %.0f 分钟", d.Minutes())}
	case d < 48*time.Hour:
		return text.Text{EN: fmt.Sprintf("%.0f hours", d.Hours()), ZH: fmt.Sprintf(" %.0f 小时", d.Hours())}
	}
	return text.Text{EN: fmt.Sprintf("%.0f days", d.Hours()/24), ZH: fmt.Sprintf(" %.0f 天", d.Hours()/24)}
}

// screenSized notes pictures of exactly a phone screen's size without a word
// of a camera. Screenshots are honest too (of a chat, of a parcel's tracking).
func screenSized(m *meta.Metadata, p *imaging.Picture) (Contradiction, bool) {
	if m.EXIF != nil && (m.EXIF.Make != "" || m.EXIF.Model != "" || m.EXIF.ExposureTime > 0) {
		return Contradiction{}, false
	}
	size := image.Pt(min(p.Width, p.Height), max(p.Width, p.Height))
	for _, s := range screens() {
		if s == size {
			return Contradiction{What: "screen_sized", Strength: evidence.Note, Stance: evidence.Neutral, Text: text.Text{
				EN: fmt.Sprintf("The picture has exactly the size of a phone's screen (%d x %d) and no camera data: probably a screenshot. Screenshots are often honest.", p.Width, p.Height),
				ZH: fmt.Sprintf("图片尺寸恰为手机屏幕大小（%d x %d）且无相机信息，可能是截图。截图往往也是如实的。", p.Width, p.Height),
			}}, true
		}
	}
	return Contradiction{}, false
}

// screens lists phone screens in pixels, short side first, from the makers'
// data sheets. 16:9 sizes are left out: films and cameras use them.
func screens() []image.Point {
	return []image.Point{
		{828, 1792},
		{1125, 2436},
		{1242, 2688},
		{1170, 2532},
		{1284, 2778},
		{1179, 2556},
		{1290, 2796},
		{1206, 2622},
		{1320, 2868},
		{1080, 2340},
		{720, 1600},
		{1080, 2160},
		{1080, 2220},
		{1080, 2280},
		{1080, 2376},
		{1080, 2388},
		{1080, 2400},
		{1080, 2408},
		{1080, 2412},
		{1080, 2460},
		{1080, 2520},
		{1200, 2664},
		{1200, 2670},
		{1220, 2712},
		{1224, 2700},
		{1228, 2700},
		{1240, 2772},
		{1256, 2760},
		{1260, 2800},
		{1264, 2780},
		{1272, 2772},
		{1280, 2800},
		{1344, 2992},
		{1344, 2772},
		{1440, 2960},
		{1440, 3040},
		{1440, 3088},
		{1440, 3120},
		{1440, 3168},
		{1440, 3200},
		{1440, 3216},
	}
}
