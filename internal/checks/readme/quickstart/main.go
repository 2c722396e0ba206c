// Command quickstart is the program that README shows.
package main

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func main() {
	check := func(err error) {
		if err != nil {
			panic(err) // says what failed, on which object, what to do, and Meta's trace id
		}
	}
	ctx, server := context.Background(), graphtest.Start()                    // the simulator; for Meta, see "Going live"
	partner, world := server.Client(), server.World()                         // calls with the token of the partner's system user
	done, err := server.Signup(graphtest.SignupOptions{Name: "Harbour Cafe"}) // what the browser would post
	check(err)
	signups := signup.New(partner, signup.App{ID: world.App, Secret: world.AppSecret})
	token, err := signups.Redeem(ctx, signup.Callback{Code: done.Code})
	check(err)
	info, err := signups.Debug(ctx, token.Access)
	check(err)
	for _, id := range info.Grants().WABAs { // partner.As(token) calls with the customer's token
		check(waba.New(partner.As(token)).Subscribe(ctx, id))
		share, err := credit.New(partner).Share(ctx, credit.ShareRequest{Line: world.CreditLine, WABA: id, Currency: "EUR"})
		check(err)
		for number, err := range phonenumbers.New(partner).List(id, phonenumbers.Query{}).All(ctx) {
			check(err)
			check(phonenumbers.New(partner.As(token)).Register(ctx, number.ID, graph.NewSecret("195842")))
			fmt.Println(number.DisplayPhoneNumber, "registered, billed to", share.Allocation.ID)
		}
	}
}
