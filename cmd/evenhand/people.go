package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

// userCmd keeps accounts, beside a server that runs or without one.
type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Add somebody, and print the one-time token by which they set a password."`
	Passwd userPasswdCmd `cmd:"" help:"Set somebody's password from the first line of standard input."`
}

// keyCmd keeps API keys.
type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Make an API key and print it; it is shown this once."`
}

type userAddCmd struct {
	storeFlags
	Login         string   `arg:"" help:"Name to sign in with."`
	Role          []string `required:"" help:"reviewer, senior_reviewer, operator, auditor, integrator, merchant or buyer (repeat, or use commas)."`
	Name          string   `help:"Name that others see."`
	Email         string   `help:"Where one-time links for a new password go."`
	Party         string   `help:"The merchant or buyer that they act for."`
	PasswordStdin bool     `help:"Set the password from the first line of standard input."`
}

type userPasswdCmd struct {
	storeFlags
	Login string `arg:"" help:"Name to sign in with."`
}

type keyCreateCmd struct {
	storeFlags
	Name  string   `arg:"" help:"What the key is for."`
	Scope []string `default:"*" help:"What it may do, such as claims:write (repeat, or use commas)."`
	Role  []string `default:"integrator" help:"integrator, merchant, buyer or auditor."`
	Party string   `help:"The one merchant or buyer that the key acts for."`
}

// with opens the store for one command.
func (f storeFlags) with(a *app, do func(*store.DB, *account.Accounts) error) error {
	db, err := f.open(a.ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	accounts, err := account.New(db, account.Options{})
	if err == nil {
		err = a.refused(do(db, accounts))
	}
	if e := db.Close(); err == nil {
		err = e
	}
	return err
}

// refused says a refusal in the caller's language.
func (a *app) refused(err error) error {
	if e, ok := text.AsRefusal(err); ok {
		return a.fail(e.Text)
	}
	return err
}

func roles(names []string) []access.Role {
	out := make([]access.Role, len(names))
	for i, n := range names {
		out[i] = access.Role(n)
	}
	return out
}

// firstLine reads a secret that must not stand in the list of processes.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("reading standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// Run adds the account.
func (c *userAddCmd) Run(a *app) error {
	return c.with(a, func(_ *store.DB, accounts *account.Accounts) error {
		_, once, err := accounts.AddUser(a.ctx, account.Profile{Login: c.Login, Name: c.Name, Email: c.Email, Roles: roles(c.Role), Party: c.Party})
		if err != nil {
			return err
		}
		if !c.PasswordStdin {
			_, err = fmt.Fprintln(a.out, once)
			return err
		}
		password, err := firstLine(os.Stdin)
		if err != nil {
			return err
		}
		return accounts.SetPasswordOnce(a.ctx, once, password)
	})
}

// Run sets the password.
func (c *userPasswdCmd) Run(a *app) error {
	return c.with(a, func(_ *store.DB, accounts *account.Accounts) error {
		all, err := accounts.Users(a.ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(u desk.User) bool { return u.Login == strings.ToLower(c.Login) })
		if at < 0 {
			return a.fail(text.Text{EN: "there is no account " + shown(c.Login), ZH: "没有账号 " + shown(c.Login)})
		}
		password, err := firstLine(os.Stdin)
		if err != nil {
			return err
		}
		once, err := accounts.OnceToken(a.ctx, all[at].ID)
		if err != nil {
			return err
		}
		return accounts.SetPasswordOnce(a.ctx, once, password)
	})
}

// Run makes the key and prints it alone, for scripts.
func (c *keyCreateCmd) Run(a *app) error {
	return c.with(a, func(_ *store.DB, accounts *account.Accounts) error {
		_, secret, err := accounts.IssueKey(a.ctx, access.Caller{ID: "command-line"}, account.KeyWish{Name: c.Name, Scopes: c.Scope, Roles: roles(c.Role), Party: c.Party})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.out, secret)
		return err
	})
}

// backupCmd writes an archive of everything, while the server runs.
type backupCmd struct {
	storeFlags
	File string `arg:"" help:"The archive to write; it must not exist."`
}

// restoreCmd fills an empty store from an archive.
type restoreCmd struct {
	storeFlags
	File string `arg:"" help:"The archive."`
}

// Run writes beside the name and renames at the end, so that half an archive
// never has it.
func (c *backupCmd) Run(a *app) error {
	if _, err := os.Lstat(c.File); err == nil {
		return a.fail(text.Text{EN: shown(c.File) + " exists already", ZH: shown(c.File) + " 已存在"})
	}
	return c.with(a, func(db *store.DB, _ *account.Accounts) error {
		f, err := os.CreateTemp(filepath.Dir(c.File), ".evenhand-backup-*")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name()) //nolint:errcheck // gone once it has its name
		m, err := db.Backup(a.ctx, f)
		if err == nil {
			err = f.Sync()
		}
		if e := f.Close(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
		if err := os.Rename(f.Name(), c.File); err != nil {
			return err
		}
		return a.archived(m)
	})
}

// Run restores.
func (c *restoreCmd) Run(a *app) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	m, err := store.Restore(a.ctx, store.Options{Database: c.Database, Dir: c.Data, Blobs: c.Blobs, Log: slog.New(slog.DiscardHandler)}, f)
	if err != nil {
		return err
	}
	return a.archived(m)
}

func (a *app) archived(m store.Manifest) error {
	_, err := fmt.Fprintf(a.out, a.say(text.Text{EN: "As of %s: %d claims, %d events, %d files of evidence.\n", ZH: "截至 %s：%d 个申请，%d 条记录，%d 份证据原件。\n"}), m.At, m.Rows["claim"], m.Rows["event"], m.Blobs)
	return err
}
