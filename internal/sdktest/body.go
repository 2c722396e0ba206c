package sdktest

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// WithBody replaces the body of an answer. The length of the new body is not
// announced.
func WithBody(answer Answer, change func(req *http.Request, body []byte) io.Reader) Answer {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := answer(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		resp.Body, resp.ContentLength = io.NopCloser(change(req, body)), -1
		return resp, nil
	}
}

// CutBody sends the first half of a body and then breaks the connection. It is
// for WithBody.
func CutBody(_ *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), FailingReader(io.ErrUnexpectedEOF))
}

// StalledBody sends the first half of a body and then nothing more until the
// request's context ends. It is for WithBody.
func StalledBody(req *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), ReaderFunc(func([]byte) (int, error) {
		<-req.Context().Done()
		return 0, context.Cause(req.Context())
	}))
}

// ReaderFunc is a function as an io.Reader.
type ReaderFunc func([]byte) (int, error)

// Read calls the function.
func (f ReaderFunc) Read(p []byte) (int, error) { return f(p) }

// FailingReader returns a reader that fails with err.
func FailingReader(err error) io.Reader {
	return ReaderFunc(func([]byte) (int, error) { return 0, err })
}
