package matrix_test

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
	exchange := func(get bool) func(context.Context, *desk) error {
		return func(ctx context.Context, d *desk) error {
			got, err := d.signups().Exchange(ctx, d.them.Code, signup.ExchangeOptions{Get: get})
			d.got = got
			return err
		}
	}
	exchanged := func(d *desk) int { return d.server.Exchanges(d.them.Code) }
	calls := []*call{
		{name: "Exchange", method: http.MethodPost, route: token, class: once, make: exchange(false), effect: exchanged},
		{name: "Exchange, the GET that Meta documents", method: http.MethodGet, route: token, class: once, make: exchange(true), effect: exchanged},
		{name: "Redeem", method: http.MethodPost, route: token, class: once, effect: exchanged, make: func(ctx context.Context, d *desk) error {
			got, err := d.signups().Redeem(ctx, signup.Callback{Code: d.them.Code})
			d.got = got
			return err
		}},
		{name: "Renew", method: http.MethodPost, route: token, class: once,
			effect: func(d *desk) int { return d.done(http.MethodPost, token) },
			make: func(ctx context.Context, d *desk) error {
				got, err := d.signups().Renew(ctx, d.token)
				d.got = got
				return err
			}},
		{name: "Debug", method: http.MethodGet, route: debug, make: func(ctx context.Context, d *desk) error {
			got, err := d.signups().Debug(ctx, d.token)
			d.got = got
			return err
		}},
		// It makes no token, however often it is asked.
		{name: "FetchToken", method: http.MethodPost, route: business, class: idempotent, make: func(ctx context.Context, d *desk) error {
			got, err := d.signups().FetchToken(ctx, d.world.WithCredit)
			d.got = got
			return err
		}},
	}
	for _, c := range calls {
		c.room = "signup"
	}
	return calls
}
