package matrix_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// point is a place in a call's life at which its context ends.
type point struct {
	name string
	// reach makes the call get there, and end there.
	reach func(d *desk, cancel func())
	// sent: the request may have been worked on by then.
	sent bool
}

// points are all places at which a context can end.
func points() []point {
	at := func(next strike) func(*desk, func()) {
		return func(d *desk, cancel func()) {
			d.wire.strike("", &fault{strike: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
				cancel()
				return next(w, req, body)
			}}, true)
		}
	}
	passOn := func(w *wire, req *http.Request, _ []byte) (*http.Response, error) { return w.pass(req) }
	return []point{
		{"before the call", func(_ *desk, cancel func()) { cancel() }, false},
		{"when the token is asked for", func(d *desk, cancel func()) { d.atToken = cancel }, false},
		{"when the pacer is asked", func(d *desk, cancel func()) { d.atPacer = cancel }, false},
		{"when the request is sent", at(hang), true},
		{"after the effect", at(after(hang)), true},
		{"with the answer's header", at(passOn), true},
		{"in the answer's body", at(spoiled(stalledBody)), true},
		{"at a broken connection", at(reset), true},
		{"in the wait after a failure", func(d *desk, cancel func()) {
			d.wire.strike("", &fault{strike: func(*wire, *http.Request, []byte) (*http.Response, error) {
				time.AfterFunc(time.Nanosecond, cancel)
				return nil, errReset
			}}, true)
		}, true},
		{"in the wait for a throttle", func(d *desk, cancel func()) {
			d.wire.strike("", &fault{strike: func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
				time.AfterFunc(time.Second, cancel)
				return graphError(400, 80008, http.Header{"Retry-After": {"20"}})(w, req, body)
			}}, true)
		}, true},
	}
}

// Token is the admin's, and a place to end a context at.
func (d *desk) Token(ctx context.Context) (*oauth2.Token, error) {
	if d.atToken != nil {
		d.atToken()
		return nil, ctx.Err()
	}
	return wagraph.SecretToken(d.world.Admin.Token).Token(ctx)
}

// Wait lets every call go, and is a place to end a context at.
func (d *desk) Wait(ctx context.Context) error {
	if d.atPacer != nil {
		d.atPacer()
		return ctx.Err()
	}
	return nil
}

// TestAContextEndsAnywhere ends the context of every call at every point.
func TestAContextEndsAnywhere(t *testing.T) {
	songs, combinations := newCanary(), 0
	for _, c := range calls() {
		t.Run(c.room+" "+c.name, func(t *testing.T) {
			for _, p := range points() {
				combinations++
				synctest.Test(t, func(t *testing.T) { endAt(t, songs, c, p) })
			}
		})
	}
	t.Logf("%d combinations: %d calls, %d points", combinations, len(calls()), len(points()))
}

func endAt(t *testing.T, songs *canary, c *call, p point) {
	t.Helper()
	d := newDesk(t)
	d.graph = d.client(t, d, wagraph.WithPacer(d))
	why := errors.New("the program ends")
	ctx, cancel := context.WithCancelCause(t.Context())
	p.reach(d, func() { cancel(why) })
	began := time.Now()
	err := c.make(ctx, d)
	require.LessOrEqual(t, time.Since(began), 5*time.Second, p.name)
	songs.require(t, said(err)+d.log.String(), d.secrets()...)
	if p.name == "with the answer's header" && err == nil {
		return // the answer was there
	}
	if ctx.Err() == nil { // it takes another token or none, or does not wait
		require.Contains(t, []string{"when the token is asked for", "in the wait after a failure", "in the wait for a throttle"}, p.name)
		return
	}
	require.Error(t, err, p.name)
	kinds := []wagraph.Kind{wagraph.ErrInterrupted}
	if p.sent {
		kinds = append(kinds, wagraph.ErrOutcomeUnknown, wagraph.ErrTransient, wagraph.ErrThrottled)
	}
	require.Contains(t, kinds, wagraph.KindOf(err), "%s: %v", p.name, err)
	if wagraph.KindOf(err) == wagraph.ErrInterrupted {
		require.ErrorIs(t, err, context.Canceled, "%s: %v", p.name, err)
	}
	if c.effect != nil {
		require.LessOrEqual(t, c.effect(d), 1, p.name)
		if !p.sent {
			require.Zero(t, c.effect(d)*count(c.class == once || c.class == guarded), p.name)
		}
	}
	if !p.sent && !d.prepared {
		require.Empty(t, d.wire.sent(""), p.name)
	}
}

