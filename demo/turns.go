package demo

import (
	"context"
	"errors"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
)

// planner plans a move of a claim, to be made unless something else comes between.
type planner func(time.Duration, func(context.Context, *claim.Claim) (*claim.Claim, error))

// shopTurn is the merchant's answer, or its silence.
func (w *world) shopTurn(s *story, c *claim.Claim, plan planner) {
	by := w.merchants[c.MerchantID]
	dice := w.r.IntN(100)
	switch s.stays {
	case claim.AskedShop:
		return
	case claim.InReview:
		plan(w.hours(2, 8), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			return w.desk.Contest(ctx, by, c.ID, 0, "照片与我们的商品主图几乎一致，发货前有打包记录，请核实。")
		})
		return
	}
	if s.truth != honest && dice < 15 {
		dice += 20 // a shop that knows better does not give in
	}
	switch {
	case dice < 18: // silence; the window runs out
	case dice < 35:
		plan(w.hours(1, 40), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			return w.desk.Accept(ctx, by, c.ID, c.Version, pick(w, "情况属实，同意。", "抱歉给您带来不便，同意处理。", "We agree, and are sorry."))
		})
	case dice < 55 && c.Ask.Amount > 100:
		plan(w.hours(2, 44), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			r := claim.Remedy{Kind: claim.PartialRefund, Amount: money.Money{Amount: c.Ask.Amount / 2, Currency: c.Ask.Currency}}
			if w.r.IntN(3) == 0 {
				r = claim.Remedy{Kind: claim.Exchange, Amount: money.Money{Currency: c.Ask.Currency}}
			}
			return w.desk.MakeOffer(ctx, by, c.ID, c.Version, r, "您看这样处理可以吗？")
		})
	default:
		plan(w.hours(2, 46), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			if s.n%3 == 0 {
				if err := w.statement(ctx, by, c.ID, evidence.Packing, "packing.txt", "打包记录：出库称重、封箱均有监控，面单与订单一致。\nPacked and weighed on camera; the label matches the order.\n"); err != nil {
					return nil, err
				}
			}
			return w.desk.Contest(ctx, by, c.ID, 0, pick(w, "发货时完好，有打包记录。", "物流显示本人签收。", "照片与我们的商品图高度相似，请核实。", "It left us whole; please see the packing record."))
		})
	}
}

// buyerTurn answers a question or an offer, or lets it pass.
func (w *world) buyerTurn(s *story, c *claim.Claim, plan planner) {
	dice := w.r.IntN(100)
	if s.truth == forger {
		dice = min(99, dice+15)
	}
	offered := c.State == claim.Offered
	switch {
	case dice < 45:
		plan(w.hours(1, 40), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			if offered {
				return w.desk.TakeOffer(ctx, w.platform, c.ID, c.Version)
			}
			if err := w.statement(ctx, w.platform, c.ID, evidence.Other, "说明.txt", "已向快递公司查询，快递员承认投递有误。\nThe courier admits that it was left at the wrong door.\n"); err != nil {
				return nil, err
			}
			return w.desk.Supplement(ctx, w.platform, c.ID, 0, "已补充说明。")
		})
	case dice < 75 && offered:
		plan(w.hours(1, 40), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			return w.desk.LeaveOffer(ctx, w.platform, c.ID, c.Version)
		})
	case dice < 84:
		plan(w.hours(1, 40), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			return w.desk.Withdraw(ctx, w.platform, c.ID, c.Version)
		})
	}
}

// reviewTurn has a case taken and ruled on, a proposal confirmed or returned.
func (w *world) reviewTurn(s *story, c *claim.Claim, plan planner) {
	if s.stays == claim.InReview {
		return
	}
	plan(w.hours(2, 30), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
		task := desk.TaskDecide
		if c.Proposal != nil && c.Proposal.Second == nil {
			task = desk.TaskConfirm
		}
		by, err := w.lease(ctx, c.ID, task)
		if err != nil {
			return nil, err
		}
		w.now = w.now.Add(time.Duration(60+w.r.IntN(400)) * time.Second)
		switch {
		case task == desk.TaskConfirm && w.r.IntN(5) == 0:
			return w.desk.ReturnProposal(ctx, by, c.ID, c.Version, "证据不足以支持该判断，请再看一遍。")
		case task == desk.TaskConfirm:
			c, err = w.desk.Confirm(ctx, by, c.ID, c.Version)
		case w.r.IntN(12) == 0 && c.Round == 1 && c.Proposal == nil:
			return w.desk.AskBuyer(ctx, by, c.ID, c.Version, text.Text{EN: "Please send what the courier told you.", ZH: "请补充快递公司的答复。"})
		case w.r.IntN(14) == 0 && c.Round == 1 && c.Proposal == nil:
			return w.desk.AskVisit(ctx, by, c.ID, c.Version)
		default:
			r, e := w.ruling(ctx, s, c)
			if e != nil {
				return nil, e
			}
			c, err = w.desk.Decide(ctx, by, c.ID, c.Version, r)
		}
		if err == nil {
			err = w.reread(ctx, c)
		}
		return c, err
	})
}

// errNobody means that no reviewer may take a case: it stays in the queue.
var errNobody = errors.New("no reviewer is left for this case")

// lease finds a reviewer who may take the case.
func (w *world) lease(ctx context.Context, id string, task desk.Task) (access.Caller, error) {
	for _, i := range w.r.Perm(len(w.reviewers)) {
		_, err := w.desk.Lease(ctx, w.reviewers[i], id, task)
		if err == nil {
			return w.reviewers[i], nil
		}
		if _, refused := text.AsRefusal(err); !refused {
			return access.Caller{}, err
		}
	}
	return access.Caller{}, errNobody
}

