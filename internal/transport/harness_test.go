package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// handler is a caller that accepts every answer, or follows a function.
type handler struct {
	before func(attempt int) error
	judge  func(*transport.Answer) verdict
	seen   []transport.Answer
}

// verdict is what a handler makes of an answer.
type verdict struct {
	Err    error
	Repeat bool
	Wait   time.Duration
}

// outcome is how a call ended.
type outcome struct {
	Err         error // the last verdict's, or that of handler.before
	Interrupted error // why a repeat that was wanted did not come
	Attempts    int   // those that handler.before let go
}

// do makes a call as the SDK does: a loop over its attempts.
func do(ctx context.Context, p *transport.Pipe, r *transport.Request, h *handler) outcome {
	var out outcome
	attempts := p.Attempts(ctx, r)
	for attempt := range attempts.All {
		if h.before != nil {
			if err := h.before(attempt.Number); err != nil {
				out.Err = err
				break
			}
		}
		out.Attempts = attempt.Number
		v := h.decide(attempt.Send(ctx))
		out.Err = v.Err
		if !v.Repeat {
			break
		}
		attempt.RepeatAfter(v.Wait)
	}
	if out.Err == nil {
		out.Err = attempts.Err()
	} else {
		out.Interrupted = attempts.Err()
	}
	return out
}

func (h *handler) decide(a *transport.Answer) verdict {
	kept := *a
	kept.Body = append([]byte(nil), a.Body...)
	h.seen = append(h.seen, kept)
	if h.judge != nil {
		return h.judge(a)
	}
	return verdict{Err: a.Err}
}

// newPipe makes a pipe to a test server, over a base of its own unless given.
func newPipe(t *testing.T, address string, base http.RoundTripper) *transport.Pipe {
	t.Helper()
	origin, err := url.Parse(address)
	require.NoError(t, err)
	if base == nil {
		own := transport.NewBase()
		t.Cleanup(own.CloseIdleConnections)
		base = own
	}
	return transport.New(transport.Config{Base: base, Origin: origin, MaxBody: 1 << 20})
}

func request(t *testing.T, method, address string) *transport.Request {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return &transport.Request{Method: method, URL: u, Header: http.Header{}, MaxAttempts: 1}
}

// accept serves connections until the test ends, and ends them with it.
func accept(t *testing.T, listener net.Listener, serve func(net.Conn)) {
	t.Helper()
	var conns sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); conns.Wait() })
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer context.AfterFunc(t.Context(), func() { _ = conn.Close() })()
				serve(conn)
			})
		}
	})
}

// resetting serves HTTP/1.1 and resets every connection at the second request
// that arrives on it, after having read it whole. It counts all requests by
// path.
type resetting struct {
	URL string
	mu  sync.Mutex
	got map[string]int
}

func newResetting(t *testing.T) *resetting {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &resetting{URL: "http://" + listener.Addr().String(), got: map[string]int{}}
	accept(t, listener, s.serve)
	return s
}

func (s *resetting) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for n := 1; ; n++ {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		s.mu.Lock()
		s.got[req.URL.Path]++
		s.mu.Unlock()
		if n == 2 {
			_ = conn.(*net.TCPConn).SetLinger(0) // close with a reset
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	}
}

func (s *resetting) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[path]
}

// HTTP/2 frame types and flags (RFC 9113, section 6).
const (
	frameData, frameHeaders, frameReset, frameSettings = 0x0, 0x1, 0x3, 0x4
	flagEndStream, flagAck, flagEndHeaders             = 0x1, 0x1, 0x4
	errProtocol, errRefused                            = 0x1, 0x7
)

// refusing serves HTTP/2 and ends the second request that arrives, after having
// read it whole, with RST_STREAM. The rest is answered with 200.
type refusing struct {
	URL  string
	base *http.Transport
	code byte
	got  atomic.Int32
}

func newRefusing(t *testing.T, code byte) *refusing {
	t.Helper()
	keys := httptest.NewUnstartedServer(nil)
	keys.StartTLS()
	config := &tls.Config{Certificates: keys.TLS.Certificates, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}
	roots := keys.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	keys.Close()

	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	require.NoError(t, err)
	base := transport.NewBase()
	base.TLSClientConfig.RootCAs = roots
	s := &refusing{URL: "https://" + listener.Addr().String(), base: base, code: code}
	t.Cleanup(base.CloseIdleConnections)
	accept(t, listener, s.serve)
	return s
}

func (s *refusing) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	if _, err := in.Discard(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")); err != nil {
		return
	}
	frame(conn, frameSettings, 0, 0, nil)
	for {
		var head [9]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		if _, err := in.Discard(length); err != nil {
			return
		}
		kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		switch {
		case kind == frameSettings && flags&flagAck == 0:
			frame(conn, frameSettings, flagAck, 0, nil)
		case (kind == frameHeaders || kind == frameData) && flags&flagEndStream != 0:
			if s.got.Add(1) == 2 {
				frame(conn, frameReset, 0, stream, []byte{0, 0, 0, s.code})
				continue
			}
			frame(conn, frameHeaders, flagEndHeaders|flagEndStream, stream, []byte{0x88}) // :status: 200
		}
	}
}

func frame(w io.Writer, kind, flags byte, stream uint32, payload []byte) {
	n := len(payload)
	out := append([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, binary.BigEndian.AppendUint32(nil, stream)...)
	_, _ = w.Write(append(out, payload...))
}