// sources are token sources as nobody should write them.
func sources() map[string]wagraph.TokenSource {
	return map[string]wagraph.TokenSource{
		"fails": source(func(context.Context) (*oauth2.Token, error) { return nil, errors.New("vault is sealed") }),
		"fails with a token": source(func(context.Context) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "x"}, errors.New("half")
		}),
		"blocks":        source(func(ctx context.Context) (*oauth2.Token, error) { <-ctx.Done(); return nil, ctx.Err() }),
		"gives nothing": source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{}, nil }),
		"gives a line break": source(func(context.Context) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "EAA\r\nX-Evil: 1"}, nil
		}),
		"gives a blank":   source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "EAA and more"}, nil }),
		"gives a NUL":     source(func(context.Context) (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "EAA\x00"}, nil }),
		"is a deadline's": source(func(context.Context) (*oauth2.Token, error) { return nil, context.DeadlineExceeded }),
		"is nil":          nil,
		"wraps a typed error": source(func(context.Context) (*oauth2.Token, error) {
			return nil, &wagraph.Error{Kind: wagraph.ErrAuth, Code: 190}
		}),
	}
}

type source func(context.Context) (*oauth2.Token, error)

func (s source) Token(ctx context.Context) (*oauth2.Token, error) { return s(ctx) }

// TestNoTokenNoRequest has every token source fail under every kind of request.
func TestNoTokenNoRequest(t *testing.T) {
	for name, source := range sources() {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			graph := d.graph.As(source)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			batch := wagraph.NewBatch(graph)
			result := wagraph.Add(batch, d.readAccount())
			errs := []error{
				graph.Do(ctx, wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil),
				batch.Send(ctx),
				wagraph.SendByIDs(ctx, graph, []wagraph.Op[struct{}]{{Request: d.readAccount().Request}})[0].Err,
			}
			for _, err := range wagraph.NewList[struct{}](graph, wagraph.Request{Route: "/me/accounts"}, wagraph.ListOptions{}).All(ctx) {
				errs = append(errs, err)
			}
			require.Len(t, errs, 4)
			for _, err := range errs {
				require.Error(t, err, name)
				require.NotEmpty(t, wagraph.KindOf(err), "%s: %v", name, err)
				require.NotContains(t, err.Error(), "Evil", name)
			}
			require.Error(t, result.Err, "%s: an op that was not sent has no value", name)
			require.Empty(t, d.wire.sent(""), name)
		})
	}
}

// TestATokenThatChanges is asked for with every call, and its proof with it.
func TestATokenThatChanges(t *testing.T) {
	d := newDesk(t)
	tokens := []wagraph.Secret{d.world.Admin.Token, d.world.Employee.Token}
	asked := 0
	graph := d.graph.As(source(func(ctx context.Context) (*oauth2.Token, error) {
		asked++
		return wagraph.SecretToken(tokens[asked%2]).Token(ctx)
	}))
	proofs := map[string]bool{}
	for range 6 {
		require.NoError(t, graph.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil), "the proof fits the token")
	}
	for _, s := range d.wire.sent("") {
		proofs[s.header.Get("Authorization")+s.url.Query().Get("appsecret_proof")] = true
	}
	require.Equal(t, 6, asked)
	require.Len(t, proofs, 2)
}

// TestEveryTenantCallsWithItsOwnToken shares one client among many goroutines,
// each with a token and options of its own.
func TestEveryTenantCallsWithItsOwnToken(t *testing.T) {
	d := newDesk(t, graphtest.RequireProof())
	tokens := []wagraph.Secret{d.world.Admin.Token, d.world.Employee.Token, d.token}
	ids := make([][]wagraph.UserID, len(tokens))
	var wg sync.WaitGroup
	for i, token := range tokens {
		ids[i] = make([]wagraph.UserID, 20)
		for n := range ids[i] {
			wg.Go(func() {
				graph := d.graph.As(wagraph.SecretToken(token))
				if n%2 == 0 {
					with, err := graph.With(wagraph.WithVersion("v24.0"), wagraph.WithRetry(wagraph.RetryPolicy{MaxAttempts: n + 1}))
					if err != nil {
						return
					}
					graph = with
				}
				var me struct {
					ID wagraph.UserID `json:"id"`
				}
				if graph.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, &me) == nil {
					ids[i][n] = me.ID
				}
			})
		}
	}
	wg.Wait()
	seen := map[wagraph.UserID]bool{}
	for i := range ids {
		require.NotEmpty(t, ids[i][0])
		require.Len(t, slices.Compact(ids[i]), 1, "somebody called with another's token")
		seen[ids[i][0]] = true
	}
	require.Len(t, seen, len(tokens))
}

