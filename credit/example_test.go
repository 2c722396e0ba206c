package credit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

func ExampleClient_Lines() {
	server := graphtest.Start()
	lines := credit.New(server.Client())
	for line, err := range lines.Lines(server.World().Business, credit.Query{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(line.LegalEntityName, line.ID == server.World().CreditLine)
	}
	// Output: Relay Communications GmbH true
}

func ExampleClient_GetLine() {
	server := graphtest.Start()
	line, err := credit.New(server.Client()).GetLine(context.Background(), server.World().CreditLine)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(line.Available.Amount, "of", line.MaxBalance.Amount, line.MaxBalance.Currency)
	// Output: 50000.00 of 50000.00 EUR
}

func ExampleGetLineOp() {
	server := graphtest.Start()
	batch := graph.NewBatch(server.Client())
	result := graph.Add(batch, credit.GetLineOp(server.World().CreditLine, "id", "legal_entity_name"))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Err, result.Value.LegalEntityName)
	// Output: <nil> Relay Communications GmbH
}

func ExampleClient_Allocations() {
	server := graphtest.Start()
	lines := credit.New(server.Client())
	for allocation, err := range lines.Allocations(server.World().CreditLine, credit.Query{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(allocation.Receiver.Name)
	}
	// Output:
	// Tamarind Foods Pvt Ltd
	// Nordwind Reisen GmbH
}

// A client stopped sharing its account. Its allocation is found by the portfolio
// that was stored at the signup.
func ExampleClient_FindAllocation() {
	server := graphtest.Start()
	w := server.World()
	allocation, found, err := credit.New(server.Client()).FindAllocation(context.Background(), w.CreditLine, w.WithCredit)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found, allocation.ID == w.Allocation)
	// Output: true true
}

func ExampleClient_GetAllocation() {
	server := graphtest.Start()
	allocation, err := credit.New(server.Client()).GetAllocation(context.Background(), server.World().Allocation)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(allocation.Receiver.Name, allocation.Deleted())
	// Output: Nordwind Reisen GmbH false
}

func ExampleGetAllocationOp() {
	server := graphtest.Start()
	batch := graph.NewBatch(server.Client())
	result := graph.Add(batch, credit.GetAllocationOp(server.World().Allocation))
	if err := batch.Send(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Err, result.Value.Receiver.Name)
	// Output: <nil> Nordwind Reisen GmbH
}

// The answer to the call that bills is lost. Share reads whether the call took
// effect, and does not repeat it.
func ExampleClient_Share() {
	server := graphtest.Start()
	w := server.World()
	server.LoseReply("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach")

	lines := credit.New(server.Client()) // with the token of an admin system user
	share, err := lines.Share(context.Background(), credit.ShareRequest{
		Line: w.CreditLine, WABA: w.ClientWABAs[1], Business: w.WithoutCredit, Currency: "GBP",
	})
	switch {
	case errors.Is(err, credit.ErrNotAttached):
		fmt.Println("nothing pays yet: share again later")
	case err != nil:
		log.Fatal(err)
	}
	fmt.Println(share.Action, share.Attached)
	// Output: recovered true
}

func ExampleClient_Attach() {
	server := graphtest.Start()
	w := server.World()
	second, err := server.AddWABA(w.WithCredit, "Nordwind Frachten")
	if err != nil {
		log.Fatal(err)
	}
	token, err := server.BusinessToken(w.WithCredit) // the client's, from its signup
	if err != nil {
		log.Fatal(err)
	}
	client := credit.New(server.Client().As(graph.SecretToken(token)))
	fmt.Println(client.Attach(context.Background(), w.CreditLine, second, "EUR"))
	// Output: <nil>
}

func ExampleClient_Verify() {
	server := graphtest.Start()
	w := server.World()
	lines := credit.New(server.Client())
	for _, id := range []graph.WABAID{w.ClientWABAs[3], w.ClientWABAs[1]} {
		v, err := lines.Verify(context.Background(), w.Allocation, id)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(v.Attached)
	}
	// Output:
	// true
	// false
}

func ExampleClient_Revoke() {
	server := graphtest.Start()
	ctx, lines := context.Background(), credit.New(server.Client())
	err := lines.Revoke(ctx, credit.RevokeRequest{Allocation: server.World().Allocation, EveryWABA: true})
	if err != nil {
		log.Fatal(err)
	}
	allocation, err := lines.GetAllocation(ctx, server.World().Allocation)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(allocation.RequestStatus)
	// Output: DELETED
}

// The partner's records have one allocation, and Meta has two.
func ExampleClient_Inventory() {
	server := graphtest.Start()
	w := server.World()
	records := func(yield func(credit.Expected, error) bool) {
		yield(credit.Expected{Business: w.WithCredit, Allocation: w.Allocation}, nil)
	}
	result, err := credit.New(server.Client()).Inventory(context.Background(), credit.InventoryRequest{
		Line: w.CreditLine, Partner: w.Business, Expected: records,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Matched, "as stored")
	for _, a := range result.Orphaned {
		fmt.Println("paid for and not stored:", a.Receiver.Name)
	}
	// Output:
	// 1 as stored
	// paid for and not stored: Tamarind Foods Pvt Ltd
}

// The currency of a new client is checked before its signup begins.
func ExampleCheckCurrency() {
	fmt.Println(credit.CheckCurrency("EUR"))
	fmt.Println(credit.CheckCurrency("euro"))
	// Output:
	// <nil>
	// wagraph: currency must be an ISO 4217 code such as "EUR", got "euro"
}
