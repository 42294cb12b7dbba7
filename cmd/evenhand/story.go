package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
	"github.com/evenhand/evenhand/screening/provenance/traces"
	"github.com/evenhand/evenhand/text"
)

// storyFlags is what is known beside the pictures: it is held against what
// the files say of themselves.
type storyFlags struct {
	Trust         string `placeholder:"FILE" help:"Certificates (PEM), a file or a folder, that may vouch for Content Credentials. Without it no signer is trusted."`
	OrderedAt     string `placeholder:"TIME" help:"When the goods were ordered, such as 2026-11-01 or 2026-11-01T09:30:00+08:00."`
	DeliveredAt   string `placeholder:"TIME" help:"When they were delivered."`
	DeliveredNear string `placeholder:"LAT,LON" help:"Where they were delivered, in degrees, such as 31.23,121.47."`
}

// options reads the flags; a value that cannot be read names its flag and the
// form it should have.
func (f storyFlags) options(a *app) (provenance.Options, error) {
	opts := provenance.Options{Now: time.Now()}
	if f.Trust != "" {
		list, err := c2pa.LoadTrustList(f.Trust)
		if err != nil {
			return opts, a.fail(text.Text{
				EN: fmt.Sprintf("--trust %s: no certificates could be read: %v", report.Clean(f.Trust), reason(err)),
				ZH: fmt.Sprintf("--trust %s：未能读到证书：%s", report.Clean(f.Trust), text.Reason(err).ZH),
			})
		}
		opts.Trust = list
	}
	for _, t := range []struct {
		name, value string
		into        *time.Time
	}{{"--ordered-at", f.OrderedAt, &opts.Story.OrderedAt}, {"--delivered-at", f.DeliveredAt, &opts.Story.DeliveredAt}} {
		if t.value == "" {
			continue
		}
		at, ok := readTime(t.value)
		if !ok {
			return opts, a.fail(text.Text{
				EN: fmt.Sprintf("%s %s is not a time: write 2026-11-01 or 2026-11-01T09:30:00+08:00", t.name, report.Clean(t.value)),
				ZH: fmt.Sprintf("%s %s 不是有效的时间：请写成 2026-11-01 或 2026-11-01T09:30:00+08:00", t.name, report.Clean(t.value)),
			})
		}
		*t.into = at
	}
	if f.DeliveredNear != "" {
		place, ok := readPlace(f.DeliveredNear)
		if !ok {
			return opts, a.fail(text.Text{
				EN: fmt.Sprintf("--delivered-near %s is not a place: write latitude,longitude in degrees, such as 31.23,121.47", report.Clean(f.DeliveredNear)),
				ZH: fmt.Sprintf("--delivered-near %s 不是有效的位置：请写成“纬度,经度”（单位为度），例如 31.23,121.47", report.Clean(f.DeliveredNear)),
			})
		}
		opts.Story.DeliveredNear = &place
	}
	return opts, nil
}

// readTime reads RFC 3339, or a local date with or without a time of day.
func readTime(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func readPlace(s string) (traces.Place, bool) {
	a, b, ok := strings.Cut(s, ",")
	latitude, err1 := strconv.ParseFloat(strings.TrimSpace(a), 64)
	longitude, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
	inside := latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180
	return traces.Place{Latitude: latitude, Longitude: longitude}, ok && err1 == nil && err2 == nil && inside
}
