package server

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

func (s *Server) registerHealth() {
	public := Access{Public: true}
	s.handle(huma.Operation{OperationID: "healthz", Method: http.MethodGet, Path: "/healthz", Tags: []string{"health"}}, public,
		text.Both("The process is alive", "进程存活"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, "ok\n") }))
	s.handle(huma.Operation{OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Tags: []string{"health"}}, public,
		text.Both("The node can take requests", "节点可接受请求"), http.HandlerFunc(s.readyz))
	metrics := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor, access.RoleIntegrator}, Scope: access.ScopeMetricsRead}
	if s.opt.OpenMetrics {
		metrics = public
	}
	s.handle(huma.Operation{OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Tags: []string{"health"}}, metrics,
		text.Both("Figures for Prometheus", "Prometheus 指标"), promhttp.HandlerFor(s.figures.registry, promhttp.HandlerOpts{}))
}

func plain(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text)) // the client may be gone
}
