package pacing

import (
	"context"
	"fmt"
	"time"
)

// Standing is how a quota is used, as far as is known.
type Standing struct {
	// Own are the calls of the last window that were let go, and Others those
	// of other programs, as far as headers told.
	Own, Others int
	// Limit is what the quota is taken for: at least that is proved, or assumed.
	Limit int
	// BlockedUntil is when Meta lets calls through again; zero when it does.
	BlockedUntil time.Time
}

// Standing looks up an account's quota, for a dashboard or an alert; that of the
// whole app, which has a block only, with an empty id. It fails if the Budget does.
func (p *Pacer) Standing(ctx context.Context, asset string) (Standing, error) {
	key, q := p.gateKey(), quota{window: p.opts.Window, limit: -1}
	if asset != "" {
		key, q = p.ledgerOf(target{kind: phoneNumber, asset: asset})
	}
	var s Standing
	err := p.budget.Update(ctx, key, func(l *Ledger) {
		now := time.Now().UnixNano()
		l.open(now, q)
		s = Standing{Limit: max(l.limit, 0)}
		s.Own, s.Others = l.used()
		if l.blocked > now {
			s.BlockedUntil = time.Unix(0, l.blocked)
		}
	})
	if err != nil {
		return Standing{}, fmt.Errorf("pacing: budget: %w", err)
	}
	return s, nil
}
