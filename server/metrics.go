package server

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/evenhand/evenhand/imaging"
)

// figures are what /metrics shows. Labels are routes and classes of answers,
// never people or ids, so their number is bounded.
type figures struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
	live     prometheus.Gauge
	cutOff   prometheus.Counter
	uploaded prometheus.Counter
	refused  *prometheus.CounterVec
}

func newFigures() *figures {
	f := &figures{
		registry: prometheus.NewRegistry(),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "evenhand_http_request_seconds", Help: "Time of a request from its header to the end of its answer.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10},
		}, []string{"method", "route", "status"}),
		live:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "evenhand_live_connections", Help: "Clients that listen to live updates."}),
		cutOff:   prometheus.NewCounter(prometheus.CounterOpts{Name: "evenhand_live_cut_off_total", Help: "Clients cut off because they read too slowly."}),
		uploaded: prometheus.NewCounter(prometheus.CounterOpts{Name: "evenhand_uploaded_bytes_total", Help: "Bytes of finished uploads."}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "evenhand_refused_total", Help: "What there was no room for: connections, requests of one address, bodies, streams.",
		}, []string{"what"}),
	}
	f.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "evenhand_pictures_budget_bytes", Help: "What decoders and pictures may hold in memory at once."},
			func() float64 { return float64(imaging.BudgetSize()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "evenhand_pictures_held_bytes", Help: "What of it they hold now."},
			func() float64 { return float64(imaging.BudgetHeld()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "evenhand_pictures_waiting", Help: "Decodes that wait for a part of it."},
			func() float64 { return float64(imaging.BudgetWaiting()) }),
	)
	f.registry.MustRegister(f.took, f.live, f.cutOff, f.uploaded, f.refused, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// Registry is where other parts of the binary may add figures of their own.
func (s *Server) Registry() *prometheus.Registry { return s.figures.registry }

// methods bounds the label: a method can be any text.
var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

func (f *figures) saw(method, pattern string, status int, took time.Duration) {
	if !methods[method] {
		method = "other"
	}
	f.took.WithLabelValues(method, orElse(pattern, "none"), strconv.Itoa(status)).Observe(took.Seconds())
}
