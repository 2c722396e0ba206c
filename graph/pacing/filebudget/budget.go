package filebudget

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// ErrDirectory means that the directory could not be read or written. The error of
// the operating system is in the chain too. Its kind is graph.ErrTransient.
var ErrDirectory = graph.NewSentinel(graph.ErrTransient, "filebudget: cannot use the directory")

// errInterrupted means that the context ended before the lock was free.
var errInterrupted = graph.NewSentinel(graph.ErrInterrupted, "filebudget: the context ended while the call waited for the lock")

// shardCount is how many locks the quotas are spread over. All processes must use
// the same number.
const shardCount = 64

// maxKey bounds a key, so that every file system accepts the name of its file.
const maxKey = 80

// Budget is a pacing.Budget in a directory. Make it with [Open]. It is safe for
// concurrent use, by any number of processes, and needs no closing.
type Budget struct {
	shards [shardCount]shard
}

var _ pacing.Budget = (*Budget)(nil)

// Open returns a Budget in a directory on a local disk. It creates the directory
// if it does not exist. An error matches [ErrDirectory], or is an InputError if
// dir is empty.
func Open(dir string) (*Budget, error) {
	if dir == "" {
		return nil, &graph.InputError{Field: "dir", Reason: "is empty; pass the path of a directory on a local disk"}
	}
	b := &Budget{}
	for i := range b.shards {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
		}
		b.shards[i].init(path)
	}
	return b, nil
}

// Update implements pacing.Budget. If the directory cannot be read or written, the
// error matches [ErrDirectory]. If the context ends before the lock is free, its
// kind is graph.ErrInterrupted. A key has 1 to 80 characters, and Config.App is
// part of it.
func (b *Budget) Update(ctx context.Context, key string, change func(*pacing.Quota)) error {
	switch {
	case b == nil || b.shards[0].turn == nil:
		return &graph.InputError{Field: "budget", Reason: "is not set up; filebudget.Open makes one"}
	case ctx == nil:
		return &graph.InputError{Field: "context", Reason: "is nil"}
	case change == nil:
		return &graph.InputError{Field: "change", Reason: "is nil"}
	case key == "" || len(key) > maxKey:
		return &graph.InputError{Field: "key", Reason: fmt.Sprintf("%.90q must have 1 to %d characters; pacing's Config.App is part of it", key, maxKey)}
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(key)) // it never fails
	s := &b.shards[hash.Sum32()%shardCount]
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	s.prune()
	return s.update(fileName(key), change)
}

// quotaSuffix is the end of the names of quota files.
const quotaSuffix = ".quota"

// fileName returns a name that no other key has, and that a person can read.
func fileName(key string) string { return url.QueryEscape(key) + quotaSuffix }
