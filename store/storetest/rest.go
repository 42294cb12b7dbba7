package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

func testPolicies(t *testing.T, db *store.DB) {
	ctx := t.Context()
	v := desk.PolicyVersion{ID: "P1", Source: "rules: []", SHA256: "aa", Status: desk.PolicyDraft, CreatedBy: "u", CreatedAt: t0}
	newer := desk.PolicyVersion{ID: "P2", Source: "x", SHA256: "bb", CreatedAt: t0.Add(time.Hour)}
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.InsertPolicy(ctx, v), tx.InsertPolicy(ctx, newer)) })
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.InsertPolicy(ctx, v) })
	v.Status, v.Approvals, v.ActiveFrom = desk.PolicyAnnounced, []desk.Approval{{By: "w", At: t0}}, &newer.CreatedAt
	write(t, db, func(tx desk.Tx) error { return tx.UpdatePolicy(ctx, v) })
	if got := one(t, db, func(tx desk.Tx) (desk.PolicyVersion, error) { return tx.Policy(ctx, "P1") }); !cmp.Equal(got, v) {
		t.Error(cmp.Diff(v, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.PolicyVersion, error) { return tx.PolicyVersions(ctx) }); !cmp.Equal(got, []desk.PolicyVersion{newer, v}) {
		t.Error(cmp.Diff([]desk.PolicyVersion{newer, v}, got))
	}
	v.Source = "other"
	if err := db.Write(ctx, func(tx desk.Tx) error { return tx.UpdatePolicy(ctx, v) }); err == nil {
		t.Error("a version's source was changed")
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { return tx.UpdatePolicy(ctx, desk.PolicyVersion{ID: "P9"}) })
}

func testShadows(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var want []desk.ShadowRouting
	write(t, db, func(tx desk.Tx) error {
		for i := range 9 {
			s := desk.ShadowRouting{ClaimID: fmt.Sprintf("c-%d", i), Stage: claim.StageFiled, Policy: "P1", Rule: "r", Action: claim.ActReview, Active: claim.ActSettle, At: t0.Add(time.Duration(i/3) * time.Second)}
			want = append(want, s)
			if err := errors.Join(tx.PutShadow(ctx, s), tx.PutShadow(ctx, s)); err != nil {
				return err
			}
		}
		return tx.PutShadow(ctx, desk.ShadowRouting{ClaimID: "c", Policy: "P2", At: t0})
	})
	slices.Reverse(want)
	got := pages(t, db, 2, func(tx desk.Tx, p work.Page) ([]desk.ShadowRouting, string, error) { return tx.Shadows(ctx, "P1", p) })
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

func testMessages(t *testing.T, db *store.DB) {
	ctx := t.Context()
	m := work.Message{ID: "msg-1", Topic: "claim.decided", Subject: "claim/1", At: t0, Body: []byte(`{"a": "<b>"}`)}
	changed := m
	changed.Body = []byte(`{}`)
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.PutMessage(ctx, m), tx.PutMessage(ctx, changed)) })
	if got := one(t, db, func(tx desk.Tx) (work.Message, error) { return tx.Message(ctx, "msg-1") }); !cmp.Equal(got, m) {
		t.Error(cmp.Diff(m, got))
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Message(ctx, "none"); return err })
}

