package bench

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// RetryLayer returns the cost of the code that decides about repeats, for a call
// that needs none: a request through the pipe, and one through an http.Client that
// handles the body as the pipe does.
func (s *Service) RetryLayer(ctx context.Context) (Pair, error) {
	target, err := s.firstTarget(func(client *graph.Client) error {
		_, err := waba.New(client).Get(ctx, s.WABA)
		return err
	})
	if err != nil {
		return Pair{}, err
	}
	address, err := url.Parse(s.URL + target)
	if err != nil {
		return Pair{}, err
	}
	header := http.Header{"Authorization": {"Bearer " + s.Token}, "User-Agent": {"wagraph"}}
	base := transport.NewBase()
	pipe := transport.New(transport.Config{
		Base: base, Origin: address, AttemptTimeout: time.Minute, MaxBody: graph.DefaultMaxBody,
	})
	plain := &pooled{client: http.Client{Transport: transport.NewBase(), Timeout: time.Minute}}
	return Pair{
		closers: [2]interface{ CloseIdleConnections() }{base, &plain.client},
		SDK: func(ctx context.Context) error {
			req := transport.Request{Method: http.MethodGet, URL: address, Header: header, MaxAttempts: 4}
			var answered error
			attempts := pipe.Attempts(ctx, &req)
			for attempt := range attempts.All {
				if answered = accept(attempt.Send(ctx)); answered == nil {
					break
				}
				attempt.RepeatAfter(0)
			}
			return answered
		},
		Raw: func(ctx context.Context) error {
			req := http.Request{
				Method: http.MethodGet, URL: address, Host: address.Host, Header: header,
				Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			}
			return plain.do(req.WithContext(ctx))
		},
	}, nil
}

// accept is a caller that takes every whole answer.
func accept(a *transport.Answer) error {
	if a.Err == nil && (a.Status != http.StatusOK || len(a.Body) == 0) {
		return errOtherObject
	}
	return a.Err
}

// pooled reads bodies as the pipe does: up to a limit, into memory that is used
// again.
type pooled struct {
	client  http.Client
	buffers sync.Pool
}

var errTooLarge = errors.New("bench: the body is too large")

func (p *pooled) do(req *http.Request) error {
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	buf, ok := p.buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer func() { buf.Reset(); p.buffers.Put(buf) }()
	if resp.ContentLength > 0 {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, graph.DefaultMaxBody+1))
	switch {
	case err != nil:
		return err
	case n > graph.DefaultMaxBody:
		return errTooLarge
	case resp.StatusCode != http.StatusOK || n == 0:
		return errOtherObject
	}
	return nil
}
