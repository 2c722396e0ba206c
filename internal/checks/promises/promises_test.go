package promises_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// There is one short test for each promise. It fails when its promise is broken.
// The generated tests beside it show where.

// faultNamed returns a fault by its name.
func faultNamed(t *testing.T, name string) *fault {
	t.Helper()
	for _, f := range faults() {
		if f.name == name {
			return f
		}
	}
	require.Fail(t, "no such fault", name)
	return nil
}

// TestPromise1_NoSecretLeaves lets servers quote all that was sent in errors,
// pages, headers and network errors, at each call of an onboarding.
func TestPromise1_NoSecretLeaves(t *testing.T) {
	t.Parallel()
	search := new(sdktest.SecretSearch)
	for _, f := range quotingServers() {
		synctest.Test(t, func(t *testing.T) {
			o := newOnboarding(t)
			record := o.onboard(t)
			o.wire.inject("", f, true)
			_, err := o.signups().Exchange(t.Context(), o.customer.Code, signup.ExchangeOptions{})
			o.note(errorTexts(err), record, o.flow, o.client)
			_, err = o.signups().Debug(t.Context(), o.token)
			o.note(errorTexts(err))
			_, err = o.flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
			o.note(errorTexts(err))
			require.Error(t, err)
			o.requireNoSecrets(t, search, f.name)
			requireSafeRequests(t, search, o.fixture)
		})
	}
}

// TestPromise2_NothingIsDoneTwice loses the answers of calls that must not be
// repeated.
func TestPromise2_NothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	for _, c := range calls() {
		if c.class != once && c.class != guarded {
			continue
		}
		for _, name := range []string{"lost reply", "timeout after the effect", "HTML 502 after the effect", "cut body", "HTTP/2 goes away"} {
			synctest.Test(t, func(t *testing.T) {
				fx := newFixture(t)
				fx.wire.inject(c.key(), faultNamed(t, name), true)
				err := c.make(t.Context(), fx)
				require.Equal(t, 1, c.effect(fx), "%s, %s", c.name, name)
				require.Len(t, fx.wire.sent(c.key()), 1, "%s, %s", c.name, name)
				if c.looksFirst {
					require.NoError(t, err, "%s, %s: the method reads, and sees the effect", c.name, name)
				} else {
					require.ErrorIs(t, err, graph.ErrOutcomeUnknown, "%s, %s", c.name, name)
				}
			})
		}
	}
}

// TestPromise3_NothingIsLostOrInventedInAList reads a list with nested lists
// through faults, short pages, wrong links and too much data.
func TestPromise3_NothingIsLostOrInventedInAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t, graphtest.WithClients(230, 3), graphtest.WithThinPages(), graphtest.WithMaxCost(120))
		want, numbers := map[graph.WABAID]bool{}, 0
		for account, err := range waba.New(fx.server.Client()).Clients(fx.world.Business, waba.Query{PageSize: 100}).All(t.Context()) {
			require.NoError(t, err)
			want[account.ID] = true
			for _, err := range phonenumbers.New(fx.server.Client()).List(account.ID, phonenumbers.Query{}).All(t.Context()) {
				require.NoError(t, err)
				numbers++
			}
		}
		list := graph.ListAs[withNumbers](fx.accounts().Clients(fx.world.Business, waba.Query{Prefetch: true}))
		for _, f := range []*fault{
			foreignNext(true), foreignNext(false), faultNamed(t, "cut body"), faultNamed(t, "truncated JSON"),
			faultNamed(t, "a list without data"), faultNamed(t, "a list whose data is null"), faultNamed(t, "an empty object in place of a list"),
			faultNamed(t, "a spurious empty page"), nestedWithout(`{}`), nestedWithout(`{"data":null}`), nestedWithout(`null`),
		} {
			if f.name != "" && f.meets == nil { // not the first request, whose answer would be too large
				f.meets = func(req *http.Request) bool { return req.URL.Query().Get("limit") != "100" }
			}
			fx.wire.inject("", f, f.name == "")
			seen, n := map[graph.WABAID]bool{}, 0
			for row, err := range list.All(t.Context()) {
				require.NoError(t, err)
				require.False(t, seen[row.ID], "%s twice", row.ID)
				seen[row.ID] = true
				n += len(row.Numbers.Data)
				require.False(t, row.Numbers.More())
			}
			require.Equal(t, want, seen)
			require.Equal(t, numbers, n, "%s: the nested lists are complete too", f.name)
			require.Positive(t, fx.wire.hitCount(), f.name)
		}
		require.GreaterOrEqual(t, numbers, 230*3)

		pages := 0
		for page, err := range fx.accounts().Clients(fx.world.Business, waba.Query{PageSize: 10}).Pages(t.Context(), "") {
			if pages++; pages == 1 {
				require.NoError(t, err)
				require.NoError(t, fx.server.DeleteWABA(page.Items[len(page.Items)-1].ID), "the cursor ends with its item")
				continue
			}
			require.ErrorIs(t, err, graph.ErrCursorExpired)
		}
		require.Equal(t, 2, pages)

		// Graph can also answer an old cursor with an empty page, as at the end.
		fx = newFixture(t, graphtest.WithClients(30, 0), graphtest.WithEmptyOnDeadCursor())
		pages = 0
		for page, err := range fx.accounts().Clients(fx.world.Business, waba.Query{PageSize: 10}).Pages(t.Context(), "") {
			if pages++; pages == 1 {
				require.NoError(t, fx.server.DeleteWABA(page.Items[len(page.Items)-1].ID))
				continue
			}
			require.ErrorIs(t, err, graph.ErrCursorExpired)
		}
		require.Equal(t, 2, pages)
	})
}

