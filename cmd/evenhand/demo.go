package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/evenhand/evenhand/demo"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

// demoFile is where the demonstration's logins lie beside the data, for
// scripts such as examples/first-claims.
const demoFile = "demo.json"

// fillDemo makes the marketplace on the first start, and says on each how to
// get in.
func (c *serveCmd) fillDemo(a *app, db *store.DB, rules []byte, log *slog.Logger) error {
	fmt.Fprintln(a.errOut, "Making up a marketplace and photographing its goods (under a minute the first time) ...\n正在准备演示商城并为商品拍照（首次启动不到一分钟）……")
	bar := a.newProgress()
	s, err := demo.Fill(a.ctx, demo.Options{
		Store: db, Blobs: db.Blobs(), Policy: rules, Seed: c.DemoSeed, Log: log,
		Examine:  newExaminer(a.ctx, db, slog.New(slog.DiscardHandler)),
		Progress: func(done, total int) { bar.show(done, total, "") },
	})
	bar.clear()
	if errors.Is(err, demo.ErrInUse) {
		return a.fail(text.Text{
			EN: "--demo needs an empty desk, and this one holds something already; choose another folder with --data.",
			ZH: "--demo 只能用于空的数据目录，当前目录已有内容；请用 --data 另选一个。",
		})
	}
	if err != nil {
		return err
	}
	if c.Data != "" {
		if err := keepDemo(filepath.Join(c.Data, demoFile), s); err != nil {
			return fmt.Errorf("keeping the demonstration's logins: %w", err)
		}
	}
	return tellDemo(a.out, s)
}

// keepDemo writes the logins, readable by nobody else.
func keepDemo(file string, s demo.Summary) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(raw, '\n'), 0o600)
}

func tellDemo(w io.Writer, s demo.Summary) error {
	_, err := fmt.Fprintf(w, "A made-up marketplace: %d orders, %d claims. Nothing in it is real. Log in as:\n演示商城：%d 份订单、%d 份售后申请，均为虚构。可用以下账号登录：\n", s.Orders, s.Claims, s.Orders, s.Claims)
	for _, l := range s.Logins {
		if err == nil {
			_, err = fmt.Fprintf(w, "  %-15s %-16s %s  %s\n", l.Role, l.Login, l.Password, l.Name)
		}
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "  API key / 接口密钥  %s\n", s.Key)
	}
	return err
}
