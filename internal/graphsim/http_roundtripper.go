package graphsim

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// RoundTripper answers requests in the goroutine that makes them, without a socket and
// without another goroutine. It answers for every host. A lost reply is the error of a
// reset connection.
func (s *Sim) RoundTripper() http.RoundTripper { return roundTripper{s} }

type roundTripper struct{ sim *Sim }

// RoundTrip always reads and closes the body, and does not change the request, as
// http.RoundTripper demands.
func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := drain(req.Body)
	if err != nil {
		return nil, err
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	rep, err := t.sim.route(req, req.URL.Scheme, host, "", body)
	if err != nil {
		return nil, err
	}
	if rep.reset {
		return nil, resetError()
	}
	if rep.header.Get("Date") == "" {
		rep.header.Set("Date", t.sim.Now().UTC().Format(http.TimeFormat))
	}
	resp := &http.Response{Status: strconv.Itoa(rep.status) + " " + http.StatusText(rep.status), StatusCode: rep.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rep.header, ContentLength: int64(len(rep.body)), Request: req, Body: io.NopCloser(bytes.NewReader(rep.body))}
	if rep.cut >= 0 && rep.cut < len(rep.body) {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(rep.body[:rep.cut]), failingReader{}))
	}
	return resp, nil
}

// resetError is the error of the net package for a connection that the peer reset.
func resetError() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

// failingReader ends a body that was cut, as net/http does: with fewer bytes than
// announced.
type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func drain(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err == nil && len(data) > maxBody {
		err = errors.New("graphsim: request body too large")
	}
	return data, errors.Join(err, body.Close())
}

// route sends a request to the control API or into the pipeline. prefix is the path
// below which the handler is mounted.
func (s *Sim) route(req *http.Request, scheme, host, prefix string, body []byte) (reply, error) {
	r := &request{method: req.Method, path: req.URL.Path, query: req.URL.Query(), header: req.Header, body: body,
		base: scheme + "://" + host + prefix}
	if host == "" || scheme == "" {
		r.base = strings.TrimSuffix(s.cfg.PublicURL, "/")
	}
	if u, err := url.Parse(s.cfg.PublicURL); err == nil && len(u.Path) > 1 && prefix == "" {
		mount := strings.TrimSuffix(u.Path, "/")
		if rest, ok := strings.CutPrefix(r.path, mount+"/"); ok {
			r.path = "/" + rest
			if host != "" {
				r.base += mount
			}
		}
	}
	if s.cfg.ControlAPI && strings.HasPrefix(r.path, controlPrefix) {
		return s.control(r), nil
	}
	return s.serve(req.Context(), r)
}
