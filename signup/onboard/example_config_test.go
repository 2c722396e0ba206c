package onboard_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A first try needs no database and no key.
func ExampleInMemory() {
	ctx := context.Background()
	server := graphtest.Start() // in place of Meta
	w := server.World()
	cfg, err := onboard.InMemory(server.Client(), signup.App{ID: w.App, Secret: w.AppSecret}, w.Business)
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg.Line, cfg.Currency = w.CreditLine, "EUR"
	flow, err := onboard.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	fmt.Println(record.State, err)
	// Output: done <nil>
}

// A Solution Partner's Config. In production the store and the vault's storage are
// a sqlstore.Store, and the key comes from a KMS.
func ExampleNew() {
	server := graphtest.Start()
	w := server.World()
	ring, err := vault.NewKeyring("2026-01", map[string][]byte{"2026-01": []byte("thirty-two random bytes, in fact")})
	if err != nil {
		fmt.Println(err)
		return
	}
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := onboard.Config{
		Client:   server.Client(), // the partner's admin system user
		App:      signup.App{ID: w.App, Secret: w.AppSecret},
		Business: w.Business,
		Store:    onboard.NewMemoryStore(),
		Vault:    secrets,
		// An employee that sends the messages, and may do nothing else.
		SystemUser: w.Employee.ID,
		Tasks:      []waba.Task{waba.TaskDevelop, waba.TaskMessaging},
		Line:       w.CreditLine,
		Callback:   &waba.Callback{URI: "https://bsp.example/webhooks", VerifyToken: graph.NewSecret("a random text")},
		Approve: func(_ context.Context, record onboard.Record) error {
			if record.Tenant == "" {
				return onboard.ErrRefused
			}
			return nil
		},
		Worker: "worker-1",
		Lease:  time.Minute,
	}
	_, err = onboard.New(cfg)
	fmt.Println(errors.Is(err, graph.ErrInput), err)
	cfg.Currency = "EUR"
	_, err = onboard.New(cfg)
	fmt.Println(err)
	// Output:
	// true wagraph: Config.Currency is empty: it is required with Config.Line, because Meta does not change it later
	// <nil>
}

// The steps that do not depend on each other run at the same time.
func ExampleFlow_Run() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	_, open := record.Due()
	fmt.Println(record.State, open, err)
	// Output: done false <nil>
}

// The client asks for another currency before the line is shared.
func ExampleFlow_SetCurrency() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := flow.SetCurrency(ctx, record.ID, "USD"); err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	fmt.Println(record.State, record.Accounts[0].Currency, err)
	fmt.Println(flow.SetCurrency(ctx, record.ID, "EUR"))
	// Output:
	// done USD <nil>
	// wagraph: record is done: its currency can no longer change
}

// Revoked makes a Flow the credit.History of a program that shares lines itself.
func ExampleFlow_Revoked() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err == nil {
		record, err = flow.Run(ctx, record.ID)
	}
	if err == nil {
		_, err = flow.Offboard(ctx, onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flow.Revoked(ctx, server.World().CreditLine, done.Business))
	// Output: true <nil>
}

// A daily validation finds the tokens that Meta no longer accepts.
func ExampleValidate() {
	ctx := context.Background()
	server := graphtest.Start()
	w := server.World()
	app := signup.App{ID: w.App, Secret: w.AppSecret}
	cfg, err := onboard.InMemory(server.Client(), app, w.Business)
	if err != nil {
		fmt.Println(err)
		return
	}
	flow, err := onboard.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, start := newClient(server, graphtest.SignupOptions{})
	if _, err := flow.Begin(ctx, start); err != nil {
		fmt.Println(err)
		return
	}
	for token, err := range onboard.Validate(ctx, signup.New(cfg.Client, app), cfg.Vault, onboard.ValidateOptions{}) {
		fmt.Println(token.Ref.Tenant, token.Standing, err)
	}
	// Output: acme live <nil>
}
