package server

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
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
	f.registry.MustRegister(f.took, f.live, f.cutOff, f.uploaded, f.refused, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// pictures adds what decoding holds of its memory.
func (f *figures) pictures(now func() (size, held int64, waiting int)) {
	add := func(name, help string, value func() float64) {
		f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	add("evenhand_pictures_budget_bytes", "What decoders and pictures may hold in memory at once.", func() float64 { size, _, _ := now(); return float64(size) })
	add("evenhand_pictures_held_bytes", "What of it they hold now.", func() float64 { _, held, _ := now(); return float64(held) })
	add("evenhand_pictures_waiting", "Decodes that wait for a part of it.", func() float64 { _, _, waiting := now(); return float64(waiting) })
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
