package filestore

import (
	"os"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// OpenWithoutSync opens a store whose writes are not brought to the disk.
func OpenWithoutSync(path string) (*Store, error) {
	return open(path, func(*os.File) error { return nil })
}

// OpenFailing opens a store whose writes fail on demand.
func OpenFailing(t *testing.T, path string) (_ *Store, fail func(bool)) {
	t.Helper()
	var failing atomic.Bool
	store, err := open(path, func(file *os.File) error {
		if failing.Load() {
			return os.ErrInvalid
		}
		return file.Sync()
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store, failing.Store
}

// OpenCounting opens a store that counts what it brings to the disk.
func OpenCounting(t *testing.T, path string) (_ *Store, syncs func() int) {
	t.Helper()
	var count atomic.Int64
	store, err := open(path, func(file *os.File) error {
		count.Add(1)
		return file.Sync()
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store, func() int { return int(count.Load()) }
}
