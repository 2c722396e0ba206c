package waba_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// These examples run against the simulator. A program that talks to Meta makes
// its client with graph.New(graph.StaticToken(token)).

func ExampleClient_Owned() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())
	for account, err := range accounts.Owned(server.World().Business, waba.Query{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.Name, account.OwnershipType)
	}
	// Output:
	// Relay Sandbox SELF
	// Relay Notifications SELF
	// Relay Support SELF
}

// The accounts that clients share, the newest first: which of them have a source
// that pays?
func ExampleClient_Clients() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())
	for account, err := range accounts.Clients(server.World().Business, waba.Query{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s of %s, funded: %t\n", account.Name, account.OwnerBusiness.Name, account.PrimaryFundingID != "")
	}
	// Output:
	// Tamarind Foods of Tamarind Foods Pvt Ltd, funded: true
	// Harbour Books of Harbour Books Ltd, funded: false
	// Nordwind Fähren of Nordwind Reisen GmbH, funded: true
	// Nordwind Reisen of Nordwind Reisen GmbH, funded: true
}

func ExampleClient_Get() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())
	account, err := accounts.Get(context.Background(), server.World().ClientWABAs[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Name, account.Currency, account.ReviewStatus, account.VerificationStatus)

	_, err = accounts.Get(context.Background(), "102290100000000")
	fmt.Println(errors.Is(err, graph.ErrNotFound))
	// Output:
	// Tamarind Foods INR APPROVED verified
	// true
}

// A Batch reads many accounts in one request.
func ExampleGetOp() {
	server := graphtest.Start()
	batch := graph.NewBatch(server.Client())
	var results []*graph.Result[waba.Account]
	for _, id := range server.World().ClientWABAs {
		results = append(results, graph.Add(batch, waba.GetOp(id, "id", "name", "country")))
	}
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil {
			log.Fatal(r.Err)
		}
		fmt.Println(r.Value.Name, r.Value.Country)
	}
	// Output:
	// Tamarind Foods IN
	// Harbour Books GB
	// Nordwind Fähren DE
	// Nordwind Reisen DE
}

// Meta sends no webhooks of an account before an app is subscribed.
func ExampleClient_Subscribe() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())
	if err := accounts.Subscribe(context.Background(), server.World().ClientWABAs[0]); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(server.Subscribers(server.World().ClientWABAs[0])))
	// Output: 1
}

func ExampleClient_Subscriptions() {
	server := graphtest.Start()
	ctx, id := context.Background(), server.World().ClientWABAs[0]
	accounts := waba.New(server.Client())
	if err := accounts.Subscribe(ctx, id); err != nil {
		log.Fatal(err)
	}
	for subscription, err := range accounts.Subscriptions(id).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(subscription.App.Name, subscription.App.ID == server.World().App)
	}
	// Output: Relay Messaging true
}

// The messages of one client go to an address of their own.
func ExampleClient_SubscribeTo() {
	server := graphtest.Start()
	ctx, id := context.Background(), server.World().ClientWABAs[0]
	accounts := waba.New(server.Client())
	err := accounts.SubscribeTo(ctx, id, waba.Callback{
		URI: "https://hooks.example.com/tenants/7", VerifyToken: graph.NewSecret("a random text"),
	})
	if err != nil {
		log.Fatal(err)
	}
	for subscription, err := range accounts.Subscriptions(id).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(subscription.OverrideCallback)
	}
	// Output: https://hooks.example.com/tenants/7
}

func ExampleClient_Unsubscribe() {
	server := graphtest.Start()
	ctx, id := context.Background(), server.World().ClientWABAs[0]
	accounts := waba.New(server.Client())
	if err := errors.Join(accounts.Subscribe(ctx, id), accounts.Unsubscribe(ctx, id)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(server.Subscribers(id)))
	// Output: 0
}

