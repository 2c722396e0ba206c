package filebudget_test

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graph/pacing/filebudget"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// Each process opens the same directory. Here two clients stand for two
// processes; together they stay within one quota.
func ExampleOpen() {
	server := graphtest.Start(graphtest.WithQuota()) // stands in for Meta
	dir, err := os.MkdirTemp("", "graph-quota")      // in a service, for example /var/lib/acme/graph-quota
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()

	accountID := string(server.World().OwnedWABAs[0])
	for process := range 2 {
		budget, err := filebudget.Open(dir)
		if err != nil {
			fmt.Println(err)
			return
		}
		pacer := pacing.New(pacing.Config{App: "app-id", Budget: budget})
		client := server.Client(graph.WithPacer(pacer))

		ctx := context.Background()
		for range 10 {
			err := client.Do(ctx, graph.Request{
				Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{accountID},
			}, nil)
			if err != nil {
				fmt.Println(err)
				return
			}
		}
		usage, err := pacer.Usage(ctx, accountID)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("Process %d sees %d calls.\n", process+1, usage.Sent)
	}
	// Output:
	// Process 1 sees 10 calls.
	// Process 2 sees 20 calls.
}
