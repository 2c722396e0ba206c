package pacing

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph"
)

// observeTime bounds how long a Budget may take to note an answer.
const observeTime = 5 * time.Second

// management is the use case whose quota this package keeps.
const management = "whatsapp_business_management"

// Observe learns from how an attempt ended. What it cannot note, because the
// Budget fails, is lost without harm: the Budget's error ends the next call.
func (p *Pacer) Observe(end wagraph.TraceEnd) {
	ctx := context.Background()
	if _, immediate := p.budget.(*Memory); !immediate {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, observeTime)
		defer cancel()
	}
	usage := end.Usage()
	failure, ok := errors.AsType[*wagraph.Error](end.Err)
	refused := ok && failure.Kind == wagraph.ErrThrottled
	t := targetOf(end.TraceStart)
	if t.kind == phoneNumber {
		p.learnHome(ctx, t.asset, usage)
	}

	p.observeApp(ctx, end, usage, refused && ofApp(failure))
	own := ""
	if t.kind != uncounted {
		var q quota
		own, q = p.ledgerOf(t)
		load, known := p.loadOf(usage, own, refused)
		p.note(ctx, own, func(l *Ledger, now int64) {
			l.observe(now, q, answer{
				start: now - int64(end.Duration), reached: end.Status != 0,
				refused: refused && ofAccount(failure), load: load, known: known,
			})
		})
	}
	p.observeOthers(ctx, usage, own)
}

// answer is what an observed attempt means for the ledger it was counted in.
type answer struct {
	start   int64
	reached bool // Meta answered
	refused bool
	load    wagraph.AssetUsage
	known   bool // load came with the answer
}

func (l *Ledger) observe(now int64, q quota, a answer) {
	l.open(now, q)
	switch {
	case a.refused || a.load.RegainAfter > 0:
		l.refuse(now, q, a.load.RegainAfter)
	case a.reached:
		l.accept()
	}
	if q.limit < 0 {
		return
	}
	s := l.answered(a.start, now)
	if a.known {
		l.hear(now, q, s, a.load.Calls, a.load.Peak())
	}
}

// observeApp keeps the block of the whole app. It costs the budget nothing as
// long as there is none.
func (p *Pacer) observeApp(ctx context.Context, end wagraph.TraceEnd, usage wagraph.Usage, refused bool) {
	closed := refused || usage.App.Peak() >= 100
	if !closed && (end.Status == 0 || !p.gate.isClosed()) {
		return
	}
	p.note(ctx, p.gateKey(), func(l *Ledger, now int64) {
		rule := quota{window: p.opts.Window, limit: -1}
		l.open(now, rule)
		if closed {
			l.refuse(now, rule, usage.RegainAfter())
		} else {
			l.accept()
		}
		p.gate.saw(l)
	})
}

// observeOthers takes in what an answer says of other accounts than the one it
// was charged to, if it matters: a read of many accounts names up to 32.
func (p *Pacer) observeOthers(ctx context.Context, usage wagraph.Usage, own string) {
	for _, load := range usage.Assets {
		key, q := p.ledgerOf(target{kind: account, asset: load.Asset})
		if key == own || load.Type != management || load.Peak() < 50 && load.RegainAfter == 0 {
			continue
		}
		load = sane(load)
		p.note(ctx, key, func(l *Ledger, now int64) {
			l.open(now, q)
			if load.RegainAfter > 0 {
				l.refuse(now, q, load.RegainAfter)
			}
			if q.limit > 0 {
				l.note(now, q, l.current(now), load.Calls, load.Peak())
			}
		})
	}
}

// note changes a ledger, and has those who wait for it look again.
func (p *Pacer) note(ctx context.Context, key string, change func(l *Ledger, now int64)) {
	sooner, later := false, false
	err := p.budget.Update(ctx, key, func(l *Ledger) {
		limit, blocked := l.limit, l.blocked
		_, foreign := l.used()
		change(l, time.Now().UnixNano())
		_, after := l.used()
		later = l.blocked > blocked
		sooner = l.limit > limit || l.blocked < blocked || after < foreign
	})
	if err == nil && (sooner || later) {
		p.lines.nudge(key, later)
	}
}

// loadOf finds the usage of the account that a call was charged to. The wait in
// it is that of any use case if the call was refused.
func (p *Pacer) loadOf(usage wagraph.Usage, key string, refused bool) (load wagraph.AssetUsage, known bool) {
	var regain time.Duration
	for _, each := range usage.Assets {
		if p.key(each.Asset) != key {
			continue
		}
		if each.Type == management && !known {
			load, known = sane(each), true
		}
		if each.Type == management || refused {
			regain = max(regain, each.RegainAfter)
		}
	}
	load.RegainAfter = regain
	return load, known
}

// sane keeps the percentages between 0 and 100: above it, some is refused.
func sane(load wagraph.AssetUsage) wagraph.AssetUsage {
	for _, percent := range []*int{&load.Calls, &load.Time, &load.CPUTime} {
		*percent = min(max(*percent, 0), 100)
	}
	return load
}

// ofAccount tells the throttles of one account by their codes: those of
// business use cases.
func ofAccount(e *wagraph.Error) bool { return e.Code >= 80000 && e.Code <= 80014 }

// ofApp tells the throttles that hold for every call of the app or its user.
// With a subcode the same codes are about one edge.
func ofApp(e *wagraph.Error) bool {
	switch e.Code {
	case 4, 17, 32, 341:
		return e.Subcode == 0
	}
	return false
}
