package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

type countInput struct {
	Body struct {
		N    int    `json:"n"`
		Fail string `json:"fail,omitempty"`
	}
}

type countOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Run int64 `json:"run"`
	}
}

// counter adds a route that changes something and counts its runs.
func counter(y *yard, runs *atomic.Int64, before func()) {
	s := IdempotentStore(y.db)
	route(y.Server, op("count", http.MethodPost, "/v1/count", "test", "", 201), Access{Roles: access.Roles, Scope: access.ScopeClaimsRead}, text.Both("x", "x"), func(ctx context.Context, in *countInput) (*countOutput, error) {
		if before != nil {
			before()
		}
		if in.Body.Fail == "refuse" {
			return nil, text.Refuse(text.CodeInvalid, "n", "no", "不")
		}
		var e record.Event
		if err := s.Write(ctx, func(tx desk.Tx) error { return appendTo(ctx, tx, "claim/C1", "claim.withdraw", &e) }); err != nil {
			return nil, err
		}
		out := &countOutput{Location: "/v1/claims/C1"}
		out.Body.Run = runs.Add(1)
		if in.Body.Fail == "fall" {
			panic("after the commit")
		}
		return out, nil
	})
}

func (y *yard) count(who, key, body string) *http.Response {
	return y.send(who, "POST", "/v1/count", strings.NewReader(body), "Content-Type", "application/json", "Idempotency-Key", key)
}

func TestRepeatIsAnsweredAsBefore(t *testing.T) {
	y, runs := newYard(t), &atomic.Int64{}
	counter(y, runs, nil)
	first := y.count("platform", "k1", `{"n":1}`)
	want := bodyOf(first)
	again := y.count("platform", "k1", `{"n":1}`)
	if got := bodyOf(again); first.StatusCode != 201 || again.StatusCode != 201 || got != want || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != "/v1/claims/C1" || first.Header.Get("Idempotency-Replayed") != "" || runs.Load() != 1 {
		t.Errorf("first %d %s, then %d %s, %d runs", first.StatusCode, want, again.StatusCode, got, runs.Load())
	}
	other := y.second() // a repeat may reach another node
	counter(other, runs, nil)
	if res := other.count("platform", "k1", `{"n":1}`); bodyOf(res) != want || runs.Load() != 1 {
		t.Error("another node does it again")
	}
	wantProblem(t, y.count("platform", "k1", `{"n":2}`), 422, codeMismatch)
	if y.count("buyer", "k1", `{"n":2}`); runs.Load() != 2 {
		t.Error("one caller's key is another's")
	}
	wantProblem(t, y.count("platform", "k2", `{"n":1,"fail":"refuse"}`), 422, text.CodeInvalid)
	if res := y.count("platform", "k2", `{"n":3}`); res.StatusCode != 201 || runs.Load() != 3 {
		t.Errorf("a refusal used the key up: %d", res.StatusCode)
	}
	wantProblem(t, y.count("platform", strings.Repeat("k", 201), `{"n":1}`), 400, codeBadKey)
}

func TestRepeatWhileTheFirstRuns(t *testing.T) {
	y, runs := newYard(t), &atomic.Int64{}
	inside, leave := make(chan struct{}), make(chan struct{})
	counter(y, runs, func() { inside <- struct{}{}; <-leave })
	first := make(chan *http.Response)
	go func() { first <- y.count("platform", "k1", `{"n":1}`) }()
	<-inside
	second := y.count("platform", "k1", `{"n":1}`)
	if second.Header.Get("Retry-After") != "1" {
		t.Error("no Retry-After")
	}
	wantProblem(t, second, 409, codeInProgress)
	close(leave)
	if res := <-first; res.StatusCode != 201 || runs.Load() != 1 {
		t.Errorf("%d, %d runs", res.StatusCode, runs.Load())
	}
}

// TestCrashBetweenCommitAndAnswer: the change is in the store, its answer was
// never known. A repeat is shown to what was made and makes nothing.
func TestCrashBetweenCommitAndAnswer(t *testing.T) {
	y, runs := newYard(t), &atomic.Int64{}
	counter(y, runs, nil)
	shown := func(key, body string) {
		t.Helper()
		res := y.count("platform", key, body)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/v1/claims/C1" || res.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("%d %s", res.StatusCode, bodyOf(res))
		}
	}
	wantProblem(t, y.count("platform", "fell", `{"n":1,"fail":"fall"}`), 500, codeInternal)
	shown("fell", `{"n":1,"fail":"fall"}`)
	if runs.Load() != 1 {
		t.Errorf("%d runs", runs.Load())
	}

	// A process that dies settles nothing at all: do by hand what it did.
	y.count("platform", "died", `{"n":1}`)
	row := y.dead("died", time.Now())
	ctx := context.WithValue(t.Context(), markKey{}, &mark{row: row})
	var e record.Event
	if err := IdempotentStore(y.db).Write(ctx, func(tx desk.Tx) error { return appendTo(ctx, tx, "claim/C1", "claim.withdraw", &e) }); err != nil {
		t.Fatal(err)
	}
	n := runs.Load()
	shown("died", `{"n":1}`)
	if runs.Load() != n {
		t.Error("done twice")
	}
}

// dead makes a kept key look as it did when its request had begun at a time
// and nothing more was heard.
func (y *yard) dead(key string, at time.Time) (row desk.Idempotent) {
	y.t.Helper()
	ctx := y.t.Context()
	c, err := y.accounts.ByKey(ctx, y.keys["platform"])
	if err != nil {
		y.t.Fatal(err)
	}
	err = y.db.Write(ctx, func(tx desk.Tx) error {
		if row, err = tx.Idempotent(ctx, ownerOf(c)+" "+key); err != nil {
			return err
		}
		if err := tx.DeleteIdempotent(ctx, row.Key); err != nil {
			return err
		}
		row.Status, row.Header, row.Body, row.At = 0, nil, nil, at.UTC().Truncate(time.Microsecond)
		return tx.InsertIdempotent(ctx, row)
	})
	if err != nil {
		y.t.Fatal(fmt.Errorf("age key %s: %w", key, err))
	}
	return row
}

// TestCrashBeforeCommit: the key is taken and nothing was done. It is free
// after a while, and should the first not be dead after all, it undoes itself.
func TestCrashBeforeCommit(t *testing.T) {
	y, runs := newYard(t), &atomic.Int64{}
	counter(y, runs, nil)
	y.count("platform", "k", `{"n":1}`)
	y.dead("k", time.Now().Add(-staleAfter/2))
	wantProblem(t, y.count("platform", "k", `{"n":1}`), 409, codeInProgress)
	row := y.dead("k", time.Now().Add(-staleAfter-time.Second))
	if res := y.count("platform", "k", `{"n":1}`); res.StatusCode != 201 || runs.Load() != 2 {
		t.Errorf("%d, %d runs", res.StatusCode, runs.Load())
	}
	ctx := context.WithValue(t.Context(), markKey{}, &mark{row: row})
	var e record.Event
	err := IdempotentStore(y.db).Write(ctx, func(tx desk.Tx) error { return appendTo(ctx, tx, "claim/C1", "claim.withdraw", &e) })
	if !errors.Is(err, work.ErrConflict) {
		t.Errorf("the one thought dead committed: %v", err)
	}
}
