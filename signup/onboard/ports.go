package onboard

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// guardedStore returns a panic of the application's Store as an error.
type guardedStore struct{ inner Store }

func (g guardedStore) Insert(ctx context.Context, record Record) (stored Record, err error) {
	defer recovered("Config.Store.Insert", &err)
	return g.inner.Insert(ctx, record)
}

func (g guardedStore) Get(ctx context.Context, id string) (record Record, err error) {
	defer recovered("Config.Store.Get", &err)
	return g.inner.Get(ctx, id)
}

func (g guardedStore) Update(ctx context.Context, record Record) (stored Record, err error) {
	defer recovered("Config.Store.Update", &err)
	return g.inner.Update(ctx, record)
}

func (g guardedStore) List(ctx context.Context, filter Filter) iter.Seq2[Record, error] {
	return guardedList("Config.Store.List", func() iter.Seq2[Record, error] { return g.inner.List(ctx, filter) })
}

func (g guardedStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...Object) (lease Lease, err error) {
	defer recovered("Config.Store.Acquire", &err)
	return g.inner.Acquire(ctx, owner, ttl, objects...)
}

func (g guardedStore) Extend(ctx context.Context, lease Lease, ttl time.Duration) (err error) {
	defer recovered("Config.Store.Extend", &err)
	return g.inner.Extend(ctx, lease, ttl)
}

func (g guardedStore) Release(ctx context.Context, lease Lease) (err error) {
	defer recovered("Config.Store.Release", &err)
	return g.inner.Release(ctx, lease)
}

func (g guardedStore) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) (leases []Lease, err error) {
	defer recovered("Config.Store.AcquireDue", &err)
	return g.inner.AcquireDue(ctx, owner, ttl, limit)
}

func (g guardedStore) Backlog(ctx context.Context) (backlog Backlog, err error) {
	defer recovered("Config.Store.Backlog", &err)
	return g.inner.Backlog(ctx)
}

func (g guardedStore) Erase(ctx context.Context, tenant signup.Tenant) (erased int, err error) {
	defer recovered("Config.Store.Erase", &err)
	return g.inner.Erase(ctx, tenant)
}

// guardedVault returns a panic of the application's Vault as an error.
type guardedVault struct {
	inner vault.Vault
	name  string
}

func (g guardedVault) Put(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) (err error) {
	defer recovered(g.name+".Put", &err)
	return g.inner.Put(ctx, ref, secret, expires)
}

func (g guardedVault) PutNew(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) (err error) {
	defer recovered(g.name+".PutNew", &err)
	return g.inner.PutNew(ctx, ref, secret, expires)
}

func (g guardedVault) Replace(ctx context.Context, ref vault.Ref, old, fresh graph.Secret, expires time.Time) (err error) {
	defer recovered(g.name+".Replace", &err)
	return g.inner.Replace(ctx, ref, old, fresh, expires)
}

func (g guardedVault) Get(ctx context.Context, ref vault.Ref) (secret graph.Secret, err error) {
	defer recovered(g.name+".Get", &err)
	return g.inner.Get(ctx, ref)
}

func (g guardedVault) Delete(ctx context.Context, ref vault.Ref) (err error) {
	defer recovered(g.name+".Delete", &err)
	return g.inner.Delete(ctx, ref)
}

func (g guardedVault) List(ctx context.Context, after vault.Ref) iter.Seq2[vault.Entry, error] {
	return guardedList(g.name+".List", func() iter.Seq2[vault.Entry, error] { return g.inner.List(ctx, after) })
}

// guardedList yields a panic of an application's iterator as its last error. A
// panic of the loop's body goes on: it is not the application's iterator that
// panicked.
func guardedList[T any](name string, list func() iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		inBody, ended := false, false
		err := guard.Run(name, graph.ErrPanicked, func() error {
			list()(func(item T, err error) bool {
				inBody = true
				ended = !yield(item, err)
				inBody = false
				return !ended
			})
			return nil
		})
		panicked, ok := errors.AsType[*guard.Panic](err)
		switch {
		case !ok || ended:
		case inBody:
			panic(panicked.Value)
		default:
			var none T
			yield(none, panicError(name, panicked.Value, panicked.Stack))
		}
	}
}

// panicError returns a panic of the application's code as an error with its stack.
func panicError(name string, value any, stack []byte) error {
	return &graph.Error{Kind: graph.ErrPanicked, Message: fmt.Sprintf("%s panicked: %v", name, value), Stack: stack}
}

// recovered stores a panic of the surrounding function in err. It must be deferred
// directly.
func recovered(name string, err *error) { //nolint:gocritic // a deferred call sets the result of its caller
	if value := recover(); value != nil {
		*err = panicError(name, value, debug.Stack())
	}
}

// run calls f and returns a panic of it as an error.
func run(name string, f func() error) (err error) {
	defer recovered(name, &err)
	return f()
}

// sideBySide runs the functions in goroutines, and returns their errors joined
// once all have returned. A panic in one of them is an error that keeps the stack.
func sideBySide(name string, work ...func() error) error {
	errs := make([]error, len(work))
	var running sync.WaitGroup
	for i, f := range work {
		running.Go(func() { errs[i] = run(name, f) })
	}
	running.Wait()
	return joined(errs...)
}

// made refuses a Flow that New did not make, and a nil context.
func (f *Flow) made(ctx context.Context) error {
	if f == nil || f.client == nil {
		return badField("Flow", "is nil or empty: New makes one")
	}
	return checkContext(ctx)
}

func checkContext(ctx context.Context) error {
	if ctx == nil {
		return badField("context", "is nil")
	}
	return nil
}
