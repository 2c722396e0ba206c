package matrix_test

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

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/pacing"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// One test for each promise. Each is short, and fails when its promise is broken;
// the generated tests beside it say where.

// named finds a fault.
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

// TestPromise1_NoSecretLeaves has everything that is sent come back in errors,
// pages, headers and network errors, at every call of an onboarding.
func TestPromise1_NoSecretLeaves(t *testing.T) {
	songs := newCanary()
	for _, f := range echoes() {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			record := o.onboard(t)
			o.wire.strike("", f, true)
			_, err := o.signups().Exchange(t.Context(), o.them.Code, signup.ExchangeOptions{})
			o.note(said(err), record, o.flow, o.graph)
			_, err = o.signups().Debug(t.Context(), o.token)
			o.note(said(err))
			_, err = o.flow.Offboard(t.Context(), signup.Offboarding{Record: record.ID, EveryWABA: true})
			o.note(said(err))
			require.Error(t, err)
			o.requireSilent(t, songs, f.name)
			requireSafeRequests(t, songs, o.desk)
		})
	}
}

// TestPromise2_NothingIsDoneTwice loses the answers of what must not be repeated.
func TestPromise2_NothingIsDoneTwice(t *testing.T) {
	for _, c := range calls() {
		if c.class != once && c.class != guarded {
			continue
		}
		for _, name := range []string{"lost reply", "timeout after the effect", "HTML 502 after the effect", "cut body", "HTTP/2 goes away"} {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.wire.strike(c.key(), faultNamed(t, name), true)
				err := c.make(t.Context(), d)
				require.Equal(t, 1, c.effect(d), "%s, %s", c.name, name)
				require.Len(t, d.wire.sent(c.key()), 1, "%s, %s", c.name, name)
				if c.finds {
					require.NoError(t, err, "%s, %s: it looks, and finds it done", c.name, name)
				} else {
					require.ErrorIs(t, err, wagraph.ErrOutcomeUnknown, "%s, %s", c.name, name)
				}
			})
		}
	}
}

// TestPromise3_NothingIsLostOrInventedInAList reads a list of lists through
// faults, thin pages, lying links and too much data.
func TestPromise3_NothingIsLostOrInventedInAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, graphtest.WithClients(230, 3), graphtest.WithThinPages(), graphtest.WithMaxCost(120))
		want, n := map[wagraph.WABAID]bool{}, 0
		for account, err := range waba.New(d.server.Client()).Clients(d.world.Business, waba.Query{PageSize: 100}).All(t.Context()) {
			require.NoError(t, err)
			want[account.ID] = true
		}
		list := wagraph.ListAs[withNumbers](d.accounts().Clients(d.world.Business, waba.Query{Prefetch: true}))
		for _, f := range []*fault{luring(true), luring(false), faultNamed(t, "cut body"), faultNamed(t, "truncated JSON")} {
			d.wire.strike("", f, f.name == "")
			seen := map[wagraph.WABAID]bool{}
			for row, err := range list.All(t.Context()) {
				require.NoError(t, err)
				require.False(t, seen[row.ID], "%s twice", row.ID)
				seen[row.ID] = true
				n += len(row.Numbers.Data)
				require.False(t, row.Numbers.More())
			}
			require.Equal(t, want, seen)
		}
		require.GreaterOrEqual(t, n, 4*230*3, "the inner lists are whole, too")

		pages := 0
		for page, err := range d.accounts().Clients(d.world.Business, waba.Query{PageSize: 10}).Pages(t.Context(), "") {
			if pages++; pages == 1 {
				require.NoError(t, err)
				require.NoError(t, d.server.DeleteWABA(page.Items[len(page.Items)-1].ID), "the cursor dies with its item")
				continue
			}
			require.ErrorIs(t, err, wagraph.ErrCursorExpired)
		}
		require.Equal(t, 2, pages)

		// The other way in which a cursor dies: an empty page, as if it were the end.
		d = newDesk(t, graphtest.WithClients(30, 0), graphtest.WithEmptyOnDeadCursor())
		pages = 0
		for page, err := range d.accounts().Clients(d.world.Business, waba.Query{PageSize: 10}).Pages(t.Context(), "") {
			if pages++; pages == 1 {
				require.NoError(t, d.server.DeleteWABA(page.Items[len(page.Items)-1].ID))
				continue
			}
			require.ErrorIs(t, err, wagraph.ErrCursorExpired)
		}
		require.Equal(t, 2, pages)
	})
}