func testWebhooks(t *testing.T, db *store.DB) {
	ctx := t.Context()
	w := desk.Webhook{ID: "w-1", URL: "https://example.org", Topics: []string{"a"}, Secret: "whsec_x", CreatedBy: "u", CreatedAt: t0}
	write(t, db, func(tx desk.Tx) error { return tx.PutWebhook(ctx, w) })
	w.Disabled = true
	write(t, db, func(tx desk.Tx) error { return tx.PutWebhook(ctx, w) })
	if got := one(t, db, func(tx desk.Tx) (desk.Webhook, error) { return tx.Webhook(ctx, "w-1") }); !cmp.Equal(got, w) {
		t.Error(cmp.Diff(w, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.Webhook, error) { return tx.Webhooks(ctx) }); !cmp.Equal(got, []desk.Webhook{w}) {
		t.Error(cmp.Diff([]desk.Webhook{w}, got))
	}
	var want []desk.Delivery
	for i := range 5 {
		d := desk.Delivery{ID: fmt.Sprintf("d-%d", i), WebhookID: "w-1", MessageID: "m", State: "waiting", CreatedAt: t0.Add(time.Duration(i) * time.Second), NextAt: t0}
		write(t, db, func(tx desk.Tx) error { return tx.PutDelivery(ctx, d) })
		d.State, d.NextAt, d.Attempts = "delivered", time.Time{}, []desk.DeliveryTry{{At: t0, Status: 200, TookMS: 3}}
		write(t, db, func(tx desk.Tx) error { return tx.PutDelivery(ctx, d) })
		want = append(want, d)
	}
	if got := one(t, db, func(tx desk.Tx) (desk.Delivery, error) { return tx.Delivery(ctx, "d-0") }); !cmp.Equal(got, want[0]) {
		t.Error(cmp.Diff(want[0], got))
	}
	slices.Reverse(want)
	got := pages(t, db, 2, func(tx desk.Tx, p work.Page) ([]desk.Delivery, string, error) { return tx.Deliveries(ctx, "w-1", p) })
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	write(t, db, func(tx desk.Tx) error { return tx.DeleteWebhook(ctx, "w-1") })
	for _, f := range []func(context.Context, desk.Tx) error{
		func(ctx context.Context, tx desk.Tx) error { return tx.DeleteWebhook(ctx, "w-1") },
		func(ctx context.Context, tx desk.Tx) error { _, err := tx.Webhook(ctx, "w-1"); return err },
		func(ctx context.Context, tx desk.Tx) error { _, err := tx.Delivery(ctx, "d-9"); return err },
	} {
		wantErr(t, db, work.ErrNotFound, f)
	}
}

func testPrivate(t *testing.T, db *store.DB) {
	ctx := t.Context()
	p := desk.PrivateText{ID: "aa", Subject: "buyer/b-1", ClaimID: "c-1", Name: "story", Salt: []byte{0, 1}, Text: "破了\x00\xff", At: t0}
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.PutPrivate(ctx, p), tx.PutPrivate(ctx, p)) })
	for _, f := range []func(desk.Tx) ([]desk.PrivateText, error){
		func(tx desk.Tx) ([]desk.PrivateText, error) { return tx.PrivateOf(ctx, "buyer/b-1") },
		func(tx desk.Tx) ([]desk.PrivateText, error) { return tx.PrivateOfClaim(ctx, "c-1") },
	} {
		if got := one(t, db, f); !cmp.Equal(got, []desk.PrivateText{p}) {
			t.Error(cmp.Diff([]desk.PrivateText{p}, got))
		}
	}
}

