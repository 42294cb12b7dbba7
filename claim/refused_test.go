package claim

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestRefusedMovesSpeakBothLanguages: a refused move is a refusal that both
// sides can read, from where it is made; and it leaves the claim alone.
func TestRefusedMovesSpeakBothLanguages(t *testing.T) {
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	ann, merchant := access.Actor{ID: "ann", Role: access.RoleReviewer}, access.Actor{ID: "m1", Role: access.RoleMerchant}
	for _, tt := range []struct {
		name, en, zh string
		state        State
		move         func(*Claim) error
	}{
		{
			"by the table alone", "This is not possible now: contested is not possible for a buyer while the claim is closed.", "申请当前的状态不允许此操作。", Closed,
			func(c *Claim) error { return legal(MoveContest, c.State, Screening, access.RoleBuyer) },
		},
		{
			"with a reason", "This is not possible now: clock_extended: no such clock is running.", "暂时无法操作：没有正在计时的该项时限。", InReview,
			func(c *Claim) error { _, err := c.Extend(ClockVisit, at.Add(time.Hour), "ill", ann, at); return err },
		},
		{
			"with particulars", "This is not possible now: decided: reason damage_shown does not go with the outcome refused.", "暂时无法操作：理由 damage_shown 与结果 refused 不符。", InReview,
			func(c *Claim) error {
				_, err := c.Decide(Decision{Outcome: Refused, Reasons: []ReasonCode{"damage_shown"}, By: ann, At: at})
				return err
			},
		},
		{
			"with nothing left", "This is not possible now: accepted: nothing is left of what was paid for these goods.", "暂时无法操作：所选商品已付的款项已无余额可退。", AskedShop,
			func(c *Claim) error { c.Bound = &Bound{}; _, err := c.Accept(merchant, "", at); return err },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.move(&Claim{ID: "c1", State: tt.state, Round: 1, Kind: RefundOnly})
			e, ok := text.AsRefusal(fmt.Errorf("moving: %w", err))
			if !ok || e.Code != text.CodeIllegal || e.Text != text.Both(tt.en, tt.zh) {
				t.Errorf("%+v", e)
			}
			var illegal *IllegalError
			if !errors.As(err, &illegal) || illegal.State != tt.state {
				t.Errorf("%v does not say which move was refused", err)
			}
		})
	}
}

// TestEveryReasonIsSaidInChinese reads from the source why moves are refused.
func TestEveryReasonIsSaidInChinese(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	reasons := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "deny" {
				return true
			}
			en, zh := call.Args[3], call.Args[4]
			if lit, ok := en.(*ast.BasicLit); ok {
				reasons++
				if other, ok := zh.(*ast.BasicLit); !ok || han(lit.Value) || !han(other.Value) {
					t.Errorf("%s: %s is not said in Chinese", name, lit.Value)
				}
			}
			return true
		})
	}
	if reasons < 18 {
		t.Errorf("%d reasons were found", reasons)
	}
}