// TestPromise4_ACustomerIsNeverLost kills the process around each call of an
// onboarding, and has another one finish it.
func TestPromise4_ACustomerIsNeverLost(t *testing.T) {
	kills := 0
	for _, sent := range []bool{false, true} {
		for n := 1; ; n++ {
			hit := false
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				ctx, kill := context.WithCancel(t.Context())
				defer kill()
				var calls atomic.Int64
				o.wire.strike("", &fault{strike: func(w *wire, req *http.Request, _ []byte) (*http.Response, error) {
					at := int(calls.Add(1))
					if at < n {
						return w.pass(req)
					}
					if at == n && sent {
						if resp, err := w.pass(req); err == nil {
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
				o.wire.strike("", nil, false)
				time.Sleep(time.Hour) // its lease runs out
				o.flow = o.newFlow(t)
				record, err := o.flow.Begin(t.Context(), o.start)
				require.NoError(t, err)
				record = o.goOn(t, record)
				require.Equal(t, signup.StateDone, record.State, "killed at call %d: %+v", n, record.Steps)
				o.requireLive(t, record, fmt.Sprintf("killed at call %d", n))
			})
			if !hit {
				break
			}
			kills++
		}
	}
	t.Logf("%d kills survived", kills)
	require.Greater(t, kills, 20)
}

// TestPromise5_ErrorsSayWhatToDo asks an error all that a person needs.
func TestPromise5_ErrorsSayWhatToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		const route = "POST /{phone-number-id}/register"
		d.server.Once(route, graphtest.Fault{Code: 133016, Message: "Account register/deregister rate limit exceeded"})
		err := d.numbers().Register(t.Context(), d.number, d.pin)
		require.ErrorIs(t, err, wagraph.ErrWait)
		require.ErrorIs(t, err, wagraph.Code(133016))
		e, _ := errors.AsType[*wagraph.Error](err)
		require.NotEmpty(t, e.TraceID)
		require.NotEmpty(t, e.Advice)
		for _, part := range []string{string(d.number), "133016", "rate limit exceeded", "72 hours", e.TraceID} {
			require.ErrorContains(t, err, part)
		}

		began := time.Now()
		d.server.Throttle("GET /{waba-id}", 1, 19*time.Minute)
		_, err = d.accounts().Get(t.Context(), d.waba)
		e, _ = errors.AsType[*wagraph.Error](err)
		require.ErrorIs(t, err, wagraph.ErrThrottled)
		require.Equal(t, 19*time.Minute, e.RetryAfter)
		require.Zero(t, time.Since(began), "a wait that is too long is told, not waited for")

		_, err = d.accounts().Get(t.Context(), "12345x")
		require.ErrorIs(t, err, wagraph.ErrInput)
		require.ErrorContains(t, err, "waba-id")
		require.Len(t, d.wire.sent("GET /{waba-id}"), 1)
	})
}

// TestPromise6_TheQuotaIsSpentWell counts calls: of a nested list, and of an
// hour at the wall.
func TestPromise6_TheQuotaIsSpentWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type row struct {
			waba.Account
			Numbers wagraph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
		}
		d := newDesk(t, graphtest.WithClients(1000, 2))
		require.NoError(t, all(t.Context(), d, wagraph.ListAs[row](d.accounts().Clients(d.world.Business, waba.Query{}))))
		rows := len(d.got.([]row))
		require.Greater(t, rows, 1000)
		require.LessOrEqual(t, float64(len(d.wire.sent(""))), 0.011*float64(rows), "calls per account")
	})
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, graphtest.WithQuota())
		d.graph = d.client(t, wagraph.SecretToken(d.world.Admin.Token), wagraph.WithPacer(pacing.New(pacing.Options{})))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		calls := 0
		for ; ctx.Err() == nil; calls++ {
			if _, err := d.accounts().Get(ctx, d.waba); err != nil {
				_, held := errors.AsType[*pacing.WaitError](err)
				require.True(t, held || ctx.Err() != nil, "%v", err)
				break
			}
		}
		require.Greater(t, calls, 190, "of 200 calls an hour")
		require.Equal(t, calls, d.done(http.MethodGet, "/{waba-id}"))
		require.Len(t, d.wire.sent("GET /{waba-id}"), calls, "Meta had to refuse none")
	})
}

// TestPromise7_UnknownIsNotAnError has every call decode answers that have
// drifted: new keys, new values, ids as numbers, numbers as texts, nulls.
func TestPromise7_UnknownIsNotAnError(t *testing.T) { decodeEveryDrift(t) }
