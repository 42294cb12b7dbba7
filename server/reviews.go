package server

import (
	"context"
	"net/http"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

type queueInput struct {
	PageParams
	Task      desk.Task    `query:"task" enum:"decide,confirm,reread"`
	Kind      claim.Kind   `query:"kind" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Reason    claim.Reason `query:"reason" enum:"damaged,wrong_item,missing,not_as_described,quality,expired,not_received,counterfeit,other"`
	Merchant  string       `query:"merchant" maxLength:"64"`
	StakesMin int          `query:"stakes_min" minimum:"0" maximum:"3"`
	AmountMin int64        `query:"amount_min" minimum:"0" maximum:"1000000000000" doc:"In minor units, whatever the currency"`
	Overdue   bool         `query:"overdue" doc:"Those due already"`
	Mine      bool         `query:"mine" doc:"Those that you hold"`
	Senior    bool         `query:"senior" doc:"Those for a senior reviewer"`
	Prefix    string       `query:"q" maxLength:"60" doc:"How the claim's id begins"`
}

func (in *queueInput) filter() desk.QueueFilter {
	return desk.QueueFilter{
		Task: in.Task, Kind: in.Kind, Reason: in.Reason, MerchantID: in.Merchant, StakesMin: in.StakesMin, AmountMin: in.AmountMin,
		Overdue: in.Overdue, Mine: in.Mine, Senior: in.Senior, Prefix: in.Prefix,
	}
}

type queueOutput struct{ Body List[desk.Queued] }

type queueSummaryOutput struct{ Body desk.QueueSummary }

type leaseInput struct {
	Body struct {
		ClaimID string    `json:"claim_id,omitempty" maxLength:"60" doc:"Left out: the most pressing case that is free"`
		Task    desk.Task `json:"task,omitempty" enum:"decide,confirm,reread" doc:"With claim_id; decide unless said otherwise"`
	}
}

type leaseOutput struct{ Body desk.Review }

type releaseInput struct {
	ClaimPath
	Body struct {
		Round int       `json:"round" minimum:"1" maximum:"2"`
		Task  desk.Task `json:"task" enum:"decide,confirm,reread"`
	}
}

// RulingBody is what a reviewer decides.
type RulingBody struct {
	Outcome  claim.Outcome      `json:"outcome" enum:"granted,partly,refused"`
	Remedy   *RemedyBody        `json:"remedy,omitempty" doc:"Left out with refused"`
	Reasons  []claim.ReasonCode `json:"reasons" minItems:"1" maxItems:"20" doc:"Codes of GET /v1/reason-codes"`
	Text     string             `json:"text,omitempty" maxLength:"4000" doc:"Both sides read it; a refusal needs it"`
	Note     string             `json:"note,omitempty" maxLength:"4000" doc:"Reviewers alone read it"`
	Findings []claim.FindingRef `json:"findings,omitempty" maxItems:"200" doc:"The findings that it rests on"`
}

func (b RulingBody) ruling() desk.Ruling {
	r := desk.Ruling{Outcome: b.Outcome, Reasons: b.Reasons, Text: b.Text, Note: b.Note, Findings: b.Findings}
	if b.Remedy != nil {
		r.Remedy = b.Remedy.remedy()
	}
	return r
}

type rulingInput struct {
	ChangeInput
	Body RulingBody
}

type noteInput struct {
	ChangeInput
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"4000" doc:"Reviewers alone read it"`
	}
}

type askInput struct {
	ChangeInput
	Body struct {
		To       claim.Party `json:"to" enum:"buyer,merchant"`
		Question text.Text   `json:"question" doc:"In both languages, where you can"`
	}
}

type rereadInput struct {
	ClaimPath
	Body struct {
		Outcome claim.Outcome `json:"outcome" enum:"granted,partly,refused"`
	}
}

// ReasonBody is a reason that a decision can carry.
type ReasonBody struct {
	Code     claim.ReasonCode `json:"code"`
	Text     text.Text        `json:"text"`
	Outcomes []claim.Outcome  `json:"outcomes" doc:"Those it may go with"`
}

type reasonsOutput struct{ Body List[ReasonBody] }

