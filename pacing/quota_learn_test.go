package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hourly is the rule of an account.
var hourly = quota{window: time.Hour, limit: 200, floor: 200, reserve: 2}

// meta counts as Meta does, and says so in percent.
type meta struct{ used, limit int }

func (m *meta) percent() int { return min(100*m.used/m.limit, 100) }

// life drives one ledger through time.
type life struct {
	Ledger
	now int64
}

func newLife() *life { return &life{now: int64(400_000 * time.Hour)} }

func (l *life) pass(d time.Duration) { l.now += int64(d) }

// call lets a call go, however late, and has it counted and answered by m.
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

// TestLimitIsProvedByHeaders compares the limit that the ledger has proved with
// the true one. It is never above.
func TestLimitIsProvedByHeaders(t *testing.T) {
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
			l.pass(2 * time.Minute) // until no counter can lag behind
			l.take(l.now, hourly, 0)
			require.GreaterOrEqual(t, l.limit, tc.least)
			require.LessOrEqual(t, l.limit, tc.most)
		})
	}
}

// TestProofSurvivesTheOrderOfAnswers has fifty answers come in reverse: the
// last to arrive says 0 percent when all fifty were counted.
func TestProofSurvivesTheOrderOfAnswers(t *testing.T) {
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

// TestLaggingCountersProveNothing has Meta's counter stand still for 20 seconds.
func TestLaggingCountersProveNothing(t *testing.T) {
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

// TestLimitIsLowered when headers or a throttle contradict it.
func TestLimitIsLowered(t *testing.T) {
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
	t.Run("the registered number is gone", func(t *testing.T) {
		l, m := grown(t)
		m.limit = 200
		l.call(m)
		require.Equal(t, 204, l.limit) // 61 calls are 30 percent, of 203 at most
	})
	t.Run("refused short of it", func(t *testing.T) {
		l, _ := grown(t)
		l.observe(l.now, hourly, answer{start: l.now, reached: true, refused: true})
		require.Equal(t, 200, l.limit)
		require.Greater(t, l.blocked, l.now)
	})
	t.Run("an hour without a call", func(t *testing.T) {
		l, _ := grown(t)
		l.pass(62 * time.Minute)
		require.True(t, l.Idle(time.Unix(0, l.now)))
		l.take(l.now, hourly, 0)
		require.Equal(t, 200, l.limit)
	})
	t.Run("never below what the options say", func(t *testing.T) {
		l, _ := grown(t)
		l.answer(99, 99)
		require.Equal(t, 200, l.limit)
	})
}

// TestLoadOfOthers reads what is used from both counts.
func TestLoadOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name          string
		own           int // calls of ours before the header
		calls, load   int // percent of 200
		before        int // foreign calls known before
		foreign, used int
	}{
		{"nobody else", 40, 20, 20, 0, 0, 40},
		{"somebody else", 40, 60, 60, 0, 80, 120},
		{"we have counted more than Meta", 40, 5, 5, 0, 0, 40},
		{"others' calls have left the hour", 40, 30, 30, 100, 21, 61},
		{"a percent is two calls: nothing new", 40, 30, 30, 21, 21, 61},
		{"processing time is used faster than calls", 40, 20, 90, 0, 140, 180},
		{"at 100 there may be more", 40, 100, 100, 180, 180, 220},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLife()
			l.open(l.now, hourly)
			l.current(l.now).foreign = int32(tc.before)
			for range tc.own {
				l.current(l.now).own++
			}
			for range tc.own {
				s := l.answered(l.now, l.now)
				s.heard++
			}
			s := l.current(l.now)
			l.note(l.now, hourly, s, tc.calls, tc.load)
			own, foreign := l.used()
			require.Equal(t, tc.own, own)
			require.Equal(t, tc.foreign, foreign)
			require.Equal(t, tc.used, own+foreign)
		})
	}
}

// TestCallsUnderWayAreNobodyElses: twenty calls are out, and Meta has counted
// them when the first answer comes.
func TestCallsUnderWayAreNobodyElses(t *testing.T) {
	l := newLife()
	for range 20 {
		require.True(t, l.take(l.now, hourly, 0).granted)
	}
	l.answer(10, 10)
	own, foreign := l.used()
	require.Equal(t, 20, own)
	require.Zero(t, foreign)
}

// TestSlowAnswersCountFromTheirEnd: an op of a batch was let go twenty minutes
// before the batch went out.
func TestSlowAnswersCountFromTheirEnd(t *testing.T) {
	l := newLife()
	start := l.now
	require.True(t, l.take(l.now, hourly, 0).granted)
	l.pass(20 * time.Minute)
	require.True(t, l.take(l.now, hourly, 0).granted) // another one, not yet answered
	l.observe(l.now, hourly, answer{start: start, reached: true, known: true})
	l.pass(45 * time.Minute)
	l.open(l.now, hourly)
	own, _ := l.used()
	require.Equal(t, 2, own, "both may be in Meta's window still")
	l.pass(16 * time.Minute)
	l.open(l.now, hourly)
	own, _ = l.used()
	require.Zero(t, own)
}
