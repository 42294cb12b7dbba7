package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// backlog asks the store, when somebody looks at /metrics, how much work waits.
type backlog struct {
	store  desk.Store
	now    func() time.Time
	jobs   *prometheus.Desc
	oldest *prometheus.Desc
}

func newBacklog(s desk.Store, now func() time.Time) *backlog {
	return &backlog{
		store: s, now: now,
		jobs:   prometheus.NewDesc("evenhand_jobs_waiting", "Jobs that could run and do not yet, in the whole desk, by kind.", []string{"kind"}, nil),
		oldest: prometheus.NewDesc("evenhand_job_oldest_seconds", "How long the oldest of them has waited.", []string{"kind"}, nil),
	}
}

func (b *backlog) Describe(out chan<- *prometheus.Desc) { out <- b.jobs; out <- b.oldest }

// kindsOfJob are shown also where nothing waits, so that an alert has something to watch.
var kindsOfJob = []work.JobKind{desk.JobScreen, desk.JobDeliver}

func (b *backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	now := b.now()
	waits := map[work.JobKind]work.Backlog{}
	for _, k := range kindsOfJob {
		waits[k] = work.Backlog{Kind: k, Oldest: now}
	}
	err := b.store.Read(ctx, func(tx desk.Tx) error {
		rows, err := tx.Backlog(ctx, now)
		for _, r := range rows {
			waits[r.Kind] = r
		}
		return err
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(b.jobs, err)
		return
	}
	for k, w := range waits {
		out <- prometheus.MustNewConstMetric(b.jobs, prometheus.GaugeValue, float64(w.Jobs), string(k))
		out <- prometheus.MustNewConstMetric(b.oldest, prometheus.GaugeValue, max(0, now.Sub(w.Oldest).Seconds()), string(k))
	}
}
