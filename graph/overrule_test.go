package graph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Each TestOverrule holds one default of a library that the SDK overrules. The
// defaults of the retry loop itself are shown in internal/transport, on real
// sockets, beside the SDK's.

func TestOverrule_PostIsNotRepeatedAfterALostAnswer(t *testing.T) {
	for name, fault := range map[string]answer{
		"reset": fails(errReset), "502": reply(http.StatusBadGateway, "<html>"), "cut": cut(http.StatusOK, `{"succ`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire(fault)
				err := newClient(t, w).Do(t.Context(), write(graph.RepeatAuto), nil)
				require.ErrorIs(t, err, graph.ErrOutcomeUnknown)
				require.Equal(t, 1, w.count())
			})
		})
	}
}

func TestOverrule_ThrottleIsKnownByItsCodeNotItsStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(graphError(http.StatusBadRequest, `"code":80008,"message":"too many calls"`), reply(http.StatusOK, `{"success":true}`))
		require.NoError(t, newClient(t, w).Do(t.Context(), write(graph.RepeatAuto), nil))
		require.Equal(t, 2, w.count(), "a throttled write was not processed, so it may be sent again")
	})
}

func TestOverrule_ResetKnowsItsMethod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(fails(errReset), reply(http.StatusOK, `{"id":"102290129340398"}`))
		require.NoError(t, newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil))
		require.Equal(t, 2, w.count(), "a read is repeated after a reset")
	})
}

func TestOverrule_RetryAfterHasABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(http.StatusTooManyRequests, "slow down", "Retry-After: 86400"))
		start := time.Now()
		err := newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, graph.ErrThrottled)
		require.Equal(t, 24*time.Hour, graphErrorOf(t, err).RetryAfter, "the wait is told, whole")
		require.Equal(t, 1, w.count())
		require.Zero(t, time.Since(start), "and not waited for")
	})
}

func TestOverrule_RetryAfterIsNotWaitedIntoTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(http.StatusTooManyRequests, "slow down", "Retry-After: 20"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		err := newClient(t, w).Do(ctx, read(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, graph.ErrThrottled)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 20*time.Second, graphErrorOf(t, err).RetryAfter)
		require.Zero(t, time.Since(start))
	})
}

func TestOverrule_GraphsErrorSurvivesGivingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(graphError(http.StatusInternalServerError, `"code":2,"message":"Service temporarily unavailable","fbtrace_id":"Atrace"`))
		e := graphErrorOf(t, newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil))
		require.Equal(t, 2, e.Code)
		require.Equal(t, 4, e.Attempts)
		require.Equal(t, "Atrace", e.TraceID)
		require.Contains(t, e.Error(), "Service temporarily unavailable")
	})
}

func TestOverrule_GraphsErrorSurvivesCancelling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(graphError(http.StatusBadRequest, `"code":4,"message":"app limit"`, "Retry-After: 20"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		err := newClient(t, w).Do(ctx, read(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, graph.ErrThrottled)
		e := graphErrorOf(t, err)
		require.Equal(t, 4, e.Code)
		require.Equal(t, 20*time.Second, e.RetryAfter)
	})
}

func TestOverrule_WaitsHaveFullJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(http.StatusBadGateway, "<html>"))
		c := newClient(t, w, graph.WithRetry(graph.RetryPolicy{MaxAttempts: 200, MinWait: time.Second, MaxWait: time.Second}))
		require.Error(t, c.Do(t.Context(), read(graph.RepeatAuto), nil))
		var low, high int
		for i := 1; i < len(w.Sent()); i++ {
			wait := w.Sent()[i].At.Sub(w.Sent()[i-1].At)
			require.Less(t, wait, time.Second)
			switch {
			case wait < 250*time.Millisecond:
				low++
			case wait > 750*time.Millisecond:
				high++
			}
		}
		// Of 199 waits a quarter is expected in each; 15 is 6 sigma below that.
		require.Greater(t, low, 15, "waits reach down to zero")
		require.Greater(t, high, 15, "and up to the bound")
	})
}

func TestOverrule_AttemptsTimeOut(t *testing.T) {
	for name, fault := range map[string]answer{"no answer": hang, "endless body": stall} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire(fault)
				c := newClient(t, w, graph.WithRetry(graph.RetryPolicy{MaxAttempts: 2, MinWait: -1, AttemptTimeout: 7 * time.Second}))
				start := time.Now()
				err := c.Do(t.Context(), read(graph.RepeatAuto), nil)
				require.ErrorIs(t, err, graph.ErrTransient)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, 14*time.Second, time.Since(start))
			})
		})
	}
}

func TestOverrule_BodiesAreSentWholeEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(graphError(http.StatusBadRequest, `"code":4`), fails(errDial), reply(http.StatusOK, `{"success":true}`))
		require.NoError(t, newClient(t, w).Do(t.Context(), write(graph.RepeatAuto), nil))
		require.Equal(t, 3, w.count())
		for _, s := range w.Sent() {
			require.Equal(t, url.Values{"pin": {pin}, "code": {code}}.Encode(), s.Body)
		}
	})
}

func TestOverrule_TokensDoNotPrint(t *testing.T) {
	require.Contains(t, fmt.Sprintf("%v", &oauth2.Token{AccessToken: token}), token, "the library's default")

	source := graph.StaticToken(token)
	w := newWire(reply(http.StatusOK, `{"id":"102290129340398"}`))
	c := newClient(t, w)
	require.NoError(t, c.Do(t.Context(), read(graph.RepeatAuto), nil)) // the proof is cached now
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		requireNoSecret(t, fmt.Sprintf(verb, source))
		requireNoSecret(t, fmt.Sprintf(verb, c))
	}
}

// omitting is a custom type as go-querystring's own documentation has it.
type omitting struct{ text string }

func (o omitting) EncodeValues(key string, v *url.Values) error { v.Set(key, o.text); return nil }

func TestOverrule_EmptyParametersAreNotSent(t *testing.T) {
	byDefault, err := query.Values(struct {
		Pin omitting `url:"pin,omitempty"`
	}{})
	require.NoError(t, err)
	require.True(t, byDefault.Has("pin"), "the library's default: an empty PIN is sent")

	w := newWire(reply(http.StatusOK, `{"success":true}`))
	req := write(graph.RepeatAuto)
	req.Form = struct {
		Pin    graph.Secret    `url:"pin,omitempty"`
		Bare   graph.Secret    `url:"bare"`
		Tasks  graph.JSONParam `url:"tasks,omitempty"`
		NoList graph.JSONParam `url:"no_list"`
		WABA   graph.WABAID    `url:"waba,omitempty"`
	}{NoList: graph.JSONParam{Value: []string(nil)}}
	require.NoError(t, newClient(t, w).Do(t.Context(), req, nil))
	require.Empty(t, w.Sent()[0].Body)
}

func TestOverrule_NoURLErrorReachesTheCaller(t *testing.T) {
	leaky := &url.Error{Op: "Get", URL: "https://graph.facebook.com/?access_token=" + url.QueryEscape(token), Err: errReset}
	for name, err := range map[string]error{"plain": leaky, "wrapped": fmt.Errorf("gateway: %w", leaky), "quoted": errors.New(leaky.Error())} {
		t.Run(name, func(t *testing.T) {
			got := newClient(t, newWire(fails(err))).Do(t.Context(), read(graph.RepeatOnce), nil)
			var wrapped *url.Error
			require.NotErrorAs(t, got, &wrapped)
			requireNoSecret(t, got.Error())
			requireNoSecret(t, fmt.Sprintf("%#v", got))
		})
	}
}
