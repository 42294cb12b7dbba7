package main

import (
	"fmt"
	"path/filepath"

	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/text"
)

// samplesCmd draws products and photographs them, so that demonstrations and
// measurements need no one else's pictures.
type samplesCmd struct {
	Seed    uint64   `default:"1" placeholder:"N" help:"Settles everything drawn; the same seed gives the same files."`
	Width   int      `default:"1280" placeholder:"PIXELS" help:"Width of the photos; their height is three quarters of it."`
	Product []string `placeholder:"NAME" help:"Draw only these products (repeat or separate by commas)."`
	Pairs   int      `default:"0" placeholder:"N" help:"Also write N pairs of each kind under DIR/pairs, laid out for evenhand eval."`
	Kind    []string `placeholder:"KIND" help:"Write only these kinds of pairs."`
	Dir     string   `arg:"" name:"dir" type:"path" help:"Folder to write to; what an earlier run finished is kept."`
}

// Run draws, showing progress, and says where the pictures are.
func (c *samplesCmd) Run(a *app) error {
	if c.Pairs < 0 {
		return a.fail(text.Text{EN: "--pairs must not be negative", ZH: "--pairs 不能是负数"})
	}
	bar := a.newProgress()
	err := samples.Write(a.ctx, c.Dir, samples.Options{
		Seed: c.Seed, Width: c.Width, Products: c.Product, Pairs: c.Pairs, Kinds: c.Kind,
		Progress: func(done, total int) { bar.show(done, total, "") },
	})
	bar.clear()
	if err != nil {
		return err
	}
	where := report.Clean(filepath.Join(c.Dir, "truth.json"))
	_, err = fmt.Fprintln(a.out, a.say(text.Text{
		EN: "Samples written; " + where + " says what each file is.",
		ZH: "样张已写好，每个文件的来历见 " + where + "。",
	}))
	return err
}
