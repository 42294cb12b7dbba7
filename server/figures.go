package server

import (
	"context"
	"net/http"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

type figuresInput struct {
	Merchant string    `query:"merchant" maxLength:"64"`
	From     time.Time `query:"from" doc:"Opened, or read again, at or after"`
	To       time.Time `query:"to" doc:"Before"`
}

type figuresOutput struct{ Body desk.Figures }

// SpanParams is embedded in the input of figures about a span of time.
type SpanParams struct {
	From   time.Time `query:"from" doc:"Submitted at or after; widened to the whole day. Left out: 30 days before to, for a shop a year"`
	To     time.Time `query:"to" doc:"Submitted before; widened to the whole day. Left out: the end of today. At most two years after from"`
	Offset int       `query:"utc_offset" minimum:"-720" maximum:"840" default:"0" example:"480" doc:"Where days begin, in minutes east of UTC"`
}

func (p SpanParams) span() desk.Span {
	return desk.Span{From: p.From.UTC(), To: p.To.UTC(), Offset: time.Duration(p.Offset) * time.Minute}
}

type spanInput struct{ SpanParams }

type spanMerchantInput struct {
	SpanParams
	Merchant string `query:"merchant" maxLength:"64" doc:"One merchant's claims alone"`
}

type claimFiguresOutput struct{ Body desk.ClaimFigures }

type detectorFiguresOutput struct{ Body desk.DetectorFigures }

type reviewerFiguresOutput struct{ Body desk.ReviewerFigures }

type shopFiguresOutput struct{ Body desk.ShopFigures }

func (s *Server) registerFigures() {
	a := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor, access.RoleSenior, access.RoleIntegrator}, Scope: access.ScopeFiguresRead}
	route(s, op("figures", http.MethodGet, "/v1/figures", "figures", "Claims by state and by reason, and how often second readings agree with the first (share and Cohen's kappa).", 200), a, text.Both("Figures", "统计"), func(ctx context.Context, in *figuresInput) (*figuresOutput, error) {
		f, err := s.opt.Desk.Figures(ctx, CallerOf(ctx), desk.ClaimFilter{MerchantID: in.Merchant, From: in.From.UTC(), To: in.To.UTC()})
		return &figuresOutput{Body: f}, err
	})
	route(s, op("claim-figures", http.MethodGet, "/v1/figures/claims", "figures", "The claims submitted in a span of days: by day, reason, merchant (the 20 with most) and finding, and the money in minor units. Outcomes are final ones.", 200), a, text.Both("Figures on claims", "申请统计"), func(ctx context.Context, in *spanMerchantInput) (*claimFiguresOutput, error) {
		f, err := s.opt.Desk.ClaimFigures(ctx, CallerOf(ctx), in.span(), in.Merchant)
		return &claimFiguresOutput{Body: f}, err
	})
	s.registerStaffFigures()
	shop := Access{Roles: []access.Role{access.RoleMerchant, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator}, Scope: access.ScopeFiguresRead}
	route(s, op("shop-figures", http.MethodGet, "/v1/figures/shop", "figures", "One merchant's claims: won (refused, lapsed, withdrawn), lost (granted, wholly or in part, also by silence), settled (agreed) and open, and how it answers. A merchant gets its own; others say which.", 200), shop, text.Both("A shop's figures", "店铺售后统计"), func(ctx context.Context, in *spanMerchantInput) (*shopFiguresOutput, error) {
		f, err := s.opt.Desk.ShopFigures(ctx, CallerOf(ctx), in.span(), in.Merchant)
		return &shopFiguresOutput{Body: f}, err
	})
}

// registerStaffFigures adds the figures that would teach evasion, or are about
// colleagues.
func (s *Server) registerStaffFigures() {
	staff := Access{Roles: []access.Role{access.RoleOperator, access.RoleSenior, access.RoleAuditor}}
	route(s, op("detector-figures", http.MethodGet, "/v1/figures/detectors", "figures", "How findings fared before people. Overturned: a person's final ruling went the other way although the finding stood. Upheld: it rests on the finding. Undecided: nobody ruled, or not on it.", 200), staff, text.Both("Figures on detectors", "检测统计"), func(ctx context.Context, in *spanInput) (*detectorFiguresOutput, error) {
		f, err := s.opt.Desk.DetectorFigures(ctx, CallerOf(ctx), in.span())
		return &detectorFiguresOutput{Body: f}, err
	})
	route(s, op("reviewer-figures", http.MethodGet, "/v1/figures/reviewers", "figures", "Each reviewer's work in a span of days: what they decided, confirmed and returned, how second readings and appeals bore it out, and how long they held a case.", 200), staff, text.Both("Figures on reviewers", "审核员统计"), func(ctx context.Context, in *spanInput) (*reviewerFiguresOutput, error) {
		f, err := s.opt.Desk.ReviewerFigures(ctx, CallerOf(ctx), in.span())
		return &reviewerFiguresOutput{Body: f}, err
	})
}
