// Command quickstart is the program that README shows.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func main() {
	ctx := context.Background()
	server := graphtest.Start() // the simulator; for Meta, see "Going live"
	world := server.World()
	client, err := server.Signup(graphtest.Signup{Name: "Harbour Cafe"}) // what the browser would post
	check(err)

	graph := server.Client() // the partner's system user; every call goes through it
	signups := signup.New(graph, signup.App{ID: world.App, Secret: world.AppSecret})
	token, err := signups.Redeem(ctx, signup.Callback{Code: client.Code})
	check(err)
	info, err := signups.Debug(ctx, token.Access)
	check(err)

	theirs := graph.As(token) // the same client with the customer's token
	for _, id := range info.Grants().WABAs {
		check(waba.New(theirs).Subscribe(ctx, id))
		share, err := credit.New(graph).Share(ctx, credit.ShareRequest{Line: world.CreditLine, WABA: id, Currency: "EUR"})
		check(err)
		for number, err := range phonenumbers.New(graph).List(id, phonenumbers.Query{}).All(ctx) {
			check(err)
			check(phonenumbers.New(theirs).Register(ctx, number.ID, wagraph.NewSecret("195842")))
			fmt.Println(number.DisplayPhoneNumber, "registered, billed to", share.Allocation.ID)
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err) // says what failed, on which object, what to do, and Meta's trace id
	}
}
