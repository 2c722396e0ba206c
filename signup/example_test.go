package signup_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// In June 2026 whatsapp_business_manage_events replaced
// whatsapp_business_management. The accounts are found under either scope.
func ExampleTokenInfo_Grants() {
	info := signup.TokenInfo{GranularScopes: []signup.GranularScope{
		{Scope: "business_management", TargetIDs: []signup.TargetID{"2729063490586005"}},
		{Scope: "whatsapp_business_manage_events", TargetIDs: []signup.TargetID{"524126980791429"}},
	}}
	grants := info.Grants()
	fmt.Println(grants.WABAs, grants.Businesses, grants.Unrestricted)
	// Output:
	// [524126980791429] [2729063490586005] false
}

func ExampleGrants_Names() {
	grants := signup.Grants{WABAs: []graph.WABAID{"524126980791429"}}
	fmt.Println(grants.Names("524126980791429"), grants.Names("102289599326934"))
	// Output:
	// true false
}

// ConfirmAccounts compares the claim of the browser with what the customer granted.
func ExampleClient_ConfirmAccounts() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	client, err := server.Signup(graphtest.SignupOptions{Name: "Lucky Shrub", Drift: graphtest.NoTargets})
	if err != nil {
		fmt.Println(err)
		return
	}

	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	token, err := signups.Redeem(ctx, signup.Callback{Code: client.Code})
	if err != nil {
		fmt.Println(err)
		return
	}
	info, err := signups.Debug(ctx, token.Access)
	if err != nil {
		fmt.Println(err)
		return
	}
	claimed := []graph.WABAID{client.WABAs[0], world.ClientWABAs[0]} // the second belongs to another customer
	confirmed, err := signups.ConfirmAccounts(ctx, token, claimed, info.Grants())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, account := range confirmed.Accounts {
		fmt.Println(account.Account.Name, "named", account.Named)
	}
	for _, claim := range confirmed.Refused {
		fmt.Println("refused:", graph.KindOf(claim.Err))
	}
	// Output:
	// Lucky Shrub named false
	// refused: wagraph: not found
}

func ExampleClient_Debug() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	info, err := signups.Debug(ctx, graph.NewSecret("EAA-not-a-token"))
	fmt.Println(err, bool(info.Valid), graph.KindOf(info.Err()))
	// Output:
	// <nil> false wagraph: auth
}

func ExampleParseCallback() {
	callback, err := signup.ParseCallback([]byte(`{"authResponse":{"code":"AQBx7u..."},"status":"connected"}`))
	fmt.Println(callback.Code, err)
	_, err = signup.ParseCallback([]byte(`{"authResponse":null,"status":"unknown"}`))
	fmt.Println(err)
	// Output:
	// [redacted] <nil>
	// wagraph: login callback has no authResponse and no code: the client did not finish the login
}

func ExampleCallback_Check() {
	fmt.Println(signup.Callback{Code: graph.NewSecret("AQBx7u")}.Check())
	fmt.Println(signup.Callback{}.Check())
	// Output:
	// <nil>
	// wagraph: login callback has neither a code nor an access token
}

// A code can be exchanged once.
func ExampleClient_Exchange() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	finished, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	token, err := signups.Exchange(ctx, finished.Code, signup.ExchangeOptions{})
	fmt.Println(token.Access, "expires:", !token.Expires.IsZero(), err)
	_, err = signups.Exchange(ctx, finished.Code, signup.ExchangeOptions{})
	fmt.Println(errors.Is(err, graph.Code(36009)), graph.KindOf(err))
	// Output:
	// [redacted] expires: false <nil>
	// true wagraph: invalid
}

// A token that is about to expire is replaced by one that lives 60 days.
func ExampleClient_Renew() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	finished, err := server.Signup(graphtest.SignupOptions{TokenLifetime: 60 * 24 * time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	old, err := signups.Redeem(ctx, signup.Callback{Code: finished.Code})
	if err != nil {
		fmt.Println(err)
		return
	}
	fresh, err := signups.Renew(ctx, old.Access)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("another token:", !fresh.Access.Equal(old.Access))
	fmt.Println("days:", time.Until(fresh.Expires).Round(time.Hour).Hours()/24)
	// Output:
	// another token: true
	// days: 60
}