// reread does the blind second reading, where the decision was drawn for one.
func (w *world) reread(ctx context.Context, c *claim.Claim) error {
	by, err := w.lease(ctx, c.ID, desk.TaskReread)
	if err != nil {
		if errors.Is(err, errNobody) {
			return nil
		}
		return err
	}
	second := pick(w, claim.Granted, claim.Partly, claim.Refused)
	if d := c.Standing(); d != nil && w.r.IntN(6) > 0 {
		second = d.Outcome
	}
	return w.desk.Reread(ctx, by, c.ID, second)
}

// ruling is what a reviewer makes of a claim: mostly right about what really
// happened, and sometimes not, which an appeal then mends.
func (w *world) ruling(ctx context.Context, s *story, c *claim.Claim) (desk.Ruling, error) {
	whole := claim.Remedy{Kind: c.Kind, Amount: c.Ask}
	right := claim.Granted
	switch s.truth {
	case forger:
		right = claim.Refused
	case mixed:
		right = pick(w, claim.Granted, claim.Partly, claim.Refused)
	}
	if first := c.Standing(); first != nil && s.truth == mixed {
		right = pick(w, first.Outcome, claim.Granted)
		if right == claim.Settled || right == claim.Lapsed { // no person's ruling came before
			right = claim.Granted
		}
	} else if first == nil && w.r.IntN(6) == 0 {
		right = pick(w, claim.Granted, claim.Refused)
	}
	var r desk.Ruling
	switch right {
	case claim.Granted:
		r = desk.Ruling{Outcome: right, Remedy: whole, Reasons: []claim.ReasonCode{"missing_shown"}, Text: "经核实，支持您的申请。"}
		if s.photos {
			r.Reasons = []claim.ReasonCode{"damage_shown"}
		}
	case claim.Partly:
		r = desk.Ruling{Outcome: right, Remedy: claim.Remedy{Kind: claim.PartialRefund, Amount: money.Money{Amount: c.Ask.Amount / 2, Currency: c.Ask.Currency}}, Reasons: []claim.ReasonCode{"partial_loss"}, Text: "双方各有依据，酌情部分退款。"}
	default:
		r = desk.Ruling{Outcome: right, Reasons: []claim.ReasonCode{"delivered_as_ordered"}, Text: "投递记录显示商品已按订单送达，暂不支持该申请。"}
		if s.photos {
			found, err := w.against(ctx, c)
			if err != nil {
				return r, err
			}
			r.Reasons, r.Findings, r.Text = []claim.ReasonCode{"not_shown"}, found, "现有照片未能证明所述问题，暂不支持该申请。"
			if len(found) > 0 {
				r.Reasons, r.Text, r.Note = []claim.ReasonCode{"not_genuine"}, "经人工逐张核对，照片未能反映收到商品的真实状况。", "与商品图逐块比对，除涂画部分外完全一致。"
			}
		}
	}
	if told := c.Remedy; told.Counts() && r.Remedy.Kind != "" && told.Kind.Pays() != r.Remedy.Kind.Pays() {
		// The platform has been told to exchange, or to pay: one is not had beside the other.
		if r.Remedy = (claim.Remedy{Kind: told.Kind, Amount: told.Amount}); told.Kind != c.Kind || told.Amount != c.Ask {
			r.Outcome, r.Reasons, r.Text = claim.Partly, []claim.ReasonCode{"partial_loss"}, "双方各有依据，按已商定的方式处理。"
		}
	}
	if first := c.Standing(); first != nil {
		r.Reasons = append(r.Reasons, "appeal_confirmed")
		if first.Outcome != r.Outcome {
			r.Reasons[len(r.Reasons)-1] = "appeal_error"
			r.Text = "重新审阅后改变原裁决。" + r.Text
		}
	}
	return r, nil
}

// against lists the strong findings that a refusal can rest on.
func (w *world) against(ctx context.Context, c *claim.Claim) (out []claim.FindingRef, err error) {
	err = w.o.Store.Read(ctx, func(tx desk.Tx) error {
		items, err := tx.EvidenceOfClaim(ctx, c.ID)
		for _, it := range items {
			if it.Screening == nil || it.Party != string(claim.Buyer) {
				continue
			}
			for _, f := range it.Screening.Findings {
				if f.Stance == evidence.Against && f.Strength.Rank() >= evidence.Strong.Rank() {
					out = append(out, claim.FindingRef{Evidence: it.ID, Code: f.Code})
				}
			}
		}
		return err
	})
	return out, err
}

// appealTurn lets the side that lost ask for a second look, now and then.
func (w *world) appealTurn(s *story, c *claim.Claim, plan planner) {
	d := c.Standing()
	if d == nil || c.Round > 1 {
		return
	}
	lost := claim.Merchant
	if d.Outcome == claim.Refused || d.Outcome == claim.Lapsed || d.Outcome == claim.Partly {
		lost = claim.Buyer
	}
	right := s.truth == honest && lost == claim.Buyer || s.truth == forger && lost == claim.Merchant
	if chance := w.r.IntN(100); chance > 15 && !(right && chance < 70) {
		return
	}
	by := w.platform
	if lost == claim.Merchant {
		by = w.merchants[c.MerchantID]
	}
	plan(w.hours(3, 150), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
		return w.desk.Appeal(ctx, by, c.ID, c.Version, lost, pick(w, "请重新核实，事实并非如此。", "有新的情况要说明，申请复核。", "Please look again: this is not what happened."))
	})
}
