package pacing

import (
	"context"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// The defaults of Config.
const (
	defaultLimit       = 200
	defaultCreditLimit = 5000
	defaultReserve     = 2
	defaultWindow      = time.Hour
)

// Config configures a Pacer. In each field zero means the default, so the zero
// Config is a good start.
type Config struct {
	// App is the id of the Meta app whose token the calls carry. It matters when
	// clients of several apps share a Budget, because Meta counts each app
	// separately. Default: an empty id, which is fine for one app.
	App string
	// Budget stores what is counted. Pacers with the same Budget share the
	// quotas. Default: a Memory that only this Pacer uses.
	Budget Budget
	// Limit is how many calls an hour Meta accepts on one WhatsApp Business
	// Account. A Pacer raises it for each account whose usage headers prove a
	// higher limit. Default 200, Meta's limit for an account without a
	// registered phone number. Negative means that the calls on accounts are not
	// counted; a Pacer then stops only when Meta blocks.
	Limit int
	// CreditLimit is how many calls an hour Meta accepts on all credit lines of
	// the app together. Default 5,000, Meta's limit. Negative means that they
	// are not counted.
	CreditLimit int
	// Reserve is the percentage of each quota that the Pacer leaves unused, for
	// programs that do not share its Budget. Default 2; negative means 0.
	Reserve int
	// MaxWait is the longest time that a call waits. A call that would wait
	// longer ends at once with a WaitError. Default: only the deadline of the
	// call's context limits the wait. Negative means that no call waits.
	MaxWait time.Duration
	// Window is the time over which calls are counted. Default and Meta's value:
	// one hour. Tests set a shorter one.
	Window time.Duration
}

// Pacer is a graph.CallPacer that keeps the calls of one app within Meta's
// quotas. Make it with [New] and install it with graph.WithPacer. It is safe
// for concurrent use. It starts no goroutine and needs no closing.
type Pacer struct {
	cfg     Config
	budget  Budget
	queues  queues
	numbers numberAccounts
	app     appBlock
}

var _ graph.CallPacer = (*Pacer)(nil)

// New returns a Pacer. Clients with tokens of the same app share one Pacer, or
// several Pacers with one Budget.
func New(cfg Config) *Pacer {
	if cfg.Limit == 0 {
		cfg.Limit = defaultLimit
	}
	if cfg.CreditLimit == 0 {
		cfg.CreditLimit = defaultCreditLimit
	}
	cfg.Limit, cfg.CreditLimit = max(cfg.Limit, -1), max(cfg.CreditLimit, -1)
	if cfg.Reserve == 0 {
		cfg.Reserve = defaultReserve
	}
	cfg.Reserve = max(cfg.Reserve, 0)
	if cfg.Window <= 0 {
		cfg.Window = defaultWindow
	}
	cfg.Window = max(cfg.Window, slotsPerWindow) // a slot has at least a nanosecond
	if cfg.Budget == nil {
		cfg.Budget = NewMemory(0)
	}
	return &Pacer{cfg: cfg, budget: cfg.Budget}
}

// Wait returns when a call may be sent that counts against no quota. Such a call
// waits only while Meta blocks the whole app. The errors are those of WaitFor.
func (p *Pacer) Wait(ctx context.Context) error {
	if err := p.check(ctx); err != nil {
		return err
	}
	_, err := p.acquireApp(ctx, p.latest(ctx))
	return err
}

// WaitFor returns when the call may be sent. If the call would have to wait
// beyond its context's deadline or Config.MaxWait, WaitFor returns a [*WaitError]
// at once. When the context ends while the call waits, the error has the kind
// graph.ErrInterrupted; when the Budget fails, it matches [ErrBudget]. After an
// error the call must not be sent.
//
// A client that has the Pacer calls WaitFor itself, before each attempt.
func (p *Pacer) WaitFor(ctx context.Context, call graph.TraceStart) error {
	if err := p.check(ctx); err != nil {
		return err
	}
	latest := p.latest(ctx)
	probes, err := p.acquireApp(ctx, latest)
	if err != nil {
		return err
	}
	c := chargeOf(call)
	if c.kind == notCounted {
		return nil
	}
	begun := time.Now()
	if _, err := p.acquire(ctx, latest, c.asset, func() (string, rule) { return p.quotaOf(c) }); err != nil {
		return err
	}
	if probes && time.Since(begun) < p.cfg.Window/60 {
		return nil // this is the one call that finds out whether the app's block is over
	}
	_, err = p.acquireApp(ctx, latest) // the app may have been blocked in the meantime
	return err
}

// check returns an InputError if the Pacer was not made by New, or the context is
// nil.
func (p *Pacer) check(ctx context.Context) error {
	if p == nil || p.budget == nil {
		return &graph.InputError{Field: "pacer", Reason: "is not set up; pacing.New makes one"}
	}
	if ctx == nil {
		return &graph.InputError{Field: "context", Reason: "is nil"}
	}
	return nil
}

// latest returns the time until which a call that comes now can wait. The zero
// time means that it can wait without end.
func (p *Pacer) latest(ctx context.Context) time.Time {
	latest, _ := ctx.Deadline()
	if p.cfg.MaxWait == 0 {
		return latest
	}
	if most := time.Now().Add(max(p.cfg.MaxWait, 0)); latest.IsZero() || most.Before(latest) {
		return most
	}
	return latest
}

// Usage says how much of a quota is used, as far as the Pacer knows.
type Usage struct {
	// Sent is the number of calls in the last hour that the Pacers of this
	// Budget let go.
	Sent int
	// Others is the number of calls in the last hour that other programs made.
	// It is an estimate from Meta's usage headers.
	Others int
	// Limit is how many calls an hour Meta accepts: the highest number that the
	// usage headers have proved, or else Config.Limit. It is 0 where calls are
	// not counted.
	Limit int
	// BlockedUntil is the time at which Meta accepts calls again. It is the zero
	// time when Meta does not block.
	BlockedUntil time.Time
}

// Usage returns how much of an account's quota is used, for a dashboard or an
// alert. The asset is the id of a WhatsApp Business Account or of one of its
// phone numbers. With an empty asset it returns the state of the whole app,
// which has no count but can be blocked. It makes no call to Meta.
func (p *Pacer) Usage(ctx context.Context, asset string) (Usage, error) {
	if err := p.check(ctx); err != nil {
		return Usage{}, err
	}
	key, r := p.appQuota()
	if asset != "" {
		key, r = p.quotaOf(charge{kind: toPhoneNumber, asset: asset})
	}
	var u Usage
	err := p.update(ctx, key, func(q *Quota) {
		now := time.Now().UnixNano()
		q.refresh(now, r)
		u = Usage{Limit: max(q.limit, 0)}
		u.Sent, u.Others = q.used()
		if q.blockedUntil > now {
			u.BlockedUntil = time.Unix(0, q.blockedUntil)
		}
	})
	if err != nil {
		return Usage{}, err
	}
	return u, nil
}