// TestPromise4_ACustomerIsNeverLost ends the process before and after each call of
// an onboarding, and lets another process complete it. A code that was not sent is gone
// with the process: the record then asks for a new signup.
func TestPromise4_ACustomerIsNeverLost(t *testing.T) {
	t.Parallel()
	kills, unsent := 0, 0
	for _, sent := range []bool{false, true} {
		for n := 1; ; n++ {
			hit := false
			synctest.Test(t, func(t *testing.T) {
				o := newOnboarding(t)
				ctx, kill := context.WithCancel(t.Context())
				defer kill()
				var calls atomic.Int64
				o.wire.inject("", &fault{answer: func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
					at := int(calls.Add(1))
					if at < n {
						return w.forward(req)
					}
					if at == n && sent {
						if resp, err := w.forward(req); err == nil {
							_ = resp.Body.Close()
						}
					}
					kill()
					return nil, errReset
				}}, true)
				if record, err := o.flow.Begin(ctx, o.start); err == nil {
					_, _ = o.flow.Run(ctx, record.ID)
				}
				hit = int(calls.Load()) >= n
				o.wire.inject("", nil, false)
				time.Sleep(time.Hour) // the lease of the first process ends
				o.flow = o.newFlow(t)
				record, err := o.flow.Begin(t.Context(), o.start)
				require.NoError(t, err)
				record = o.runToEnd(t, record)
				if o.server.Exchanges(o.customer.Code) == 0 {
					// The code never arrived, so there is no token. The record says what to do.
					require.Equal(t, onboard.StateNeedsNewSignup, record.State, "killed at call %d: %+v", n, record.Steps)
					require.NotEmpty(t, record.Step(onboard.StepToken, "").Reason)
					o.requireDoneOnce(t, fmt.Sprintf("killed at call %d", n))
					unsent++
					return
				}
				require.Equal(t, onboard.StateDone, record.State, "killed at call %d: %+v", n, record.Steps)
				o.requireOnboarded(t, record, fmt.Sprintf("killed at call %d", n))
			})
			if !hit {
				break
			}
			kills++
		}
	}
	t.Logf("%d kills survived; %d before the code was sent", kills, unsent)
	require.LessOrEqual(t, unsent, 1, "only a kill before the exchange loses the code")
	require.Greater(t, kills, 20)
}

// TestPromise5_ErrorsSayWhatToDo checks that an error has all that a person needs.
func TestPromise5_ErrorsSayWhatToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t)
		const route = "POST /{phone-number-id}/register"
		fx.server.Once(route, graphtest.Fault{Code: 133016, Message: "Account register/deregister rate limit exceeded"})
		err := fx.numbers().Register(t.Context(), fx.number, fx.pin)
		require.ErrorIs(t, err, graph.ErrWait)
		require.ErrorIs(t, err, graph.Code(133016))
		e, _ := errors.AsType[*graph.Error](err)
		require.NotEmpty(t, e.TraceID)
		require.NotEmpty(t, e.Advice)
		for _, part := range []string{string(fx.number), "133016", "rate limit exceeded", "72 hours", e.TraceID} {
			require.ErrorContains(t, err, part)
		}

		began := time.Now()
		fx.server.Throttle("GET /{waba-id}", 1, 19*time.Minute)
		_, err = fx.accounts().Get(t.Context(), fx.waba)
		e, _ = errors.AsType[*graph.Error](err)
		require.ErrorIs(t, err, graph.ErrThrottled)
		require.Equal(t, 19*time.Minute, e.RetryAfter)
		require.Zero(t, time.Since(began), "a wait that is too long is in the error, and the call returns at once")

		_, err = fx.accounts().Get(t.Context(), "12345x")
		require.ErrorIs(t, err, graph.ErrInput)
		require.ErrorContains(t, err, "waba-id")
		require.Len(t, fx.wire.sent("GET /{waba-id}"), 1)
	})
}

// TestPromise6_TheQuotaIsSpentWell counts the calls of a nested list, and the
// calls of an hour at the limit.
func TestPromise6_TheQuotaIsSpentWell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type row struct {
			waba.Account
			Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
		}
		fx := newFixture(t, graphtest.WithClients(1000, 2))
		require.NoError(t, readAll(t.Context(), fx, graph.ListAs[row](fx.accounts().Clients(fx.world.Business, waba.Query{}))))
		rows := len(fx.got.([]row))
		require.Greater(t, rows, 1000)
		require.LessOrEqual(t, float64(len(fx.wire.sent(""))), 0.011*float64(rows), "calls per account")
	})
	synctest.Test(t, func(t *testing.T) {
		fx := newFixture(t, graphtest.WithQuota())
		fx.client = fx.newClient(t, graph.SecretToken(fx.world.Admin.Token), graph.WithPacer(pacing.New(pacing.Config{})))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		calls := 0
		for ; ctx.Err() == nil; calls++ {
			if _, err := fx.accounts().Get(ctx, fx.waba); err != nil {
				_, held := errors.AsType[*pacing.WaitError](err)
				require.True(t, held || ctx.Err() != nil, "%v", err)
				break
			}
		}
		require.Greater(t, calls, 190, "of 200 calls an hour")
		require.Equal(t, calls, fx.successes(http.MethodGet, "/{waba-id}"))
		require.Len(t, fx.wire.sent("GET /{waba-id}"), calls, "Meta refused no call")
	})
}

// TestPromise7_UnknownIsNotAnError lets each call decode answers with new keys, new
// values, ids as numbers, numbers as strings, and nulls.
func TestPromise7_UnknownIsNotAnError(t *testing.T) {
	t.Parallel()
	decodeEveryDrift(t)
}
