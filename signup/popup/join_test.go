package popup_test

import (
	"encoding/json"
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

func TestJoin_EventFirst(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")

	joined, err := join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Nil(t, joined.Event, "it waits for the callback")
	require.Equal(t, signup.Claim{}, joined.Claim())

	joined, err = join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	require.True(t, aCallback.Code.Equal(joined.Callback.Code))
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim())
	require.Equal(t, signup.Tenant("acme"), joined.Session.Tenant)

	again, err := join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	require.True(t, aCallback.Code.Equal(again.Callback.Code), "the same post has the same result")
	require.Equal(t, joined.Event, again.Event)
	require.Equal(t, joined.Session, again.Session)
	_, late := join.Began(joined.Session, "record")
	require.False(t, late, "the callback had it")
}

func TestJoin_CallbackFirst(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")

	joined, err := join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	require.True(t, aCallback.Code.Equal(joined.Callback.Code))
	require.Nil(t, joined.Event)
	_, late := join.Began(joined.Session, "record")
	require.False(t, late)

	joined, err = join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Equal(t, "record", joined.Record)
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim())
	require.True(t, joined.Callback.Code.IsZero(), "a code is never stored")

	again, err := join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Equal(t, joined, again, "the same post has the same result")
	joined, err = join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim(), "the callback again has the event")
}

func TestJoin_EventDuringExchange(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")
	joined, err := join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	during, err := join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Nil(t, during.Event, "there is no record yet to add it to")

	for range 2 {
		event, late := join.Began(joined.Session, "record")
		require.True(t, late)
		require.Equal(t, finishOf("1"), event)
	}
	joined, err = join.Event(token, "acme", finishOf("1"))
	require.NoError(t, err)
	require.Equal(t, "record", joined.Record)
	require.Equal(t, signup.Claim{WABAs: []graph.WABAID{"1"}}, joined.Claim())
}

func TestJoin_Event_LastCounts(t *testing.T) {
	canceled := popup.Event{Name: popup.EventCancel, Screen: popup.ScreenPermissions}
	for name, test := range map[string]struct {
		events []popup.Event
		want   popup.Event
	}{
		"the popup is opened again":             {[]popup.Event{canceled, finishOf("1")}, finishOf("1")},
		"the window is closed after the end":    {[]popup.Event{finishOf("1"), canceled}, finishOf("1")},
		"the choice is made again":              {[]popup.Event{finishOf("1"), finishOf("2")}, finishOf("2")},
		"cancelled twice, on different screens": {[]popup.Event{{Name: popup.EventError}, canceled}, canceled},
		"a finish among other events":           {[]popup.Event{canceled, finishOf("1"), canceled}, finishOf("1")},
	} {
		t.Run(name, func(t *testing.T) {
			sessions, join := newJoin(t, popup.JoinOptions{})
			token := issue(t, sessions, "acme")
			for _, event := range test.events {
				_, err := join.Event(token, "acme", event)
				require.NoError(t, err)
			}
			joined, err := join.Callback(token, "acme", aCallback)
			require.NoError(t, err)
			require.Equal(t, &test.want, joined.Event)
		})
	}
}

func TestJoin_SeparatesTenants(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")
	_, err := join.Event(token, "mallory", finishOf("666"))
	require.ErrorIs(t, err, popup.ErrSessionInvalid)
	_, err = join.Callback(token, "mallory", aCallback)
	require.ErrorIs(t, err, popup.ErrSessionInvalid)
	_, err = join.Callback(token, "acme", signup.Callback{})
	require.ErrorIs(t, err, graph.ErrInput, "a callback without a code")

	_, err = join.Event(issue(t, sessions, "globex"), "globex", finishOf("2"))
	require.NoError(t, err)
	joined, err := join.Callback(token, "acme", aCallback)
	require.NoError(t, err)
	require.Nil(t, joined.Event)
}

func TestJoin_ForgetsAfterKeep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Keep: time.Minute})
		token := issue(t, sessions, "acme")
		_, err := join.Event(token, "acme", finishOf("1"))
		require.NoError(t, err)
		time.Sleep(time.Minute)
		joined, err := join.Callback(token, "acme", aCallback)
		require.NoError(t, err, "the code is returned even if the event is forgotten")
		require.Nil(t, joined.Event)

		time.Sleep(time.Minute)
		_, late := join.Began(joined.Session, "record")
		require.False(t, late)
		time.Sleep(time.Hour)
		_, err = join.Event(token, "acme", finishOf("1"))
		require.ErrorIs(t, err, popup.ErrSessionExpired)
	})
}

// The time is counted from the first message.
func TestJoin_ForgetsAfterKeep_NotInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Keep: time.Minute})
		first := post(t, sessions, join, "acme", finishOf("1"))
		time.Sleep(30 * time.Second)
		second := post(t, sessions, join, "acme", finishOf("2"))
		require.True(t, remembers(t, join, first, "acme"))
		time.Sleep(30 * time.Second)
		require.False(t, remembers(t, join, first, "acme"))
		require.True(t, remembers(t, join, second, "acme"))
	})
}

