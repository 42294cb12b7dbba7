package desk

import (
	"strings"
	"testing"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
)

// TestWhatTheBuyerIsAskedIsTold: the other side reads the question, and no note
// that is the reviewers' alone.
func TestWhatTheBuyerIsAskedIsTold(t *testing.T) {
	r := claim.Routed{Routing: claim.Routing{
		Rule: "another-angle", Action: claim.ActAskBuyer, Note: "For us.", NoteZH: "仅供内部。",
		Why: text.Text{EN: "Photos may help.", ZH: "照片有帮助。"}, Ask: text.Text{EN: "Please take two more.", ZH: "请再拍两张。"},
	}}
	for depth, want := range map[Depth][3]bool{ // the question, the note in Chinese, in English
		DepthBuyer: {false, false, false}, DepthMerchant: {true, false, false}, DepthReviewer: {true, true, true},
	} {
		var l Line
		(&teller{depth: depth}).routed(&l, r)
		var all []string
		for _, d := range l.Detail {
			all = append(all, d.EN, d.ZH)
		}
		text := strings.Join(all, "\n")
		got := [3]bool{
			strings.Contains(text, "Please take two more.") && strings.Contains(text, "请再拍两张。"),
			strings.Contains(text, "仅供内部。"), strings.Contains(text, "For us."),
		}
		if got != want {
			t.Errorf("%s is told %q", depth, text)
		}
	}
}
