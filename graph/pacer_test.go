package graph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// held is a pacer that lets no call go.
type held struct{ err error }

func (h held) Wait(context.Context) error { return h.err }

// tooLong is a pacer's error with a wait.
type tooLong struct{ wait time.Duration }

func (tooLong) Error() string               { return "the account is at its limit" }
func (e tooLong) RetryAfter() time.Duration { return e.wait }

func TestPacer_FailureSendsNothing(t *testing.T) {
	broken := errors.New("the budget's disk is full")
	for name, test := range map[string]struct {
		pacer error
		kind  graph.Kind
		wait  time.Duration
	}{
		"an error":               {broken, graph.ErrTransient, 0},
		"an error with its wait": {tooLong{19 * time.Minute}, graph.ErrThrottled, 19 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				client := server.Client(graph.WithPacer(held{test.pacer}))
				err := client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, nil)
				require.ErrorIs(t, err, test.kind)
				require.ErrorIs(t, err, test.pacer)
				var e *graph.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, test.wait, e.RetryAfter)
				require.Contains(t, err.Error(), "Nothing was sent")
				require.Empty(t, server.Calls())
			})
		})
	}
}

// turnstile is a pacer that lets some calls go and refuses the next.
type turnstile struct {
	left int
	err  error
	mu   sync.Mutex
}

func (p *turnstile) Wait(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left--; p.left < 0 {
		return p.err
	}
	return nil
}

func TestPacer_FailureEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := fmt.Errorf("the budget is spent")
		w := newWire(reply(http.StatusBadGateway, html))
		r := &recorder{}
		c := newClient(t, w, graph.WithPacer(&turnstile{left: 2, err: full}), graph.WithTracer(r))
		err := c.Do(t.Context(), read(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, full)
		require.Equal(t, graph.ErrTransient, graph.KindOf(err), "the pacer failed, not the context")
		require.ErrorContains(t, err, "502", "why a third attempt was needed")
		require.Equal(t, 2, graphErrorOf(t, err).Attempts)
		require.Equal(t, 2, w.count())
		require.Len(t, r.ends, 2)

		err = c.Do(t.Context(), write(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, full)
		require.ErrorContains(t, err, "Nothing was sent")
		require.Zero(t, graphErrorOf(t, err).Attempts)
		require.Equal(t, 2, w.count())
	})
}
