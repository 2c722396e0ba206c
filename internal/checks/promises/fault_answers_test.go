package promises_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// answerFunc answers a request. The body of the request was read already.
type answerFunc = func(w *wire, req *http.Request, body []byte) (*http.Response, error)

var (
	errReset       = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errEOF         = io.EOF
	errGoAway      = errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR")
	errDial        = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errDNS         = &net.DNSError{Err: "no such host", Name: "graph.wagraph.test", IsNotFound: true}
	errCertificate = x509.UnknownAuthorityError{}
)

func fails(err error) answerFunc {
	return func(*wire, *http.Request, []byte) (*http.Response, error) { return nil, err }
}

func reset(*wire, *http.Request, []byte) (*http.Response, error) { return nil, errReset }

// hang fails when the request's context ends, as net/http does.
func hang(_ *wire, req *http.Request, _ []byte) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// after answers once the simulator has processed the call.
func after(next answerFunc) answerFunc {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		resp, err := w.forward(req)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		return next(w, req, body)
	}
}

// response returns an answer that does not come from the simulator.
func response(status int, contentType string, body io.Reader) *http.Response {
	resp := &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, ContentLength: -1,
		Body: io.NopCloser(body),
	}
	if contentType != "" {
		resp.Header.Set("Content-Type", contentType)
	}
	return resp
}

func answers(status int, contentType, text string) answerFunc {
	return func(_ *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp := response(status, contentType, strings.NewReader(text))
		resp.Request, resp.ContentLength = req, int64(len(text))
		return resp, nil
	}
}

func redirects(status int, location string) answerFunc {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		resp, err := answers(status, htmlT, page)(w, req, body)
		resp.Header.Set("Location", location)
		return resp, err
	}
}

// withBody sends the call to the simulator, and replaces the body of its answer.
func withBody(change func(req *http.Request, body []byte) io.Reader) answerFunc {
	return func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp, err := w.forward(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		resp.Body, resp.ContentLength = io.NopCloser(change(req, body)), -1
		return resp, nil
	}
}

// headers sends the call to the simulator, and adds headers to its answer.
func headers(add http.Header) answerFunc {
	return func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp, err := w.forward(req)
		if err == nil {
			maps.Copy(resp.Header, add)
		}
		return resp, err
	}
}

// garbage returns headers that the SDK reads, with values that make no sense.
func garbage() http.Header {
	return http.Header{
		"X-App-Usage":               {`{"call_count":"many","total_time":1e99,"total_cputime":{}}`},
		"X-Business-Use-Case-Usage": {`{"1":[{"call_count":[[[`, `{"2":null}`},
		"Retry-After":               {"-99999999999999999999"},
		"Facebook-Api-Version":      {"v25.0.0.0\tor so"},
		"X-Fb-Trace-Id":             {strings.Repeat("A", 10_000)},
		"Content-Type":              {"\x00/\xff"},
		"Content-Encoding":          {"br"},
		"Www-Authenticate":          {`OAuth "Facebook Platform" "invalid_token"`},
		"Date":                      {"yesterday"},
	}
}

func cutBody(_ *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), failingReader{io.ErrUnexpectedEOF})
}

func corruptGzip(*http.Request, []byte) io.Reader { return failingReader{gzip.ErrChecksum} }

func stalledBody(req *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), reader(func([]byte) (int, error) {
		<-req.Context().Done()
		return 0, context.Cause(req.Context())
	}))
}

// slowBody sends the body in twenty parts, one each second.
func slowBody(req *http.Request, body []byte) io.Reader {
	rest := bytes.NewReader(body)
	return reader(func(p []byte) (int, error) {
		select {
		case <-time.After(time.Second):
			return rest.Read(p[:min(len(p), len(body)/20+1)])
		case <-req.Context().Done():
			return 0, context.Cause(req.Context())
		}
	})
}

func truncated(_ *http.Request, body []byte) io.Reader { return bytes.NewReader(body[:len(body)/2]) }

