package graphtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A Server begins with a small world. This lists the accounts that the clients in
// it share with the partner.
func Example() {
	ctx, server := context.Background(), graphtest.Start()
	partner, world := server.Client(), server.World()

	for account, err := range waba.New(partner).Clients(world.Business, waba.Query{}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.Name, account.Currency)
	}
	// Output:
	// Tamarind Foods INR
	// Harbour Books GBP
	// Nordwind Fähren EUR
	// Nordwind Reisen EUR
}

// A client goes through Embedded Signup. The partner exchanges the code for the
// client's token, which works once.
func ExampleServer_Signup() {
	ctx, server := context.Background(), graphtest.Start()
	world := server.World()
	partner := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})

	client, err := server.Signup(graphtest.SignupOptions{Name: "Casa Lumen", Currency: "BRL", Country: "BR"})
	if err != nil {
		log.Fatal(err)
	}
	token, err := partner.Exchange(ctx, client.Code, signup.ExchangeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	account, err := waba.New(server.ClientFor(token)).Get(ctx, client.WABAs[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Name, account.Currency)

	_, err = partner.Exchange(ctx, client.Code, signup.ExchangeOptions{})
	fmt.Println("second exchange failed:", err != nil)
	fmt.Println("the code was sent", server.Exchanges(client.Code), "times")
	// Output:
	// Casa Lumen BRL
	// second exchange failed: true
	// the code was sent 2 times
}

// A throttle names the wait. The SDK does not sleep for two minutes by itself: it
// returns at once, and the error has the wait.
func ExampleServer_Throttle() {
	ctx, server := context.Background(), graphtest.Start()
	accounts, id := waba.New(server.Client()), server.World().ClientWABAs[0]

	server.Throttle("GET /{waba-id}", 1, 2*time.Minute)
	_, err := accounts.Get(ctx, id)
	if failure, ok := errors.AsType[*graph.Error](err); ok {
		fmt.Println("code", failure.Code, "wait", failure.RetryAfter)
	}
	fmt.Println(errors.Is(err, graph.ErrThrottled))

	_, err = accounts.Get(ctx, id)
	fmt.Println("the next call:", err)
	// Output:
	// code 80008 wait 2m0s
	// true
	// the next call: <nil>
}

// The registration takes effect, and its answer is lost. The SDK must not send it
// again, and says that the outcome is unknown.
func ExampleServer_LoseReply() {
	ctx, server := context.Background(), graphtest.Start()
	client, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		log.Fatal(err)
	}
	number := client.Numbers[0]

	server.LoseReply("POST /{phone-number-id}/register")
	err = phonenumbers.New(server.Client()).Register(ctx, number, graph.NewSecret("123456"))
	fmt.Println(errors.Is(err, graph.ErrOutcomeUnknown))

	state, _ := server.Number(number)
	fmt.Println(state.Status, "after", server.Registrations(number), "registration")
	// Output:
	// true
	// CONNECTED after 1 registration
}

// Control decides for each call. Here every third read fails with Meta's code for
// a temporary failure, and the SDK repeats the call.
func ExampleServer_Control() {
	ctx, server := context.Background(), graphtest.Start()
	reads := 0
	remove := server.Control("GET /{waba-id}", func(graphtest.Call) *graphtest.Fault {
		reads++
		if reads%3 == 0 {
			return &graphtest.Fault{Code: 2, Message: "Service temporarily unavailable"}
		}
		return nil
	})

	accounts := waba.New(server.Client(graph.WithRetry(graph.RetryPolicy{MinWait: time.Millisecond})))
	for _, id := range server.World().ClientWABAs {
		if _, err := accounts.Get(ctx, id); err != nil {
			log.Fatal(err)
		}
	}
	remove()
	fmt.Println(len(server.World().ClientWABAs), "accounts in", reads, "calls")
	// Output: 4 accounts in 5 calls
}

// A code is valid for 30 seconds. The clock of the Server moves; the program does
// not wait.
func ExampleServer_Advance() {
	ctx, server := context.Background(), graphtest.Start()
	world := server.World()
	client, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		log.Fatal(err)
	}

	server.Advance(31 * time.Second)
	partner := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	_, err = partner.Exchange(ctx, client.Code, signup.ExchangeOptions{})
	if failure, ok := errors.AsType[*graph.Error](err); ok {
		fmt.Println(failure.Code, failure.Subcode, failure.Message)
	}
	// Output: 100 36007 This authorization code has expired.
}

// A test can assert which calls were made, and that no secret is in the log.
func ExampleServer_Calls() {
	ctx, server := context.Background(), graphtest.Start()
	accounts, id := waba.New(server.Client()), server.World().ClientWABAs[0]
	if err := accounts.Subscribe(ctx, id); err != nil {
		log.Fatal(err)
	}
	if _, err := accounts.Get(ctx, id, "name"); err != nil {
		log.Fatal(err)
	}

	for _, call := range server.Calls() {
		fmt.Println(call.Method, call.Route, call.Query.Get("fields"), call.Status, call.Header.Get("Authorization"))
	}
	fmt.Println("subscribed:", len(server.Subscribers(id)) == 1)
	// Output:
	// POST /{waba-id}/subscribed_apps  200 Bearer [redacted]
	// GET /{waba-id} name 200 Bearer [redacted]
	// subscribed: true
}

// Handler serves any HTTP client, in any language. The control API lets it steer
// the simulator too.
func ExampleServer_Handler() {
	server := graphtest.Start(graphtest.WithControlAPI())
	web := httptest.NewServer(server.Handler())

	signedUp, err := http.Post(web.URL+"/__sim/signup", "application/json", http.NoBody)
	if err != nil {
		log.Fatal(err)
	}
	var client struct {
		Accounts []string `json:"waba_ids"`
	}
	if err := errors.Join(json.NewDecoder(signedUp.Body).Decode(&client), signedUp.Body.Close()); err != nil {
		log.Fatal(err)
	}

	req, err := http.NewRequest(http.MethodGet, web.URL+"/v25.0/"+client.Accounts[0]+"?fields=currency,status", http.NoBody)
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+server.World().Admin.Token.Reveal())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	var account struct{ Currency, Status string }
	if err := errors.Join(json.NewDecoder(resp.Body).Decode(&account), resp.Body.Close()); err != nil {
		log.Fatal(err)
	}
	web.Close()
	fmt.Println(resp.StatusCode, account.Currency, account.Status)
	// Output: 200 USD ACTIVE
}
