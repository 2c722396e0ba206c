package pairs

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// errOutage is what a store answers that cannot write.
var errOutage = errors.New("database: no space left on device")

// Outage makes the writes of a process fail for a while. Reads work. The zero value
// fails nothing.
type Outage struct {
	mu      sync.Mutex
	until   time.Time
	records bool // only the records and secrets fail: leases can be had and extended
	after   time.Duration
	times   int // how often AfterExchange may begin still
	failed  int
}

// Begin lets all writes fail, from now on and for that time.
func (o *Outage) Begin(lasts time.Duration) { o.begin(lasts, false) }

// BeginOfRecords lets the writes of records and of secrets fail, from now on and for that
// time. Leases work.
func (o *Outage) BeginOfRecords(lasts time.Duration) { o.begin(lasts, true) }

func (o *Outage) begin(lasts time.Duration, records bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until, o.records = time.Now().Add(lasts), records
}

// AfterExchange lets the writes of records and of secrets fail once Meta has answered
// an exchange of this process, for that time, and so often. Leases work.
func (o *Outage) AfterExchange(lasts time.Duration, times int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.after, o.times = lasts, times
}

// Failed returns how many writes failed.
func (o *Outage) Failed() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

// write returns the error of a write now.
func (o *Outage) write(lease bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !time.Now().Before(o.until) || lease && o.records {
		return nil
	}
	o.failed++
	return errOutage
}

// exchanged notes that Meta answered an exchange.
func (o *Outage) exchanged() {
	o.mu.Lock()
	begin := o.times > 0 && !time.Now().Before(o.until)
	if begin {
		o.times--
	}
	lasts := o.after
	o.mu.Unlock()
	if begin {
		o.begin(lasts, true)
	}
}

// Transport watches for exchanges.
func (o *Outage) Transport(base http.RoundTripper) http.RoundTripper { return outageTransport{base, o} }

type outageTransport struct {
	base   http.RoundTripper
	outage *Outage
}

func (t outageTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	exchange := req.Method == http.MethodPost && graphPath(req.URL.Path) == "/oauth/access_token"
	resp, err := t.base.RoundTrip(req)
	if err == nil && exchange && resp.StatusCode == http.StatusOK {
		t.outage.exchanged()
	}
	return resp, err
}

// graphPath is a path without the version of the API.
func graphPath(path string) string {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[i:]
		}
	}
	return path
}

// Store fails the writes of a store.
func (o *Outage) Store(inner onboard.Store) onboard.Store { return outageStore{inner, o} }

type outageStore struct {
	onboard.Store
	outage *Outage
}

func (s outageStore) Insert(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := s.outage.write(false); err != nil {
		return onboard.Record{}, err
	}
	return s.Store.Insert(ctx, record)
}

func (s outageStore) Update(ctx context.Context, record onboard.Record) (onboard.Record, error) {
	if err := s.outage.write(false); err != nil {
		return onboard.Record{}, err
	}
	return s.Store.Update(ctx, record)
}

func (s outageStore) Acquire(ctx context.Context, owner string, ttl time.Duration, objects ...onboard.Object) (onboard.Lease, error) {
	if err := s.outage.write(true); err != nil {
		return onboard.Lease{}, err
	}
	return s.Store.Acquire(ctx, owner, ttl, objects...)
}

func (s outageStore) AcquireDue(ctx context.Context, owner string, ttl time.Duration, limit int) ([]onboard.Lease, error) {
	if err := s.outage.write(true); err != nil {
		return nil, err
	}
	return s.Store.AcquireDue(ctx, owner, ttl, limit)
}

func (s outageStore) Extend(ctx context.Context, lease onboard.Lease, ttl time.Duration) error {
	if err := s.outage.write(true); err != nil {
		return err
	}
	return s.Store.Extend(ctx, lease, ttl)
}

func (s outageStore) Release(ctx context.Context, lease onboard.Lease) error {
	if err := s.outage.write(true); err != nil {
		return err
	}
	return s.Store.Release(ctx, lease)
}

// Vault fails the writes of a vault.
func (o *Outage) Vault(inner vault.Vault) vault.Vault { return outageVault{inner, o} }

type outageVault struct {
	vault.Vault
	outage *Outage
}

func (v outageVault) Put(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	if err := v.outage.write(false); err != nil {
		return err
	}
	return v.Vault.Put(ctx, ref, secret, expires)
}

func (v outageVault) PutNew(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	if err := v.outage.write(false); err != nil {
		return err
	}
	return v.Vault.PutNew(ctx, ref, secret, expires)
}

func (v outageVault) Replace(ctx context.Context, ref vault.Ref, old, fresh graph.Secret, expires time.Time) error {
	if err := v.outage.write(false); err != nil {
		return err
	}
	return v.Vault.Replace(ctx, ref, old, fresh, expires)
}

func (v outageVault) Delete(ctx context.Context, ref vault.Ref) error {
	if err := v.outage.write(false); err != nil {
		return err
	}
	return v.Vault.Delete(ctx, ref)
}
