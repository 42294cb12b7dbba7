package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// cursorError says a store's refusal of a cursor; ours are signed, so that it
// is one of an older version at most.
func cursorError(err error) error {
	if errors.Is(err, work.ErrBadCursor) {
		return text.Refuse(codeCursor, "query.after", "Begin the list anew.", "请从头获取列表。")
	}
	return err
}

// wordsInput is a change with free words.
type wordsInput struct {
	ChangeInput
	Body struct {
		Text string `json:"text,omitempty" maxLength:"4000" doc:"Your own words; the other side reads them"`
	}
}

// doneInput and failedInput name the order that is meant.
type doneInput struct {
	ChangeInput
	Body *struct {
		No int `json:"no,omitempty" minimum:"1" doc:"The order's number, data.remedy.no of its message; needed where the claim was ordered in several parts"`
	}
}

type failedInput struct {
	ChangeInput
	Body struct {
		No   int    `json:"no,omitempty" minimum:"1" doc:"The order's number, data.remedy.no of its message; needed where the claim was ordered in several parts"`
		Text string `json:"text,omitempty" maxLength:"4000" doc:"Why, in your own words; the buyer and the staff read them"`
	}
}

// RemedyBody is what a buyer shall get.
type RemedyBody struct {
	Kind   claim.Kind  `json:"kind" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Amount money.Money `json:"amount" doc:"What is paid back, in minor units; 0 for an exchange or a repair"`
}

func (b RemedyBody) remedy() claim.Remedy { return claim.Remedy{Kind: b.Kind, Amount: b.Amount} }

type offerInput struct {
	ChangeInput
	Body struct {
		Remedy RemedyBody `json:"remedy"`
		Text   string     `json:"text,omitempty" maxLength:"4000"`
	}
}

type appealInput struct {
	ChangeInput
	Body struct {
		Side claim.Party `json:"side,omitempty" enum:"buyer,merchant" doc:"For whom a platform appeals; left out by the sides themselves"`
		Text string      `json:"text" maxLength:"4000"`
	}
}

type extendInput struct {
	ChangeInput
	Kind work.ClockKind `path:"kind" enum:"merchant_answer,buyer_answer,offer_reply,review_due,visit_due,appeal"`
	Body struct {
		To     time.Time `json:"to" doc:"The new end, at most 14 days after the old one"`
		Reason string    `json:"reason" minLength:"1" maxLength:"4000" doc:"Both sides read it"`
	}
}

// plainMove is a use case that takes a claim and a version alone.
type plainMove func(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error)

// textMove is one that takes words besides.
type textMove func(ctx context.Context, by access.Caller, id string, version int64, text string) (*claim.Claim, error)

func (s *Server) plain(id, path, about string, a Access, words text.Text, f plainMove) {
	route(s, op(id, http.MethodPost, "/v1/claims/{id}"+path, "claims", about, 200), a, words, func(ctx context.Context, in *ChangeInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := f(ctx, CallerOf(ctx), in.ID, v)
		return shownClaim(ctx, c, err)
	})
}

func (s *Server) worded(id, path, about string, a Access, words text.Text, f textMove) {
	route(s, op(id, http.MethodPost, "/v1/claims/{id}"+path, "claims", about, 200), a, words, func(ctx context.Context, in *wordsInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := f(ctx, CallerOf(ctx), in.ID, v, in.Body.Text)
		return shownClaim(ctx, c, err)
	})
}

// registerMoves adds what the two sides and the platform do with a claim.
func (s *Server) registerMoves() {
	d := s.opt.Desk
	buyer := Access{Roles: []access.Role{access.RoleBuyer, access.RoleIntegrator}, Scope: access.ScopeClaimsWrite, Link: LinkClaim}
	shop := Access{Roles: []access.Role{access.RoleMerchant}, Scope: access.ScopeClaimsWrite, Link: LinkClaim}
	sides := Access{Roles: []access.Role{access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator}, Scope: access.ScopeClaimsWrite, Link: LinkClaim}
	carrier := Access{Roles: []access.Role{access.RoleIntegrator, access.RoleOperator}, Scope: access.ScopeClaimsWrite}
	staff := Access{Roles: []access.Role{access.RoleReviewer, access.RoleSenior, access.RoleOperator}, People: true}

	s.plain("submit-claim", "/submit", "Files a draft. Refused with code incomplete and the list under missing where evidence lacks.", buyer, text.Both("Submit a claim", "提交申请"), d.Submit)
	s.worded("accept-claim", "/accept", "The merchant's yes.", shop, text.Both("Agree to a claim", "商家同意"), d.Accept)
	s.worded("contest-claim", "/contest", "The merchant's no; a person hears it.", shop, text.Both("Disagree with a claim", "商家提出异议"), d.Contest)
	s.plain("accept-offer", "/offer/accept", "The buyer's yes to an offer.", buyer, text.Both("Accept an offer", "接受协商方案"), d.TakeOffer)
	s.plain("decline-offer", "/offer/decline", "The buyer's no to an offer; the claim goes on.", buyer, text.Both("Decline an offer", "拒绝协商方案"), d.LeaveOffer)
	s.worded("supplement-claim", "/supplement", "The buyer's answer to what was asked.", buyer, text.Both("Answer what was asked", "补充说明"), d.Supplement)
	s.plain("withdraw-claim", "/withdraw", "Ends the claim at the buyer's wish.", buyer, text.Both("Withdraw a claim", "撤销申请"), d.Withdraw)
	route(s, op("remedy-done", http.MethodPost, "/v1/claims/{id}/remedy/done", "claims", "Notes that the remedy has been carried out.", 200), carrier, text.Both("The remedy is carried out", "处理结果已执行"), func(ctx context.Context, in *doneInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		no := 0
		if in.Body != nil {
			no = in.Body.No
		}
		c, err := d.Fulfil(ctx, CallerOf(ctx), in.ID, v, no)
		return shownClaim(ctx, c, err)
	})
	route(s, op("remedy-failed", http.MethodPost, "/v1/claims/{id}/remedy/failed", "claims", "Notes that an ordered remedy was not carried out, or came back, such as a payment that the bank refused. What it took of the order is free again.", 200), carrier, text.Both("The remedy failed", "处理结果未能执行"), func(ctx context.Context, in *failedInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := d.Failed(ctx, CallerOf(ctx), in.ID, v, in.Body.No, in.Body.Text)
		return shownClaim(ctx, c, err)
	})
	s.plain("remedy-again", "/remedy/again", "Orders a remedy that failed once more, as far as what it takes is still there.", carrier, text.Both("Order a failed remedy again", "再次执行处理结果"), d.OrderAgain)
	s.plain("visited", "/visited", "Notes that the visit has taken place; a person rules next.", carrier, text.Both("The visit has taken place", "上门已完成"), d.Visited)
	route(s, op("offer", http.MethodPost, "/v1/claims/{id}/offer", "claims", "The merchant's own proposal to the buyer.", 200), shop, text.Both("Make an offer", "提出协商方案"), func(ctx context.Context, in *offerInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := d.MakeOffer(ctx, CallerOf(ctx), in.ID, v, in.Body.Remedy.remedy(), in.Body.Text)
		return shownClaim(ctx, c, err)
	})
	route(s, op("appeal", http.MethodPost, "/v1/claims/{id}/appeal", "claims", "Asks for a second look, by somebody else.", 200), sides, text.Both("Appeal", "申诉"), func(ctx context.Context, in *appealInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := d.Appeal(ctx, CallerOf(ctx), in.ID, v, in.Body.Side, in.Body.Text)
		return shownClaim(ctx, c, err)
	})
	route(s, op("extend-clock", http.MethodPost, "/v1/claims/{id}/clocks/{kind}/extend", "claims", "Moves the end of a running window, with a reason that both sides read.", 200), staff, text.Both("Extend a window", "延长时限"), func(ctx context.Context, in *extendInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := d.Extend(ctx, CallerOf(ctx), in.ID, v, in.Kind, in.Body.To, in.Body.Reason)
		return shownClaim(ctx, c, err)
	})
}