func testErase(t *testing.T, db *store.DB) {
	ctx := t.Context()
	c, other := aClaim("c-1"), aClaim("c-2")
	c.Asked = []claim.Question{{To: claim.Buyer, Answer: "words"}, {To: claim.Merchant, Answer: "shop"}}
	c.Appeals = []claim.Appeal{{Side: claim.Buyer, Text: "words"}}
	c.Failures = []claim.Failure{{No: 1, Text: "account closed"}}
	other.BuyerID = "b-2"
	insert(t, db, c, other)
	lat := 1.5
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(
			tx.PutBuyer(ctx, order.Buyer{ID: "b-1", Name: "n", Phone: "p"}), tx.PutBuyer(ctx, order.Buyer{ID: "b-2", Name: "n"}),
			tx.PutOrder(ctx, order.Order{ID: "o-1", BuyerID: "b-1", PlacedAt: t0, Shipment: &order.Shipment{Carrier: "SF", Tracking: "1", City: "x", Lat: &lat, Lon: &lat}}),
			tx.PutPrivate(ctx, desk.PrivateText{ID: "aa", Subject: "buyer/b-1", ClaimID: "c-1"}),
			tx.PutPrivate(ctx, desk.PrivateText{ID: "bb", Subject: "merchant/m-1", ClaimID: "c-1"}),
			tx.InsertEvidence(ctx, evidence.Item{ID: "e-1", ClaimID: "c-1", Party: "buyer", Name: "me.jpg"}),
			tx.SetScreening(ctx, "e-1", evidence.Screening{Detectors: "d"}),
			tx.AppendEvent(ctx, anEvent("claim/c-1", 1)))
	})
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.ErasedAt(ctx, "b-1"); return err })
	write(t, db, func(tx desk.Tx) error { return tx.EraseBuyer(ctx, "b-1", t0) })
	read(t, db, func(tx desk.Tx) error {
		b, err1 := tx.Buyer(ctx, "b-1")
		b2, err2 := tx.Buyer(ctx, "b-2")
		got, err3 := tx.Claim(ctx, "c-1")
		kept, err4 := tx.Claim(ctx, "c-2")
		o, err5 := tx.Order(ctx, "o-1")
		texts, err6 := tx.PrivateOfClaim(ctx, "c-1")
		e, err7 := tx.Evidence(ctx, "e-1")
		events, err8 := tx.EventsOf(ctx, "claim/c-1")
		at, err9 := tx.ErasedAt(ctx, "b-1")
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9); err != nil {
			return err
		}
		if b != (order.Buyer{ID: "b-1"}) || b2.Name != "n" {
			t.Errorf("buyers: %+v %+v", b, b2)
		}
		if got.Story != "" || got.Failures != nil || got.Asked[0].Answer != "" || got.Appeals[0].Text != "" || got.Asked[1].Answer != "shop" || got.Version != 2 {
			t.Errorf("claim: %+v", got)
		}
		if kept.Story == "" || len(texts) != 1 || texts[0].ID != "bb" || len(events) != 1 || !at.Equal(t0) {
			t.Errorf("kept: %q, %v, %d events, erased at %v", kept.Story, texts, len(events), at)
		}
		if e.Name != "" || e.Screening == nil || !cmp.Equal(o.Shipment, &order.Shipment{Carrier: "SF"}) {
			t.Errorf("evidence %+v, shipment %+v", e, o.Shipment)
		}
		return nil
	})
}

func testUsers(t *testing.T, db *store.DB) {
	ctx := t.Context()
	u := desk.User{ID: "u-1", Login: "li", Name: "李", Roles: []access.Role{access.RoleReviewer}, Password: "$argon2id$", TOTP: "ABC", TOTPUsed: 7, OIDC: "iss sub", CreatedAt: t0}
	v := desk.User{ID: "u-2", Login: "wang", CreatedAt: t0.Add(time.Second)}
	w := desk.User{ID: "u-3", Login: "zhao", CreatedAt: t0.Add(2 * time.Second)}
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.PutUser(ctx, u), tx.PutUser(ctx, v), tx.PutUser(ctx, w)) })
	u.TOTPUsed = 8
	write(t, db, func(tx desk.Tx) error { return tx.PutUser(ctx, u) })
	for _, f := range []func(desk.Tx) (desk.User, error){
		func(tx desk.Tx) (desk.User, error) { return tx.User(ctx, "u-1") },
		func(tx desk.Tx) (desk.User, error) { return tx.UserByLogin(ctx, "li") },
		func(tx desk.Tx) (desk.User, error) { return tx.UserByOIDC(ctx, "iss sub") },
	} {
		if got := one(t, db, f); !cmp.Equal(got, u) {
			t.Error(cmp.Diff(u, got))
		}
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.User, error) { return tx.Users(ctx) }); !cmp.Equal(got, []desk.User{u, v, w}) {
		t.Error(cmp.Diff([]desk.User{u, v, w}, got))
	}
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.PutUser(ctx, desk.User{ID: "u-4", Login: "li"}) })
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error {
		return tx.PutUser(ctx, desk.User{ID: "u-4", Login: "chen", OIDC: "iss sub"})
	})
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.UserByOIDC(ctx, ""); return err })
}

