package filestore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// ErrLocked means that another process uses the file.
var ErrLocked = graph.NewSentinel(graph.ErrTransient, "filestore: another process uses the state")

// Store is an onboard.Store and a vault.Storage in one file. It is safe for
// concurrent use by the goroutines of one process. Open makes it.
type Store struct {
	// One process has the file, so its leases need not be in it. Open leases what the
	// last process held when it died.
	onboard.MemoryLeases

	lock *os.File
	sync func(*os.File) error

	mu   sync.Mutex
	file *os.File
	size int64 // of the acknowledged lines
	// now is the result of all lines. Its slices are never changed, only replaced.
	now contents
}

// contents is what the store keeps.
type contents struct {
	writes  int64            // of secrets: their revisions
	records []onboard.Record // in the order of their ids
	secrets []secret         // in the order of their Refs
}

// line is one write, as the file has it. One of its fields is set.
type line struct {
	Writes  int64           `json:"writes,omitempty"` // the first line, for revisions that were deleted
	Record  *onboard.Record `json:"record,omitempty"`
	Secret  *secret         `json:"secret,omitempty"`
	Deleted *secret         `json:"deleted,omitempty"` // the Ref of a secret
	Erased  signup.Tenant   `json:"erased,omitempty"`  // whose records were deleted
}

// apply changes the contents as a line says.
func (c *contents) apply(l line) {
	switch {
	case l.Record != nil:
		at, found := findRecord(c.records, l.Record.ID)
		c.records = slices.Clone(c.records)
		if !found {
			c.records = slices.Insert(c.records, at, onboard.Record{})
		}
		c.records[at] = *l.Record
	case l.Secret != nil:
		at, found := findSecret(c.secrets, l.Secret.ref())
		c.secrets = slices.Clone(c.secrets)
		if !found {
			c.secrets = slices.Insert(c.secrets, at, secret{})
		}
		c.secrets[at] = *l.Secret
		c.writes = max(c.writes, l.Secret.Revision)
	case l.Deleted != nil:
		if at, found := findSecret(c.secrets, l.Deleted.ref()); found {
			c.secrets = slices.Delete(slices.Clone(c.secrets), at, at+1)
		}
	case l.Erased != "":
		c.records = slices.DeleteFunc(slices.Clone(c.records), func(r onboard.Record) bool { return r.Tenant == l.Erased })
	default:
		c.writes = l.Writes
	}
}

// Open opens the file, and makes it if there is none. Errors: ErrLocked while
// another process has it open.
func Open(path string) (*Store, error) { return open(path, (*os.File).Sync) }

func open(path string, sync func(*os.File) error) (*Store, error) {
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("filestore: %w", err)
	}
	s := &Store{lock: lock, sync: sync}
	if err := lockFile(lock); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("filestore: %w", err), lock.Close())
	}
	if err := s.replay(data); err != nil {
		return nil, errors.Join(fmt.Errorf("filestore: %s does not hold a state: %w", path, err), lock.Close())
	}
	if err := s.compact(path); err != nil {
		return nil, errors.Join(fmt.Errorf("filestore: %w", err), lock.Close())
	}
	if err := s.rest(); err != nil {
		return nil, errors.Join(fmt.Errorf("filestore: %w", err), s.Close())
	}
	return s, nil
}

// rest leases the records that a killed process had, and their clients' assets, for a
// while: the last calls of that process may still be on their way to Meta.
func (s *Store) rest() error {
	var objects []onboard.Object
	for _, record := range s.now.records {
		if record.Holder.Token != "" {
			objects = append(objects, onboard.RecordObject(record.ID))
			objects = append(objects, record.Objects()...)
		}
	}
	if len(objects) == 0 {
		return nil
	}
	_, err := s.Acquire(context.Background(), "a process that was killed", onboard.MinLease, objects...)
	return err
}

// Close lets other processes open the file. The end of a process does the same.
func (s *Store) Close() error { return errors.Join(s.file.Close(), s.lock.Close()) }

// replay reads the lines. The bytes after the last newline are a write that
// was not acknowledged.
func (s *Store) replay(data []byte) error {
	for {
		text, rest, whole := bytes.Cut(data, []byte{'\n'})
		if !whole {
			return nil
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return err
		}
		s.now.apply(l)
		data = rest
	}
}

// compact writes a new file beside the old one, and replaces the old one by a
// rename: a process that is killed before that leaves the old file.
func (s *Store) compact(path string) error {
	var data []byte
	lines := []line{{Writes: s.now.writes}}
	for i := range s.now.records {
		lines = append(lines, line{Record: &s.now.records[i]})
	}
	for i := range s.now.secrets {
		lines = append(lines, line{Secret: &s.now.secrets[i]})
	}
	for _, l := range lines {
		text, err := json.Marshal(l)
		if err != nil {
			return err
		}
		data = append(append(data, text...), '\n')
	}
	file, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(data); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(s.sync(file), file.Close()); err != nil {
		return err
	}
	if err := errors.Join(os.Rename(path+".new", path), s.syncDir(filepath.Dir(path))); err != nil {
		return err
	}
	s.size = int64(len(data))
	s.file, err = os.OpenFile(path, os.O_RDWR, 0o600)
	return err
}

// syncDir waits until a rename is on the disk. Windows has no such call.
func (s *Store) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	handle, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(s.sync(handle), handle.Close())
}

// ended refuses a nil context, and returns the error of one that has ended.
func ended(ctx context.Context) error {
	if ctx == nil {
		return &graph.InputError{Field: "context", Reason: "is nil: context.Background() is never cancelled"}
	}
	return ctx.Err()
}

// view returns what is kept.
func (s *Store) view() contents {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// change asks decide for a line and writes it. It returns when the line is on the
// disk; if that fails, nothing has changed. Decide returns nil to write nothing.
func (s *Store) change(decide func(contents) (*line, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := decide(s.now)
	if err != nil || l == nil {
		return err
	}
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("filestore: %w", err)
	}
	// At the end of the last acknowledged line: a line that failed is overwritten.
	if err := s.file.Truncate(s.size); err != nil {
		return fmt.Errorf("filestore: %w", err)
	}
	n, err := s.file.WriteAt(append(text, '\n'), s.size)
	if err = errors.Join(err, s.sync(s.file)); err != nil {
		return errors.Join(fmt.Errorf("filestore: %w", err), s.file.Truncate(s.size))
	}
	s.size += int64(n)
	s.now.apply(*l)
	return nil
}
