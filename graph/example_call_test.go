package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// The other examples run against the simulator and get their client from
// server.Client() instead.
func ExampleNew() {
	client, err := graph.New(
		graph.StaticToken("EAA-of-the-system-user"),
		graph.WithAppSecret(graph.NewSecret("the app's secret")),
		graph.WithUserAgent("acme-bsp/1.4"),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Version())
	// Output: v25.0
}

// Do makes a call that no package has: here it reads two fields of a business.
func ExampleClient_Do() {
	server := graphtest.Start()
	client := server.Client()

	var business graph.Business
	err := client.Do(context.Background(), graph.Request{
		Method: http.MethodGet,
		Route:  "/{business-id}",
		IDs:    []string{string(server.World().Business)},
		Query:  url.Values{"fields": {"id,name"}},
	}, &business)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(business.ID, business.Name)
	// Output: 506914313209869 Relay Communications GmbH
}

// As gives the client a customer's token. Connections, pacer and tracer are shared.
func ExampleClient_As() {
	ctx := context.Background()
	server := graphtest.Start()
	client := server.Client()
	world := server.World()
	token, err := server.BusinessToken(world.WithCredit)
	if err != nil {
		log.Fatal(err)
	}

	customer := client.As(graph.SecretToken(token))

	for account, err := range waba.New(client).Clients(world.Business, waba.Query{}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		_, err = waba.New(customer).Get(ctx, account.ID)
		fmt.Printf("%s: the customer's token reads it: %t\n", account.Name, err == nil)
	}
	// Output:
	// Tamarind Foods: the customer's token reads it: false
	// Harbour Books: the customer's token reads it: false
	// Nordwind Fähren: the customer's token reads it: true
	// Nordwind Reisen: the customer's token reads it: true
}

// An Op describes a call. Send makes it.
func ExampleSend() {
	server := graphtest.Start()
	client := server.Client()

	op := phonenumbers.GetOp(server.World().Certified, "display_phone_number", "verified_name")
	number, err := graph.Send(context.Background(), client, op)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.DisplayPhoneNumber, number.VerifiedName)
	// Output: +49 555 1000024 Nordwind Reisen
}

// The Kind of an error says what to do. Every error of the module has one.
func ExampleKindOf() {
	ctx := context.Background()
	server := graphtest.Start()
	client := server.Client(graph.WithRetry(graph.RetryPolicy{MaxThrottleWait: 10 * time.Second}))
	accounts := waba.New(client)
	id := server.World().ClientWABAs[0]

	handle := func(err error) {
		switch graph.KindOf(err) {
		case "":
			fmt.Println("done")
		case graph.ErrThrottled:
			if failed, ok := errors.AsType[*graph.Error](err); ok {
				fmt.Println("try again in", failed.RetryAfter)
			}
		case graph.ErrAuth:
			fmt.Println("get a new token")
		case graph.ErrNotFound, graph.ErrPermission:
			fmt.Println("the client does not share this account")
		case graph.ErrOutcomeUnknown:
			fmt.Println("read the state before doing it again")
		default:
			fmt.Println(err)
		}
	}

	_, err := accounts.Get(ctx, id)
	handle(err)
	_, err = accounts.Get(ctx, "102290100000000")
	handle(err)
	server.Throttle("GET /{waba-id}", 1, 19*time.Minute)
	_, err = accounts.Get(ctx, id)
	handle(err)
	_, err = accounts.Get(ctx, "not an id")
	handle(err)
	// Output:
	// done
	// the client does not share this account
	// try again in 19m0s
	// wagraph: waba-id must be digits only, got "not an id"
}

// Code compares an error with a number of Meta's.
func ExampleCode() {
	server := graphtest.Start()
	numbers := phonenumbers.New(server.Client())

	err := numbers.Register(context.Background(), server.World().Certified, graph.NewSecret("000000"))
	fmt.Println("wrong PIN:", errors.Is(err, graph.Code(133005)))
	// Output: wrong PIN: true
}

// printer prints each attempt that ended.
type printer struct{}

func (printer) TraceStart(ctx context.Context, _ graph.TraceStart) context.Context { return ctx }

func (printer) TraceEnd(_ context.Context, end graph.TraceEnd) {
	fmt.Println(end.Method, end.Route, "attempt", end.Attempt, "status", end.Status, "repeated:", end.Retry)
}

// A Tracer sees every attempt, also those that are repeated.
func ExampleWithTracer() {
	server := graphtest.Start()
	client := server.Client(
		graph.WithTracer(printer{}),
		graph.WithRetry(graph.RetryPolicy{MinWait: time.Millisecond}),
	)
	server.Fail("GET /{waba-id}", 2, 0) // "Service temporarily unavailable", once

	_, err := waba.New(client).Get(context.Background(), server.World().ClientWABAs[0])
	fmt.Println(err)
	// Output:
	// GET /{waba-id} attempt 1 status 503 repeated: true
	// GET /{waba-id} attempt 2 status 200 repeated: false
	// <nil>
}

// tokenVault stands for the place where the tokens of all customers are kept.
type tokenVault map[graph.BusinessID]graph.Secret

// tokenOf is a customer's TokenSource. It is asked for each call.
type tokenOf struct {
	tokens   tokenVault
	customer graph.BusinessID
}

func (t tokenOf) Token(context.Context) (*oauth2.Token, error) {
	token, ok := t.tokens[t.customer]
	if !ok {
		return nil, errors.New("no token is stored for this customer")
	}
	return &oauth2.Token{AccessToken: token.Reveal()}, nil
}

// A TokenSource can read the token from a vault.
func ExampleTokenSource() {
	server := graphtest.Start()
	client := server.Client()
	customer := client.As(tokenOf{tokenVault{}, server.World().WithCredit})

	err := customer.Do(context.Background(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
	fmt.Println(err)
	// Output: wagraph: GET /me: transient: the token source gave no token: no token is stored for this customer. Nothing was sent.
}

// A Secret does not print.
func ExampleSecret() {
	token := graph.NewSecret("EAAG...")
	fmt.Println(token, len(token.Reveal()))
	// Output: [redacted] 7
}
