package intake

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestColumnsAreDocumented: both pages name each column under each kind of
// file that has it, with each header by which it is known.
func TestColumnsAreDocumented(t *testing.T) {
	for page, heads := range map[string]map[Kind]string{
		"import.md":       {Orders: "### Orders", Merchants: "### Merchants", Buyers: "### Buyers", Claims: "### Claims"},
		"import.zh-CN.md": {Orders: "### 订单", Merchants: "### 商家", Buyers: "### 买家", Claims: "### 售后申请"},
	} {
		text, err := os.ReadFile("../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for kind, head := range heads {
			_, section, ok := strings.Cut(string(text), head+"\n")
			if section, _, _ = strings.Cut(section, "\n##"); !ok {
				t.Errorf("%s has no section %q", page, head)
			}
			for _, f := range fields {
				if !slices.Contains(f.of, kind) {
					continue
				}
				at := strings.Index(section, "`"+f.name+"`")
				if at < 0 {
					t.Errorf("%s, %s: no column %s", page, head, f.name)
					continue
				}
				row, _, _ := strings.Cut(section[at:], "\n")
				for _, n := range f.names {
					if !strings.Contains(row, n) {
						t.Errorf("%s, %s: %s is also known as %s", page, head, f.name, n)
					}
				}
			}
		}
	}
}
