package filebudget

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockDelay is how long one waits before asking for a taken lock again. It
	// is held for some tens of microseconds at a time.
	lockDelay = 200 * time.Microsecond
	// pruneEvery is how often a process looks for idle ledgers in a shard.
	pruneEvery = time.Hour
)

// shard is a directory of ledgers under one lock.
type shard struct {
	dir    string
	turn   chan struct{} // taken by one goroutine of this process
	file   *flock.Flock  // taken by one process
	pruned time.Time
}

func (s *shard) init(dir string) {
	s.dir = dir
	s.turn = make(chan struct{}, 1)
	s.file = flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	s.pruned = time.Now()
}

// lock takes the shard: first among the goroutines of this process, for which
// an operating system's lock is no lock, then among processes.
func (s *shard) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("filebudget: %w", context.Cause(ctx))
	}
	if _, err := s.file.TryLockContext(ctx, lockDelay); err != nil {
		<-s.turn
		return fmt.Errorf("filebudget: %w", err)
	}
	return nil
}

func (s *shard) unlock() {
	_ = s.file.Unlock() // fails only where nothing is locked
	<-s.turn
}

// prune removes the ledgers that say nothing any more, every now and then. What
// cannot be removed now is tried again; it does no harm where it is.
func (s *shard) prune() {
	now := time.Now()
	if now.Sub(s.pruned) < pruneEvery {
		return
	}
	s.pruned = now
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+ledgerSuffix))
	if err != nil {
		return
	}
	for _, path := range names {
		if ledger, err := readFile(path); err == nil && ledger.Idle(now) {
			_ = os.Remove(path)
		}
	}
}
