package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Config says what a Pipe is built from.
type Config struct {
	// Base carries the requests. It is used as it is and never changed.
	Base http.RoundTripper
	// Origin is the only scheme and host that requests are sent to.
	Origin *url.URL
	// AttemptTimeout bounds one attempt, from the dial to the last byte of the
	// body. Zero or less means no bound but the context's.
	AttemptTimeout time.Duration
	// MaxBody is how many bytes of one body are read, after decompression.
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

// Concurrency is how many connections to the origin a transport made by
// NewBase keeps open for reuse: a program with that many calls under way at once does
// not dial again. net/http's default of 2 makes such a program dial for almost
// every call.
const Concurrency = 64

// NewBase makes the transport that carries requests unless the caller brings
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

// Close drops the connections that nobody uses.
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
	// does with a GET on a connection that dies, and over HTTP/2 with anything
	// on a stream that the server calls faulty.
	NoReplay bool
	// MaxAttempts is at least 1.
	MaxAttempts int
}

// Handler is the caller's side of a call.
type Handler interface {
	// Before runs ahead of each attempt, counted from 1. An error ends the
	// call and is returned by Do as it is.
	Before(ctx context.Context, attempt int) (context.Context, error)
	// Judge looks at what came of an attempt and says what that means. The
	// Answer is used again: nothing of it may be kept but the Header.
	Judge(*Answer) Verdict
}

// Answer is what came of one attempt.
type Answer struct {
	Attempt int
	// Status and Header are zero when no response arrived.
	Status int
	Header http.Header
	// Body is valid until Judge returns.
	Body []byte
	// Err is why there is no response or no whole body: never a *url.Error.
	Err error
	// Unsent is true when Err proves that the server did not work on it.
	Unsent bool
	// Last is true when no further attempt is allowed, whatever Judge says.
	Last bool
}

// Verdict is what an attempt means.
type Verdict struct {
	// Err is nil for success.
	Err error
	// Repeat asks for another attempt after Wait, which should fit: see Fits.
	Repeat bool
	Wait   time.Duration
}

// Outcome is how a call ended.
type Outcome struct {
	// Err is the last verdict's error.
	Err error
	// Interrupted is the context's error if it ended the call while a repeat
	// was waited for. Err then still says why a repeat was needed.
	Interrupted error
	// Attempts counts those that were let go by Before.
	Attempts int
}
