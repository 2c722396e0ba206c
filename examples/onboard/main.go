// Command onboard takes a client from the callback of Embedded Signup to a phone
// number that can send, billed to the partner's credit line:
//
//	go run ./examples/onboard
//	go run ./examples/onboard -fault lost-exchange
//	go run ./examples/onboard -state onboarding.jsonl -code CODE -currency EUR
//
// It runs against the simulator inside it unless the environment names a server;
// -h explains. With -state it may be killed at any moment: the same command goes
// on where it stopped.
//
// It is the program to copy. This file and work.go are a backend's callback
// handler and its worker, state.go is what they keep; the other files read flags
// and print.
package main

import (
	"context"
	"errors"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func main() { cli.Main("onboard", run) }

// run is the whole program. The tests call it instead of a process.
func run(ctx context.Context, p cli.Process) (err error) {
	opts, err := parse(p)
	if err != nil {
		return err
	}
	if opts.fault == listFaults {
		printFaults(p.Out)
		return nil
	}
	b, err := newBackend(ctx, p, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.state.Close()) }()
	if err := b.signUp(ctx); err != nil { // only with the embedded simulator
		return err
	}
	b.account.open(b.to, b.opts)
	if opts.dryRun {
		return b.conclude(b.dryRun(ctx))
	}

	// The callback: in the request that brings the code, so that the browser is
	// answered with the record's id. The code lives 30 seconds.
	records, err := b.callback(ctx)
	if err != nil {
		return b.conclude(err)
	}
	// The worker: here or in any other process, now or whenever a record is due.
	var ends []error
	for _, record := range records {
		ends = append(ends, b.work(ctx, record))
	}
	return b.conclude(errors.Join(ends...))
}

// backend is a partner's backend.
type backend struct {
	to       *target.Target
	opts     options
	state    state
	earlier  []onboard.Record // what the state has, if there is no callback
	flow     *onboard.Flow
	ask      cli.Asker
	approved map[string]bool // records that a person approved
	progress *cli.Progress
	calls    *meter.Meter
	account  *account
}

// newBackend makes the parts: a client with a pacer, a store and a vault that
// outlive the process, and the flow that uses them.
func newBackend(ctx context.Context, p cli.Process, opts options) (*backend, error) {
	b := &backend{opts: opts, approved: map[string]bool{}, progress: cli.NewProgress(p.Err, p.Env)}
	b.account = newAccount(p, b.progress, opts)
	b.calls = meter.New(b.progress)
	b.calls.Seen = b.account.attempt
	// A new client's WABA allows 200 calls an hour. The pacer counts them, and
	// holds a call back before the quota is used up.
	pacer := pacing.New(pacing.Config{})
	var err error
	if b.to, err = target.Open(p.Env, needs(), nil, graph.WithTracer(b.calls), graph.WithPacer(pacer)); err != nil {
		return nil, err
	}
	b.account.speaker, b.account.asks = b.to.Speaker(), b.to.Real()
	if err := b.opts.check(b.to); err != nil {
		return nil, err
	}
	b.ask = cli.Asker{Needed: b.to.Real() && !opts.dryRun, Yes: opts.yes, In: p.In, Out: p.Err}
	if err := b.ask.Check(); err != nil {
		return nil, cli.Usage(err)
	}
	if err := b.openState(ctx, p.Env); err != nil || opts.dryRun {
		return b, err
	}
	b.flow, err = onboard.New(onboard.Config{
		Client: b.to.Client, App: b.to.App, Business: b.to.Business,
		Store: b.state.store, Vault: b.state.vault,
		SystemUser: b.to.SystemUser, Line: b.to.CreditLine, Currency: b.opts.currency,
		Approve:  b.approve,
		Progress: b.account.step,
		Lease:    onboard.MinLease, // a person waits for the end of a killed run's lease
	})
	if err != nil {
		return nil, errors.Join(cli.Usage(err), b.state.Close())
	}
	return b, nil
}

// callback begins the onboarding and returns the ids of the records to work on: the
// new one or, without a callback, those that an earlier run left unfinished.
func (b *backend) callback(ctx context.Context) ([]string, error) {
	if !b.opts.begins() {
		return b.unfinished(), nil
	}
	// Begin stores the record, exchanges the code, and seals the token in the vault
	// before anything else happens. The same code again, because the page was
	// reloaded or because this process died, returns the same record.
	record, err := b.flow.Begin(ctx, onboard.BeginRequest{
		Tenant: b.opts.tenant, Callback: b.opts.callback, Claim: b.opts.claim,
	})
	if err != nil {
		return nil, err
	}
	if err := b.opts.useCurrencyOf([]onboard.Record{record}); err != nil {
		return nil, err // the record was there before: nothing was called
	}
	b.account.began(record)
	return []string{record.ID}, nil
}

// unfinished lists the records that are not final: what a worker does when it
// starts.
func (b *backend) unfinished() (ids []string) {
	for _, record := range b.earlier {
		if record.State.Final() {
			b.account.final(record)
			continue
		}
		ids = append(ids, record.ID)
	}
	return ids
}
