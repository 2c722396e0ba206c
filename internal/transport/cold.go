package transport

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// idleTimeout is how long the pipe's own transport keeps an idle connection.
const idleTimeout = 90 * time.Second

// coldPatience is how long calls wait for the first one's connection. A dial
// that hangs, or a slow server behind a round tripper that reports no
// connections, must not hold up a signup code that lives 30 seconds.
const coldPatience = 3 * time.Second

// coldStart lets the first call of a cold pipe go ahead alone. Over TLS the
// protocol is known only after the handshake, so a burst of calls on a cold
// pipe makes net/http dial once per call although HTTP/2 needs one connection
// for all. The others wait until the first one has its connection, or has
// failed to get it: not for its answer, which may take long.
type coldStart struct {
	mu   sync.Mutex
	busy chan struct{} // open while the first call has no connection yet
	used time.Time     // when a call last went ahead
}

func nothing() {}

// enter returns when the call may go ahead, with the context to go ahead with.
// The caller calls leave once the round trip is over: a round tripper other than
// net/http's does not report its connections.
func (c *coldStart) enter(ctx context.Context, scheme string) (_ context.Context, leave func(), err error) {
	if scheme != "https" {
		return ctx, nothing, nil
	}
	for {
		c.mu.Lock()
		if time.Since(c.used) < idleTimeout {
			c.used = time.Now()
			c.mu.Unlock()
			return ctx, nothing, nil
		}
		busy := c.busy
		if busy == nil {
			busy = make(chan struct{})
			c.busy = busy
			c.mu.Unlock()
			leave := sync.OnceFunc(func() {
				c.mu.Lock()
				c.used, c.busy = time.Now(), nil
				c.mu.Unlock()
				close(busy)
			})
			ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
				GotConn: func(httptrace.GotConnInfo) { leave() },
			})
			return ctx, leave, nil
		}
		c.mu.Unlock()
		patience := time.NewTimer(coldPatience)
		select {
		case <-busy:
			patience.Stop()
		case <-patience.C:
			return ctx, nothing, nil
		case <-ctx.Done():
			patience.Stop()
			return ctx, nothing, ended(ctx)
		}
	}
}
