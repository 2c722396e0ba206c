package pacing

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// What Meta allows.
const (
	// DefaultLimit is how many calls an account takes in an hour from one app
	// before any of its numbers is registered; it is 5,000 then, which a Pacer
	// finds out by itself.
	DefaultLimit = 200
	// DefaultCreditLimit is how many calls to credit lines an app has in an hour.
	DefaultCreditLimit = 5000
	// DefaultWindow is the time in which Meta counts.
	DefaultWindow = time.Hour
	// DefaultReserve is the percentage of a quota that is left to programs one
	// cannot see.
	DefaultReserve = 2
)

// Options adjust a Pacer. In each field zero means the default.
type Options struct {
	// App tells the apps apart that share a Budget: Meta counts each app for
	// itself. The app's id, or a name of one's own; empty is an app too.
	App string
	// Budget keeps the counts. Default: a Memory of the Pacer's own.
	Budget Budget
	// Limit is how many calls an account takes in a window, until its usage
	// headers prove that it takes more. Default DefaultLimit; negative: calls
	// are not counted, only blocks are kept.
	Limit int
	// LimitOf, if set, knows better for some accounts; 0 means Limit. It must
	// return at once.
	LimitOf func(asset string) int
	// CreditLimit is how many calls to credit lines the app has in a window.
	// Default DefaultCreditLimit; negative: they are not counted.
	CreditLimit int
	// Reserve is the percentage of each quota that is left unused. Default
	// DefaultReserve; negative: none.
	Reserve int
	// MaxWait is the longest that a call waits for its turn. Beyond it, the
	// call ends at once with a WaitError. Default: only the context's deadline
	// counts; negative: calls never wait.
	MaxWait time.Duration
	// Window is the time in which calls are counted. Default DefaultWindow.
	Window time.Duration
}

// Pacer is a graph.CallPacer that keeps the calls of one app within Meta's
// quotas. It is safe for concurrent use, starts no goroutine and needs no
// closing.
type Pacer struct {
	opts   Options
	budget Budget
	lines  queues
	homes  homes
	gate   gate
}

var _ wagraph.CallPacer = (*Pacer)(nil)

// New makes a Pacer. Clients that use the same token's app share one.
func New(opts Options) *Pacer {
	if opts.Limit == 0 {
		opts.Limit = DefaultLimit
	}
	if opts.CreditLimit == 0 {
		opts.CreditLimit = DefaultCreditLimit
	}
	opts.Limit, opts.CreditLimit = max(opts.Limit, -1), max(opts.CreditLimit, -1)
	if opts.Window <= 0 {
		opts.Window = DefaultWindow
	}
	opts.Window = max(opts.Window, slotsPerWindow) // a slot is a nanosecond at least
	switch {
	case opts.Reserve == 0:
		opts.Reserve = DefaultReserve
	case opts.Reserve < 0:
		opts.Reserve = 0
	}
	if opts.Budget == nil {
		opts.Budget = NewMemory(0)
	}
	return &Pacer{opts: opts, budget: opts.Budget}
}

// Wait lets a call go that is of no account: it waits only while the whole app
// is blocked.
func (p *Pacer) Wait(ctx context.Context) error {
	_, err := p.passGate(ctx, p.latest(ctx))
	return err
}

// WaitFor returns when the call may be sent, at once with a [*WaitError] if
// that would be too late for it, or with the context's error.
func (p *Pacer) WaitFor(ctx context.Context, call wagraph.TraceStart) error {
	latest := p.latest(ctx)
	alone, err := p.passGate(ctx, latest)
	if err != nil {
		return err
	}
	t := targetOf(call)
	if t.kind == uncounted {
		return nil
	}
	begun := time.Now()
	if _, err := p.pass(ctx, latest, t.asset, func() (string, quota) { return p.ledgerOf(t) }); err != nil {
		return err
	}
	if alone && time.Since(begun) < p.opts.Window/60 {
		return nil // the gate is closed for this call to find out
	}
	_, err = p.passGate(ctx, latest) // it may have closed in the meantime
	return err
}

// latest is when a call that comes now has to be let go; zero for no matter when.
func (p *Pacer) latest(ctx context.Context) time.Time {
	latest, _ := ctx.Deadline()
	if p.opts.MaxWait == 0 {
		return latest
	}
	if own := time.Now().Add(max(p.opts.MaxWait, 0)); latest.IsZero() || own.Before(latest) {
		return own
	}
	return latest
}

// ledgerOf is where a target's calls are counted, and by which rule. The calls
// on a phone number belong to its account once that is known.
func (p *Pacer) ledgerOf(t target) (string, quota) {
	q := quota{window: p.opts.Window, limit: p.opts.Limit, floor: p.opts.Limit, reserve: p.opts.Reserve}
	asset := t.asset
	switch t.kind {
	case creditLine:
		q.limit, q.floor = p.opts.CreditLimit, p.opts.CreditLimit
		return p.key("credit"), q
	case phoneNumber:
		if waba, ok := p.homes.of(t.asset); ok {
			asset = waba
		}
	}
	if p.opts.LimitOf != nil && q.limit > 0 {
		if limit := p.opts.LimitOf(asset); limit > 0 {
			q.limit, q.floor = limit, min(limit, q.floor)
		}
	}
	return p.key(asset), q
}

func (p *Pacer) key(name string) string { return p.opts.App + "/" + name }

// pass waits in the line of a ledger until it lets the caller go. The ledger
// can change while one waits: that of a phone number becomes its account's. The
// caller goes alone if it is to find out whether a block is over.
func (p *Pacer) pass(ctx context.Context, latest time.Time, asset string, ledger func() (string, quota)) (alone bool, err error) {
	key, q := ledger()
	var w *waiter
	defer func() { p.lines.leave(key, w) }()
	if p.lines.busy(key) {
		w = p.lines.join(key)
	}
	for ctx.Err() == nil {
		if now, rule := ledger(); now != key {
			p.lines.leave(key, w)
			key, q, w = now, rule, p.lines.join(now)
		}
		ahead := p.lines.ahead(key, w)
		var t turn
		err := p.budget.Update(ctx, key, func(l *Ledger) {
			t = l.take(time.Now().UnixNano(), q, ahead)
			if key == p.gateKey() {
				p.gate.saw(l)
			}
		})
		switch {
		case err != nil:
			return false, fmt.Errorf("pacing: budget: %w", err)
		case t.granted:
			return t.alone, nil
		case t.wait > 0 && !latest.IsZero() && time.Until(latest) < t.wait:
			return false, &WaitError{Asset: asset, Reason: t.reason, Wait: t.wait, Used: t.used, Limit: t.limit}
		case w == nil:
			w = p.lines.join(key) // and look again: others may have come first
		default:
			p.sleep(ctx, w, t.wait, ahead)
		}
	}
	return false, fmt.Errorf("pacing: ended while waiting for a turn: %w", context.Cause(ctx))
}

// sleep returns when it is worth looking again. Whoever is first looks once a
// minute of an hour in any case: another process may have learned something.
func (p *Pacer) sleep(ctx context.Context, w *waiter, wait time.Duration, ahead int) {
	var up <-chan time.Time
	if ahead == 0 {
		timer := time.NewTimer(min(wait, p.opts.Window/60))
		defer timer.Stop()
		up = timer.C
	}
	select {
	case <-up:
	case <-w.wake:
	case <-ctx.Done():
	}
}
