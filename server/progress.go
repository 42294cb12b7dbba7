package server

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

type progressInput struct {
	Body struct {
		ClaimID string `json:"claim_id" minLength:"1" maxLength:"60"`
	}
}

type progressOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         desk.Progress
}

// registerProgress adds what somebody without an account may ask. The id is
// in the body, so that no log and no history of a browser keeps it.
func (s *Server) registerProgress() {
	route(s, op("progress", http.MethodPost, "/v1/progress", "claims", "How far a claim has come, for whoever has its id; nothing personal is in it. A few questions a minute from one address.", 200), Access{Public: true, Fresh: true}, text.Both("Look up a claim's progress", "查询申请进度"), func(ctx context.Context, in *progressInput) (*progressOutput, error) {
		if err := s.slowly(ctx); err != nil {
			return nil, err
		}
		p, err := s.opt.Desk.Progress(ctx, CallerOf(ctx), in.Body.ClaimID)
		return &progressOutput{CacheControl: "no-store", Body: p}, err
	})
}

// slowly counts a request of somebody unknown that could be one guess of many.
func (s *Server) slowly(ctx context.Context) error {
	req := requestOf(ctx)
	_, wait := s.perStranger.take(limitKey(req.Address))
	if wait == 0 {
		return nil
	}
	secs := int(math.Ceil(wait.Seconds()))
	p := problemOf(req, text.Refuse(codeRate, "", fmt.Sprintf("Too many requests. Go on in %d s.", secs), fmt.Sprintf("请求过于频繁，请在 %d 秒后继续。", secs)))
	p.retryAfter = secs
	return p
}
