package pacing

import (
	"context"
	"sync"
	"time"
)

// gate is what this process knows of the block of the whole app, so that not
// every call has to ask the budget.
type gate struct {
	mu     sync.Mutex
	closed bool
	seen   time.Time
}

func (g *gate) saw(l *Ledger) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.seen = l.blocked != 0, time.Now()
}

// open tells whether the gate was open a moment ago.
func (g *gate) open(window time.Duration) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.closed && !g.seen.IsZero() && time.Since(g.seen) < window/3600
}

func (g *gate) isClosed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

func (p *Pacer) gateKey() string { return p.key("app") }

func (p *Pacer) passGate(ctx context.Context, latest time.Time) (alone bool, err error) {
	if p.gate.open(p.opts.Window) {
		return false, nil
	}
	rule := quota{window: p.opts.Window, limit: -1}
	return p.pass(ctx, latest, "", func() (string, quota) { return p.gateKey(), rule })
}
