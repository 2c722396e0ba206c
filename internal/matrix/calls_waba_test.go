package matrix_test

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

func (d *desk) accounts() *waba.Client { return waba.New(d.graph) }

func (d *desk) subscribed() bool {
	_, found := d.server.Subscribers(d.waba)[d.world.App]
	return found
}

func (d *desk) assigned() bool { return len(d.server.Assigned(d.waba)[d.world.Employee.ID]) > 0 }

// prepared has something done first, beside the wire, so that there is
// something to read or to take back.
func prepared(prepare, then func(context.Context, *desk) error) func(context.Context, *desk) error {
	return func(ctx context.Context, d *desk) error {
		if !d.prepared {
			d.prepared = true
			own := *d
			own.graph = d.server.Client()
			if err := prepare(ctx, &own); err != nil {
				return err
			}
		}
		return then(ctx, d)
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
	assign := func(ctx context.Context, d *desk) error {
		return d.accounts().Assign(ctx, d.waba, d.world.Employee.ID, waba.TaskManage)
	}
	subscribe := func(ctx context.Context, d *desk) error { return d.accounts().Subscribe(ctx, d.waba) }
	calls := []*call{
		{name: "Owned", method: http.MethodGet, route: owned, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.accounts().Owned(d.world.Business, waba.Query{}))
		}},
		{name: "Clients", method: http.MethodGet, route: clients, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.accounts().Clients(d.world.Business, waba.Query{PageSize: 3, Prefetch: true}))
		}},
		{name: "SystemUsers", method: http.MethodGet, route: systemUsers, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.accounts().SystemUsers(d.world.Business, waba.UserQuery{}))
		}},
		{name: "Get", method: http.MethodGet, route: account, make: func(ctx context.Context, d *desk) error {
			got, err := d.accounts().Get(ctx, d.waba)
			d.got = got
			return err
		}},
		{name: "Users", method: http.MethodGet, route: users, make: prepared(assign, func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.accounts().Users(d.waba, d.world.Business, waba.UserQuery{}))
		})},
		{name: "Assign", method: http.MethodPost, route: users, class: idempotent, make: assign,
			effect: func(d *desk) int { return count(d.assigned()) }},
		{name: "Unassign", method: http.MethodDelete, route: users, class: idempotent, ends: true,
			effect: func(d *desk) int { return count(d.prepared && !d.assigned()) },
			make: prepared(assign, func(ctx context.Context, d *desk) error {
				return d.accounts().Unassign(ctx, d.waba, d.world.Employee.ID)
			})},
		{name: "Subscriptions", method: http.MethodGet, route: apps, make: prepared(subscribe, func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.accounts().Subscriptions(d.waba))
		})},
		{name: "Subscribe", method: http.MethodPost, route: apps, class: idempotent, make: subscribe,
			effect: func(d *desk) int { return count(d.subscribed()) }},
		{name: "SubscribeTo", method: http.MethodPost, route: apps, class: idempotent,
			effect: func(d *desk) int { return count(d.server.Subscribers(d.waba)[d.world.App] != "") },
			make: func(ctx context.Context, d *desk) error {
				return d.accounts().SubscribeTo(ctx, d.waba, waba.Callback{URI: "https://bsp.example/hook", VerifyToken: d.verify})
			}},
		{name: "Unsubscribe", method: http.MethodDelete, route: apps, class: idempotent,
			effect: func(d *desk) int { return count(d.prepared && !d.subscribed()) },
			make: prepared(subscribe, func(ctx context.Context, d *desk) error {
				return d.accounts().Unsubscribe(ctx, d.waba)
			})},
	}
	for _, c := range calls {
		c.room = "waba"
	}
	return calls
}

func (d *desk) numbers() *phonenumbers.Client { return phonenumbers.New(d.graph) }

func numberCalls() []*call {
	const (
		numbers    = "/{waba-id}/phone_numbers"
		number     = "/{phone-number-id}"
		register   = "/{phone-number-id}/register"
		deregister = "/{phone-number-id}/deregister"
	)
	registers := func(ctx context.Context, d *desk) error { return d.numbers().Register(ctx, d.number, d.pin) }
	calls := []*call{
		{name: "List", method: http.MethodGet, route: numbers, make: func(ctx context.Context, d *desk) error {
			return all(ctx, d, d.numbers().List(d.waba, phonenumbers.Query{}))
		}},
		{name: "Get", method: http.MethodGet, route: number, make: func(ctx context.Context, d *desk) error {
			got, err := d.numbers().Get(ctx, d.number)
			d.got = got
			return err
		}},
		{name: "Register", method: http.MethodPost, route: register, class: once, make: registers,
			effect: func(d *desk) int { return d.server.Registrations(d.number) }},
		{name: "Deregister", method: http.MethodPost, route: deregister, class: once,
			effect: func(d *desk) int { return d.server.Deregistrations(d.number) },
			make: prepared(registers, func(ctx context.Context, d *desk) error {
				return d.numbers().Deregister(ctx, d.number)
			})},
	}
	for _, c := range calls {
		c.room = "phonenumbers"
	}
	return calls
}

// readAccount is an account as a value, asked for little.
func (d *desk) readAccount() wagraph.Op[waba.Account] { return waba.GetOp(d.waba, "id", "name") }
