package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// All reads page after page while the loop runs.
func ExampleList_All() {
	server := graphtest.Start()
	accounts := waba.New(server.Client())

	for account, err := range accounts.Clients(server.World().Business, waba.Query{Prefetch: true}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.Name)
	}
	// Output:
	// Tamarind Foods
	// Harbour Books
	// Nordwind Fähren
	// Nordwind Reisen
}

// Pages yields a cursor with each page. A later run resumes behind it.
func ExampleList_Pages() {
	ctx := context.Background()
	server := graphtest.Start()
	list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 3})

	var cursor string
	for page, err := range list.Pages(ctx, "") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("first run:", len(page.Items), "accounts")
		cursor = page.After // store it once the page is processed
		break               // the program is stopped here
	}

	for page, err := range list.Pages(ctx, cursor) {
		if errors.Is(err, graph.ErrCursorExpired) {
			fmt.Println("the cursor is too old: begin again with an empty one")
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("second run:", len(page.Items), "accounts")
	}
	// Output:
	// first run: 3 accounts
	// second run: 1 accounts
}

// A struct with an Edge reads the accounts and their numbers in one request per
// page. Numbers that do not fit into the page are read before it is yielded.
func ExampleListAs() {
	type row struct {
		ID      graph.WABAID                    `json:"id"`
		Name    string                          `json:"name"`
		Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
	}
	server := graphtest.Start()
	accounts := waba.New(server.Client()).Clients(server.World().Business, waba.Query{})

	for row, err := range graph.ListAs[row](accounts).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.Name, len(row.Numbers.Data))
	}
	fmt.Println("requests:", len(server.Calls()))
	// Output:
	// Tamarind Foods 2
	// Harbour Books 2
	// Nordwind Fähren 1
	// Nordwind Reisen 1
	// requests: 1
}

// Collect reads a list into a slice, up to a limit.
func ExampleCollect() {
	ctx := context.Background()
	server := graphtest.Start()
	list := waba.New(server.Client()).Owned(server.World().Business, waba.Query{})

	accounts, err := graph.Collect(list.All(ctx), 1000)
	fmt.Println(len(accounts), err)

	accounts, err = graph.Collect(list.All(ctx), 2)
	fmt.Println(len(accounts), errors.Is(err, graph.ErrTooMany))
	// Output:
	// 3 <nil>
	// 2 true
}

// NewList reads any edge, into a type of your own.
func ExampleNewList() {
	type user struct {
		ID    graph.SystemUserID `json:"id"`
		Name  string             `json:"name"`
		Tasks []string           `json:"tasks"`
	}
	ctx := context.Background()
	server := graphtest.Start()
	client, world := server.Client(), server.World()
	if err := waba.New(client).Assign(ctx, world.ClientWABAs[0], world.Employee.ID, waba.TaskManage); err != nil {
		log.Fatal(err)
	}

	list := graph.NewList[user](client, graph.Request{
		Route: "/{waba-id}/assigned_users",
		IDs:   []string{string(world.ClientWABAs[0])},
		Query: url.Values{"business": {string(world.Business)}},
	}, graph.ListOptions{Fields: graph.FieldsOf[user]()})
	for user, err := range list.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Name, user.Tasks)
	}
	// Output: relay-onboarding [MANAGE]
}
