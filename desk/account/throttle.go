package account

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// How guessing is slowed down, and nobody locked out by strangers.
//
// A browser that has signed in to an account before carries a signed cookie
// (device.go) and is counted by itself alone: what strangers do, however fast
// and from wherever, never makes it wait. This is OWASP's "Slow Down Online
// Guessing Attacks with Device Cookies". All other browsers are counted
// together by account, and by the pair of account and address, by address, and
// by the network around it. After some free tries, for people mistype, each
// failure doubles the wait up to a bound. The bound on consecutive failures
// that NIST SP 800-63B-4 section 3.2.2 sets, 100, is where a known browser
// becomes unknown; the account as a whole is down to one guess an hour long
// before.
//
// Somebody with a new browser whose account is being guessed at may have to
// wait behind the guesser; a one-time link by e-mail, or one from an operator,
// makes the browser known at once. Counts are kept in the store: neither a
// restart nor another node forgets them.
type rule struct {
	free   int           // failures that cost nothing
	most   time.Duration // the longest wait
	slow   int           // from so many failures on the wait is an hour; 0: never
	forget time.Duration // after so long without a failure all is forgotten
}

// The rules. With these an account is guessed at by strangers at most 70 times
// on the first day and 25 times on each further one, by all of them together; a
// known browser has at most 130 tries a day (TestGuesserIsBounded counts).
var (
	rulePair    = rule{free: 5, most: 15 * time.Minute, forget: time.Hour}
	ruleAccount = rule{free: 10, most: 15 * time.Minute, slow: 45, forget: desk.AttemptKept}
	ruleAddress = rule{free: 20, most: 15 * time.Minute, forget: time.Hour}
	ruleNetwork = rule{free: 200, most: 15 * time.Minute, forget: time.Hour}
	ruleDevice  = rule{free: 10, most: 15 * time.Minute, forget: desk.AttemptKept}
	// ruleCode is for second factors by an unknown browser that has the
	// password already, of which one in 333,333 guesses hits.
	ruleCode = rule{free: 5, most: 15 * time.Minute, slow: 20, forget: desk.AttemptKept}
)

// maxByDevice is after how many failures in a row a known browser is one no
// more (NIST SP 800-63B-4 section 3.2.2).
const maxByDevice = 100

const slowWait = time.Hour

// wait is how long from now the next attempt has to wait.
func (r rule) wait(f desk.Attempt, now time.Time) time.Duration {
	if f.N < r.free || now.Sub(f.Last) > r.forget {
		return 0
	}
	d := r.most
	if over := f.N - r.free; over < 10 { // 2^10 s is beyond the longest wait
		d = min(r.most, time.Second<<over)
	}
	if r.slow > 0 && f.N >= r.slow {
		d = slowWait
	}
	return max(0, f.Last.Add(d).Sub(now))
}

func (r rule) again(f desk.Attempt, now time.Time) desk.Attempt {
	if now.Sub(f.Last) > r.forget {
		f.N = 0
	}
	return desk.Attempt{N: f.N + 1, Last: now}
}

// counted is one of the counts that an attempt stands in.
type counted struct {
	key string
	rule
	// own is forgotten when the attempt goes well; from any other count only
	// what the own one held is taken back: somebody with one good account must
	// not get to guess at others for free.
	own bool
}

// tally is what an attempt is counted against.
type tally []counted

// passwordTally is for passwords: who is a user's id or stands for a login
// that does not exist, device a known browser's name or empty.
func passwordTally(who, device string, addr netip.Addr) tally {
	if device != "" {
		return tally{{"device/" + device, ruleDevice, true}}
	}
	near, wide := addressKeys(addr)
	return tally{{"pair/" + who + "/" + near, rulePair, true}, {"account/" + who, ruleAccount, false}, {"address/" + near, ruleAddress, false}, {"network/" + wide, ruleNetwork, false}}
}

// codeTally is for second factors at sign-in.
func codeTally(userID, device string) tally {
	if device != "" {
		return tally{{"device-code/" + device, ruleDevice, true}}
	}
	return tally{{"code/" + userID, ruleCode, true}}
}

// confirmTally is for who has a session and shows again who they are; nobody
// else comes near it.
func confirmTally(userID string) tally { return tally{{"confirm/" + userID, ruleDevice, true}} }

// addressKeys are what counts as one address and as one network: an IPv4
// address and its /24, or the /64 that an IPv6 customer is given and the /48
// around it.
func addressKeys(a netip.Addr) (near, wide string) {
	a = a.Unmap()
	bits := [2]int{32, 24}
	if a.Is6() {
		bits = [2]int{64, 48}
	}
	near, wide = a.String(), a.String()
	if p, err := a.WithZone("").Prefix(bits[0]); err == nil {
		near = p.String()
	}
	if p, err := a.WithZone("").Prefix(bits[1]); err == nil {
		wide = p.String()
	}
	return near, wide
}

// unknownLogin stands for a login that does not exist: one of 65,536 counts,
// so that made-up names do not fill the store.
func unknownLogin(login string) string { return "?" + digest(login)[:4] }

// attempt counts one attempt as failed before it is made, so that guesses sent
// all at once are slowed down as well; succeeded takes the count back. It
// answers with SlowDown where a wait is not over.
func (a *Accounts) attempt(ctx context.Context, t tally) error {
	var err error
	for range 10 { // others may count at this very moment, on other nodes too
		err = a.store.Write(ctx, func(tx desk.Tx) error { return a.count(ctx, tx, t) })
		if !errors.Is(err, work.ErrConflict) {
			return err
		}
	}
	return &SlowDown{After: time.Second}
}

func (a *Accounts) count(ctx context.Context, tx desk.Tx, t tally) error {
	now := a.now()
	was := make([]desk.Attempt, len(t))
	for i, c := range t {
		var err error
		if was[i], err = tx.Attempt(ctx, c.key); err != nil {
			return err
		}
		if w := c.wait(was[i], now); w > 0 {
			return &SlowDown{After: w}
		}
	}
	for i, c := range t {
		if err := tx.PutAttempt(ctx, c.key, was[i], c.again(was[i], now)); err != nil {
			return err
		}
	}
	return nil
}

// succeeded forgets a person's own failures, and takes them back where they
// were counted along with others'. Failures that strangers made stay.
func succeeded(ctx context.Context, tx desk.Tx, t tally) error {
	mine := 1
	for _, c := range slices.SortedFunc(slices.Values(t), func(x, y counted) int { return first(y.own) - first(x.own) }) {
		was, err := tx.Attempt(ctx, c.key)
		if err != nil {
			return err
		}
		if c.own {
			mine = max(mine, was.N)
		}
		now := desk.Attempt{N: max(0, was.N-mine), Last: was.Last}
		if now == was || was.N == 0 {
			continue
		}
		// Whoever counts at this moment is not undone: the count stays then.
		if err := tx.PutAttempt(ctx, c.key, was, now); err != nil && !errors.Is(err, work.ErrConflict) {
			return err
		}
	}
	return nil
}

func first(own bool) int {
	if own {
		return 1
	}
	return 0
}
