package onboard_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// partnersFlow is a Solution Partner's: in production its store and its vault's
// storage are a sqlstore.Store, and the key comes from a KMS.
func partnersFlow(server *graphtest.Server) *onboard.Flow {
	return partnersFlowOver(server, onboard.NewMemoryStore())
}

func partnersFlowOver(server *graphtest.Server, store onboard.Store) *onboard.Flow {
	w := server.World()
	ring, err := vault.NewKeyring("2026-01", map[string][]byte{"2026-01": []byte("thirty-two random bytes, in fact")})
	if err != nil {
		panic(err)
	}
	secrets, err := vault.NewSealedVault(vault.NewMemoryStorage(), ring)
	if err != nil {
		panic(err)
	}
	flow, err := onboard.New(onboard.Config{
		Client: server.Client(), // the partner's admin system user
		App:    signup.App{ID: w.App, Secret: w.AppSecret}, Business: w.Business,
		Store: store, Vault: secrets,
		SystemUser: w.Employee.ID, Line: w.CreditLine, Currency: "EUR",
	})
	if err != nil {
		panic(err)
	}
	return flow
}

// newClient went through the popup: what the page posted to the backend.
func newClient(server *graphtest.Server, spec graphtest.SignupOptions) (graphtest.SignupResult, onboard.BeginRequest) {
	done, err := server.Signup(spec)
	if err != nil {
		panic(err)
	}
	return done, onboard.BeginRequest{
		Tenant: "acme", Callback: signup.Callback{Code: done.Code},
		Claim: signup.Claim{Business: done.Business, WABAs: done.WABAs, Numbers: done.Numbers},
	}
}

// From the code to a number that can send, billed to the partner's line.
func ExampleFlow() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{})

	record, err := flow.Begin(ctx, start) // in the request that brought the code
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.State)
	record, err = flow.Run(ctx, record.ID) // now, or in any other process
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.State)
	for _, step := range record.Steps {
		fmt.Println(step.Name, step.State)
	}
	// Output:
	// running
	// done
	// token done
	// inspect done
	// confirm done
	// approve done
	// subscribe done
	// assign done
	// share done
	// register done
	// check done
}

// A double click, or a request that was repeated: one onboarding, one exchange.
func ExampleFlow_Begin() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	first, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := flow.Begin(ctx, start)
	fmt.Println(first.ID == second.ID, err, server.Exchanges(done.Code))

	start.Tenant = "mallory"
	_, err = flow.Begin(ctx, start)
	fmt.Println(err)
	// Output:
	// true <nil> 1
	// onboard: this signup belongs to another tenant
}

// What cannot go on by itself says why, and goes on when the reason is gone.
func ExampleFlow_Resume() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{CodeVerification: "NOT_VERIFIED"})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.State)
	for _, step := range record.Steps {
		if step.State == onboard.StepFailed {
			fmt.Println(step.Name, "|", step.Reason)
		}
	}

	if err := server.VerifyNumber(done.Numbers[0]); err != nil { // the client enters its code
		fmt.Println(err)
		return
	}
	record, err = flow.Resume(ctx, record.ID)
	fmt.Println(record.State, err)
	// Output:
	// failed
	// register | wagraph: phone number +1 555-100-0066 is not verified: request a code and send it back
	// done <nil>
}

// One step is one job of a queue. Due says when the next one is, and the store
// which records have one.
func ExampleFlow_Advance() {
	ctx := context.Background()
	server := graphtest.Start()
	store := onboard.NewMemoryStore()
	flow := partnersFlowOver(server, store)
	_, start := newClient(server, graphtest.SignupOptions{})
	if _, err := flow.Begin(ctx, start); err != nil {
		fmt.Println(err)
		return
	}
	jobs := 0
	for working := true; working; {
		working = false
		for record, err := range store.List(ctx, onboard.Filter{DueBefore: time.Now()}) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if record, err = flow.Advance(ctx, record.ID); errors.Is(err, onboard.ErrBusy) {
				continue // another worker was quicker
			} else if err != nil {
				fmt.Println(err)
				return
			}
			jobs++
			working = working || !record.State.Final()
		}
	}
	fmt.Println(jobs, "jobs")
	// Output: 8 jobs
}

// A client from before: its token and its accounts come from the old database.
func ExampleFlow_Adopt() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	w := server.World()
	token, err := server.BusinessToken(w.WithCredit)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := flow.Adopt(ctx, onboard.AdoptRequest{
		Tenant: "nordwind", Token: token, Business: w.WithCredit, WABAs: w.ClientWABAs[2:],
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	fmt.Println(record.State, err)
	for _, account := range record.Accounts {
		fmt.Println(account.Name, account.Allocation == w.Allocation)
	}
	// Output:
	// done <nil>
	// Nordwind Fähren true
	// Nordwind Reisen true
}

// A hosted signup has no code: a webhook says who signed up, and the token is
// fetched.
func ExampleFlow_BeginShared() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, _ := newClient(server, graphtest.SignupOptions{Variant: graphtest.Hosted})
	event := onboard.BeginSharedRequest{Tenant: "acme", Business: done.Business, WABA: done.WABAs[0], At: time.Unix(1767225600, 0)}
	record, err := flow.BeginShared(ctx, event)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	fmt.Println(record.State, record.TokenFetched, err)
	again, err := flow.BeginShared(ctx, event)
	fmt.Println(again.ID == record.ID, err)
	// Output:
	// done true <nil>
	// true <nil>
}

// The page's event may come after the code.
func ExampleFlow_AddClaim() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	_, start := newClient(server, graphtest.SignupOptions{})
	claim := start.Claim
	start.Claim = signup.Claim{}
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.AddClaim(ctx, record.ID, "acme", claim, signup.VariantCloud)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Run(ctx, record.ID)
	fmt.Println(len(record.Claim.WABAs), record.State, err)
	// Output: 1 done <nil>
}

// A number that had a two-step PIN before is registered with that one.
func ExampleFlow_SetPIN() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{PIN: graph.NewSecret("482913")})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if record, err = flow.Run(ctx, record.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.State)
	if err := flow.SetPIN(ctx, record.ID, done.Numbers[0], graph.NewSecret("482913")); err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Resume(ctx, record.ID)
	fmt.Println(record.State, err)
	// Output:
	// failed
	// done <nil>
}
