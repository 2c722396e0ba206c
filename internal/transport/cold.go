package transport

import (
	"context"
	"sync"
	"time"
)

// idleTimeout is how long the pipe's own transport keeps a connection that
// nobody uses.
const idleTimeout = 90 * time.Second

// coldStart lets the first call of a cold pipe go ahead alone. Over TLS the
// protocol is known only after the handshake, so a burst of calls on a cold
// pipe makes net/http dial once per call although HTTP/2 needs one connection
// for all. The others wait for the first answer's header, or for its failure.
type coldStart struct {
	mu   sync.Mutex
	busy chan struct{} // open while the first call is under way
	used time.Time     // when a round trip last returned
}

func nothing() {}

// enter returns when the call may go ahead. The function that it returns is
// called once the round trip is over.
func (c *coldStart) enter(ctx context.Context, scheme string) (leave func(), err error) {
	if scheme != "https" {
		return nothing, nil
	}
	for {
		c.mu.Lock()
		if time.Since(c.used) < idleTimeout {
			c.used = time.Now()
			c.mu.Unlock()
			return nothing, nil
		}
		busy := c.busy
		if busy == nil {
			busy = make(chan struct{})
			c.busy = busy
			c.mu.Unlock()
			return func() {
				c.mu.Lock()
				c.used, c.busy = time.Now(), nil
				c.mu.Unlock()
				close(busy)
			}, nil
		}
		c.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