func testSessions(t *testing.T, db *store.DB) {
	ctx := t.Context()
	s := desk.Session{ID: "s-1", UserID: "u-1", CSRF: "x", Created: t0, Seen: t0, Expires: t0.Add(time.Hour), Pending: true, Confirmed: t0, Provider: true, Device: "Firefox · Linux", Address: "192.0.2.*"}
	late := s
	late.ID, late.Expires = "s-2", t0.Add(2*time.Hour)
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.InsertSession(ctx, s), tx.InsertSession(ctx, late)) })
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.InsertSession(ctx, s) })
	s.Seen, s.Confirmed = t0.Add(time.Minute), t0.Add(2*time.Minute)
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.SeeSession(ctx, "s-1", s.Seen), tx.ConfirmSession(ctx, "s-1", s.Confirmed))
	})
	if got := one(t, db, func(tx desk.Tx) (desk.Session, error) { return tx.Session(ctx, "s-1") }); got != s {
		t.Error(cmp.Diff(s, got))
	}
	gone := func(id string) {
		t.Helper()
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Session(ctx, id); return err })
	}
	write(t, db, func(tx desk.Tx) error { return tx.Sweep(ctx, t0.Add(time.Hour)) })
	gone("s-1")
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.InsertSession(ctx, s), tx.DeleteSession(ctx, "s-1"), tx.DeleteSession(ctx, "s-1"))
	})
	gone("s-1")
	write(t, db, func(tx desk.Tx) error { return tx.DeleteSessionsOf(ctx, "u-1") })
	gone("s-2")
}

func testKeys(t *testing.T, db *store.DB) {
	ctx := t.Context()
	k := desk.Key{ID: "k-1", Name: "shop", Hash: "aa", Scopes: []string{"claims"}, CreatedAt: t0}
	write(t, db, func(tx desk.Tx) error { return tx.PutKey(ctx, k) })
	k.Revoked = &k.CreatedAt
	write(t, db, func(tx desk.Tx) error { return tx.PutKey(ctx, k) })
	if got := one(t, db, func(tx desk.Tx) (desk.Key, error) { return tx.Key(ctx, "k-1") }); !cmp.Equal(got, k) {
		t.Error(cmp.Diff(k, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.Key, error) { return tx.Keys(ctx) }); len(got) != 1 {
		t.Errorf("%d keys", len(got))
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Key(ctx, "none"); return err })
}

func testIdempotent(t *testing.T, db *store.DB) {
	ctx := t.Context()
	i := desk.Idempotent{Key: "u key", Request: "aa", At: t0}
	write(t, db, func(tx desk.Tx) error {
		if err := tx.InsertIdempotent(ctx, i); err != nil {
			return err
		}
		// A conflict leaves the transaction as it was: what follows is kept.
		if err := tx.InsertIdempotent(ctx, i); !errors.Is(err, work.ErrConflict) {
			t.Errorf("a second one: %v", err)
		}
		i.Status, i.Header, i.Body = 201, []byte("h"), []byte{0, 255}
		return tx.UpdateIdempotent(ctx, i)
	})
	if got := one(t, db, func(tx desk.Tx) (desk.Idempotent, error) { return tx.Idempotent(ctx, "u key") }); !cmp.Equal(got, i) {
		t.Error(cmp.Diff(i, got))
	}
	if n := atOnce(t, 20, func(int) (bool, error) {
		err := db.Write(ctx, func(tx desk.Tx) error { return tx.InsertIdempotent(ctx, desk.Idempotent{Key: "race", At: t0}) })
		if errors.Is(err, work.ErrConflict) {
			return false, nil
		}
		return err == nil, err
	}); n != 1 {
		t.Errorf("%d got one key", n)
	}
	write(t, db, func(tx desk.Tx) error { return tx.DeleteIdempotent(ctx, "race") })
	write(t, db, func(tx desk.Tx) error { return tx.Sweep(ctx, t0.Add(store.IdempotentKept)) })
	for _, k := range []string{"race", "u key"} {
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Idempotent(ctx, k); return err })
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { return tx.UpdateIdempotent(ctx, i) })
}

func testSettings(t *testing.T, db *store.DB) {
	ctx := t.Context()
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Setting(ctx, "n"); return err })
	for _, v := range []string{"a\x00\xff", ""} {
		write(t, db, func(tx desk.Tx) error { return tx.PutSetting(ctx, "n", []byte(v)) })
		if got := one(t, db, func(tx desk.Tx) ([]byte, error) { return tx.Setting(ctx, "n") }); string(got) != v {
			t.Errorf("got %q, want %q", got, v)
		}
	}
}

func testCursors(t *testing.T, db *store.DB) {
	ctx := t.Context()
	insert(t, db, aClaim("c-1"), aClaim("c-2"))
	var good string
	read(t, db, func(tx desk.Tx) (err error) {
		_, good, err = tx.Claims(ctx, desk.ClaimFilter{}, work.Page{Limit: 1})
		return err
	})
	raw := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, cursor := range []string{"x", "%%%", "=", raw("claims"), raw("claims,zz"), raw("claims,~,c"), raw("claims,1,\x00"), raw("claims,1,\xff"), good + "A", raw("orders,1,c"), "' OR 1=1"} {
		p := work.Page{After: cursor, Limit: 1}
		for name, f := range map[string]func(desk.Tx) error{
			"claims":    func(tx desk.Tx) error { _, _, err := tx.Claims(ctx, desk.ClaimFilter{}, p); return err },
			"closed":    func(tx desk.Tx) error { _, _, err := tx.Claims(ctx, desk.ClaimFilter{ClosedOnly: true}, p); return err },
			"merchants": func(tx desk.Tx) error { _, _, err := tx.Merchants(ctx, p); return err },
			"queue": func(tx desk.Tx) error {
				_, _, err := tx.Queue(ctx, desk.QueueFilter{}, desk.Reviewer{}, t0, p)
				return err
			},
			"shadows":    func(tx desk.Tx) error { _, _, err := tx.Shadows(ctx, "P", p); return err },
			"deliveries": func(tx desk.Tx) error { _, _, err := tx.Deliveries(ctx, "w", p); return err },
		} {
			if err := db.Read(ctx, f); !errors.Is(err, work.ErrBadCursor) {
				t.Errorf("%s with cursor %q: %v", name, cursor, err)
			}
		}
	}
	for _, limit := range []int{-1, 0, 1_000_000} {
		read(t, db, func(tx desk.Tx) error {
			_, _, err := tx.Claims(ctx, desk.ClaimFilter{}, work.Page{Limit: limit})
			return err
		})
	}
}

// testOddTexts looks up what no database takes as text: it is not there.
func testOddTexts(t *testing.T, db *store.DB) {
	for _, s := range []string{"\x00", "a\xffb", "'; DROP TABLE claim; --", "../../etc", "\u202e", string(make([]byte, 5000))} {
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Claim(ctx, s); return err })
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.UserByLogin(ctx, s); return err })
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Idempotent(ctx, s); return err })
	}
	c := aClaim("c-1")
	c.Story = "a\x00b" // legal in JSON
	insert(t, db, c)
	if got := one(t, db, func(tx desk.Tx) (*claim.Claim, error) { return tx.Claim(t.Context(), "c-1") }); got.Story != c.Story {
		t.Errorf("story %q", got.Story)
	}
}
