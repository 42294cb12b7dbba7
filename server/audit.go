package server

import (
	"context"
	"net/http"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

type auditInput struct {
	PageParams
	By     string    `query:"by" maxLength:"64" doc:"The id of an account, a key or a part of the desk"`
	Kind   string    `query:"kind" maxLength:"64" example:"claim.decided"`
	Stream string    `query:"stream" maxLength:"100" example:"policy" doc:"A subject (policy/P1), or the kind of one: claim, policy, user, key, link, webhook, merchant, buyer"`
	From   time.Time `query:"from" doc:"At or after"`
	To     time.Time `query:"to" doc:"Before"`
}

func (in *auditInput) filter() desk.AuditFilter {
	return desk.AuditFilter{By: in.By, Kind: in.Kind, Stream: in.Stream, From: in.From.UTC(), To: in.To.UTC()}
}

type auditOutput struct{ Body List[desk.AuditEntry] }

func (s *Server) registerAudit() {
	reads := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor}}
	route(s, op("audit", http.MethodGet, "/v1/audit", "figures", "The whole record, newest first: claims, accounts, keys, links, policies, webhooks, parties.", 200), reads, text.Both("The record", "存证记录"), s.audit)
}

func (s *Server) audit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	p, err := s.page(ctx, "audit", in.PageParams)
	if err != nil {
		return nil, err
	}
	items, next, err := s.opt.Desk.Audit(ctx, CallerOf(ctx), in.filter(), p)
	if err != nil {
		return nil, cursorError(err)
	}
	out, err := listOf(ctx, s, "audit", items, next)
	return &auditOutput{Body: out}, err
}
