package onboard_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// requireGone asserts that Meta has none of the partner's subscriptions, assignments and allocations.
func (b *bench) requireGone(t testing.TB, done graphtest.SignupResult, record onboard.Record) {
	t.Helper()
	require.Equal(t, onboard.StateOffboarded, record.State)
	require.False(t, record.TokenKept)
	require.False(t, record.Revoked.IsZero(), "the record remembers that the line was revoked")
	require.Empty(t, record.Deadlines)
	require.Zero(t, record.Holder)
	_, err := b.vault.Get(t.Context(), vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretToken})
	require.ErrorIs(t, err, vault.ErrNoSecret)
	for _, a := range b.server.Allocations() {
		require.False(t, a.Business == done.Business && !a.Deleted, "the partner pays no more")
	}
	for _, id := range done.WABAs {
		require.NotContains(t, b.server.Assigned(id), b.world.Employee.ID)
	}
}

func TestFlow_Offboard_InOrder(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{WABAs: 2})
		seen := len(b.server.Calls())
		record, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		b.requireGone(t, done, record)
		var writes []string
		for _, call := range b.server.Calls()[seen:] {
			if call.Method != http.MethodGet {
				writes = append(writes, call.Method+" "+call.Route)
			}
		}
		require.Equal(t, []string{
			"DELETE /{allocation-config-id}", // first: the partner pays until then
			"DELETE /{waba-id}/subscribed_apps", "DELETE /{waba-id}/assigned_users",
			"DELETE /{waba-id}/subscribed_apps", "DELETE /{waba-id}/assigned_users",
		}, writes)
		for _, id := range done.WABAs {
			require.NotContains(t, b.server.Subscribers(id), b.world.App)
		}
		pin := vault.Ref{Tenant: record.Tenant, Kind: vault.SecretPIN, Subject: string(done.Numbers[0])}
		_, err = b.vault.Get(t.Context(), pin)
		require.NoError(t, err, "the client needs its PIN to take the number elsewhere")

		seen = len(b.server.Calls())
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID})
		require.NoError(t, err)
		record, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, ForgetPINs: true})
		require.NoError(t, err)
		require.Len(t, b.server.Calls(), seen, "there is nothing left to do")
		_, err = b.vault.Get(t.Context(), pin)
		require.ErrorIs(t, err, vault.ErrNoSecret)
		require.False(t, record.Numbers[0].PINKept)

		again, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, record, again, "no step of a client who was let go runs")
	})
}

func TestFlow_Offboard_AsksForEveryWABA(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		seen := len(b.server.Calls())
		again, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID})
		require.ErrorIs(t, err, graph.ErrInput)
		require.ErrorContains(t, err, "every WABA")
		require.Equal(t, record, again)
		require.Len(t, b.server.Calls(), seen, "nothing was done")

		other := b.flow(t, func(c *onboard.Config) { c.Line, c.SystemUser = "", "" })
		_, free := b.onboarded(t, other, graphtest.SignupOptions{})
		free, err = other.Offboard(t.Context(), onboard.OffboardRequest{Record: free.ID})
		require.NoError(t, err, "a client who pays Meta itself has no line to lose")
		require.Equal(t, onboard.StateOffboarded, free.State)
	})
}

// Each call of an offboarding fails with each failure, and the offboarding is repeated.
func TestFlow_Offboard_Again(t *testing.T) {
	for _, route := range []string{
		"DELETE /{allocation-config-id}", "GET /{allocation-config-id}", "DELETE /{waba-id}/subscribed_apps", "DELETE /{waba-id}/assigned_users",
	} {
		for name, fault := range map[string]graphtest.Fault{
			"throttled": {Code: 80008, RegainAfter: time.Hour}, "reset": {ResetBefore: true}, "lost": {LoseReply: true},
			"broken": {Status: http.StatusInternalServerError}, "broken after the effect": {Status: http.StatusInternalServerError, After: true},
		} {
			t.Run(route+" "+name, func(t *testing.T) {
				scenario(t, func(t *testing.T, b *bench) {
					flow := b.flow(t)
					done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
					remove := b.server.Control(route, func(graphtest.Call) *graphtest.Fault { return &fault })
					broken, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
					remove()
					if err != nil {
						require.Equal(t, onboard.StateOffboarding, broken.State)
						revoked, err := flow.Revoked(t.Context(), b.world.CreditLine, done.Business)
						require.NoError(t, err)
						require.True(t, revoked, "from its beginning on nothing is shared with the client any more")
						idle, err := flow.Run(t.Context(), record.ID)
						require.NoError(t, err)
						require.Equal(t, broken, idle, "the onboarding does not go on meanwhile")
					}
					record, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
					require.NoError(t, err)
					b.requireGone(t, done, record)
				})
			})
		}
	}
}

func TestFlow_Offboard_OfAClientWhoLeft(t *testing.T) {
	for name, leave := range map[string]func(*bench, graphtest.SignupResult) error{
		"unshared": func(b *bench, done graphtest.SignupResult) error { return b.server.Unshare(done.WABAs[0]) },
		"removed the app": func(b *bench, done graphtest.SignupResult) error {
			token, err := b.server.BusinessToken(done.Business)
			if err != nil {
				return err
			}
			return b.server.RevokeToken(token, 0)
		},
		"deleted the WABA": func(b *bench, done graphtest.SignupResult) error { return b.server.DeleteWABA(done.WABAs[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
				require.NoError(t, leave(b, done))
				record, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
				require.NoError(t, err)
				b.requireGone(t, done, record)
			})
		})
	}
}

