package claim_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
)

var update = flag.Bool("update", false, "write docs/claim-life.md anew")

const lifePage = "../docs/claim-life.md"

// life is the page that shows a claim's life, made from the table of moves.
func life() string {
	var b strings.Builder
	b.WriteString(`# The life of a claim

Made from the table ` + "`claim.Moves`" + ` by ` + "`go test ./claim -run Life -update`" + `; a test fails when the two differ.
A move that is not here does not happen, whoever asks for it. Below the moves stand the nine guarantees
(` + "`desk/guarantees.go`" + `): they can refuse a move that the table allows, never the other way round.

` + "```mermaid\nstateDiagram-v2\n    [*] --> draft\n")
	for _, from := range claim.States {
		for _, to := range claim.States {
			var names []string
			for _, m := range claim.Moves {
				if slices.Contains(m.From, from) && slices.Contains(m.To, to) && from != to {
					names = append(names, string(m.Name))
				}
			}
			if len(names) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(names, ", "))
			}
		}
	}
	b.WriteString("    closed --> [*]\n```\n\n| move | from | to | by | in words | 说明 |\n|---|---|---|---|---|---|\n")
	for _, m := range claim.Moves {
		to := "the same"
		if len(m.To) > 0 {
			to = join(m.To)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", m.Name, join(m.From), to, join(m.By), m.EN, m.ZH)
	}
	return b.String()
}

func join[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

func TestLifeIsDrawnFromTheTable(t *testing.T) {
	want := life()
	if *update {
		if err := os.WriteFile(lifePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(lifePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/claim-life.md differs from claim.Moves; write it anew with -update")
	}
}

func TestTableIsWhole(t *testing.T) {
	reached := map[claim.State]bool{claim.Draft: true}
	for _, m := range claim.Moves {
		if m.EN == "" || m.ZH == "" || len(m.From) == 0 || len(m.By) == 0 {
			t.Errorf("%s lacks words, states or roles", m.Name)
		}
		for _, to := range m.To {
			reached[to] = true
		}
		if claim.FindMove(m.Name).Name != m.Name {
			t.Errorf("%s is there twice", m.Name)
		}
	}
	for _, s := range claim.States {
		if !reached[s] {
			t.Errorf("no move leads to %s", s)
		}
		if s != claim.Closed && !slices.ContainsFunc(claim.Moves, func(m claim.Move) bool { return slices.Contains(m.From, s) && len(m.To) > 0 }) {
			t.Errorf("no move leads out of %s", s)
		}
	}
}

func TestReasonsHaveWordsAndOutcomes(t *testing.T) {
	for _, r := range claim.ReasonCodes {
		if r.EN == "" || r.ZH == "" || len(r.Outcomes) == 0 {
			t.Errorf("%s lacks words or outcomes", r.Code)
		}
	}
}

func TestRequirements(t *testing.T) {
	cny := func(fen int64) money.Money { return money.Money{Amount: fen, Currency: "CNY"} }
	tests := []struct {
		kind   claim.Kind
		reason claim.Reason
		ask    money.Money
		want   string
	}{
		{claim.RefundOnly, claim.Damaged, cny(1000), "whole close_up second_angle"},
		{claim.RefundOnly, claim.Damaged, cny(60_000), "whole close_up second_angle unboxing"},
		{claim.ReturnRefund, claim.Damaged, cny(60_000), "whole close_up"},
		{claim.RefundOnly, claim.Damaged, money.Money{Amount: 1, Currency: "XTS"}, "whole close_up second_angle unboxing"},
		{claim.Exchange, claim.WrongItem, cny(1000), "whole label"},
		{claim.RefundOnly, claim.Expired, cny(1000), "whole label close_up"},
		{claim.RefundOnly, claim.NotReceived, cny(90_000), ""},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range claim.Requirements(tt.kind, tt.reason, tt.ask, claim.DefaultVideoFrom) {
			got = append(got, string(r.Purpose))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s for %s over %s needs %q, want %q", tt.kind, tt.reason, tt.ask, got, tt.want)
		}
	}
}

// TestOneItemMeetsOneRequirement: the same photo twice is not two angles, and
// the merchant's pictures are not the buyer's.
func TestOneItemMeetsOneRequirement(t *testing.T) {
	need := claim.Requirements(claim.RefundOnly, claim.Damaged, money.Money{Amount: 1, Currency: "CNY"}, claim.DefaultVideoFrom)
	item := func(party claim.Party, p evidence.Purpose, m evidence.Medium) claim.Exhibit {
		return claim.Exhibit{Party: party, Purpose: p, Medium: m}
	}
	have := []claim.Exhibit{item(claim.Buyer, evidence.Whole, evidence.Video), item(claim.Buyer, evidence.CloseUp, evidence.Video), item(claim.Merchant, evidence.SecondAngle, evidence.Photo)}
	missing := claim.MissingFrom(need, have)
	if len(missing) != 2 || missing[0].Purpose != evidence.CloseUp || missing[1].Purpose != evidence.SecondAngle {
		t.Errorf("missing: %+v", missing)
	}
	have = append(have, item(claim.Buyer, evidence.CloseUp, evidence.Photo), item(claim.Buyer, evidence.SecondAngle, evidence.Photo))
	if missing := claim.MissingFrom(need, have); len(missing) != 0 {
		t.Errorf("still missing: %+v", missing)
	}
}

func TestTheSamePhotoIsNotTwoAngles(t *testing.T) {
	need := claim.Requirements(claim.RefundOnly, claim.Damaged, money.Money{Amount: 1, Currency: "CNY"}, claim.DefaultVideoFrom)
	var have []claim.Exhibit
	for _, r := range need {
		have = append(have, claim.Exhibit{Party: claim.Buyer, Purpose: r.Purpose, Medium: evidence.Photo, SHA256: "same"})
	}
	if missing := claim.MissingFrom(need, have); len(missing) != 2 {
		t.Errorf("one photo sent three times leaves %d requirements open, want 2", len(missing))
	}
}

// TestRefusedMovesLeaveTheClaimAlone: an error means that nothing happened.
func TestRefusedMovesLeaveTheClaimAlone(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	c := &claim.Claim{State: claim.Draft, Round: 1, Ask: money.Money{Amount: 10, Currency: "CNY"}}
	if _, err := c.Contest(access.Actor{ID: "m", Role: access.RoleMerchant}, "no", at); err == nil || c.State != claim.Draft || len(c.Answers) != 0 {
		t.Errorf("a draft was contested: %v, %+v", err, c)
	}
	c.State = claim.AskedShop
	if _, err := c.MakeOffer(access.Actor{ID: "m", Role: access.RoleMerchant}, claim.Remedy{Kind: claim.PartialRefund, Amount: money.Money{Amount: 11, Currency: "CNY"}}, "", at); err == nil || c.State != claim.AskedShop {
		t.Errorf("an offer above what was asked for: %v, %s", err, c.State)
	}
}
