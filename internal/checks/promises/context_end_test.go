package promises_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// endPoint is a moment of a call at which its context ends.
type endPoint struct {
	name string
	// reach calls cancel when the call is at that moment.
	reach func(fx *fixture, cancel func())
	// sent: Meta may have processed the request by then.
	sent bool
}

// endPoints returns all moments at which a context can end.
func endPoints() []endPoint {
	at := func(next answerFunc) func(*fixture, func()) {
		return func(fx *fixture, cancel func()) {
			fx.wire.inject("", &fault{answer: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
				cancel()
				return next(w, req, body)
			}}, true)
		}
	}
	passOn := func(w *wire, req *http.Request, _ []byte) (*http.Response, error) { return w.forward(req) }
	return []endPoint{
		{"before the call", func(_ *fixture, cancel func()) { cancel() }, false},
		{"when the token is asked for", func(fx *fixture, cancel func()) { fx.atToken = cancel }, false},
		{"when the pacer is asked", func(fx *fixture, cancel func()) { fx.atPacer = cancel }, false},
		{"when the request is sent", at(hang), true},
		{"after the effect", at(after(hang)), true},
		{"with the answer's header", at(passOn), true},
		{"in the answer's body", at(withBody(stalledBody)), true},
		{"at a broken connection", at(reset), true},
		{"in the wait after a failure", func(fx *fixture, cancel func()) {
			fx.wire.inject("", &fault{answer: func(*wire, *http.Request, []byte) (*http.Response, error) {
				time.AfterFunc(time.Nanosecond, cancel)
				return nil, errReset
			}}, true)
		}, true},
		{"in the wait for a throttle", func(fx *fixture, cancel func()) {
			fx.wire.inject("", &fault{answer: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
				time.AfterFunc(time.Second, cancel)
				return graphError(400, 80008, http.Header{"Retry-After": {"20"}})(w, req, body)
			}}, true)
		}, true},
	}
}

// Token returns the admin's token. It is one of the moments at which a context can
// end.
func (fx *fixture) Token(ctx context.Context) (*oauth2.Token, error) {
	if fx.atToken != nil {
		fx.atToken()
		return nil, ctx.Err()
	}
	return graph.SecretToken(fx.world.Admin.Token).Token(ctx)
}

// Wait does not wait. It is one of the moments at which a context can end.
func (fx *fixture) Wait(ctx context.Context) error {
	if fx.atPacer != nil {
		fx.atPacer()
		return ctx.Err()
	}
	return nil
}

// TestContext_EndsAtEveryPointOfEveryCall ends the context of each call at each
// moment.
func TestContext_EndsAtEveryPointOfEveryCall(t *testing.T) {
	t.Parallel()
	search, combinations := new(sdktest.SecretSearch), 0
	for _, c := range calls() {
		t.Run(c.pkg+" "+c.name, func(t *testing.T) {
			for _, p := range endPoints() {
				combinations++
				synctest.Test(t, func(t *testing.T) { endContextAt(t, search, c, p) })
			}
		})
	}
	t.Logf("%d combinations: %d calls, %d points", combinations, len(calls()), len(endPoints()))
}

func endContextAt(t *testing.T, search *sdktest.SecretSearch, c *call, p endPoint) {
	t.Helper()
	fx := newFixture(t)
	fx.client = fx.newClient(t, fx, graph.WithPacer(fx))
	why := errors.New("the program ends")
	ctx, cancel := context.WithCancelCause(t.Context())
	p.reach(fx, func() { cancel(why) })
	began := time.Now()
	err := c.make(ctx, fx)
	require.LessOrEqual(t, time.Since(began), 5*time.Second, p.name)
	search.RequireNone(t, errorTexts(err)+fx.log.String(), fx.secrets()...)
	if p.name == "with the answer's header" && err == nil {
		return // the answer had arrived
	}
	if ctx.Err() == nil { // the call uses another token or none, or does not wait
		require.Contains(t, []string{"when the token is asked for", "in the wait after a failure", "in the wait for a throttle"}, p.name)
		return
	}
	require.Error(t, err, p.name)
	kinds := []graph.Kind{graph.ErrInterrupted}
	if p.sent {
		kinds = append(kinds, graph.ErrOutcomeUnknown, graph.ErrTransient, graph.ErrThrottled)
	}
	require.Contains(t, kinds, graph.KindOf(err), "%s: %v", p.name, err)
	if graph.KindOf(err) == graph.ErrInterrupted {
		require.ErrorIs(t, err, context.Canceled, "%s: %v", p.name, err)
	}
	if c.effect != nil {
		require.LessOrEqual(t, c.effect(fx), 1, p.name)
		if !p.sent {
			require.Zero(t, c.effect(fx)*boolToInt(c.class == once || c.class == guarded), p.name)
		}
	}
	if !p.sent && !fx.prepared {
		require.Empty(t, fx.wire.sent(""), p.name)
	}
}
