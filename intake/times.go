package intake

import (
	"regexp"
	"strings"
	"time"

	"github.com/evenhand/evenhand/text"
)

// DateOrder is in which sequence a file writes dates such as 11/1/2026.
type DateOrder string

// The orders. Unknown refuses dates that two of them would read.
const (
	Unknown    DateOrder = ""
	MonthFirst DateOrder = "mdy"
	DayFirst   DateOrder = "dmy"
)

// yearFirst are the ways to write a time that have one meaning.
var yearFirst = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-1-2 15:04:05 -0700", "2006-1-2 15:04:05 -07:00", "2006-1-2 15:04:05 UTC",
	"2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2 3:04:05 PM", "2006-1-2 3:04 PM", "2006-1-2 03:04:05 PM",
	"20060102150405",
}

// dayOnly are those of a day without a time.
var dayOnly = []string{"2006-1-2", "20060102"}

var (
	chineseDate = regexp.MustCompile(`^(\d{4})年(\d{1,2})月(\d{1,2})日?`)
	chineseTime = regexp.MustCompile(`(\d{1,2})[时點点](\d{1,2})分(?:(\d{1,2})秒)?$`)
	slashed     = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b`)
	yearSlashed = regexp.MustCompile(`^(\d{4})[/.](\d{1,2})[/.](\d{1,2})`)
	serial      = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// stamp is a time as a file has it: at is the first moment that it can mean,
// and day that it names no more than a day.
type stamp struct {
	at  time.Time
	day bool
}

// dates gathers in which order the dates of a file are written.
type dates struct{ month, day int }

func (d *dates) see(text string) {
	if m := slashed.FindStringSubmatch(narrow.Replace(strings.TrimSpace(text))); m != nil {
		if len(m[1]) == 2 && m[1] > "12" {
			d.day++
		}
		if len(m[2]) == 2 && m[2] > "12" {
			d.month++
		}
	}
}

func (d dates) order() DateOrder {
	switch {
	case d.month > 0 && d.day == 0:
		return MonthFirst
	case d.day > 0 && d.month == 0:
		return DayFirst
	}
	return Unknown
}

// readTime reads a time, in the zone where it names none.
func readTime(said string, zone *time.Location, o DateOrder) (stamp, *text.Text) {
	t := strings.Join(strings.Fields(narrow.Replace(said)), " ")
	if serial.MatchString(t) {
		return stamp{}, &text.Text{
			EN: "This is a spreadsheet's inner number for a date. Give the column a date format there and export again, or import the xlsx file itself.",
			ZH: "这是电子表格内部的日期序号。请将该列设为日期格式后重新导出，或直接导入 xlsx 文件。",
		}
	}
	t = chineseDate.ReplaceAllString(t, "$1-$2-$3")
	t = chineseTime.ReplaceAllStringFunc(t, func(s string) string {
		m := chineseTime.FindStringSubmatch(s)
		if m[3] == "" {
			m[3] = "0"
		}
		return " " + m[1] + ":" + pad(m[2]) + ":" + pad(m[3])
	})
	t = strings.Join(strings.Fields(t), " ")
	t = yearSlashed.ReplaceAllString(t, "$1-$2-$3")
	if m := slashed.FindStringSubmatch(t); m != nil {
		iso := ""
		switch {
		case o == MonthFirst:
			iso = m[3] + "-" + m[1] + "-" + m[2]
		case o == DayFirst:
			iso = m[3] + "-" + m[2] + "-" + m[1]
		default:
			return stamp{}, &text.Text{
				EN: "Whether the month or the day comes first here cannot be told. Write the year first, as 2026-11-01, or say which order the file uses.",
				ZH: "无法判断此处月在前还是日在前。请写成 2026-11-01 这样年份在前的形式，或声明文件采用的顺序。",
			}
		}
		t = iso + t[len(m[0]):]
	}
	for i, layouts := range [][]string{yearFirst, dayOnly} {
		for _, layout := range layouts {
			at, err := time.ParseInLocation(layout, strings.ToUpper(t), zone)
			if err == nil && at.Year() > 1990 && at.Year() < 2200 {
				return stamp{at: at.UTC().Truncate(time.Microsecond), day: i == 1}, nil
			}
		}
	}
	return stamp{}, &text.Text{
		EN: "Write a time such as 2026-11-01 09:30:00 or 2026-11-01T09:30:00+08:00.",
		ZH: "时间请写作 2026-11-01 09:30:00 或 2026-11-01T09:30:00+08:00。",
	}
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// notBefore is a stamp as a time: one that names no more than a day means that
// day, and so does not lie before what happened earlier on it.
func (s stamp) notBefore(earlier time.Time, zone *time.Location) time.Time {
	if s.day && s.at.Before(earlier) && s.at.In(zone).Format(time.DateOnly) == earlier.In(zone).Format(time.DateOnly) {
		return earlier
	}
	return s.at
}
