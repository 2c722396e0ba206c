package bench

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// AtOnce is how many calls a burst makes at the same time.
const AtOnce = transport.Concurrency

// Crowd is a server that answers no call of a burst before all of it is there,
// and counts the connections that this took.
type Crowd struct {
	server  *httptest.Server
	dialled atomic.Int64
	mu      sync.Mutex
	here    int
	all     chan struct{}
}

// NewCrowd serves HTTP/1.1, or HTTP/2 over TLS.
func NewCrowd(http2 bool) *Crowd {
	c := &Crowd{all: make(chan struct{})}
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.gather))
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections dialled in vain
	c.server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.dialled.Add(1)
		}
	}
	if http2 {
		c.server.EnableHTTP2 = true
		c.server.StartTLS()
	} else {
		c.server.Start()
	}
	return c
}

// Close ends the server. Its clients have to have dropped their connections.
func (c *Crowd) Close() { c.server.Close() }

// Dialled counts the connections so far.
func (c *Crowd) Dialled() int { return int(c.dialled.Load()) }

func (c *Crowd) gather(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	c.here++
	all := c.all
	if c.here == AtOnce {
		close(all)
		c.here, c.all = 0, make(chan struct{})
	}
	c.mu.Unlock()
	<-all
	_, _ = w.Write([]byte(`{"id":"1"}`))
}

// roots are the certificates that a client of the server has to trust.
func (c *Crowd) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if cert := c.server.Certificate(); cert != nil {
		pool.AddCert(cert)
	}
	return pool
}

// SDK makes bursts with a client that has no connection yet.
func (c *Crowd) SDK(ctx context.Context, bursts int) error {
	base := transport.NewBase() // what New makes, but for whom it trusts
	base.TLSClientConfig.RootCAs = c.roots()
	client, err := wagraph.New(wagraph.StaticToken("token"),
		wagraph.WithBaseURL(c.server.URL), wagraph.WithHTTPClient(&http.Client{Transport: base}))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	return burst(ctx, bursts, func(ctx context.Context) error {
		return client.Do(ctx, wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil)
	})
}

// Raw makes bursts with net/http's default transport.
func (c *Crowd) Raw(ctx context.Context, bursts int) error {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return errors.New("bench: http.DefaultTransport was replaced")
	}
	base = base.Clone()
	base.TLSClientConfig.RootCAs = c.roots()
	defer base.CloseIdleConnections()
	raw := NewRaw(c.server.URL, "token")
	raw.client.Transport = base
	return burst(ctx, bursts, func(ctx context.Context) error {
		var out struct{}
		return raw.Get(ctx, "/me", &out)
	})
}

func burst(ctx context.Context, bursts int, call Work) error {
	for range bursts {
		var wg sync.WaitGroup
		errs := make([]error, AtOnce)
		for i := range errs {
			wg.Go(func() { errs[i] = call(ctx) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}
