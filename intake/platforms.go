package intake

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/evenhand/evenhand/text"
)

//go:embed platforms.tsv
var platformsTSV string

// profile is a marketplace whose own exports are recognised by their headers.
type profile struct {
	id   string
	kind Kind
	// columns maps a header, as plain writes it, to a field; "-" is known and not kept.
	columns map[string]string
	// money are the headers of columns that tell whether it was paid back.
	money map[string]bool
	// signs are the headers that must all be there.
	signs []string
}

// manner is what a platform's files mean without saying it.
type manner struct {
	name text.Text
	// currency is that of its amounts where no column says; empty is none.
	currency string
}

// manners are those of the platforms in platforms.tsv.
var manners = map[string]manner{
	"taobao":       {text.Text{EN: "Taobao or Tmall, orders", ZH: "淘宝／天猫订单"}, "CNY"},
	"taobao-items": {text.Text{EN: "Taobao or Tmall, items", ZH: "淘宝／天猫宝贝明细"}, "CNY"},
	"jd":           {text.Text{EN: "JD", ZH: "京东"}, "CNY"},
	"pinduoduo":    {text.Text{EN: "Pinduoduo", ZH: "拼多多"}, "CNY"},
	"douyin":       {text.Text{EN: "Douyin", ZH: "抖音"}, "CNY"},
	"xiaohongshu":  {text.Text{EN: "Xiaohongshu", ZH: "小红书"}, "CNY"},
	"shopify":      {text.Text{EN: "Shopify", ZH: "Shopify"}, ""},
	"woocommerce":  {text.Text{EN: "WooCommerce", ZH: "WooCommerce"}, ""},
	"amazon":       {text.Text{EN: "Amazon", ZH: "亚马逊"}, ""},
}

// PlatformName is what people call a platform of a report.
func PlatformName(id string) text.Text { return manners[id].name }

// profiles reads the table, once.
var profiles = sync.OnceValue(func() []profile {
	var out []profile
	for _, l := range strings.Split(platformsTSV, "\n") {
		cells := strings.Split(l, "\t")
		if strings.HasPrefix(l, "#") || len(cells) < 6 {
			continue
		}
		id, kind := cells[0], Kind(cells[1])
		i := slices.IndexFunc(out, func(p profile) bool { return p.id == id && p.kind == kind })
		if i < 0 {
			i = len(out)
			out = append(out, profile{id: id, kind: kind, columns: map[string]string{}, money: map[string]bool{}})
		}
		header := plain(cells[2])
		name, sign := strings.CutSuffix(cells[3], "!")
		name, out[i].money[header] = strings.CutSuffix(name, "$")
		out[i].columns[header] = name
		if sign {
			out[i].signs = append(out[i].signs, header)
		}
	}
	return out
})

// profileOf recognises a platform by the headers of a file; nil is none. Of
// several the one that knows most of them counts.
func profileOf(kind Kind, headers []string) *profile {
	var best *profile
	most := 0
	for i, p := range profiles() {
		if p.kind != kind || slices.ContainsFunc(p.signs, func(s string) bool { return !slices.Contains(headers, s) }) {
			continue
		}
		n := 0
		for _, h := range headers {
			if _, ok := p.columns[h]; ok {
				n++
			}
		}
		if n > most {
			best, most = &profiles()[i], n
		}
	}
	return best
}
