package promises_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// fakeServer sends given bytes to net/http's own transport, over connections in
// memory.
type fakeServer struct {
	answerConn func(conn net.Conn)
	conns      sync.WaitGroup
	mu         sync.Mutex
	got        int // requests
}

// newFakeServer returns the server and a client that speaks plain HTTP/1.1 to it.
// The transport is the one that the SDK makes by default.
func newFakeServer(t *testing.T, answerConn func(conn net.Conn)) (*fakeServer, *graph.Client) {
	t.Helper()
	s := &fakeServer{answerConn: answerConn}
	base := transport.NewBase()
	base.Proxy = nil
	base.DialContext = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		s.conns.Go(func() { s.serve(there) })
		return here, nil
	}
	client, err := graph.New(graph.StaticToken(sentToken),
		graph.WithHTTPClient(&http.Client{Transport: base}), graph.WithBaseURL("http://127.0.0.1:80"), graph.WithMaxBody(maxBody),
		graph.WithRetry(graph.RetryPolicy{MaxAttempts: 2}))
	require.NoError(t, err)
	t.Cleanup(func() { base.CloseIdleConnections(); s.conns.Wait() })
	return s, client
}

// serve reads requests and answers each with the given bytes.
func (s *fakeServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		s.mu.Lock()
		s.got++
		s.mu.Unlock()
		s.answerConn(conn)
	}
}

func says(text string) func(net.Conn) {
	return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
}

// thenCloses sends a text and closes the connection.
func thenCloses(text string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

// wellFormed returns an answer with its length.
func wellFormed(head, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

const good = `{"id":"102290129340398"}`

// drip sends a header that never ends, one byte each second.
func drip(conn net.Conn) {
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Slow: ")
	for {
		if _, err := conn.Write([]byte("a")); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// TestBrokenHTTP_CallEndsInTimeWithATypedError: whatever a server sends, the call
// ends in time, with a typed error or with the right value.
func TestBrokenHTTP_CallEndsInTimeWithATypedError(t *testing.T) {
	ok := wellFormed("200 OK", good)
	for name, c := range map[string]struct {
		answerConn func(net.Conn)
		kind       graph.Kind // of a read; "" for a success
	}{
		"an answer":                      {says(ok), ""},
		"early hints first":              {says("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok), ""},
		"continue first":                 {says("HTTP/1.1 100 Continue\r\n\r\n" + ok), ""},
		"hints without end":              {says(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20_000)), graph.ErrTransient},
		"switching protocols":            {thenCloses("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), graph.ErrBadResponse},
		"no content":                     {says("HTTP/1.1 204 No Content\r\n\r\n"), graph.ErrBadResponse},
		"not modified":                   {says("HTTP/1.1 304 Not Modified\r\n\r\n"), graph.ErrBadResponse},
		"a status of 0":                  {thenCloses(wellFormed("000 what", good)), graph.ErrBadResponse},
		"a status of 999":                {says(wellFormed("999 what", good)), graph.ErrTransient},
		"a status of four digits":        {thenCloses(wellFormed("2000 OK", good)), graph.ErrTransient},
		"no status":                      {thenCloses("HTTP/1.1\r\n\r\n"), graph.ErrTransient},
		"nothing":                        {thenCloses(""), graph.ErrTransient},
		"half a header":                  {thenCloses("HTTP/1.1 200 OK\r\nContent-Le"), graph.ErrTransient},
		"a header that never ends":       {drip, graph.ErrTransient},
		"a huge header":                  {thenCloses("HTTP/1.1 200 OK\r\nX-Huge: " + strings.Repeat("a", 1<<20) + "\r\n\r\n"), graph.ErrTransient},
		"a million headers":              {thenCloses("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Many: 1\r\n", 100_000) + "\r\n"), graph.ErrTransient},
		"a line break in a header":       {thenCloses("HTTP/1.1 200 OK\r\nX-Bad\n: \x00\r\n\r\n"), graph.ErrTransient},
		"another protocol":               {thenCloses("SSH-2.0-OpenSSH_9.9\r\n"), graph.ErrTransient},
		"TLS":                            {thenCloses("\x15\x03\x01\x00\x02\x02\x46"), graph.ErrTransient},
		"HTTP/1.0 up to the end":         {thenCloses("HTTP/1.0 200 OK\r\n\r\n" + good), ""},
		"less than announced":            {thenCloses("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + good), graph.ErrTransient},
		"more than announced":            {says(ok + "more"), ""},
		"more announced than there is":   {thenCloses("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n" + good), graph.ErrTransient},
		"two lengths":                    {thenCloses("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + good), graph.ErrTransient},
		"a negative length":              {thenCloses("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + good), graph.ErrTransient},
		"broken chunks":                  {thenCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + good), graph.ErrTransient},
		"chunks without end":             {thenCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n18\r\n" + good + "\r\n"), graph.ErrTransient},
		"an unknown encoding":            {thenCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\n" + good), graph.ErrTransient},
		"gzip that is plain text":        {says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 24\r\n\r\n" + good), graph.ErrTransient},
		"a gzip bomb":                    {thenCloses(wellFormed("200 OK\r\nContent-Encoding: gzip", string(gzipBombBody()))), graph.ErrBadResponse},
		"a second answer to one request": {says(ok + wellFormed("200 OK", `{"id":"666"}`)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			log.SetOutput(io.Discard) // net/http logs bytes that no request asked for
			defer log.SetOutput(os.Stderr)
			search := new(sdktest.SecretSearch)
			synctest.Test(t, func(t *testing.T) {
				s, client := newFakeServer(t, c.answerConn)
				var account struct {
					ID graph.WABAID `json:"id"`
				}
				read := graph.Request{Method: http.MethodGet, Route: "/{waba-id}", IDs: []string{"102290129340398"}}
				began := time.Now()
				for range 3 {
					err := client.Do(t.Context(), read, &account)
					requireTypedError(t, search, err, c.kind)
					if err == nil {
						require.EqualValues(t, "102290129340398", account.ID, "another call's answer")
					}
					// net/http closes a connection with unexpected bytes when it is idle. A call
					// that starts before that could read them.
					synctest.Wait()
				}
				require.LessOrEqual(t, time.Since(began), 3*maxDuration)

				s.mu.Lock()
				before := s.got
				s.mu.Unlock()
				write := graph.Request{Method: http.MethodPost, Route: "/{phone-number-id}/register", IDs: []string{"1"}, Repeat: graph.RepeatOnce}
				err := client.Do(t.Context(), write, nil)
				kind := graph.ErrOutcomeUnknown
				if c.kind == "" || name == "not modified" {
					kind = c.kind
				}
				requireTypedError(t, search, err, kind)
				s.mu.Lock()
				require.Equal(t, before+1, s.got, "sent once")
				s.mu.Unlock()
			})
		})
	}
}

func requireTypedError(t *testing.T, search *sdktest.SecretSearch, err error, kind graph.Kind) {
	t.Helper()
	require.Equal(t, kind, graph.KindOf(err), "%v", err)
	if err == nil {
		return
	}
	e, ok := errors.AsType[*graph.Error](err)
	require.True(t, ok)
	require.Less(t, len(e.Error()), 2000, "an error text is short")
	search.RequireNone(t, errorTexts(err), graph.NewSecret(sentToken))
}
