package desk

import (
	"time"

	"github.com/evenhand/evenhand/text"
)

// Span is the time that figures are about, in whole days of a place Offset
// east of UTC. From zero is some days ago, To zero is the end of today.
type Span struct {
	From, To time.Time
	Offset   time.Duration
}

// maxSpan bounds figures: two years, so that each day can be told.
const maxSpan = 732 * 24 * time.Hour

const day = 24 * time.Hour

// Bounds of an offset, as time zones have them.
const (
	minOffset = -12 * time.Hour
	maxOffset = 14 * time.Hour
)

// dayStart is the beginning of the day that holds at.
func (s Span) dayStart(at time.Time) time.Time {
	return at.Add(s.Offset).UTC().Truncate(day).Add(-s.Offset)
}

// whole fills in what is missing and widens both ends to whole days, so that
// all figures of a page are about the same claims and can be used again.
func (s Span) whole(now time.Time, usual int) (Span, error) {
	if s.Offset < minOffset || s.Offset > maxOffset {
		return s, text.Refuse(text.CodeInvalid, "query.utc_offset", "utc_offset is in minutes, -720 to 840.", "utc_offset 以分钟计，范围 -720 至 840。")
	}
	if s.To.IsZero() {
		s.To = now.Add(time.Microsecond)
	}
	if end := s.dayStart(s.To); end.Before(s.To) {
		s.To = end.Add(day)
	}
	if s.From.IsZero() {
		s.From = s.To.Add(-time.Duration(usual) * day)
	}
	s.From = s.dayStart(s.From)
	switch {
	case !s.From.Before(s.To):
		return s, text.Refuse(text.CodeInvalid, "query.from", "from must lie before to.", "开始时间须早于结束时间。")
	case s.To.Sub(s.From) > maxSpan:
		return s, text.Refuse(text.CodeInvalid, "query.from", "Ask for two years at most.", "统计范围不得超过两年。")
	}
	return s, nil
}
