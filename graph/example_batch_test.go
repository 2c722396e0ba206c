package graph_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A Batch sends up to 50 calls of any kind in one request. Each has its own
// result and its own error.
func ExampleBatch() {
	server := graphtest.Start()
	world := server.World()

	batch := graph.NewBatch(server.Client())
	account := graph.Add(batch, waba.GetOp(world.ClientWABAs[0], "name"))
	number := graph.Add(batch, phonenumbers.GetOp(world.Certified, "verified_name"))
	subscribed := graph.Add(batch, waba.SubscribeOp(world.ClientWABAs[0]))
	missing := graph.Add(batch, waba.GetOp("102290100000000", "name"))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err) // nothing was sent
	}

	fmt.Println(account.Value.Name, account.Err)
	fmt.Println(number.Value.VerifiedName, number.Err)
	fmt.Println("subscribed:", subscribed.Err == nil)
	fmt.Println("missing:", graph.KindOf(missing.Err))
	// Output:
	// Tamarind Foods <nil>
	// Nordwind Reisen <nil>
	// subscribed: true
	// missing: wagraph: not found
}

// SendByIDs reads many objects of one kind. The results are in the order of the
// ops.
func ExampleSendByIDs() {
	server := graphtest.Start()
	ids := server.World().ClientWABAs
	ids = append(ids, "102290100000000") // does not exist

	ops := make([]graph.Op[waba.Account], 0, len(ids))
	for _, id := range ids {
		ops = append(ops, waba.GetOp(id, "id", "name"))
	}
	for i, result := range graph.SendByIDs(context.Background(), server.Client(), ops) {
		if result.Err != nil {
			fmt.Println(ids[i], graph.KindOf(result.Err))
			continue
		}
		fmt.Println(result.Value.ID, result.Value.Name)
	}
	// Output:
	// 102290172729308 Tamarind Foods
	// 102290171048868 Harbour Books
	// 102290162528340 Nordwind Fähren
	// 102290153729003 Nordwind Reisen
	// 102290100000000 wagraph: not found
}
