package pacing

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// observeTimeout bounds how long a Budget may take to store an answer.
const observeTimeout = 5 * time.Second

// management is the use case whose quotas this package knows.
const management = "whatsapp_business_management"

// Observe learns from the end of an attempt: from the usage headers of the
// answer, and from an error that says that a quota is used up. If the Budget
// fails, what the answer said is lost, which does no harm: the next answer says
// it again, and the next call ends with the Budget's error.
//
// A client that has the Pacer calls Observe itself.
func (p *Pacer) Observe(end graph.TraceEnd) {
	if p == nil || p.budget == nil {
		return // WaitFor has returned the error
	}
	ctx := context.Background()
	if _, immediate := p.budget.(*Memory); !immediate {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, observeTimeout)
		defer cancel()
	}
	usage := end.Usage()
	failure, ok := errors.AsType[*graph.Error](end.Err)
	refused := ok && failure.Kind == graph.ErrThrottled
	c := chargeOf(end.TraceStart)
	if c.kind == toPhoneNumber {
		p.learnAccount(c.asset, usage)
	}
	p.observeApp(ctx, end, usage, refused && isAppThrottle(failure))
	if c.kind == notCounted {
		return
	}
	key, r := p.quotaOf(c)
	load, known := p.loadOf(usage, key, refused)
	p.learn(ctx, key, func(q *Quota, now int64) {
		q.observe(now, r, answer{
			start: now - int64(end.Duration), reached: end.Status != 0,
			refused: refused && isAccountThrottle(failure), load: load, known: known,
		})
	})
}

// observeApp stores a block of the whole app, and its end. It asks the Budget
// only if there is one.
func (p *Pacer) observeApp(ctx context.Context, end graph.TraceEnd, usage graph.Usage, refused bool) {
	blocked := refused || usage.App.Peak() >= 100
	if !blocked && (end.Status == 0 || !p.app.isBlocked()) {
		return
	}
	key, r := p.appQuota()
	p.learn(ctx, key, func(q *Quota, now int64) {
		q.refresh(now, r)
		if blocked {
			q.refuse(now, r, usage.RegainAfter())
		} else {
			q.accept()
		}
		p.app.saw(q)
	})
}

// learn changes a quota, and makes the calls that wait for it ask again if it
// changed for them.
func (p *Pacer) learn(ctx context.Context, key string, change func(q *Quota, now int64)) {
	sooner, later := false, false
	err := p.update(ctx, key, func(q *Quota) {
		limit, blocked := q.limit, q.blockedUntil
		_, others := q.used()
		change(q, time.Now().UnixNano())
		_, after := q.used()
		later = q.blockedUntil > blocked
		sooner = q.limit > limit || q.blockedUntil < blocked || after < others
	})
	if err == nil && (sooner || later) {
		p.queues.wake(key, later)
	}
}

// loadOf returns the usage of the account that a call counted for. If the call
// was refused, the wait is the longest of all use cases of the account.
func (p *Pacer) loadOf(usage graph.Usage, key string, refused bool) (load graph.AssetUsage, known bool) {
	var regain time.Duration
	for _, each := range usage.Assets {
		if p.key(each.Asset) != key {
			continue
		}
		if each.Type == management && !known {
			load, known = bounded(each), true
		}
		if each.Type == management || refused {
			regain = max(regain, each.RegainAfter)
		}
	}
	load.RegainAfter = regain
	return load, known
}

// bounded keeps the percentages between 0 and 100.
func bounded(load graph.AssetUsage) graph.AssetUsage {
	for _, percent := range []*int{&load.Calls, &load.Time, &load.CPUTime} {
		*percent = min(max(*percent, 0), 100)
	}
	return load
}

// isAccountThrottle reports whether the error is about the quota of one account.
// Meta numbers the throttles of business use cases 80000 to 80014.
func isAccountThrottle(e *graph.Error) bool { return e.Code >= 80000 && e.Code <= 80014 }

// isAppThrottle reports whether the error is about every call of the app or of
// its user. With a subcode the same codes are about one edge.
func isAppThrottle(e *graph.Error) bool {
	switch e.Code {
	case 4, 17, 32, 341:
		return e.Subcode == 0
	}
	return false
}
