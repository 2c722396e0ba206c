package vault

import (
	"context"
	"iter"
	"reflect"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// supplied calls the Storage and the AEAD of the application. A panic of one of them
// becomes an error that names the method.
type supplied struct {
	storage Storage
	aead    AEAD
}

func (s supplied) put(ctx context.Context, sealed SealedSecret) error {
	return guard.Run("Storage.PutSealed", graph.ErrPanicked, func() error { return s.storage.PutSealed(ctx, sealed) })
}

func (s supplied) get(ctx context.Context, ref Ref) (sealed SealedSecret, err error) {
	err = guard.Run("Storage.GetSealed", graph.ErrPanicked, func() (err error) {
		sealed, err = s.storage.GetSealed(ctx, ref)
		return err
	})
	return sealed, err
}

func (s supplied) remove(ctx context.Context, ref Ref) error {
	return guard.Run("Storage.DeleteSealed", graph.ErrPanicked, func() error { return s.storage.DeleteSealed(ctx, ref) })
}

// list pulls the secrets one by one: so it recovers a panic of the Storage, but not one
// of the loop that ranges over the list.
func (s supplied) list(ctx context.Context, after Ref) iter.Seq2[SealedSecret, error] {
	return func(yield func(SealedSecret, error) bool) {
		const name = "Storage.ListSealed"
		var next func() (SealedSecret, error, bool)
		stop := func() {}
		defer func() { // the Storage's own deferred calls run here
			_ = guard.Run(name, graph.ErrPanicked, func() error { stop(); return nil })
		}()
		err := guard.Run(name, graph.ErrPanicked, func() error {
			next, stop = iter.Pull2(s.storage.ListSealed(ctx, after))
			return nil
		})
		for err == nil {
			var (
				sealed SealedSecret
				more   bool
			)
			err = guard.Run(name, graph.ErrPanicked, func() (err error) {
				sealed, err, more = next()
				return err
			})
			if err == nil && (!more || !yield(sealed, nil)) {
				return
			}
		}
		yield(SealedSecret{}, err)
	}
}

func (s supplied) seal(ctx context.Context, plaintext, additional []byte) (data []byte, key string, err error) {
	err = guard.Run("AEAD.Seal", graph.ErrPanicked, func() (err error) {
		data, key, err = s.aead.Seal(ctx, plaintext, additional)
		return err
	})
	return data, key, err
}

func (s supplied) open(ctx context.Context, data, additional []byte, key string) (plaintext []byte, err error) {
	err = guard.Run("AEAD.Open", graph.ErrPanicked, func() (err error) {
		plaintext, err = s.aead.Open(ctx, data, additional, key)
		return err
	})
	return plaintext, err
}

func (s supplied) newest() (key string, err error) {
	err = guard.Run("AEAD.Newest", graph.ErrPanicked, func() error {
		key = s.aead.Newest()
		return nil
	})
	return key, err
}

// isNil reports whether an interface is nil or holds a nil pointer.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Slice, reflect.Chan, reflect.Interface:
		return value.IsNil()
	}
	return false
}

// checkContext returns an InputError for a nil context.
func checkContext(ctx context.Context) error {
	if ctx == nil {
		return &graph.InputError{Field: "context", Reason: "is nil: context.Background() is never cancelled"}
	}
	return nil
}
