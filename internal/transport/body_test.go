package transport_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

func TestReadBody_Limit(t *testing.T) {
	const limit = 1 << 20 // newPipe's
	endless := func(w io.Writer) {
		line := []byte(strings.Repeat("x", 1<<16))
		for {
			if _, err := w.Write(line); err != nil {
				return
			}
		}
	}
	for name, serve := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, _ *http.Request) { endless(w) },
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			bomb := gzip.NewWriter(w)
			_, _ = bomb.Write(make([]byte, 8*limit)) // 8 KB on the wire
			_ = bomb.Close()
		},
		"one byte more": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, limit+1)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(serve)
			t.Cleanup(s.Close)
			h := &handler{}
			out := do(t.Context(), newPipe(t, s.URL, nil), request(t, http.MethodGet, s.URL), h)
			require.ErrorIs(t, out.Err, transport.ErrBodyTooLarge)
			require.Equal(t, http.StatusOK, h.seen[0].Status)
			require.Empty(t, h.seen[0].Body)
		})
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, limit)) }))
	t.Cleanup(s.Close)
	h := &handler{}
	require.NoError(t, do(t.Context(), newPipe(t, s.URL, nil), request(t, http.MethodGet, s.URL), h).Err)
	require.Len(t, h.seen[0].Body, limit)
}

func TestReadBody_ConcurrentCallsDoNotMix(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat(r.URL.Path, 1000))
	}))
	t.Cleanup(s.Close)
	p := newPipe(t, s.URL, nil)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			path := fmt.Sprintf("/%d", i)
			for range 5 {
				h := &handler{judge: func(a *transport.Answer) verdict {
					if string(a.Body) != strings.Repeat(path, 1000) {
						return verdict{Err: errors.New("another call's body")}
					}
					return verdict{}
				}}
				if err := do(t.Context(), p, request(t, http.MethodGet, s.URL+path), h).Err; err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// countingBody is a body of a length, without an end if that is negative, that counts
// what is read of it.
type countingBody struct {
	left, read int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n := int64(len(p))
	if b.left > 0 {
		n = min(n, b.left)
		b.left -= n
	}
	b.read += n
	return int(n), nil
}

func (*countingBody) Close() error { return nil }

// A body takes about as much memory as its limit, however it grows. The body of an
// error has a limit of its own.
func TestReadBody_Memory(t *testing.T) {
	const limit = 32 << 20
	for name, tt := range map[string]struct {
		status          int
		length, header  int64
		read, most, got int64
		err             error
	}{
		"without an end":         {200, -1, -1, limit + 1, limit + limit/3, 0, transport.ErrBodyTooLarge},
		"as long as may be":      {200, limit, -1, limit, limit + limit/3, limit, nil},
		"announced":              {200, limit, limit, limit, limit + limit/8, limit, nil},
		"announced as too long":  {200, limit + 1, limit + 1, limit + 1, limit + limit/8, 0, transport.ErrBodyTooLarge},
		"announced and short":    {200, 10, limit, 10, 2 << 20, 10, nil}, // net/http makes an error of it
		"longer than announced":  {200, 2000, 10, 2000, 64 << 10, 2000, nil},
		"a short one":            {200, 100, -1, 100, 64 << 10, 100, nil},
		"an error, no end":       {500, -1, -1, transport.MaxErrorBody + 1, 512 << 10, 0, transport.ErrErrorBodyTooLarge},
		"an error, announced":    {400, limit, limit, transport.MaxErrorBody + 1, 512 << 10, 0, transport.ErrErrorBodyTooLarge},
		"an error that fits":     {404, transport.MaxErrorBody, -1, transport.MaxErrorBody, 512 << 10, transport.MaxErrorBody, nil},
		"a redirect is no error": {302, 1 << 20, -1, 1 << 20, 5 << 20, 1 << 20, nil},
	} {
		t.Run(name, func(t *testing.T) {
			body := &countingBody{left: tt.length}
			base := answering(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: body, ContentLength: tt.header}, nil
			})
			origin, err := url.Parse("https://graph.wagraph.test")
			require.NoError(t, err)
			pipe := transport.New(transport.Config{Base: base, Origin: origin, MaxBody: limit})
			req := request(t, http.MethodGet, origin.String())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := int64(-1)
			var failed error
			for attempt := range pipe.Attempts(t.Context(), req).All {
				answer := attempt.Send(t.Context())
				got, failed = int64(len(answer.Body)), answer.Err
			}
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, failed, tt.err)
			require.Equal(t, tt.got, got)
			require.Equal(t, tt.read, body.read, "bytes that were read")
			require.LessOrEqual(t, int64(after.TotalAlloc-before.TotalAlloc), tt.most, "bytes that were allocated")
		})
	}
}

// A limit that no body reaches is no reason to take all of it.
func TestReadBody_HugeLimit(t *testing.T) {
	base := answering(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: &countingBody{left: 1 << 20}, ContentLength: -1}, nil
	})
	origin, err := url.Parse("https://graph.wagraph.test")
	require.NoError(t, err)
	for _, limit := range []int64{1 << 40, math.MaxInt64} {
		pipe := transport.New(transport.Config{Base: base, Origin: origin, MaxBody: limit})
		h := &handler{}
		require.NoError(t, do(t.Context(), pipe, request(t, http.MethodGet, origin.String()), h).Err)
		require.Len(t, h.seen[0].Body, 1<<20)
	}
}

type answering func(*http.Request) (*http.Response, error)

func (f answering) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
