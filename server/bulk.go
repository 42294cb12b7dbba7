package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

// BulkAsk is a question that is put to one side of each of many claims.
type BulkAsk struct {
	To       claim.Party `json:"to" enum:"buyer,merchant"`
	Question text.Text   `json:"question" doc:"In both languages, where you can"`
}

type bulkInput struct {
	Body struct {
		ClaimIDs []string        `json:"claim_ids" minItems:"1" maxItems:"100"`
		Action   desk.BulkAction `json:"action" enum:"decide,ask,ask_visit,confirm"`
		Ruling   *RulingBody     `json:"ruling,omitempty" doc:"With decide"`
		Ask      *BulkAsk        `json:"ask,omitempty" doc:"With ask"`
		DryRun   bool            `json:"dry_run,omitempty" doc:"Say what would happen, and change nothing"`
	}
}

// BulkItem is what became of one claim.
type BulkItem struct {
	ClaimID string          `json:"claim_id"`
	OK      bool            `json:"ok"`
	Would   *desk.BulkState `json:"would" doc:"Where the claim stands afterwards, or in a dry run would stand; null where it was refused"`
	Problem *Problem        `json:"problem,omitempty" doc:"Why it was refused"`
}

type bulkOutput struct{ Body List[BulkItem] }

func (s *Server) registerBulk() {
	reviewer := Access{Roles: []access.Role{access.RoleReviewer, access.RoleSenior}, People: true}
	route(s, op("bulk-review", http.MethodPost, "/v1/reviews/bulk", "reviews", "Does one thing with up to 100 cases: each is leased and moved by itself with the checks of the single move, and one that is refused holds up none of the others. A dry run says what would happen.", 200), reviewer, text.Both("Act on several cases", "批量处理案件"), s.bulk)
}

func (s *Server) bulk(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
	b := in.Body
	wish := desk.Bulk{ClaimIDs: b.ClaimIDs, Action: b.Action, DryRun: b.DryRun}
	switch {
	// Not by uniqueItems: the validator's own falls over objects among them.
	case len(slices.Compact(slices.Sorted(slices.Values(b.ClaimIDs)))) < len(b.ClaimIDs):
		return nil, text.Refuse(text.CodeInvalid, "body.claim_ids", "A claim is named twice.", "有申请重复出现。")
	case b.Action == desk.BulkDecide && b.Ruling == nil:
		return nil, text.Refuse(text.CodeInvalid, "body.ruling", "Say in ruling what you decide.", "请在 ruling 中填写裁决。")
	case b.Action == desk.BulkAsk && b.Ask == nil:
		return nil, text.Refuse(text.CodeInvalid, "body.ask", "Say in ask whom you ask what.", "请在 ask 中填写提问对象和问题。")
	}
	if b.Ruling != nil {
		wish.Ruling = b.Ruling.ruling()
	}
	if b.Ask != nil {
		wish.To, wish.Question = b.Ask.To, b.Ask.Question
	}
	results, err := s.opt.Desk.Bulk(ctx, CallerOf(ctx), wish)
	if err != nil {
		return nil, err
	}
	out := &bulkOutput{Body: List[BulkItem]{Items: make([]BulkItem, len(results))}}
	for i, r := range results {
		item := BulkItem{ClaimID: r.ClaimID, OK: r.Err == nil, Would: r.Would}
		if r.Err != nil {
			item.Problem = problemOf(requestOf(ctx), r.Err)
		}
		if item.Problem != nil && item.Problem.Status >= http.StatusInternalServerError {
			s.log.ErrorContext(ctx, "bulk", "claim", r.ClaimID, "error", r.Err)
		}
		out.Body.Items[i] = item
	}
	return out, nil
}
