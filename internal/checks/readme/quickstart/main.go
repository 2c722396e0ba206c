// Command quickstart is the program that README shows.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func main() {
	ctx, server := context.Background(), graphtest.Start() // the simulator; "Going live" has the client for Meta
	world := server.World()
	customer := must(server.Signup(graphtest.SignupOptions{Name: "Harbour Cafe"})) // what the customer does in the browser

	cfg := must(onboard.InMemory(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret}, world.Business))
	cfg.Line, cfg.Currency = world.CreditLine, "EUR"
	flow := must(onboard.New(cfg))

	callback := signup.Callback{Code: customer.Code} // what the browser posts to your backend
	record := must(flow.Begin(ctx, onboard.BeginRequest{Tenant: "harbour-cafe", Callback: callback}))
	record = must(flow.Run(ctx, record.ID)) // now, or later, or in another process
	for _, number := range record.Numbers {
		fmt.Println(number.Display, "is", record.State, "and billed in", record.Currency)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err) // says what failed, on which object, what to do, and Meta's trace id
	}
	return value
}
