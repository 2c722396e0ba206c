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

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// AtOnce is how many calls a burst makes at the same time.
const AtOnce = transport.Concurrency

// BurstServer is a server that answers the calls of a burst when all of them have
// arrived, and counts its connections.
type BurstServer struct {
	server      *httptest.Server
	connections atomic.Int64
	mu          sync.Mutex
	arrived     int
	all         chan struct{}
}

// NewBurstServer starts a server for HTTP/1.1, or for HTTP/2 over TLS.
func NewBurstServer(http2 bool) *BurstServer {
	c := &BurstServer{all: make(chan struct{})}
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.handle))
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections that no call used
	c.server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
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

// Close stops the server. Its clients must have closed their connections.
func (c *BurstServer) Close() { c.server.Close() }

// Connections returns the number of connections so far.
func (c *BurstServer) Connections() int { return int(c.connections.Load()) }

func (c *BurstServer) handle(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	c.arrived++
	all := c.all
	if c.arrived == AtOnce {
		close(all)
		c.arrived, c.all = 0, make(chan struct{})
	}
	c.mu.Unlock()
	<-all
	_, _ = w.Write([]byte(`{"id":"1"}`))
}

// roots returns the certificates that a client of the server has to trust.
func (c *BurstServer) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if cert := c.server.Certificate(); cert != nil {
		pool.AddCert(cert)
	}
	return pool
}

// SDK makes bursts with a client that has no connection yet.
func (c *BurstServer) SDK(ctx context.Context, bursts int) error {
	base := transport.NewBase() // as New makes it, with other trusted certificates
	base.TLSClientConfig.RootCAs = c.roots()
	client, err := graph.New(graph.StaticToken("token"),
		graph.WithBaseURL(c.server.URL), graph.WithHTTPClient(&http.Client{Transport: base}))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	return burst(ctx, bursts, func(ctx context.Context) error {
		return client.Do(ctx, graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
	})
}

// Raw makes bursts with net/http's default transport.
func (c *BurstServer) Raw(ctx context.Context, bursts int) error {
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
