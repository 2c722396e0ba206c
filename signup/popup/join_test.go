package popup_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func newJoin(tb testing.TB, opts popup.JoinOptions) (*popup.Sessions, *popup.Join) {
	tb.Helper()
	sessions := newSessions(tb, popup.SessionOptions{})
	join, err := popup.NewJoin(sessions, opts)
	require.NoError(tb, err)
	return sessions, join
}

func finishOf(waba graph.WABAID) popup.Event {
	return popup.Event{Name: popup.EventFinish, WABAs: []graph.WABAID{waba}}
}

var aCallback = signup.Callback{Code: graph.NewSecret("AQBcode")}

func TestJoinEventFirst(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")

	joined, err := join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Nil(t, joined.Event, "it waits for the callback")
	require.Equal(t, signup.Claim{}, joined.Claim())

	joined, err = join.Callback(t.Context(), token, "acme", aCallback)
	require.NoError(t, err)
	require.True(t, aCallback.Code.Equal(joined.Callback.Code))
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim())
	require.Equal(t, signup.Tenant("acme"), joined.Session.Tenant)

	_, late := join.Began(joined.Session, "record")
	require.False(t, late, "it was handed out")
	_, err = join.Event(token, "acme", finishOf("1"))
	require.ErrorIs(t, err, popup.ErrSessionUsed)
	_, err = join.Callback(t.Context(), token, "acme", aCallback)
	require.ErrorIs(t, err, popup.ErrSessionUsed)
}

func TestJoinHandsTheCodeOutAtOnce(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")

	joined, err := join.Callback(t.Context(), token, "acme", aCallback)
	require.NoError(t, err)
	require.True(t, aCallback.Code.Equal(joined.Callback.Code))
	require.Nil(t, joined.Event)
	_, late := join.Began(joined.Session, "record")
	require.False(t, late)

	joined, err = join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Equal(t, "record", joined.Record)
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim())
	require.True(t, joined.Callback.Code.IsZero(), "the code was handed out")

	_, err = join.Event(token, "acme", finishOf("2"))
	require.ErrorIs(t, err, popup.ErrSessionUsed)
}

func TestJoinEventDuringTheExchange(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")
	joined, err := join.Callback(t.Context(), token, "acme", aCallback)
	require.NoError(t, err)
	during, err := join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Nil(t, during.Event, "there is no record yet to add it to")

	event, late := join.Began(joined.Session, "record")
	require.True(t, late)
	require.Equal(t, finishOf("1"), event)
	_, late = join.Began(joined.Session, "record")
	require.False(t, late, "once")
	_, err = join.Event(token, "acme", finishOf("1"))
	require.ErrorIs(t, err, popup.ErrSessionUsed)
}

func TestJoinLastEventCounts(t *testing.T) {
	canceled := popup.Event{Name: popup.EventCancel, Screen: popup.ScreenPermissions}
	for name, test := range map[string]struct {
		events []popup.Event
		want   popup.Event
	}{
		"a popup opened again":             {[]popup.Event{canceled, finishOf("1")}, finishOf("1")},
		"a window closed after the end":    {[]popup.Event{finishOf("1"), canceled}, finishOf("1")},
		"the choice made again":            {[]popup.Event{finishOf("1"), finishOf("2")}, finishOf("2")},
		"given up twice, somewhere else":   {[]popup.Event{{Name: popup.EventError}, canceled}, canceled},
		"a finish among what is no finish": {[]popup.Event{canceled, finishOf("1"), canceled}, finishOf("1")},
	} {
		t.Run(name, func(t *testing.T) {
			sessions, join := newJoin(t, popup.JoinOptions{})
			token := issue(t, sessions, "acme")
			for _, event := range test.events {
				_, err := join.Event(token, "acme", event)
				require.NoError(t, err)
			}
			joined, err := join.Callback(t.Context(), token, "acme", aCallback)
			require.NoError(t, err)
			require.Equal(t, &test.want, joined.Event)
		})
	}
}

