package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestQuota_Take has a table of what a call is told, by how much is used.
func TestQuota_Take(t *testing.T) {
	const ago = 10 * time.Minute // when the calls were made, at the start of a slot
	for _, tc := range []struct {
		name         string
		sent, others int
		ahead        int
		reason       Reason
		wait         time.Duration
	}{
		{name: "unused"},
		{name: "below three quarters", sent: 146},
		{name: "below, with calls ahead", sent: 100, ahead: 46},
		{name: "above, the last call was long ago", sent: 147, reason: Spacing},
		{name: "above, with one ahead", sent: 147, ahead: 1, reason: Spacing, wait: 18 * time.Second},
		{name: "above, with many ahead", sent: 147, ahead: 40, reason: Spacing, wait: 40 * 18 * time.Second},
		{name: "the last call below the limit", sent: 195, reason: Spacing},
		{name: "at the limit", sent: 196, reason: LimitReached, wait: time.Hour + 30*time.Second - ago},
		{name: "at the limit, with calls of others", sent: 96, others: 100, reason: LimitReached, wait: time.Hour + 30*time.Second - ago},
		{name: "behind more calls than an hour can take", sent: 196, ahead: 196, reason: LimitReached, wait: 2*time.Hour + 30*time.Second - ago},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLife()
			l.refresh(l.now, hourly)
			s := l.current(l.now)
			s.sent, s.others, l.lastSent = int32(tc.sent), int32(tc.others), l.now
			l.pass(ago)
			l.lastSent = l.now - int64(time.Hour/200)
			got := l.take(l.now, hourly, tc.ahead)
			require.Equal(t, tc.wait, got.wait)
			require.Equal(t, tc.reason, got.reason)
			require.Equal(t, tc.ahead == 0 && tc.wait == 0, got.granted)
		})
	}
}

// TestQuota_LeavesRoomForOthers has a program with a quarter of the load take a
// quarter of the pace.
func TestQuota_LeavesRoomForOthers(t *testing.T) {
	l := newLife()
	l.refresh(l.now, hourly)
	s := l.current(l.now)
	s.sent, s.others, l.lastSent = 40, 120, l.now
	require.Equal(t, 4*18*time.Second, l.take(l.now, hourly, 0).wait)
}

// TestQuota_Block checks how long a throttle stops an account.
func TestQuota_Block(t *testing.T) {
	throttle := func(l *life, named time.Duration) {
		a := answer{start: l.now, reached: true, refused: true}
		a.load.RegainAfter = named
		l.observe(l.now, hourly, a)
	}
	wait := func(l *life) time.Duration { return l.take(l.now, hourly, 0).wait }

	t.Run("as long as Meta says", func(t *testing.T) {
		l := newLife()
		throttle(l, 19*time.Minute)
		require.Equal(t, grant{wait: 19 * time.Minute, reason: Block}, l.take(l.now, hourly, 0))
		throttle(l, 7*time.Minute)
		require.Equal(t, 19*time.Minute, wait(l), "a shorter wait does not shorten it")
	})
	t.Run("longer each time where it says nothing", func(t *testing.T) {
		l := newLife()
		for _, minutes := range []int{5, 10, 20, 40, 60, 60} {
			throttle(l, 0)
			throttle(l, 0) // another call that was under way at the same time
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
	t.Run("and another if the answer of that one is lost", func(t *testing.T) {
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
	t.Run("the end of a block counts more than an estimate of the load of others", func(t *testing.T) {
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
		_, others := l.used()
		require.InDelta(t, 70, others, 2)
	})
}

// TestQuota_ProbesLoadOfOthers starts a process when its predecessor has used the
// quota. It does not know how old those calls are.
func TestQuota_ProbesLoadOfOthers(t *testing.T) {
	l, m := newLife(), &meta{used: 195, limit: 200}
	l.call(m)
	for _, minutes := range []int{5, 10} {
		got := l.take(l.now, hourly, 0)
		require.Equal(t, LimitReached, got.reason)
		require.Equal(t, time.Duration(minutes)*time.Minute, got.wait)
		l.pass(got.wait)
		require.True(t, l.take(l.now, hourly, 0).granted)
		require.Equal(t, Block, l.take(l.now, hourly, 0).reason, "one at a time")
		m.used++
		l.answer(m.percent(), m.percent())
	}
	m.used = 40 // the calls of the predecessor are more than an hour old
	got := l.take(l.now, hourly, 0)
	require.Equal(t, 20*time.Minute, got.wait)
	l.pass(got.wait)
	l.call(m)
	require.Zero(t, l.take(l.now, hourly, 0).wait)
}
