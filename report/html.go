package report

import (
	"bufio"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// HTMLOptions tunes a page.
type HTMLOptions struct {
	Lang   string         // the language it opens in, "en" or "zh"
	Time   time.Time      // printed as the time of the inspection
	Limits imaging.Limits // for opening the pictures again
}

//go:embed page/page.html
var pageHTML string

//go:embed page/page.css
var pageCSS string

//go:embed page/page.js
var pageJS string

// HTML writes one self-contained page: no resource is loaded from anywhere,
// and its own content security policy forbids it. Pictures are opened again to
// be drawn, one claim at a time, and written out before the next is opened. A
// picture that has changed on disk since it was inspected is not shown.
func HTML(ctx context.Context, w io.Writer, in *screening.Inspection, details *screening.Details, opts HTMLOptions) error {
	tmpl, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("parsing the report's page: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := tmpl.ExecuteTemplate(out, "head", newHead(in, opts)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	painter := painter{limits: opts.Limits}
	for i := range in.Claim {
		view, err := newClaimView(ctx, &painter, in, details, i)
		if err != nil {
			return err
		}
		if err := tmpl.ExecuteTemplate(out, "claim", view); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	if err := tmpl.ExecuteTemplate(out, "foot", newFoot(in, details)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

type headView struct {
	Lang            string
	Title, Subtitle text.Text
	Found, Given    text.Text
	Time            time.Time
	Policy          string
	CSS             template.CSS
	Index           []indexView
}

type indexView struct {
	Number      int
	Name, Class string
	Badge       text.Text
}

func newHead(in *screening.Inspection, opts HTMLOptions) headView {
	count := Counts(in)
	h := headView{
		Lang:     "en",
		Title:    text.Text{EN: "Inspection · Evenhand", ZH: "图片鉴定报告 · 持平"},
		Subtitle: text.Text{EN: "Inspection report", ZH: "图片鉴定报告"},
		Found:    headSentence(count), Given: count.Given(),
		Time: opts.Time, Policy: contentPolicy(), CSS: template.CSS(pageCSS),
	}
	if opts.Lang == "zh" {
		h.Lang = "zh"
	}
	for i, c := range in.Claim {
		o := OutcomeOf(c, comparedWith(in, i))
		h.Index = append(h.Index, indexView{Number: i + 1, Name: Clean(c.File), Class: cardClass(o), Badge: Badge(o)})
	}
	return h
}

// headSentence turns the counts into a title; one photo needs no number.
func headSentence(c Count) text.Text {
	if c.Claims != 1 || c.Unreadable > 0 || c.CutShort > 0 {
		found := c.Found()
		return text.Text{EN: capital(found.EN), ZH: found.ZH}
	}
	switch c.Gravest() {
	case Matched:
		return text.Text{EN: "This photo was made from a reference", ZH: "这张照片由对照图制作而成"}
	case Declared:
		return text.Text{EN: "What this file says of itself speaks against it", ZH: "这张照片自带的信息对它不利"}
	case LikelyMatch:
		return text.Text{EN: "This photo was very likely made from a reference", ZH: "这张照片很可能由对照图制作而成"}
	case Redrawn:
		return text.Text{EN: "This photo was very likely redrawn from a reference", ZH: "这张照片很可能由对照图整幅重绘而成"}
	case Contradicted:
		return text.Text{EN: "Another photo of the goods does not show what this one does", ZH: "同一商品的另一张照片里没有这张所显示的内容"}
	case Hint:
		return text.Text{EN: "Weak hints only", ZH: "仅有微弱线索"}
	case Supported:
		return text.Text{EN: "The findings speak for the claim", ZH: "鉴定发现支持这项申请"}
	case NotesOnly:
		return text.Text{EN: "Notes only: nothing speaks against this photo", ZH: "仅有备注，没有对这张照片不利的发现"}
	case NothingFound:
		return text.Text{EN: "Nothing found against this photo", ZH: "未发现对这张照片不利的迹象"}
	}
	return text.Text{EN: "Nothing was compared", ZH: "未做比对"}
}

// contentPolicy allows the page its own style, its own script by digest, and
// pictures inside the file; nothing else.
func contentPolicy() string {
	digest := sha256.Sum256([]byte(pageJS))
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" +
		base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
}

type footView struct {
	Problems []problemView
	Files    []fileView
	Schema   string
	JS       template.JS
}

type problemView struct {
	Name string
	Text text.Text
}

type fileView struct {
	Name          string
	Role          text.Text
	Format, Size  string
	Width, Height int
	SHA256        string
	Partial       bool
}

func newFoot(in *screening.Inspection, details *screening.Details) footView {
	f := footView{Schema: in.Schema, JS: template.JS(pageJS)}
	for _, p := range in.Errors {
		f.Problems = append(f.Problems, problemView{Name: Clean(p.File), Text: p.Text})
	}
	add := func(facts []screening.FileFacts, role text.Text) {
		for _, x := range facts {
			f.Files = append(f.Files, fileView{
				Name: Clean(x.File), Role: role, Format: FormatName(x.Format), Size: fileSize(x.Bytes),
				Width: x.Width, Height: x.Height, SHA256: x.SHA256, Partial: x.Partial,
			})
		}
	}
	add(details.Claim, text.Text{EN: "claim photo", ZH: "买家照片"})
	add(details.References, text.Text{EN: "reference", ZH: "对照图"})
	return f
}

// fileSize writes n bytes as people read sizes, in powers of ten.
func fileSize(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
