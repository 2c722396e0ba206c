package wagraph

import "context"

// Pacer is asked before every attempt, and lets it go by returning. An error
// ends the call; it is returned as the cause of an ErrInterrupted or, if it has a
// method RetryAfter() time.Duration, of an ErrThrottled with that wait. Anything
// with this method fits, golang.org/x/time/rate.Limiter among it.
type Pacer interface {
	Wait(ctx context.Context) error
}

// CallPacer is a Pacer that also wants to know which call it lets go, and what
// the quota looks like afterwards. It is asked through WaitFor, not Wait. Each
// op of a [Batch] counts as a call, as it does for Meta. Package pacing has one
// that keeps to Meta's hourly quotas.
type CallPacer interface {
	Pacer
	// WaitFor returns when the attempt may be sent.
	WaitFor(ctx context.Context, call TraceStart) error
	// Observe is told how each attempt ended. It must not block.
	Observe(end TraceEnd)
}

// pace waits for the turn of an attempt.
func (c *core) pace(ctx context.Context, call TraceStart) error {
	switch p := c.pacer.(type) {
	case nil:
		return nil
	case CallPacer:
		return p.WaitFor(ctx, call)
	default:
		return p.Wait(ctx)
	}
}

// watched tells whether anybody looks at how attempts end.
func (c *core) watched() bool {
	_, observes := c.pacer.(CallPacer)
	return observes || c.tracer != nil
}

// ended tells the tracer and the pacer.
func (c *core) ended(ctx context.Context, end TraceEnd) {
	if p, ok := c.pacer.(CallPacer); ok {
		p.Observe(end)
	}
	if c.tracer != nil {
		c.tracer.TraceEnd(ctx, end)
	}
}
