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
	// lockDelay is the time between two attempts to take a lock that another
	// process holds. A process holds it for some tens of microseconds.
	lockDelay = 200 * time.Microsecond
	// pruneEvery is how often a process looks for idle quotas in a shard.
	pruneEvery = time.Hour
)

// shard is a directory of quota files under one lock.
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

// lock takes the shard: first among the goroutines of this process, which a lock
// of the operating system does not separate, and then among the processes.
func (s *shard) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", errInterrupted, context.Cause(ctx))
	}
	if _, err := s.file.TryLockContext(ctx, lockDelay); err != nil {
		<-s.turn
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", errInterrupted, err)
		}
		return fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	return nil
}

func (s *shard) unlock() {
	_ = s.file.Unlock() // it fails only if nothing is locked
	<-s.turn
}

// prune deletes the idle quotas once an hour. A file that cannot be deleted does
// no harm, and the next prune tries again.
func (s *shard) prune() {
	now := time.Now()
	if now.Sub(s.pruned) < pruneEvery {
		return
	}
	s.pruned = now
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+quotaSuffix))
	if err != nil {
		return
	}
	for _, path := range names {
		if quota, err := readFile(path); err == nil && quota.Idle(now) {
			_ = os.Remove(path)
		}
	}
}
