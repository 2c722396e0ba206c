package promises_test

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/signup"
)

func signupCalls() []*call {
	const (
		token    = "/oauth/access_token"
		debug    = "/debug_token"
		business = "/{business-id}/system_user_access_tokens"
	)
	exchange := func(get bool) func(context.Context, *fixture) error {
		return func(ctx context.Context, fx *fixture) error {
			got, err := fx.signups().Exchange(ctx, fx.customer.Code, signup.ExchangeOptions{Get: get})
			fx.got = got
			return err
		}
	}
	exchanged := func(fx *fixture) int { return fx.server.Exchanges(fx.customer.Code) }
	calls := []*call{
		{name: "Exchange", method: http.MethodPost, route: token, class: once, make: exchange(false), effect: exchanged},
		{name: "Exchange, the GET that Meta documents", method: http.MethodGet, route: token, class: once, make: exchange(true), effect: exchanged},
		{name: "Redeem", method: http.MethodPost, route: token, class: once, effect: exchanged, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.signups().Redeem(ctx, signup.Callback{Code: fx.customer.Code})
			fx.got = got
			return err
		}},
		{name: "Renew", method: http.MethodPost, route: token, class: once,
			effect: func(fx *fixture) int { return fx.successes(http.MethodPost, token) },
			make: func(ctx context.Context, fx *fixture) error {
				got, err := fx.signups().Renew(ctx, fx.token)
				fx.got = got
				return err
			}},
		{name: "Debug", method: http.MethodGet, route: debug, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.signups().Debug(ctx, fx.token)
			fx.got = got
			return err
		}},
		// With fetch_only the call returns the token that exists, and makes none.
		{name: "FetchToken", method: http.MethodPost, route: business, class: idempotent, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.signups().FetchToken(ctx, fx.world.WithCredit)
			fx.got = got
			return err
		}},
	}
	for _, c := range calls {
		c.pkg = "signup"
	}
	return calls
}
