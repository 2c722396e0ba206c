package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

func TestAttempt_Send_RedirectIsAnAnswer(t *testing.T) {
	var strangers atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	t.Cleanup(stranger.Close)
	s := httptest.NewServer(http.RedirectHandler(stranger.URL, http.StatusTemporaryRedirect))
	t.Cleanup(s.Close)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		h := &handler{}
		out := do(t.Context(), newPipe(t, s.URL, nil), request(t, method, s.URL), h)
		require.NoError(t, out.Err)
		require.Equal(t, http.StatusTemporaryRedirect, h.seen[0].Status)
	}
	require.Zero(t, strangers.Load())
}

func TestAttempts_ForeignOriginGetsNothing(t *testing.T) {
	p := newPipe(t, "https://graph.facebook.com", scripted(func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	}))
	h := &handler{before: func(int) error { return errors.New("asked") }}
	for _, foreign := range []string{"http://graph.facebook.com", "https://graph.facebook.com:8443", "https://evil.example.com"} {
		out := do(t.Context(), p, request(t, http.MethodGet, foreign), h)
		require.ErrorContains(t, out.Err, "another origin")
		require.Zero(t, out.Attempts)
	}
}

// scripted is a round tripper that answers from memory.
type scripted func(*http.Request) (*http.Response, error)

func (f scripted) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAttempts_BreakEndsTheCall(t *testing.T) {
	p := newPipe(t, "http://127.0.0.1", scripted(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }))
	refused := errors.New("refused")
	h := &handler{
		before: func(attempt int) error {
			if attempt == 3 {
				return refused
			}
			return nil
		},
		judge: func(a *transport.Answer) verdict { return verdict{Err: a.Err, Repeat: true} },
	}
	get := request(t, http.MethodGet, "http://127.0.0.1")
	get.MaxAttempts = 9
	out := do(t.Context(), p, get, h)
	require.ErrorIs(t, out.Err, refused)
	require.Equal(t, 2, out.Attempts, "the refused one does not count")
}

func TestAttempts_WaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipe(t, "http://127.0.0.1", scripted(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }))
		h := &handler{judge: func(a *transport.Answer) verdict {
			return verdict{Err: a.Err, Repeat: true, Wait: time.Hour}
		}}
		why := errors.New("the program ends")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(why) })
		get := request(t, http.MethodGet, "http://127.0.0.1")
		get.MaxAttempts = 2
		start := time.Now()
		out := do(ctx, p, get, h)
		require.Equal(t, time.Minute, time.Since(start))
		require.ErrorIs(t, out.Err, io.ErrUnexpectedEOF, "why a repeat was needed")
		require.ErrorIs(t, out.Interrupted, context.Canceled, "and why there was none")
		require.ErrorIs(t, out.Interrupted, why)
	})
}

func TestFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.True(t, transport.Fits(t.Context(), time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		require.True(t, transport.Fits(ctx, time.Minute-1))
		require.False(t, transport.Fits(ctx, time.Minute))
		cancel()
		require.False(t, transport.Fits(ctx, 0))
	})
}

func TestAttempt_Send_RoundTripperPanics(t *testing.T) {
	broken := errors.New("a bug")
	for name, base := range map[string]scripted{
		"RoundTripper.RoundTrip": func(*http.Request) (*http.Response, error) { panic(broken) },
		"Response.Body": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: panickyBody{broken}}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := &handler{}
			out := do(t.Context(), newPipe(t, "https://graph.facebook.com", base), request(t, http.MethodPost, "https://graph.facebook.com"), h)
			require.ErrorIs(t, out.Err, transport.ErrPanicked)
			require.ErrorIs(t, out.Err, broken)
			require.EqualError(t, out.Err, name+" panicked: a bug")
			require.False(t, h.seen[0].Unsent)
		})
	}
}

type panickyBody struct{ err error }

func (b panickyBody) Read([]byte) (int, error) { panic(b.err) }
func (panickyBody) Close() error               { return nil }

func TestAttempt_Send_RoundTripperBreaksItsContract(t *testing.T) {
	open := &closing{}
	for name, test := range map[string]struct {
		base scripted
		err  string
	}{
		"nothing": {func(*http.Request) (*http.Response, error) { return nil, nil }, "neither a response nor an error"},
		"both": {func(*http.Request) (*http.Response, error) {
			return &http.Response{Body: open}, io.ErrClosedPipe
		}, io.ErrClosedPipe.Error()},
		"a length without a body": {func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: 5}, nil
		}, io.ErrUnexpectedEOF.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			out := do(t.Context(), newPipe(t, "http://127.0.0.1", test.base), request(t, http.MethodGet, "http://127.0.0.1"), &handler{})
			require.ErrorContains(t, out.Err, test.err)
		})
	}
	require.True(t, open.closed)
}

type closing struct{ closed bool }

func (c *closing) Read([]byte) (int, error) { return 0, io.EOF }
func (c *closing) Close() error             { c.closed = true; return nil }

func TestAttempts_BreakAndNoSend(t *testing.T) {
	sent := 0
	p := newPipe(t, "http://127.0.0.1", scripted(func(*http.Request) (*http.Response, error) { sent++; return nil, io.EOF }))
	get := request(t, http.MethodGet, "http://127.0.0.1")
	get.MaxAttempts = 3
	turns := 0
	attempts := p.Attempts(t.Context(), get)
	for attempt := range attempts.All {
		turns++
		attempt.RepeatAfter(0)
		break // it outweighs RepeatAfter
	}
	require.Equal(t, 1, turns)
	require.NoError(t, attempts.Err())
	for range p.Attempts(t.Context(), get).All {
		turns++
	}
	require.Equal(t, 2, turns, "without RepeatAfter there is one attempt")
	for attempt := range p.Attempts(t.Context(), get).All {
		require.Equal(t, attempt.Number == 3, attempt.Send(t.Context()).Last)
		attempt.RepeatAfter(0)
	}
	require.Equal(t, 3, sent, "RepeatAfter does nothing on the last one")
}
