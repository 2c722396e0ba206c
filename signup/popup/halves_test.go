package popup_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// post posts the event of a new session, and returns its token.
func post(tb testing.TB, sessions *popup.Sessions, join *popup.Join, tenant signup.Tenant, event popup.Event) string {
	tb.Helper()
	token := issue(tb, sessions, tenant)
	_, err := join.Event(token, tenant, event)
	require.NoError(tb, err)
	return token
}

// remembers reports whether the Join has the event of a session.
func remembers(tb testing.TB, join *popup.Join, token string, tenant signup.Tenant) bool {
	tb.Helper()
	joined, err := join.Callback(token, tenant, aCallback)
	require.NoError(tb, err)
	return joined.Event != nil
}

func largeEvent(pages int) popup.Event {
	event := finishOf("1")
	event.Problem = &popup.Problem{Message: strings.Repeat("x", 10<<10)}
	for i := range pages {
		event.Pages = append(event.Pages, fmt.Sprint(100_000+i))
	}
	return event
}

func TestJoin_OneTenantDoesNotPushOutOthers(t *testing.T) {
	for name, test := range map[string]struct {
		opts  popup.JoinOptions
		event popup.Event // of mallory
	}{
		"by number": {popup.JoinOptions{Max: 100}, finishOf("1")},
		"by bytes":  {popup.JoinOptions{MaxBytes: 200 << 10}, largeEvent(0)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sessions, join := newJoin(t, test.opts)
				early := post(t, sessions, join, "acme", finishOf("1"))
				var flood []string
				for range 1000 {
					time.Sleep(time.Millisecond)
					flood = append(flood, post(t, sessions, join, "mallory", test.event))
				}
				late := post(t, sessions, join, "globex", finishOf("2"))
				flood = append(flood, post(t, sessions, join, "mallory", test.event))

				require.True(t, remembers(t, join, early, "acme"), "mallory's are forgotten first")
				require.True(t, remembers(t, join, late, "globex"), "there is room for others")
				require.True(t, remembers(t, join, flood[1000], "mallory"))
				require.False(t, remembers(t, join, flood[0], "mallory"))
			})
		})
	}
}

// Without a tenant that has much more than the others, the oldest goes first.
func TestJoin_ManyTenants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions, join := newJoin(t, popup.JoinOptions{Max: 10})
		tenant := func(i int) signup.Tenant { return signup.Tenant(fmt.Sprint("tenant", i)) }
		var tokens []string
		for i := range 25 {
			tokens = append(tokens, post(t, sessions, join, tenant(i), finishOf("1")))
			time.Sleep(time.Millisecond)
		}
		for i := 24; i >= 15; i-- {
			require.True(t, remembers(t, join, tokens[i], tenant(i)), i)
		}
		require.False(t, remembers(t, join, tokens[14], tenant(14)))
	})
}

func TestJoin_MaxBytes_OneEvent(t *testing.T) {
	sessions, join := newJoin(t, popup.JoinOptions{MaxBytes: 10 << 10})
	token := post(t, sessions, join, "acme", finishOf("1"))
	_, err := join.Event(token, "acme", largeEvent(0))
	require.Equal(t, "event", inputFieldOf(t, err))
	require.True(t, remembers(t, join, token, "acme"), "the earlier event is kept")
}

// The limit in bytes is about what the memory needs.
func TestJoin_MaxBytes_Memory(t *testing.T) {
	for name, event := range map[string]popup.Event{
		"no ids": {Name: popup.EventCancel}, "one id": finishOf("1"), "long text": largeEvent(0), "many ids": largeEvent(5000),
	} {
		t.Run(name, func(t *testing.T) {
			const limit = 4 << 20
			sessions, join := newJoin(t, popup.JoinOptions{Max: 1 << 30, MaxBytes: limit})
			used := func() int {
				runtime.GC()
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				return int(stats.HeapAlloc)
			}
			before := used()
			for i := range 10_000 {
				own := event
				own.Pages, own.WABAs = nil, nil
				for _, page := range event.Pages {
					own.Pages = append(own.Pages, strings.Clone(page))
				}
				for _, waba := range event.WABAs {
					own.WABAs = append(own.WABAs, graph.WABAID(strings.Clone(string(waba))))
				}
				if event.Problem != nil {
					own.Problem = &popup.Problem{Message: strings.Clone(event.Problem.Message)}
				}
				post(t, sessions, join, signup.Tenant(fmt.Sprint("tenant", i)), own)
				if len(event.Pages) > 0 && i == 100 {
					break // enough to fill it
				}
			}
			require.Less(t, used()-before, 2*limit)
			runtime.KeepAlive(join)
		})
	}
}