func (s *Server) registerReviews() {
	d := s.opt.Desk
	reviewer := Access{Roles: []access.Role{access.RoleReviewer, access.RoleSenior}, People: true}
	route(s, op("reviews", http.MethodGet, "/v1/reviews", "reviews", "What you may take, the most pressing first.", 200), reviewer, text.Both("The queue", "审核队列"), func(ctx context.Context, in *queueInput) (*queueOutput, error) {
		p, err := s.page(ctx, "reviews", in.PageParams)
		if err != nil {
			return nil, err
		}
		items, next, err := d.Queue(ctx, CallerOf(ctx), in.filter(), p)
		if err != nil {
			return nil, cursorError(err)
		}
		out, err := listOf(ctx, s, "reviews", items, next)
		return &queueOutput{Body: out}, err
	})
	route(s, op("reviews-summary", http.MethodGet, "/v1/reviews/summary", "reviews", "How many cases you may take: in all, overdue, due within two hours, held by you, and by task.", 200), reviewer, text.Both("The queue in figures", "队列概览"), func(ctx context.Context, _ *empty) (*queueSummaryOutput, error) {
		sum, err := d.QueueSummary(ctx, CallerOf(ctx))
		return &queueSummaryOutput{Body: sum}, err
	})
	route(s, op("lease-review", http.MethodPost, "/v1/reviews/lease", "reviews", "Gives you a case for 15 minutes; asking again renews it. Nobody else can take it meanwhile.", 200), reviewer, text.Both("Take a case", "领取案件"), func(ctx context.Context, in *leaseInput) (*leaseOutput, error) {
		r, err := d.Lease(ctx, CallerOf(ctx), in.Body.ClaimID, in.Body.Task)
		return &leaseOutput{Body: r}, err
	})
	route(s, op("release-review", http.MethodPost, "/v1/claims/{id}/release", "reviews", "Gives a case back to the queue.", 204), reviewer, text.Both("Give a case back", "退回案件"), func(ctx context.Context, in *releaseInput) (*empty, error) {
		return nil, d.Release(ctx, CallerOf(ctx), in.ID, in.Body.Round, in.Body.Task)
	})
	route(s, op("decide", http.MethodPost, "/v1/claims/{id}/decision", "reviews", "Rules on a case that you hold. From the four-eyes amount it is a proposal until a second person confirms it.", 200), reviewer, text.Both("Decide", "裁决"), s.decide)
	s.plainReview("confirm", "/confirm", "Makes another reviewer's proposal the decision.", reviewer, text.Both("Confirm a proposal", "确认裁决"), d.Confirm)
	s.plainReview("ask-visit", "/ask-visit", "Sends somebody to look at the goods.", reviewer, text.Both("Ask for a visit", "安排上门"), d.AskVisit)
	route(s, op("return-proposal", http.MethodPost, "/v1/claims/{id}/return", "reviews", "Disagrees with a proposal; a senior reviewer rules.", 200), reviewer, text.Both("Return a proposal", "退回裁决"), func(ctx context.Context, in *noteInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := d.ReturnProposal(ctx, CallerOf(ctx), in.ID, v, in.Body.Note)
		return shownClaim(ctx, c, err)
	})
	route(s, op("ask-side", http.MethodPost, "/v1/claims/{id}/ask", "reviews", "Puts a question to a side; the case comes back with the answer or when the window has run out.", 200), reviewer, text.Both("Ask a side", "向一方提问"), func(ctx context.Context, in *askInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		ask := d.AskBuyer
		if in.Body.To == claim.Merchant {
			ask = d.AskShop
		}
		c, err := ask(ctx, CallerOf(ctx), in.ID, v, in.Body.Question)
		return shownClaim(ctx, c, err)
	})
	route(s, op("reread", http.MethodPost, "/v1/claims/{id}/reread", "reviews", "Records a blind second reading; it changes nothing for the sides.", 204), reviewer, text.Both("Second reading", "盲审复核"), func(ctx context.Context, in *rereadInput) (*empty, error) {
		return nil, d.Reread(ctx, CallerOf(ctx), in.ID, in.Body.Outcome)
	})
	route(s, op("reason-codes", http.MethodGet, "/v1/reason-codes", "reviews", "The reasons that a decision can carry, in both languages.", 200), Access{Roles: allRoles, Scope: access.ScopeClaimsRead, Link: LinkOwn}, text.Both("Reason codes", "裁决理由代码"), func(context.Context, *empty) (*reasonsOutput, error) {
		out := &reasonsOutput{Body: List[ReasonBody]{Items: []ReasonBody{}}}
		for _, w := range claim.ReasonCodes {
			out.Body.Items = append(out.Body.Items, ReasonBody{Code: w.Code, Text: text.Text{EN: w.EN, ZH: w.ZH}, Outcomes: w.Outcomes})
		}
		return out, nil
	})
}

// plainReview is plain under another heading.
func (s *Server) plainReview(id, path, about string, a Access, words text.Text, f plainMove) {
	route(s, op(id, http.MethodPost, "/v1/claims/{id}"+path, "reviews", about, 200), a, words, func(ctx context.Context, in *ChangeInput) (*claimOutput, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := f(ctx, CallerOf(ctx), in.ID, v)
		return shownClaim(ctx, c, err)
	})
}

func (s *Server) decide(ctx context.Context, in *rulingInput) (*claimOutput, error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	c, err := s.opt.Desk.Decide(ctx, CallerOf(ctx), in.ID, v, in.Body.ruling())
	return shownClaim(ctx, c, err)
}
