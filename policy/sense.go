package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
)

// possible lists the actions that make sense at each stage. What is left out
// would break a guarantee (money past a merchant who disagrees; a claim let go
// while its buyer speaks) or ask the side again that has just been asked.
var possible = map[claim.Stage][]claim.Action{
	claim.StageFiled:          {claim.ActSettle, claim.ActAskMerchant, claim.ActAskBuyer, claim.ActOfferReturn, claim.ActReview, claim.ActVisit},
	claim.StageContested:      {claim.ActAskBuyer, claim.ActOfferReturn, claim.ActReview, claim.ActVisit},
	claim.StageSupplemented:   {claim.ActSettle, claim.ActAskMerchant, claim.ActAskBuyer, claim.ActOfferReturn, claim.ActReview, claim.ActVisit},
	claim.StageDeclined:       {claim.ActAskMerchant, claim.ActAskBuyer, claim.ActReview, claim.ActVisit},
	claim.StageMerchantSilent: {claim.ActSettle, claim.ActAskBuyer, claim.ActReview, claim.ActVisit},
	claim.StageBuyerSilent:    {claim.ActLapse, claim.ActAskMerchant, claim.ActReview, claim.ActVisit},
}

// sense checks one rule against what the desk would let happen.
func (c *compiler) sense(r *Rule, at place, path string, found map[string]entry) {
	if r.Then == "" {
		return
	}
	then := c.valuePlace(found["then"])
	for _, s := range r.At {
		if !slices.Contains(possible[s], r.Then) {
			c.wrong(then, path+".then", text.Text{
				EN: string(r.Then) + " is not possible at the stage " + string(s) + "; there it can be " + strings.Join(words(possible[s]), ", "),
				ZH: "阶段 " + string(s) + " 不能用 " + string(r.Then) + "，可以用：" + strings.Join(words(possible[s]), "、"),
			})
		}
	}
	asks := r.Then == claim.ActAskBuyer || r.Then == claim.ActAskMerchant
	if e, there := found["ask"]; there && !asks {
		c.wrong(e.at, e.path, text.Bothf("%s asks nobody; leave ask out", "%s 不向任何一方提问，请去掉 ask", r.Then))
	} else if !there && asks {
		c.wrong(at, path+".ask", text.Bothf("%s needs ask: the question in both languages", "%s 需要 ask：中英文的问题", r.Then))
	}
	if e, there := found["window"]; there {
		c.ruleWindow(r, e)
	}
	if !r.broken { // what cannot be read demands nothing; one mistake is told once
		c.heardFirst(r, then, path)
		c.noCircles(r, then, path)
	}
}

// heardFirst refuses money, with or without the goods, that would go to the
// buyer before the merchant has spoken, agreed, or let the window run out.
func (c *compiler) heardFirst(r *Rule, then place, path string) {
	pays := r.Then == claim.ActSettle || r.Then == claim.ActOfferReturn
	if pays && !onlyAt(r.At, claim.StageMerchantSilent, claim.StageContested) && !r.demands("merchant", "consent") {
		c.wrong(then, path+".then", text.Text{
			EN: "no claim is paid before the merchant was heard: join the condition with && merchant.consent",
			ZH: "商家未陈述意见前不得赔付：请在条件中加上 && merchant.consent",
		})
	}
}

// noCircles refuses a rule that could ask a side again and again.
func (c *compiler) noCircles(r *Rule, then place, path string) {
	if onlyAt(r.At, claim.StageFiled) {
		return
	}
	if r.Then == claim.ActAskBuyer && !r.mentions("claim", "asked") {
		c.wrong(then, path+".then", text.Text{
			EN: "this could ask the buyer without end: compare claim.asked in the condition",
			ZH: "这样可能无休止地要求买家补充：请在条件中限制 claim.asked",
		})
	}
	if r.Then == claim.ActAskMerchant && !r.mentions("merchant", "answer") {
		c.wrong(then, path+".then", text.Text{
			EN: "this could ask the merchant without end: compare merchant.answer in the condition",
			ZH: "这样可能无休止地要求商家答复：请在条件中限制 merchant.answer",
		})
	}
}

func onlyAt(at []claim.Stage, stages ...claim.Stage) bool {
	return len(at) > 0 && !slices.ContainsFunc(at, func(s claim.Stage) bool { return !slices.Contains(stages, s) })
}

// ruleWindow reads a window of a rule's own, which must keep the floors too.
func (c *compiler) ruleWindow(r *Rule, e entry) {
	floors := map[claim.Action]time.Duration{
		claim.ActAskMerchant: claim.MinMerchantWindow, claim.ActAskBuyer: claim.MinBuyerWindow, claim.ActOfferReturn: claim.MinOfferWindow,
		claim.ActReview: time.Hour, claim.ActVisit: 24 * time.Hour,
	}
	floor, has := floors[r.Then]
	if !has {
		c.wrong(e.at, e.path, text.Bothf("%s has no window; leave it out", "%s 没有时限，请去掉 window", r.Then))
		return
	}
	r.Window = c.window(e, floor)
}

// whole checks the rules together: that the outcome of silence is named, and
// that each rule can be reached.
func (c *compiler) whole(e entry) {
	taken := map[claim.Stage]string{} // by which unconditional rule
	for _, r := range c.policy.rules {
		left := 0
		for _, s := range r.At {
			if taken[s] == "" {
				left++
			}
		}
		if left == 0 && len(r.At) > 0 {
			c.wrong(place{r.Line, 1}, e.path, text.Bothf("rule %s is never reached: rule %s takes all claims at %s", "规则 %s 永远不会用到：规则 %s 已接收阶段 %s 的全部申请", r.Name, taken[r.At[0]], r.At[0]))
		}
		if r.When == "" {
			for _, s := range r.At {
				if taken[s] == "" {
					taken[s] = r.Name
				}
			}
		}
	}
	for _, s := range []claim.Stage{claim.StageMerchantSilent, claim.StageBuyerSilent} {
		if taken[s] == "" {
			c.wrong(e.at, e.path, text.Text{
				EN: "silence must have an outcome that is named beforehand: add a rule without a condition at " + string(s),
				ZH: "沉默的后果必须事先写明：请在阶段 " + string(s) + " 加一条不带条件的规则",
			})
		}
	}
}
