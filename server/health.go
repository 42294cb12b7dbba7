package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
)

// readyWithin is how long the database may take before the node counts as not ready.
const readyWithin = 2 * time.Second

func (s *Server) registerHealth() {
	public := Access{Public: true}
	s.handle(huma.Operation{OperationID: "healthz", Method: http.MethodGet, Path: "/healthz", Tags: []string{"health"}}, public,
		both("The process is alive", "进程存活"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, "ok\n") }))
	s.handle(huma.Operation{OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Tags: []string{"health"}}, public,
		both("The node can take requests", "节点可接受请求"), http.HandlerFunc(s.readyz))
	metrics := Access{Roles: []claim.Role{claim.RoleOperator, claim.RoleAuditor, claim.RoleIntegrator}, Scope: desk.ScopeMetricsRead}
	if s.opt.OpenMetrics {
		metrics = public
	}
	s.handle(huma.Operation{OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Tags: []string{"health"}}, metrics,
		both("Figures for Prometheus", "Prometheus 指标"), promhttp.HandlerFor(s.figures.registry, promhttp.HandlerOpts{}))
}

// readyz asks the database, for a node without one is no use.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	err := s.opt.Store.Read(ctx, func(tx desk.Tx) error { _, err := tx.LastSeq(ctx); return err })
	if err == nil && !s.draining.Load() {
		plain(w, "ready\n")
		return
	}
	p := problemOf(requestOf(r.Context()), say(codeUnavailable, "", "The node is starting, stopping, or cannot reach its database.", "节点正在启动、停止，或无法连接数据库。"))
	p.retryAfter = 1
	requestOf(r.Context()).cause = err
	fail(w, r, p)
}

func plain(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text)) // the client may be gone
}