func TestJoin_ForgetsExpiredSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions := newSessions(t, popup.SessionOptions{Life: time.Minute})
		join, err := popup.NewJoin(sessions, popup.JoinOptions{Keep: time.Hour})
		require.NoError(t, err)
		joined, err := join.Callback(issue(t, sessions, "acme"), "acme", aCallback)
		require.NoError(t, err)
		token := issue(t, sessions, "acme")
		other, err := join.Callback(token, "acme", aCallback)
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

func TestJoin_MaxNeverLosesACode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Max: 2})
		var tokens []string
		for i := range 3 {
			tokens = append(tokens, issue(t, sessions, "acme"))
			_, err := join.Event(tokens[i], "acme", finishOf(graph.WABAID(fmt.Sprint(i))))
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
		// The first was forgotten when the third came, and the second when the
		// callback of the first came.
		for _, want := range []struct {
			token string
			claim signup.Claim
		}{{tokens[0], signup.Claim{}}, {tokens[2], signup.Claim{WABAs: []graph.WABAID{"2"}}}, {tokens[1], signup.Claim{}}} {
			joined, err := join.Callback(want.token, "acme", aCallback)
			require.NoError(t, err)
			require.True(t, aCallback.Code.Equal(joined.Callback.Code))
			require.Equal(t, want.claim, joined.Claim())
		}
	})
}

func TestNewJoin_BadArguments(t *testing.T) {
	for name, sessions := range map[string]*popup.Sessions{"nil": nil, "zero": {}} {
		_, err := popup.NewJoin(sessions, popup.JoinOptions{})
		require.Equal(t, "sessions", inputFieldOf(t, err), name)
	}
	for _, opts := range []popup.JoinOptions{{Keep: -1}, {Max: -1}, {MaxBytes: -1}} {
		_, err := popup.NewJoin(newSessions(t, popup.SessionOptions{}), opts)
		require.Equal(t, "join options", inputFieldOf(t, err))
	}
}

// The page posts the callback twice and the event once, in any order. As in package
// onboard, the first callback makes the record. The record gets the claim.
func TestJoin_AnyOrder(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	for range 200 {
		token := issue(t, sessions, "acme")
		var (
			wg      sync.WaitGroup
			begin   sync.Once
			claimed atomic.Bool
		)
		for range 2 {
			wg.Go(func() {
				joined, err := join.Callback(token, "acme", aCallback)
				if err != nil || !aCallback.Code.Equal(joined.Callback.Code) {
					t.Error("no code", err)
				}
				begin.Do(func() {
					if joined.Event != nil {
						claimed.Store(true)
					}
				})
				if _, late := join.Began(joined.Session, "record"); late {
					claimed.Store(true)
				}
			})
		}
		wg.Go(func() {
			joined, err := join.Event(token, "acme", finishOf("1"))
			if err != nil {
				t.Error(err)
			}
			if joined.Event != nil {
				claimed.Store(true)
			}
		})
		wg.Wait()
		require.True(t, claimed.Load())
	}
}

// What the caller does with an event does not change what the Join remembers.
func TestJoin_CopiesEvents(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{})
	token := issue(t, sessions, "acme")
	event := func() popup.Event {
		return popup.Event{
			Name: popup.EventFinish, WABAs: []graph.WABAID{"1"}, Numbers: []graph.PhoneNumberID{"2"}, AdAccounts: []string{"3"}, Pages: []string{"4"},
			Datasets: []string{"5"}, Catalogs: []string{"6"}, InstagramAccounts: []string{"7"}, Problem: &popup.Problem{ID: 8},
		}
	}
	spoil := func(e popup.Event) {
		require.Equal(t, event(), e)
		e.WABAs[0], e.Numbers[0], e.Problem.ID = "666", "666", 666
		for _, texts := range [][]string{e.AdAccounts, e.Pages, e.Datasets, e.Catalogs, e.InstagramAccounts} {
			texts[0] = "666"
		}
	}
	posted := event()
	_, err := join.Event(token, "acme", posted)
	require.NoError(t, err)
	spoil(posted)
	posted = event()
	posted.Raw = json.RawMessage("{}")
	for range 2 {
		joined, err := join.Callback(token, "acme", aCallback)
		require.NoError(t, err)
		spoil(*joined.Event)
		joined, err = join.Callback(token, "acme", aCallback)
		require.NoError(t, err)
		spoil(*joined.Event)
		_, err = join.Event(token, "acme", posted)
		require.NoError(t, err, "its Raw is not kept")
		late, ok := join.Began(joined.Session, "record")
		require.True(t, ok)
		spoil(late)
		joined, err = join.Event(token, "acme", popup.Event{Name: popup.EventCancel})
		require.NoError(t, err)
		spoil(*joined.Event)
	}
}

func TestJoin_NotMadeByNew(t *testing.T) {
	for name, join := range map[string]*popup.Join{"nil": nil, "zero": {}} {
		_, err := join.Callback("token", "acme", aCallback)
		require.Equal(t, "join", inputFieldOf(t, err), name)
		_, err = join.Event("token", "acme", finishOf("1"))
		require.Equal(t, "join", inputFieldOf(t, err), name)
		require.ErrorContains(t, err, "popup.NewJoin", name)
		_, late := join.Began(popup.Session{ID: "1"}, "record")
		require.False(t, late, name)
	}
}
