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

// Replay is an HTTP/1.1 server on the loopback address. The first time that a
// target is asked for, the handler behind it answers; from then on the same
// bytes are sent again, without an allocation. What is measured in front of it
// is so the client, and every client gets the same bytes.
type Replay struct {
	// URL is the server's address.
	URL string

	handler  http.Handler
	trip     time.Duration
	listener net.Listener
	conns    sync.WaitGroup

	mu      sync.Mutex
	open    map[net.Conn]struct{} // nil once closed
	kept    map[string][]byte     // by target: path and query
	targets []string              // in the order in which they were first asked for

	dialled, asked atomic.Int64
}

// NewReplay serves what the handler answers to GETs. Each answer is held back
// for the time of a round trip, as a distant server's is.
func NewReplay(ctx context.Context, handler http.Handler, trip time.Duration) (*Replay, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Replay{
		URL: "http://" + listener.Addr().String(), handler: handler, trip: trip, listener: listener,
		open: map[net.Conn]struct{}{}, kept: map[string][]byte{},
	}
	r.conns.Go(r.accept)
	return r, nil
}

// Close ends the server, and returns when it has ended.
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

// Asked counts the requests so far.
func (r *Replay) Asked() int { return int(r.asked.Load()) }

// Dialled counts the connections so far.
func (r *Replay) Dialled() int { return int(r.dialled.Load()) }

// Targets lists the distinct paths with queries that were asked for.
func (r *Replay) Targets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.targets)
}

func (r *Replay) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.dialled.Add(1)
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
	var head []byte // of one request, its memory used again
	for {
		head = head[:0]
		for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			head = append(head, line...)
		}
		r.asked.Add(1)
		answer, err := r.answer(head)
		if err != nil {
			return
		}
		if r.trip > 0 {
			time.Sleep(r.trip)
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

var errNotGet = errors.New("bench: only GETs are replayed")

// answer looks up what the request line's target is answered with.
func (r *Replay) answer(head []byte) ([]byte, error) {
	line, ok := bytes.CutPrefix(head, []byte("GET "))
	end := bytes.IndexByte(line, ' ')
	if !ok || end < 0 {
		return nil, errNotGet
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if answer, ok := r.kept[string(line[:end])]; ok { // the compiler makes no string of it
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
	r.kept[req.RequestURI] = wire.Bytes()
	r.targets = append(r.targets, req.RequestURI)
	return wire.Bytes(), nil
}
