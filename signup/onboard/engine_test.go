package onboard_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func callback(c *onboard.Config) {
	to := crash.Callback()
	c.Callback = &to
}

// routesOf are the calls of an onboarding that does everything.
func routesOf(t *testing.T) (routes []string) {
	t.Helper()
	scenario(t, func(t *testing.T, b *bench) {
		b.onboarded(t, b.flow(t, callback), graphtest.SignupOptions{})
		for _, call := range b.server.Calls() {
			if route := call.Method + " " + call.Route; !slices.Contains(routes, route) {
				routes = append(routes, route)
			}
		}
	})
	require.Greater(t, len(routes), 10)
	return routes
}

// Each call of an onboarding fails once, with each failure that passes. The onboarding
// ends well nevertheless.
func TestFlow_Run_EachCallFailsOnce(t *testing.T) {
	faults := map[string]graphtest.Fault{
		"throttled":          {Code: 80008, RegainAfter: 19 * time.Minute},
		"throttled, no wait": {Code: 4, Message: "Application request limit reached"},
		"transient":          {Code: 2, Status: 500, Transient: true},
		"lost":               {LoseReply: true},
		"reset":              {ResetBefore: true},
		"cut":                {CutBody: 3},
		"HTML":               {Status: 502, Body: []byte("<html>Bad gateway</html>"), ContentType: "text/html"},
	}
	for _, route := range routesOf(t) {
		for name, fault := range faults {
			t.Run(route+" "+name, func(t *testing.T) {
				scenario(t, func(t *testing.T, b *bench) {
					flow := b.flow(t, callback)
					done, start := b.client(t, graphtest.SignupOptions{})
					// As often as a call tries by itself, and once more.
					times := 6
					if route == "POST /oauth/access_token" {
						times = 1 // it is sent once, and its code lives for seconds
					}
					b.server.Times(route, times, fault)
					before := time.Now()
					record := begin(t, flow, start)
					if record.State.Final() {
						t.Fatalf("lost at the beginning: %+v", record.Steps)
					}
					longest := time.Duration(0)
					for n := 0; !record.State.Final(); n++ {
						require.Less(t, n, 40, "%+v", record.Steps)
						began := time.Now()
						next, err := flow.Run(t.Context(), record.ID)
						require.NoError(t, err)
						record, longest = next, max(longest, time.Since(began))
						if due, open := record.Due(); open {
							time.Sleep(time.Until(due))
						} else {
							break
						}
					}
					if neverArrived := name == "transient" || name == "reset" || name == "HTML"; neverArrived && route == "POST /oauth/access_token" {
						// The code may have been exchanged, so it is not sent again; but
						// Meta has no token to fetch.
						require.Equal(t, onboard.StateNeedsNewSignup, record.State, "%+v", record.Steps)
						return
					}
					require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
					require.LessOrEqual(t, longest, 2*time.Minute, "a flow never sleeps for minutes")
					require.LessOrEqual(t, b.server.Exchanges(done.Code), 1)
					b.requireLive(t, done)
					t.Log(time.Since(before))
				})
			})
		}
	}
}

// The Pacer refuses a call and says when it will be possible.
func TestFlow_Run_WritesAPacersWaitIntoTheRecord(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		full := &fullPacer{}
		flow := b.flow(t, func(c *onboard.Config) { c.Client = b.server.Client(graph.WithPacer(full)) })
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		full.wait = 40 * time.Minute
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err)
		due, open := record.Due()
		require.True(t, open)
		require.Equal(t, 40*time.Minute, time.Until(due))
		full.wait = 0
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
		b.requireLive(t, done)
	})
}

type fullPacer struct{ wait time.Duration }

func (p *fullPacer) Wait(context.Context) error {
	if p.wait > 0 {
		return &pacing.WaitError{Reason: pacing.Block, Wait: p.wait}
	}
	return nil
}

