package popup

import (
	"context"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Redeemed remembers which sessions were used. It must be safe for concurrent use. If
// several processes redeem sessions, they must share one Redeemed. A database table with
// the id as primary key is enough: a duplicate key of the INSERT is ErrSessionUsed.
type Redeemed interface {
	// Redeem stores the id of a session until expires; later it may be removed. If the
	// id is stored already, it returns ErrSessionUsed. With any other error the
	// session is not redeemed.
	Redeem(ctx context.Context, id string, expires time.Time) error
}

// MemoryRedeemed is a Redeemed in memory, for a service with one process. It never forgets
// a session before it expires: when it is full, it returns ErrSessionsFull. The zero value
// remembers 100,000 sessions; the methods of a nil pointer return an InputError. It is
// safe for concurrent use.
type MemoryRedeemed struct {
	mu   sync.Mutex
	used *expiring[struct{}]
}

// defaultRedeemed is enough for about 28 signups a second if a session lives an hour.
const defaultRedeemed = 100_000

// NewMemoryRedeemed returns a MemoryRedeemed for at most limit sessions, or for 100,000 if
// limit is 0 or less.
func NewMemoryRedeemed(limit int) *MemoryRedeemed {
	if limit <= 0 {
		limit = defaultRedeemed
	}
	return &MemoryRedeemed{used: newExpiring[struct{}](limit)}
}

// Redeem stores the id of a session. Errors: ErrSessionUsed, ErrSessionExpired,
// ErrSessionsFull.
func (m *MemoryRedeemed) Redeem(ctx context.Context, id string, expires time.Time) error {
	if m == nil {
		return &graph.InputError{Field: "redeemed", Reason: "is nil: popup.NewMemoryRedeemed makes one"}
	}
	if err := checkContext(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil { // the zero value
		m.used = newExpiring[struct{}](defaultRedeemed)
	}
	now := time.Now()
	m.used.prune(now)
	switch _, used := m.used.get(id); {
	case !now.Before(expires):
		// The session expired after it was verified, and prune may have removed
		// its id.
		return ErrSessionExpired
	case used:
		return ErrSessionUsed
	case m.used.full():
		return ErrSessionsFull
	}
	m.used.add(id, struct{}{}, expires)
	return nil
}