// The process ends at every write and around every call of an offboarding.
func TestFlow_Offboard_SurvivesACrash(t *testing.T) {
	v, err := crash.Find("cloud")
	require.NoError(t, err)
	offboard := func(t *testing.T, at int) (points []string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t)
			client, err := v.Prepare(b.server)
			require.NoError(t, err)
			flow := b.process(t, v, crash.New(crash.At(""), nil), "onboarding")
			record, err := v.Begin(t.Context(), flow, client)
			require.NoError(t, err)
			record, err = goOn(t.Context(), flow, record)
			require.NoError(t, err)
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			dying := crash.New(func(_ string, index int) bool { return index == at }, kill)
			order := onboard.OffboardRequest{Record: record.ID, EveryWABA: true, ForgetPINs: true}
			_, err = b.process(t, v, dying, "first").Offboard(ctx, order)
			if points = dying.Names(); at < 0 {
				require.NoError(t, err)
			} else {
				require.True(t, dying.Dead(), at)
				time.Sleep(time.Hour) // the lease runs out
			}
			record, err = flow.Offboard(t.Context(), order)
			require.NoError(t, err, "%d", at)
			b.requireGone(t, client.SignupResult, record)
		})
		return points
	}
	points := offboard(t, -1)
	for at := range points {
		offboard(t, at)
	}
	t.Logf("%d crashes", len(points))
	require.Greater(t, len(points), 15)
}

// A client that comes back gets the line again only if the caller asks for it.
func TestFlow_Revoked_StaysRevoked(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		revoked := func(business graph.BusinessID) bool {
			is, err := flow.Revoked(t.Context(), b.world.CreditLine, business)
			require.NoError(t, err)
			return is
		}
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		require.False(t, revoked(done.Business))
		_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		require.True(t, revoked(done.Business))
		require.False(t, revoked("999"))
		time.Sleep(time.Minute)

		back, start := b.client(t, graphtest.SignupOptions{Business: done.Business})
		record = runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.Contains(t, record.Step(onboard.StepShare, string(back.WABAs[0])).Reason, credit.ErrRevoked.Error())
		require.Equal(t, onboard.StepDone, record.Step(onboard.StepRegister, string(back.Numbers[0])).State, "the rest is done")

		record, err = flow.Reinstate(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.False(t, revoked(done.Business))
		b.requireLive(t, back)

		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		time.Sleep(time.Minute)
		back, start = b.client(t, graphtest.SignupOptions{Business: done.Business})
		start.Reinstate = true
		record = runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "the client said so at the signup: %+v", record.Steps)
		b.requireLive(t, back)
	})
}

// The other records of the same client are not changed.
func TestFlow_Offboard_OfARefusedClient(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, _ := b.onboarded(t, b.flow(t), graphtest.SignupOptions{})
		refusing := b.flow(t, func(c *onboard.Config) {
			c.Approve = func(context.Context, onboard.Record) error { return onboard.ErrRefused }
		})
		_, start := b.client(t, graphtest.SignupOptions{Business: done.Business})
		refused := runToEnd(t, refusing, begin(t, refusing, start))
		require.Equal(t, onboard.StateRefused, refused.State)
		_, err := refusing.Offboard(t.Context(), onboard.OffboardRequest{Record: refused.ID})
		require.NoError(t, err)
		b.requireLive(t, done)
	})
}

func TestFlow_Offboard_WhileAWorkerHasTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		_, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		b.server.Control("", func(graphtest.Call) *graphtest.Fault { return &graphtest.Fault{Delay: time.Second} })
		ended := make(chan onboard.Record)
		go func() { r, _ := flow.Run(t.Context(), record.ID); ended <- r }()
		synctest.Wait()
		_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.ErrorIs(t, err, onboard.ErrBusy)
		require.Equal(t, onboard.StateDone, (<-ended).State)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: "no such record"})
		require.ErrorIs(t, err, onboard.ErrNoRecord)
	})
}

// Offboarding takes all records of the client: also one that is still under way and would
// share the line again.
func TestFlow_Offboard_EveryRecordOfTheClient(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		second, start := b.client(t, graphtest.SignupOptions{Business: first.Business})
		running := begin(t, flow, start)
		_, other := b.onboarded(t, flow, graphtest.SignupOptions{})

		record, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		b.requireGone(t, first, record)
		running, err = b.store.Get(t.Context(), running.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateOffboarded, running.State)
		_, err = flow.Run(t.Context(), running.ID)
		require.NoError(t, err)
		for _, id := range second.WABAs {
			require.NotContains(t, b.server.Subscribers(id), b.world.App)
		}
		require.Len(t, b.secrets(t, vault.SecretToken), 1)
		other, err = b.store.Get(t.Context(), other.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, other.State, "another client")
	})
}

// A worker that has one of the client's records is not disturbed.
func TestFlow_Offboard_BusyWhileAWorkerHasARecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		first, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		_, start := b.client(t, graphtest.SignupOptions{Business: first.Business})
		running := begin(t, flow, start)
		lease, err := b.store.Acquire(t.Context(), "another", time.Minute, onboard.RecordObject(running.ID))
		require.NoError(t, err)
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.ErrorIs(t, err, onboard.ErrBusy)
		b.requireLive(t, first)
		require.NoError(t, b.store.Release(t.Context(), lease))
		_, err = flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
	})
}
