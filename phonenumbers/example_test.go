package phonenumbers_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// The numbers of an account: which of them can send, and what the others need.
func ExampleClient_List() {
	server := graphtest.Start()
	numbers := phonenumbers.New(server.Client())
	for number, err := range numbers.List(server.World().ClientWABAs[1], phonenumbers.Query{}).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s, name %s\n", number.VerifiedName, number.Status, number.NameStatus)
		fmt.Println("  the number", number.Readiness())
	}
	// Output:
	// Harbour Events: PENDING, name PENDING_REVIEW
	//   the number is not verified: request a code and send it back; the display name is in review
	// Harbour Books: PENDING, name AVAILABLE_WITHOUT_REVIEW
	//   the number can be registered
}

// The certificate of an approved name.
func ExampleClient_Get() {
	server := graphtest.Start()
	numbers := phonenumbers.New(server.Client())
	number, err := numbers.Get(context.Background(), server.World().Certified)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.VerifiedName, number.NameStatus, number.Certificate != "", number.CanSend())
	// Output: Nordwind Reisen APPROVED true true
}

// An hourly read of many numbers leaves the certificates out.
func ExampleGetOp() {
	server := graphtest.Start()
	var ops []graph.Op[phonenumbers.Number]
	for _, id := range server.World().Numbers {
		ops = append(ops, phonenumbers.GetOp(id, phonenumbers.StatusFields()...))
	}
	connected := 0
	for i, r := range graph.SendByIDs(context.Background(), server.Client(), ops) {
		if r.Err != nil {
			log.Printf("%s: %v", server.World().Numbers[i], r.Err)
			continue
		}
		if r.Value.CanSend() {
			connected++
		}
	}
	fmt.Println(connected, "of", len(ops), "can send")
	// Output: 3 of 6 can send
}

// A number that came through Embedded Signup is verified. It is registered with a
// PIN, which the client or the partner has to keep.
func ExampleClient_Register() {
	server := graphtest.Start()
	client, err := server.Signup(graphtest.SignupOptions{Name: "Casa Lumen"})
	if err != nil {
		log.Fatal(err)
	}
	ctx, numbers := context.Background(), phonenumbers.New(server.Client())
	err = numbers.Register(ctx, client.Numbers[0], graph.NewSecret("270731"))
	switch {
	case errors.Is(err, graph.ErrOutcomeUnknown):
		fmt.Println("the answer was lost: read the status before trying again")
	case errors.Is(err, graph.Code(133005)):
		fmt.Println("the number has another PIN: ask the client")
	case err != nil:
		log.Fatal(err)
	}
	number, err := numbers.Get(ctx, client.Numbers[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status)
	// Output: CONNECTED
}

// The client wants another PIN. The earlier one is not needed.
func ExampleClient_SetPIN() {
	server := graphtest.Start()
	ctx, numbers, id := context.Background(), phonenumbers.New(server.Client()), server.World().Certified
	if err := numbers.SetPIN(ctx, id, graph.NewSecret("150954")); err != nil {
		log.Fatal(err)
	}
	err := numbers.Register(ctx, id, graph.NewSecret("270731"))
	fmt.Println(errors.Is(err, graph.Code(133005)))
	fmt.Println(numbers.Register(ctx, id, graph.NewSecret("150954")))
	// Output:
	// true
	// <nil>
}

func ExampleClient_Deregister() {
	server := graphtest.Start()
	ctx, numbers := context.Background(), phonenumbers.New(server.Client())
	if err := numbers.Deregister(ctx, server.World().Certified); err != nil {
		log.Fatal(err)
	}
	number, err := numbers.Get(ctx, server.World().Certified, "status")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status)
	// Output: DISCONNECTED
}

// Before a registration: would it fail or do harm?
func ExampleNumber_Readiness() {
	server := graphtest.Start()
	numbers := phonenumbers.New(server.Client())
	for _, id := range []graph.PhoneNumberID{server.World().Certified, server.World().Renamed} {
		number, err := numbers.Get(context.Background(), id)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.Readiness().OK(), number.Readiness())
	}
	// Output:
	// false is connected already
	// true can be registered; a changed name is approved and waits: register again with it; the verification has expired, which does not matter for sending
}

func ExampleNumber_CanSend() {
	server := graphtest.Start()
	numbers := phonenumbers.New(server.Client())
	number, err := numbers.Get(context.Background(), server.World().Pending, "status")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status, number.CanSend())
	// Output: PENDING false
}

// A PIN that a client typed is checked before it is stored.
func ExampleCheckPIN() {
	fmt.Println(phonenumbers.CheckPIN(graph.NewSecret("270731")))
	fmt.Println(phonenumbers.CheckPIN(graph.NewSecret("2707")))
	// Output:
	// <nil>
	// wagraph: pin must be 6 digits
}

// The same number, written in two ways.
func ExampleDigits() {
	fmt.Println(phonenumbers.Digits("+49 30 5550-100") == phonenumbers.Digits("49305550100"))
	// Output: true
}
