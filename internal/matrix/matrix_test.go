package matrix_test

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

	"github.com/seed-8fdceacd/wagraph"
)

// longest bounds any call that meets one fault: four attempts of a minute each,
// three waits of up to 31 s between them, and what a helper waits to confirm.
const longest = 6 * time.Minute

// TestEveryCallMeetsEveryFault is the fault matrix.
func TestEveryCallMeetsEveryFault(t *testing.T) {
	songs := newCanary()
	var combinations atomic.Int64
	t.Run("calls", func(t *testing.T) {
		for _, c := range calls() {
			t.Run(c.room+" "+c.name, func(t *testing.T) {
				t.Parallel()
				for _, f := range faults() {
					for _, always := range []bool{false, true} {
						combinations.Add(1)
						t.Run(fmt.Sprintf("%s, %s", f.name, map[bool]string{true: "each time", false: "once"}[always]), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { meet(t, songs, c, f, always) })
						})
					}
				}
			})
		}
	})
	t.Logf("%d combinations: %d calls, %d faults, once and each time", combinations.Load(), len(calls()), len(faults()))
}

// meet makes one call meet one fault. The bubble around it fails if a goroutine
// is left or nothing moves any more, the desk if a body is left open.
func meet(t *testing.T, songs *canary, c *call, f *fault, always bool) {
	t.Helper()
	about := fmt.Sprintf("%s, each time: %t", f.name, always)
	d := newDesk(t)
	d.wire.strike(c.key(), f, always)
	began := time.Now()
	err := c.make(t.Context(), d)
	took := time.Since(began)
	require.Positive(t, d.wire.hits(), "%s: the fault did not strike", about)
	require.LessOrEqual(t, took, longest, about)
	songs.require(t, about+said(err)+d.log.String()+d.traced.seen.String(), d.secrets()...)
	requireEnd(t, c, f, always, err)
	if c.effect != nil {
		n := c.effect(d)
		require.LessOrEqual(t, n, 1, "%s: done twice: %v", about, err)
		if err == nil {
			require.Equal(t, 1, n, "%s: not done, and no error", about)
		}
	}
	if c.class == once {
		require.Len(t, d.wire.sent(c.key()), 1, about)
	}
	requireAtHome(t, d, about)
	if c.finds || !c.ends && (c.class == idempotent || c.class == reads) {
		d.wire.strike("", nil, false)
		require.NoError(t, c.make(t.Context(), d), "%s: again, without it", about)
		if c.effect != nil {
			require.Equal(t, 1, c.effect(d), "%s: again, without it", about)
		}
	}
}

// requireEnd asserts how a call ends that met a fault.
func requireEnd(t *testing.T, c *call, f *fault, always bool, err error) {
	t.Helper()
	about := fmt.Sprintf("%s, each time: %t", f.name, always)
	kinds, succeeds := f.ends(c.class, always)
	switch {
	case c.finds:
		succeeds = true
		kinds = append(kinds, f.kind, wagraph.ErrOutcomeUnknown)
	case c.apart && len(kinds) > 0:
		kinds = append(kinds, wagraph.ErrTransient)
		succeeds = succeeds || f.fate == lasting && !always && (c.class == reads || c.class == idempotent)
	}
	if err == nil {
		require.True(t, succeeds, "%s: succeeded, and should have ended in %v", about, kinds)
		return
	}
	var e *wagraph.Error
	require.ErrorAs(t, err, &e, "%s: not a typed error", about)
	require.NotEmpty(t, kinds, "%s: %v", about, err)
	require.Contains(t, kinds, e.Kind, "%s: %v", about, err)
	require.Equal(t, e.Kind, wagraph.KindOf(err))
	require.ErrorIs(t, err, e.Kind)
	require.NotEmpty(t, e.Method+e.Route, about)
	require.NotContains(t, err.Error(), "://", "%s: a URL", about)
	if f.wait > 0 {
		require.Equal(t, f.wait, e.RetryAfter, "%s: the wait, whole", about)
	}
}

// requireAtHome asserts that nothing was sent elsewhere.
func requireAtHome(t *testing.T, d *desk, about string) {
	t.Helper()
	for _, s := range d.wire.sent("") {
		require.Equal(t, "https://graph.wagraph.test", s.url.Scheme+"://"+s.url.Host, about)
		require.Empty(t, s.header.Get("Cookie")+s.header.Get("Referer"), about)
	}
}

// said is all that an error says, to whomever it is shown.
func said(err error) string {
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
		switch inner := err.(type) { //nolint:errorlint // each error is looked at by itself
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
