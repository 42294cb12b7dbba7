package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// Change is one thing that differs between two versions, in words for both
// sides. Conditions are not shown: a rule's About says whom it takes.
type Change struct {
	// Field is what changes: "terms.merchant_window", "amounts.small",
	// "rules.NAME", "rules" (their order).
	Field string `json:"field"`
	// Major changes take something from a side, or let more happen without a
	// person; they need the longer notice. In doubt a change is major.
	Major bool      `json:"major"`
	Text  text.Text `json:"text"`
}

// Major says whether one of the changes is.
func Major(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Major })
}

// Diff tells what changes from old to new: terms, named amounts and lists, and
// rules added, removed and changed, in the order of the text. With old nil,
// where there were no rules before, everything is new and major.
func Diff(old, new *Policy) []Change {
	if old == nil {
		return []Change{{Field: "rules", Major: true, Text: text.Bothf("These are the first rules: %s.", "首次发布规则：%s。", new.name)}}
	}
	var out []Change
	out = append(out, diffTerms(old, new)...)
	out = append(out, diffAmounts(old, new)...)
	out = append(out, diffLists(old, new)...)
	return append(out, diffRules(old, new)...)
}

// termWords are the terms' names as both sides read them.
func termWords(name string) text.Text {
	switch name {
	case "merchant_window":
		return text.Text{EN: "The merchant's time to answer", ZH: "商家答复时限"}
	case "buyer_window":
		return text.Text{EN: "The buyer's time to answer", ZH: "买家补充时限"}
	case "offer_window":
		return text.Text{EN: "The buyer's time to reply to an offer", ZH: "买家回复方案的时限"}
	case "review_window":
		return text.Text{EN: "The time in which a person should decide", ZH: "人工审核时限"}
	case "visit_window":
		return text.Text{EN: "The time in which a visit should happen", ZH: "上门时限"}
	}
	return text.Text{EN: "The time to appeal", ZH: "申诉期"}
}

func diffTerms(old, new *Policy) []Change {
	var out []Change
	for _, w := range windows {
		was, is := *w.at(&old.terms), *w.at(&new.terms)
		if was == is {
			continue
		}
		// A shorter window takes time from a side that must act; a longer one
		// for the desk's own work makes both wait.
		own := w.name == "review_window" || w.name == "visit_window"
		name := termWords(w.name)
		out = append(out, Change{Field: "terms." + w.name, Major: is < was != own, Text: text.Text{
			EN: fmt.Sprintf("%s goes from %s to %s.", name.EN, lengthEN(was), lengthEN(is)),
			ZH: fmt.Sprintf("%s由%s改为%s。", name.ZH, lengthZH(was), lengthZH(is)),
		}})
	}
	for _, s := range []struct {
		field   string
		was, is map[string]int64
		name    text.Text
		// up says that a rise takes something away; otherwise a fall does.
		up bool
	}{
		{"four_eyes", old.terms.FourEyes, new.terms.FourEyes, text.Text{EN: "The amount from which two people decide", ZH: "两人复核的起点金额"}, true},
		{"hold_from", old.terms.HoldFrom, new.terms.HoldFrom, text.Text{EN: "The amount from which payment waits for the end of the appeal", ZH: "等申诉期结束再付款的起点金额"}, true},
		{"video_from", old.videoFrom, new.videoFrom, text.Text{EN: "The amount from which a video is needed", ZH: "需要视频的起点金额"}, false},
	} {
		out = append(out, diffSums("terms."+s.field, s.name, s.was, s.is, func(was, is int64) bool { return is > was == s.up })...)
	}
	if was, is := old.terms.SecondReading, new.terms.SecondReading; was != is {
		out = append(out, Change{Field: "terms.second_reading", Major: is < was, Text: text.Text{
			EN: fmt.Sprintf("The share of decisions that is read a second time goes from %s to %s.", percent(was), percent(is)),
			ZH: fmt.Sprintf("裁决的抽样复读比例由 %s 改为 %s。", percent(was), percent(is)),
		}})
	}
	return out
}

