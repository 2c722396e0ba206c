package graph

import "context"

// Pacer is asked before every attempt, and lets the attempt go by returning nil.
// An error ends the call, which fails with an [*Error] that has it as its cause:
// an ErrThrottled with a wait if the error has a method RetryAfter() time.Duration,
// an ErrInterrupted if the context ended, and otherwise an ErrTransient, since a
// Pacer that fails says nothing about the call. Anything with this method fits, for
// instance a golang.org/x/time/rate.Limiter.
type Pacer interface {
	Wait(ctx context.Context) error
}

// CallPacer is a Pacer that also needs to know which call it lets go, and what is
// left of the quota afterwards. It is asked through WaitFor instead of Wait. Each
// op of a [Batch] counts as a call, as it does for Meta. Package pacing has a
// CallPacer that keeps to Meta's hourly quotas.
type CallPacer interface {
	Pacer
	// WaitFor returns when the attempt may be sent.
	WaitFor(ctx context.Context, call TraceStart) error
	// Observe gets the end of each attempt. It must not block.
	Observe(end TraceEnd)
}
