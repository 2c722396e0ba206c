package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Replay is an HTTP/1.1 server on the loopback address. Its handler answers the
// first request for a target. Later requests get the same bytes, without an
// allocation. So only the client is measured, and every client gets the same bytes.
type Replay struct {
	// URL is the server's address.
	URL string

	handler       http.Handler
	roundTripTime time.Duration
	listener      net.Listener
	conns         sync.WaitGroup

	mu      sync.Mutex
	open    map[net.Conn]struct{} // nil once closed
	answers map[string][]byte     // by target: path and query
	targets []string              // in the order of their first requests

	connections, requests atomic.Int64
}

// NewReplay starts a server with a handler for GET requests. Each answer is delayed
// by the time of a round trip, as that of a distant server is.
func NewReplay(ctx context.Context, handler http.Handler, roundTripTime time.Duration) (*Replay, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Replay{
		URL: "http://" + listener.Addr().String(), handler: handler, roundTripTime: roundTripTime, listener: listener,
		open: map[net.Conn]struct{}{}, answers: map[string][]byte{},
	}
	r.conns.Go(r.acceptConns)
	return r, nil
}

// Close stops the server, and returns when it has stopped.
func (r *Replay) Close() {
	_ = r.listener.Close()
	r.mu.Lock()
	for conn := range r.open {
		_ = conn.Close()
	}
	r.open = nil
	r.mu.Unlock()
	r.conns.Wait()
}

// Requests returns the number of requests so far.
func (r *Replay) Requests() int { return int(r.requests.Load()) }

// Connections returns the number of connections so far.
func (r *Replay) Connections() int { return int(r.connections.Load()) }

// Targets returns the different paths with queries that were requested.
func (r *Replay) Targets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.targets)
}

func (r *Replay) acceptConns() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.connections.Add(1)
		r.mu.Lock()
		if r.open == nil {
			r.mu.Unlock()
			_ = conn.Close()
			return
		}
		r.open[conn] = struct{}{}
		r.mu.Unlock()
		r.conns.Go(func() { r.serve(conn) })
	}
}

func (r *Replay) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		r.mu.Lock()
		delete(r.open, conn)
		r.mu.Unlock()
	}()
	in := bufio.NewReader(conn)
	var head []byte // of one request; its memory is used again
	for {
		head = head[:0]
		for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			head = append(head, line...)
		}
		r.requests.Add(1)
		answer, err := r.answer(head)
		if err != nil {
			return
		}
		if r.roundTripTime > 0 {
			time.Sleep(r.roundTripTime)
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

var errNotGet = errors.New("bench: only GETs are replayed")

// answer returns the answer to the target of the request line.
func (r *Replay) answer(head []byte) ([]byte, error) {
	line, ok := bytes.CutPrefix(head, []byte("GET "))
	end := bytes.IndexByte(line, ' ')
	if !ok || end < 0 {
		return nil, errNotGet
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if answer, ok := r.answers[string(line[:end])]; ok { // the compiler does not allocate this string
		return answer, nil
	}
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, req)
	var wire bytes.Buffer
	if err := recorder.Result().Write(&wire); err != nil {
		return nil, err
	}
	r.answers[req.RequestURI] = wire.Bytes()
	r.targets = append(r.targets, req.RequestURI)
	return wire.Bytes(), nil
}