// diffSums compares amounts by currency. One that is no longer named, or newly
// so, changes from or to "always" and is major.
func diffSums(field string, name text.Text, was, is map[string]int64, major func(was, is int64) bool) []Change {
	var out []Change
	all := maps.Clone(is)
	if all == nil {
		all = map[string]int64{}
	}
	maps.Copy(all, was)
	for _, c := range slices.Sorted(maps.Keys(all)) {
		a, hadA := was[c]
		b, hasB := is[c]
		if hadA == hasB && a == b {
			continue
		}
		say := func(there bool, v int64, none string) string {
			if !there {
				return none
			}
			return money.Money{Amount: v, Currency: c}.String()
		}
		out = append(out, Change{Field: field + "." + c, Major: hadA != hasB || major(a, b), Text: text.Text{
			EN: fmt.Sprintf("%s goes from %s to %s.", name.EN, say(hadA, a, "none named for "+c), say(hasB, b, "none named for "+c)),
			ZH: fmt.Sprintf("%s由 %s 改为 %s。", name.ZH, say(hadA, a, c+" 未列出"), say(hasB, b, c+" 未列出")),
		}})
	}
	return out
}

func diffAmounts(old, new *Policy) []Change {
	var out []Change
	for _, n := range union(old.words.amounts, new.words.amounts) {
		name := text.Text{EN: "The amount “" + n + "” that rules name", ZH: "规则引用的限额“" + n + "”"}
		// Which way a limit works depends on the rules that name it, so that
		// any move of one may take something from a side.
		out = append(out, diffSums("amounts."+n, name, old.words.amounts[n], new.words.amounts[n], func(int64, int64) bool { return true })...)
	}
	return out
}

func diffLists(old, new *Policy) []Change {
	var out []Change
	for _, n := range union(old.words.lists, new.words.lists) {
		was, is := old.words.lists[n], new.words.lists[n]
		added, gone := without(is, was), without(was, is)
		if len(added)+len(gone) == 0 {
			continue
		}
		t := text.Text{EN: "The list “" + n + "” that rules name:", ZH: "规则引用的列表“" + n + "”："}
		if len(added) > 0 {
			t.EN += " added " + strings.Join(added, ", ") + "."
			t.ZH += "增加" + strings.Join(added, "、") + "。"
		}
		if len(gone) > 0 {
			t.EN += " removed " + strings.Join(gone, ", ") + "."
			t.ZH += "去掉" + strings.Join(gone, "、") + "。"
		}
		out = append(out, Change{Field: "lists." + n, Major: true, Text: t})
	}
	return out
}

func diffRules(old, new *Policy) []Change {
	var out []Change
	was := map[string]Rule{}
	for _, r := range old.Rules() {
		was[r.Name] = r
	}
	is := map[string]Rule{}
	for _, r := range new.Rules() {
		is[r.Name] = r
		before, there := was[r.Name]
		if !there {
			out = append(out, Change{Field: "rules." + r.Name, Major: !careful(r.Then), Text: text.Text{
				EN: fmt.Sprintf("New: %s %s", r.About.EN, doesEN(r)), ZH: fmt.Sprintf("新增：%s%s", r.About.ZH, doesZH(r)),
			}})
			continue
		}
		out = append(out, diffRule(before, r)...)
	}
	for _, r := range old.Rules() {
		if _, there := is[r.Name]; !there {
			out = append(out, Change{Field: "rules." + r.Name, Major: true, Text: text.Text{
				EN: fmt.Sprintf("No longer: %s %s", r.About.EN, doesEN(r)), ZH: fmt.Sprintf("取消：%s%s", r.About.ZH, doesZH(r)),
			}})
		}
	}
	if !slices.Equal(common(old, is), common(new, was)) {
		out = append(out, Change{Field: "rules", Major: true, Text: text.Text{
			EN: "The rules are tried in another order, so that another one may come first.",
			ZH: "规则的先后次序有变，先适用的规则可能不同。",
		}})
	}
	return out
}

// common lists the names of a version's rules that the other has too, in order.
func common(p *Policy, other map[string]Rule) []string {
	var out []string
	for _, r := range p.Rules() {
		if _, there := other[r.Name]; there {
			out = append(out, r.Name)
		}
	}
	return out
}

