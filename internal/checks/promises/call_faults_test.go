package promises_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// maxDuration is the longest time of a call that meets one fault: four attempts
// of a minute each, three waits of up to 31 s between them, and the time that a
// method waits to confirm its write.
const maxDuration = 6 * time.Minute

// TestFaultMatrix_EveryCall lets each call meet each fault, once and each time.
func TestFaultMatrix_EveryCall(t *testing.T) {
	t.Parallel()
	search, chosen := new(sdktest.SecretSearch), newSample(t)
	var combinations atomic.Int64
	t.Run("calls", func(t *testing.T) {
		for _, c := range calls() {
			t.Run(c.pkg+" "+c.name, func(t *testing.T) {
				t.Parallel()
				for _, f := range faultsOf(c) {
					for _, always := range []bool{false, true} {
						name := fmt.Sprintf("%s, %s", f.name, map[bool]string{true: "each time", false: "once"}[always])
						if !chosen.has(c.pkg + " " + c.name + " " + name) {
							continue
						}
						combinations.Add(1)
						t.Run(name, func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { runWithFault(t, search, c, f, always) })
						})
					}
				}
			})
		}
	})
	t.Logf("%d combinations: %d calls, %d faults, once and each time", combinations.Load(), len(calls()), len(faults()))
}

// runWithFault makes one call that meets one fault. The synctest bubble around it
// fails if a goroutine is left or blocked, and the fixture if a body is left open.
func runWithFault(t *testing.T, search *sdktest.SecretSearch, c *call, f *fault, always bool) {
	t.Helper()
	about := fmt.Sprintf("%s, each time: %t", f.name, always)
	fx := newFixture(t)
	fx.wire.inject(c.key(), f, always)
	began := time.Now()
	err := c.make(t.Context(), fx)
	took := time.Since(began)
	require.Positive(t, fx.wire.hitCount(), "%s: no call met the fault", about)
	require.LessOrEqual(t, took, maxDuration, about)
	search.RequireNone(t, about+errorTexts(err)+fx.log.String()+fx.traced.seen.String(), fx.secrets()...)
	requireEnd(t, c, f, always, err)
	if c.effect != nil {
		n := c.effect(fx)
		require.LessOrEqual(t, n, 1, "%s: done twice: %v", about, err)
		if err == nil {
			require.Equal(t, 1, n, "%s: not done, and no error", about)
		}
	}
	if c.class == once {
		require.Len(t, fx.wire.sent(c.key()), 1, about)
	}
	requireOneOrigin(t, fx, about)
	got := fx.got
	if c.looksFirst || !c.oneWay && (c.class == idempotent || c.class == reads) {
		fx.wire.inject("", nil, false)
		require.NoError(t, c.make(t.Context(), fx), "%s: again, without it", about)
		if c.effect != nil {
			require.Equal(t, 1, c.effect(fx), "%s: again, without it", about)
		}
	}
	if c.class == reads && !c.looksFirst && err == nil && f.outcome != anyOutcome && !(always && f.meets != nil) {
		require.Equal(t, fx.got, got, "%s: the values are those without it", about)
	}
}

// requireEnd asserts how a call ended that met a fault.
func requireEnd(t *testing.T, c *call, f *fault, always bool, err error) {
	t.Helper()
	about := fmt.Sprintf("%s, each time: %t", f.name, always)
	kinds, succeeds := f.allowedEnds(c.class, always)
	switch {
	case c.looksFirst:
		succeeds = true
		kinds = append(kinds, f.kind, graph.ErrOutcomeUnknown)
	case c.inBulk && len(kinds) > 0:
		kinds = append(kinds, graph.ErrTransient)
		succeeds = succeeds || f.outcome == unknownAlways && !always && (c.class == reads || c.class == idempotent)
	}
	if err == nil {
		require.True(t, succeeds, "%s: succeeded, and should have ended in %v", about, kinds)
		return
	}
	var e *graph.Error
	require.ErrorAs(t, err, &e, "%s: not a typed error", about)
	sdktest.RequireOneKind(t, err)
	require.NotEmpty(t, kinds, "%s: %v", about, err)
	require.Contains(t, kinds, e.Kind, "%s: %v", about, err)
	require.Equal(t, e.Kind, graph.KindOf(err))
	require.ErrorIs(t, err, e.Kind)
	require.NotEmpty(t, e.Method+e.Route, about)
	require.NotContains(t, err.Error(), "://", "%s: a URL", about)
	if f.wait > 0 {
		require.Equal(t, f.wait, e.RetryAfter, "%s: the wait is not shortened", about)
	}
}

// requireOneOrigin asserts that all requests went to the configured origin.
func requireOneOrigin(t *testing.T, fx *fixture, about string) {
	t.Helper()
	for _, s := range fx.wire.sent("") {
		require.Equal(t, "https://graph.wagraph.test", s.URL.Scheme+"://"+s.URL.Host, about)
		require.Empty(t, s.Header.Get("Cookie")+s.Header.Get("Referer"), about)
	}
}

// errorTexts returns everything that an error shows when it is printed, logged or
// marshalled, and the same of the errors that it wraps.
func errorTexts(err error) string {
	if err == nil {
		return ""
	}
	var text strings.Builder
	logs := slog.New(slog.NewJSONHandler(&text, nil))
	logs.LogAttrs(context.Background(), slog.LevelInfo, "failed", slog.Any("error", err))
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		fmt.Fprintf(&text, "%v\n%+v\n%#v\n%q\n", err, err, err, err)
		marshalled, _ := json.Marshal(err)
		text.Write(marshalled)
		switch inner := err.(type) { //nolint:errorlint // each error is printed by itself
		case interface{ Unwrap() error }:
			walk(inner.Unwrap())
		case interface{ Unwrap() []error }:
			for _, e := range inner.Unwrap() {
				walk(e)
			}
		}
	}
	walk(err)
	return text.String()
}
