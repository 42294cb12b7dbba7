package policy

import "time"

// Config says how long a version is on public notice before it may count.
type Config struct {
	Minor, Major time.Duration
}

// DefaultConfig keeps what China asks of platforms' rules (SAMR and CAC Order
// 116, in force 2026-02-01): 7 days, and 15 for major changes.
var DefaultConfig = Config{Minor: 7 * 24 * time.Hour, Major: 15 * 24 * time.Hour}

// NoticeFor is how long a change must be public before it counts; a window of
// zero or less in c means the default's.
func (c Config) NoticeFor(major bool) time.Duration {
	notice, usual := c.Minor, DefaultConfig.Minor
	if major {
		notice, usual = c.Major, DefaultConfig.Major
	}
	if notice <= 0 {
		return usual
	}
	return notice
}

// NoticeFor is DefaultConfig's.
func NoticeFor(major bool) time.Duration { return DefaultConfig.NoticeFor(major) }

// EarliestStart is the first moment at which a version announced at the given
// time may count.
func (c Config) EarliestStart(announced time.Time, changes []Change) time.Time {
	return announced.Add(c.NoticeFor(Major(changes)))
}
