package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	random "math/rand/v2"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/work"
)

// Options is what Fill works with. Store, Blobs and Policy must be set.
type Options struct {
	Store desk.Store
	Blobs desk.Blobs
	// Hash is the cost of the accounts' passwords; the zero value is account's.
	Hash account.Cost
	// Examine screens the evidence; nil leaves it unexamined (tests).
	Examine desk.Examiner
	// Policy is the text of the rules in force from the first day.
	Policy []byte
	// Seed settles everything but secrets.
	Seed uint64
	// Claims is how many claims there are, and Pictured how many of them come
	// with photos; 0 is DefaultClaims and DefaultPictured, negative none.
	Claims, Pictured int
	// Now ends the made-up past; nil is the system's clock.
	Now      func() time.Time
	Progress func(done, total int)
	Log      *slog.Logger
}

// How large the marketplace is. A photo takes about half a second to draw and
// examine, and a pictured claim has two or three.
const (
	DefaultClaims   = 320
	DefaultPictured = 14
	// past is how far back the first order lies.
	past = 45 * 24 * time.Hour
)

// Login is an account that can sign in.
type Login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Name     string `json:"name"`
	Party    string `json:"party,omitempty"`
}

// Summary says what there is and how to get in. It is kept with the
// installation, so that a later start can say it again.
type Summary struct {
	Orders int     `json:"orders"`
	Claims int     `json:"claims"`
	Logins []Login `json:"logins"`
	// Key is a platform's API key with every scope.
	Key string `json:"key"`
	// Fresh is true on the start that made it all.
	Fresh bool `json:"-"`
}

// ErrInUse means that the desk was in use before: a demonstration does not mix
// with real orders.
var ErrInUse = errors.New("this desk holds orders or rules already; a demonstration needs an empty one")

// setting is the name under which the summary is kept.
const setting = "demo"

// Fill makes the marketplace, if it is not there. It must run before the desk
// has rules, because the made-up past lies before any that begin today. What
// an interrupted run has left is not gone on with: ErrInUse.
func Fill(ctx context.Context, o Options) (Summary, error) {
	if s, found, err := earlier(ctx, o.Store); err != nil || found {
		return s, err
	}
	o.defaults()
	w, err := newWorld(o)
	if err != nil {
		return Summary{}, err
	}
	if err := w.desk.FirstPolicy(ctx, o.Policy); err != nil {
		return Summary{}, fmt.Errorf("the demonstration's rules: %w", err)
	}
	s := Summary{Fresh: true}
	steps := []struct {
		what string
		do   func() error
	}{
		{"people", func() error { return w.people(ctx, &s) }},
		{"shops and orders", func() error { return w.market(ctx) }},
		{"claims", func() error { return w.live(ctx) }},
		{"summary", func() error { return keep(ctx, o.Store, &s, w) }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return Summary{}, fmt.Errorf("the demonstration's %s: %w", step.what, err)
		}
	}
	return s, nil
}

func (o *Options) defaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Claims == 0 {
		o.Claims = DefaultClaims
	}
	if o.Pictured == 0 {
		o.Pictured = DefaultPictured
	}
	o.Claims, o.Pictured = max(o.Claims, 0), max(o.Pictured, 0)
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// earlier finds the summary of an earlier run; ErrInUse where the desk was
// used in some other way.
func earlier(ctx context.Context, store desk.Store) (s Summary, found bool, err error) {
	err = store.Read(ctx, func(tx desk.Tx) error {
		raw, err := tx.Setting(ctx, setting)
		if err == nil {
			found = true
			return json.Unmarshal(raw, &s)
		}
		if !errors.Is(err, work.ErrNotFound) {
			return err
		}
		orders, _, err := tx.Orders(ctx, desk.OrderFilter{}, work.Page{Limit: 1})
		if err != nil {
			return err
		}
		rules, err := tx.PolicyVersions(ctx)
		if err == nil && len(orders)+len(rules) > 0 {
			err = ErrInUse
		}
		return err
	})
	return s, found, err
}

func keep(ctx context.Context, store desk.Store, s *Summary, w *world) error {
	s.Orders, s.Claims = len(w.orders), len(w.stories)
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return store.Write(ctx, func(tx desk.Tx) error { return tx.PutSetting(ctx, setting, raw) })
}

// world is the marketplace while it is being lived through.
type world struct {
	o        Options
	desk     *desk.Desk
	accounts *account.Accounts
	r        *random.Rand
	now      time.Time // the made-up present
	end      time.Time
	agenda   agenda

	platform    access.Caller
	merchants   map[string]access.Caller
	reviewers   []access.Caller
	operator    access.Caller
	orders      []bought
	stories     map[string]*story // by claim id
	camera      *camera
	done, total int
}

func newWorld(o Options) (*world, error) {
	w := &world{
		o: o, r: random.New(random.NewPCG(o.Seed, 0x64656d6f)), end: o.Now().UTC().Truncate(time.Second),
		merchants: map[string]access.Caller{}, stories: map[string]*story{},
	}
	w.now = w.end.Add(-past)
	w.camera = newCamera(o.Seed)
	var key [32]byte
	for i := range 8 {
		key[i] = byte(o.Seed >> (8 * i))
	}
	// Within one transaction the desk asks the time once; a millisecond between
	// two keeps what follows later than what went before.
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	w.desk = desk.New(desk.Options{
		Store: o.Store, Blobs: o.Blobs, Examine: o.Examine, Now: clock, Random: random.NewChaCha8(key), Log: o.Log,
	})
	var err error
	w.accounts, err = account.New(o.Store, account.Options{Now: clock, Hash: o.Hash})
	return w, err
}

// secret is a password that can be typed.
func secret() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails (crypto/rand, since Go 1.24)
	out := "demo"
	for i, b := range raw {
		if i%4 == 0 {
			out += "-"
		}
		out += string(letters[int(b)%len(letters)])
	}
	return out
}
