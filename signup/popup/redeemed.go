package popup

import (
	"context"
	"sync"
	"time"
)

// Redeemed remembers which sessions were used. It is safe for concurrent use;
// one that several processes share lets one of them win. A table with the id
// as its primary key does: an INSERT that meets its own key is ErrSessionUsed.
type Redeemed interface {
	// Redeem notes the session's id until its expiry, after which it may be
	// forgotten. It returns ErrSessionUsed if the id is noted already, and any
	// other error if it cannot tell; the session counts as not redeemed then.
	Redeem(ctx context.Context, id string, expires time.Time) error
}

// MemoryRedeemed is a Redeemed in memory, for a service of one process. It
// forgets nothing early: when it is full of sessions that have not expired, it
// returns ErrSessionsFull.
type MemoryRedeemed struct {
	mu   sync.Mutex
	used *expiring[struct{}]
}

// defaultRedeemed is room for about 28 signups a second at a life of an hour.
const defaultRedeemed = 100_000

// NewMemoryRedeemed remembers at most limit sessions, 100,000 if it is 0 or
// less.
func NewMemoryRedeemed(limit int) *MemoryRedeemed {
	if limit <= 0 {
		limit = defaultRedeemed
	}
	return &MemoryRedeemed{used: newExpiring[struct{}](limit)}
}

// Redeem notes the session's id. Errors besides ErrSessionUsed:
// ErrSessionExpired, ErrSessionsFull.
func (m *MemoryRedeemed) Redeem(ctx context.Context, id string, expires time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.used.prune(now)
	switch _, used := m.used.get(id); {
	case !now.Before(expires):
		// It expired since it was verified, and pruning may just have
		// forgotten that it was used.
		return ErrSessionExpired
	case used:
		return ErrSessionUsed
	case m.used.full():
		return ErrSessionsFull
	}
	m.used.add(id, struct{}{}, expires)
	return nil
}