// The client is live without its own callback, but not without a subscription.
func TestFlow_Run_OptionalStepsMayFail(t *testing.T) {
	refused := graphtest.Fault{Code: 200, Message: "Permissions error"}
	t.Run("optional", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t, callback)
			done, start := b.client(t, graphtest.SignupOptions{})
			b.server.Control("POST /{waba-id}/subscribed_apps", func(call graphtest.Call) *graphtest.Fault {
				if call.Form.Has("override_callback_uri") {
					return &refused
				}
				return nil
			})
			record := runToEnd(t, flow, begin(t, flow, start))
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			step := record.Step(onboard.StepCallback, string(done.WABAs[0]))
			require.False(t, step.Essential)
			require.Equal(t, onboard.StepFailed, step.State)
			require.Equal(t, graph.ErrPermission, step.Kind)
			require.NotEmpty(t, step.TraceID, "Meta's support asks for it")
			b.requireLive(t, done)
		})
	})
	t.Run("essential", func(t *testing.T) {
		scenario(t, func(t *testing.T, b *bench) {
			flow := b.flow(t, callback)
			done, start := b.client(t, graphtest.SignupOptions{})
			remove := b.server.Control("POST /{waba-id}/subscribed_apps", func(graphtest.Call) *graphtest.Fault { return &refused })
			record := runToEnd(t, flow, begin(t, flow, start))
			require.Equal(t, onboard.StateFailed, record.State)
			require.Equal(t, onboard.StepFailed, record.Step(onboard.StepSubscribe, string(done.WABAs[0])).State)
			require.Equal(t, onboard.StepOpen, record.Step(onboard.StepCallback, string(done.WABAs[0])).State, "it was never ready")
			require.Equal(t, onboard.StepOpen, record.Step(onboard.StepCheck, "").State)
			require.Equal(t, onboard.StepDone, record.Step(onboard.StepShare, string(done.WABAs[0])).State, "the rest is done")
			idle, err := flow.Run(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateFailed, idle.State)
			remove()
			record, err = flow.Resume(t.Context(), record.ID)
			require.NoError(t, err)
			require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
			b.requireLive(t, done)
		})
	})
}

// Progress is called once for the end of each step, in an order that the steps allow.
func TestFlow_Run_ReportsProgress(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		var told []string
		var last onboard.Record
		flow := b.flow(t, func(c *onboard.Config) {
			c.Progress = func(record onboard.Record, step onboard.StepRecord) {
				told = append(told, fmt.Sprintf("%s %s", step.Name, step.State))
				last = record
			}
		})
		_, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		require.Equal(t, []string{"token done", "inspect done", "confirm done", "approve done"}, told[:4])
		require.ElementsMatch(t, []string{"subscribe done", "assign done", "share done", "register done"}, told[4:8])
		require.Equal(t, []string{"check done"}, told[8:])
		require.Equal(t, record.ID, last.ID)
	})
}

// Run leaves the record to the next worker at once.
func TestFlow_Run_EndsWithItsContext(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay("GET /debug_token", time.Minute)
		record := begin(t, flow, start)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		record, err := flow.Run(ctx, record.ID)
		require.ErrorIs(t, err, context.DeadlineExceeded, "the caller learns why it is not finished")
		require.Zero(t, record.Holder)
		require.Equal(t, onboard.StateRunning, record.State)
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
		b.requireLive(t, done)
	})
}

func TestFlow_Resume_TakesTheCurrencyOfTheFlow(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, record := failedShare(t, b)
		record, err := b.flow(t).Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, "EUR", record.Currency)
		b.requireLive(t, done)
	})
}

// The configuration lacked the line. Once it is there, Resume shares it.
func TestFlow_Resume_DoesWhatTheConfigAsksForNow(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		without := b.flow(t, func(c *onboard.Config) { c.Line, c.Currency = "", "" })
		record := runToEnd(t, without, begin(t, without, start))
		require.Equal(t, onboard.StateFailed, record.State, "nothing pays for the number")
		record, err := b.flow(t, callback).Resume(t.Context(), record.ID)
		require.NoError(t, err)
		record = runToEnd(t, b.flow(t, callback), record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, onboard.StepDone, record.Step(onboard.StepCallback, string(done.WABAs[0])).State)
		b.requireLive(t, done)
	}, graphtest.WithPaymentRequired())
}
