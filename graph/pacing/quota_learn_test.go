package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hourly is the rule for an account.
var hourly = rule{window: time.Hour, limit: 200, reserve: 2}

// meta counts calls as Meta does, and returns the percentage.
type meta struct{ used, limit int }

func (m *meta) percent() int { return min(100*m.used/m.limit, 100) }

// life moves one Quota through time.
type life struct {
	Quota
	now int64
}

func newLife() *life { return &life{now: int64(400_000 * time.Hour)} }

func (l *life) pass(d time.Duration) { l.now += int64(d) }

// call waits until a call may go. Then m counts and answers it.
func (l *life) call(m *meta) {
	for {
		t := l.take(l.now, hourly, 0)
		if t.granted {
			break
		}
		l.now += int64(t.wait)
	}
	m.used++
	l.answer(m.percent(), m.percent())
}

func (l *life) answer(calls, load int) {
	a := answer{start: l.now, reached: true, known: true}
	a.load.Calls, a.load.Time = calls, load
	l.observe(l.now, hourly, a)
}

// TestQuota_ProvesLimit compares the limit that the headers prove with the true
// one. It is never higher.
func TestQuota_ProvesLimit(t *testing.T) {
	for _, tc := range []struct {
		name         string
		calls, limit int
		least, most  int
	}{
		{"two calls at 0 percent say nothing yet", 2, 5000, 200, 201},
		{"three at 0 percent exclude 200", 3, 5000, 301, 301},
		{"49 at 0 percent", 49, 5000, 4901, 4901},
		{"50 at 1 percent prove less than those before", 50, 5000, 2600, 4901},
		{"149 at 2 percent", 149, 5000, 4967, 4967},
		{"a small account", 150, 200, 200, 200},
		{"one in between", 150, 1000, 930, 1000},
		{"a huge one", 99, 1_000_000, 9901, 9901},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, m := newLife(), &meta{limit: tc.limit}
			for range tc.calls {
				l.call(m)
				l.pass(2 * time.Second)
				require.LessOrEqual(t, l.limit, max(tc.limit, hourly.limit))
			}
			l.pass(2 * time.Minute) // longer than a counter can lag behind
			l.take(l.now, hourly, 0)
			require.GreaterOrEqual(t, l.limit, tc.least)
			require.LessOrEqual(t, l.limit, tc.most)
		})
	}
}

// TestQuota_ProvesLimitInAnyOrder has fifty answers arrive in reverse order: the
// last one says 0 percent when all fifty were counted.
func TestQuota_ProvesLimitInAnyOrder(t *testing.T) {
	l, m := newLife(), &meta{limit: 200}
	var percents []int
	for range 50 {
		require.True(t, l.take(l.now, hourly, 0).granted)
		m.used++
		percents = append(percents, m.percent())
	}
	for i := range percents {
		l.answer(percents[len(percents)-1-i], percents[len(percents)-1-i])
	}
	l.pass(5 * time.Minute)
	l.take(l.now, hourly, 0)
	require.Equal(t, 200, l.limit)
}

// TestQuota_LaggingCounterProvesNothing has Meta's counter stand still for 20
// seconds.
func TestQuota_LaggingCounterProvesNothing(t *testing.T) {
	l := newLife()
	for range 40 {
		require.True(t, l.take(l.now, hourly, 0).granted)
		l.answer(0, 0)
		l.pass(500 * time.Millisecond)
	}
	require.Equal(t, 200, l.limit)
	require.True(t, l.take(l.now, hourly, 0).granted)
	l.answer(20, 20) // it has caught up
	l.pass(5 * time.Minute)
	l.take(l.now, hourly, 0)
	require.Equal(t, 200, l.limit)
}

// TestQuota_LowerLimit has an account lose the limit that its headers have
// proved.
func TestQuota_LowerLimit(t *testing.T) {
	grown := func(t *testing.T) (*life, *meta) {
		t.Helper()
		l, m := newLife(), &meta{limit: 5000}
		for range 60 {
			l.call(m)
			l.pass(2 * time.Second)
		}
		require.Greater(t, l.limit, 2500)
		return l, m
	}
	t.Run("its last registered number is deleted", func(t *testing.T) {
		l, m := grown(t)
		m.limit = 200
		for {
			g := l.take(l.now, hourly, 0)
			if g.reason == LimitReached {
				break
			}
			l.pass(max(g.wait, time.Second))
			if g.granted {
				m.used++
				l.answer(m.percent(), m.percent())
			}
		}
		require.LessOrEqual(t, m.used, 200, "the headers say it as load")
		require.Greater(t, m.used, 190)
	})
	t.Run("a call is refused below the limit", func(t *testing.T) {
		l, _ := grown(t)
		l.observe(l.now, hourly, answer{start: l.now, reached: true, refused: true})
		require.Equal(t, 200, l.limit)
		require.Greater(t, l.blockedUntil, l.now)
	})
	t.Run("an hour passes without a call", func(t *testing.T) {
		l, _ := grown(t)
		l.pass(62 * time.Minute)
		require.True(t, l.Idle(time.Unix(0, l.now)))
		l.take(l.now, hourly, 0)
		require.Equal(t, 200, l.limit)
	})
	t.Run("it is never lower than the configured limit", func(t *testing.T) {
		l, m := newLife(), &meta{limit: 200}
		for range 10 {
			l.call(m)
		}
		l.observe(l.now, hourly, answer{start: l.now, reached: true, refused: true})
		l.answer(99, 99)
		require.Equal(t, 200, l.limit)
	})
}

// TestQuota_LoadOfOthers compares the calls that Meta's header says with those
// that were counted.
func TestQuota_LoadOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name         string
		sent         int // our calls before the header
		calls, load  int // percent of 200
		before       int // calls of others that were known before
		others, used int
	}{
		{"no other program", 40, 20, 20, 0, 0, 40},
		{"another program", 40, 60, 60, 0, 80, 120},
		{"we have counted more than Meta", 40, 5, 5, 0, 0, 40},
		{"calls of others are more than an hour old", 40, 30, 30, 100, 21, 61},
		{"a percent is two calls, so nothing is new", 40, 30, 30, 21, 21, 61},
		{"processing time is used faster than calls", 40, 20, 90, 0, 140, 180},
		{"at 100 percent there may be more", 40, 100, 100, 180, 180, 220},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLife()
			l.refresh(l.now, hourly)
			l.current(l.now).others = int32(tc.before)
			l.current(l.now).sent = int32(tc.sent)
			for range tc.sent - 1 {
				l.answered(l.now, l.now).confirmed++
			}
			l.answer(tc.calls, tc.load)
			sent, others := l.used()
			require.Equal(t, tc.sent, sent)
			require.Equal(t, tc.others, others)
			require.Equal(t, tc.used, sent+others)
		})
	}
}

// TestQuota_CallsUnderWayAreNotOfOthers has twenty calls under way, which Meta has
// counted when the first answer comes.
func TestQuota_CallsUnderWayAreNotOfOthers(t *testing.T) {
	l := newLife()
	for range 20 {
		require.True(t, l.take(l.now, hourly, 0).granted)
	}
	l.answer(10, 10)
	sent, others := l.used()
	require.Equal(t, 20, sent)
	require.Zero(t, others)
}
