package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// registerDesk adds the routes of the desk's use cases.
func (s *Server) registerDesk() {
	s.registerOrders()
	s.registerImports()
	s.registerClaims()
	s.registerMoves()
	s.registerEvidence()
	s.registerPictures()
	s.registerSightings()
	s.registerDossiers()
	s.registerReviews()
	s.registerBulk()
	s.registerViews()
	s.registerProgress()
	s.registerPolicies()
	s.registerPolicyLife()
	s.registerParties()
	s.registerFigures()
	s.registerAudit()
	if s.opt.Webhooks != nil {
		s.registerWebhooks()
	}
}

// allRoles are all that a person or a key can hold.
var allRoles = access.Roles

// op is an operation of the desk.
func op(id, method, path, tag, about string, status int) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{tag}, Description: about, DefaultStatus: status}
}

// ClaimPath names a claim.
type ClaimPath struct {
	ID string `path:"id" maxLength:"60" example:"c01k9d0q8vfn6s3m5r7t9w1x2y4" doc:"The claim's id"`
}

// ChangeInput is the input of a change that needs no words.
type ChangeInput struct {
	ClaimPath
	IfMatch
}

// claimOutput is a claim as its caller may see it, with its version.
type claimOutput struct {
	ETag string `header:"ETag" doc:"The claim's version; send it back in If-Match to change the claim"`
	Body *claim.Claim
}

// changed is a claim as who changed it may see it: a key that may not read
// claims learns how it stands now.
func changed(by access.Caller, c *claim.Claim) *claim.Claim {
	if !by.HasScope(access.ScopeClaimsRead) {
		return &claim.Claim{ID: c.ID, State: c.State, Round: c.Round, Version: c.Version}
	}
	return desk.EyeOf(by, c).Claim(c)
}

// shownClaim answers with a claim after a change. A desk's conflict there is a
// version that is not the current one.
func shownClaim(ctx context.Context, c *claim.Claim, err error) (*claimOutput, error) {
	if e, ok := text.AsRefusal(err); ok && e.Code == text.CodeConflict {
		return nil, errVersion()
	}
	if err != nil {
		return nil, err
	}
	return &claimOutput{ETag: etag(c.Version), Body: changed(CallerOf(ctx), c)}, nil
}

// FilingBody is a new claim.
type FilingBody struct {
	OrderID string       `json:"order_id" maxLength:"64" example:"2026112300017"`
	LineIDs []string     `json:"line_ids,omitempty" maxItems:"500" doc:"The lines it is about; none: the whole order"`
	Units   UnitsBody    `json:"units,omitempty" doc:"How many units of each line, by the line's id; a line left out: all that remain of it" example:"{\"1\": 2}"`
	Kind    claim.Kind   `json:"kind" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Reason  claim.Reason `json:"reason" enum:"damaged,wrong_item,missing,not_as_described,quality,expired,not_received,counterfeit,other"`
	Ask     *money.Money `json:"ask,omitempty" doc:"In minor units, more than 0; left out: all that remains of what was paid for these units"`
	Story   string       `json:"story,omitempty" maxLength:"4000" doc:"The buyer's own words"`
	Submit  bool         `json:"submit,omitempty" doc:"File it at once, where it needs no evidence; otherwise it stays a draft"`
}

type filingInput struct{ Body FilingBody }

// UnitsBody names units of lines.
type UnitsBody map[string]int

// AmendBody is what a draft asks for from now on.
type AmendBody struct {
	LineIDs []string     `json:"line_ids,omitempty" maxItems:"500" doc:"The lines it is about; none: the whole order"`
	Units   UnitsBody    `json:"units,omitempty" doc:"How many units of each line, by the line's id; a line left out: all that remain of it" example:"{\"1\": 2}"`
	Kind    claim.Kind   `json:"kind" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Reason  claim.Reason `json:"reason" enum:"damaged,wrong_item,missing,not_as_described,quality,expired,not_received,counterfeit,other"`
	Ask     *money.Money `json:"ask,omitempty" doc:"In minor units, more than 0; left out: all that remains of what was paid for these units"`
	Story   string       `json:"story,omitempty" maxLength:"4000" doc:"The buyer's own words"`
}

type amendInput struct {
	ChangeInput
	Body AmendBody
}

// FiledBody is a claim with what its filing still lacks.
type FiledBody struct {
	Claim   *claim.Claim        `json:"claim" doc:"To a key without claims:read its id, state, round and version alone"`
	Missing []claim.Requirement `json:"missing" doc:"The evidence to add before it can be submitted"`
}

type filedOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     FiledBody
}

