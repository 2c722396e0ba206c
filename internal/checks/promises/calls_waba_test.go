package promises_test

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func (fx *fixture) accounts() *waba.Client { return waba.New(fx.client) }

func (fx *fixture) subscribed() bool {
	_, found := fx.server.Subscribers(fx.waba)[fx.world.App]
	return found
}

func (fx *fixture) assigned() bool { return len(fx.server.Assigned(fx.waba)[fx.world.Employee.ID]) > 0 }

// prepared makes a call that another call needs first, so that there is an
// object to read or to remove. That call does not go through the wire.
func prepared(prepare, then func(context.Context, *fixture) error) func(context.Context, *fixture) error {
	return func(ctx context.Context, fx *fixture) error {
		if !fx.prepared {
			fx.prepared = true
			copied := *fx
			copied.client = fx.server.Client()
			if err := prepare(ctx, &copied); err != nil {
				return err
			}
		}
		return then(ctx, fx)
	}
}

func wabaCalls() []*call {
	const (
		owned       = "/{business-id}/owned_whatsapp_business_accounts"
		clients     = "/{business-id}/client_whatsapp_business_accounts"
		systemUsers = "/{business-id}/system_users"
		account     = "/{waba-id}"
		users       = "/{waba-id}/assigned_users"
		apps        = "/{waba-id}/subscribed_apps"
	)
	assign := func(ctx context.Context, fx *fixture) error {
		return fx.accounts().Assign(ctx, fx.waba, fx.world.Employee.ID, waba.TaskManage)
	}
	subscribe := func(ctx context.Context, fx *fixture) error { return fx.accounts().Subscribe(ctx, fx.waba) }
	calls := []*call{
		{name: "Owned", method: http.MethodGet, route: owned, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.accounts().Owned(fx.world.Business, waba.Query{}))
		}},
		{name: "Clients", method: http.MethodGet, route: clients, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.accounts().Clients(fx.world.Business, waba.Query{PageSize: 3, Prefetch: true}))
		}},
		{name: "SystemUsers", method: http.MethodGet, route: systemUsers, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.accounts().SystemUsers(fx.world.Business, waba.UserQuery{}))
		}},
		{name: "Get", method: http.MethodGet, route: account, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.accounts().Get(ctx, fx.waba)
			fx.got = got
			return err
		}},
		{name: "Users", method: http.MethodGet, route: users, make: prepared(assign, func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.accounts().Users(fx.waba, fx.world.Business, waba.UserQuery{}))
		})},
		{name: "Assign", method: http.MethodPost, route: users, class: idempotent, make: assign,
			effect: func(fx *fixture) int { return boolToInt(fx.assigned()) }},
		{name: "Unassign", method: http.MethodDelete, route: users, class: idempotent, oneWay: true,
			effect: func(fx *fixture) int { return boolToInt(fx.prepared && !fx.assigned()) },
			make: prepared(assign, func(ctx context.Context, fx *fixture) error {
				return fx.accounts().Unassign(ctx, fx.waba, fx.world.Employee.ID)
			})},
		{name: "Subscriptions", method: http.MethodGet, route: apps, make: prepared(subscribe, func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.accounts().Subscriptions(fx.waba))
		})},
		{name: "Subscribe", method: http.MethodPost, route: apps, class: idempotent, make: subscribe,
			effect: func(fx *fixture) int { return boolToInt(fx.subscribed()) }},
		{name: "SubscribeTo", method: http.MethodPost, route: apps, class: idempotent,
			effect: func(fx *fixture) int { return boolToInt(fx.server.Subscribers(fx.waba)[fx.world.App] != "") },
			make: func(ctx context.Context, fx *fixture) error {
				return fx.accounts().SubscribeTo(ctx, fx.waba, waba.Callback{URI: "https://bsp.example/hook", VerifyToken: fx.verifyToken})
			}},
		{name: "Unsubscribe", method: http.MethodDelete, route: apps, class: idempotent,
			effect: func(fx *fixture) int { return boolToInt(fx.prepared && !fx.subscribed()) },
			make: prepared(subscribe, func(ctx context.Context, fx *fixture) error {
				return fx.accounts().Unsubscribe(ctx, fx.waba)
			})},
	}
	for _, c := range calls {
		c.pkg = "waba"
	}
	return calls
}

func (fx *fixture) numbers() *phonenumbers.Client { return phonenumbers.New(fx.client) }

func numberCalls() []*call {
	const (
		numbers    = "/{waba-id}/phone_numbers"
		number     = "/{phone-number-id}"
		register   = "/{phone-number-id}/register"
		deregister = "/{phone-number-id}/deregister"
	)
	registers := func(ctx context.Context, fx *fixture) error { return fx.numbers().Register(ctx, fx.number, fx.pin) }
	calls := []*call{
		{name: "List", method: http.MethodGet, route: numbers, make: func(ctx context.Context, fx *fixture) error {
			return readAll(ctx, fx, fx.numbers().List(fx.waba, phonenumbers.Query{}))
		}},
		{name: "Get", method: http.MethodGet, route: number, make: func(ctx context.Context, fx *fixture) error {
			got, err := fx.numbers().Get(ctx, fx.number)
			fx.got = got
			return err
		}},
		{name: "Register", method: http.MethodPost, route: register, class: once, make: registers,
			effect: func(fx *fixture) int { return fx.server.Registrations(fx.number) }},
		{name: "SetPIN", method: http.MethodPost, route: number, make: func(ctx context.Context, fx *fixture) error {
			return fx.numbers().SetPIN(ctx, fx.number, fx.pin)
		}},
		{name: "Deregister", method: http.MethodPost, route: deregister, class: once,
			effect: func(fx *fixture) int { return fx.server.Deregistrations(fx.number) },
			make: prepared(registers, func(ctx context.Context, fx *fixture) error {
				return fx.numbers().Deregister(ctx, fx.number)
			})},
	}
	for _, c := range calls {
		c.pkg = "phonenumbers"
	}
	return calls
}

// readAccount returns an Op that reads two fields of the account.
func (fx *fixture) readAccount() graph.Op[waba.Account] { return waba.GetOp(fx.waba, "id", "name") }
