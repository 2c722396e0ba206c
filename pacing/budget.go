package pacing

import (
	"context"
	"sync"
	"time"
)

// Budget keeps the ledgers. Pacers that share one, in this process or in
// others, share the quota: together they let go what one of them alone would.
type Budget interface {
	// Update reads the ledger of a key, runs change on it, and keeps the
	// result, with nobody else's change of the same key in between. A key that
	// is not known has an empty ledger; so may one whose ledger is
	// [Ledger.Idle], or was lost: the usage headers tell again what it knew.
	//
	// change only computes and takes no time. A Budget that finds out too late
	// that somebody else was faster may run it again on the newer ledger; what
	// it did before is then void. An error, the context's among them, keeps
	// the call from being sent.
	//
	// Keys are short printable texts, such as "acme/102290129340398".
	Update(ctx context.Context, key string, change func(*Ledger)) error
}

// DefaultLedgers is how many ledgers a Memory keeps unless told otherwise.
const DefaultLedgers = 100_000

// Memory is a Budget for the pacers of one process. It forgets idle ledgers, and
// the longest unused ones when there are too many, but none that is blocked. It
// is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	ledgers recent[*Ledger]
	most    int
}

// NewMemory makes a Memory of that many ledgers; 0 means DefaultLedgers. One
// takes up to 3 KB, and some 200 bytes for an account with a few calls an hour.
func NewMemory(most int) *Memory {
	if most <= 0 {
		most = DefaultLedgers
	}
	return &Memory{most: most}
}

// Update is part of Budget. It never fails, and never waits for long.
func (m *Memory) Update(_ context.Context, key string, change func(*Ledger)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ledger, ok := m.ledgers.get(key)
	if !ok {
		ledger = &Ledger{}
		m.ledgers.put(key, ledger)
	}
	change(ledger)
	m.forget()
	return nil
}

// Len is how many ledgers are kept.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ledgers.len()
}

// forget drops a few ledgers at a time, so that no call pays for all of them.
func (m *Memory) forget() {
	now := time.Now()
	for range 4 {
		key, ledger, ok := m.ledgers.oldest()
		switch {
		case !ok || m.ledgers.len() == 1:
			return
		case ledger.blocked > now.UnixNano():
			m.ledgers.get(key) // its turn comes again
		case ledger.Idle(now) || m.ledgers.len() > m.most:
			m.ledgers.drop(key)
		default:
			return
		}
	}
}