type claimsInput struct {
	PageParams
	State    []claim.State `query:"state" doc:"One or several, with commas" enum:"draft,screening,awaiting_merchant,awaiting_buyer,awaiting_reply,review,visit,decided,closed"`
	Kind     claim.Kind    `query:"kind" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Reason   claim.Reason  `query:"reason" enum:"damaged,wrong_item,missing,not_as_described,quality,expired,not_received,counterfeit,other"`
	Merchant string        `query:"merchant" maxLength:"64"`
	Buyer    string        `query:"buyer" maxLength:"64"`
	Order    string        `query:"order" maxLength:"64"`
	From     time.Time     `query:"from" doc:"Opened at or after"`
	To       time.Time     `query:"to" doc:"Opened before"`
	Outcome  claim.Outcome `query:"outcome" enum:"granted,partly,refused,settled,lapsed" doc:"Of the decision that stands"`
	Prefix   string        `query:"q" maxLength:"64" doc:"How the claim's or the order's id begins; among the claims of all, the newest 1000 of each are looked through"`
	Sort     string        `query:"sort" enum:"opened,due" default:"opened" doc:"opened: newest first. due: those with a running window alone, the one that ends first first"`
}

const sortDue = "due"

// ListedClaim is a claim in a list, with the window that ends first.
type ListedClaim struct {
	*claim.Claim
	Due   *time.Time     `json:"due,omitempty" doc:"When the first of the running windows ends"`
	Clock work.ClockKind `json:"clock,omitempty" doc:"Which window that is"`
}

func listed(c *claim.Claim) ListedClaim {
	out := ListedClaim{Claim: c}
	if k := c.NextClock(); k != nil {
		out.Due, out.Clock = &k.Due, k.Kind
	}
	return out
}

func (in *claimsInput) filter() desk.ClaimFilter {
	return desk.ClaimFilter{
		BuyerID: in.Buyer, MerchantID: in.Merchant, OrderID: in.Order, States: in.State, Kind: in.Kind, Reason: in.Reason,
		From: in.From.UTC(), To: in.To.UTC(), Outcome: in.Outcome, Prefix: in.Prefix, ByDue: in.Sort == sortDue,
	}
}

type claimsOutput struct{ Body List[ListedClaim] }

type caseOutput struct {
	ETag string `header:"ETag"`
	Body desk.Case
}

type eventsOutput struct{ Body List[record.Event] }

type explanationOutput struct{ Body desk.Explanation }

type contextOutput struct{ Body desk.Context }

type requirementsInput struct {
	Kind     claim.Kind   `query:"kind" required:"true" enum:"refund_only,return_refund,exchange,repair,partial_refund"`
	Reason   claim.Reason `query:"reason" required:"true" enum:"damaged,wrong_item,missing,not_as_described,quality,expired,not_received,counterfeit,other"`
	Amount   int64        `query:"amount" required:"true" minimum:"0" maximum:"1000000000000" doc:"In minor units"`
	Currency string       `query:"currency" required:"true" pattern:"^[A-Z]{3}$" example:"CNY"`
}

type requirementsOutput struct{ Body List[claim.Requirement] }

func (s *Server) registerClaims() {
	file := Access{Roles: []access.Role{access.RoleBuyer, access.RoleIntegrator}, Scope: access.ScopeClaimsWrite}
	read := Access{Roles: allRoles, Scope: access.ScopeClaimsRead}
	draft, whole, anywhere := file, read, read
	draft.Link, whole.Link, anywhere.Link = LinkClaim, LinkClaim, LinkOwn
	route(s, op("file-claim", http.MethodPost, "/v1/claims", "claims", "Opens a claim about an order. The answer lists the evidence that is still missing; add it, then submit.", 201), file, text.Both("Open a claim", "发起售后申请"), s.fileClaim)
	route(s, op("claims", http.MethodGet, "/v1/claims", "claims", "Claims that you may see, newest first or by the window that ends first.", 200), read, text.Both("List claims", "售后申请列表"), s.claims)
	route(s, op("amend-claim", http.MethodPut, "/v1/claims/{id}/draft", "claims", "Puts this in the place of what a draft asks for; evidence stays. A claim that has been submitted does not change any more.", 200), draft, text.Both("Change a draft", "修改申请草稿"), s.amendClaim)
	route(s, op("claim", http.MethodGet, "/v1/claims/{id}", "claims", "A claim with its order and its evidence, as far as you may see it.", 200), whole, text.Both("One claim, whole", "申请详情"), s.oneClaim)
	route(s, op("claim-events", http.MethodGet, "/v1/claims/{id}/events", "claims", "The record: each event names the hash of the one before.", 200), whole, text.Both("The record of a claim", "申请的事件记录"), s.claimEvents)
	route(s, op("claim-explanation", http.MethodGet, "/v1/claims/{id}/explanation", "claims", "What happened and why, told from the record.", 200), whole, text.Both("A claim explained", "申请的处理说明"), func(ctx context.Context, in *ClaimPath) (*explanationOutput, error) {
		e, err := s.opt.Desk.Explain(ctx, CallerOf(ctx), in.ID)
		return &explanationOutput{Body: e}, err
	})
	route(s, op("claim-context", http.MethodGet, "/v1/claims/{id}/context", "claims", "What stands around a case, for those who judge it: both sides' history, other claims with the same pictures, and the rule that routed it.", 200), Access{Roles: staffRoles, Scope: access.ScopeClaimsRead}, text.Both("What stands around a claim", "案件背景"), func(ctx context.Context, in *ClaimPath) (*contextOutput, error) {
		x, err := s.opt.Desk.Context(ctx, CallerOf(ctx), in.ID)
		return &contextOutput{Body: x}, err
	})
	route(s, op("requirements", http.MethodGet, "/v1/requirements", "claims", "What a filing would need under the rules that are active now.", 200), anywhere, text.Both("The evidence that a filing needs", "申请所需证据"), func(ctx context.Context, in *requirementsInput) (*requirementsOutput, error) {
		need, err := s.opt.Desk.Requirements(ctx, in.Kind, in.Reason, money.Money{Amount: in.Amount, Currency: in.Currency})
		if need == nil {
			need = []claim.Requirement{}
		}
		return &requirementsOutput{Body: List[claim.Requirement]{Items: need}}, err
	})
}

func (s *Server) fileClaim(ctx context.Context, in *filingInput) (*filedOutput, error) {
	b := in.Body
	f := desk.Filing{OrderID: b.OrderID, LineIDs: b.LineIDs, Units: b.Units, Kind: b.Kind, Reason: b.Reason, Story: b.Story, Submit: b.Submit}
	if b.Ask != nil {
		f.Ask = *b.Ask
	}
	got, err := s.opt.Desk.File(ctx, CallerOf(ctx), f)
	if err != nil {
		return nil, err
	}
	return filed(ctx, got), nil
}

func (s *Server) amendClaim(ctx context.Context, in *amendInput) (*filedOutput, error) {
	v, err := in.Version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	f := desk.Filing{LineIDs: b.LineIDs, Units: b.Units, Kind: b.Kind, Reason: b.Reason, Story: b.Story}
	if b.Ask != nil {
		f.Ask = *b.Ask
	}
	got, err := s.opt.Desk.Amend(ctx, CallerOf(ctx), in.ID, v, f)
	if e, ok := text.AsRefusal(err); ok && e.Code == text.CodeConflict {
		return nil, errVersion()
	}
	if err != nil {
		return nil, err
	}
	return filed(ctx, got), nil
}

// filed answers with a draft, or a claim just filed, and what it lacks.
func filed(ctx context.Context, got desk.Filed) *filedOutput {
	if got.Missing == nil {
		got.Missing = []claim.Requirement{}
	}
	c := changed(CallerOf(ctx), got.Claim)
	return &filedOutput{ETag: etag(c.Version), Location: "/v1/claims/" + c.ID, Body: FiledBody{Claim: c, Missing: got.Missing}}
}

func (s *Server) claims(ctx context.Context, in *claimsInput) (*claimsOutput, error) {
	list := "claims"
	if in.Sort == sortDue {
		list = "claims by due" // a cursor of one order is none of the other
	}
	p, err := s.page(ctx, list, in.PageParams)
	if err != nil {
		return nil, err
	}
	claims, next, err := s.opt.Desk.Claims(ctx, CallerOf(ctx), in.filter(), p)
	if err != nil {
		return nil, cursorError(err)
	}
	items := make([]ListedClaim, len(claims))
	for i, c := range claims {
		items[i] = listed(c)
	}
	out, err := listOf(ctx, s, list, items, next)
	return &claimsOutput{Body: out}, err
}

func (s *Server) oneClaim(ctx context.Context, in *ClaimPath) (*caseOutput, error) {
	c, err := s.opt.Desk.Case(ctx, CallerOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if c.Evidence == nil {
		c.Evidence = []evidence.Item{}
	}
	if c.References == nil {
		c.References = []evidence.Item{}
	}
	return &caseOutput{ETag: etag(c.Claim.Version), Body: c}, nil
}

func (s *Server) claimEvents(ctx context.Context, in *ClaimPath) (*eventsOutput, error) {
	list, err := s.opt.Desk.Events(ctx, CallerOf(ctx), in.ID)
	if list == nil {
		list = []record.Event{}
	}
	return &eventsOutput{Body: List[record.Event]{Items: list}}, err
}
