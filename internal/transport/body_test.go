package transport_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
