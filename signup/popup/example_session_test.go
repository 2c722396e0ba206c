package popup_test

import (
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// A token is valid for its own tenant only. The page may post it again.
func ExampleSessions() {
	sessions, err := popup.NewSessions(graph.NewSecret("32 random bytes from your vault.."), popup.SessionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := sessions.Issue("acme", popup.PurposeSignup) // goes into the page that acme sees
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tenant := range []signup.Tenant{"mallory", "acme", "acme"} {
		_, err = sessions.Verify(token, tenant, popup.PurposeSignup)
		fmt.Println(tenant, err)
	}
	// Output:
	// mallory popup: the session was not issued for this tenant and purpose
	// acme <nil>
	// acme <nil>
}

func ExampleSessions_Issue() {
	sessions, err := popup.NewSessions(graph.NewSecret("32 random bytes from your vault.."), popup.SessionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := sessions.Issue("acme", popup.PurposeSignup)
	fmt.Println(len(token), err)
	_, err = sessions.Issue("", popup.PurposeSignup)
	fmt.Println(err)
	// Output:
	// 75 <nil>
	// wagraph: tenant is empty: a session belongs to a tenant
}

func ExampleSessions_Verify() {
	sessions, err := popup.NewSessions(graph.NewSecret("32 random bytes from your vault.."), popup.SessionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := sessions.Issue("acme", popup.PurposeSignup)
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := sessions.Verify(token, "acme", popup.PurposeSignup)
	fmt.Println(session.Tenant, session.Purpose, err)
	_, err = sessions.Verify(token, "acme", "add-number")
	fmt.Println(errors.Is(err, popup.ErrSessionInvalid))
	// Output:
	// acme signup <nil>
	// true
}

// The code is exchanged at once. An event that comes later is added to the onboarding that
// the code started.
func ExampleJoin() {
	sessions, err := popup.NewSessions(graph.NewSecret("32 random bytes from your vault.."), popup.SessionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	join, err := popup.NewJoin(sessions, popup.JoinOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := sessions.Issue("acme", popup.PurposeSignup)
	if err != nil {
		fmt.Println(err)
		return
	}

	// The page posts the callback ...
	joined, err := join.Callback(token, "acme", signup.Callback{Code: graph.NewSecret("AQBx7u")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("exchange", joined.Callback.Code, "claim", joined.Claim().WABAs)
	_, late := join.Began(joined.Session, "onboarding-17")
	fmt.Println("event came in the meantime:", late)

	// ... and the event later.
	joined, err = join.Event(token, "acme", popup.Event{Name: popup.EventFinish, WABAs: []graph.WABAID{"524126980791429"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("add to", joined.Record, "claim", joined.Claim().WABAs)
	// Output:
	// exchange [redacted] claim []
	// event came in the meantime: false
	// add to onboarding-17 claim [524126980791429]
}
