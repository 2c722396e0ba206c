package meter

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
)

// patience is how long a call may take before the meter mentions it.
const patience = 3 * time.Second

// noticeable is a wait that a person at the terminal notices.
const noticeable = 500 * time.Millisecond

// Meter counts calls. It is safe for concurrent use.
type Meter struct {
	// Seen, if set before the first call, is called after every attempt, by one
	// goroutine at a time.
	Seen func(graph.TraceEnd)

	progress *cli.Progress
	mu       sync.Mutex
	count    Count
}

var _ graph.Tracer = (*Meter)(nil)

// New makes a Meter that reports waits to progress.
func New(progress *cli.Progress) *Meter { return &Meter{progress: progress} }

// Count is how much was called.
type Count struct {
	// Calls are what the server counts against the quota: each operation of a
	// batch is one, and a repeated call is one.
	Calls int
	// RoundTrips are the HTTP requests.
	RoundTrips int
}

// Since returns what was called after an earlier count.
func (c Count) Since(earlier Count) Count {
	return Count{Calls: c.Calls - earlier.Calls, RoundTrips: c.RoundTrips - earlier.RoundTrips}
}

// String reads "1 call in 1 round trip".
func (c Count) String() string {
	return cli.Plural(c.Calls, "call") + " in " + cli.Plural(c.RoundTrips, "round trip")
}

// Count returns how much was called so far.
func (m *Meter) Count() Count {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

// timerKey carries an attempt's timer from its start to its end.
type timerKey struct{}

// TraceStart counts the attempt.
func (m *Meter) TraceStart(ctx context.Context, start graph.TraceStart) context.Context {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !start.Batched {
		m.count.RoundTrips++
	}
	if isBatch := start.Route == "/" && start.Method == http.MethodPost; start.Attempt == 1 && !isBatch {
		m.count.Calls++
	}
	timer := time.AfterFunc(patience, func() {
		m.progress.Note("still waiting for the answer to %s %s", start.Method, start.Route)
	})
	return context.WithValue(ctx, timerKey{}, timer)
}

// TraceEnd shows the attempt to Seen, and says when the next one will be sent.
func (m *Meter) TraceEnd(ctx context.Context, end graph.TraceEnd) {
	if timer, ok := ctx.Value(timerKey{}).(*time.Timer); ok {
		timer.Stop()
	}
	if m.Seen != nil {
		m.mu.Lock()
		m.Seen(end)
		m.mu.Unlock()
	}
	if end.Retry && end.Wait >= noticeable {
		m.progress.Note("waiting %v before %s %s is sent again", end.Wait.Round(100*time.Millisecond), end.Method, end.Route)
	}
}
