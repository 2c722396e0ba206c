package sdktest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// Network errors as net/http returns them. A call that ends with ErrReset may
// have been processed; one that ends with ErrDial was not sent.
var (
	ErrReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	ErrDial  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// Reply answers with a status, a body, and headers written as "Name: value".
func Reply(status int, body string, headers ...string) Answer {
	return func(*http.Request) (*http.Response, error) {
		resp := response(status, strings.NewReader(body))
		resp.ContentLength = int64(len(body))
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			resp.Header.Add(name, value)
		}
		return resp, nil
	}
}

func response(status int, body io.Reader) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, ContentLength: -1,
		Body: io.NopCloser(body),
	}
}

// GraphError answers as Graph does when it refuses a call. The fields are those
// of the error object, as JSON: `"code":100,"message":"no"`.
func GraphError(status int, fields string, headers ...string) Answer {
	return Reply(status, `{"error":{`+fields+`}}`, headers...)
}

// Regain is the usage header of a WABA that is over its quota and may call
// again after so many minutes. It goes into Reply and GraphError.
func Regain(minutes int) string {
	return fmt.Sprintf(`X-Business-Use-Case-Usage: {"102290129340398":[{"type":"whatsapp_business_management","call_count":100,`+
		`"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":%d}]}`, minutes)
}

// Redirect answers with a redirect to another address.
func Redirect(status int, location string) Answer {
	return Reply(status, "<html>moved</html>", "Location: "+location)
}

// Fails returns an error in place of an answer.
func Fails(err error) Answer {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// Hang does not answer before the request's context ends, and then fails as
// net/http does.
func Hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// Delayed gives an answer after a time, unless the request's context ends
// first.
func Delayed(d time.Duration, answer Answer) Answer {
	return func(req *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return answer(req)
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}
}

// Through passes the request on, for instance to a simulator's RoundTripper.
func Through(next http.RoundTripper) Answer { return next.RoundTrip }

// AfterCall passes the request on first, so that the call takes effect, and
// then gives another answer.
func AfterCall(next http.RoundTripper, answer Answer) Answer {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		return answer(req)
	}
}

// WithHeaders adds headers to an answer.
func WithHeaders(answer Answer, add http.Header) Answer {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := answer(req)
		if err == nil {
			maps.Copy(resp.Header, add)
		}
		return resp, err
	}
}
