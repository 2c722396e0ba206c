package filebudget

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/seed-8fdceacd/wagraph/pacing"
)

// shardCount is how many locks the accounts are spread over. It is part of how
// a directory is laid out: processes must agree on it.
const shardCount = 64

// maxKey bounds a key, so that its file has a name on any file system.
const maxKey = 80

// Budget is a pacing.Budget in a directory. It is safe for concurrent use, by
// any number of processes, and needs no closing.
type Budget struct {
	shards [shardCount]shard
}

var _ pacing.Budget = (*Budget)(nil)

// Open makes a Budget of a directory, which is created if it is not there.
func Open(dir string) (*Budget, error) {
	b := &Budget{}
	for i := range b.shards {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("filebudget: %w", err)
		}
		b.shards[i].init(path)
	}
	return b, nil
}

// Update is part of pacing.Budget. It fails if the directory cannot be written
// to, or if the context ends before the lock is free.
func (b *Budget) Update(ctx context.Context, key string, change func(*pacing.Ledger)) error {
	name, err := fileName(key)
	if err != nil {
		return err
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(key)) // a hash takes anything
	s := &b.shards[hash.Sum32()%shardCount]
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	s.prune()
	return s.update(name, change)
}

// ledgerSuffix tells ledgers from the lock.
const ledgerSuffix = ".ledger"

// fileName is a name that a key has alone, and that can be read by people.
func fileName(key string) (string, error) {
	if key == "" || len(key) > maxKey {
		return "", fmt.Errorf("filebudget: the key %.90q must have 1 to %d characters; Options.App is part of it", key, maxKey)
	}
	return url.QueryEscape(key) + ledgerSuffix, nil
}
