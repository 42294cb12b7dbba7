package report

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is an inspection with one of every outcome.
func example() *screening.Inspection {
	finding := evidence.Finding{
		Code: evidence.ReferenceSameCapture, Strength: evidence.Conclusive, Stance: evidence.Against,
		Reference: "shop/listing.jpg", FalseAlarm: 1e-6,
		Regions: []evidence.Region{
			{X: 0.02, Y: 0.05, Width: 0.08, Height: 0.1, Kind: evidence.Altered},
			{X: 0.4, Y: 0.3, Width: 0.3, Height: 0.5, Kind: evidence.Altered},
			{X: 0, Y: 0, Width: 1, Height: 0.5, Kind: evidence.Copied},
		},
		Text:     text.Text{EN: "Its fine texture lies where the listing's lies <b>.", ZH: "细微纹理与商品图逐一重合。"},
		Measured: map[string]float64{"hits": 167, "agreeing": 0.93},
	}
	strong, weak, favour := finding, finding, finding
	strong.Strength, strong.Regions = evidence.Strong, nil
	weak.Strength, weak.Regions = evidence.Weak, nil
	favour.Code, favour.Stance, favour.Strength = "capture.live", evidence.For, evidence.Strong
	redrawn, beside := strong, finding
	redrawn.Measured = map[string]float64{"redrawn": 1, "hits": 120}
	redrawn.Text = text.Text{EN: "Redrawn whole. What differs beyond that is outlined (2).", ZH: "整幅重绘。超出普遍细微差别的改动已框出，共 2 处。"}
	beside.Code, beside.Stance, beside.Strength = evidence.ReferenceBeside, evidence.Neutral, evidence.Note
	beside.FalseAlarm, beside.Regions = 0, []evidence.Region{{X: 0.5, Y: 0, Width: 0.5, Height: 1, Kind: evidence.Copied}}
	beside.Text = text.Text{EN: "About 50% of this photo is the reference (outlined).", ZH: "约 50% 的面积就是该图（已框出）。"}
	claim := func(name string, findings ...evidence.Finding) screening.ClaimFile {
		return screening.ClaimFile{File: name, Format: "jpeg", Width: 1280, Height: 960, Findings: findings}
	}
	return &screening.Inspection{
		Schema: screening.Schema,
		Claim: []screening.ClaimFile{
			claim("matched.jpg", finding), claim("likely.jpg", strong, weak), claim("hint.jpg", weak),
			claim("for.jpg", favour), claim("redrawn.jpg", redrawn), claim("beside.jpg", beside), claim("a rather long name that does not fit beside its facts on one line.jpg"),
		},
		References: []screening.ReferenceFile{{File: "shop/listing.jpg"}},
		Errors:     []screening.FileError{{File: "broken\x1b.jpg", Text: text.Text{EN: "The file is empty.", ZH: "文件是空的。"}}},
	}
}

func TestTerminalGolden(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		for _, width := range []int{80, 44} {
			var out bytes.Buffer
			if err := Terminal(&out, example(), Style{Lang: lang, Width: width}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if columns(strings.TrimSuffix(line, "\n")) > width {
					t.Errorf("wider than %d columns: %q", width, line)
				}
			}
			name := filepath.Join("testdata", lang+"-"+map[int]string{80: "wide", 44: "narrow"}[width]+".golden")
			if *update {
				if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("%s differs (go test ./report -update writes it anew); got:\n%s", name, out.String())
			}
		}
	}
}

func TestColourOnlyAddsSequences(t *testing.T) {
	var plain, coloured bytes.Buffer
	if err := errors.Join(Terminal(&plain, example(), Style{Width: 80}), Terminal(&coloured, example(), Style{Width: 80, Colour: true})); err != nil {
		t.Fatal(err)
	}
	stripped := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(coloured.String(), "")
	if stripped == coloured.String() {
		t.Error("no colour was added")
	}
	// Trailing blanks hide behind a sequence and are trimmed only without.
	trim := regexp.MustCompile(` +\n`)
	if trim.ReplaceAllString(stripped, "\n") != plain.String() {
		t.Error("colour changed the text")
	}
}

func TestWhere(t *testing.T) {
	tests := []struct {
		r      evidence.Region
		en, zh string
	}{
		{evidence.Region{X: 0.1, Y: 0.1, Width: 0.2, Height: 0.2}, "upper left, 4% of the picture", "左上，占画面 4%"},
		{evidence.Region{X: 0.4, Y: 0.4, Width: 0.2, Height: 0.2}, "centre, 4% of the picture", "中央，占画面 4%"},
		{evidence.Region{X: 0.9, Y: 0.9, Width: 0.1, Height: 0.05}, "lower right, less than 1% of the picture", "右下，占画面不到 1%"},
		{evidence.Region{Width: 1, Height: 0.8}, "most of the picture, about 80%", "大部分画面，约占 80%"},
	}
	for _, tt := range tests {
		if got := Where(tt.r); got != (text.Text{EN: tt.en, ZH: tt.zh}) {
			t.Errorf("Where(%+v) = %+v", tt.r, got)
		}
	}
}

