package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/policy/replay"
	"github.com/evenhand/evenhand/text"
)

// PolicyPath names a version of the rules.
type PolicyPath struct {
	ID string `path:"id" maxLength:"40" example:"P0123456789abcdef" doc:"The version's id"`
}

type policyOutput struct{ Body desk.PolicyVersion }

type policiesOutput struct{ Body List[desk.PolicyVersion] }

type loadedOutput struct {
	Body struct {
		ID string `json:"id" doc:"What this node routes by; empty: none"`
	}
}

// SourceBody is the text of a policy.
type SourceBody struct {
	Source string `json:"source" minLength:"1" maxLength:"524288" doc:"YAML with conditions in CEL"`
}

type sourceInput struct{ Body SourceBody }

type draftInput struct {
	Body struct {
		SourceBody
		Summary string `json:"summary,omitempty" maxLength:"2000" doc:"What changes and why, for the public notice"`
		Major   bool   `json:"major,omitempty" doc:"A major change needs the longer notice; one that the desk finds major is, whatever is said here"`
	}
}

// CheckBody is what a check of a policy's text finds.
type CheckBody struct {
	ID       string              `json:"id,omitempty" doc:"The id that the version would have"`
	Name     string              `json:"name,omitempty"`
	Problems []FieldProblem      `json:"problems" doc:"Empty: the text is good"`
	Failed   []policy.TestResult `json:"failed" doc:"The policy's own tests that fail"`
	Passed   int                 `json:"passed" doc:"How many of its tests pass"`
	Changes  []policy.Change     `json:"changes" doc:"What differs from the active version"`
}

type checkOutput struct{ Body CheckBody }

type shadowInput struct {
	PolicyPath
	Body struct {
		On bool `json:"on" doc:"false takes it back"`
	}
}

type approveInput struct {
	PolicyPath
	Body struct {
		ActiveFrom *time.Time `json:"active_from,omitempty" doc:"Not before the public notice has run; left out: as soon as it has"`
	}
}

type shadowsInput struct {
	PolicyPath
	PageParams
}

type shadowsOutput struct {
	Body List[desk.ShadowRouting]
}

type announcedOutput struct{ Body List[desk.Announced] }

type replayInput struct {
	Body struct {
		SourceBody
		From time.Time `json:"from,omitempty" doc:"Claims opened at or after"`
		To   time.Time `json:"to,omitempty" doc:"Claims opened before"`
		List int       `json:"list,omitempty" minimum:"0" maximum:"1000" default:"100" doc:"How many differences to list"`
	}
}

type replayOutput struct{ Body *replay.Result }

// compileProblems turns what is wrong with a policy's text into a problem that
// names line and column; other errors pass.
func compileProblems(ctx context.Context, err error) error {
	var ps policy.Problems
	if !errors.As(err, &ps) {
		return err
	}
	p := problemOf(requestOf(ctx), text.Refuse(text.CodeInvalid, "", "The policy's text has problems; errors names line and column of each.", "规则文本有误，errors 中列出每处的行列位置。"))
	p.Errors = sourceProblems(ctx, ps)
	return p
}

func sourceProblems(ctx context.Context, ps policy.Problems) []FieldProblem {
	out := []FieldProblem{}
	for _, x := range ps[:min(len(ps), maxProblems)] {
		out = append(out, FieldProblem{Field: "body.source", Code: "policy", Detail: strings.TrimPrefix(x.Field+": ", ": ") + languageIn(ctx).in(x.Text), Line: x.Line, Column: x.Column})
	}
	return out
}

func (s *Server) registerPolicies() {
	d := s.opt.Desk
	read := Access{Roles: append([]access.Role{access.RoleIntegrator}, staffRoles...), Scope: access.ScopePoliciesRead}
	public := Access{Public: true}
	route(s, op("policies", http.MethodGet, "/v1/policies", "policies", "All versions, newest first.", 200), read, text.Both("List versions of the rules", "规则版本列表"), func(ctx context.Context, _ *empty) (*policiesOutput, error) {
		list, err := d.Policies(ctx, CallerOf(ctx))
		if list == nil {
			list = []desk.PolicyVersion{}
		}
		return &policiesOutput{Body: List[desk.PolicyVersion]{Items: list}}, err
	})
	route(s, op("active-policy", http.MethodGet, "/v1/policies/active", "policies", "What this very node has loaded and routes by.", 200), read, text.Both("The active version", "当前生效版本"), func(ctx context.Context, _ *empty) (*loadedOutput, error) {
		out := &loadedOutput{}
		var err error
		out.Body.ID, err = d.LoadedPolicy(ctx)
		return out, err
	})
	route(s, op("announced-policies", http.MethodGet, "/v1/policies/announced", "policies", "What changes, and from when; for everybody to read.", 200), public, text.Both("Rules under public notice", "公示中的规则"), func(ctx context.Context, _ *empty) (*announcedOutput, error) {
		list, err := d.Announcements(ctx)
		if list == nil {
			list = []desk.Announced{}
		}
		return &announcedOutput{Body: List[desk.Announced]{Items: list}}, err
	})
	route(s, op("policy", http.MethodGet, "/v1/policies/{id}", "policies", "", 200), read, text.Both("One version of the rules", "规则版本详情"), func(ctx context.Context, in *PolicyPath) (*policyOutput, error) {
		v, err := d.Policy(ctx, CallerOf(ctx), in.ID)
		return &policyOutput{Body: v}, err
	})
	route(s, op("policy-shadows", http.MethodGet, "/v1/policies/{id}/shadow", "policies", "What a version in shadow would have done beside the active one.", 200), read, text.Both("Shadow routings", "影子运行记录"), func(ctx context.Context, in *shadowsInput) (*shadowsOutput, error) {
		p, err := s.page(ctx, "shadows/"+in.ID, in.PageParams)
		if err != nil {
			return nil, err
		}
		items, next, err := d.Shadows(ctx, CallerOf(ctx), in.ID, p)
		if err != nil {
			return nil, cursorError(err)
		}
		out, err := listOf(ctx, s, "shadows/"+in.ID, items, next)
		return &shadowsOutput{Body: out}, err
	})
}

