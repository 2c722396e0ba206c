package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// fault is something that goes wrong in the simulator.
type fault struct {
	name, what string
	// stops is true where no program can recover: the error says what a person
	// has to do.
	stops bool
	// before changes the client that signs up, after what happens from then on.
	before func(*graphtest.SignupOptions)
	after  func(context.Context, *target.Target, graphtest.SignupResult) error
}

const listFaults = "list"

// The routes that faults happen to.
const (
	exchangeRoute  = "POST /oauth/access_token"
	inspectRoute   = "GET /debug_token"
	accountRoute   = "GET /{waba-id}"
	numbersRoute   = "GET /{waba-id}/phone_numbers"
	subscribeRoute = "POST /{waba-id}/subscribed_apps"
	shareRoute     = "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	registerRoute  = "POST /{phone-number-id}/register"
)

func faults() []fault {
	on := func(arrange func(*graphtest.Server)) func(context.Context, *target.Target, graphtest.SignupResult) error {
		return func(_ context.Context, to *target.Target, _ graphtest.SignupResult) error {
			arrange(to.Simulator)
			return nil
		}
	}
	return []fault{
		{name: "lost-share", what: "the credit line is shared, and the answer is lost",
			after: on(func(s *graphtest.Server) { s.LoseReply(shareRoute) })},
		{name: "lost-register", what: "the number is registered, and the answer is lost",
			after: on(func(s *graphtest.Server) { s.LoseReply(registerRoute) })},
		{name: "lost-exchange", what: "the code is exchanged, and the answer with the token is lost", stops: true,
			after: on(func(s *graphtest.Server) { s.LoseReply(exchangeRoute) })},
		{name: "throttle", what: "a read and the share are over the quota; Meta names no wait",
			after: on(func(s *graphtest.Server) { s.Throttle(numbersRoute, 1, 0); s.Throttle(shareRoute, 1, 0) })},
		{name: "throttle-long", what: "the WABA is over its quota, and Meta names a wait of 25 minutes", stops: true,
			after: on(func(s *graphtest.Server) { s.Throttle(subscribeRoute, 1, 25*time.Minute) })},
		{name: "cut-body", what: "the list of numbers arrives cut off",
			after: on(func(s *graphtest.Server) { s.CutBody(numbersRoute, 150) })},
		{name: "server-error", what: "a gateway answers HTML with status 502, to a read and to a write",
			after: on(func(s *graphtest.Server) {
				gateway := graphtest.Fault{Status: http.StatusBadGateway, ContentType: "text/html", Body: []byte("<html><body>Bad Gateway</body></html>")}
				s.Once(accountRoute, gateway)
				s.Once(subscribeRoute, gateway)
			})},
		{name: "expired-code", what: "the code is older than 30 seconds", stops: true,
			after: on(func(s *graphtest.Server) { s.Advance(31 * time.Second) })},
		{name: "used-code", what: "another process exchanged the code before", stops: true, after: exchangeElsewhere},
		{name: "revoked-token", what: "the client removes the app right after the exchange", stops: true, after: removeApp},
		{name: "unshared", what: "the client stops sharing the WABA right after the signup", stops: true,
			after: func(_ context.Context, to *target.Target, client graphtest.SignupResult) error {
				return to.Simulator.Unshare(client.WABAs[0])
			}},
		{name: "wrong-pin", what: "the number has a two-step PIN, and it is another one", stops: true,
			before: func(spec *graphtest.SignupOptions) { spec.PIN = wagraph.NewSecret("730461") }},
		{name: "registration-lock", what: "the number was registered too often, and is locked for 72 hours", stops: true,
			after: on(func(s *graphtest.Server) { s.Fail(registerRoute, 133016, 0) })},
		{name: "unverified", what: "nobody proved yet whose number it is: all but the registration is done",
			before: func(spec *graphtest.SignupOptions) { spec.CodeVerification = "NOT_VERIFIED" }},
	}
}

// exchangeElsewhere uses the code up, with a client that this run does not trace.
func exchangeElsewhere(ctx context.Context, to *target.Target, client graphtest.SignupResult) error {
	_, err := signup.New(to.Simulator.Client(), to.App).Exchange(ctx, client.Code, signup.ExchangeOptions{})
	return err
}

// removeApp kills the token between the exchange and the first look at it.
func removeApp(_ context.Context, to *target.Target, client graphtest.SignupResult) error {
	to.Simulator.Control(inspectRoute, func(graphtest.Call) *graphtest.Fault {
		if token, err := to.Simulator.BusinessToken(client.Business); err == nil {
			_ = to.Simulator.RevokeToken(token, 0) // a token that is gone is what this is about
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

func writeFaults(w io.Writer) {
	for _, f := range faults() {
		end := "recovers, exit 0"
		if f.stops {
			end = "stops, exit 1"
		}
		fmt.Fprintf(w, "  %-17s  %-16s  %s\n", f.name, end, f.what)
	}
}
