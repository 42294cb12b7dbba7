// Package eval measures the same-capture test on folders of picture pairs whose
// truth is known: how many copies it finds, how many honest pictures it
// accuses, with confidence intervals, and where it went wrong. It judges the
// instrument; it never judges a claim.
//
// A folder is laid out as
//
//	same/NAME/{reference,claim}.*   claim was made from reference
//	same/NAME/mask.png              optional: white where claim was truly altered
//	hard/NAME/{reference,claim}.*   made from it too, with another pose, view or style
//	other/NAME/{reference,claim}.*  two pictures taken apart
//	manifest.tsv                    optional: kind, tool and source of each pair
//
// where NAME is a number and a kind, such as "012-print"; figures are given by
// kind, by tool and by source.
package eval

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// The sets of pairs. All but Cross are folders of these names.
const (
	Same  = "same"  // the claim was made from the reference
	Hard  = "hard"  // so it was, with another pose, view or style: for figures, nothing is asked of them
	Other = "other" // the claim was not made from the reference
	Cross = "cross" // a claim against another pair's reference: neither was it
)

// copied tells whether the claims of a set were made from their references.
func copied(set string) bool { return set == Same || set == Hard }

// pair is one folder with a reference and a claim.
type pair struct {
	set, kind        string
	folder           string // as reached from the directory the caller named
	against          string // Cross: the folder whose reference it is
	key              string // set/NAME: settles the pair's chance, wherever it lies
	claim, reference string
	mask             string   // "" where there is none
	tool             string   // what made the claim, "" where nobody says
	sources          []string // what the pair was made from: pairs that share one are not independent
}

// LayoutError says which folder is not laid out for evaluation, and how to put
// it right.
type LayoutError struct {
	Folder string
	Text   text.Text
}

func (e *LayoutError) Error() string { return e.Folder + ": " + e.Text.EN }

// collect lists the pairs of all dirs in the order of their names. All layout
// problems are returned together, joined.
func collect(dirs []string) ([]pair, error) {
	var pairs []pair
	var problems []error
	for _, dir := range dirs {
		found := false
		told, errs := readManifest(dir)
		problems = append(problems, errs...)
		for _, set := range []string{Same, Hard, Other} {
			inside := filepath.Join(dir, set)
			entries, err := os.ReadDir(inside)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			found = true
			if err != nil {
				problems = append(problems, unreadable(inside, err))
				continue
			}
			p, errs := collectSet(inside, set, entries)
			told.tell(p)
			pairs, problems = append(pairs, p...), append(problems, errs...)
		}
		if !found {
			problems = append(problems, layoutProblem(dir))
			continue
		}
		problems = append(problems, told.untold()...)
	}
	if len(problems) == 0 && len(pairs) == 0 {
		problems = append(problems, &LayoutError{strings.Join(dirs, ", "), text.Text{
			EN: "there is no pair in it: put each pair into a folder such as same/001-crop, as reference.jpg and claim.jpg.",
			ZH: "里面没有任何图片对。请把每一对放进单独的文件夹，例如 same/001-crop，文件名为 reference.jpg 和 claim.jpg。",
		}})
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	nameSources(pairs)
	return pairs, nil
}

func collectSet(inside, set string, entries []fs.DirEntry) (pairs []pair, problems []error) {
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		folder := filepath.Join(inside, e.Name())
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			problems = append(problems, &LayoutError{folder, text.Text{
				EN: "this is not a folder: put each pair into a folder of its own, as reference.* and claim.*.",
				ZH: "这不是文件夹。请为每一对图片建一个文件夹，放入 reference.* 和 claim.*。",
			}})
			continue
		}
		p, err := readPair(folder, set, e.Name())
		if err != nil {
			problems = append(problems, err)
			continue
		}
		pairs = append(pairs, p)
	}
	return pairs, problems
}

func readPair(folder, set, name string) (pair, error) {
	p := pair{set: set, kind: kindOf(name), folder: folder, key: set + "/" + name}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return p, unreadable(folder, err)
	}
	found := map[string][]string{}
	for _, e := range entries {
		stem := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		found[stem] = append(found[stem], filepath.Join(folder, e.Name()))
	}
	for _, want := range []struct {
		stem string
		into *string
	}{{"reference", &p.reference}, {"claim", &p.claim}} {
		files := found[want.stem]
		switch {
		case len(files) == 0:
			return p, &LayoutError{folder, text.Text{
				EN: fmt.Sprintf("there is no %s picture: add %s.jpg (or .png, .webp, …), or remove the folder.", want.stem, want.stem),
				ZH: fmt.Sprintf("缺少 %s 图片。请放入 %s.jpg（或 .png、.webp 等），或删除这个文件夹。", want.stem, want.stem),
			}}
		case len(files) > 1:
			sort.Strings(files)
			return p, &LayoutError{folder, text.Text{
				EN: fmt.Sprintf("there are %d files named %s.*: leave one of them.", len(files), want.stem),
				ZH: fmt.Sprintf("有 %d 个名为 %s.* 的文件，请只保留一个。", len(files), want.stem),
			}}
		}
		*want.into = files[0]
	}
	if mask := filepath.Join(folder, "mask.png"); copied(set) && len(found["mask"]) > 0 {
		p.mask = mask
	}
	return p, nil
}

// kindOf drops a leading number and the mark after it: "012-print" is "print".
func kindOf(name string) string {
	rest := strings.TrimLeft(name, "0123456789")
	if rest == name {
		return name
	}
	if kind := strings.TrimLeft(rest, "-_. "); kind != "" {
		return kind
	}
	return name
}

func layoutProblem(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &LayoutError{dir, text.Text{EN: "there is no such folder: check its name.", ZH: "找不到这个文件夹，请检查名称。"}}
	case err != nil:
		return unreadable(dir, err)
	case !info.IsDir():
		return &LayoutError{dir, text.Text{
			EN: "this is a file: name the folder that holds same/ and other/.",
			ZH: "这是一个文件。请指定包含 same/ 和 other/ 的文件夹。",
		}}
	}
	return &LayoutError{dir, text.Text{
		EN: "there is neither same/ nor other/ in it: put copies under same/NAME and honest pairs under other/NAME, each with reference.* and claim.*.",
		ZH: "里面既没有 same/ 也没有 other/。请把由对照图改成的图片对放在 same/名称 下，独立拍摄的放在 other/名称 下，每个文件夹内有 reference.* 和 claim.*。",
	}}
}

func unreadable(folder string, err error) error {
	reason := text.Reason(err)
	return &LayoutError{folder, text.Text{
		EN: fmt.Sprintf("the folder cannot be read (%s): check its permissions.", reason.EN),
		ZH: fmt.Sprintf("无法读取这个文件夹（%s），请检查权限。", reason.ZH),
	}}
}