// TestWordsInBothLanguages finds a sentence that was forgotten in one.
func TestWordsInBothLanguages(t *testing.T) {
	var texts []text.Text
	for o := Matched; o <= NotCompared; o++ {
		texts = append(texts, Badge(o), Limits(o), NextStep(o))
	}
	for _, s := range []evidence.Strength{evidence.Conclusive, evidence.Strong, evidence.Weak, evidence.Note} {
		texts = append(texts, StrengthWord(s), FindingTitle(evidence.Finding{Code: evidence.ReferenceSameCapture, Strength: s, Reference: "x"}))
	}
	count := Counts(example())
	texts = append(texts, count.Given(), count.Found(), MorePlaces(9), MorePlaces(5), goneText())
	for _, text := range texts {
		if text.EN == "" || strings.IndexFunc(text.EN, isHan) >= 0 {
			t.Errorf("English: %q (Chinese: %q)", text.EN, text.ZH)
		}
		if strings.IndexFunc(text.ZH, isHan) < 0 {
			t.Errorf("Chinese: %q (English: %q)", text.ZH, text.EN)
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// page inspects two small pictures on disk, adds a finding by hand and
// returns the page about them.
func page(ctx context.Context, t *testing.T, name string, spoil func()) (string, error) {
	t.Helper()
	return pageWith(ctx, t, name, func(*screening.Inspection, *screening.Details) { spoil() })
}

func pageOf(ctx context.Context, t *testing.T, name string, spoil func(*screening.Inspection, *screening.Details)) string {
	t.Helper()
	got, err := pageWith(ctx, t, name, spoil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func pageWith(ctx context.Context, t *testing.T, name string, spoil func(*screening.Inspection, *screening.Details)) (string, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, file := range []string{name, "listing.png"} {
		m := image.NewGray(image.Rect(0, 0, 64, 48))
		m.SetGray(3, 3, color.Gray{200})
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	in, details, err := screening.Inspect(t.Context(), []string{name}, []string{"listing.png"}, screening.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in.Claim[0].Findings = example().Claim[0].Findings
	details.Matches = []screening.Match{{Aligned: imaging.ScaleBy(1, 1)}}
	spoil(in, details)
	var out bytes.Buffer
	err = HTML(ctx, &out, in, details, HTMLOptions{Lang: "zh", Time: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	return out.String(), err
}

func TestHTMLIsSelfContained(t *testing.T) {
	got, err := page(t.Context(), t, "<script>alert(1).png", func() {})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, "data:image/jpeg;base64,"); n != 2 {
		t.Errorf("%d pictures in the page, want the claim and its reference", n)
	}
	for _, bad := range []string{"<script>alert", "http://", "https://", "<b>.", "onclick", "ZgotmplZ", "<no value>"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	if regexp.MustCompile(`(?:src|href)="[^d#]`).MatchString(got) {
		t.Error("the page refers to something outside it")
	}
	for _, good := range []string{`<html lang="zh-CN"`, `script-src &#39;sha256-`, "下一步怎么做", "What to do next", `class="region`, "SHA-256"} {
		if !strings.Contains(got, good) {
			t.Errorf("the page lacks %q", good)
		}
	}
}

func TestHTMLTellsOfChangedFile(t *testing.T) {
	got, err := page(t.Context(), t, "claim.png", func() {
		if err := os.WriteFile("claim.png", []byte("something else"), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "data:image") || strings.Contains(got, "class=\"pair") || !strings.Contains(got, goneText().EN) {
		t.Error("a picture that changed after the inspection was shown, or its absence not explained")
	}
}

func TestHTMLStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := page(ctx, t, "claim.png", cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// TestWhatIsRedrawnIsToldSo: title, outcome and limits of a redraw and of a
// bent copy are their own.
func TestWhatIsRedrawnIsToldSo(t *testing.T) {
	f := evidence.Finding{Code: evidence.ReferenceSameCapture, Strength: evidence.Strong, Stance: evidence.Against, Reference: "l.jpg"}
	plain := FindingTitle(f)
	for way, word := range map[string]string{evidence.Redrawn: "重绘", evidence.Bent: "变形"} {
		f.Measured = map[string]float64{way: 1}
		title := FindingTitle(f)
		if title == plain || !strings.Contains(title.ZH, word) {
			t.Errorf("%s is titled %+v", way, title)
		}
	}
	f.Measured = map[string]float64{evidence.Redrawn: 1}
	o := OutcomeOf(screening.ClaimFile{Findings: []evidence.Finding{f}}, Compared{References: 1})
	if o != Redrawn || Limits(o) == Limits(LikelyMatch) || !strings.Contains(Limits(o).ZH, "重绘") {
		t.Errorf("outcome %d: %+v", o, Limits(o))
	}
}

// TestNotesAreNotNothing: no line says that nothing was found above a note about
// what was.
func TestNotesAreNotNothing(t *testing.T) {
	note := evidence.Finding{Code: evidence.ReferenceBeside, Strength: evidence.Note, Stance: evidence.Neutral, Reference: "listing.jpg"}
	c := screening.ClaimFile{Findings: []evidence.Finding{note}}
	one := Compared{References: 1}
	if o := OutcomeOf(c, one); o != NotesOnly || Headline(c, one) != FindingTitle(note) || Badge(o) == Badge(NothingFound) {
		t.Errorf("outcome %d, %+v", o, Headline(c, one))
	}
	// What an editor wrote into the file is no answer to "from which picture?".
	c.Findings[0].Code = evidence.ProvenanceGeneratorTrace
	if o := OutcomeOf(c, one); o != NothingFound {
		t.Errorf("outcome %d", o)
	}
}

// TestPhotosLaidBesideEachOtherAreCompared: without a reference, photos that
// were asked about a place on another one are not called "not compared".
func TestPhotosLaidBesideEachOtherAreCompared(t *testing.T) {
	unseen := evidence.Finding{Code: evidence.AngleUnseen, Strength: evidence.Note, Stance: evidence.Neutral, Reference: "claim/b.jpg"}
	in := &screening.Inspection{Claim: []screening.ClaimFile{
		{File: "claim/a.jpg", SHA256: "1", Findings: []evidence.Finding{unseen}}, {File: "claim/b.jpg", SHA256: "2"}, {File: "claim/c.jpg", SHA256: "3"},
	}}
	found := Counts(in).Found()
	if found.EN != "1 with notes only, 2 with nothing found" {
		t.Errorf("%q", found.EN)
	}
	for _, lang := range []string{"en", "zh"} {
		var out bytes.Buffer
		if err := Terminal(&out, in, Style{Lang: lang, Width: 80}); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []string{"Nothing to compare", "no comparison was made", "没有可以比对", "没有做任何比对", "Reference  ", "对照图   "} {
			if strings.Contains(out.String(), wrong) {
				t.Errorf("%q in:\n%s", wrong, out.String())
			}
		}
	}
	in.Claim[0].Findings = nil
	if found := Counts(in).Found(); found.EN != "3 not compared" {
		t.Errorf("%q", found.EN)
	}
}

// TestWhatIsCalledOutlinedIsDrawn: the page draws the places that a sentence
// calls outlined, with the other picture next to the claim's where that is what
// it speaks of; where it draws none, no sentence says so.
func TestWhatIsCalledOutlinedIsDrawn(t *testing.T) {
	beside := example().Claim[5].Findings[0]
	angle := beside
	angle.Code, angle.Reference = evidence.AngleInconsistent, "claim.png"
	angle.Text = text.Text{EN: "What this photo shows in the outlined place is not there.", ZH: "这张照片框出处的内容并不存在。"}
	angle.Measured = map[string]float64{"there_x": 0.1, "there_y": 0.2, "there_width": 0.3, "there_height": 0.1}
	angle.Regions = []evidence.Region{{X: 0.2, Y: 0.2, Width: 0.3, Height: 0.1, Kind: evidence.Asked}}
	show := func(f evidence.Finding, match bool, spoil func()) string {
		t.Helper()
		return pageOf(t.Context(), t, "claim.png", func(in *screening.Inspection, details *screening.Details) {
			in.Claim[0].Findings = []evidence.Finding{f}
			if !match {
				details.Matches = nil
			}
			spoil()
		})
	}
	nothing := func() {}
	if got := show(beside, true, nothing); strings.Count(got, "data:image/jpeg") != 2 || strings.Count(got, `class="region neutral`) != 1 ||
		!strings.Contains(got, `class="pair"`) || strings.Contains(got, "data-compare>") || !strings.Contains(got, "outlined") {
		t.Error("the listing beside another picture is not drawn next to the claim photo")
	}
	if got := show(angle, false, nothing); strings.Count(got, "data:image/jpeg") != 2 || strings.Count(got, `class="region neutral`) != 2 ||
		strings.Count(got, " carried") != 1 || !strings.Contains(got, "outlined place") {
		t.Error("the other photo is not drawn, with the place on both")
	}
	gone := func() { _ = os.Remove("claim.png") }
	if got := show(angle, false, gone); strings.Contains(got, "outlined place") || !strings.Contains(got, "shows in one place is not there") {
		t.Error("nothing is drawn, and yet a place is called outlined")
	}
}
