package matrix_test

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

// strike is how a fault happens to a request whose body was read already.
type strike = func(w *wire, req *http.Request, body []byte) (*http.Response, error)

var (
	errReset       = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errEOF         = io.EOF
	errGoAway      = errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR")
	errDial        = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errDNS         = &net.DNSError{Err: "no such host", Name: "graph.wagraph.test", IsNotFound: true}
	errCertificate = x509.UnknownAuthorityError{}
)

func fails(err error) strike {
	return func(*wire, *http.Request, []byte) (*http.Response, error) { return nil, err }
}

func reset(*wire, *http.Request, []byte) (*http.Response, error) { return nil, errReset }

// hang answers when the request's context ends, as net/http does.
func hang(_ *wire, req *http.Request, _ []byte) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// after lets the call take effect first.
func after(next strike) strike {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		resp, err := w.pass(req)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		return next(w, req, body)
	}
}

// response is an answer of a fault's own.
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

func answers(status int, contentType, text string) strike {
	return func(_ *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp := response(status, contentType, strings.NewReader(text))
		resp.Request, resp.ContentLength = req, int64(len(text))
		return resp, nil
	}
}

func redirects(status int, location string) strike {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		resp, err := answers(status, htmlT, page)(w, req, body)
		resp.Header.Set("Location", location)
		return resp, err
	}
}

// spoiled passes the call on, and does something to the body of its answer.
func spoiled(spoil func(req *http.Request, body []byte) io.Reader) strike {
	return func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp, err := w.pass(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		resp.Body, resp.ContentLength = io.NopCloser(spoil(req, body)), -1
		return resp, nil
	}
}

// headers passes the call on and adds headers to its answer.
func headers(add http.Header) strike {
	return func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp, err := w.pass(req)
		if err == nil {
			maps.Copy(resp.Header, add)
		}
		return resp, err
	}
}

// garbage is headers that the SDK reads, and that say nothing sensible.
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
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), failing{io.ErrUnexpectedEOF})
}

func corruptGzip(*http.Request, []byte) io.Reader { return failing{gzip.ErrChecksum} }

func stalledBody(req *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body[:len(body)/2]), reader(func([]byte) (int, error) {
		<-req.Context().Done()
		return 0, context.Cause(req.Context())
	}))
}

// slowBody comes in twenty pieces within as many seconds.
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

func trailed(_ *http.Request, body []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(body), strings.NewReader(page))
}

// nested is deeper than any decoder should follow.
var nested = strings.Repeat(`{"data":`, 20_000) + "1" + strings.Repeat("}", 20_000)

// endless is JSON that never closes, as fast as it is read.
func endless(*wire, *http.Request, []byte) (*http.Response, error) {
	resp := response(http.StatusOK, jsonT, io.MultiReader(strings.NewReader(`{"id":"1","data":"`), reader(func(p []byte) (int, error) {
		for i := range p {
			p[i] = 'a'
		}
		return len(p), nil
	})))
	return resp, nil
}

// bomb is 64 MiB of blanks in some kilobytes.
var bomb = sync.OnceValue(func() []byte {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		_, _ = zip.Write(blanks)
	}
	_ = zip.Close()
	return packed.Bytes()
})

// gzipBomb answers as net/http's transport does, which decompresses on the fly.
func gzipBomb(*wire, *http.Request, []byte) (*http.Response, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(bomb()))
	if err != nil {
		return nil, err
	}
	resp := response(http.StatusOK, jsonT, unpacked)
	resp.Uncompressed = true
	return resp, nil
}

// wrongTypes puts an object where a text, a number or a truth was.
func wrongTypes(_ *http.Request, body []byte) io.Reader {
	return changed(body, func(_ string, value any) any {
		switch value.(type) {
		case map[string]any, []any:
			return value
		}
		return map[string]any{"wrong": []int{1}}
	})
}

// rotated moves the values of every object one key on: the token stands where
// its expiry was.
func rotated(_ *http.Request, body []byte) io.Reader {
	return changed(body, func(_ string, value any) any {
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

// changed applies change to every value of a JSON text, the innermost first,
// with the key that it stands under. Bodies inside a batch's answer are texts of
// their own, and are changed too.
func changed(body []byte, change func(key string, value any) any) io.Reader {
	return strings.NewReader(changedText(string(body), change))
}

func changedText(text string, change func(key string, value any) any) string {
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
				return change(key, changedText(v, change))
			}
		}
		return change(key, value)
	}
	out, _ := json.Marshal(walk("", value)) // it came from JSON
	return string(out)
}

// named is a fault of Meta's in a word.
func named(status, code int) string { return fmt.Sprintf("code %d in a %d", code, status) }

// graphError refuses as Graph does.
func graphError(status, code int, header http.Header) strike {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		text := fmt.Sprintf(`{"error":{"message":"(#%d) Simulated","type":"OAuthException","code":%d,"fbtrace_id":"Atrace"}}`, code, code)
		resp, err := answers(status, jsonT, text)(w, req, body)
		maps.Copy(resp.Header, header)
		return resp, err
	}
}

// regain is the usage header of an account that is over its quota.
func regain(minutes int) string {
	return fmt.Sprintf(`{"102290129340398":[{"type":"whatsapp_business_management","call_count":100,"total_cputime":25,`+
		`"total_time":25,"estimated_time_to_regain_access":%d}]}`, minutes)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }
