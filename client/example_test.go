package client_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/client"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/server"
	"github.com/evenhand/evenhand/store"
)

// A platform tells the desk of an order, and files a claim for its buyer.
func Example() {
	ctx := context.Background()
	address, key, stop := desktop(ctx)
	defer stop()

	c, err := client.NewClientWithResponses(address, client.WithKey(key))
	if err != nil {
		log.Fatal(err)
	}
	price := client.Money{Amount: 4500, Currency: "CNY"}
	kept, err := c.PutOrderWithResponse(ctx, "2026112300017", nil, client.OrderBody{
		MerchantID: "m1", BuyerID: "b1", Total: price, PlacedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Lines: []client.OrderLine{{ID: "1", Title: "Mug", Quantity: 1, Price: price}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("order:", kept.StatusCode())

	story, once := "The handle is broken off.", "2026112300017/1"
	filed, err := c.FileClaimWithResponse(ctx, &client.FileClaimParams{IdempotencyKey: &once}, client.FilingBody{
		OrderID: "2026112300017", Kind: client.FilingBodyKindReturnRefund, Reason: client.FilingBodyReasonDamaged, Story: &story,
	})
	if err != nil {
		log.Fatal(err)
	}
	if refused := filed.ApplicationProblemJSONDefault; refused != nil {
		log.Fatal(refused.Code)
	}
	fmt.Println("claim:", filed.JSON201.Claim.State)
	for _, m := range filed.JSON201.Missing {
		fmt.Println("still needed:", m.Purpose)
	}

	unknown, err := c.ClaimWithResponse(ctx, "none")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("another:", unknown.ApplicationProblemJSONDefault.Code)
	// Output:
	// order: 200
	// claim: draft
	// still needed: whole
	// still needed: close_up
	// another: not_found
}

// desktop is a desk of its own in a temporary folder, with a key for it.
func desktop(ctx context.Context) (address, key string, stop func()) {
	dir, err := os.MkdirTemp("", "evenhand")
	if err != nil {
		log.Fatal(err)
	}
	db, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		log.Fatal(err)
	}
	d := desk.New(desk.Options{Store: server.IdempotentStore(db), Blobs: db.Blobs()})
	if err := d.FirstPolicy(ctx, policy.Default()); err != nil {
		log.Fatal(err)
	}
	accounts, err := account.New(db, account.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := server.New(server.Options{Desk: d, Accounts: accounts, Store: db, Uploads: server.DeskUploads(d, dir)})
	if err != nil {
		log.Fatal(err)
	}
	_, key, err = accounts.IssueKey(ctx, access.Caller{ID: "shell"}, account.KeyWish{Name: "platform", Scopes: []string{access.ScopeAll}})
	if err != nil {
		log.Fatal(err)
	}
	h := httptest.NewServer(s)
	return h.URL, key, func() {
		h.Close()
		_ = db.Close()
		_ = os.RemoveAll(dir)
	}
}