func TestJoinKeepsTenantsApart(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")
	_, err := join.Event(token, "mallory", finishOf("666"))
	require.ErrorIs(t, err, popup.ErrSessionInvalid)
	_, err = join.Callback(t.Context(), token, "mallory", aCallback)
	require.ErrorIs(t, err, popup.ErrSessionInvalid)
	_, err = join.Callback(t.Context(), token, "acme", signup.Callback{})
	require.ErrorIs(t, err, graph.ErrInput, "a callback without a code burns nothing")

	_, err = join.Event(issue(t, sessions, "globex"), "globex", finishOf("2"))
	require.NoError(t, err)
	joined, err := join.Callback(t.Context(), token, "acme", aCallback)
	require.NoError(t, err)
	require.Nil(t, joined.Event)
}

func TestJoinForgetsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Keep: time.Minute})
		token := issue(t, sessions, "acme")
		_, err := join.Event(token, "acme", finishOf("1"))
		require.NoError(t, err)
		time.Sleep(time.Minute)
		joined, err := join.Callback(t.Context(), token, "acme", aCallback)
		require.NoError(t, err, "a code is handed out whatever became of the event")
		require.Nil(t, joined.Event)

		time.Sleep(time.Minute)
		_, late := join.Began(joined.Session, "record")
		require.False(t, late)
		time.Sleep(time.Hour)
		_, err = join.Event(token, "acme", finishOf("1"))
		require.ErrorIs(t, err, popup.ErrSessionExpired)
	})
}

func TestJoinKeepsNothingBeyondTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions := newSessions(t, popup.SessionOptions{Life: time.Minute})
		join, err := popup.NewJoin(sessions, popup.JoinOptions{Keep: time.Hour})
		require.NoError(t, err)
		joined, err := join.Callback(t.Context(), issue(t, sessions, "acme"), "acme", aCallback)
		require.NoError(t, err)
		token := issue(t, sessions, "acme")
		other, err := join.Callback(t.Context(), token, "acme", aCallback)
		require.NoError(t, err)
		_, err = join.Event(token, "acme", finishOf("1"))
		require.NoError(t, err)
		time.Sleep(time.Minute)
		for _, session := range []popup.Session{joined.Session, other.Session, {ID: "unknown"}} {
			_, late := join.Began(session, "record")
			require.False(t, late)
		}
	})
}

func TestJoinIsBoundedAndNeverLosesACode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Max: 2})
		var tokens []string
		for i := range 3 {
			tokens = append(tokens, issue(t, sessions, "acme"))
			_, err := join.Event(tokens[i], "acme", finishOf(graph.WABAID(fmt.Sprint(i))))
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
		// The first was forgotten for the third, and the second for the
		// first's callback.
		for _, want := range []struct {
			token string
			claim signup.Claim
		}{{tokens[0], signup.Claim{}}, {tokens[2], signup.Claim{WABAs: []graph.WABAID{"2"}}}, {tokens[1], signup.Claim{}}} {
			joined, err := join.Callback(t.Context(), want.token, "acme", aCallback)
			require.NoError(t, err)
			require.True(t, aCallback.Code.Equal(joined.Callback.Code))
			require.Equal(t, want.claim, joined.Claim())
		}
	})
}

func TestJoinThatCannotBeMade(t *testing.T) {
	_, err := popup.NewJoin(nil, popup.JoinOptions{})
	require.Equal(t, "sessions", inputFieldOf(t, err))
	for _, opts := range []popup.JoinOptions{{Keep: -1}, {Max: -1}} {
		_, err = popup.NewJoin(newSessions(t, popup.SessionOptions{}), opts)
		require.Equal(t, "join options", inputFieldOf(t, err))
	}
}

// However a callback, its record and an event interleave, each comes out once.
func TestJoinInAnyOrder(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	for range 200 {
		token := issue(t, sessions, "acme")
		var (
			wg            sync.WaitGroup
			codes, events atomic.Int32
		)
		for range 2 {
			wg.Go(func() {
				joined, err := join.Callback(t.Context(), token, "acme", aCallback)
				if err != nil {
					return
				}
				codes.Add(1)
				if joined.Event != nil {
					events.Add(1)
				}
				if _, late := join.Began(joined.Session, "record"); late {
					events.Add(1)
				}
			})
		}
		wg.Go(func() {
			joined, err := join.Event(token, "acme", finishOf("1"))
			if err != nil {
				t.Error(err)
			}
			if joined.Event != nil {
				events.Add(1)
			}
		})
		wg.Wait()
		require.EqualValues(t, 1, codes.Load())
		require.EqualValues(t, 1, events.Load())
	}
}
