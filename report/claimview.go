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
	Headline, Badge     evidence.Text
	Ratio               string // width over height, for CSS
	Picture             template.URL
	NoPicture           evidence.Text
	Layers              []layerView
	Findings            []findingView
	Credential          *credentialView
	Limits, Next        evidence.Text
	Duty                evidence.Text // empty where there is none
}

// layerView is a reference drawn in the claim picture's frame.
type layerView struct {
	Number  int
	Name    string
	Picture template.URL
	Regions []regionView
}

// regionView is an outline, in percent of the picture.
type regionView struct {
	Number                   int // as in the list of places; 0 where it is not in it
	Left, Top, Width, Height string
	Edge                     string // extra classes where the number would be cut off
}

type findingView struct {
	Title, Strength, Text evidence.Text
	Places                []placeView
	More                  evidence.Text
	Numbers               []numberView
}

type placeView struct {
	Number int
	Where  evidence.Text
}

type numberView struct{ Name, Value string }

// newClaimView draws and words claim picture i. Its only error is ctx's: a
// picture that cannot be drawn any more is told on the page.
func newClaimView(ctx context.Context, p *painter, in *screening.Inspection, details *screening.Details, i int) (claimView, error) {
	c := in.Claim[i]
	outcome := OutcomeOf(c, len(in.References))
	v := claimView{
		Number: i + 1, Class: cardClass(outcome), Name: Clean(c.File), Format: FormatName(c.Format),
		Width: c.Width, Height: c.Height, Headline: Headline(c, len(in.References)), Badge: Badge(outcome),
		Ratio:  strconv.FormatFloat(float64(c.Width)/float64(c.Height), 'f', 5, 64),
		Limits: Limits(outcome), Next: NextStep(outcome), Credential: newCredentialView(c.C2PA), Duty: dutyText(c),
	}
	for _, f := range c.Findings {
		v.Findings = append(v.Findings, newFindingView(f))
	}
	if len(v.Findings) == 1 && outcome != NothingFound && outcome != NotCompared {
		v.Findings[0].Title = evidence.Text{EN: "Why", ZH: "依据"} // the headline has said the rest
	}
	matches := matchesOf(details, i)
	if len(matches) == 0 && p.previews >= manyPreviews {
		v.NoPicture = evidence.Text{EN: "No preview: this page already shows many pictures.", ZH: "本页图片较多，此处不再显示预览。"}
		return v, nil
	}
	v.draw(ctx, p, in, details, i, matches)
	return v, ctx.Err()
}

// draw fills in the pictures.
func (v *claimView) draw(ctx context.Context, p *painter, in *screening.Inspection, details *screening.Details, i int, matches []screening.Match) {
	side := comparedSide
	if len(matches) == 0 {
		side = previewSide
		p.previews++
	}
	picture, frame, err := p.upright(ctx, details.Claim[i], side)
	if err != nil {
		v.NoPicture = goneText()
		return
	}
	v.Picture = picture
	for n, m := range matches[:min(len(matches), mostLayers)] {
		warped, err := p.aligned(ctx, details.Claim[i], details.References[m.Reference], frame, m.Aligned)
		if err != nil {
			continue // the finding's words stay; only its picture is missing
		}
		v.Layers = append(v.Layers, layerView{
			Number: n + 1, Name: ShortName(details.References[m.Reference].File), Picture: warped,
			Regions: regionViews(in.Claim[i].Findings[m.Finding]),
		})
	}
}

func goneText() evidence.Text {
	return evidence.Text{
		EN: "The picture is not shown: its file was changed or removed after the inspection.",
		ZH: "无法显示图片：文件在鉴定之后被修改或移走了。",
	}
}

func matchesOf(details *screening.Details, claim int) []screening.Match {
	var out []screening.Match
	for _, m := range details.Matches {
		if m.Claim == claim {
			out = append(out, m)
		}
	}
	return out
}

func newFindingView(f evidence.Finding) findingView {
	v := findingView{
		Title: FindingTitle(f), Strength: StrengthWord(f.Strength), Text: f.Text,
		Numbers: numberViews(f),
	}
	places := Altered(f)
	v.More = MorePlaces(len(places))
	for i, r := range places[:min(len(places), namedPlaces)] {
		v.Places = append(v.Places, placeView{Number: i + 1, Where: Where(r)})
	}
	return v
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

func regionViews(f evidence.Finding) []regionView {
	var out []regionView
	for i, r := range Altered(f) {
		v := regionView{Left: share(r.X), Top: share(r.Y), Width: share(r.Width), Height: share(r.Height)}
		if i < namedPlaces {
			v.Number = i + 1
		}
		if r.X < 0.03 {
			v.Edge += " edge-left"
		}
		if r.Y < 0.03 {
			v.Edge += " edge-top"
		}
		out = append(out, v)
	}
	return out
}

// share writes a fraction as a percentage for CSS.
func share(x float64) string { return fmt.Sprintf("%.3f", 100*x) }

// Badge is an outcome in one or two words.
func Badge(o Outcome) evidence.Text {
	switch o {
	case Matched:
		return evidence.Text{EN: "Conclusive", ZH: "证据确凿"}
	case Declared, LikelyMatch, Contradicted:
		return evidence.Text{EN: "Needs a look", ZH: "需要复核"}
	case Hint:
		return evidence.Text{EN: "Weak hints", ZH: "微弱线索"}
	case Supported:
		return evidence.Text{EN: "Speaks for the claim", ZH: "支持申请"}
	case NothingFound:
		return evidence.Text{EN: "Nothing found", ZH: "未发现问题"}
	}
	return evidence.Text{EN: "Not compared", ZH: "未比对"}
}

func cardClass(o Outcome) string {
	switch o {
	case Matched:
		return "is-matched"
	case Declared, LikelyMatch, Contradicted:
		return "is-likely"
	case Supported, NothingFound:
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
