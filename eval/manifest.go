package eval

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// manifestName is the file of an evaluation folder that says what its pairs
// are: tab-separated, with a line of heads. Heads known here are folder
// (SET/NAME), kind, tool and source; others are for people.
const manifestName = "manifest.tsv"

// maxManifest bounds, in bytes, what is read of a manifest.
const maxManifest = 16 << 20

// origin is what a manifest says of one pair.
type origin struct {
	kind, tool string
	sources    []string
	line       int
	seen       bool
}

// manifest is what is told of the pairs of one evaluation folder, by SET/NAME.
type manifest struct {
	file  string
	pairs map[string]*origin
}

// readManifest reads dir's manifest; where there is none, it tells nothing.
func readManifest(dir string) (manifest, []error) {
	m := manifest{file: filepath.Join(dir, manifestName), pairs: map[string]*origin{}}
	data, err := readUpTo(m.file, maxManifest)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || !isFolder(dir) {
			return m, nil // a dir that is none is told where its pairs are looked for
		}
		return m, []error{m.unreadable(err)}
	}
	return m, m.parse(data)
}

func isFolder(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

func (m manifest) parse(data []byte) (problems []error) {
	lines := strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n")
	heads := fields(lines[0])
	for i := range heads {
		heads[i] = strings.ToLower(heads[i])
	}
	if !slices.Contains(heads, "folder") {
		return []error{&LayoutError{m.file, text.Text{
			EN: "its first line names no column “folder”: it should be like folder, tool, kind, source, separated by tabs.",
			ZH: "首行没有名为 folder 的列。首行应形如 folder、tool、kind、source，以制表符分隔。",
		}}}
	}
	if problems := m.slips(heads); len(problems) > 0 {
		return problems
	}
	for i, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		o, folder := &origin{line: i + 2}, ""
		for k, value := range fields(line) {
			switch {
			case k >= len(heads) || value == "":
			case heads[k] == "folder":
				folder = path.Clean(filepath.ToSlash(value))
			case heads[k] == "kind":
				o.kind = value
			case heads[k] == "tool":
				o.tool = value
			case heads[k] == "source":
				o.sources = several(value)
			}
		}
		if known := m.pairs[folder]; known != nil || folder == "" {
			problems = append(problems, &LayoutError{m.file, text.Text{
				EN: fmt.Sprintf("line %d names no folder, or one that another line names: each pair has one line.", o.line),
				ZH: fmt.Sprintf("第 %d 行没有写文件夹，或与其他行重复。每一对只能有一行。", o.line),
			}})
			continue
		}
		m.pairs[folder] = o
	}
	return problems
}

// knownHeads are the columns that are read.
var knownHeads = []string{"folder", "kind", "tool", "source"}

// slips are heads that are almost a known one, or there twice: what they say would
// be passed over unread.
func (m manifest) slips(heads []string) (problems []error) {
	for i, head := range heads {
		for _, known := range knownHeads {
			if head != known && nearWord(head, known) {
				problems = append(problems, &LayoutError{m.file, text.Text{
					EN: fmt.Sprintf("its column “%s” is not read: “%s” is. Call it that, or something that is less like it.", head, known),
					ZH: fmt.Sprintf("不会读取“%s”这一列，认得的是“%s”。请改用后者，或换一个不那么相近的名称。", head, known),
				}})
			}
			if head == known && slices.Contains(heads[:i], head) {
				problems = append(problems, &LayoutError{m.file, text.Text{
					EN: fmt.Sprintf("it has two columns called “%s”: leave one of them.", head),
					ZH: fmt.Sprintf("有两列都叫“%s”，请只保留一列。", head),
				}})
			}
		}
	}
	return problems
}

// nearWord tells whether one letter more, less or other makes one word of another.
func nearWord(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(x)-len(y) > 1 {
		return false
	}
	at := 0
	for at < len(y) && x[at] == y[at] {
		at++
	}
	return slices.Equal(x[at+1:], y[at+len(y)-len(x)+1:])
}

// fields splits a line at its tabs.
func fields(line string) []string {
	out := strings.Split(line, "\t")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// several splits a list of sources: "cup; plate".
func several(value string) (out []string) {
	for name := range strings.SplitSeq(value, ";") {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// tell gives pairs what the manifest says of them.
func (m manifest) tell(pairs []pair) {
	for i := range pairs {
		o := m.pairs[pairs[i].key]
		if o == nil {
			continue
		}
		o.seen = true
		pairs[i].tool, pairs[i].sources = o.tool, o.sources
		if o.kind != "" {
			pairs[i].kind = o.kind
		}
	}
}

// untold lists the lines whose pairs are not there: a slip in a name would
// otherwise take a pair's kind and tool away unseen.
func (m manifest) untold() (problems []error) {
	for folder, o := range m.pairs {
		if o.seen {
			continue
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(m.file), filepath.FromSlash(folder))); err == nil {
			continue // it is there, and was told as a problem of its own
		}
		problems = append(problems, &LayoutError{m.file, text.Text{
			EN: fmt.Sprintf("line %d names %s, which is not there: write it as same/NAME, hard/NAME or other/NAME, or take the line out.", o.line, folder),
			ZH: fmt.Sprintf("第 %d 行的 %s 不存在。请写成 same/名称、hard/名称 或 other/名称，或删去这一行。", o.line, folder),
		}})
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

func (m manifest) unreadable(err error) error {
	reason := reasonFor(err)
	return &LayoutError{m.file, text.Text{
		EN: fmt.Sprintf("the manifest cannot be read: %s.", reason.EN),
		ZH: fmt.Sprintf("无法读取清单文件：%s。", reason.ZH),
	}}
}