func withTrailingPage(_ *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body), strings.NewReader(page))
}

// nested is an object with 20,000 levels.
var nested = strings.Repeat(`{"data":`, 20_000) + "1" + strings.Repeat("}", 20_000)

// endless answers with JSON that never ends. It is sent as fast as it is read.
func endless(*wire, *http.Request, []byte) (*http.Response, error) {
	resp := response(http.StatusOK, jsonT, io.MultiReader(strings.NewReader(`{"id":"1","data":"`), reader(func(p []byte) (int, error) {
		for i := range p {
			p[i] = 'a'
		}
		return len(p), nil
	})))
	return resp, nil
}

// gzipBombBody returns 64 MiB of spaces as some kilobytes of gzip.
var gzipBombBody = sync.OnceValue(func() []byte {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		_, _ = zip.Write(blanks)
	}
	_ = zip.Close()
	return packed.Bytes()
})

// gzipBomb answers as net/http's transport does: the body is decompressed while
// it is read.
func gzipBomb(*wire, *http.Request, []byte) (*http.Response, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(gzipBombBody()))
	if err != nil {
		return nil, err
	}
	resp := response(http.StatusOK, jsonT, unpacked)
	resp.Uncompressed = true
	return resp, nil
}

// wrongTypes replaces each string, number and boolean with an object.
func wrongTypes(_ *http.Request, body []byte) io.Reader {
	return changedJSON(body, func(_ string, value any) any {
		switch value.(type) {
		case map[string]any, []any:
			return value
		}
		return map[string]any{"wrong": []int{1}}
	})
}

// rotatedValues moves each value of an object to the next key, so that the token
// stands where its expiry was.
func rotatedValues(_ *http.Request, body []byte) io.Reader {
	return changedJSON(body, func(_ string, value any) any {
		object, ok := value.(map[string]any)
		if !ok {
			return value
		}
		keys := slices.Sorted(maps.Keys(object))
		out := make(map[string]any, len(keys))
		for i, key := range keys {
			out[key] = object[keys[(i+1)%len(keys)]]
		}
		return out
	})
}

// changedJSON applies change to each value of a JSON text, inner values first.
// The key is that of the object which holds the value. The bodies inside a
// batch's answer are JSON in strings, and are changed too.
func changedJSON(body []byte, change func(key string, value any) any) io.Reader {
	return strings.NewReader(changedJSONText(string(body), change))
}

func changedJSONText(text string, change func(key string, value any) any) string {
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return text
	}
	var walk func(string, any) any
	walk = func(key string, value any) any {
		switch v := value.(type) {
		case map[string]any:
			for name := range v {
				v[name] = walk(name, v[name])
			}
		case []any:
			for i := range v {
				v[i] = walk(key, v[i])
			}
		case string:
			if key == "body" && strings.HasPrefix(v, "{") {
				return change(key, changedJSONText(v, change))
			}
		}
		return change(key, value)
	}
	out, _ := json.Marshal(walk("", value)) // it was JSON before
	return string(out)
}

// codeName returns the name of a fault with an error code of Meta.
func codeName(status, code int) string { return fmt.Sprintf("code %d in a %d", code, status) }

// graphError answers with an error object of Graph.
func graphError(status, code int, header http.Header) answerFunc {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		text := fmt.Sprintf(`{"error":{"message":"(#%d) Simulated","type":"OAuthException","code":%d,"fbtrace_id":"Atrace"}}`, code, code)
		resp, err := answers(status, jsonT, text)(w, req, body)
		maps.Copy(resp.Header, header)
		return resp, err
	}
}

// regainHeader returns the usage header of an account that is over its quota.
func regainHeader(minutes int) string {
	return fmt.Sprintf(`{"102290129340398":[{"type":"whatsapp_business_management","call_count":100,"total_cputime":25,`+
		`"total_time":25,"estimated_time_to_regain_access":%d}]}`, minutes)
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }
