package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// headerWithin is in how many first rows the header is looked for: some
// exports begin with a title.
const headerWithin = 10

// Column is one column of a file as it was understood.
type Column struct {
	Header string // as the file has it
	Field  string // "" where it is not known, "-" where it is known and not kept
}

// layout is what a file's columns mean.
type layout struct {
	kind     Kind
	line     int // of the header
	columns  []Column
	of       []field // by column; without a name where it is not kept
	platform string
	money    []int // columns that tell whether an order was paid back
	// by maps a field to the first column that holds it.
	by map[string]int
}

func (l *layout) has(name string) bool { _, ok := l.by[name]; return ok }

// header is a field's column as the file calls it.
func (l *layout) header(name string) string {
	if i, ok := l.by[name]; ok {
		return l.columns[i].Header
	}
	return ""
}

// signature is by what a file's headers are known again, whatever their order.
func (l *layout) signature() string {
	headers := make([]string, len(l.columns))
	for i, c := range l.columns {
		headers[i] = plain(c.Header)
	}
	slices.Sort(headers)
	sum := sha256.Sum256([]byte(string(l.kind) + "\n" + strings.Join(headers, "\n")))
	return hex.EncodeToString(sum[:16])
}

// ownName is the field that the documentation names a header for.
func ownName(kind Kind, header string) (string, bool) {
	for _, f := range fields {
		if slices.Contains(f.of, kind) && (f.name == header || slices.Contains(f.names, header)) {
			return f.name, true
		}
	}
	return "", false
}

// knownOf counts the headers of a row that mean something.
func knownOf(kind Kind, cells []string) int {
	headers := plainAll(cells)
	p := profileOf(kind, headers)
	n := 0
	for _, h := range headers {
		_, known := ownName(kind, h)
		if p != nil && !known {
			_, known = p.columns[h]
		}
		if known {
			n++
		}
	}
	return n
}

func plainAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = plain(c)
	}
	return out
}

// layoutOf reads a header: as the caller says, or said once of a file like it,
// as a platform is known to write it, or by the documented names, in this
// sequence. With an error too it tells the columns, as far as they are known.
func layoutOf(o Options, line int, cells []string) (*layout, error) {
	kind := o.Kind
	if len(cells) > MaxCols {
		return nil, fileError(
			fmt.Sprintf("The file has more than %d columns.", MaxCols),
			fmt.Sprintf("文件超过 %d 列。", MaxCols),
		)
	}
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	headers := plainAll(cells)
	p := profileOf(kind, headers)
	l := &layout{kind: kind, line: line, by: map[string]int{}}
	if p != nil {
		l.platform = p.id
	}
	for _, c := range cells {
		l.columns = append(l.columns, Column{Header: strings.TrimSpace(c)})
	}
	declared := map[string]string{}
	if o.Remembered != nil {
		said, err := o.Remembered(l.signature())
		if err != nil {
			return nil, err
		}
		for h, f := range said {
			declared[plain(h)] = f
		}
	}
	for h, f := range o.Columns {
		declared[plain(h)] = f
	}
	for i, h := range headers {
		name, ok := declared[h]
		if !ok && p != nil {
			name, ok = p.columns[h]
		}
		if !ok {
			name, _ = ownName(kind, h)
		}
		f, _ := fieldOf(kind, name)
		if name != "" && name != "-" && f.name == "" {
			return l, fileError(
				fmt.Sprintf("There is no field %q for a column of %s.", name, kind),
				fmt.Sprintf("%s文件没有字段“%s”。", kindZH[kind], name),
			)
		}
		if p != nil && p.money[h] {
			l.money = append(l.money, i)
		}
		l.columns[i].Field = name
		l.of = append(l.of, f)
	}
	return l, l.check()
}

// check refuses two columns of one meaning, and a file without what every row
// needs.
func (l *layout) check() error {
	for i, f := range l.of {
		if f.name == "" {
			continue
		}
		j, twice := l.by[f.name]
		if twice && !f.many {
			a, b := l.columns[j].Header, l.columns[i].Header
			return fileError(
				fmt.Sprintf(
					"Two columns mean the same (%s): %q and %q. Remove one, or say which one counts: nothing was taken.",
					f.name, a, b,
				),
				fmt.Sprintf("有两列含义相同（%s）：“%s”和“%s”。请删去一列，或指定以哪一列为准；未导入任何内容。", f.name, a, b))
		}
		if !twice {
			l.by[f.name] = i
		}
	}
	need := required[l.kind]
	if l.kind == Orders && l.platform == "" {
		need = append(slices.Clone(need), []string{"buyer_id", "buyer"})
	}
	for _, any := range need {
		if !slices.ContainsFunc(any, l.has) {
			en, zh := namesOf(l.kind, any)
			return fileError(
				fmt.Sprintf(
					"Line %d is taken for the header, and no column of it is known as %s. Name a column so, or say which column it is.",
					l.line, en,
				),
				fmt.Sprintf("将第 %d 行视为表头，但没有一列可识别为%s。请按此命名，或指定对应的列。", l.line, zh))
		}
	}
	return nil
}

// namesOf lists headers under which fields are known.
func namesOf(kind Kind, any []string) (en, zh string) {
	var e, z []string
	for _, name := range any {
		f, _ := fieldOf(kind, name)
		e = append(e, name)
		z = append(z, "“"+firstChinese(f)+"”")
	}
	return strings.Join(e, " / "), strings.Join(z, "或")
}

func firstChinese(f field) string {
	for _, n := range f.names {
		if n[0] >= 0x80 {
			return n
		}
	}
	return f.name
}

// unknown lists the headers that mean nothing here.
func (l *layout) unknown() []string {
	var out []string
	for _, c := range l.columns {
		if c.Field == "" && c.Header != "" {
			out = append(out, c.Header)
		}
	}
	return out
}

// notes is what is told of a file's columns, once.
func (l *layout) notes() []text.Text {
	var out []text.Text
	if l.platform != "" {
		name := PlatformName(l.platform)
		out = append(
			out,
			text.Text{EN: "Recognised as an export of " + name.EN + ".", ZH: "识别为" + name.ZH + "导出文件。"},
		)
	}
	if u := l.unknown(); len(u) > 0 {
		out = append(
			out,
			text.Text{
				EN: "Columns that are not known and were not read: " + strings.Join(u, ", ") + ".",
				ZH: "以下列未识别，未读取：" + strings.Join(u, "、") + "。",
			},
		)
	}
	return out
}
