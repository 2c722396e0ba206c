package pairs

import (
	"context"
	"iter"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// pace makes each call of a store in memory take the time that a database takes:
// 1 to 20 milliseconds.
type pace struct {
	mu     sync.Mutex
	random *rand.Rand
}

func (p *pace) pass() {
	p.mu.Lock()
	takes := time.Millisecond + time.Duration(p.random.Int64N(int64(19*time.Millisecond)))
	p.mu.Unlock()
	time.Sleep(takes)
}

type pacedStore struct {
	onboard.Store
	pace *pace
}

func (s pacedStore) Insert(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	s.pace.pass()
	return s.Store.Insert(ctx, record)
}

func (s pacedStore) Get(ctx context.Context, id string) (onboard.Record, error) {
	s.pace.pass()
	return s.Store.Get(ctx, id)
}

func (s pacedStore) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	s.pace.pass()
	return s.Store.Update(ctx, record)
}

func (s pacedStore) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	s.pace.pass()
	return s.Store.List(ctx, filter)
}

func (s pacedStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	s.pace.pass()
	return s.Store.Acquire(ctx, owner, ttl, objects...)
}

func (s pacedStore) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]onboard.Lease, error) {
	s.pace.pass()
	return s.Store.AcquireDue(ctx, owner, ttl, limit)
}

func (s pacedStore) Release(ctx context.Context, lease onboard.Lease) error {
	s.pace.pass()
	return s.Store.Release(ctx, lease)
}

type pacedStorage struct {
	vault.Storage
	pace *pace
}

func (s pacedStorage) GetSealed(ctx context.Context, ref vault.Ref) (vault.SealedSecret, error) {
	s.pace.pass()
	return s.Storage.GetSealed(ctx, ref)
}

func (s pacedStorage) PutSealed(ctx context.Context, sealed vault.SealedSecret) error {
	s.pace.pass()
	return s.Storage.PutSealed(ctx, sealed)
}

// steady is a Meta that carries out each call that arrived, even if the caller no longer
// waits for the answer.
type steady struct{ base http.RoundTripper }

func (s steady) RoundTrip(req *http.Request) (*http.Response, error) {
	type answer struct {
		resp *http.Response
		err  error
	}
	answers := make(chan answer, 1)
	arrived := req.WithContext(context.WithoutCancel(req.Context()))
	go func() {
		resp, err := s.base.RoundTrip(arrived)
		answers <- answer{resp, err}
	}()
	select {
	case a := <-answers:
		return a.resp, a.err
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}