func diffRule(was, is Rule) []Change {
	var out []Change
	add := func(major bool, en, zh string, args ...any) {
		out = append(out, Change{Field: "rules." + is.Name, Major: major, Text: text.Bothf(en, zh, args...)})
	}
	if was.Then != is.Then {
		out = append(out, Change{Field: "rules." + is.Name, Major: true, Text: text.Text{
			EN: fmt.Sprintf("%s %s Until now: %s", is.About.EN, doesEN(is), doesEN(was)),
			ZH: fmt.Sprintf("%s%s此前：%s", is.About.ZH, doesZH(is), doesZH(was)),
		}})
	}
	sameTakes := was.When == is.When && slices.Equal(was.At, is.At)
	switch {
	case was.About != is.About:
		out = append(out, Change{Field: "rules." + is.Name, Major: !sameTakes, Text: text.Text{
			EN: fmt.Sprintf("This rule now takes: %s It took: %s", is.About.EN, was.About.EN),
			ZH: fmt.Sprintf("该规则现适用于：%s原适用于：%s", is.About.ZH, was.About.ZH),
		}})
	case !sameTakes:
		out = append(out, Change{Field: "rules." + is.Name, Major: true, Text: text.Text{
			EN: "The conditions of this rule change: " + is.About.EN, ZH: "该规则的条件有变：" + is.About.ZH,
		}})
	}
	if was.Window != is.Window {
		shorter := is.Window > 0 && (was.Window == 0 || is.Window < was.Window) || is.Window == 0
		out = append(out, Change{Field: "rules." + is.Name, Major: shorter, Text: text.Text{
			EN: fmt.Sprintf("%s Time to answer: %s instead of %s.", is.About.EN, lengthEN(is.Window), lengthEN(was.Window)),
			ZH: fmt.Sprintf("%s答复时限由%s改为%s。", is.About.ZH, lengthZH(was.Window), lengthZH(is.Window)),
		}})
	}
	if was.Ask != is.Ask || was.Why != is.Why {
		add(false, "The words of the rule “%s” change.", "规则“%s”的文字有改动。", is.Name)
	}
	if was.Stakes != is.Stakes {
		add(false, "The rule “%s” gives its claims another place in the reviewers' queue.", "规则“%s”的申请在审核队列中的次序有变。", is.Name)
	}
	return out
}

// careful actions ask a person or the merchant; the others move money, ask the
// buyer for something, or let a claim go.
func careful(a claim.Action) bool {
	return a == claim.ActReview || a == claim.ActAskMerchant || a == claim.ActVisit
}

func doesEN(r Rule) string {
	switch r.Then {
	case claim.ActSettle:
		return "They are settled at once, as asked for."
	case claim.ActAskMerchant:
		return "The merchant is asked."
	case claim.ActAskBuyer:
		return "The buyer is asked for more."
	case claim.ActOfferReturn:
		return "A refund against return of the goods is offered."
	case claim.ActVisit:
		return "Somebody looks at the goods on the spot."
	case claim.ActLapse:
		return "They lapse, and can be taken up again on appeal."
	}
	return "A person decides."
}

func doesZH(r Rule) string {
	switch r.Then {
	case claim.ActSettle:
		return "立即按申请处理。"
	case claim.ActAskMerchant:
		return "请商家答复。"
	case claim.ActAskBuyer:
		return "请买家补充。"
	case claim.ActOfferReturn:
		return "提出退货退款方案。"
	case claim.ActVisit:
		return "上门查看。"
	case claim.ActLapse:
		return "搁置，可通过申诉重新处理。"
	}
	return "由人工裁决。"
}

func lengthEN(d time.Duration) string {
	switch {
	case d == 0:
		return "the usual"
	case d%(24*time.Hour) == 0 && d >= 72*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + " days"
	case d == time.Hour:
		return "1 hour"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	}
	return strconv.Itoa(int(d/time.Minute)) + " minutes"
}

func lengthZH(d time.Duration) string {
	switch {
	case d == 0:
		return "通常时限"
	case d%(24*time.Hour) == 0 && d >= 72*time.Hour:
		return " " + strconv.Itoa(int(d/(24*time.Hour))) + " 天"
	case d%time.Hour == 0:
		return " " + strconv.Itoa(int(d/time.Hour)) + " 小时"
	}
	return " " + strconv.Itoa(int(d/time.Minute)) + " 分钟"
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) + "%" }

func union[V any](a, b map[string]V) []string {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// without lists what is in a and not in b.
func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}
