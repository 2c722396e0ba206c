package signup

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// FlowConfig says how a Flow onboards. Graph, App, Business, Store and Vault
// are needed; what the rest leaves out is not done.
type FlowConfig struct {
	// Graph calls with the token of the partner's own admin system user, and
	// carries the app's secret: fetching a client's token needs the proof.
	Graph *wagraph.Client
	App   App
	// Business is the partner's own portfolio.
	Business wagraph.BusinessID
	Store    Store
	Vault    Vault

	// SystemUser is assigned to each WABA with Tasks (full control if none are
	// named). Empty assigns nobody: an admin needs no assignment.
	SystemUser wagraph.SystemUserID
	Tasks      []waba.Task
	// Line is shared with each client. Empty shares nothing: a Tech Provider's
	// clients pay Meta themselves.
	Line wagraph.CreditLineID
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

// ErrRefused is what Approve returns to turn a client away.
const ErrRefused = Error("signup: refused")

// ErrBusy says that another worker has the record; Record.Lease says which, and
// until when.
const ErrBusy = Error("signup: another worker has this record")

// ErrOtherTenant says that a code or token was taken in for another tenant.
const ErrOtherTenant = Error("signup: this signup belongs to another tenant")

const (
	defaultLease = 2 * time.Minute
	// keepTime bounds what is done after the caller has gone away: the
	// exchange of a code, sealing its token, noting what a step did.
	keepTime = 45 * time.Second
)

// Flow takes clients from the callback of their signup to a number that can
// send. Everything that it does is noted in a Record, before or right after it
// is done, so that any process can go on from where another one stopped. It is
// safe for concurrent use, and has no goroutine of its own.
type Flow struct {
	FlowConfig
	client *Client
	credit *credit.Client // one for all steps: it keeps shares of a client's WABAs apart
}

// NewFlow checks the configuration.
func NewFlow(cfg FlowConfig) (*Flow, error) {
	missing := func(field string) error { return &wagraph.InputError{Field: field, Reason: "is missing"} }
	switch {
	case cfg.Graph == nil:
		return nil, missing("graph client")
	case cfg.Store == nil:
		return nil, missing("store")
	case cfg.Vault == nil:
		return nil, missing("vault")
	}
	if err := cfg.App.check(); err != nil {
		return nil, err
	}
	if err := wagraph.CheckID("business-id", cfg.Business); err != nil {
		return nil, err
	}
	if cfg.SystemUser != "" {
		if err := wagraph.CheckID("system-user-id", cfg.SystemUser); err != nil {
			return nil, err
		}
	}
	if cfg.Line != "" {
		if err := wagraph.CheckID("extended-credit-id", cfg.Line); err != nil {
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
	graph, err := cfg.Graph.With(wagraph.WithAppSecret(cfg.App.Secret))
	if err != nil {
		return nil, err
	}
	cfg.Graph = graph
	return &Flow{FlowConfig: cfg, client: New(graph, cfg.App), credit: credit.New(graph)}, nil
}

// tokenRef is where a record's token is in the vault.
func tokenRef(r Record) Ref { return Ref{Tenant: r.Tenant, Record: r.ID, Kind: SecretToken} }

// pinRef is where a number's PIN is in the vault.
func pinRef(r Record, number wagraph.PhoneNumberID) Ref {
	return Ref{Tenant: r.Tenant, Record: r.ID, Kind: SecretPIN, Subject: string(number)}
}

// theirs calls with the client's token.
func (f *Flow) theirs(ctx context.Context, r Record) (*wagraph.Client, error) {
	secret, err := f.Vault.Get(ctx, tokenRef(r))
	if err != nil {
		return nil, err
	}
	return f.Graph.As(Token{Access: secret}), nil
}

// acting calls with the token that works on the client's assets: the client's
// own, or the partner's where the client's is a person's that lives hours.
func (f *Flow) acting(ctx context.Context, r Record) (*wagraph.Client, error) {
	if r.TokenOfUser {
		return f.Graph, nil
	}
	return f.theirs(ctx, r)
}

// SetPIN keeps the two-step PIN that a client told for its number, six digits, in
// place of the one that was made up for it. Resume then registers with it.
func (f *Flow) SetPIN(ctx context.Context, id string, number wagraph.PhoneNumberID, pin wagraph.Secret) error {
	if err := phonenumbers.CheckPIN(pin); err != nil {
		return err
	}
	record, err := f.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	if record.Number(number) == nil {
		return &wagraph.InputError{Field: "phone-number-id", Reason: "is no number of this record"}
	}
	return f.Vault.Put(ctx, pinRef(record, number), pin, time.Time{})
}
