package signup_test

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// An onboarding by single calls, for a program that keeps its own records. Flow
// makes the same calls, and keeps a record of each.
func Example_singleCalls() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	app := signup.App{ID: world.App, Secret: world.AppSecret}
	finished, err := server.Signup(graphtest.SignupOptions{Name: "Lindenhof Apotheke", Currency: "EUR"})
	if err != nil {
		fmt.Println(err)
		return
	}
	partner := server.Client() // calls with the partner's admin system user
	if err := onboardByHand(ctx, partner, app, world, finished.Code); err != nil {
		fmt.Println(err)
	}
	// Output:
	// token: granted 1 WABA
	// read: Lindenhof Apotheke, owned by Lindenhof Apotheke
	// subscribed: 1 app
	// assigned: MANAGE
	// shared: attached true in EUR
	// registered: +1 555-100-0066 is CONNECTED, certificate true
	// checked: live
}

// onboardByHand is long because it shows every call of an onboarding in its order.
func onboardByHand(ctx context.Context, partner *graph.Client, app signup.App, world graphtest.World, code graph.Secret) error {
	// 1. The code lives 30 seconds and works once: keep the token before anything
	// else is done.
	signups := signup.New(partner, app)
	token, err := signups.Exchange(ctx, code, signup.ExchangeOptions{})
	if err != nil {
		return err
	}
	customer := partner.As(token) // calls with the client's token

	// 2. The grants say what the client shared. The page's event only claims it.
	info, err := signups.Debug(ctx, token.Access)
	if err != nil {
		return err
	}
	if err := info.Err(); err != nil {
		return err
	}
	fmt.Println("token: granted", len(info.Grants().WABAs), "WABA")
	id := info.Grants().WABAs[0]

	// 3. What the client's token reads was shared.
	account, err := waba.New(customer).Get(ctx, id)
	if err != nil {
		return err
	}
	fmt.Printf("read: %s, owned by %s\n", account.Name, account.OwnerBusiness.Name)

	// 4. Our app gets the WABA's webhooks. A second subscription would remove the
	// callback of the first, so look before.
	if err := waba.New(customer).Subscribe(ctx, id); err != nil {
		return err
	}
	apps, err := graph.Collect(waba.New(customer).Subscriptions(id).All(ctx), 0)
	if err != nil {
		return err
	}
	fmt.Println("subscribed:", len(apps), "app")

	// 5. Our system user works on the WABA with the partner's token.
	if err := waba.New(partner).Assign(ctx, id, world.Employee.ID, waba.TaskManage); err != nil {
		return err
	}
	for user, err := range waba.New(partner).Users(id, world.Business, waba.UserQuery{}).All(ctx) {
		if err != nil {
			return err
		}
		if string(user.ID) == string(world.Employee.ID) {
			fmt.Println("assigned:", user.Tasks[0])
		}
	}

	// 6. Our credit line pays for it. Share looks, posts once, and reads back.
	share, err := credit.New(partner).Share(ctx, credit.ShareRequest{
		Line: world.CreditLine, WABA: id, Business: account.OwnerBusiness.ID, Currency: "EUR", ClientToken: token,
	})
	if err != nil {
		return err
	}
	fmt.Println("shared: attached", share.Attached, "in EUR")

	// 7. Each number is registered once, with a PIN that has to be kept.
	for number, err := range phonenumbers.New(customer).List(id, phonenumbers.Query{}).All(ctx) {
		if err != nil {
			return err
		}
		if !number.Readiness().OK() {
			continue
		}
		if err := phonenumbers.New(customer).Register(ctx, number.ID, graph.NewSecret("195842")); err != nil {
			return err
		}
		seen, err := phonenumbers.New(partner).Get(ctx, number.ID) // certificates are for the partner
		if err != nil {
			return err
		}
		fmt.Printf("registered: %s is %s, certificate %t\n", seen.DisplayPhoneNumber, seen.Status, seen.Certificate != "")
	}

	// 8. Everything is read back.
	report, err := onboard.Diagnose(ctx, onboard.DiagnoseRequest{Client: partner, WABA: id, App: app, Token: token.Access, Line: world.CreditLine})
	if err != nil {
		return err
	}
	fmt.Println("checked:", report.Health)
	return nil
}

// The exchange's answer was lost, and the code is used up: the token is fetched
// with the partner's own token. It is not a new token.
func ExampleClient_FetchToken() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	finished, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	server.LoseReply("POST /oauth/access_token")
	_, err = signups.Exchange(ctx, finished.Code, signup.ExchangeOptions{})
	fmt.Println(graph.KindOf(err))

	token, err := signups.FetchToken(ctx, finished.Business) // of the business that the event claims
	if err != nil {
		fmt.Println(err)
		return
	}
	info, err := signups.Debug(ctx, token.Access) // a claim is not a grant: look before it is used
	fmt.Println(info.Grants().Names(finished.WABAs[0]), err)
	// Output:
	// wagraph: outcome unknown
	// true <nil>
}

// The older callback hands out an access token of a person. Redeem takes it as it
// is; the partner's own token does everything but reading what was shared.
func ExampleClient_Redeem() {
	ctx := context.Background()
	server := graphtest.Start()
	world := server.World()
	signups := signup.New(server.Client(), signup.App{ID: world.App, Secret: world.AppSecret})
	finished, err := server.Signup(graphtest.SignupOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := signups.Redeem(ctx, signup.Callback{AccessToken: finished.AccessToken})
	fmt.Println(token.User, err)
	token, err = signups.Redeem(ctx, signup.Callback{Code: finished.Code})
	fmt.Println(token.User, err)
	// Output:
	// true <nil>
	// false <nil>
}
