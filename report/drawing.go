package report

import (
	"context"
	"html/template"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// drawing is what is drawn for one claim picture: the picture with its places,
// the references laid over it, and those pictures that stand next to it.
// References laid over it number their places; all other places have letters.
type drawing struct {
	*painter
	in      *screening.Inspection
	details *screening.Details
	claim   int
	drawn   map[int]bool // findings whose places are outlined
	letters []evidence.Region
	layered []evidence.Region // places that references laid over it number
	names   []string          // their numbers
}

// mostPairs is how many other pictures are drawn next to a claim picture.
const mostPairs = 4

// draw fills in the pictures.
func (d *drawing) draw(ctx context.Context, v *claimView, matches []screening.Match) {
	side := comparedSide
	if len(matches) == 0 {
		side = previewSide
	}
	facts := d.details.Claim[d.claim]
	picture, frame, err := d.upright(ctx, facts, side)
	if err != nil {
		v.NoPicture = goneText()
		return
	}
	v.Picture = picture
	findings := d.in.Claim[d.claim].Findings
	laid := map[int]bool{}
	for _, m := range matches {
		laid[m.Finding] = true
	}
	for n, m := range matches[:min(len(matches), mostLayers)] {
		ref := d.details.References[m.Reference]
		warped, err := d.aligned(ctx, facts, ref, frame, m.Aligned)
		if err != nil {
			continue // the finding's words stay; only its picture is missing
		}
		d.drawn[m.Finding] = true
		places := Altered(findings[m.Finding])
		outlines := numbered(places)
		for i, r := range places {
			d.layered, d.names = append(d.layered, r), append(d.names, outlines[i].Number)
		}
		v.Layers = append(v.Layers, layerView{Number: n + 1, Name: ShortName(ref.File), Picture: warped, Regions: outlines})
	}
	for n, f := range findings {
		if laid[n] {
			continue
		}
		places := d.placesOf(f)
		for i, r := range d.lettered(f, false) {
			d.drawn[n] = true
			if indexOf(d.layered, places[i]) < 0 { // else it has its frame
				v.Marks = merged(v.Marks, []regionView{r})
			}
		}
	}
	d.pairs(ctx, v, findings)
	all := func(p pairView) bool { return len(p.Here.Regions) == len(v.Marks) }
	v.Still = len(v.Layers) == 0 && !slices.ContainsFunc(v.Pairs, all)
}

// pairs draws the pictures that stand next to the claim picture, each once, with
// the places of all findings about it.
func (d *drawing) pairs(ctx context.Context, v *claimView, findings []evidence.Finding) {
	at, here := map[string]int{}, template.URL("")
	for n, f := range findings {
		facts, tag, ok := d.other(n, f)
		if !ok {
			continue
		}
		i, there := at[facts.File]
		if !there {
			if len(v.Pairs) == mostPairs {
				continue
			}
			picture, frame, err := d.upright(ctx, facts, previewSide)
			if err != nil {
				continue // its file was changed or removed; the words stay
			}
			if here == "" {
				if here, _, err = d.upright(ctx, d.details.Claim[d.claim], previewSide); err != nil {
					return
				}
			}
			i = len(v.Pairs)
			at[facts.File] = i
			v.Pairs = append(v.Pairs, pairView{
				Here:    sideView{Name: v.Name, Ratio: v.Ratio, Picture: here, Tag: text.Text{EN: "Claim", ZH: "买家照片"}},
				There:   sideView{Name: ShortName(facts.File), Ratio: ratioOf(frame.X, frame.Y), Picture: picture, Tag: tag},
				Caption: pairCaption(f),
			})
		}
		v.Pairs[i].Here.Regions = merged(v.Pairs[i].Here.Regions, d.lettered(f, false))
		v.Pairs[i].There.Regions = merged(v.Pairs[i].There.Regions, d.lettered(f, true))
	}
}

// other is the picture that stands next to the claim picture for finding n.
func (d *drawing) other(n int, f evidence.Finding) (facts screening.FileFacts, tag text.Text, ok bool) {
	if f.Code == evidence.ReferenceBeside {
		for _, m := range matchesOf(d.details, d.claim, func(of int) bool { return of == n }) {
			return d.details.References[m.Reference], text.Text{EN: "Reference", ZH: "对照图"}, true
		}
	}
	// Where a photo cannot tell and nobody knows where the place lies in it, there
	// is nothing to see.
	if isAngle(f.Code) && (f.Code != evidence.AngleUnseen || thereOf(f) != (evidence.Region{})) {
		i := slices.IndexFunc(d.details.Claim, func(x screening.FileFacts) bool { return x.File == f.Reference })
		if i >= 0 {
			return d.details.Claim[i], text.Text{EN: "Other photo", ZH: "另一张照片"}, true
		}
	}
	return facts, tag, false
}

func pairCaption(f evidence.Finding) text.Text {
	switch {
	case f.Code == evidence.ReferenceBeside:
		return text.Text{EN: "The outlined part of the claim photo is the reference.", ZH: "申请照片中框出的部分就是对照图。"}
	case thereOf(f) != evidence.Region{}:
		return text.Text{
			EN: "The dashed frame is where the place must lie in the other photo, by the geometry of the two.",
			ZH: "虚线框是按两张照片的几何关系推算出的同一位置。",
		}
	}
	return text.Text{EN: "Where the place lies in the other photo could not be worked out.", ZH: "无法推算该处在另一张照片中的位置。"}
}

// thereOf is where the place of an angle finding lies in the other picture; the
// zero region where that is not known.
func thereOf(f evidence.Finding) evidence.Region {
	m := f.Measured
	if !isAngle(f.Code) || m["there_width"] <= 0 || m["there_height"] <= 0 {
		return evidence.Region{}
	}
	return evidence.Region{X: m["there_x"], Y: m["there_y"], Width: m["there_width"], Height: m["there_height"], Kind: evidence.Asked}
}

// lettered outlines the places of f that are not numbered: on the claim picture,
// or on the other one. The same place has the same letter.
func (d *drawing) lettered(f evidence.Finding, there bool) []regionView {
	places := d.placesOf(f)
	if !there {
		out := make([]regionView, len(places))
		for i, r := range places {
			out[i] = newRegionView(d.letter(r), r)
		}
		return out
	}
	if r := thereOf(f); r != (evidence.Region{}) && len(places) > 0 {
		v := newRegionView(d.letter(places[0]), r)
		v.Class += " carried"
		return []regionView{v}
	}
	return nil
}

// placesOf lists what is lettered of a finding.
func (d *drawing) placesOf(f evidence.Finding) []evidence.Region {
	if f.Code == evidence.ReferenceSameCapture {
		return nil
	}
	return slices.Concat(Altered(f), besides(f), regions(f, evidence.Words))
}

// indexOf finds a place among others, whatever each is marked as.
func indexOf(places []evidence.Region, r evidence.Region) int {
	return slices.IndexFunc(places, func(x evidence.Region) bool {
		return x.X == r.X && x.Y == r.Y && x.Width == r.Width && x.Height == r.Height
	})
}

// letter names a place, by its number where it has one; beyond the alphabet
// there are no names.
func (d *drawing) letter(r evidence.Region) string {
	if i := indexOf(d.layered, r); i >= 0 {
		return d.names[i]
	}
	i := indexOf(d.letters, r)
	if i < 0 {
		i = len(d.letters)
		d.letters = append(d.letters, r)
	}
	if i >= 26 {
		return ""
	}
	return string(rune('A' + i))
}

// finding words finding n; it points at places only where they are outlined.
func (d *drawing) finding(n int, f evidence.Finding) findingView {
	v := findingView{Title: FindingTitle(f), Strength: StrengthWord(f.Strength), Text: f.Text, Numbers: numberViews(f)}
	if !d.drawn[n] {
		v.Text = evidence.WithoutPlaces(f.Text)
	}
	var outlines []regionView
	places := Altered(f)
	if f.Code == evidence.ReferenceSameCapture {
		outlines = numbered(places)
	} else {
		places = d.placesOf(f)
		outlines = d.lettered(f, false)
	}
	v.More = MorePlaces(len(places))
	for i, r := range places[:min(len(places), namedPlaces)] {
		v.Places = append(v.Places, placeView{Number: outlines[i].Number, Class: outlines[i].Class, Where: Where(r)})
	}
	return v
}

// merged adds outlines that are not there yet.
func merged(have, more []regionView) []regionView {
	for _, r := range more {
		if !slices.Contains(have, r) {
			have = append(have, r)
		}
	}
	return have
}

func numbered(places []evidence.Region) []regionView {
	var out []regionView
	for i, r := range places {
		number := ""
		if i < namedPlaces {
			number = string(rune('1' + i))
		}
		out = append(out, newRegionView(number, r))
	}
	return out
}

func newRegionView(number string, r evidence.Region) regionView {
	v := regionView{Number: number, Left: share(r.X), Top: share(r.Y), Width: share(r.Width), Height: share(r.Height)}
	if r.Kind == evidence.Asked || r.Kind == evidence.Copied {
		v.Class += " neutral"
	}
	if r.X < 0.03 {
		v.Class += " edge-left"
	}
	if r.Y < 0.03 {
		v.Class += " edge-top"
	}
	return v
}
