package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTurn tables what a caller is told at each degree of use.
func TestTurn(t *testing.T) {
	const ago = 10 * time.Minute // when the calls were made, at the start of a slot
	for _, tc := range []struct {
		name         string
		own, foreign int
		ahead        int
		reason       Reason
		wait         time.Duration
	}{
		{name: "unused"},
		{name: "below three quarters", own: 146},
		{name: "below, with others before it", own: 100, ahead: 46},
		{name: "above, the last call was long ago", own: 147, reason: Spacing},
		{name: "above, with one ahead", own: 147, ahead: 1, reason: Spacing, wait: 18 * time.Second},
		{name: "above, with many ahead", own: 147, ahead: 40, reason: Spacing, wait: 40 * 18 * time.Second},
		{name: "last before the wall", own: 195, reason: Spacing},
		{name: "at the wall", own: 196, reason: Wall, wait: time.Hour + 30*time.Second - ago},
		{name: "at the wall because of others too", own: 96, foreign: 100, reason: Wall, wait: time.Hour + 30*time.Second - ago},
		{name: "behind more than an hour can take", own: 196, ahead: 196, reason: Wall, wait: 2*time.Hour + 30*time.Second - ago},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLife()
			l.open(l.now, hourly)
			s := l.current(l.now)
			s.own, s.foreign, l.last = int32(tc.own), int32(tc.foreign), l.now
			l.pass(ago)
			l.last = l.now - int64(time.Hour/200)
			got := l.take(l.now, hourly, tc.ahead)
			require.Equal(t, tc.wait, got.wait)
			require.Equal(t, tc.reason, got.reason)
			require.Equal(t, tc.ahead == 0 && tc.wait == 0, got.granted)
		})
	}
}

// TestPoliteToOthers: who has a quarter of the load takes a quarter of the pace.
func TestPoliteToOthers(t *testing.T) {
	l := newLife()
	l.open(l.now, hourly)
	s := l.current(l.now)
	s.own, s.foreign, l.last = 40, 120, l.now
	require.Equal(t, 4*18*time.Second, l.take(l.now, hourly, 0).wait)
}

// TestBlocks tables how long a throttle stops an account.
func TestBlocks(t *testing.T) {
	throttle := func(l *life, named time.Duration) {
		a := answer{start: l.now, reached: true, refused: true}
		a.load.RegainAfter = named
		l.observe(l.now, hourly, a)
	}
	wait := func(l *life) time.Duration { return l.take(l.now, hourly, 0).wait }

	t.Run("as long as Meta says", func(t *testing.T) {
		l := newLife()
		throttle(l, 19*time.Minute)
		require.Equal(t, turn{wait: 19 * time.Minute, reason: Block}, l.take(l.now, hourly, 0))
		throttle(l, 7*time.Minute)
		require.Equal(t, 19*time.Minute, wait(l), "a shorter wait does not shorten it")
	})
	t.Run("longer each time where it says nothing", func(t *testing.T) {
		l := newLife()
		for _, minutes := range []int{5, 10, 20, 40, 60, 60} {
			throttle(l, 0)
			throttle(l, 0) // one that was under way at the same time
			require.Equal(t, time.Duration(minutes)*time.Minute, wait(l))
			l.pass(wait(l))
			require.True(t, l.take(l.now, hourly, 0).granted)
		}
	})
	t.Run("then one call goes ahead", func(t *testing.T) {
		l := newLife()
		throttle(l, 5*time.Minute)
		l.pass(5 * time.Minute)
		require.True(t, l.take(l.now, hourly, 0).granted)
		require.Equal(t, time.Minute, wait(l), "the others wait for its answer")
		l.answer(10, 10)
		require.Zero(t, wait(l))
	})
	t.Run("and another if that was lost", func(t *testing.T) {
		l := newLife()
		throttle(l, 5*time.Minute)
		l.pass(5 * time.Minute)
		require.True(t, l.take(l.now, hourly, 0).granted)
		l.observe(l.now, hourly, answer{start: l.now})
		require.Equal(t, time.Minute, wait(l))
		l.pass(time.Minute)
		require.True(t, l.take(l.now, hourly, 0).granted)
	})
	t.Run("an answer from before the block does not lift it", func(t *testing.T) {
		l := newLife()
		throttle(l, 5*time.Minute)
		l.answer(10, 10)
		require.Equal(t, 5*time.Minute, wait(l))
	})
	t.Run("the end of a block counts for more than a guess at others' load", func(t *testing.T) {
		l := newLife()
		for range 10 {
			l.call(&meta{limit: 200})
		}
		throttle(l, 19*time.Minute)
		l.answer(100, 100)
		l.pass(19 * time.Minute)
		require.True(t, l.take(l.now, hourly, 0).granted)
		l.answer(40, 40)
		require.Zero(t, wait(l))
		_, foreign := l.used()
		require.InDelta(t, 70, foreign, 2)
	})
}

// TestLooksAgainAtALoadOfOthers: a process is started at the wall that its
// predecessor left. How old that load is, nobody has told it.
func TestLooksAgainAtALoadOfOthers(t *testing.T) {
	l, m := newLife(), &meta{used: 195, limit: 200}
	l.call(m)
	for _, minutes := range []int{5, 10} {
		got := l.take(l.now, hourly, 0)
		require.Equal(t, Wall, got.reason)
		require.Equal(t, time.Duration(minutes)*time.Minute, got.wait)
		l.pass(got.wait)
		require.True(t, l.take(l.now, hourly, 0).granted)
		require.Equal(t, Block, l.take(l.now, hourly, 0).reason, "one at a time")
		m.used++
		l.answer(m.percent(), m.percent())
	}
	m.used = 40 // the hour of the predecessor's burst is over
	got := l.take(l.now, hourly, 0)
	require.Equal(t, 20*time.Minute, got.wait)
	l.pass(got.wait)
	l.call(m)
	require.Zero(t, l.take(l.now, hourly, 0).wait)
}

// TestClockSetBack: what was counted in the future does not stay there.
func TestClockSetBack(t *testing.T) {
	l, m := newLife(), &meta{limit: 200}
	for range 196 {
		l.call(m)
	}
	l.pass(-24 * time.Hour)
	got := l.take(l.now, hourly, 0)
	require.Equal(t, Wall, got.reason)
	require.LessOrEqual(t, got.wait, time.Hour+time.Minute)
	own, _ := l.used()
	require.Equal(t, 196, own, "nothing is forgotten by that")
	l.pass(62 * time.Minute)
	require.True(t, l.take(l.now, hourly, 0).granted)
}
