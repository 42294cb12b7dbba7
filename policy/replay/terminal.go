package replay

import (
	"fmt"
	"io"
	"strings"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
)

// Terminal writes the result as tables for people, in "en" or "zh".
func (r *Result) Terminal(w io.Writer, lang string) error {
	t := &table{zh: lang == "zh"}
	t.line(t.say("%s (%s) on %d past claims: %d would have gone another way.", "%s（%s），试算 %d 份过往申请：%d 份走向不同。"), r.Name, r.Policy, r.Claims, r.Different)
	if r.Skipped > 0 {
		t.line(t.say("%d were never routed and are left out.", "%d 份从未流转，未计入。"), r.Skipped)
	}
	if r.Failed > 0 {
		t.line(t.say("%d times a condition could not be computed; such a claim goes to a person.", "有 %d 次条件无法计算，该申请转人工。"), r.Failed)
	}
	t.actions(r)
	t.money(r)
	t.line("")
	t.line(t.say("Waiting, all claims together: %.0f hours before, about %.0f after.", "等待时间合计：原 %.0f 小时，新规则约 %.0f 小时。"), r.HoursBefore, r.HoursAfter)
	t.line("%s", t.say("Forged: a person refused it as not genuine. Honest: a person granted it. The rest nobody ruled on, so nobody knows.",
		"伪造：经人工认定不实而拒绝。诚实：经人工支持。其余未经人工裁决，真相未知。"))
	if len(r.List) > 0 {
		t.differences(r)
	}
	if _, err := io.WriteString(w, t.out.String()); err != nil {
		return fmt.Errorf("printing the replay: %w", err)
	}
	return nil
}

func (t *table) actions(r *Result) {
	rows := [][]string{{
		t.say("Action", "动作"), t.say("before", "原"), t.say("after", "新"),
		t.say("forged", "伪造 原"), t.say("after", "新"), t.say("honest", "诚实 原"), t.say("after", "新"),
	}}
	for _, row := range r.Rows {
		rows = append(rows, []string{
			t.action(row.Action), fmt.Sprint(row.Before.Claims), fmt.Sprint(row.After.Claims),
			fmt.Sprint(row.Before.Forged), fmt.Sprint(row.After.Forged), fmt.Sprint(row.Before.Honest), fmt.Sprint(row.After.Honest),
		})
	}
	t.grid(rows, 1)
}

func (t *table) money(r *Result) {
	if len(r.Paid) == 0 {
		return
	}
	rows := [][]string{{t.say("Settled at once", "立即赔付"), t.say("before", "原"), t.say("after", "新"), t.say("to forged", "付给伪造 原"), t.say("after", "新")}}
	for _, p := range r.Paid {
		m := func(units int64) string {
			return strings.TrimSuffix(money.Money{Amount: units, Currency: p.Currency}.String(), " "+p.Currency)
		}
		rows = append(rows, []string{p.Currency, m(p.Before), m(p.After), m(p.OfForgedBefore), m(p.OfForgedAfter)})
	}
	t.grid(rows, 1)
}

func (t *table) differences(r *Result) {
	rows := [][]string{{t.say("Claim", "申请"), t.say("Stage", "阶段"), t.say("Before", "原"), t.say("After", "新"), t.say("Rule", "规则"), t.say("Truth", "真相"), t.say("Asked for", "申请金额")}}
	for _, d := range r.List {
		rows = append(rows, []string{d.ClaimID, string(d.Stage), t.action(d.Before), t.action(d.After), d.RuleAfter, t.truth(d.Truth), d.Ask.String()})
	}
	t.grid(rows, 6)
	if more := r.Different - len(r.List); more > 0 {
		t.line(t.say("… and %d more", "……另有 %d 份"), more)
	}
}

func (t *table) truth(v Truth) string {
	switch v {
	case Forged:
		return t.say("forged", "伪造")
	case Honest:
		return t.say("honest", "诚实")
	}
	return t.say("unknown", "未知")
}

func (t *table) action(a claim.Action) string {
	switch a {
	case claim.ActSettle:
		return t.say("settle", "直接处理")
	case claim.ActAskMerchant:
		return t.say("ask the merchant", "请商家答复")
	case claim.ActAskBuyer:
		return t.say("ask the buyer", "请买家补充")
	case claim.ActOfferReturn:
		return t.say("offer a return", "提出退货")
	case claim.ActReview:
		return t.say("a person", "人工审核")
	case claim.ActVisit:
		return t.say("a visit", "上门查看")
	case claim.ActLapse:
		return t.say("lapse", "搁置")
	}
	return string(a)
}

// table writes lines and columns.
type table struct {
	zh  bool
	out strings.Builder
}

func (t *table) say(en, zh string) string {
	if t.zh {
		return zh
	}
	return en
}

func (t *table) line(format string, args ...any) {
	fmt.Fprintf(&t.out, format, args...)
	t.out.WriteByte('\n')
}

// grid writes rows in columns; those from the numbered one on are set right.
func (t *table) grid(rows [][]string, right int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	t.line("")
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i >= right {
				b.WriteString(pad + cell + "  ")
			} else {
				b.WriteString(cell + pad + "  ")
			}
		}
		t.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// columns is how wide a terminal shows s: Chinese characters and full-width
// marks take two columns (Unicode Standard Annex 11, the blocks used here).
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6) {
			n++
		}
	}
	return n
}
