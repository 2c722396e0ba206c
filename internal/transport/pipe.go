package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Config holds what a Pipe is built from.
type Config struct {
	// Base carries the requests. It is never changed.
	Base http.RoundTripper
	// Origin is the only scheme and host that requests are sent to.
	Origin *url.URL
	// AttemptTimeout bounds one attempt, from the dial to the last byte of the
	// body. Zero or less means no bound but the context's.
	AttemptTimeout time.Duration
	// MaxBody is the number of bytes that are read of one body, after
	// decompression.
	MaxBody int64
}

// Pipe sends requests to one origin. It is safe for concurrent use.
type Pipe struct {
	base    http.RoundTripper
	scheme  string
	host    string
	timeout time.Duration
	maxBody int64
	cold    coldStart
	buffers sync.Pool
}

// New builds a Pipe.
func New(cfg Config) *Pipe {
	return &Pipe{
		base:    cfg.Base,
		scheme:  cfg.Origin.Scheme,
		host:    cfg.Origin.Host,
		timeout: cfg.AttemptTimeout,
		maxBody: cfg.MaxBody,
	}
}

// Concurrency is the number of connections to the origin that a transport made
// by NewBase keeps open for reuse: a program with that many calls under way at
// once does not dial again. net/http's default of 2 makes such a program dial for almost
// every call.
const Concurrency = 64

// NewBase returns the transport that carries requests unless the caller brings
// one. The pipes that share it share its connections.
func NewBase() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          4 * Concurrency,
		MaxIdleConnsPerHost:   Concurrency,
		MaxConnsPerHost:       Concurrency,
		IdleConnTimeout:       idleTimeout,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// net/http takes 10 MiB; Graph sends 2 KiB.
		MaxResponseHeaderBytes: 256 << 10,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// Close closes the idle connections.
func (p *Pipe) Close() {
	if c, ok := p.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Request is what is sent. The pipe changes nothing in it.
type Request struct {
	Method string
	// URL is absolute and has the pipe's origin.
	URL    *url.URL
	Header http.Header
	// Body is sent from these bytes, again for every attempt.
	Body []byte
	// NoReplay keeps net/http from sending the request again on its own, as it
	// does with a GET on a connection that breaks, and over HTTP/2 with anything
	// on a stream that the server calls faulty.
	NoReplay bool
	// MaxAttempts is at least 1.
	MaxAttempts int
}

// Answer is the result of one attempt.
type Answer struct {
	Attempt int
	// Status and Header are zero when no response arrived.
	Status int
	Header http.Header
	// Body is valid until the loop's body ends: its memory is used again.
	Body []byte
	// Err is why there is no response or no whole body. It is never a
	// *url.Error.
	Err error
	// Unsent is true when Err proves that the server did not work on it.
	Unsent bool
	// Last is true when no further attempt is allowed.
	Last bool
}
