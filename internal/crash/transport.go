package crash

import (
	"io"
	"net/http"
	"sync"
)

// Transport puts the points around calls.
func (p *Points) Transport(base http.RoundTripper) http.RoundTripper { return transport{base, p} }

type transport struct {
	base   http.RoundTripper
	points *Points
}

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	operation := t.points.begin(req.Method + " " + req.URL.Path)
	if err := t.points.pass(operation, "before"); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if err := t.points.pass(operation, "lost"); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	resp.Body = &body{ReadCloser: resp.Body, read: sync.OnceFunc(func() { _ = t.points.pass(operation, "after") })}
	return resp, nil
}

// body has its point at its end, where the caller knows the whole answer.
type body struct {
	io.ReadCloser
	read func()
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.read()
	return err
}
