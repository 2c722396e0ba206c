package pacing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// acquireApp waits while Meta blocks the whole app.
func (p *Pacer) acquireApp(ctx context.Context, latest time.Time) (probes bool, err error) {
	if p.app.justSeenOpen(p.cfg.Window) {
		return false, nil
	}
	return p.acquire(ctx, latest, "", p.appQuota)
}

// acquire waits until a quota lets the call go. The quota can change while the
// call waits: that of a phone number becomes that of its account, so find is
// asked again each time. It reports whether the call goes alone, to find out
// whether a block is over.
func (p *Pacer) acquire(ctx context.Context, latest time.Time, asset string, find func() (string, rule)) (probes bool, err error) {
	appKey, _ := p.appQuota()
	key, r := find()
	var w *waiter
	defer func() { p.queues.leave(key, w) }()
	if p.queues.hasWaiters(key) {
		w = p.queues.join(key)
	}
	for ctx.Err() == nil {
		if now, nowRule := find(); now != key {
			p.queues.leave(key, w)
			key, r, w = now, nowRule, p.queues.join(now)
		}
		ahead := p.queues.ahead(key, w)
		var g grant
		err := p.update(ctx, key, func(q *Quota) {
			g = q.take(time.Now().UnixNano(), r, ahead)
			if key == appKey {
				p.app.saw(q)
			}
		})
		switch {
		case err != nil:
			return false, err
		case g.granted:
			return g.probes, nil
		case g.wait > 0 && !latest.IsZero() && time.Until(latest) < g.wait:
			return false, &WaitError{Asset: asset, Reason: g.reason, Wait: g.wait, Used: g.used, Limit: g.limit}
		case w == nil:
			w = p.queues.join(key) // and ask again: other calls may have joined first
		default:
			p.sleep(ctx, w, g.wait, ahead)
		}
	}
	return false, fmt.Errorf("%w: %w", errInterrupted, context.Cause(ctx))
}

// sleep returns when the quota should be asked again. The first waiter asks at
// least every sixtieth of the window, because another process may have learned
// something.
func (p *Pacer) sleep(ctx context.Context, w *waiter, wait time.Duration, ahead int) {
	var expired <-chan time.Time
	if ahead == 0 {
		timer := time.NewTimer(min(wait, p.cfg.Window/60))
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-expired:
	case <-w.wake:
	case <-ctx.Done():
	}
}

// appBlock is what this process knows of the block of the whole app. With it not
// every call has to ask the Budget.
type appBlock struct {
	mu      sync.Mutex
	blocked bool
	seen    time.Time
}

func (a *appBlock) saw(q *Quota) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.blocked, a.seen = q.blockedUntil != 0, time.Now()
}

// justSeenOpen reports whether the Budget said a moment ago that the app is not
// blocked.
func (a *appBlock) justSeenOpen(window time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.blocked && !a.seen.IsZero() && time.Since(a.seen) < window/3600
}

func (a *appBlock) isBlocked() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.blocked
}

// queues holds the calls that wait, one queue for each key. Only the first call
// of a queue asks the Budget and sleeps; the others are woken when they move up.
// So calls go in the order in which they came, whatever each of them waits for.
type queues struct {
	mu    sync.Mutex
	byKey map[string][]*waiter
}

// waiter is one call in a queue.
type waiter struct {
	wake chan struct{} // holds one signal to ask again
}

func (w *waiter) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// hasWaiters reports whether any call waits, so that a new one does not pass it.
func (q *queues) hasWaiters(key string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.byKey[key]) > 0
}

// join puts a call at the end of the queue.
func (q *queues) join(key string) *waiter {
	w := &waiter{wake: make(chan struct{}, 1)}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byKey == nil {
		q.byKey = map[string][]*waiter{}
	}
	q.byKey[key] = append(q.byKey[key], w)
	return w
}

// ahead returns how many calls are in front of a waiter. A nil waiter has none.
func (q *queues) ahead(key string, w *waiter) int {
	if w == nil {
		return 0
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return max(slices.Index(q.byKey[key], w), 0)
}

// leave takes a waiter out of the queue. If it was the first, the next one asks.
func (q *queues) leave(key string, w *waiter) {
	if w == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.byKey[key]
	at := slices.Index(queue, w)
	if at < 0 {
		return
	}
	queue = slices.Delete(queue, at, at+1)
	if len(queue) == 0 {
		delete(q.byKey, key)
		return
	}
	q.byKey[key] = queue
	if at == 0 {
		queue[0].signal()
	}
}

// wake makes the first waiter of a queue ask again, or all of them.
func (q *queues) wake(key string, all bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.byKey[key]
	if !all && len(queue) > 1 {
		queue = queue[:1]
	}
	for _, w := range queue {
		w.signal()
	}
}
