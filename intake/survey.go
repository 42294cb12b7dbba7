package intake

import (
	"hash/maphash"
	"strings"
)

// Bounds of what is remembered of a file while it is read.
const (
	maxHeld   = 200_000 // rows of orders whose other rows are still to come
	maxTokens = 500_000 // words of rows that cannot be read
)

// survey is what all rows of a file say together. It is taken before any is
// kept, so that an order is never kept without a row that comes later.
type survey struct {
	seed   maphash.Seed
	rows   int
	left   map[uint64]int32 // rows still to come, by what they are about
	spoilt map[uint64]bool  // words of rows that cannot be read: an order so called may lack one
	styles styles
	dates  dates
	long   int     // numbers of 16 digits and more
	zeros  int     // those with nothing but zeros behind the 15th
	chance float64 // the logarithm to base 10 of how likely that is by itself
	last   string
	// currency is what some row says of an order's, for those that leave it out.
	currency map[uint64]string
}

func newSurvey() *survey {
	return &survey{
		seed: maphash.MakeSeed(), left: map[uint64]int32{}, spoilt: map[uint64]bool{},
		currency: map[uint64]string{},
	}
}

func (v *survey) hash(key string) uint64 { return maphash.String(v.seed, key) }

// see looks at one row of cells, or of JSON by what it is about.
func (v *survey) see(r record, l *layout, key string) error {
	v.rows += r.width()
	if r.lost != nil {
		return v.lose(r.raw)
	}
	if l != nil {
		v.cells(r, l)
		if len(r.cells) > len(l.columns) && !blank(r.cells[len(l.columns):]) {
			// Its cells have moved, and with them the number of its order.
			if err := v.lose([]byte(strings.Join(r.cells, " "))); err != nil {
				return err
			}
		}
	}
	switch {
	case key != "":
		h := v.hash(key)
		v.left[h]++
		v.last = key
		if l != nil && l.has("currency") && l.by["currency"] < len(r.cells) {
			if code, ok := currencyOf(unwrapped(r.cells[l.by["currency"]])); ok && v.currency[h] == "" {
				v.currency[h] = code
			}
		}
	case l != nil && l.kind == Orders:
		return v.mark(v.last) // it may be a row of the order above
	}
	return nil
}

// lose remembers every word of a row that cannot be read: whatever order it
// was of, its number is among them.
func (v *survey) lose(raw []byte) error {
	for _, word := range words64(raw) {
		if err := v.mark(word); err != nil {
			return err
		}
	}
	return nil
}

// words64 are the words of a text that could be a number of something.
func words64(raw []byte) []string {
	return strings.FieldsFunc(string(raw), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(
			"-_.:",
			r,
		))
	})
}

func (v *survey) mark(word string) error {
	if word == "" {
		return nil
	}
	v.spoilt[v.hash(word)] = true
	if len(v.spoilt) > maxTokens {
		return fileError(
			"So many rows cannot be read that nothing was taken: is this a table, and in one encoding?",
			"无法读取的行过多，未导入任何内容：请确认这是表格且编码一致。")
	}
	return nil
}

func (v *survey) cells(r record, l *layout) {
	for i, f := range l.of {
		if f.name == "" || i >= len(r.cells) {
			continue
		}
		text := bareNumber(unwrapped(r.cells[i]))
		switch f.form {
		case amount:
			if i >= len(r.numbers) || !r.numbers[i] {
				v.styles.see(text)
			}
		case moment:
			v.dates.see(text)
		case number:
			if longDigits.MatchString(text) {
				v.long++
				if cutShort(text) {
					v.zeros++
					v.chance -= float64(len(text) - 15)
				}
			}
		}
	}
}

// cut is whether all long numbers of a file end as a spreadsheet cuts them,
// and are too many for chance.
func (v *survey) cut() bool { return v.long > 0 && v.zeros == v.long && v.chance <= -4 }
