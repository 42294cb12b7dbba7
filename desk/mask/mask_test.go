package mask_test

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// TestWhoExtendedAWindow: both sides see that a window was moved and why, and
// not which of the staff did it; the claim itself keeps who.
func TestWhoExtendedAWindow(t *testing.T) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	c := &claim.Claim{ID: "C1", Clocks: []work.Clock{{Kind: claim.ClockMerchant, Extensions: []work.Extension{{By: access.Actor{Role: access.RoleReviewer, ID: "u-ann"}, Reason: "A holiday.", At: at}}}}}
	for _, e := range []mask.Eye{{Depth: mask.Buyer, Side: claim.Buyer}, {Depth: mask.Merchant, Side: claim.Merchant}, mask.Outside} {
		x := e.Claim(c).Clocks[0].Extensions[0]
		if x.By.ID != string(access.RoleReviewer) || x.Reason != "A holiday." {
			t.Errorf("to %+v: %+v", e, x)
		}
	}
	if mine := (mask.Eye{Depth: mask.Reviewer}).Claim(c); mine.Clocks[0].Extensions[0].By.ID != "u-ann" || c.Clocks[0].Extensions[0].By.ID != "u-ann" {
		t.Error("who extended it is lost")
	}
}

// TestBlindIsAsItWasFound: what a second reader is shown of a claim after an
// appeal is what they were shown before it.
func TestBlindIsAsItWasFound(t *testing.T) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	c := &claim.Claim{
		ID: "C1", State: claim.Closed, Round: 1, Decisions: []claim.Decision{{Round: 1, Outcome: claim.Refused, At: at}},
		Evidence: []claim.Exhibit{{ID: "E1", At: at.Add(-time.Hour)}}, Routings: []claim.Routed{{At: at.Add(-2 * time.Hour)}},
	}
	later := c.Clone()
	later.State, later.Round, later.Appeals = claim.InReview, 2, []claim.Appeal{{Side: claim.Buyer, Text: "Look again.", At: at.Add(time.Hour)}}
	later.Evidence = append(later.Evidence, claim.Exhibit{ID: "E2", At: at.Add(time.Hour)})
	later.Routings = append(later.Routings, claim.Routed{At: at.Add(time.Hour)})
	later.Answers = []claim.Answer{{At: at.Add(2 * time.Hour)}}
	later.Asked = []claim.Question{{At: at.Add(2 * time.Hour)}}
	later.Offer = &claim.Offer{At: at.Add(2 * time.Hour)}
	later.Decisions = append(later.Decisions, claim.Decision{Round: 2, Outcome: claim.Granted, At: at.Add(3 * time.Hour)})
	before, after := mask.Blind(c, 1), mask.Blind(later, 1)
	if after.Round != 1 || len(after.Evidence) != 1 || len(after.Routings) != 1 || len(after.Answers)+len(after.Asked)+len(after.Appeals)+len(after.Decisions) != 0 || after.Offer != nil || after.State != before.State {
		t.Errorf("got %+v", after)
	}
	if len(later.Evidence) != 2 || later.Round != 2 {
		t.Error("the claim itself was changed")
	}
}

// TestFindingsNameNoFiles: earlier versions put the file's name of the picture
// that they compared with into a finding's words.
func TestFindingsNameNoFiles(t *testing.T) {
	name := "Wang Li 13800138000 “home” 「家」.jpg"
	it := evidence.Item{ID: "E1", Party: "buyer", Screening: &evidence.Screening{Findings: []evidence.Finding{
		{Code: evidence.ReferenceSameCapture, Stance: evidence.Against, Text: text.Text{EN: "This photo was made from the picture “" + name + "”: 40 patches.", ZH: "这张照片由「" + name + "」制作而成：40 处。"}},
		{Code: evidence.ReferenceUnreadable, Stance: evidence.Neutral, Text: text.Text{EN: "The picture “" + name + "” could not be read.", ZH: "对照图「" + name + "」无法读取。"}},
	}}}
	for _, e := range []mask.Eye{{Depth: mask.Merchant, Side: claim.Merchant}, {Depth: mask.Buyer, Side: claim.Buyer}} {
		for _, f := range e.Evidence(it).Screening.Findings {
			if text := f.Text.EN + f.Text.ZH; strings.Contains(text, "Wang") || strings.Contains(text, "home") || strings.Contains(text, "家") || !strings.Contains(f.Text.EN, "the picture of the order") && !strings.Contains(f.Text.EN, "The picture of the order") {
				t.Errorf("to %+v: %s", e, text)
			}
		}
	}
	if !strings.Contains(it.Screening.Findings[0].Text.EN, name) {
		t.Error("what was found is changed")
	}
}