func (s *Server) registerPolicyLife() {
	d := s.opt.Desk
	operator := Access{Roles: []access.Role{access.RoleOperator}, People: true}
	// Nothing is kept: a repeat is tried again, with the time that it takes.
	trial := Access{Roles: operator.Roles, People: true, Fresh: true, Within: sweepWithin}
	words := func(o huma.Operation) huma.Operation { // a whole text
		o.MaxBodyBytes = s.opt.Limits.ListBody
		return o
	}
	draft := op("draft-policy", http.MethodPost, "/v1/policies", "policies", "Keeps a new version as a draft. A text that does not compile is refused with line and column of each problem.", 201)
	route(s, words(draft), operator, text.Both("Draft a version", "新建规则草稿"), func(ctx context.Context, in *draftInput) (*policyOutput, error) {
		v, err := d.DraftPolicy(ctx, CallerOf(ctx), in.Body.Source, in.Body.Summary, in.Body.Major)
		return &policyOutput{Body: v}, compileProblems(ctx, err)
	})
	route(s, words(op("check-policy", http.MethodPost, "/v1/policies/check", "policies", "Compiles a text and runs its own tests; keeps nothing.", 200)), trial, text.Both("Check a text", "检查规则文本"), s.checkPolicy)
	route(s, words(op("replay-policy", http.MethodPost, "/v1/policies/replay", "policies", "Tries a text on past claims: what would have gone differently, in counts, money and hours. At most 20,000 claims.", 200)), trial, text.Both("Replay over past claims", "用历史申请回放"), s.replayPolicy)
	route(s, op("shadow-policy", http.MethodPost, "/v1/policies/{id}/shadow", "policies", "A draft runs beside the active version, without effect.", 200), operator, text.Both("Run in shadow", "影子运行"), func(ctx context.Context, in *shadowInput) (*policyOutput, error) {
		v, err := d.ShadowPolicy(ctx, CallerOf(ctx), in.ID, in.Body.On)
		return &policyOutput{Body: v}, err
	})
	route(s, op("approve-policy", http.MethodPost, "/v1/policies/{id}/approve", "policies", "One person's yes; with the second person's the public notice begins.", 200), operator, text.Both("Approve a version", "审批规则"), func(ctx context.Context, in *approveInput) (*policyOutput, error) {
		v, err := d.ApprovePolicy(ctx, CallerOf(ctx), in.ID, in.Body.ActiveFrom)
		return &policyOutput{Body: v}, err
	})
	route(s, op("cancel-policy", http.MethodPost, "/v1/policies/{id}/cancel", "policies", "Takes back a version that is not active yet.", 200), operator, text.Both("Take a version back", "撤回规则"), func(ctx context.Context, in *PolicyPath) (*policyOutput, error) {
		v, err := d.CancelPolicy(ctx, CallerOf(ctx), in.ID)
		return &policyOutput{Body: v}, err
	})
}

func (s *Server) checkPolicy(ctx context.Context, in *sourceInput) (*checkOutput, error) {
	out := &checkOutput{Body: CheckBody{Problems: []FieldProblem{}, Failed: []policy.TestResult{}, Changes: []policy.Change{}}}
	p, err := policy.Compile([]byte(in.Body.Source))
	var ps policy.Problems
	if errors.As(err, &ps) {
		out.Body.Problems = sourceProblems(ctx, ps)
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Body.ID, out.Body.Name = p.ID(), p.Name()
	for _, r := range p.Test() {
		if r.OK {
			out.Body.Passed++
		} else {
			out.Body.Failed = append(out.Body.Failed, r)
		}
	}
	id, err := s.opt.Desk.LoadedPolicy(ctx)
	if err != nil || id == "" {
		return out, err
	}
	v, err := s.opt.Desk.Policy(ctx, CallerOf(ctx), id)
	if err != nil {
		return nil, err
	}
	if now, err := policy.Compile([]byte(v.Source)); err == nil {
		out.Body.Changes = append(out.Body.Changes, policy.Diff(now, p)...)
	}
	return out, nil
}

func (s *Server) replayPolicy(ctx context.Context, in *replayInput) (*replayOutput, error) {
	p, err := policy.Compile([]byte(in.Body.Source))
	if err != nil {
		return nil, compileProblems(ctx, err)
	}
	r, err := replay.Run(p, s.opt.Desk.Past(ctx, CallerOf(ctx), in.Body.From, in.Body.To), in.Body.List)
	return &replayOutput{Body: r}, err
}
