package graphtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// The registration takes effect, and Meta answers that the number is registered
// already. The fault happens to one number; the body is sent unchanged.
func ExampleServer_Control_alreadyRegistered() {
	ctx, server := context.Background(), graphtest.Start()
	client, err := server.Signup(graphtest.SignupOptions{Numbers: 2})
	if err != nil {
		log.Fatal(err)
	}
	server.Control("POST /{phone-number-id}/register", func(call graphtest.Call) *graphtest.Fault {
		if call.IDs[0] != string(client.Numbers[0]) {
			return nil
		}
		return &graphtest.Fault{
			After: true, Status: 400,
			Body: []byte(`{"error":{"message":"Phone number is already registered","type":"OAuthException","code":100,"fbtrace_id":"A1"}}`),
		}
	})

	numbers := phonenumbers.New(server.Client())
	for _, id := range client.Numbers {
		err := numbers.Register(ctx, id, graph.NewSecret("123456"))
		state, _ := server.Number(id)
		fmt.Println(errors.Is(err, graph.Code(100)), state.Status)
	}
	// Output:
	// true CONNECTED
	// false CONNECTED
}

// Meta still processes the display name when the number is registered for the first
// time. A later attempt succeeds.
func ExampleServer_DelayName() {
	ctx, server := context.Background(), graphtest.Start()
	client, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		log.Fatal(err)
	}
	number := client.Numbers[0]
	if err := server.DelayName(number, 1); err != nil {
		log.Fatal(err)
	}

	numbers := phonenumbers.New(server.Client())
	err = numbers.Register(ctx, number, graph.NewSecret("123456"))
	fmt.Println(errors.Is(err, graph.Code(2388001)))
	fmt.Println(numbers.Register(ctx, number, graph.NewSecret("123456")))
	fmt.Println(server.Registrations(number), "attempts,", server.Summary().Registered[number].Times, "with success")
	// Output:
	// true
	// <nil>
	// 2 attempts, 1 with success
}

// Nothing pays for a new account until the credit line is shared with it.
func ExampleWithPaymentRequired() {
	ctx, server := context.Background(), graphtest.Start(graphtest.WithPaymentRequired())
	client, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		log.Fatal(err)
	}
	partner, number := server.Client(), client.Numbers[0]

	err = phonenumbers.New(partner).Register(ctx, number, graph.NewSecret("123456"))
	if failure, ok := errors.AsType[*graph.Error](err); ok {
		fmt.Println(failure.Subcode, failure.UserMessage)
	}
	_, err = credit.New(partner).Share(ctx, credit.ShareRequest{Line: server.World().CreditLine, WABA: client.WABAs[0], Currency: "USD"})
	fmt.Println(err)
	fmt.Println(phonenumbers.New(partner).Register(ctx, number, graph.NewSecret("123456")))
	// Output:
	// 2388103 Your WhatsApp Business Account doesn't have a payment method set up.
	// <nil>
	// <nil>
}
