package store

import (
	"context"
	"slices"
	"time"

	"github.com/evenhand/evenhand/desk"
)

// How long a case was held is kept in tenths of a minute, from ten minutes on
// in whole minutes, so that equal times can be counted together: a median over
// a year then takes one pass and no sorting of its acts.
const (
	tookUnit    = time.Minute / 10
	tookCoarse  = 10 * time.Minute
	tookUnknown = -1
)

func tookOf(h desk.Handling) int64 {
	took := h.At.Sub(h.TakenAt)
	switch {
	case h.TakenAt.IsZero() || took < 0:
		return tookUnknown
	case took >= tookCoarse:
		took = took.Round(time.Minute)
	}
	return int64(took.Round(tookUnit) / tookUnit)
}

// PutHandling keeps the first of a person, act and round.
func (t *tx) PutHandling(ctx context.Context, h desk.Handling) error {
	return t.write(ctx, "noting who handled claim "+h.ClaimID, nil, `INSERT INTO handling (claim_id, round, act, by_id, at, took, overturned, period)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (claim_id, round, act, by_id) DO NOTHING`,
		h.ClaimID, h.Round, string(h.Act), h.By, micro(h.At), tookOf(h), periodOf(micro(h.At)))
}

func (t *tx) Overturn(ctx context.Context, claimID string, round int, by string) error {
	return t.write(ctx, "noting an overturned decision of claim "+claimID, nil,
		`UPDATE handling SET overturned = 1 WHERE claim_id = ? AND round = ? AND act = ? AND by_id = ?`, claimID, round, string(desk.ActDecide), by)
}

// handled are acts of one person that are alike.
type handled struct {
	by         string
	act        desk.Act
	overturned bool
	took       int64
	n          int
}

func (t *tx) CountHandlings(ctx context.Context, from, to time.Time, blind bool) (out []desk.HandlingCount, err error) {
	w := spanned(from, to, "at")
	overturned := "overturned"
	if blind {
		overturned = "CASE WHEN " + waits("claim_id") + " THEN 0 ELSE overturned END AS overturned"
	}
	times := map[int64]int{} // of the last person in out
	finish := func() {
		if len(out) > 0 {
			out[len(out)-1].Median = medianOf(times)
		}
		clear(times)
	}
	err = t.rows(ctx, `SELECT by_id, act, overturned, took, CAST(sum(n) AS bigint) FROM (SELECT period, by_id, act, `+overturned+`, took, count(*) AS n
		FROM handling`+w.String()+` GROUP BY 1, 2, 3, 4, 5) AS x GROUP BY by_id, act, overturned, took ORDER BY by_id`, w.args, func(s scanner) error {
		var h handled
		var act string
		if err := s.Scan(&h.by, &act, &h.overturned, &h.took, &h.n); err != nil {
			return err
		}
		h.act = desk.Act(act)
		if len(out) == 0 || out[len(out)-1].By != h.by {
			finish()
			out = append(out, desk.HandlingCount{By: h.by})
		}
		h.addTo(&out[len(out)-1])
		if h.took != tookUnknown {
			times[h.took] += h.n
		}
		return nil
	})
	finish()
	return out, wrap(err, "counting reviewers' work")
}

func (h handled) addTo(c *desk.HandlingCount) {
	switch h.act {
	case desk.ActDecide:
		c.Decided += h.n
	case desk.ActConfirm:
		c.Confirmed += h.n
	case desk.ActReturn:
		c.Returned += h.n
	}
	if h.overturned {
		c.Overturned += h.n
	}
}

// medianOf is the median of times that are counted by how often they occur.
func medianOf(times map[int64]int) time.Duration {
	var all []int64
	n := 0
	for took, k := range times {
		all = append(all, took)
		n += k
	}
	slices.Sort(all)
	at := func(place int) int64 {
		for _, took := range all {
			if place -= times[took]; place < 0 {
				return took
			}
		}
		return 0
	}
	return time.Duration(at((n-1)/2)+at(n/2)) * tookUnit / 2
}
