package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// ending is how a run through a fault ends.
type ending string

const (
	recovers ending = "done, exit 0"
	stops    ending = "stops, exit 1" // a person has to do something first
	waits    ending = "later, exit 3" // the time to try again is in the record
)

// fault is something that goes wrong in the simulator.
type fault struct {
	name, what string
	ends       ending
	// before changes the client that signs up, after arranges the fault.
	before func(*graphtest.SignupOptions)
	after  func(context.Context, *target.Target, graphtest.SignupResult) error
}

// listFaults is the name that lists the faults.
const listFaults = "list"

// The routes that faults happen to.
const (
	exchangeRoute    = "POST /oauth/access_token"
	inspectRoute     = "GET /debug_token"
	accountRoute     = "GET /{waba-id}"
	numbersRoute     = "GET /{waba-id}/phone_numbers"
	subscribersRoute = "GET /{waba-id}/subscribed_apps"
	subscribeRoute   = "POST /{waba-id}/subscribed_apps"
	shareRoute       = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	registerRoute    = "POST /{phone-number-id}/register"
)

func faults() []fault {
	on := func(arrange func(*graphtest.Server)) func(context.Context, *target.Target, graphtest.SignupResult) error {
		return func(_ context.Context, to *target.Target, _ graphtest.SignupResult) error {
			arrange(to.Simulator)
			return nil
		}
	}
	return []fault{
		{name: "lost-share", what: "the credit line is shared, and the answer is lost", ends: recovers,
			after: on(func(s *graphtest.Server) { s.LoseReply(shareRoute) })},
		{name: "lost-register", what: "the number is registered, and the answer is lost", ends: recovers,
			after: on(func(s *graphtest.Server) { s.LoseReply(registerRoute) })},
		{name: "lost-exchange", what: "the code is exchanged, and the answer with the token is lost", ends: recovers,
			after: on(func(s *graphtest.Server) { s.LoseReply(exchangeRoute) })},
		{name: "throttle", what: "a read is over the WABA's quota, and no wait is named", ends: waits,
			after: on(func(s *graphtest.Server) { s.Throttle(subscribersRoute, 1, 0) })},
		{name: "throttle-long", what: "the WABA is over its quota, with a wait of 25 minutes", ends: waits,
			after: on(func(s *graphtest.Server) { s.Throttle(subscribeRoute, 1, 25*time.Minute) })},
		{name: "cut-body", what: "the list of numbers arrives cut off", ends: recovers,
			after: on(func(s *graphtest.Server) { s.CutBody(numbersRoute, 150) })},
		{name: "server-error", what: "a gateway answers HTML with status 502, to a read and to a write", ends: recovers,
			after: on(func(s *graphtest.Server) {
				gateway := graphtest.Fault{Status: http.StatusBadGateway, ContentType: "text/html", Body: []byte("<html><body>Bad Gateway</body></html>")}
				s.Once(accountRoute, gateway)
				s.Once(subscribeRoute, gateway)
			})},
		{name: "expired-code", what: "the code is older than 30 seconds", ends: stops,
			after: on(func(s *graphtest.Server) { s.Advance(31 * time.Second) })},
		{name: "used-code", what: "another process exchanged the code before", ends: recovers, after: exchangeElsewhere},
		{name: "revoked-token", what: "the client removes the app right after the exchange", ends: stops, after: removeApp},
		{name: "unshared", what: "the client stops sharing the WABA right after the signup", ends: stops,
			after: func(_ context.Context, to *target.Target, client graphtest.SignupResult) error {
				return to.Simulator.Unshare(client.WABAs[0])
			}},
		{name: "wrong-pin", what: "the number has a two-step PIN, and it is another one", ends: stops,
			before: func(spec *graphtest.SignupOptions) { spec.PIN = graph.NewSecret("730461") }},
		{name: "registration-lock", what: "the number was registered too often, and is locked for 72 hours", ends: waits,
			after: on(func(s *graphtest.Server) { s.Fail(registerRoute, 133016, 0) })},
		{name: "unverified", what: "the number is not verified: everything but the registration is done", ends: stops,
			before: func(spec *graphtest.SignupOptions) { spec.CodeVerification = "NOT_VERIFIED" }},
	}
}

// exchangeElsewhere exchanges the code with a client that this run does not trace.
func exchangeElsewhere(ctx context.Context, to *target.Target, client graphtest.SignupResult) error {
	_, err := signup.New(to.Simulator.Client(), to.App).Exchange(ctx, client.Code, signup.ExchangeOptions{})
	return err
}

// removeApp revokes the token after the exchange, and before it is inspected.
func removeApp(_ context.Context, to *target.Target, client graphtest.SignupResult) error {
	to.Simulator.Control(inspectRoute, func(graphtest.Call) *graphtest.Fault {
		if token, err := to.Simulator.BusinessToken(client.Business); err == nil {
			_ = to.Simulator.RevokeToken(token, 0) // an error means that it is revoked already
		}
		return nil
	})
	return nil
}

func findFault(name string) (fault, bool) {
	for _, f := range faults() {
		if f.name == name {
			return f, true
		}
	}
	return fault{}, false
}

func printFaults(w io.Writer) {
	for _, f := range faults() {
		head := fmt.Sprintf("  %-17s  %-13s  ", f.name, f.ends)
		fmt.Fprint(w, cli.Wrap(head, strings.Repeat(" ", len(head)), f.what))
	}
}

// signUp lets a client of the embedded simulator go through the popup, and arranges
// the fault. It puts into the options what the page would post to the backend.
func (b *backend) signUp(ctx context.Context) error {
	if b.to.Simulator == nil {
		return nil
	}
	trouble, _ := findFault(b.opts.fault)
	spec := graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency}
	if trouble.before != nil {
		trouble.before(&spec)
	}
	client, err := b.to.Simulator.Signup(spec)
	if err != nil {
		return err
	}
	b.opts.callback.Code = client.Code
	if b.opts.dryRun { // a token can be inspected, a code cannot
		b.opts.callback = signup.Callback{AccessToken: client.AccessToken}
	}
	b.opts.claim = signup.Claim{Business: client.Business, WABAs: client.WABAs, Numbers: client.Numbers}
	if trouble.after == nil {
		return nil
	}
	return trouble.after(ctx, b.to, client)
}
