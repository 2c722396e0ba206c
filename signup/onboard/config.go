package onboard

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Config says how a Flow onboards. Client, App, Business, Store and Vault
// are needed; what the rest leaves out is not done.
type Config struct {
	// Client calls with the token of the partner's own admin system user, and
	// carries the app's secret: fetching a client's token needs the proof.
	Client *graph.Client
	App    signup.App
	// Business is the partner's own portfolio.
	Business graph.BusinessID
	Store    Store
	Vault    vault.Vault

	// SystemUser is assigned to each WABA with Tasks (full control if none are
	// named). Empty assigns nobody: an admin needs no assignment.
	SystemUser graph.SystemUserID
	Tasks      []waba.Task
	// Line is shared with each client. Empty shares nothing: a Tech Provider's
	// clients pay Meta themselves.
	Line graph.CreditLineID
	// Currency is the currency of signups that name none. It cannot be changed
	// for a WABA afterwards.
	Currency string
	// Callback sends the message webhooks of each WABA to a callback of its own.
	Callback *waba.Callback
	// NoRegister leaves the numbers to somebody else: in a Multi-Partner Solution
	// only the partner that sends messages registers them, with its own PIN.
	NoRegister bool
	// Approve is asked once the assets are confirmed and before the first
	// write to them or to a bill. ErrRefused ends the onboarding and deletes
	// the token; any other error is tried again later. Nil approves.
	Approve func(ctx context.Context, record Record) error

	// Worker names this process in leases. Default: a random name.
	Worker string
	// Lease is how long a worker has a record to itself without a sign of
	// life. Default 2 minutes; a worker's calls end before its lease does.
	Lease time.Duration
	// Progress, if set, is told each step's end. It must not block.
	Progress func(record Record, step StepRecord)
}

const (
	defaultLease = 2 * time.Minute
	// keepTime bounds what is done after the caller has gone away: the
	// exchange of a code, sealing its token, noting what a step did.
	keepTime = 45 * time.Second
)

// New checks the configuration.
func New(cfg Config) (*Flow, error) {
	missing := func(field string) error { return &graph.InputError{Field: field, Reason: "is missing"} }
	switch {
	case cfg.Client == nil:
		return nil, missing("graph client")
	case cfg.Store == nil:
		return nil, missing("store")
	case cfg.Vault == nil:
		return nil, missing("vault")
	}
	if err := cfg.App.Check(); err != nil {
		return nil, err
	}
	if err := graph.CheckID("business-id", cfg.Business); err != nil {
		return nil, err
	}
	if cfg.SystemUser != "" {
		if err := graph.CheckID("system-user-id", cfg.SystemUser); err != nil {
			return nil, err
		}
	}
	if cfg.Line != "" {
		if err := graph.CheckID("extended-credit-id", cfg.Line); err != nil {
			return nil, err
		}
	}
	if len(cfg.Tasks) == 0 {
		cfg.Tasks = []waba.Task{waba.TaskManage}
	}
	if cfg.Worker == "" {
		cfg.Worker = rand.Text()
	}
	if cfg.Lease <= 0 {
		cfg.Lease = defaultLease
	}
	client, err := cfg.Client.With(graph.WithAppSecret(cfg.App.Secret))
	if err != nil {
		return nil, err
	}
	cfg.Client = client
	return &Flow{Config: cfg, steps: configuredSteps(cfg), client: signup.New(client, cfg.App), credit: credit.New(client)}, nil
}
