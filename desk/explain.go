package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
)

// Explanation is a claim told from its record, at one depth.
type Explanation struct {
	Claim string `json:"claim"`
	Depth Depth  `json:"depth"`
	Lines []Line `json:"lines"`
}

// Line is one thing that happened.
type Line struct {
	At   time.Time   `json:"at"`
	By   access.Role `json:"by"`
	Kind string      `json:"kind"`
	Text text.Text   `json:"text"`
	// Detail adds why: a rule's reason, a ruling's reasons and words. Notes
	// and findings are added for reviewers.
	Detail []text.Text `json:"detail,omitempty"`
}

// Explain tells a claim's story to a caller. All depths are made from the one
// record; they differ in what is left out.
func (d *Desk) Explain(ctx context.Context, by access.Caller, id string) (Explanation, error) {
	var out Explanation
	err := d.read(ctx, func(tx Tx) error {
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if hidden, err := blind(ctx, tx, by, c); err != nil {
			return err
		} else if hidden {
			return errBlind()
		}
		events, err := tx.EventsOf(ctx, "claim/"+id)
		if err != nil {
			return err
		}
		out = explain(c, events, DepthOf(by, c))
		return nil
	})
	return out, err
}

func explain(c *claim.Claim, events []record.Event, depth Depth) Explanation {
	out := Explanation{Claim: c.ID, Depth: depth, Lines: []Line{}}
	told := teller{claim: c, depth: depth}
	if depth == DepthMerchant {
		told.untold = c.Withdrawn // of the draft, which was the buyer's alone
	}
	for _, e := range events {
		if line, ok := told.line(e); ok {
			out.Lines = append(out.Lines, line)
		}
	}
	return out
}

// A teller walks the events and the claim's lists side by side.
type teller struct {
	claim             *claim.Claim
	depth             Depth
	routing, decision int
	untold            []string // evidence of which nothing is told
}

func (t *teller) line(e record.Event) (Line, bool) {
	name := e.Kind[len("claim."):]
	l := Line{At: e.At, By: e.By.Role, Kind: e.Kind}
	if m := claim.FindMove(claim.MoveName(name)); m != nil {
		l.Text = text.Text{EN: m.EN, ZH: m.ZH}
	}
	var body struct {
		Evidence string       `json:"evidence"`
		Rule     string       `json:"rule"`
		Outcome  string       `json:"outcome"`
		Facts    string       `json:"facts"`
		Findings []any        `json:"findings"`
		Wanted   claim.Action `json:"wanted"`
		Over     string       `json:"overruled"`
	}
	if json.Unmarshal(e.Body, &body) != nil {
		return l, false
	}
	if body.Evidence != "" && slices.Contains(t.untold, body.Evidence) {
		return l, false
	}
	switch name {
	case "opened":
		l.Text = text.Text{EN: "The buyer began a claim.", ZH: "买家开始填写售后申请。"}
	case "screened":
		l.Text = text.Text{EN: "A piece of evidence was examined.", ZH: "已完成一份证据的鉴定。"}
		if t.depth == DepthReviewer {
			for _, f := range body.Findings {
				l.Detail = append(l.Detail, text.Text{EN: fmt.Sprint(f), ZH: fmt.Sprint(f)})
			}
		}
	case "reread":
		return l, t.depth == DepthReviewer && t.text(&l, "A second reader has read the case, blind.", "已完成盲审复核。")
	case string(claim.MovePropose), string(claim.MoveReturnPair):
		if t.depth != DepthReviewer {
			return l, false
		}
	}
	if body.Rule != "" && t.routing < len(t.claim.Routings) {
		t.routed(&l, t.claim.Routings[t.routing])
		t.routing++
	}
	if body.Outcome != "" && t.decision < len(t.claim.Decisions) {
		t.decided(&l, t.claim.Decisions[t.decision])
		t.decision++
	}
	return l, l.Text != text.Text{}
}

func (t *teller) text(l *Line, en, zh string) bool {
	l.Text = text.Text{EN: en, ZH: zh}
	return true
}

func (t *teller) routed(l *Line, r claim.Routed) {
	if r.Why != (text.Text{}) && r.Overruled == "" {
		l.Detail = append(l.Detail, r.Why)
	}
	// The buyer answers the question itself; the other side reads what was asked.
	if r.Action == claim.ActAskBuyer && r.Ask != (text.Text{}) && r.Overruled == "" && t.depth != DepthBuyer {
		l.Detail = append(l.Detail, text.Text{EN: "The buyer is asked: “" + r.Ask.EN + "”", ZH: "向买家提出：「" + r.Ask.ZH + "」"})
	}
	if t.depth != DepthReviewer {
		return
	}
	l.Detail = append(l.Detail, text.Text{EN: "Rule “" + r.Rule + "”, version " + r.Policy + ".", ZH: "规则「" + r.Rule + "」，版本 " + r.Policy + "。"})
	if r.Note != "" {
		l.Detail = append(l.Detail, text.Text{EN: r.Note, ZH: cmp.Or(r.NoteZH, r.Note)})
	}
	if r.Overruled != "" {
		l.Detail = append(l.Detail, text.Text{
			EN: fmt.Sprintf("The rule wanted %s; the guarantee “%s” does not let that happen.", r.Wanted, r.Overruled),
			ZH: fmt.Sprintf("规则要求「%s」，但为保障「%s」改为当前流转。", r.Wanted, r.Overruled),
		})
	}
}

func (t *teller) decided(l *Line, d claim.Decision) {
	for _, code := range d.Reasons {
		if w, ok := claim.Words(code); ok {
			l.Detail = append(l.Detail, text.Text{EN: w.EN, ZH: w.ZH})
		}
	}
	if d.Text != "" {
		l.Detail = append(l.Detail, text.Text{EN: d.Text, ZH: d.Text})
	}
	if d.Remedy.Kind != "" {
		solution := text.Text{EN: "Solution: " + kindWords[d.Remedy.Kind].EN, ZH: "处理结果：" + kindWords[d.Remedy.Kind].ZH}
		if d.Remedy.Amount.Amount > 0 { // an exchange and a repair pay nothing
			solution.EN, solution.ZH = solution.EN+", "+d.Remedy.Amount.Shown(), solution.ZH+"，"+d.Remedy.Amount.Shown()
		}
		l.Detail = append(l.Detail, text.Text{EN: solution.EN + ".", ZH: solution.ZH + "。"})
	}
	if t.depth == DepthReviewer {
		l.Detail = append(l.Detail, text.Text{EN: "By " + d.By.ID + " under version " + d.Policy + ", facts " + short(d.Facts) + ".", ZH: "由 " + d.By.ID + " 作出，规则版本 " + d.Policy + "，依据 " + short(d.Facts) + "。"})
		if d.Note != "" {
			l.Detail = append(l.Detail, text.Text{EN: d.Note, ZH: d.Note})
		}
		for _, f := range d.Findings {
			l.Detail = append(l.Detail, text.Text{EN: "Rests on " + string(f.Code) + " in " + f.Evidence + ".", ZH: "依据证据 " + f.Evidence + " 的 " + string(f.Code) + "。"})
		}
	}
}

func short(digest string) string { return digest[:min(12, len(digest))] }

var kindWords = map[claim.Kind]text.Text{
	claim.RefundOnly:    {EN: "refund without return", ZH: "仅退款"},
	claim.ReturnRefund:  {EN: "return and refund", ZH: "退货退款"},
	claim.Exchange:      {EN: "exchange", ZH: "换货"},
	claim.Repair:        {EN: "repair", ZH: "维修"},
	claim.PartialRefund: {EN: "partial refund", ZH: "部分退款"},
}
