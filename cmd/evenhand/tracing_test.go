package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTracesReachACollector sends spans to a collector that speaks OTLP.
func TestTracesReachACollector(t *testing.T) {
	var mu sync.Mutex
	var got []string
	service := ""
	box := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var in collector.ExportTraceServiceRequest
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(raw, &in) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, of := range in.ResourceSpans {
			for _, a := range of.Resource.Attributes {
				if a.Key == "service.name" {
					service = a.Value.GetStringValue()
				}
			}
			for _, scope := range of.ScopeSpans {
				for _, s := range scope.Spans {
					got = append(got, s.Name)
				}
			}
		}
	}))
	defer box.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", box.URL)
	p, end, err := tracing(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, span := p.Tracer("test").Start(t.Context(), "GET /v1/claims")
	span.End()
	if err := end(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 1 || got[0] != "GET /v1/claims" || service != "evenhand" {
		t.Errorf("the collector got %q of %q", got, service)
	}
}

func TestNoTracesUnlessAskedFor(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
	if p, _, err := tracing(t.Context(), slog.New(slog.DiscardHandler)); err != nil || p != nil {
		t.Errorf("got %v, %v", p, err)
	}
}
