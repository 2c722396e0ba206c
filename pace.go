package wagraph

import "context"

// Pacer is asked before every attempt, and lets it go by returning. An error
// ends the call; it is returned as the cause of an ErrInterrupted. Anything
// with this method fits, golang.org/x/time/rate.Limiter among it.
type Pacer interface {
	Wait(ctx context.Context) error
}