// A Batch subscribes all accounts of the clients in one request.
func ExampleSubscribeOp() {
	server := graphtest.Start()
	batch := graph.NewBatch(server.Client())
	results := map[graph.WABAID]*graph.Result[graph.Success]{}
	for _, id := range server.World().ClientWABAs {
		results[id] = graph.Add(batch, waba.SubscribeOp(id))
	}
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	done := 0
	for id, r := range results {
		if r.Err != nil {
			log.Printf("%s: %v", id, r.Err)
			continue
		}
		done += len(server.Subscribers(id))
	}
	fmt.Println(done, "subscribed")
	// Output: 4 subscribed
}

func ExampleSubscribeToOp() {
	server := graphtest.Start()
	id := server.World().ClientWABAs[0]
	batch := graph.NewBatch(server.Client())
	result := graph.Add(batch, waba.SubscribeToOp(id, waba.Callback{
		URI: "https://hooks.example.com/tenants/7", VerifyToken: graph.NewSecret("a random text"),
	}))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Err, server.Subscribers(id)[server.World().App])
	// Output: <nil> https://hooks.example.com/tenants/7
}

func ExampleUnsubscribeOp() {
	server := graphtest.Start()
	batch := graph.NewBatch(server.Client())
	result := graph.Add(batch, waba.UnsubscribeOp(server.World().ClientWABAs[0]))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Err)
	// Output: <nil>
}

// An employee system user works on the accounts that it is assigned to.
func ExampleClient_Assign() {
	server := graphtest.Start()
	w := server.World()
	accounts := waba.New(server.Client()) // with the token of an admin system user
	err := accounts.Assign(context.Background(), w.ClientWABAs[0], w.Employee.ID, waba.TaskManageTemplates, waba.TaskViewCost)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Assigned(w.ClientWABAs[0])[w.Employee.ID])
	// Output: [MANAGE_TEMPLATES VIEW_COST]
}

func ExampleAssignOp() {
	server := graphtest.Start()
	w := server.World()
	batch := graph.NewBatch(server.Client())
	result := graph.Add(batch, waba.AssignOp(w.ClientWABAs[0], w.Employee.ID, waba.TaskManage))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Err, server.Assigned(w.ClientWABAs[0])[w.Employee.ID])
	// Output: <nil> [MANAGE]
}

func ExampleClient_Users() {
	server := graphtest.Start()
	w := server.World()
	ctx, accounts := context.Background(), waba.New(server.Client())
	if err := accounts.Assign(ctx, w.ClientWABAs[0], w.Employee.ID, waba.TaskManage); err != nil {
		log.Fatal(err)
	}
	for user, err := range accounts.Users(w.ClientWABAs[0], w.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Name, user.Type, user.Tasks)
	}
	// Output: relay-onboarding SYSTEM_USER [MANAGE]
}

func ExampleClient_Unassign() {
	server := graphtest.Start()
	w := server.World()
	ctx, accounts := context.Background(), waba.New(server.Client())
	err := errors.Join(
		accounts.Assign(ctx, w.ClientWABAs[0], w.Employee.ID, waba.TaskManage),
		accounts.Unassign(ctx, w.ClientWABAs[0], w.Employee.ID),
	)
	fmt.Println(err, len(server.Assigned(w.ClientWABAs[0])))
	// Output: <nil> 0
}

func ExampleUnassignOp() {
	server := graphtest.Start()
	w := server.World()
	batch := graph.NewBatch(server.Client())
	assign := graph.Add(batch, waba.AssignOp(w.ClientWABAs[0], w.Employee.ID, waba.TaskManage))
	unassign := graph.Add(batch, waba.UnassignOp(w.ClientWABAs[0], w.Employee.ID))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(assign.Err, unassign.Err, len(server.Assigned(w.ClientWABAs[0])))
	// Output: <nil> <nil> 0
}

// The admin system users of the portfolio.
func ExampleClient_SystemUsers() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())
	for user, err := range accounts.SystemUsers(server.World().Business, waba.UserQuery{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		if user.Role.Is(waba.RoleAdmin) {
			fmt.Println(user.Name)
		}
	}
	// Output: relay-admin
}
