package claim

import (
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

// State is where a claim stands.
type State string

// The states.
const (
	Draft     State = "draft"             // being filed; nobody else sees it
	Screening State = "screening"         // detectors run, then the policy routes
	AskedShop State = "awaiting_merchant" // the merchant's window runs
	AskedBuy  State = "awaiting_buyer"    // the buyer's window runs
	Offered   State = "awaiting_reply"    // an offer lies with the buyer
	InReview  State = "review"            // a person is to rule
	Visiting  State = "visit"             // somebody looks at the goods on the spot
	Decided   State = "decided"           // ruled or settled by silence; an appeal is open
	Closed    State = "closed"            // final
)

// States lists them in the order of a claim's life.
var States = []State{Draft, Screening, AskedShop, AskedBuy, Offered, InReview, Visiting, Decided, Closed}

// MoveName names a legal move; it is the event's kind as well ("claim.<move>").
type MoveName string

// The moves.
const (
	MoveAmend       MoveName = "amended"
	MoveSubmit      MoveName = "submitted"
	MoveAskMerchant MoveName = "merchant_asked"
	MoveAskBuyer    MoveName = "buyer_asked"
	MoveOffer       MoveName = "offered"
	MoveToReview    MoveName = "sent_to_review"
	MoveToVisit     MoveName = "visit_asked"
	MoveSettle      MoveName = "settled"
	MoveSettleHeld  MoveName = "settled_by_silence"
	MoveContest     MoveName = "contested"
	MoveAccept      MoveName = "accepted"
	MoveSupplement  MoveName = "supplemented"
	MoveTakeOffer   MoveName = "offer_accepted"
	MoveLeaveOffer  MoveName = "offer_declined"
	MoveSilence     MoveName = "window_ran_out"
	MoveLapse       MoveName = "lapsed"
	MovePropose     MoveName = "decision_proposed"
	MoveDecide      MoveName = "decided"
	MoveReturnPair  MoveName = "proposal_returned"
	MoveVisited     MoveName = "visited"
	MoveAppeal      MoveName = "appealed"
	MoveClose       MoveName = "closed"
	MoveWithdraw    MoveName = "withdrawn"
	MoveEvidence    MoveName = "evidence_added"
	MoveTakeBack    MoveName = "evidence_withdrawn"
	MoveExtend      MoveName = "clock_extended"
	MoveRemedyDone  MoveName = "remedy_done"
	// A payment that did not arrive, and the second attempt.
	MoveRemedyFailed MoveName = "remedy_failed"
	MoveRemedyAgain  MoveName = "remedy_ordered_again"
	MoveOverdue      MoveName = "review_overdue"
)

// Move is one row of the table of legal moves.
type Move struct {
	Name MoveName
	From []State
	// To lists where it may lead; empty means that the state stays.
	To []State
	By []access.Role
	// EN and ZH say it as both sides read it in the timeline.
	EN, ZH string
}

// undecided are the states in which both sides can still speak.
var undecided = []State{Screening, AskedShop, AskedBuy, Offered, InReview, Visiting}

// Moves is the claim's whole life: what may happen in which state, by whom,
// and where it leads. The drawing in docs/claim-life.md is made from it.
var Moves = []Move{
	{MoveAmend, []State{Draft}, nil, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer changed the draft.", "买家修改了草稿。"},
	{MoveSubmit, []State{Draft}, []State{Screening}, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer filed the claim.", "买家提交了售后申请。"},
	{MoveAskMerchant, []State{Screening, InReview}, []State{AskedShop}, []access.Role{access.RoleMachine, access.RoleReviewer, access.RoleSenior}, "The merchant was asked.", "已请商家答复。"},
	{MoveAskBuyer, []State{Screening, InReview}, []State{AskedBuy}, []access.Role{access.RoleMachine, access.RoleReviewer, access.RoleSenior}, "The buyer was asked for more.", "已请买家补充材料。"},
	{MoveOffer, []State{Screening, AskedShop, InReview}, []State{Offered}, []access.Role{access.RoleMachine, access.RoleMerchant}, "Another solution was offered to the buyer.", "已向买家提出其他方案。"},
	{MoveToReview, []State{Screening}, []State{InReview}, []access.Role{access.RoleMachine}, "The claim went to a reviewer.", "已转人工审核。"},
	{MoveToVisit, []State{Screening, InReview}, []State{Visiting}, []access.Role{access.RoleMachine, access.RoleReviewer, access.RoleSenior}, "Somebody will look at the goods on the spot.", "将安排上门查看。"},
	{MoveSettle, []State{Screening}, []State{Closed}, []access.Role{access.RoleMachine}, "Settled within what the merchant agreed to beforehand.", "已按商家事先同意的范围处理。"},
	{MoveSettleHeld, []State{Screening}, []State{Decided}, []access.Role{access.RoleMachine}, "Settled, because the merchant's window ran out.", "商家逾期未答复，已按规则处理。"},
	{MoveContest, []State{AskedShop}, []State{Screening}, []access.Role{access.RoleMerchant}, "The merchant disagrees.", "商家提出异议。"},
	{MoveAccept, []State{AskedShop, AskedBuy, Offered, InReview, Visiting}, []State{Closed}, []access.Role{access.RoleMerchant}, "The merchant agrees.", "商家同意。"},
	{MoveSupplement, []State{AskedBuy}, []State{Screening}, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer answered.", "买家已补充材料。"},
	{MoveTakeOffer, []State{Offered}, []State{Closed}, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer accepted the offer.", "买家接受了方案。"},
	{MoveLeaveOffer, []State{Offered}, []State{Screening}, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer declined the offer.", "买家未接受方案。"},
	{MoveSilence, []State{AskedShop, AskedBuy, Offered}, []State{Screening}, []access.Role{access.RoleMachine}, "The window ran out.", "时限已到。"},
	{MoveLapse, []State{Screening}, []State{Decided}, []access.Role{access.RoleMachine}, "The claim lapsed, because the buyer did not come back.", "买家逾期未补充，申请已搁置。"},
	{MovePropose, []State{InReview}, nil, []access.Role{access.RoleReviewer, access.RoleSenior}, "A reviewer decided; a second one confirms.", "审核员已作出判断，待第二位审核员确认。"},
	{MoveReturnPair, []State{InReview}, nil, []access.Role{access.RoleReviewer, access.RoleSenior}, "The second reviewer sees it otherwise; a senior reviewer rules.", "第二位审核员有不同意见，转高级审核员。"},
	{MoveDecide, []State{InReview}, []State{Decided, Closed}, []access.Role{access.RoleReviewer, access.RoleSenior}, "A reviewer decided.", "审核员已作出裁决。"},
	{MoveVisited, []State{Visiting}, []State{InReview}, []access.Role{access.RoleMachine, access.RoleIntegrator, access.RoleOperator}, "The visit is over.", "上门查看已完成。"},
	{MoveAppeal, []State{Decided}, []State{InReview}, []access.Role{access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator}, "A side asked for a second look.", "一方提出申诉。"},
	{MoveClose, []State{Decided}, []State{Closed}, []access.Role{access.RoleMachine}, "The window for an appeal ran out.", "申诉期已过，结案。"},
	{MoveWithdraw, append([]State{Draft}, undecided...), []State{Closed}, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer withdrew the claim.", "买家撤销了申请。"},
	{MoveEvidence, append([]State{Draft, Decided}, undecided...), nil, []access.Role{access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator}, "Evidence was added.", "补充了证据。"},
	{MoveTakeBack, []State{Draft}, nil, []access.Role{access.RoleBuyer, access.RoleIntegrator}, "The buyer removed a piece of evidence from the draft.", "买家从草稿中移除了一份证据。"},
	{MoveExtend, []State{AskedShop, AskedBuy, Offered, Visiting, Decided, InReview}, nil, []access.Role{access.RoleReviewer, access.RoleSenior, access.RoleOperator}, "A window was extended.", "时限已延长。"},
	{MoveOverdue, []State{InReview}, nil, []access.Role{access.RoleMachine}, "The review is overdue; the claim moves to the front of the queue.", "审核已超时，案件已提前。"},
	{MoveRemedyDone, []State{Decided, InReview, Closed}, nil, []access.Role{access.RoleIntegrator, access.RoleOperator}, "The solution was carried out.", "处理结果已执行。"},
	{MoveRemedyFailed, []State{Decided, InReview, Closed}, nil, []access.Role{access.RoleIntegrator, access.RoleOperator}, "The solution could not be carried out.", "处理结果未能执行。"},
	{MoveRemedyAgain, []State{Decided, Closed}, nil, []access.Role{access.RoleIntegrator, access.RoleOperator}, "The solution was ordered once more.", "已再次安排执行处理结果。"},
}

// IllegalError says which move was refused and why.
type IllegalError struct {
	Move   MoveName
	State  State
	Role   access.Role
	Reason text.Text // a clause; empty when the table alone says no
}

func (e *IllegalError) Error() string {
	if e.Reason.EN != "" {
		return fmt.Sprintf("%s: %s", e.Move, e.Reason.EN)
	}
	return fmt.Sprintf("%s is not possible for a %s while the claim is %s", e.Move, e.Role, e.State)
}

// Unwrap is the refusal that both sides can read.
func (e *IllegalError) Unwrap() error {
	zh := "申请当前的状态不允许此操作。"
	if e.Reason.ZH != "" {
		zh = "暂时无法操作：" + e.Reason.ZH + "。"
	}
	return text.Refuse(text.CodeIllegal, "", "This is not possible now: "+e.Error()+".", zh)
}

// FindMove finds a row of the table by name; nil where there is none.
func FindMove(name MoveName) *Move {
	for i := range Moves {
		if Moves[i].Name == name {
			return &Moves[i]
		}
	}
	return nil
}

// legal checks a move against the table.
func legal(name MoveName, from, to State, by access.Role) error {
	m := FindMove(name)
	stays := m != nil && len(m.To) == 0 && from == to
	if m == nil || !slices.Contains(m.From, from) || !slices.Contains(m.By, by) || !stays && !slices.Contains(m.To, to) {
		return &IllegalError{Move: name, State: from, Role: by}
	}
	return nil
}
