package onboard_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// A worker does what is due, on any number of machines. Two records of one client, from
// two tabs, do not get in each other's way: the second one finds the work done.
func ExampleFlow_RunDue() {
	ctx := context.Background()
	server := graphtest.Start()
	store := onboard.NewMemoryStore()
	flow := partnersFlowOver(server, store)
	done, start := newClient(server, graphtest.SignupOptions{})
	_, otherTab := newClient(server, graphtest.SignupOptions{Business: done.Business, WABA: done.WABAs[0]})
	otherTab.Claim = start.Claim
	for _, request := range []onboard.BeginRequest{start, otherTab} {
		if _, err := flow.Begin(ctx, request); err != nil {
			fmt.Println(err)
			return
		}
	}
	backlog, err := store.Backlog(ctx)
	fmt.Println("due:", backlog.Due, err)
	for {
		records, err := flow.RunDue(ctx, 16)
		if err != nil {
			fmt.Println(err)
			return
		}
		if backlog, err = store.Backlog(ctx); err != nil || backlog.Due+backlog.Waiting == 0 {
			break // a service goes on for ever
		}
		if len(records) < 16 {
			time.Sleep(100 * time.Millisecond)
		}
	}
	for record, err := range store.List(ctx, onboard.Filter{Business: done.Business}) {
		fmt.Println(record.State, err)
	}
	fmt.Println("registrations:", server.Registrations(done.Numbers[0]))
	// Output:
	// due: 2 <nil>
	// done <nil>
	// done <nil>
	// registrations: 1
}

// A PIN is changed at Meta and in the vault together.
func ExampleFlow_ChangePIN() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if record, err = flow.Run(ctx, record.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flow.ChangePIN(ctx, record.ID, done.Numbers[0], graph.NewSecret("270731")))
	err = flow.ChangePIN(ctx, record.ID, done.Numbers[0], graph.NewSecret("2707"))
	fmt.Println(errors.Is(err, graph.ErrInput))
	// Output:
	// <nil>
	// true
}

// The daily job renews the tokens, and the records show when they end now.
func ExampleFlow_Refresh() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{TokenLifetime: 10 * 24 * time.Hour})
	if _, err := flow.Begin(ctx, start); err != nil {
		fmt.Println(err)
		return
	}
	for token, err := range flow.Refresh(ctx, onboard.RefreshOptions{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(token.Result, token.Err)
	}
	for token, err := range flow.Validate(ctx, onboard.ValidateOptions{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(token.Standing, token.Err)
	}
	// Output:
	// renewed <nil>
	// live <nil>
}

// A tenant leaves the BSP: first its clients are offboarded, then everything about it is
// deleted.
func ExampleFlow_EraseTenant() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if record, err = flow.Run(ctx, record.ID); err != nil {
		fmt.Println(err)
		return
	}
	_, err = flow.EraseTenant(ctx, "acme")
	fmt.Println(errors.Is(err, graph.ErrInput))
	if _, err = flow.Offboard(ctx, onboard.OffboardRequest{Record: record.ID, EveryWABA: true}); err != nil {
		fmt.Println(err)
		return
	}
	erased, err := flow.EraseTenant(ctx, "acme")
	fmt.Printf("%+v %v\n", erased, err)
	// Output:
	// true
	// {Records:1 Secrets:1} <nil>
}