// TestDatesThatAreOff: Retry-After may be a date, by a clock that is not ours.
func TestDatesThatAreOff(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		waits  time.Duration // at least; 0: the call returns at once
		kind   wagraph.Kind  // "" for a success
	}{
		"in the past":       {"Sun, 06 Nov 1994 08:49:37 GMT", 500 * time.Millisecond, ""},
		"in a century":      {"Fri, 31 Dec 2100 23:59:59 GMT", 0, wagraph.ErrThrottled},
		"in 20 s":           {"Sat, 01 Jan 2000 00:00:20 GMT", 20 * time.Second, ""},
		"no date":           {"soon", 500 * time.Millisecond, ""},
		"a negative number": {"-20", 500 * time.Millisecond, ""},
		"a fraction":        {"0.5", 500 * time.Millisecond, ""},
		"beyond all ages":   {"99999999999999999999", 0, wagraph.ErrThrottled},
		"a year in seconds": {"31536000", 0, wagraph.ErrThrottled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.wire.strike("", &fault{strike: graphError(400, 80008, http.Header{"Retry-After": {c.header}})}, false)
				began := time.Now()
				err := d.graph.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil)
				require.Equal(t, c.kind, wagraph.KindOf(err), "%v", err)
				require.GreaterOrEqual(t, time.Since(began), c.waits)
				if c.kind == "" {
					require.Less(t, time.Since(began), 30*time.Second)
					return
				}
				require.Zero(t, time.Since(began))
				e, _ := errors.AsType[*wagraph.Error](err)
				require.Greater(t, e.RetryAfter, 30*24*time.Hour, "a long wait, and none that overflows")
				require.Less(t, e.RetryAfter, 366*24*time.Hour)
			})
		})
	}
}

// TestAnErrorDoesNotFloodALog: a gateway may answer with anything.
func TestAnErrorDoesNotFloodALog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		long := strings.Repeat("é", 20_000)
		blamed := strings.TrimSuffix(strings.Repeat(`["a","b"],`, 10_000), ",")
		body := fmt.Sprintf(`{"error":{"code":100,"message":%q,"error_user_msg":%q,"fbtrace_id":%q,"error_data":{"details":%q,"blame_field_specs":[%s]}}}`,
			long, long, long, long, blamed)
		d.wire.strike("", &fault{strike: answers(400, jsonT, body)}, false)
		err := d.graph.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil)
		require.Equal(t, wagraph.ErrInvalid, wagraph.KindOf(err))
		require.Less(t, len(err.Error()), 20_000)
		require.Contains(t, err.Error(), "... (40000 bytes)")
		require.True(t, utf8.ValidString(err.Error()))
		require.Less(t, d.log.Len(), 40_000)
	})
}

// TestARoundTripperThatPanics leaves nobody waiting for a connection that the
// panicking call was the first to ask for.
func TestARoundTripperThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.wire.strike("", &fault{strike: func(*wire, *http.Request, []byte) (*http.Response, error) { panic("a bug of theirs") }}, false)
		me := wagraph.Request{Method: http.MethodGet, Route: "/me"}
		err := d.graph.Do(t.Context(), me, nil)
		require.Equal(t, wagraph.ErrPanicked, wagraph.KindOf(err))
		require.ErrorContains(t, err, "RoundTripper.RoundTrip panicked: a bug of theirs")
		began := time.Now()
		require.NoError(t, d.graph.Do(t.Context(), me, nil))
		require.Zero(t, time.Since(began))
	})
}

// TestAHangingFirstCallHoldsNobodyUp: over TLS a burst waits for the first
// call's connection, but not for long.
func TestAHangingFirstCallHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.wire.strike("", &fault{strike: hang}, false)
		me := wagraph.Request{Method: http.MethodGet, Route: "/me", Repeat: wagraph.RepeatOnce}
		var wg sync.WaitGroup
		wg.Go(func() { _ = d.graph.Do(t.Context(), me, nil) })
		synctest.Wait()
		took := make([]time.Duration, 8)
		for i := range took {
			wg.Go(func() {
				began := time.Now()
				if err := d.graph.Do(t.Context(), me, nil); err != nil {
					took[i] = time.Hour
					return
				}
				took[i] = time.Since(began)
			})
		}
		wg.Wait()
		require.LessOrEqual(t, slices.Max(took), 5*time.Second, fmt.Sprint(took))
	})
}