// TestQuotesThatAreNoNamesStay: a Chinese sentence quotes words in “ ”, and names
// in 「 」.
func TestQuotesThatAreNoNamesStay(t *testing.T) {
	it := evidence.Item{ID: "E1", Party: "buyer", Screening: &evidence.Screening{Findings: []evidence.Finding{
		{Code: evidence.ReferenceSameCapture, Stance: evidence.Against, Text: text.Text{EN: "Made from a picture.", ZH: "由「王.jpg」制作而成，或用手机“文档模式”拍摄。"}},
	}}}
	f := (mask.Eye{Depth: mask.Merchant, Side: claim.Merchant}).Evidence(it).Screening.Findings[0]
	if f.Text.ZH != "由（该订单的影像）制作而成，或用手机“文档模式”拍摄。" {
		t.Error(f.Text.ZH)
	}
}

// TestBuyersLearnNothingByNotes: what is there only because something speaks
// against the claim is not told to the buyer, be it a note or in their favour.
func TestBuyersLearnNothingByNotes(t *testing.T) {
	all := []evidence.Finding{
		{Code: evidence.AngleUnseen, Stance: evidence.Neutral},
		{Code: evidence.AngleConsistent, Stance: evidence.For},
		{Code: evidence.TraceModelSize, Stance: evidence.Neutral},
		{Code: evidence.ReferenceSharedGraphics, Stance: evidence.Neutral},
		{Code: evidence.ReferenceBeside, Stance: evidence.Neutral},
		{Code: evidence.ReferenceSameCapture, Stance: evidence.Against},
		{Code: "provenance.camera", Stance: evidence.For},
		{Code: "provenance.nothing", Stance: evidence.Neutral},
	}
	it := evidence.Item{ID: "E", Party: "buyer", Screening: &evidence.Screening{Findings: all}}
	if got := (mask.Eye{Depth: mask.Buyer}).Evidence(it).Screening.Findings; len(got) != 2 {
		t.Errorf("a buyer is told %+v", got)
	}
	if got := (mask.Eye{Depth: mask.Merchant}).Evidence(it).Screening.Findings; len(got) != len(all) {
		t.Errorf("a merchant is told %d of %d", len(got), len(all))
	}
}

// TestNoPlaceIsPointedAt: who is shown no places reads of none, and is told a
// redrawn picture from a copied one.
func TestNoPlaceIsPointedAt(t *testing.T) {
	it := evidence.Item{ID: "E1", Party: "buyer", Screening: &evidence.Screening{Findings: []evidence.Finding{
		{
			Code: evidence.ReferenceBeside, Stance: evidence.Neutral, Regions: []evidence.Region{{Width: 1, Height: 1}},
			Text: text.Text{EN: "It is the listing itself, with straight edges (outlined).", ZH: "就是商品主图（已框出），边缘平直。"},
		},
		{
			Code: evidence.AngleConsistent, Stance: evidence.For, Regions: []evidence.Region{{Width: 1, Height: 1}},
			Text:     text.Text{EN: "What this photo shows in the outlined place is also there.", ZH: "这张照片框出处的内容，在另一张中同样存在。"},
			Measured: map[string]float64{"redrawn": 1, "there_x": 0.4},
		},
	}}}
	for _, e := range []mask.Eye{{Depth: mask.Merchant, Side: claim.Merchant}, {Depth: mask.Buyer, Side: claim.Buyer}, mask.Outside} {
		for _, f := range e.Evidence(it).Screening.Findings {
			if text := f.Text.EN + f.Text.ZH; strings.Contains(text, "outlined") || strings.Contains(text, "框") {
				t.Errorf("to %+v: %s", e, text)
			}
			if f.Regions != nil || f.Measured["there_x"] != 0 || f.Code == evidence.AngleConsistent && f.Measured["redrawn"] != 1 {
				t.Errorf("to %+v: %+v", e, f)
			}
		}
	}
}
