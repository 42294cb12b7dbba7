package report

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// How much of an inspection is drawn. A page has to open on a phone, so what
// has no finding is small, and a folder of thousands shows its first pictures
// and lists the rest in words.
const (
	comparedSide = 1600 // longest side of a compared picture, in pixels
	previewSide  = 900  // of a picture without a finding
	manyPreviews = 60   // from then on no preview is drawn
	mostLayers   = 6    // references drawn for one claim picture, strongest first
)

// claimView is one claim picture as the page's template wants it.
type claimView struct {
	Number              int
	Class, Name, Format string
	Width, Height       int
	Headline, Badge     text.Text
	Ratio               string // width over height, for CSS
	Picture             template.URL
	NoPicture           text.Text
	Marks               []regionView // drawn on it whatever it is compared with
	Layers              []layerView
	Pairs               []pairView
	Still               bool // drawn by itself, with its marks
	Findings            []findingView
	Credential          *credentialView
	Limits, Next        text.Text
	Duty                text.Text // empty where there is none
}

// layerView is a reference drawn in the claim picture's frame.
type layerView struct {
	Number  int
	Name    string
	Picture template.URL
	Regions []regionView
}

// pairView is the claim picture and another one next to it, each with its
// places: another photo of the goods, or a reference that is only a part of
// the claim picture.
type pairView struct {
	Here, There sideView
	Caption     text.Text
}

type sideView struct {
	Name, Ratio string
	Tag         text.Text
	Picture     template.URL
	Regions     []regionView
}

// regionView is an outline, in percent of the picture.
type regionView struct {
	Number                   string // as in the list of places; empty where it is not in it
	Left, Top, Width, Height string
	Class                    string // extra classes: what it marks, and where the number would be cut off
}

type findingView struct {
	Title, Strength, Text text.Text
	Places                []placeView
	More                  text.Text
	Numbers               []numberView
}

type placeView struct {
	Number string
	Class  string // as its outline's
	Where  text.Text
}

type numberView struct{ Name, Value string }

// newClaimView draws and words claim picture i. Its only error is ctx's: a
// picture that cannot be drawn any more is told on the page.
func newClaimView(ctx context.Context, p *painter, in *screening.Inspection, details *screening.Details, i int) (claimView, error) {
	c, with := in.Claim[i], comparedWith(in, i)
	outcome := OutcomeOf(c, with)
	v := claimView{
		Number: i + 1, Class: cardClass(outcome), Name: Clean(c.File), Format: FormatName(c.Format),
		Width: c.Width, Height: c.Height, Headline: Headline(c, with), Badge: Badge(outcome),
		Ratio:  ratioOf(c.Width, c.Height),
		Limits: Limits(outcome), Next: NextStep(outcome), Credential: newCredentialView(c.C2PA), Duty: dutyText(c),
	}
	d := drawing{painter: p, in: in, details: details, claim: i, drawn: map[int]bool{}}
	matches := matchesOf(details, i, func(n int) bool { return c.Findings[n].Code != evidence.ReferenceBeside })
	quiet := len(matches) == 0 && !slices.ContainsFunc(c.Findings, func(f evidence.Finding) bool { return len(f.Regions) > 0 })
	if quiet && p.previews >= manyPreviews {
		v.NoPicture = text.Text{EN: "No preview: this page already shows many pictures.", ZH: "本页图片较多，此处不再显示预览。"}
	} else {
		if quiet {
			p.previews++
		}
		d.draw(ctx, &v, matches)
	}
	for n, f := range c.Findings {
		v.Findings = append(v.Findings, d.finding(n, f))
	}
	if len(v.Findings) == 1 && outcome != NothingFound && outcome != NotCompared {
		v.Findings[0].Title = text.Text{EN: "Why", ZH: "依据"} // the headline has said the rest
	}
	return v, ctx.Err()
}

func ratioOf(w, h int) string { return strconv.FormatFloat(float64(w)/float64(h), 'f', 5, 64) }

func goneText() text.Text {
	return text.Text{
		EN: "The picture is not shown: its file was changed or removed after the inspection.",
		ZH: "无法显示图片：文件在鉴定之后被修改或移走了。",
	}
}

// matchesOf lists the matches of a claim picture whose finding is wanted.
func matchesOf(details *screening.Details, claim int, wanted func(finding int) bool) []screening.Match {
	var out []screening.Match
	for _, m := range details.Matches {
		if m.Claim == claim && wanted(m.Finding) {
			out = append(out, m)
		}
	}
	return out
}

func numberViews(f evidence.Finding) []numberView {
	var out []numberView
	if f.FalseAlarm > 0 {
		out = append(out, numberView{"false_alarm", strconv.FormatFloat(f.FalseAlarm, 'g', 3, 64)})
	}
	names := make([]string, 0, len(f.Measured))
	for name := range f.Measured {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		out = append(out, numberView{name, strconv.FormatFloat(f.Measured[name], 'g', 5, 64)})
	}
	return out
}

// share writes a fraction as a percentage for CSS.
func share(x float64) string { return fmt.Sprintf("%.3f", 100*x) }

// Badge is an outcome in one or two words.
func Badge(o Outcome) text.Text {
	switch o {
	case Matched:
		return text.Text{EN: "Conclusive", ZH: "证据确凿"}
	case Declared, LikelyMatch, Redrawn, Contradicted:
		return text.Text{EN: "Needs a look", ZH: "需要复核"}
	case Hint:
		return text.Text{EN: "Weak hints", ZH: "微弱线索"}
	case Supported:
		return text.Text{EN: "Speaks for the claim", ZH: "支持申请"}
	case NotesOnly:
		return text.Text{EN: "Notes only", ZH: "仅有备注"}
	case NothingFound:
		return text.Text{EN: "Nothing found", ZH: "未发现问题"}
	}
	return text.Text{EN: "Not compared", ZH: "未比对"}
}

func cardClass(o Outcome) string {
	switch o {
	case Matched:
		return "is-matched"
	case Declared, LikelyMatch, Redrawn, Contradicted:
		return "is-likely"
	case Supported, NotesOnly, NothingFound:
		return "is-calm"
	}
	return "is-plain"
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
